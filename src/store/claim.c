/* Who sends which outgoing mail: rows are claimed a handful at a time.  Writers
 * come in turn here; a database with row locks would skip what others hold. */
#include "base/error.h"
#include "base/fault.h"

#include "store/rows.h"

/* Whoever held it is gone, and nobody can say how far he came. */
static bool
expire_leases(Store *store, int64_t now, GError **error)
{
	return db_run(
		store->db, error,
		"UPDATE outbox SET state = 'uncertain', lease_owner = NULL,"
		" lease_until = NULL,"
		" last_error = 'the sender died over it',"
		" settled_at = CASE resend_uncertain WHEN 0 THEN $1 ELSE 0 END"
		" WHERE state = 'sending' AND lease_until <= $1",
		"i", now);
}

/* The oldest of those that wait and of those that may have arrived already but
 * must be sent again. */
static DbStatement *
ask_due(Store *store, const OutboxClaim *claim, GError **error)
{
	return db_query(store->db, error,
	                "SELECT id FROM (SELECT id, next_attempt_at FROM ("
	                "  SELECT id, next_attempt_at FROM outbox"
	                "  WHERE state IN ('queued', 'deferred')"
	                "  AND channel = $1 AND next_attempt_at <= $2"
	                "  ORDER BY next_attempt_at, id LIMIT $3) waiting"
	                " UNION ALL SELECT id, next_attempt_at FROM ("
	                "  SELECT id, next_attempt_at FROM outbox"
	                "  WHERE state = 'uncertain' AND resend_uncertain <> 0"
	                "  AND channel = $1 AND next_attempt_at <= $2"
	                "  ORDER BY next_attempt_at, id LIMIT $3) again) due"
	                " ORDER BY next_attempt_at, id LIMIT $3",
	                "tii", claim->channel == NULL ? "" : claim->channel,
	                claim->now, (int64_t)claim->count);
}

static bool
list_due(Store *store, const OutboxClaim *claim, GArray *ids, GError **error)
{
	GError *trouble = NULL;
	g_autoptr(DbStatement) rows = ask_due(store, claim, error);

	if (rows == NULL)
		return false;
	while (db_next(rows, &trouble)) {
		int64_t id = db_int(rows, 0);

		g_array_append_val(ids, id);
	}
	if (trouble == NULL)
		return true;
	g_propagate_error(error, trouble);
	return false;
}

static OutboxRow *
lease(Store *store, const OutboxClaim *claim, int64_t id, GError **error)
{
	if (!db_run(store->db, error,
	            "UPDATE outbox SET state = 'sending', lease_owner = $1,"
	            " lease_until = $2, attempts = attempts + 1 WHERE id = $3",
	            "tii", claim->owner, claim->until, id))
		return NULL;
	return rows_outbox_head(store, id, error);
}

static bool
claim_all(Store *store, const OutboxClaim *claim, GPtrArray *rows,
          GError **error)
{
	g_autoptr(GArray) ids = g_array_new(FALSE, FALSE, sizeof(int64_t));

	if (!expire_leases(store, claim->now, error) ||
	    !list_due(store, claim, ids, error))
		return false;
	for (unsigned i = 0; i < ids->len; i++) {
		OutboxRow *row = lease(store, claim,
		                       g_array_index(ids, int64_t, i), error);

		if (row == NULL)
			return false;
		g_ptr_array_add(rows, row);
	}
	return true;
}

/* A reader's look, so that a sender with nothing to do writes nothing. */
static bool
has_work(Store *store, const OutboxClaim *claim, bool *out_has, GError **error)
{
	int64_t found;

	if (!db_number(store->db, &found, error,
	               "SELECT EXISTS (SELECT 1 FROM outbox WHERE channel = $1"
	               " AND state IN ('queued', 'deferred')"
	               " AND next_attempt_at <= $2)"
	               " OR EXISTS (SELECT 1 FROM outbox WHERE channel = $1"
	               " AND state = 'uncertain' AND resend_uncertain <> 0"
	               " AND next_attempt_at <= $2)"
	               " OR EXISTS (SELECT 1 FROM outbox"
	               " WHERE state = 'sending' AND lease_until <= $2)",
	               "ti", claim->channel == NULL ? "" : claim->channel,
	               claim->now))
		return false;
	*out_has = found != 0;
	return true;
}

GPtrArray *
store_outbox_claim(Store *store, const OutboxClaim *claim, GError **error)
{
	g_autoptr(GPtrArray) rows =
		g_ptr_array_new_with_free_func((GDestroyNotify)outbox_row_free);
	bool has;

	if (!has_work(store, claim, &has, error))
		return NULL;
	if (!has)
		return g_steal_pointer(&rows);
	if (!store_begin(store, error))
		return NULL;
	if (!claim_all(store, claim, rows, error)) {
		store_rollback(store);
		return NULL;
	}
	FAULT_POINT("store.claim");
	if (!store_commit(store, error))
		return NULL;
	FAULT_POINT("store.claimed");
	return g_steal_pointer(&rows);
}

bool
store_outbox_unclaim(Store *store, int64_t id, GError **error)
{
	return db_run(store->db, error,
	              "UPDATE outbox SET attempts = attempts - 1,"
	              " state = CASE WHEN attempts > 1 THEN 'deferred'"
	              " ELSE 'queued' END, lease_owner = NULL,"
	              " lease_until = NULL WHERE id = $1 AND state = 'sending'",
	              "i", id);
}
