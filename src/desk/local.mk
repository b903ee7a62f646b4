# src/desk: the pure domain
libpostigo_a_SOURCES += \
	src/desk/desk.c src/desk/desk.h \
	src/desk/mail.c src/desk/mail.h \
	src/desk/record.c src/desk/record.h \
	src/desk/ticket.c src/desk/ticket.h \
	src/desk/template.c src/desk/template.h
