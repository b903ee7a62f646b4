#include "base/error.h"

#include "store/rows.h"

#define HELD_COLUMNS                                                            \
	"SELECT id, delivery, ticket, received_at, sender, recipient, subject," \
	" reason, state FROM quarantine "

static Quarantined *
read_held(DbStatement *row)
{
	Quarantined *held = quarantined_new();

	held->id = db_int(row, 0);
	held->delivery = db_int(row, 1);
	held->ticket = db_int(row, 2);
	held->received_at = db_int(row, 3);
	held->from = db_dup(row, 4);
	held->to = db_dup(row, 5);
	held->subject = db_dup(row, 6);
	held->reason = db_dup(row, 7);
	held->state = db_dup(row, 8);
	return held;
}

bool
store_quarantine_add(Store *store, Quarantined *held, GError **error)
{
	return db_number(
		store->db, &held->id, error,
		"INSERT INTO quarantine (delivery, ticket, received_at,"
		" sender, recipient, subject, reason, state)"
		" VALUES ($1, NULLIF($2, 0), $3, $4, $5, $6, $7, $8)"
		" RETURNING id",
		"iiittttt", held->delivery, held->ticket, held->received_at,
		held->from, held->to, held->subject, held->reason, held->state);
}

Quarantined *
store_quarantine_get(Store *store, int64_t id, GError **error)
{
	GError *trouble = NULL;
	g_autoptr(DbStatement) rows =
		db_query(store->db, &trouble, HELD_COLUMNS "WHERE id = $1", "i",
	                 id);

	if (rows != NULL && db_next(rows, &trouble))
		return read_held(rows);
	if (trouble == NULL)
		error_set(&trouble, ERROR_NOT_FOUND,
		          "no quarantined mail %" G_GINT64_FORMAT, id);
	g_propagate_error(error, trouble);
	return NULL;
}

GPtrArray *
store_quarantine(Store *store, const char *state, GError **error)
{
	GError *trouble = NULL;
	g_autoptr(GPtrArray) list = g_ptr_array_new_with_free_func(
		(GDestroyNotify)quarantined_free);
	g_autoptr(DbStatement) rows =
		db_query(store->db, error,
	                 HELD_COLUMNS
	                 "WHERE $1 IS NULL OR state = $1 ORDER BY id",
	                 "t", state);

	if (rows == NULL)
		return NULL;
	while (db_next(rows, &trouble))
		g_ptr_array_add(list, read_held(rows));
	if (trouble != NULL) {
		g_propagate_error(error, trouble);
		return NULL;
	}
	return g_steal_pointer(&list);
}

bool
store_quarantine_settle(Store *store, int64_t id, const char *state,
                        GError **error)
{
	return db_run(store->db, error,
	              "UPDATE quarantine SET state = $2 WHERE id = $1", "it",
	              id, state);
}
