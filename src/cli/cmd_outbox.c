#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/error.h"
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
show(Session *session, int64_t id, GError **error)
{
	session->store = store_open(session->desk->database, STORE_READ, error);
	if (session->store == NULL)
		return false;
	g_autoptr(OutboxRow) row = store_outbox_get(session->store, id, error);
	if (row == NULL)
		return false;
	gsize size;
	const void *data = g_bytes_get_data(row->body, &size);
	return io_write_all(STDOUT_FILENO, data, size, error);
}

static bool
refuse(const OutboxRow *row, const char *what, GError **error)
{
	return error_set(error, ERROR_REFUSED,
	                 "outgoing mail %" G_GINT64_FORMAT
	                 " is %s: it cannot be %s",
	                 row->id, outbox_state_name(row->state), what);
}

/* Due at once, whatever it waited for; after "uncertain" it may arrive twice,
 * under one Message-ID. */
static bool
set_queued(OutboxRow *row, GError **error)
{
	if (row->state == OUTBOX_SENDING || row->state == OUTBOX_SENT)
		return refuse(row, "sent again", error);
	row->state = OUTBOX_QUEUED;
	row->next_attempt_at = clock_now();
	row->settled_at = 0;
	return true;
}

static bool
set_cancelled(OutboxRow *row, GError **error)
{
	if (row->state == OUTBOX_SENDING || row->state == OUTBOX_SENT)
		return refuse(row, "cancelled", error);
	row->state = OUTBOX_CANCELLED;
	row->next_attempt_at = 0;
	row->settled_at = clock_now();
	return true;
}

static bool
set_row(Store *store, int64_t id, bool (*set)(OutboxRow *, GError **),
        GError **error)
{
	g_autoptr(OutboxRow) row = store_outbox_get(store, id, error);

	return row != NULL && set(row, error) &&
	       store_outbox_settle(store, row, error);
}

/* Looks and writes in one transaction: a sender may be at work. */
static bool
change(Session *session, int64_t id, bool (*set)(OutboxRow *, GError **),
       GError **error)
{
	session->store =
		store_open(session->desk->database, STORE_WRITE, error);
	if (session->store == NULL || !store_begin(session->store, error))
		return false;
	if (!set_row(session->store, id, set, error)) {
		store_rollback(session->store);
		return false;
	}
	return store_commit(session->store, error);
}

static const struct {
	const char *word;
	bool (*set)(OutboxRow *row, GError **error); /* NULL: it only looks */
} verbs[] = {
	{ "show", NULL },
	{ "retry", set_queued },
	{ "cancel", set_cancelled },
};

static int
find_verb(const char *word)
{
	for (unsigned i = 0; i < G_N_ELEMENTS(verbs); i++)
		if (strcmp(verbs[i].word, word) == 0)
			return (int)i;
	return -1;
}

static bool
act_on(Session *session, int verb, const char *number, GError **error)
{
	int64_t id;

	if (!session_number(number, &id, error))
		return false;
	return verbs[verb].set == NULL
	               ? show(session, id, error)
	               : change(session, id, verbs[verb].set, error);
}

static int
run(Context *context, int argc, char **argv)
{
	g_auto(Session) session = { NULL, NULL, NULL };
	g_autoptr(GError) error = NULL;
	int verb = argc == 3 ? find_verb(argv[1]) : -1;
	bool ok;

	if (argc != 1 && verb < 0)
		return session_usage(&cmd_outbox);
	if (argc == 1)
		ok = session_open_store(&session, context, &error) &&
		     list(&session, context, &error);
	else
		ok = session_open_desk(&session, context, &error) &&
		     act_on(&session, verb, argv[2], &error);
	return ok ? EXIT_SUCCESS : session_fail(error);
}

const Command cmd_outbox = { "outbox", "[show|retry|cancel ID]", run, false };
