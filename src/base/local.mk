# src/base: things any program needs
libpostigo_a_SOURCES += \
	src/base/clock.c src/base/clock.h \
	src/base/error.c src/base/error.h \
	src/base/fault.c src/base/fault.h \
	src/base/io.c src/base/io.h \
	src/base/json.c src/base/json.h \
	src/base/lazy.c src/base/lazy.h \
	src/base/log.c src/base/log.h \
	src/base/place.c src/base/place.h \
	src/base/nearest.c src/base/nearest.h \
	src/base/sha256.c src/base/sha256.h \
	src/base/spool.c src/base/spool.h \
	src/base/stem.c src/base/stem.h \
	src/base/text.c src/base/text.h \
	src/base/token.c src/base/token.h
