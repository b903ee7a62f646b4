# src/desk: the pure domain
libpostigo_a_SOURCES += \
	src/desk/article.c src/desk/article.h \
	src/desk/calendar.c src/desk/calendar.h \
	src/desk/budget.c src/desk/budget.h \
	src/desk/case.c src/desk/case.h \
	src/desk/clocks.c src/desk/clocks.h \
	src/desk/decide_clock.c src/desk/decide_clock.h \
	src/desk/decide_ladder.c \
	src/desk/guard.c src/desk/guard.h \
	src/desk/decide.h src/desk/decide_agent.c src/desk/decide_comment.c \
	src/desk/decide_mail.c src/desk/decide_open.c src/desk/decide_order.c \
	src/desk/decide_release.c src/desk/decide_service.c \
	src/desk/selfservice.c src/desk/selfservice.h \
	src/desk/decide_report.c \
	src/desk/assign.c src/desk/assign.h src/desk/decide_rules.c \
	src/desk/desk.c src/desk/desk.h \
	src/desk/evidence.c src/desk/evidence.h \
	src/desk/facts.c src/desk/facts.h \
	src/desk/mail.c src/desk/mail.h \
	src/desk/mailbox.c src/desk/mailbox.h \
	src/desk/notice.c src/desk/notice.h \
	src/desk/notify.c src/desk/notify.h \
	src/desk/order.c src/desk/order.h src/desk/order_kind.h \
	src/desk/order_answer.c src/desk/order_field.c \
	src/desk/order_people.c src/desk/order_state.c \
	src/desk/order_ticket.c src/desk/order_time.c \
	src/desk/order_undo.c src/desk/when.c src/desk/when.h \
	src/desk/order_clock.c \
	src/desk/order_table.c src/desk/order_text.c \
	src/desk/plan.c src/desk/plan.h \
	src/desk/record.c src/desk/record.h \
	src/desk/sla.c src/desk/sla.h \
	src/desk/ruling.c src/desk/ruling.h \
	src/desk/subject.c src/desk/subject.h \
	src/desk/template.c src/desk/template.h \
	src/desk/thanks.c src/desk/thanks.h \
	src/desk/thread.c src/desk/thread.h \
	src/desk/ticket.c src/desk/ticket.h \
	src/desk/scrub.c src/desk/scrub.h \
	src/desk/shipped.c src/desk/shipped.h
# what a question and an article share
libpostigo_a_SOURCES += \
	src/desk/propose.c src/desk/propose.h \
	src/desk/terms.c src/desk/terms.h \
	src/desk/terms_tables.c src/desk/terms_tables.h
libpostigo_a_SOURCES += src/desk/decide_article.c
libpostigo_a_SOURCES += src/desk/decide_reminder.c
