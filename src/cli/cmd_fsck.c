#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"

#include "cli/session.h"

static void
print_finding(const Context *context, const char *finding)
{
	if (context->json)
		json_print_line(stdout, json_pack("{s:s}", "finding", finding));
	else
		puts(finding);
}

/* The invariants of the rows, and with is_deep what the journal tells. */
static bool
look(Session *session, bool is_deep, GPtrArray *findings, GError **error)
{
	return store_fsck(session->store, findings, error) &&
	       (!is_deep ||
	        clerk_check_journal(session->clerk, findings, error));
}

static int
run(Context *context, int argc, char **argv)
{
	g_auto(Session) session = { NULL, NULL, NULL };
	g_autoptr(GPtrArray) findings = g_ptr_array_new_with_free_func(g_free);
	g_autoptr(GError) error = NULL;

	bool is_deep = argc == 2 && strcmp(argv[1], "--replay") == 0;

	if (argc != 1 && !is_deep)
		return session_usage(&cmd_fsck);
	if (!session_open_store(&session, context, &error) ||
	    (is_deep && !session_open_clerk(&session, context, &error)) ||
	    !look(&session, is_deep, findings, &error))
		return session_fail(error);
	for (unsigned i = 0; i < findings->len; i++)
		print_finding(context, findings->pdata[i]);
	if (findings->len == 0 && !context->json && !context->quiet)
		puts("all invariants hold");
	return findings->len == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}

const Command cmd_fsck = { "fsck", "[--replay]", run, false };
