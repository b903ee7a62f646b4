#include <zlib.h>

#include "base/error.h"

#include "store/rows.h"

/* ---- raw mail ---- */

enum { CODEC_PLAIN, CODEC_ZLIB };

/* level 1: half the gain of the best for a tenth of its time */
#define ZLIB_LEVEL          1
/* below this nothing is won */
#define COMPRESS_OCTETS_MIN 512

/* NULL where less than a tenth is saved: base64 of photographs, mostly. */
static GBytes *
compressed(GBytes *octets)
{
	gsize size;
	const void *data = g_bytes_get_data(octets, &size);

	if (size < COMPRESS_OCTETS_MIN)
		return NULL;
	uLongf length = compressBound(size);
	g_autofree guint8 *out = g_malloc(length);
	if (compress2(out, &length, data, size, ZLIB_LEVEL) != Z_OK ||
	    length > size - size / 10)
		return NULL;
	return g_bytes_new_take(g_realloc(g_steal_pointer(&out), length),
	                        length);
}

static bool
has_raw(Store *store, const char *sha256, bool *out_has, GError **error)
{
	int64_t count;

	if (!db_number(store->db, &count, error,
	               "SELECT count(*) FROM raw WHERE sha256 = $1", "t",
	               sha256))
		return false;
	*out_has = count > 0;
	return true;
}

bool
store_raw_put(Store *store, const char *sha256, GBytes *octets, GError **error)
{
	bool has;

	if (!has_raw(store, sha256, &has, error))
		return false;
	if (has)
		return true;
	g_autoptr(GBytes) small = compressed(octets);
	return db_run(store->db, error,
	              "INSERT INTO raw (sha256, size, codec, octets)"
	              " VALUES ($1, $2, $3, $4)",
	              "tiib", sha256, (int64_t)g_bytes_get_size(octets),
	              (int64_t)(small == NULL ? CODEC_PLAIN : CODEC_ZLIB),
	              small == NULL ? octets : small);
}

static GBytes *
expanded(GBytes *octets, int64_t size)
{
	uLongf length = (uLongf)size;
	g_autofree guint8 *out = g_malloc(length == 0 ? 1 : length);
	gsize small_size;
	const void *small = g_bytes_get_data(octets, &small_size);

	if (uncompress(out, &length, small, small_size) != Z_OK ||
	    length != (uLongf)size)
		return NULL;
	return g_bytes_new_take(g_steal_pointer(&out), length);
}

static GBytes *
read_raw(DbStatement *row)
{
	g_autoptr(GBytes) kept = db_blob(row, 2);

	if (kept == NULL || db_int(row, 0) < 0)
		return NULL;
	if (db_int(row, 1) == CODEC_PLAIN)
		return g_steal_pointer(&kept);
	return expanded(kept, db_int(row, 0));
}

GBytes *
store_raw_get(Store *store, const char *sha256, GError **error)
{
	GError *trouble = NULL;
	g_autoptr(DbStatement) row = db_query(
		store->db, error,
		"SELECT size, codec, octets FROM raw WHERE sha256 = $1", "t",
		sha256);

	if (row == NULL)
		return NULL;
	if (!db_next(row, &trouble)) {
		if (trouble == NULL)
			error_set(error, ERROR_NOT_FOUND, "no raw mail %s",
			          sha256);
		else
			g_propagate_error(error, trouble);
		return NULL;
	}
	g_autoptr(GBytes) octets = read_raw(row);
	g_autofree char *found =
		octets == NULL ? NULL
			       : g_compute_checksum_for_bytes(G_CHECKSUM_SHA256,
	                                                      octets);
	if (g_strcmp0(found, sha256) != 0) {
		error_set(error, ERROR_IO, "raw mail %s is damaged", sha256);
		return NULL;
	}
	return g_steal_pointer(&octets);
}

/* ---- the ledger ---- */

#define DELIVERY_COLUMNS                                                     \
	"SELECT id, door, door_key, sha256, size, content_hash, message_id," \
	" envelope_sender, recipients, received_at, state, ticket, message," \
	" other, reason FROM delivery "

static Delivery *
read_delivery(DbStatement *row)
{
	Delivery *delivery = delivery_new();

	delivery->id = db_int(row, 0);
	delivery->door = db_dup(row, 1);
	delivery->door_key = db_dup(row, 2);
	delivery->sha256 = db_dup(row, 3);
	delivery->size = db_int(row, 4);
	delivery->content_hash = db_dup(row, 5);
	delivery->message_id = db_dup(row, 6);
	delivery->envelope_sender = db_dup(row, 7);
	rows_split(db_text(row, 8), delivery->recipients);
	delivery->received_at = db_int(row, 9);
	delivery_state_from_name(db_text(row, 10), &delivery->state);
	delivery->ticket = db_int(row, 11);
	delivery->message = db_int(row, 12);
	delivery->other = db_int(row, 13);
	delivery->reason = db_dup(row, 14);
	return delivery;
}

bool
store_delivery_add(Store *store, Delivery *delivery, GError **error)
{
	g_autofree char *recipients = rows_join(delivery->recipients);

	return db_number(
		store->db, &delivery->id, error,
		"INSERT INTO delivery (door, door_key, sha256, size,"
		" content_hash, message_id, envelope_sender, recipients,"
		" received_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)"
		" RETURNING id",
		"tttitttti", delivery->door, delivery->door_key,
		delivery->sha256, delivery->size, delivery->content_hash,
		delivery->message_id, delivery->envelope_sender, recipients,
		delivery->received_at);
}

bool
store_delivery_settle(Store *store, const Delivery *delivery, GError **error)
{
	return db_run(store->db, error,
	              "UPDATE delivery SET state = $2, ticket = NULLIF($3, 0),"
	              " message = NULLIF($4, 0), other = NULLIF($5, 0),"
	              " reason = $6 WHERE id = $1",
	              "itiiit", delivery->id,
	              delivery_state_name(delivery->state), delivery->ticket,
	              delivery->message, delivery->other, delivery->reason);
}

/* The first row, or NULL without error. */
static Delivery *
first_delivery(DbStatement *rows, GError **error)
{
	if (rows == NULL || !db_next(rows, error))
		return NULL;
	return read_delivery(rows);
}

Delivery *
store_delivery_get(Store *store, int64_t id, GError **error)
{
	GError *trouble = NULL;
	g_autoptr(DbStatement) rows =
		db_query(store->db, &trouble, DELIVERY_COLUMNS "WHERE id = $1",
	                 "i", id);
	Delivery *delivery = first_delivery(rows, &trouble);

	if (delivery == NULL && trouble == NULL)
		error_set(&trouble, ERROR_NOT_FOUND,
		          "no delivery %" G_GINT64_FORMAT, id);
	if (trouble != NULL)
		g_propagate_error(error, trouble);
	return delivery;
}

Delivery *
store_delivery_by_key(Store *store, const char *door_key, GError **error)
{
	g_autoptr(DbStatement) rows =
		db_query(store->db, error,
	                 DELIVERY_COLUMNS "WHERE door_key = $1", "t", door_key);

	return first_delivery(rows, error);
}

static GPtrArray *
all_deliveries(DbStatement *rows, GError **error)
{
	GError *trouble = NULL;

	if (rows == NULL)
		return NULL;
	g_autoptr(GPtrArray) list =
		g_ptr_array_new_with_free_func((GDestroyNotify)delivery_free);
	while (db_next(rows, &trouble))
		g_ptr_array_add(list, read_delivery(rows));
	if (trouble != NULL) {
		g_propagate_error(error, trouble);
		return NULL;
	}
	return g_steal_pointer(&list);
}

GPtrArray *
store_deliveries_like(Store *store, const char *content_hash,
                      const char *message_id, int64_t since, GError **error)
{
	g_autoptr(DbStatement) rows =
		message_id == NULL
			? db_query(
				  store->db, error,
				  DELIVERY_COLUMNS
				  "WHERE content_hash = $1 AND received_at >= $2"
				  " ORDER BY id",
				  "ti", content_hash, since)
			: db_query(store->db, error,
	                           DELIVERY_COLUMNS
	                           "WHERE message_id = $1 AND received_at >= $2"
	                           " ORDER BY id",
	                           "ti", message_id, since);

	return all_deliveries(rows, error);
}

GPtrArray *
store_deliveries(Store *store, const char *message_id, GError **error)
{
	g_autoptr(DbStatement) rows =
		message_id == NULL
			? db_query(store->db, error,
	                           DELIVERY_COLUMNS "ORDER BY id", "")
			: db_query(store->db, error,
	                           DELIVERY_COLUMNS
	                           "WHERE message_id = $1 ORDER BY id",
	                           "t", message_id);

	return all_deliveries(rows, error);
}

/* ---- mails that kill ---- */

static bool
take(Store *store, const char *sha256, GError **error)
{
	return db_run(
		store->db, error,
		"INSERT INTO hand (sha256, times) VALUES ($1, 1)"
		" ON CONFLICT (sha256) DO UPDATE SET times = hand.times + 1",
		"t", sha256);
}

bool
store_hand_take(Store *store, const char *sha256, GError **error)
{
	if (!store_begin(store, error))
		return false;
	if (!take(store, sha256, error)) {
		store_rollback(store);
		return false;
	}
	return store_commit(store, error);
}

bool
store_hand_times(Store *store, const char *sha256, int *out_times,
                 GError **error)
{
	int64_t times;

	if (!db_number(store->db, &times, error,
	               "SELECT times FROM hand WHERE sha256 = $1", "t", sha256))
		return false;
	*out_times = (int)times;
	return true;
}

bool
store_hand_release(Store *store, const char *sha256, GError **error)
{
	return db_run(store->db, error, "DELETE FROM hand WHERE sha256 = $1",
	              "t", sha256);
}
