#include <string.h>

#include "clerk/gather_part.h"

static void
seen(Gathering *g, SeenBefore how, Delivery *other)
{
	g->gathered->other = other;
	g->facts->other = other;
	g->facts->seen = how;
}

static bool
is_strict_prefix(GBytes *shorter, GBytes *longer)
{
	gsize size;
	const void *data = g_bytes_get_data(shorter, &size);

	return size < g_bytes_get_size(longer) &&
	       memcmp(data, g_bytes_get_data(longer, NULL), size) == 0;
}

/* A pipe has no end-of-message mark: the same Message-ID, and one the beginning
 * of the other, is one mail whose first copy was cut (C-12). */
static bool
compare_with(Gathering *g, Delivery *other, SeenBefore *out_how)
{
	g_autoptr(GBytes) octets =
		store_raw_get(g->place->store, other->sha256, g->error);

	if (octets == NULL)
		return false;
	if (is_strict_prefix(octets, g->arrival->raw))
		*out_how = SEEN_LONGER;
	else if (is_strict_prefix(g->arrival->raw, octets))
		*out_how = SEEN_TRUNCATED;
	else
		*out_how = SEEN_NOT;
	return true;
}

static Delivery *
take_first(GPtrArray *deliveries, unsigned i)
{
	return g_ptr_array_steal_index(deliveries, i);
}

static bool
look_for_truncated(Gathering *g)
{
	if (g->mail->message_id == NULL ||
	    g_strcmp0(g->arrival->door, "pipe") != 0)
		return true;
	g_autoptr(GPtrArray) like =
		store_deliveries_like(g->place->store, NULL,
	                              g->mail->message_id,
	                              g->place->now - SAME_MAIL_SECONDS,
	                              g->error);
	if (like == NULL)
		return false;
	for (unsigned i = 0; i < like->len; i++) {
		SeenBefore how;

		if (!compare_with(g, like->pdata[i], &how))
			return false;
		if (how != SEEN_NOT) {
			seen(g, how, take_first(like, i));
			return true;
		}
	}
	return true;
}

bool
gather_seen(Gathering *g)
{
	GError *trouble = NULL;

	if (g->arrival->door_key != NULL) {
		Delivery *same =
			store_delivery_by_key(g->place->store,
		                              g->arrival->door_key, &trouble);

		if (trouble != NULL) {
			g_propagate_error(g->error, trouble);
			return false;
		}
		if (same != NULL) {
			seen(g, SEEN_SAME, same);
			return true;
		}
	}
	/* a mailbox offers its old mail again when its UIDs change (M-05) */
	bool is_ageless = g->arrival->is_import || g->arrival->door_key != NULL;
	int64_t since = is_ageless ? 0 : g->place->now - SAME_MAIL_SECONDS;
	g_autoptr(GPtrArray) like =
		store_deliveries_like(g->place->store, g->mail->content_hash,
	                              NULL, since, g->error);
	if (like == NULL)
		return false;
	if (like->len > 0) {
		seen(g, SEEN_SAME, take_first(like, 0));
		return true;
	}
	return look_for_truncated(g);
}
