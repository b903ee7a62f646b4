# src/config: file to values, with line numbers
libpostigo_a_SOURCES += \
	src/config/check.c src/config/check.h \
	src/config/check_clock.c src/config/check_clock.h \
	src/config/config.c src/config/config.h \
	src/config/faults.c src/config/faults.h \
	src/config/fill.c src/config/fill.h \
	src/config/holidays.c src/config/holidays.h \
	src/config/hours.c src/config/hours.h \
	src/config/ical_lazy.c src/config/ical_lazy.h \
	src/config/outline.c src/config/outline.h \
	src/config/overrides.c src/config/overrides.h \
	src/config/password.c \
	src/config/schema.c src/config/schema.h
