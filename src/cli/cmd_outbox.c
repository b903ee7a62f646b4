#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/io.h"
#include "base/json.h"

#include "cli/outbox_json.h"
#include "cli/report.h"
#include "cli/session.h"

static void
print_table(const GPtrArray *rows)
{
	static const char *const headings[] = { "ID",      "TICKET", "STATE",
		                                "PURPOSE", "TRIES",  "NEXT",
		                                "TO",      "DETAIL", NULL };
	Table *table = table_new(headings);

	for (unsigned i = 0; i < rows->len; i++) {
		const OutboxRow *row = rows->pdata[i];
		g_autofree char *id =
			g_strdup_printf("%" G_GINT64_FORMAT, row->id);
		g_autofree char *ticket =
			row->ticket == 0 ? NULL
					 : g_strdup_printf("%" G_GINT64_FORMAT,
		                                           row->ticket);
		g_autofree char *tries = g_strdup_printf("%d", row->attempts);
		g_autofree char *next = report_time(row->next_attempt_at);
		const char *detail = row->last_error != NULL ? row->last_error
		                                             : row->subject;

		table_add(table, id, ticket, outbox_state_name(row->state),
		          row->purpose, tries, next, row->to, detail);
	}
	table_print(table);
}

static bool
list(const Session *session, const Context *context, GError **error)
{
	g_autoptr(GPtrArray) rows =
		store_outbox(session->store, 0, NULL, error);

	if (rows == NULL)
		return false;
	for (unsigned i = 0; context->json && i < rows->len; i++)
		json_print_line(stdout, outbox_json(rows->pdata[i]));
	if (!context->json && rows->len == 0 && !context->quiet)
		puts("no outgoing mail");
	else if (!context->json)
		print_table(rows);
	return true;
}

/* The mail as it was, or will be, sent. */
static bool
show(Session *session, const Context *context, int64_t id, GError **error)
{
	if (!session_open_store(session, context, error))
		return false;
	g_autoptr(OutboxRow) row = store_outbox_get(session->store, id, error);
	if (row == NULL)
		return false;
	gsize size;
	const void *data = g_bytes_get_data(row->body, &size);
	return io_write_all(STDOUT_FILENO, data, size, error);
}

static bool
turn(Session *session, const Context *context, int64_t id, OutboxState state,
     GError **error)
{
	g_autofree char *actor = session_actor();

	return session_open_clerk(session, context, error) &&
	       clerk_turn_mail(session->clerk, id, state, actor, error);
}

static bool
retry(Session *session, const Context *context, int64_t id, GError **error)
{
	return turn(session, context, id, OUTBOX_QUEUED, error);
}

static bool
cancel(Session *session, const Context *context, int64_t id, GError **error)
{
	return turn(session, context, id, OUTBOX_CANCELLED, error);
}

/* Not before an operator says "retry". */
static bool
hold(Session *session, const Context *context, int64_t id, GError **error)
{
	return turn(session, context, id, OUTBOX_DEFERRED, error);
}

static const struct {
	const char *word;
	bool (*act)(Session *session, const Context *context, int64_t id,
	            GError **error);
} verbs[] = {
	{ "show", show },
	{ "retry", retry },
	{ "cancel", cancel },
	{ "hold", hold },
};

static int
find_verb(const char *word)
{
	for (unsigned i = 0; i < G_N_ELEMENTS(verbs); i++)
		if (strcmp(verbs[i].word, word) == 0)
			return (int)i;
	return -1;
}

static int
run(Context *context, int argc, char **argv)
{
	g_auto(Session) session = { NULL, NULL, NULL };
	g_autoptr(GError) error = NULL;
	int verb = argc == 3 ? find_verb(argv[1]) : -1;
	bool lists = argc == 1 || (argc == 2 && strcmp(argv[1], "list") == 0);
	int64_t id;
	bool ok;

	if (!lists && verb < 0)
		return session_usage(&cmd_outbox);
	if (lists)
		ok = session_open_store(&session, context, &error) &&
		     list(&session, context, &error);
	else
		ok = session_number(argv[2], &id, &error) &&
		     verbs[verb].act(&session, context, id, &error);
	return ok ? EXIT_SUCCESS : session_fail(error);
}

const Command cmd_outbox = { "outbox",
	                     "[list|show ID|retry ID|cancel ID|hold ID]", run,
	                     false };
