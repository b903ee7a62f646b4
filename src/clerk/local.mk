# src/clerk: the one shell
libpostigo_a_SOURCES += \
	src/clerk/apply.c src/clerk/apply.h \
	src/clerk/apply_article.c \
	src/clerk/apply_gate.c \
	src/clerk/apply_clock.c \
	src/clerk/apply_message.c src/clerk/apply_order.c \
	src/clerk/apply_part.h \
	src/clerk/apply_person.c \
	src/clerk/apply_send.c \
	src/clerk/apply_ticket.c \
	src/clerk/batch.c src/clerk/batch.h \
	src/clerk/clocks.c src/clerk/clocks.h \
	src/clerk/policy.c src/clerk/policy.h \
	src/clerk/tick.c src/clerk/tick.h \
	src/clerk/clerk.c src/clerk/clerk.h \
	src/clerk/gather.c src/clerk/gather.h \
	src/clerk/gather_address.c \
	src/clerk/gather_order.c \
	src/clerk/gather_article.c \
	src/clerk/gather_part.h \
	src/clerk/gather_seen.c \
	src/clerk/gather_sender.c \
	src/clerk/gather_witness.c \
	src/clerk/gather_rules.c \
	src/clerk/rehearse.c src/clerk/rehearse.h \
	src/clerk/rules.c src/clerk/rules.h \
	src/clerk/ledger.c src/clerk/ledger.h \
	src/clerk/letter.c src/clerk/letter.h \
	src/clerk/replay.c src/clerk/replay.h \
	src/clerk/query.c src/clerk/query.h \
	src/clerk/values.c src/clerk/values.h \
	src/clerk/values_notice.c src/clerk/values_notice.h
# the knowledge base
libpostigo_a_SOURCES += src/clerk/knowledge.c src/clerk/knowledge.h
# what is to be come back to
libpostigo_a_SOURCES += src/clerk/reminders.c src/clerk/reminders.h
