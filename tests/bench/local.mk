# tests/bench
# the desk on texts written to slow it down: make tests/bench/linear
EXTRA_PROGRAMS = tests/bench/linear
tests_bench_linear_SOURCES = tests/bench/linear.c
tests_bench_linear_LDADD = $(POSTIGO_LIBS)
