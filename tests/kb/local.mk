# tests/kb: are the proposals any good?
check_PROGRAMS += tests/kb/quality
TESTS += tests/kb/quality
tests_kb_quality_SOURCES = tests/kb/quality.c
tests_kb_quality_CPPFLAGS = $(AM_CPPFLAGS)
tests_kb_quality_LDADD = $(POSTIGO_LIBS)
