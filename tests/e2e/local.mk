# tests/e2e: the real binary and real servers, started on loopback by the tests
TESTS += tests/e2e/T110-postfix-status.sh tests/e2e/T111-procmail-maildrop.sh \
	tests/e2e/T112-exim.sh tests/e2e/T113-opensmtpd.sh \
	tests/e2e/T200-round-trip.sh tests/e2e/T201-tokens-stripped.sh \
	tests/e2e/T202-ids-rewritten.sh tests/e2e/T203-references-dropped.sh
TESTS += tests/e2e/T010-init-check.sh tests/e2e/T120-hostile-mail.sh
TESTS += tests/e2e/T121-doubles.sh tests/e2e/T122-contract.sh
TESTS += tests/e2e/T123-large-mail.sh tests/e2e/T124-from-outside.sh
TESTS += tests/e2e/T130-replay.sh tests/e2e/T700-rules.sh
TESTS += tests/e2e/T125-trouble.sh
TESTS += tests/e2e/T701-shipped-rules.sh
TESTS += tests/e2e/T415-clock-story.sh
# the sender
check_PROGRAMS += tests/e2e/outbox_fill
tests_e2e_outbox_fill_SOURCES = tests/e2e/outbox_fill.c
tests_e2e_outbox_fill_LDADD = $(POSTIGO_LIBS)
TESTS += tests/e2e/T300-send-phases.sh tests/e2e/T301-send-tls.sh \
	tests/e2e/T302-send-replies.sh tests/e2e/T303-send-octets.sh \
	tests/e2e/T304-send-channel.sh tests/e2e/T305-send-again.sh \
	tests/e2e/T306-send-lanes.sh
# orders of agents
TESTS += tests/e2e/T500-orders.sh tests/e2e/T510-reminders.sh
# the knowledge base
TESTS += tests/e2e/T600-knowledge.sh
# the LMTP door, and serve
TESTS += tests/e2e/T400-lmtp.sh tests/e2e/T401-lmtp-many.sh \
	tests/e2e/T402-postfix-lmtp.sh tests/e2e/T410-serve.sh
# the fetcher
TESTS += tests/e2e/T420-poll-dovecot.sh tests/e2e/T421-poll-misbehaviour.sh
