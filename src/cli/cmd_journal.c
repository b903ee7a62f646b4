#include <stdio.h>
#include <stdlib.h>

#include "base/json.h"

#include "cli/report.h"
#include "cli/session.h"

static void
print_json(const JournalLine *line)
{
	json_t *json = json_object();

	json_object_set_new(json, "id", json_integer(line->id));
	json_object_set_new(json, "at", json_instant(line->at));
	json_object_set_new(json, "actor", json_text(line->actor));
	json_object_set_new(json, "event", json_text(line->event));
	json_object_set_new(json, "ticket",
	                    line->ticket == 0 ? json_null()
	                                      : json_integer(line->ticket));
	json_object_set_new(json, "action", json_text(line->action));
	json_print_line(stdout, json);
}

static void
print_line(const JournalLine *line)
{
	g_autofree char *at = report_time(line->at);
	g_autofree char *head =
		g_strdup_printf("%s  %-14s %s", at, line->event, line->actor);
	g_autofree char *toned = report_tone(TONE_DIM, head);

	printf("%s\n  %s\n", toned, line->action);
}

static int
run(Context *context, int argc, char **argv)
{
	g_auto(Session) session = { NULL, NULL, NULL };
	g_autoptr(GError) error = NULL;
	int64_t ticket = 0;

	if (argc > 2)
		return session_usage(&cmd_journal);
	if ((argc == 2 && !session_number(argv[1], &ticket, &error)) ||
	    !session_open_store(&session, context, &error))
		return session_fail(error);
	g_autoptr(GPtrArray) lines =
		store_journal(session.store, ticket, NULL, &error);
	if (lines == NULL)
		return session_fail(error);
	for (unsigned i = 0; i < lines->len; i++)
		(context->json ? print_json : print_line)(lines->pdata[i]);
	return EXIT_SUCCESS;
}

const Command cmd_journal = { "journal", "[TICKET]", run, false };
