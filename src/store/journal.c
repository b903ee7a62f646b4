#include "store/rows.h"

static JournalLine *
read_line(DbStatement *row)
{
	JournalLine *line = g_new0(JournalLine, 1);

	line->id = db_int(row, 0);
	line->at = db_int(row, 1);
	line->actor = db_dup(row, 2);
	line->event = db_dup(row, 3);
	line->ticket = db_int(row, 4);
	line->action = db_dup(row, 5);
	return line;
}

bool
store_journal_add(Store *store, const JournalLine *line, GError **error)
{
	return db_run(store->db, error,
	              "INSERT INTO journal (at, actor, event, ticket, action)"
	              " VALUES ($1, $2, $3, NULLIF($4, 0), $5)",
	              "ittit", line->at, line->actor, line->event, line->ticket,
	              line->action);
}

#define JOURNAL_COLUMNS \
	"SELECT id, at, actor, event, ticket, action FROM journal "

static DbStatement *
find_lines(Store *store, int64_t ticket, const char *event, GError **error)
{
	if (ticket != 0)
		return db_query(
			store->db, error,
			JOURNAL_COLUMNS
			"WHERE ticket = $1 AND ($2 IS NULL OR event = $2)"
			" ORDER BY id",
			"it", ticket, event);
	if (event != NULL)
		return db_query(store->db, error,
		                JOURNAL_COLUMNS "WHERE event = $1 ORDER BY id",
		                "t", event);
	return db_query(store->db, error, JOURNAL_COLUMNS "ORDER BY id", "");
}

/* All of them; NULL: rows is NULL, or reading failed. */
static GPtrArray *
read_lines(DbStatement *rows, GError **error)
{
	GError *trouble = NULL;
	g_autoptr(GPtrArray) list = g_ptr_array_new_with_free_func(
		(GDestroyNotify)journal_line_free);

	if (rows == NULL)
		return NULL;
	while (db_next(rows, &trouble))
		g_ptr_array_add(list, read_line(rows));
	if (trouble != NULL) {
		g_propagate_error(error, trouble);
		return NULL;
	}
	return g_steal_pointer(&list);
}

GPtrArray *
store_journal(Store *store, int64_t ticket, const char *event, GError **error)
{
	g_autoptr(DbStatement) rows = find_lines(store, ticket, event, error);

	return read_lines(rows, error);
}

GPtrArray *
store_journal_after(Store *store, int64_t id, int64_t count, GError **error)
{
	g_autoptr(DbStatement) rows =
		db_query(store->db, error,
	                 JOURNAL_COLUMNS "WHERE id > $1 ORDER BY id LIMIT $2",
	                 "ii", id, count);

	return read_lines(rows, error);
}

bool
store_journal_next(Store *store, int64_t *out_id, GError **error)
{
	return db_number(store->db, out_id, error,
	                 "SELECT coalesce(max(id), 0) + 1 FROM journal", "");
}

/* ---- counters and notes ---- */

bool
store_counter_add(Store *store, const char *name, int64_t by,
                  int64_t *out_value, GError **error)
{
	return db_number(store->db, out_value, error,
	                 "INSERT INTO counter (name, value) VALUES ($1, $2)"
	                 " ON CONFLICT (name) DO UPDATE"
	                 " SET value = counter.value + $2 RETURNING value",
	                 "ti", name, by);
}

char *
store_note_get(Store *store, const char *name, GError **error)
{
	g_autoptr(DbStatement) rows =
		db_query(store->db, error,
	                 "SELECT text FROM note WHERE name = $1", "t", name);

	if (rows == NULL || !db_next(rows, error))
		return NULL;
	return db_dup(rows, 0);
}

bool
store_note_set(Store *store, const char *name, const char *text, GError **error)
{
	return db_run(store->db, error,
	              "INSERT INTO note (name, text) VALUES ($1, $2)"
	              " ON CONFLICT (name) DO UPDATE SET text = $2",
	              "tt", name, text);
}
