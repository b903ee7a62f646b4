# tests/unit: one program a module, cmocka, speaking TAP
if HAVE_CMOCKA
# base and desk
check_PROGRAMS += tests/unit/test_decide_mail
TESTS += tests/unit/test_decide_mail
tests_unit_test_decide_mail_SOURCES = tests/unit/test_decide_mail.c tests/unit/scene.c tests/unit/scene.h
tests_unit_test_decide_mail_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS)
tests_unit_test_decide_mail_LDADD = $(POSTIGO_LIBS) $(CMOCKA_LIBS)
check_PROGRAMS += tests/unit/test_order
TESTS += tests/unit/test_order
tests_unit_test_order_SOURCES = tests/unit/test_order.c tests/unit/scene.c tests/unit/scene.h
tests_unit_test_order_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS)
tests_unit_test_order_LDADD = $(POSTIGO_LIBS) $(CMOCKA_LIBS)
# classify, report
check_PROGRAMS += tests/unit/test_classify tests/unit/test_report
TESTS += tests/unit/test_classify tests/unit/test_report
tests_unit_test_classify_SOURCES = tests/unit/test_classify.c tests/unit/sample_mail.h
tests_unit_test_classify_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS)
tests_unit_test_classify_LDADD = $(POSTIGO_LIBS) $(CMOCKA_LIBS)
tests_unit_test_report_SOURCES = tests/unit/test_report.c tests/unit/sample_mail.h
tests_unit_test_report_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS)
tests_unit_test_report_LDADD = $(POSTIGO_LIBS) $(CMOCKA_LIBS)
check_PROGRAMS += tests/unit/test_template
TESTS += tests/unit/test_template
tests_unit_test_template_SOURCES = tests/unit/test_template.c
tests_unit_test_template_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS) $(JANSSON_CFLAGS)
tests_unit_test_template_LDADD = $(POSTIGO_LIBS) $(CMOCKA_LIBS)
# outbound
check_PROGRAMS += tests/unit/test_smtp_reply
TESTS += tests/unit/test_smtp_reply
tests_unit_test_smtp_reply_SOURCES = tests/unit/test_smtp_reply.c
tests_unit_test_smtp_reply_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS)
tests_unit_test_smtp_reply_LDADD = $(POSTIGO_LIBS) $(CMOCKA_LIBS)
check_PROGRAMS += tests/unit/test_smtp_body
TESTS += tests/unit/test_smtp_body
tests_unit_test_smtp_body_SOURCES = tests/unit/test_smtp_body.c
tests_unit_test_smtp_body_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS)
tests_unit_test_smtp_body_LDADD = $(POSTIGO_LIBS) $(CMOCKA_LIBS)
check_PROGRAMS += tests/unit/test_smtp_session
TESTS += tests/unit/test_smtp_session
tests_unit_test_smtp_session_SOURCES = tests/unit/test_smtp_session.c
tests_unit_test_smtp_session_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS)
tests_unit_test_smtp_session_LDADD = $(POSTIGO_LIBS) $(CMOCKA_LIBS)
# outgoing mail
check_PROGRAMS += tests/unit/test_compose
TESTS += tests/unit/test_compose
tests_unit_test_compose_SOURCES = tests/unit/test_compose.c
tests_unit_test_compose_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS)
tests_unit_test_compose_LDADD = $(POSTIGO_LIBS) $(CMOCKA_LIBS)
check_PROGRAMS += tests/unit/test_config
TESTS += tests/unit/test_config
tests_unit_test_config_SOURCES = tests/unit/test_config.c
tests_unit_test_config_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS)
tests_unit_test_config_LDADD = $(POSTIGO_LIBS) $(CMOCKA_LIBS)
# HTML to text, and the new words
check_PROGRAMS += tests/unit/test_attribution
TESTS += tests/unit/test_attribution
tests_unit_test_attribution_SOURCES = tests/unit/test_attribution.c
tests_unit_test_attribution_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS)
tests_unit_test_attribution_LDADD = $(POSTIGO_LIBS) $(CMOCKA_LIBS)
check_PROGRAMS += tests/unit/test_forward
TESTS += tests/unit/test_forward
tests_unit_test_forward_SOURCES = tests/unit/test_forward.c
tests_unit_test_forward_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS)
tests_unit_test_forward_LDADD = $(POSTIGO_LIBS) $(CMOCKA_LIBS)
check_PROGRAMS += tests/unit/test_html
TESTS += tests/unit/test_html
tests_unit_test_html_SOURCES = tests/unit/test_html.c
tests_unit_test_html_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS)
tests_unit_test_html_LDADD = $(POSTIGO_LIBS) $(CMOCKA_LIBS)
check_PROGRAMS += tests/unit/test_quote
TESTS += tests/unit/test_quote
tests_unit_test_quote_SOURCES = tests/unit/test_quote.c
tests_unit_test_quote_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS)
tests_unit_test_quote_LDADD = $(POSTIGO_LIBS) $(CMOCKA_LIBS)
check_PROGRAMS += tests/unit/test_quote_tables
TESTS += tests/unit/test_quote_tables
tests_unit_test_quote_tables_SOURCES = tests/unit/test_quote_tables.c
tests_unit_test_quote_tables_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS)
tests_unit_test_quote_tables_LDADD = $(POSTIGO_LIBS) $(CMOCKA_LIBS)
endif
