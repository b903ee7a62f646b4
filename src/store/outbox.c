#include "base/error.h"
#include "base/fault.h"

#include "store/rows.h"

#define OUTBOX_COLUMNS                                                        \
	"SELECT id, ticket, message, delivery, person, kind, purpose,"        \
	" template, recipient, sender, subject, message_id, envelope, state," \
	" resend_uncertain, attempts, created_at, next_attempt_at,"           \
	" lease_owner, lease_until, settled_at, last_error, last_reply "

enum { COLUMN_BODY = 23 };

static OutboxRow *
read_row(DbStatement *row)
{
	OutboxRow *out = outbox_row_new();

	out->id = db_int(row, 0);
	out->ticket = db_int(row, 1);
	out->message = db_int(row, 2);
	out->delivery = db_int(row, 3);
	out->person = db_int(row, 4);
	out->kind = db_dup(row, 5);
	out->purpose = db_dup(row, 6);
	out->template = db_dup(row, 7);
	out->to = db_dup(row, 8);
	out->from = db_dup(row, 9);
	out->subject = db_dup(row, 10);
	out->message_id = db_dup(row, 11);
	out->envelope = db_dup(row, 12);
	outbox_state_from_name(db_text(row, 13), &out->state);
	out->resend_uncertain = db_int(row, 14) != 0;
	out->attempts = (int)db_int(row, 15);
	out->created_at = db_int(row, 16);
	out->next_attempt_at = db_int(row, 17);
	out->lease_owner = db_dup(row, 18);
	out->lease_until = db_int(row, 19);
	out->settled_at = db_int(row, 20);
	out->last_error = db_dup(row, 21);
	out->last_reply = db_dup(row, 22);
	return out;
}

bool
store_outbox_next(Store *store, int64_t *out_id, GError **error)
{
	return rows_sequence_peek(store, "outbox", out_id, error);
}

bool
store_outbox_add(Store *store, const OutboxRow *row, GError **error)
{
	return db_run(store->db, error,
	              "INSERT INTO outbox (id, ticket, message, delivery, person,"
	              " kind, purpose, template, recipient, sender, subject,"
	              " message_id, envelope, body, state, resend_uncertain,"
	              " created_at, next_attempt_at) VALUES ($1, NULLIF($2, 0),"
	              " NULLIF($3, 0), NULLIF($4, 0), NULLIF($5, 0), $6, $7, $8,"
	              " $9, $10, $11, $12, $13, $14, $15, $16, $17, $18)",
	              "iiiiittttttttb"
	              "tiii",
	              row->id, row->ticket, row->message, row->delivery,
	              row->person, row->kind, row->purpose, row->template,
	              row->to, row->from, row->subject, row->message_id,
	              row->envelope, row->body, outbox_state_name(row->state),
	              (int64_t)row->resend_uncertain, row->created_at,
	              row->next_attempt_at) &&
	       rows_sequence_take(store, "outbox", row->id, error);
}

OutboxRow *
store_outbox_get(Store *store, int64_t id, GError **error)
{
	GError *trouble = NULL;
	g_autoptr(DbStatement) rows =
		db_query(store->db, &trouble,
	                 OUTBOX_COLUMNS ", body FROM outbox WHERE id = $1", "i",
	                 id);

	if (rows == NULL || !db_next(rows, &trouble)) {
		if (trouble == NULL)
			error_set(&trouble, ERROR_NOT_FOUND,
			          "no outgoing mail %" G_GINT64_FORMAT, id);
		g_propagate_error(error, trouble);
		return NULL;
	}
	OutboxRow *row = read_row(rows);
	row->body = db_blob(rows, COLUMN_BODY);
	return row;
}

GPtrArray *
store_outbox(Store *store, int64_t ticket, const char *state, GError **error)
{
	GError *trouble = NULL;
	g_autoptr(GPtrArray) list =
		g_ptr_array_new_with_free_func((GDestroyNotify)outbox_row_free);
	g_autoptr(DbStatement) rows =
		db_query(store->db, error,
	                 OUTBOX_COLUMNS
	                 "FROM outbox WHERE ($1 = 0 OR ticket = $1)"
	                 " AND ($2 IS NULL OR state = $2) ORDER BY id",
	                 "it", ticket, state);

	if (rows == NULL)
		return NULL;
	while (db_next(rows, &trouble))
		g_ptr_array_add(list, read_row(rows));
	if (trouble != NULL) {
		g_propagate_error(error, trouble);
		return NULL;
	}
	return g_steal_pointer(&list);
}

/* ---- claiming
 * ---------------------------------------------------------------------- */

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

static bool
find_due(Store *store, int64_t now, int64_t *out_id, GError **error)
{
	return db_number(store->db, out_id, error,
	                 "SELECT id FROM (SELECT id FROM (SELECT id FROM outbox"
	                 " WHERE state IN ('queued', 'deferred')"
	                 " AND next_attempt_at <= $1"
	                 " ORDER BY next_attempt_at, id LIMIT 1)"
	                 " UNION ALL SELECT id FROM (SELECT id FROM outbox"
	                 " WHERE state = 'uncertain' AND resend_uncertain <> 0"
	                 " AND next_attempt_at <= $1 ORDER BY id LIMIT 1))"
	                 " ORDER BY id LIMIT 1",
	                 "i", now);
}

static bool
lease(Store *store, int64_t id, const char *owner, int64_t until,
      GError **error)
{
	return db_run(
		store->db, error,
		"UPDATE outbox SET state = 'sending', lease_owner = $2,"
		" lease_until = $3, attempts = attempts + 1 WHERE id = $1",
		"iti", id, owner, until);
}

static bool
claim(Store *store, const char *owner, int64_t now, int64_t until,
      OutboxRow **out_row, GError **error)
{
	int64_t id;

	*out_row = NULL;
	if (!expire_leases(store, now, error) ||
	    !find_due(store, now, &id, error))
		return false;
	if (id == 0)
		return true;
	if (!lease(store, id, owner, until, error))
		return false;
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
	return store_commit(store, error) ? g_steal_pointer(&row) : NULL;
}

bool
store_outbox_settle(Store *store, const OutboxRow *row, GError **error)
{
	FAULT_POINT("store.settle");
	return db_run(store->db, error,
	              "UPDATE outbox SET state = $2, next_attempt_at = $3,"
	              " last_error = $4, last_reply = $5, settled_at = $6,"
	              " lease_owner = NULL, lease_until = NULL WHERE id = $1",
	              "ititti", row->id, outbox_state_name(row->state),
	              row->next_attempt_at, row->last_error, row->last_reply,
	              row->settled_at);
}

bool
store_outbox_due(Store *store, int64_t *out_at, GError **error)
{
	return db_number(store->db, out_at, error,
	                 "SELECT min(next_attempt_at) FROM outbox"
	                 " WHERE state IN ('queued', 'deferred')",
	                 "");
}

bool
store_count_outbox(Store *store, const OutboxCount *count, int64_t *out_count,
                   GError **error)
{
	return count->to != NULL
	               ? db_number(store->db, out_count, error,
	                           "SELECT count(*) FROM outbox"
	                           " WHERE recipient = $1 AND created_at >= $2"
	                           " AND ($3 IS NULL OR purpose = $3)"
	                           " AND ($4 IS NULL OR template = $4)"
	                           " AND ($5 = 0 OR ticket = $5)",
	                           "titti", count->to, count->since,
	                           count->purpose, count->template,
	                           count->ticket)
	               : db_number(store->db, out_count, error,
	                           "SELECT count(*) FROM outbox"
	                           " WHERE purpose = $1 AND created_at >= $2"
	                           " AND ($3 IS NULL OR template = $3)"
	                           " AND ($4 = 0 OR ticket = $4)",
	                           "titi", count->purpose, count->since,
	                           count->template, count->ticket);
}
