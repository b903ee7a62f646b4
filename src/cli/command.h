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
} Command;

extern const Command cmd_parse;
