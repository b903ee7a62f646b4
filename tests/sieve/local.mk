# tests/sieve: the language of the rules, beside another who speaks it
check_PROGRAMS += tests/sieve/trace
tests_sieve_trace_SOURCES = tests/sieve/trace.c
tests_sieve_trace_LDADD = $(POSTIGO_LIBS)
TESTS += tests/sieve/oracle.sh tests/sieve/wrong.sh
