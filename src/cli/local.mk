# src/cli: one file a subcommand, one const entry each
libpostigo_a_SOURCES += \
	src/cli/cmd_backup.c src/cli/cmd_calendar.c src/cli/cmd_sla.c src/cli/cmd_tick.c \
	src/cli/cmd_deliver.c \
	src/cli/cmd_explain.c \
	src/cli/cmd_fsck.c \
	src/cli/cmd_import.c \
	src/cli/cmd_journal.c \
	src/cli/cmd_list.c \
	src/cli/cmd_messages.c \
	src/cli/cmd_order.c \
	src/cli/cmd_poll.c \
	src/cli/cmd_quarantine.c \
	src/cli/cmd_raw.c \
	src/cli/cmd_replay.c \
	src/cli/cmd_rules.c \
	src/cli/cmd_show.c \
	src/cli/cmd_why.c \
	src/cli/report.c src/cli/report.h \
	src/cli/session.c src/cli/session.h \
	src/cli/ticket_json.c src/cli/ticket_json.h
# parse
libpostigo_a_SOURCES += \
	src/cli/cmd_parse.c src/cli/command.h \
	src/cli/mail_json.c src/cli/mail_json.h
# send, outbox
libpostigo_a_SOURCES += \
	src/cli/cmd_outbox.c src/cli/cmd_send.c \
	src/cli/outbox_json.c src/cli/outbox_json.h
# init, check
libpostigo_a_SOURCES += src/cli/cmd_init.c src/cli/cmd_check.c
# kb
libpostigo_a_SOURCES += src/cli/cmd_kb.c src/cli/kb.h \
	src/cli/kb_files.c src/cli/kb_look.c src/cli/kb_write.c
# the doors
libpostigo_a_SOURCES += src/cli/cmd_lmtp.c src/cli/cmd_serve.c src/cli/cmd_status.c
