# src/clerk: the one shell
libpostigo_a_SOURCES += \
	src/clerk/apply.c src/clerk/apply.h \
	src/clerk/clerk.c src/clerk/clerk.h \
	src/clerk/gather.c src/clerk/gather.h \
	src/clerk/letter.c src/clerk/letter.h \
	src/clerk/values.c src/clerk/values.h
