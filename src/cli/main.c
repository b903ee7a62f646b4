#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>

#include <glib.h>

#include "base/clock.h"

#include "cli/command.h"

static const Command *const commands[] = {
	&cmd_init,    &cmd_check,  &cmd_deliver,  &cmd_list,    &cmd_show,
	&cmd_search,  &cmd_new,    &cmd_reply,    &cmd_note,    &cmd_set,
	&cmd_explain, &cmd_why,    &cmd_messages, &cmd_journal, &cmd_quarantine,
	&cmd_parse,   &cmd_raw,    &cmd_fsck,     &cmd_import,  &cmd_backup,
	&cmd_send,    &cmd_outbox, &cmd_calendar, &cmd_lmtp,    &cmd_kb,
	&cmd_serve,   &cmd_status, &cmd_merge,    &cmd_unmerge, &cmd_split,
	&cmd_link,    &cmd_cc,     &cmd_undo,     &cmd_rules,   &cmd_replay,
	&cmd_poll,    &cmd_sla,    &cmd_tick,
};

static const char global_usage[] =
	"postigo [-c FILE] [--now TIME] [--json] [-q] [-v] COMMAND ...";

static void
print_usage(FILE *out)
{
	fprintf(out, "usage: %s\n", global_usage);
	for (unsigned i = 0; i < G_N_ELEMENTS(commands); i++)
		fprintf(out, "       postigo %s %s\n", commands[i]->name,
		        commands[i]->usage);
}

static const Command *
find_command(const char *name)
{
	for (unsigned i = 0; i < G_N_ELEMENTS(commands); i++)
		if (strcmp(commands[i]->name, name) == 0)
			return commands[i];
	return NULL;
}

static bool
fix_clock(const char *text)
{
	int64_t at;

	if (text == NULL || !instant_from_text(text, &at))
		return false;
	clock_fix(at);
	return true;
}

/* how many of the arguments the global option in argv[0] takes: 0 if it is
 * none, -1 if it is one and wrong */
static int
take_option(Context *context, char **argv)
{
	const char *name = argv[0];

	if (strcmp(name, "--json") == 0)
		context->json = true;
	else if (strcmp(name, "-q") == 0)
		context->quiet = true;
	else if (strcmp(name, "-v") == 0)
		context->verbose++;
	else if (strcmp(name, "-c") == 0 && argv[1] != NULL)
		return context->config_path = argv[1], 2;
	else if (strcmp(name, "--now") == 0)
		return fix_clock(argv[1]) ? 2 : -1;
	else
		return 0;
	return 1;
}

/* Moves everything that is no global option to the front of argv and returns
 * how many that is, or -1. */
static int
take_options(Context *context, char **argv)
{
	int kept = 0;

	for (char **arg = argv; *arg != NULL;) {
		int taken = take_option(context, arg);

		if (taken < 0) {
			fprintf(stderr,
			        "postigo: %s: not an instant (RFC 3339)\n",
			        *arg);
			return -1;
		}
		const Command *command = kept == 0 ? find_command(*arg) : NULL;
		bool end = strcmp(*arg, "--") == 0 ||
		           (command != NULL && command->keeps_arguments);
		if (taken == 0)
			argv[kept++] = *arg++;
		while (end && *arg != NULL)
			argv[kept++] = *arg++;
		arg += taken;
	}
	argv[kept] = NULL;
	return kept;
}

static bool
context_from_environment(Context *context)
{
	const char *now = g_getenv("POSTIGO_NOW");

	context->config_path = g_getenv("POSTIGO_CONFIG");
	if (context->config_path == NULL)
		context->config_path = SYSCONFDIR "/postigo/postigo.conf";
	if (now != NULL && *now != '\0' && !fix_clock(now)) {
		fprintf(stderr,
		        "postigo: POSTIGO_NOW: not an instant (RFC 3339)\n");
		return false;
	}
	return true;
}

int
main(int argc, char **argv)
{
	Context context = { 0 };

	if (argc == 0 || !context_from_environment(&context))
		return EX_USAGE;
	int count = take_options(&context, argv + 1);
	if (count < 0)
		return EX_USAGE;
	if (count == 0) {
		print_usage(stderr);
		return EX_USAGE;
	}
	if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "help") == 0) {
		print_usage(stdout);
		return EXIT_SUCCESS;
	}
	const Command *command = find_command(argv[1]);
	if (command == NULL) {
		fprintf(stderr, "postigo: %s: no such command\n", argv[1]);
		return EX_USAGE;
	}
	return command->run(&context, count, argv + 1);
}
