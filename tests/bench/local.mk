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
# the yardstick of send.sh: make tests/bench/curl_loop
EXTRA_PROGRAMS += tests/bench/curl_loop
tests_bench_curl_loop_SOURCES = tests/bench/curl_loop.c
tests_bench_curl_loop_CPPFLAGS = $(AM_CPPFLAGS) $(CURL_CFLAGS)
tests_bench_curl_loop_LDADD = -lcurl
