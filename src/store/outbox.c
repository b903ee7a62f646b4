#include <string.h>

#include "base/error.h"
#include "base/fault.h"

#include "store/rows.h"

#define OUTBOX_COLUMNS                                                        \
	"SELECT id, ticket, message, delivery, person, kind, purpose,"        \
	" template, recipient, sender, subject, message_id, envelope, state," \
	" resend_uncertain, attempts, created_at, next_attempt_at,"           \
	" lease_owner, lease_until, settled_at, last_error, last_reply,"      \
	" channel "

enum { COLUMN_BODY = 24 };

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
	out->channel = db_dup(row, 23);
	return out;
}

bool
store_outbox_next(Store *store, int64_t *out_id, GError **error)
{
	return rows_sequence_peek(store, "outbox", out_id, error);
}

static const char *
domain_of(const char *address)
{
	const char *at = strrchr(address, '@');

	return at == NULL ? "" : at + 1;
}

bool
store_outbox_add(Store *store, const OutboxRow *row, GError **error)
{
	return db_run(store->db, error,
	              "INSERT INTO outbox (id, ticket, message, delivery, person,"
	              " kind, purpose, template, recipient, sender, subject,"
	              " message_id, envelope, body, state, resend_uncertain,"
	              " created_at, next_attempt_at, channel, domain) VALUES ($1, NULLIF($2, 0),"
	              " NULLIF($3, 0), NULLIF($4, 0), NULLIF($5, 0), $6, $7, $8,"
	              " $9, $10, $11, $12, $13, $14, $15, $16, $17, $18,"
	              " $19, $20)",
	              "iiiiittttttttb"
	              "tiiitt",
	              row->id, row->ticket, row->message, row->delivery,
	              row->person, row->kind, row->purpose, row->template,
	              row->to, row->from, row->subject, row->message_id,
	              row->envelope, row->body, outbox_state_name(row->state),
	              (int64_t)row->resend_uncertain, row->created_at,
	              row->next_attempt_at,
	              row->channel == NULL ? "" : row->channel,
	              domain_of(row->to)) &&
	       rows_sequence_take(store, "outbox", row->id, error);
}

OutboxRow *
rows_outbox_head(Store *store, int64_t id, GError **error)
{
	GError *trouble = NULL;
	g_autoptr(DbStatement) rows =
		db_query(store->db, &trouble,
	                 OUTBOX_COLUMNS "FROM outbox WHERE id = $1", "i", id);

	if (rows != NULL && db_next(rows, &trouble))
		return read_row(rows);
	if (trouble == NULL)
		error_set(&trouble, ERROR_NOT_FOUND,
		          "no outgoing mail %" G_GINT64_FORMAT, id);
	g_propagate_error(error, trouble);
	return NULL;
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

/* One statement for each index that answers it. */
#define COUNT_QUERY                                          \
	"SELECT count(*) FROM outbox WHERE created_at >= $1" \
	" AND ($2 IS NULL OR template = $2)"                 \
	" AND ($3 = 0 OR ticket = $3)"
#define COUNT_TO \
	COUNT_QUERY " AND recipient = $5 AND ($4 IS NULL OR purpose = $4)"
#define COUNT_PURPOSE COUNT_QUERY " AND purpose = $4"

bool
store_count_outbox(Store *store, const OutboxCount *count, int64_t *out_count,
                   GError **error)
{
	if (count->to != NULL)
		return db_number(store->db, out_count, error, COUNT_TO, "ititt",
		                 count->since, count->template, count->ticket,
		                 count->purpose, count->to);
	if (count->purpose != NULL)
		return db_number(store->db, out_count, error, COUNT_PURPOSE,
		                 "itit", count->since, count->template,
		                 count->ticket, count->purpose);
	return db_number(store->db, out_count, error, COUNT_QUERY, "iti",
	                 count->since, count->template, count->ticket);
}
