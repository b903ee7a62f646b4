# tests/bench
# the desk on texts written to slow it down: make tests/bench/linear
EXTRA_PROGRAMS = tests/bench/linear
tests_bench_linear_SOURCES = tests/bench/linear.c
tests_bench_linear_LDADD = $(POSTIGO_LIBS)
# the yardstick of parse.sh: make tests/bench/gmime_walk
EXTRA_PROGRAMS += tests/bench/gmime_walk
tests_bench_gmime_walk_SOURCES = tests/bench/gmime_walk.c
tests_bench_gmime_walk_CPPFLAGS = $(AM_CPPFLAGS) $(GMIME_CFLAGS)
tests_bench_gmime_walk_LDADD = $(GMIME_LIBS) $(GLIB_LIBS)
