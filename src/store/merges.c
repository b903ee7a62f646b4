/* Merges that can be taken back: what each one moved is written down. */
#include "base/error.h"

#include "store/rows.h"

static bool
note_merge(Store *store, int64_t ticket, int64_t target, GError **error)
{
	return db_run(store->db, error,
	              "INSERT INTO merged (ticket, target, state)"
	              " SELECT id, $2, state FROM ticket WHERE id = $1",
	              "ii", ticket, target) &&
	       db_run(store->db, error,
	              "INSERT INTO merged_message (ticket, message)"
	              " SELECT ticket, id FROM message WHERE ticket = $1",
	              "i", ticket) &&
	       db_run(store->db, error,
	              "INSERT INTO merged_person (ticket, person)"
	              " SELECT ticket, person FROM participant p"
	              " WHERE ticket = $1 AND NOT EXISTS (SELECT 1"
	              "  FROM participant q WHERE q.ticket = $2"
	              "  AND q.person = p.person)",
	              "ii", ticket, target);
}

bool
store_merge(Store *store, int64_t ticket, int64_t target, GError **error)
{
	return note_merge(store, ticket, target, error) &&
	       db_run(store->db, error,
	              "UPDATE message SET ticket = $2 WHERE ticket = $1", "ii",
	              ticket, target) &&
	       db_run(store->db, error,
	              "INSERT INTO participant (ticket, person, kind)"
	              " SELECT $2, person, 'watcher' FROM merged_person"
	              " WHERE ticket = $1",
	              "ii", ticket, target) &&
	       db_run(store->db, error,
	              "UPDATE ticket SET state = 'merged', merged_into = $2"
	              " WHERE id = $1",
	              "ii", ticket, target);
}

static bool
forget_merge(Store *store, int64_t ticket, GError **error)
{
	return db_run(store->db, error,
	              "DELETE FROM merged_person WHERE ticket = $1", "i",
	              ticket) &&
	       db_run(store->db, error,
	              "DELETE FROM merged_message WHERE ticket = $1", "i",
	              ticket) &&
	       db_run(store->db, error, "DELETE FROM merged WHERE ticket = $1",
	              "i", ticket);
}

bool
store_unmerge(Store *store, int64_t ticket, GError **error)
{
	return db_run(store->db, error,
	              "UPDATE message SET ticket = $1 WHERE id IN"
	              " (SELECT message FROM merged_message WHERE ticket = $1)",
	              "i", ticket) &&
	       db_run(store->db, error,
	              "DELETE FROM participant WHERE kind = 'watcher'"
	              " AND ticket = (SELECT target FROM merged"
	              "  WHERE ticket = $1)"
	              " AND person IN (SELECT person FROM merged_person"
	              "  WHERE ticket = $1)",
	              "i", ticket) &&
	       db_run(store->db, error,
	              "UPDATE ticket SET merged_into = NULL, state ="
	              " (SELECT state FROM merged WHERE ticket = $1)"
	              " WHERE id = $1",
	              "i", ticket) &&
	       forget_merge(store, ticket, error);
}

bool
store_merged(Store *store, int64_t target, GArray *out_tickets, GError **error)
{
	GError *trouble = NULL;
	g_autoptr(DbStatement) rows = db_query(
		store->db, error,
		"SELECT ticket FROM merged WHERE target = $1 ORDER BY ticket",
		"i", target);

	if (rows == NULL)
		return false;
	while (db_next(rows, &trouble)) {
		int64_t ticket = db_int(rows, 0);

		g_array_append_val(out_tickets, ticket);
	}
	if (trouble != NULL)
		g_propagate_error(error, trouble);
	return trouble == NULL;
}
