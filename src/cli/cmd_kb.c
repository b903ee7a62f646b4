/* The knowledge base at the terminal. */
#include <stdio.h>
#include <string.h>
#include <sysexits.h>

#include "cli/kb.h"

static const struct {
	const char *name;
	const char *usage;
	int arguments_min;
	int arguments_max; /* -1: any */
	KbRun *run;
} subcommands[] = {
	{ "list", "[state:S] [language:L] [category:C] [kind:K]", 0, -1,
	  kb_list },
	{ "show", "[--html|--text] N", 1, 2, kb_show },
	{ "search", "WORDS...", 1, -1, kb_search },
	{ "diff", "N [VERSION [VERSION]]", 1, 3, kb_diff },
	{ "report", "", 0, 0, kb_report },
	{ "add", "[FILE...]", 0, -1, kb_add },
	{ "edit", "N [FILE]", 1, 2, kb_edit },
	{ "draft", "N...", 1, -1, kb_move },
	{ "review", "N...", 1, -1, kb_move },
	{ "publish", "N...", 1, -1, kb_move },
	{ "retire", "N...", 1, -1, kb_move },
	{ "import", "DIR|FILE...", 1, -1, kb_import },
	{ "export", "DIR", 1, 1, kb_export },
};

static int
usage(const char *name)
{
	for (unsigned i = 0; i < G_N_ELEMENTS(subcommands); i++)
		if (name == NULL || strcmp(name, subcommands[i].name) == 0)
			fprintf(stderr, "usage: postigo kb %s %s\n",
			        subcommands[i].name, subcommands[i].usage);
	return EX_USAGE;
}

static int
run(Context *context, int argc, char **argv)
{
	int arguments = argc - 2;

	for (unsigned i = 0; argc > 1 && i < G_N_ELEMENTS(subcommands); i++) {
		int most = subcommands[i].arguments_max;

		if (strcmp(argv[1], subcommands[i].name) != 0)
			continue;
		if (arguments < subcommands[i].arguments_min ||
		    (most >= 0 && arguments > most))
			return usage(argv[1]);
		return subcommands[i].run(context, argc - 1, argv + 1);
	}
	return usage(NULL);
}

const Command cmd_kb = { "kb",
	                 "list|show|search|diff|report|add|edit|draft|review|"
	                 "publish|retire|import|export ...",
	                 run, false };
