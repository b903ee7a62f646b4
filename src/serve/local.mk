# src/serve: the supervisor
libpostigo_a_SOURCES += \
	src/serve/crew.c src/serve/crew.h \
	src/serve/ground.c src/serve/ground.h \
	src/serve/notify.c src/serve/notify.h \
	src/serve/serve.c src/serve/serve.h \
	src/serve/status.c src/serve/status.h \
	src/serve/work.c src/serve/work.h
