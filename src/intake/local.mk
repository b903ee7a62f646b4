# src/intake: the doors
libpostigo_a_SOURCES += \
	src/intake/deliver.c src/intake/deliver.h
