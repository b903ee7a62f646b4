# src/intake: the doors
libpostigo_a_SOURCES += \
	src/intake/archive.c src/intake/archive.h \
	src/intake/deliver.c src/intake/deliver.h
