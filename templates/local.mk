# The shipped templates are compiled into the program; each is a file here.
shipped_files = \
	en/reminder.html en/reminder.subject en/reminder.txt \
	en/wait-over.html en/wait-over.subject en/wait-over.txt \
	es/reminder.html es/reminder.subject es/reminder.txt \
	es/wait-over.html es/wait-over.subject es/wait-over.txt \
	postigo.conf rules.sieve card.html end.html frame.html head.html \
	plain-end.html en/ack-unproven.html en/ack-unproven.subject \
	en/ack-unproven.txt en/ack.html en/ack.subject en/ack.txt \
	en/alarm.html en/alarm.subject en/alarm.txt en/answer.html en/answer.subject en/answer.txt en/assigned.html \
	en/assigned.subject en/assigned.txt en/closed.html \
	en/closed.subject en/closed.txt en/delivery-failed.html \
	en/delivery-failed.subject en/delivery-failed.txt en/facts.html \
	en/escalation.html en/escalation.subject en/escalation.txt \
	en/escalations.html en/escalations.subject en/escalations.txt \
	es/escalation.html es/escalation.subject es/escalation.txt \
	es/escalations.html es/escalations.subject es/escalations.txt \
	en/facts.txt en/held.html en/held.subject en/held.txt \
	en/marker.txt en/new-ticket.html en/new-ticket.subject \
	en/new-ticket.txt en/orders.html en/orders.txt en/plain-top.html \
	en/requester-answer.html en/requester-answer.subject \
	en/requester-answer.txt en/top.html en/transcript.html \
	en/transcript.subject en/transcript.txt en/words.html en/words.txt \
	es/ack-unproven.html es/ack-unproven.subject es/ack-unproven.txt \
	es/ack.html es/ack.subject es/ack.txt es/alarm.html es/alarm.subject es/alarm.txt es/answer.html \
	es/answer.subject es/answer.txt es/assigned.html \
	es/assigned.subject es/assigned.txt es/closed.html \
	es/closed.subject es/closed.txt es/delivery-failed.html \
	es/delivery-failed.subject es/delivery-failed.txt es/facts.html \
	es/facts.txt es/held.html es/held.subject es/held.txt \
	es/marker.txt es/new-ticket.html es/new-ticket.subject \
	es/new-ticket.txt es/orders.html es/orders.txt es/plain-top.html \
	es/requester-answer.html es/requester-answer.subject \
	es/requester-answer.txt es/top.html es/transcript.html \
	es/transcript.subject es/transcript.txt es/words.html es/words.txt
shipped_inc = src/desk/shipped_files.inc
BUILT_SOURCES += $(shipped_inc)
CLEANFILES += $(shipped_inc)
$(shipped_inc): $(shipped_files:%=$(srcdir)/templates/%) \
		$(srcdir)/templates/embed.sh $(srcdir)/templates/local.mk
	$(AM_V_GEN)$(MKDIR_P) src/desk && \
		$(SHELL) $(srcdir)/templates/embed.sh $(srcdir)/templates \
		$(shipped_files) >$@.new && mv $@.new $@
src/desk/libpostigo_a-shipped.$(OBJEXT): $(shipped_inc)
