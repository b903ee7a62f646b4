# tests/clock: working time and the clocks against a second reckoning
check_PROGRAMS += tests/clock/calendar_sums
tests_clock_calendar_sums_SOURCES = tests/clock/calendar_sums.c
tests_clock_calendar_sums_LDADD = $(POSTIGO_LIBS)
TESTS += tests/clock/calendar.sh
