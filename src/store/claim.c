/* Who sends which outgoing mail: rows are claimed one at a time.  Writers come
 * in turn here; a database with row locks would skip what others hold. */
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
 * must be sent again; 0: none is due. */
static bool
lease(Store *store, const char *owner, int64_t now, int64_t until,
      int64_t *out_id, GError **error)
{
	return db_number(
		store->db, out_id, error,
		"UPDATE outbox SET state = 'sending', lease_owner = $1,"
		" lease_until = $2, attempts = attempts + 1 WHERE id = ("
		" SELECT id FROM (SELECT id, next_attempt_at FROM ("
		"  SELECT id, next_attempt_at FROM outbox"
		"  WHERE state IN ('queued', 'deferred')"
		"  AND next_attempt_at <= $3"
		"  ORDER BY next_attempt_at, id LIMIT 1) waiting"
		" UNION ALL SELECT id, next_attempt_at FROM ("
		"  SELECT id, next_attempt_at FROM outbox"
		"  WHERE state = 'uncertain' AND resend_uncertain <> 0"
		"  AND next_attempt_at <= $3"
		"  ORDER BY next_attempt_at, id LIMIT 1) again) due"
		" ORDER BY next_attempt_at, id LIMIT 1) RETURNING id",
		"tii", owner, until, now);
}

static bool
claim(Store *store, const char *owner, int64_t now, int64_t until,
      OutboxRow **out_row, GError **error)
{
	int64_t id;

	*out_row = NULL;
	if (!expire_leases(store, now, error) ||
	    !lease(store, owner, now, until, &id, error))
		return false;
	if (id == 0)
		return true;
	*out_row = store_outbox_get(store, id, error);
	return *out_row != NULL;
}

OutboxRow *
store_outbox_claim(Store *store, const char *owner, int64_t now, int64_t until,
                   GError **error)
{
	g_autoptr(OutboxRow) row = NULL;

	if (!store_begin(store, error))
		return NULL;
	if (!claim(store, owner, now, until, &row, error)) {
		store_rollback(store);
		return NULL;
	}
	FAULT_POINT("store.claim");
	if (!store_commit(store, error))
		return NULL;
	FAULT_POINT("store.claimed");
	return g_steal_pointer(&row);
}
