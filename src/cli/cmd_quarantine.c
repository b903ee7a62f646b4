#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/json.h"

#include "cli/report.h"
#include "cli/session.h"

static json_t *
held_json(const Quarantined *held)
{
	json_t *json = json_object();

	json_object_set_new(json, "id", json_integer(held->id));
	json_object_set_new(json, "received", json_instant(held->received_at));
	json_object_set_new(json, "from", json_text(held->from));
	json_object_set_new(json, "to", json_text(held->to));
	json_object_set_new(json, "subject", json_text(held->subject));
	json_object_set_new(json, "reason", json_text(held->reason));
	json_object_set_new(json, "ticket",
	                    held->ticket == 0 ? json_null()
	                                      : json_integer(held->ticket));
	return json;
}

static void
print_table(const GPtrArray *held)
{
	static const char *const headings[] = { "ID",   "RECEIVED", "TICKET",
		                                "FROM", "REASON",   "SUBJECT",
		                                NULL };
	Table *table = table_new(headings);

	for (unsigned i = 0; i < held->len; i++) {
		const Quarantined *row = held->pdata[i];
		g_autofree char *id =
			g_strdup_printf("%" G_GINT64_FORMAT, row->id);
		g_autofree char *ticket =
			row->ticket == 0 ? NULL
					 : g_strdup_printf("%" G_GINT64_FORMAT,
		                                           row->ticket);
		g_autofree char *received = report_time(row->received_at);

		table_add(table, id, received, ticket, row->from, row->reason,
		          row->subject);
	}
	table_print(table);
}

static int
look(const Context *context)
{
	g_auto(Session) session = { NULL, NULL, NULL };
	g_autoptr(GError) error = NULL;

	if (!session_open_store(&session, context, &error))
		return session_fail(error);
	g_autoptr(GPtrArray) held =
		store_quarantine(session.store, "held", &error);
	if (held == NULL)
		return session_fail(error);
	if (!context->json)
		print_table(held);
	for (unsigned i = 0; context->json && i < held->len; i++)
		json_print_line(stdout, held_json(held->pdata[i]));
	return EXIT_SUCCESS;
}

static int
release(const Context *context, const char *how, const char *number)
{
	g_auto(Session) session = { NULL, NULL, NULL };
	g_autoptr(GError) error = NULL;
	g_autofree char *actor = session_actor();
	int64_t id;

	if (!session_number(number, &id, &error) ||
	    !session_open_clerk(&session, context, &error) ||
	    !clerk_release(session.clerk, id, how, actor, &error))
		return session_fail(error);
	return EXIT_SUCCESS;
}

static int
run(Context *context, int argc, char **argv)
{
	if (argc == 1)
		return look(context);
	if (argc == 3)
		return release(context, argv[1], argv[2]);
	return session_usage(&cmd_quarantine);
}

const Command cmd_quarantine = { "quarantine", "[admit|open|drop ID]", run,
	                         false };
