# tests/fuzz: libFuzzer targets; in plain `make check` each is linked with
# replay.c, an ordinary main, and reads its seeds again.  With
# CC=clang --enable-asan --enable-fuzzers they are fuzzers:
#	tests/fuzz/fuzz_report -max_total_time=600 NEW-FOLDER \
#		../tests/fuzz/seeds/report
if FUZZERS
FUZZ_MAIN =
FUZZ_LINK = $(AM_LDFLAGS) -fsanitize=fuzzer
else
FUZZ_MAIN = tests/fuzz/replay.c
FUZZ_LINK = $(AM_LDFLAGS)
TESTS += $(FUZZ_TARGETS)
endif
FUZZ_TARGETS =
check_PROGRAMS += $(FUZZ_TARGETS)
# desk and base
FUZZ_TARGETS += tests/fuzz/fuzz_token
tests_fuzz_fuzz_token_SOURCES = tests/fuzz/fuzz_token.c $(FUZZ_MAIN)
tests_fuzz_fuzz_token_LDADD = $(POSTIGO_LIBS)
tests_fuzz_fuzz_token_LDFLAGS = $(FUZZ_LINK)
FUZZ_TARGETS += tests/fuzz/fuzz_evidence
tests_fuzz_fuzz_evidence_SOURCES = tests/fuzz/fuzz_evidence.c $(FUZZ_MAIN)
tests_fuzz_fuzz_evidence_LDADD = $(POSTIGO_LIBS)
tests_fuzz_fuzz_evidence_LDFLAGS = $(FUZZ_LINK)
FUZZ_TARGETS += tests/fuzz/fuzz_action
tests_fuzz_fuzz_action_SOURCES = tests/fuzz/fuzz_action.c $(FUZZ_MAIN)
tests_fuzz_fuzz_action_LDADD = $(POSTIGO_LIBS)
tests_fuzz_fuzz_action_LDFLAGS = $(FUZZ_LINK)
FUZZ_TARGETS += tests/fuzz/fuzz_order
tests_fuzz_fuzz_order_SOURCES = tests/fuzz/fuzz_order.c $(FUZZ_MAIN)
tests_fuzz_fuzz_order_LDADD = $(POSTIGO_LIBS)
tests_fuzz_fuzz_order_LDFLAGS = $(FUZZ_LINK)
# classify, report
FUZZ_TARGETS += tests/fuzz/fuzz_report
tests_fuzz_fuzz_report_SOURCES = tests/fuzz/fuzz_report.c $(FUZZ_MAIN)
tests_fuzz_fuzz_report_LDADD = $(POSTIGO_LIBS)
tests_fuzz_fuzz_report_LDFLAGS = $(FUZZ_LINK)
# HTML to text, and the new words
FUZZ_TARGETS += tests/fuzz/fuzz_html
tests_fuzz_fuzz_html_SOURCES = tests/fuzz/fuzz_html.c $(FUZZ_MAIN)
tests_fuzz_fuzz_html_LDADD = $(POSTIGO_LIBS)
tests_fuzz_fuzz_html_LDFLAGS = $(FUZZ_LINK)
FUZZ_TARGETS += tests/fuzz/fuzz_quote
tests_fuzz_fuzz_quote_SOURCES = tests/fuzz/fuzz_quote.c $(FUZZ_MAIN)
tests_fuzz_fuzz_quote_LDADD = $(POSTIGO_LIBS)
tests_fuzz_fuzz_quote_LDFLAGS = $(FUZZ_LINK)
# octets to a Mail
FUZZ_TARGETS += tests/fuzz/fuzz_mailread
tests_fuzz_fuzz_mailread_SOURCES = tests/fuzz/fuzz_mailread.c $(FUZZ_MAIN)
tests_fuzz_fuzz_mailread_LDADD = $(POSTIGO_LIBS)
tests_fuzz_fuzz_mailread_LDFLAGS = $(FUZZ_LINK)
FUZZ_TARGETS += tests/fuzz/fuzz_scan
tests_fuzz_fuzz_scan_SOURCES = tests/fuzz/fuzz_scan.c $(FUZZ_MAIN)
tests_fuzz_fuzz_scan_LDADD = $(POSTIGO_LIBS)
tests_fuzz_fuzz_scan_LDFLAGS = $(FUZZ_LINK)
FUZZ_TARGETS += tests/fuzz/fuzz_tnef
tests_fuzz_fuzz_tnef_SOURCES = tests/fuzz/fuzz_tnef.c $(FUZZ_MAIN)
tests_fuzz_fuzz_tnef_LDADD = $(POSTIGO_LIBS)
tests_fuzz_fuzz_tnef_LDFLAGS = $(FUZZ_LINK)
FUZZ_TARGETS += tests/fuzz/fuzz_record
tests_fuzz_fuzz_record_SOURCES = tests/fuzz/fuzz_record.c $(FUZZ_MAIN)
tests_fuzz_fuzz_record_LDADD = $(POSTIGO_LIBS)
tests_fuzz_fuzz_record_LDFLAGS = $(FUZZ_LINK)
# configuration and templates
FUZZ_TARGETS += tests/fuzz/fuzz_config
tests_fuzz_fuzz_config_SOURCES = tests/fuzz/fuzz_config.c $(FUZZ_MAIN)
tests_fuzz_fuzz_config_LDADD = $(POSTIGO_LIBS)
tests_fuzz_fuzz_config_LDFLAGS = $(FUZZ_LINK)
FUZZ_TARGETS += tests/fuzz/fuzz_template
tests_fuzz_fuzz_template_SOURCES = tests/fuzz/fuzz_template.c $(FUZZ_MAIN)
tests_fuzz_fuzz_template_LDADD = $(POSTIGO_LIBS)
tests_fuzz_fuzz_template_LDFLAGS = $(FUZZ_LINK)
# what a mail server says
FUZZ_TARGETS += tests/fuzz/fuzz_smtp
tests_fuzz_fuzz_smtp_SOURCES = tests/fuzz/fuzz_smtp.c $(FUZZ_MAIN)
tests_fuzz_fuzz_smtp_LDADD = $(POSTIGO_LIBS)
tests_fuzz_fuzz_smtp_LDFLAGS = $(FUZZ_LINK)
# the LMTP door
FUZZ_TARGETS += tests/fuzz/fuzz_lmtp
tests_fuzz_fuzz_lmtp_SOURCES = tests/fuzz/fuzz_lmtp.c $(FUZZ_MAIN)
tests_fuzz_fuzz_lmtp_LDADD = $(POSTIGO_LIBS)
tests_fuzz_fuzz_lmtp_LDFLAGS = $(FUZZ_LINK)
# the rules
FUZZ_TARGETS += tests/fuzz/fuzz_sieve
tests_fuzz_fuzz_sieve_SOURCES = tests/fuzz/fuzz_sieve.c $(FUZZ_MAIN)
tests_fuzz_fuzz_sieve_LDADD = $(POSTIGO_LIBS)
tests_fuzz_fuzz_sieve_LDFLAGS = $(FUZZ_LINK)
# what servers of mailboxes say
FUZZ_TARGETS += tests/fuzz/fuzz_imap
tests_fuzz_fuzz_imap_SOURCES = tests/fuzz/fuzz_imap.c $(FUZZ_MAIN)
tests_fuzz_fuzz_imap_LDADD = $(POSTIGO_LIBS)
tests_fuzz_fuzz_imap_LDFLAGS = $(FUZZ_LINK)
FUZZ_TARGETS += tests/fuzz/fuzz_pop3
tests_fuzz_fuzz_pop3_SOURCES = tests/fuzz/fuzz_pop3.c $(FUZZ_MAIN)
tests_fuzz_fuzz_pop3_LDADD = $(POSTIGO_LIBS)
tests_fuzz_fuzz_pop3_LDFLAGS = $(FUZZ_LINK)
