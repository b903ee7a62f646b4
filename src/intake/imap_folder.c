#include <stdlib.h>
#include <string.h>

#include "base/error.h"

#include "intake/imap_private.h"

/* A server that has said so much of one mail says too much. */
#define ENTRY_OCTETS 512

void
imap_entry_clear(ImapEntry *entry)
{
	g_clear_pointer(&entry->body, g_bytes_unref);
}

bool
imap_select(Imap *imap, const char *name, GError **error)
{
	g_autofree char *encoded = imap_name_encode(name);
	g_autofree char *quoted = imap_quote(encoded);
	g_autofree char *command = g_strconcat("SELECT ", quoted, NULL);

	memset(&imap->folder, 0, sizeof imap->folder);
	if (!imap_send(imap, command, error) ||
	    !imap_finish(imap, NULL, error)) {
		g_prefix_error(error, "folder %s: ", name);
		return false;
	}
	/* the tagged OK has no place in learn_untagged() */
	const char *words = imap_reply_words(imap_reader_reply(imap->reader));
	if (g_ascii_strncasecmp(words, "[READ-ONLY]", 11) == 0)
		imap->folder.is_read_only = true;
	return true;
}

/* ---- listing ---- */

typedef struct Listing {
	GArray *entries;
	uint32_t first;
	uint32_t last;
	bool has_more;
} Listing;

/* "n:*" always brings the last mail, and servers tell of others, too. */
static void
list_entry(void *data, ImapEntry *entry)
{
	Listing *listing = data;

	if (entry->uid < listing->first || entry->uid > listing->last)
		return;
	if (listing->entries->len >= IMAP_LIST_MAX)
		listing->has_more = true;
	else
		g_array_append_vals(listing->entries,
		                    &(ImapEntry){ entry->uid, entry->size,
		                                  entry->is_seen,
		                                  entry->is_deleted, NULL },
		                    1);
}

static int
by_uid(gconstpointer a, gconstpointer b)
{
	const ImapEntry *one = a;
	const ImapEntry *other = b;

	return one->uid < other->uid ? -1 : one->uid > other->uid;
}

static void
drop_twins(GArray *entries)
{
	unsigned kept = 0;

	for (unsigned i = 0; i < entries->len; i++) {
		const ImapEntry *entry = &g_array_index(entries, ImapEntry, i);

		if (kept == 0 ||
		    g_array_index(entries, ImapEntry, kept - 1).uid !=
		            entry->uid)
			g_array_index(entries, ImapEntry, kept++) = *entry;
	}
	g_array_set_size(entries, kept);
}

static bool
run_for(Imap *imap, const char *command,
        void (*on_entry)(void *entries, ImapEntry *entry), void *entries,
        GError **error)
{
	imap->on_entry = on_entry;
	imap->entries = entries;
	bool is_done = imap_run(imap, command, error);
	imap->on_entry = NULL;
	return is_done;
}

bool
imap_list(Imap *imap, uint32_t first, uint32_t last, GArray *entries,
          bool *out_has_more, GError **error)
{
	Listing listing = { entries, first, last == 0 ? G_MAXUINT32 : last,
		            false };
	g_autofree char *end =
		last == 0 ? g_strdup("*") : g_strdup_printf("%u", last);
	g_autofree char *command =
		g_strdup_printf("UID FETCH %u:%s (UID RFC822.SIZE FLAGS)",
	                        first, end);

	imap->has_news = false;
	imap_allow(imap, 0, (size_t)imap->folder.exists * ENTRY_OCTETS);
	bool is_done = run_for(imap, command, list_entry, &listing, error);
	imap_allow(imap, 0, 0);
	if (!is_done)
		return false;
	g_array_sort(entries, by_uid);
	drop_twins(entries);
	*out_has_more = listing.has_more;
	return true;
}

/* ---- fetching ---- */

/* "3,5:7": each run of UIDs as one range */
static char *
uid_set(const uint32_t *uids, unsigned count)
{
	GString *set = g_string_new(NULL);

	for (unsigned i = 0, end; i < count; i = end) {
		for (end = i + 1;
		     end < count && uids[end] == uids[end - 1] + 1;)
			end++;
		g_string_append_printf(set, "%s%u", i == 0 ? "" : ",", uids[i]);
		if (end > i + 1)
			g_string_append_printf(set, ":%u", uids[end - 1]);
	}
	return g_string_free(set, FALSE);
}

typedef struct Fetching {
	ImapEntry *entries; /* by UID */
	unsigned count;
} Fetching;

static void
fetch_entry(void *data, ImapEntry *entry)
{
	Fetching *fetching = data;
	ImapEntry *found = bsearch(entry, fetching->entries, fetching->count,
	                           sizeof *entry, by_uid);

	if (found != NULL && found->body == NULL)
		found->body = g_steal_pointer(&entry->body);
}

/* M-10: a mail may be twice as long as it was said to be, and no longer */
static void
allow_bodies(Imap *imap, const ImapEntry *entries, unsigned count,
             size_t octets)
{
	size_t all = 0;
	size_t largest = 0;

	for (unsigned i = 0; i < count; i++) {
		size_t size = octets > 0 ? octets : entries[i].size;

		all += 2 * size + ENTRY_OCTETS;
		largest = MAX(largest, 2 * size);
	}
	imap_allow(imap, largest, all);
}

bool
imap_fetch(Imap *imap, ImapEntry *entries, unsigned count, size_t octets,
           GError **error)
{
	Fetching fetching = { entries, count };
	g_autofree uint32_t *uids = g_new(uint32_t, count);
	g_autofree char *part =
		octets == 0 ? g_strdup("") : g_strdup_printf("<0.%zu>", octets);

	for (unsigned i = 0; i < count; i++)
		uids[i] = entries[i].uid;
	g_autofree char *set = uid_set(uids, count);
	g_autofree char *command =
		g_strdup_printf("UID FETCH %s (UID BODY.PEEK[]%s)", set, part);
	allow_bodies(imap, entries, count, octets);
	bool is_done = run_for(imap, command, fetch_entry, &fetching, error);
	imap_allow(imap, 0, 0);
	return is_done;
}

/* ---- done with ---- */

static bool
run_on(Imap *imap, const char *verb, const GArray *uids, const char *rest,
       GError **error)
{
	g_autofree char *set =
		uid_set((const uint32_t *)(void *)uids->data, uids->len);
	g_autofree char *command =
		g_strdup_printf("UID %s %s%s%s", verb, set,
	                        *rest == '\0' ? "" : " ", rest);

	return imap_run(imap, command, error);
}

bool
imap_mark_seen(Imap *imap, const GArray *uids, GError **error)
{
	return run_on(imap, "STORE", uids, "+FLAGS.SILENT (\\Seen)", error);
}

/* Without UIDPLUS they stay, marked: EXPUNGE alone takes others' along. */
bool
imap_delete(Imap *imap, const GArray *uids, GError **error)
{
	if (!run_on(imap, "STORE", uids, "+FLAGS.SILENT (\\Deleted)", error))
		return false;
	return (imap->capabilities & CAN_UIDPLUS) == 0 ||
	       run_on(imap, "EXPUNGE", uids, "", error);
}

static bool
move_once(Imap *imap, const GArray *uids, const char *quoted, GError **error)
{
	if ((imap->capabilities & CAN_MOVE) != 0)
		return run_on(imap, "MOVE", uids, quoted, error);
	return run_on(imap, "COPY", uids, quoted, error) &&
	       imap_delete(imap, uids, error);
}

bool
imap_move(Imap *imap, const GArray *uids, const char *name, GError **error)
{
	g_autofree char *encoded = imap_name_encode(name);
	g_autofree char *quoted = imap_quote(encoded);
	g_autofree char *create = g_strconcat("CREATE ", quoted, NULL);
	g_autoptr(GError) trouble = NULL;

	if (move_once(imap, uids, quoted, &trouble))
		return true;
	/* RFC 3501 section 6.4.7: the folder is not there, but could be */
	if (g_error_matches(trouble, POSTIGO_ERROR, ERROR_REFUSED) &&
	    strstr(trouble->message, "[TRYCREATE]") != NULL &&
	    imap_run(imap, create, NULL))
		return move_once(imap, uids, quoted, error);
	g_propagate_error(error, g_steal_pointer(&trouble));
	return false;
}

/* ---- waiting ---- */

bool
imap_can_idle(const Imap *imap)
{
	return (imap->capabilities & CAN_IDLE) != 0;
}

static gint64
monotonic_ms(void)
{
	return g_get_monotonic_time() / 1000;
}

/* RFC 2177: after the "+" the server speaks when something happens. */
static bool
hear(Imap *imap, int ms, ImapNews *out_news, GError **error)
{
	gint64 until = monotonic_ms() + ms;

	for (;;) {
		gint64 left = MAX(0, until - monotonic_ms());
		WireNews news = imap->at < imap->end
		                        ? WIRE_SPOKE
		                        : wire_await(imap->wire, (int)left);

		*out_news = news == WIRE_STOPPED ? IMAP_STOPPED : IMAP_QUIET;
		if (news != WIRE_SPOKE)
			return true;
		wire_limit(imap->wire, imap->times.idle_ms,
		           imap->times.total_ms, ANSWER_OCTETS_MAX);
		if (imap_next(imap, error) == NULL)
			return false;
		*out_news = imap->has_news ? IMAP_NEWS : IMAP_QUIET;
		if (imap->has_news || left == 0)
			return true;
	}
}

/* M-13: lines before the "+" are lines like others. */
static bool
await_go_on(Imap *imap, GError **error)
{
	for (;;) {
		const ImapReply *reply = imap_next(imap, error);

		if (reply == NULL)
			return false;
		if (reply->kind == IMAP_GO_ON)
			return true;
		if (reply->kind == IMAP_TAGGED)
			return error_set(error, ERROR_REFUSED, "no IDLE");
	}
}

bool
imap_idle(Imap *imap, int ms, ImapNews *out_news, GError **error)
{
	static const char done[] = "DONE\r\n";

	*out_news = IMAP_NEWS;
	if (imap->has_news)
		return true;
	if (!imap_send(imap, "IDLE", error) || !await_go_on(imap, error) ||
	    !hear(imap, ms, out_news, error))
		return false;
	wire_limit(imap->wire, imap->times.idle_ms, imap->times.total_ms,
	           ANSWER_OCTETS_MAX);
	return wire_write(imap->wire, done, strlen(done), error) &&
	       imap_finish(imap, NULL, error);
}
