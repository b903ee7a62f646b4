#include <stdio.h>
#include <stdlib.h>

#include "base/json.h"

#include "clerk/query.h"

#include "cli/report.h"
#include "cli/session.h"
#include "cli/ticket_json.h"

static bool
print_json(Store *store, const GPtrArray *tickets, GError **error)
{
	for (unsigned i = 0; i < tickets->len; i++) {
		json_t *json = ticket_json(tickets->pdata[i]);

		if (!ticket_json_set_clocks(json, store, tickets->pdata[i],
		                            error)) {
			json_decref(json);
			return false;
		}
		json_print_line(stdout, json);
	}
	return true;
}

static void
print_table(const GPtrArray *tickets)
{
	static const char *const headings[] = {
		"ID",      "STATE",     "PRIORITY", "QUEUE", "OWNER",
		"UPDATED", "REQUESTER", "SUBJECT",  NULL
	};
	Table *table = table_new(headings);

	for (unsigned i = 0; i < tickets->len; i++) {
		const Ticket *ticket = tickets->pdata[i];
		g_autofree char *id =
			g_strdup_printf("%" G_GINT64_FORMAT, ticket->id);
		g_autofree char *updated = report_time(ticket->updated_at);

		table_add(table, id, ticket_state_name(ticket->state),
		          ticket->priority, ticket->queue, ticket->owner,
		          updated, ticket->requester_address, ticket->subject);
	}
	table_print(table);
}

static int
print_found(const Context *context, const Query *query)
{
	g_auto(Session) session = { NULL, NULL, NULL };
	g_autoptr(GError) error = NULL;

	if (!session_open_store(&session, context, &error))
		return session_fail(error);
	g_autoptr(GPtrArray) tickets =
		store_tickets(session.store, &query->query, &error);
	if (tickets == NULL)
		return session_fail(error);
	if (context->json)
		return print_json(session.store, tickets, &error)
		               ? EXIT_SUCCESS
		               : session_fail(error);
	if (tickets->len > 0)
		print_table(tickets);
	else if (!context->quiet)
		puts("no ticket");
	return EXIT_SUCCESS;
}

static int
run_list(Context *context, int argc, char **argv)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(Query) query = query_read(argv + 1, &error);

	(void)argc;
	return query == NULL ? session_fail(error)
	                     : print_found(context, query);
}

static int
run_search(Context *context, int argc, char **argv)
{
	if (argc < 2)
		return session_usage(&cmd_search);
	g_autoptr(Query) query = query_of_words(argv + 1);
	return print_found(context, query);
}

const Command cmd_list = {
	"list",
	"[state:S queue:Q owner:A team:T tag:T requester:R overdue:yes WORD...]",
	run_list, false
};
const Command cmd_search = { "search", "WORD...", run_search, false };
