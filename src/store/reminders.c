/* What the desk is to come back to. */
#include "base/error.h"

#include "store/rows.h"

static Reminder *
read_reminder(DbStatement *row)
{
	Reminder *reminder = g_new0(Reminder, 1);

	reminder->id = db_int(row, 0);
	reminder->ticket = db_int(row, 1);
	reminder->kind = db_dup(row, 2);
	reminder->due_at = db_int(row, 3);
	reminder->agent = db_dup(row, 4);
	reminder->text = db_dup(row, 5);
	return reminder;
}

bool
store_reminder_add(Store *store, const Reminder *reminder, GError **error)
{
	return db_run(store->db, error,
	              "INSERT INTO reminder (ticket, kind, due_at, agent, text,"
	              " state) VALUES ($1, $2, $3, $4, $5, 'waiting')",
	              "ititt", reminder->ticket, reminder->kind,
	              reminder->due_at, reminder->agent, reminder->text);
}

GPtrArray *
store_reminders_due(Store *store, int64_t now, int64_t limit, GError **error)
{
	GError *trouble = NULL;
	g_autoptr(GPtrArray) list =
		g_ptr_array_new_with_free_func((GDestroyNotify)reminder_free);
	g_autoptr(DbStatement) rows =
		db_query(store->db, error,
	                 "SELECT id, ticket, kind, due_at, agent, text"
	                 " FROM reminder WHERE state = 'waiting'"
	                 " AND due_at <= $1 ORDER BY due_at, id LIMIT $2",
	                 "ii", now, limit);

	if (rows == NULL)
		return NULL;
	while (db_next(rows, &trouble))
		g_ptr_array_add(list, read_reminder(rows));
	if (trouble != NULL) {
		g_propagate_error(error, trouble);
		return NULL;
	}
	return g_steal_pointer(&list);
}

bool
store_reminder_next(Store *store, int64_t *out_at, GError **error)
{
	*out_at = 0;
	return db_number(store->db, out_at, error,
	                 "SELECT coalesce(min(due_at), 0) FROM reminder"
	                 " WHERE state = 'waiting'",
	                 "");
}

bool
store_reminder_fired(Store *store, int64_t id, GError **error)
{
	return db_run(store->db, error,
	              "UPDATE reminder SET state = 'fired' WHERE id = $1", "i",
	              id);
}

bool
store_reminder_cancel(Store *store, int64_t ticket, const char *kind,
                      GError **error)
{
	return db_run(
		store->db, error,
		"UPDATE reminder SET state = 'cancelled' WHERE ticket = $1"
		" AND kind = $2 AND state = 'waiting'",
		"it", ticket, kind);
}
