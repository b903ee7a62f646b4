/* What a subcommand is: one file, one const entry, one row in main.c.
 *
 * main.c reads the global options wherever they stand (before or after the
 * command's name, not behind "--") and hands the rest on. */
#pragma once

#include <stdbool.h>

/* The global options; strings are borrowed from argv. */
typedef struct Context {
	const char
		*config_path; /* -c, else $POSTIGO_CONFIG, else the default */
	bool json;
	bool quiet;
	int verbose;
} Context;

typedef struct Command {
	const char *name;
	const char *usage; /* its arguments: "[--body text|html] FILE..." */
	/* argv[0] is the command's name; the result is the exit status */
	int (*run)(Context *context, int argc, char **argv);
	/* global options behind its name are its own: what an MTA puts there
	 * is a stranger's (faults.md X-10) */
	bool keeps_arguments;
} Command;

extern const Command cmd_backup;
extern const Command cmd_cc;
extern const Command cmd_calendar;
extern const Command cmd_check;
extern const Command cmd_deliver;
extern const Command cmd_explain;
extern const Command cmd_fsck;
extern const Command cmd_import;
extern const Command cmd_init;
extern const Command cmd_journal;
extern const Command cmd_kb;
extern const Command cmd_link;
extern const Command cmd_list;
extern const Command cmd_lmtp;
extern const Command cmd_merge;
extern const Command cmd_messages;
extern const Command cmd_new;
extern const Command cmd_note;
extern const Command cmd_outbox;
extern const Command cmd_parse;
extern const Command cmd_poll;
extern const Command cmd_quarantine;
extern const Command cmd_raw;
extern const Command cmd_replay;
extern const Command cmd_reply;
extern const Command cmd_rules;
extern const Command cmd_search;
extern const Command cmd_send;
extern const Command cmd_serve;
extern const Command cmd_split;
extern const Command cmd_undo;
extern const Command cmd_unmerge;
extern const Command cmd_set;
extern const Command cmd_show;
extern const Command cmd_status;
extern const Command cmd_sla;
extern const Command cmd_tick;
extern const Command cmd_why;
