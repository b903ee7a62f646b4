#include "base/error.h"
#include "base/fault.h"
#include "base/log.h"

#include "intake/poll_private.h"
#include "intake/pop3.h"

/* Of a mail over the limit: its header and so many lines. */
#define STUB_LINES 200
/* Headers of a mail that is not fetched whole, and their lines. */
#define STUB_MAX   ((size_t)1 << 20)

typedef struct Visit {
	Poller *poller;
	Pop3 *pop3;
	bool has_deleted;
} Visit;

/* One batch on its way in. */
typedef struct Catch {
	PollMail mails[POLL_BATCH_MAILS];
	uint32_t numbers[POLL_BATCH_MAILS];
	bool is_kept[POLL_BATCH_MAILS]; /* not whole: not to be deleted */
	unsigned count;
	size_t octets;
} Catch;

static void
catch_clear(Catch *caught)
{
	for (unsigned i = 0; i < caught->count; i++)
		poll_mail_clear(&caught->mails[i]);
	caught->count = 0;
	caught->octets = 0;
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Catch, catch_clear)

/* NULL: the server has no id that could be relied on */
static char *
key_of(const Visit *visit, const Pop3Entry *entry)
{
	return entry->uidl == NULL
	               ? NULL
	               : g_strdup_printf("%s:%s", visit->poller->door,
	                                 entry->uidl);
}

/* M-16: without an id the content is one. */
static char *
key_of_content(const Visit *visit, GBytes *raw)
{
	g_autofree char *digest =
		g_compute_checksum_for_bytes(G_CHECKSUM_SHA256, raw);

	return g_strdup_printf("%s:sha256:%s", visit->poller->door, digest);
}

static bool delete (Visit *visit, uint32_t number, GError **error)
{
	if (visit->poller->after != POLL_DELETE)
		return true;
	visit->has_deleted = true;
	return pop3_delete(visit->pop3, number, error);
}

static bool
delete_known(Visit *visit, const char *key, uint32_t number, GError **error)
{
	bool is_kept = false;

	if (visit->poller->after == POLL_DELETE &&
	    !ledger_is_kept(visit->poller->ledger, key, &is_kept, error))
		return false;
	return is_kept || delete (visit, number, error);
}

static bool
flush(Visit *visit, Catch *caught, GError **error)
{
	for (unsigned i = 0; i < caught->count; i++)
		if (caught->is_kept[i] && visit->poller->after == POLL_DELETE &&
		    !ledger_keep(visit->poller->ledger, caught->mails[i].key,
		                 error))
			return false;
	if (!poll_take(visit->poller, caught->mails, caught->count, error))
		return false;
	for (unsigned i = 0; i < caught->count; i++)
		if (!caught->is_kept[i] &&
		    !delete (visit, caught->numbers[i], error))
			return false;
	catch_clear(caught);
	return true;
}

/* ---- fetching ---- */

static bool
is_too_big(const Visit *visit, const Pop3Entry *entry)
{
	return entry->size > visit->poller->desk->limits.message_octets;
}

static size_t
octets_max(const Visit *visit, const Pop3Entry *entry)
{
	return entry->size == 0
	               ? (size_t)visit->poller->desk->limits.message_octets
	               : 2 * (size_t)entry->size + POLL_STUB_OCTETS;
}

static GBytes *
fetch(Visit *visit, const Pop3Entry *entry, GError **error)
{
	if (is_too_big(visit, entry))
		return pop3_retrieve(visit->pop3, entry->number, STUB_LINES,
		                     STUB_MAX, error);
	return pop3_retrieve(visit->pop3, entry->number, 0,
	                     octets_max(visit, entry), error);
}

static bool
is_odd(const Visit *visit, const Pop3Entry *entry, GBytes *raw)
{
	return entry->size != 0 && !is_too_big(visit, entry) &&
	       g_bytes_get_size(raw) != entry->size;
}

/* The server may have cut it: three tries (M-09). */
static GBytes *
fetch_well(Visit *visit, const Pop3Entry *entry, GError **error)
{
	GBytes *raw = fetch(visit, entry, error);

	for (unsigned tries = 1;
	     raw != NULL && tries < POLL_TRIES_MAX && is_odd(visit, entry, raw);
	     tries++) {
		g_bytes_unref(raw);
		raw = fetch(visit, entry, error);
	}
	return raw;
}

static bool
add_to_catch(Visit *visit, const Pop3Entry *entry, GBytes *raw, char *key,
             Catch *caught)
{
	PollMail *mail = &caught->mails[caught->count];

	*mail = (PollMail){ .key = key, .raw = g_bytes_ref(raw) };
	if (is_too_big(visit, entry))
		mail->missing = poll_missing_words(visit->poller, entry->size);
	if (is_odd(visit, entry, raw))
		mail->remark = "size mismatch: the server announced another "
			       "length";
	caught->numbers[caught->count] = entry->number;
	caught->is_kept[caught->count] =
		mail->missing != NULL || mail->remark != NULL;
	caught->count++;
	caught->octets += g_bytes_get_size(raw);
	return caught->count == POLL_BATCH_MAILS ||
	       caught->octets >= POLL_BATCH_OCTETS;
}

/* The content is the key: only now it can be known. */
static bool
is_known_by_content(Visit *visit, const char *key, uint32_t number,
                    bool *out_is_known, GError **error)
{
	PollKnown known;

	if (!poll_is_known(visit->poller, key, &known, error))
		return false;
	*out_is_known = known != POLL_UNKNOWN;
	return known != POLL_TAKEN || delete_known(visit, key, number, error);
}

static bool
keep_or_drop(Visit *visit, const Pop3Entry *entry, GBytes *raw, Catch *caught,
             GError **error)
{
	char *key = key_of(visit, entry);
	bool is_known = false;

	if (key == NULL) {
		key = key_of_content(visit, raw);
		bool is_fine = is_known_by_content(visit, key, entry->number,
		                                   &is_known, error);
		if (!is_fine || is_known) {
			g_free(key);
			return is_fine;
		}
	}
	return !add_to_catch(visit, entry, raw, key, caught) ||
	       flush(visit, caught, error);
}

/* A mail that the server refuses, or over which the link dies, is counted; the
 * third time it is left where it is, and told (M-17). */
static bool
fail(Visit *visit, const Pop3Entry *entry, GError *trouble, GError **error)
{
	g_autofree char *key = key_of(visit, entry);
	bool is_refused =
		g_error_matches(trouble, POSTIGO_ERROR, ERROR_REFUSED);
	bool is_counted =
		key == NULL ||
		g_error_matches(trouble, POSTIGO_ERROR, ERROR_LATER) ||
		poll_failed(visit->poller, key, trouble->message,
	                    is_refused ? error : NULL);

	if (is_refused) {
		g_error_free(trouble);
		return is_counted;
	}
	g_propagate_error(error, trouble);
	return false;
}

static bool
take_entry(Visit *visit, const Pop3Entry *entry, Catch *caught, GError **error)
{
	g_autofree char *key = key_of(visit, entry);
	PollKnown known = POLL_UNKNOWN;
	GError *trouble = NULL;

	if (key != NULL && !poll_is_known(visit->poller, key, &known, error))
		return false;
	if (known == POLL_TAKEN)
		return delete_known(visit, key, entry->number, error);
	if (known == POLL_GIVEN_UP)
		return true;
	g_autoptr(GBytes) raw = fetch_well(visit, entry, &trouble);
	if (raw == NULL)
		return fail(visit, entry, trouble, error);
	return keep_or_drop(visit, entry, raw, caught, error);
}

static bool
take_all(Visit *visit, const GArray *entries, GError **error)
{
	g_auto(Catch) caught = { .count = 0 };

	for (unsigned i = 0; i < entries->len; i++)
		if (!take_entry(visit, &g_array_index(entries, Pop3Entry, i),
		                &caught, error)) {
			/* what came before is ours, whatever happened after */
			flush(visit, &caught, NULL);
			return false;
		}
	return flush(visit, &caught, error);
}

/* ---- a look ---- */

static bool
begin(Pop3 *pop3, const Poller *poller, GError **error)
{
	const Inbox *mailbox = poller->mailbox;
	g_autofree char *secret = poll_secret(poller, error);
	bool may_stay_clear = g_strcmp0(mailbox->tls, "never") == 0;

	if (secret == NULL)
		return false;
	MailLogin login = { mailbox->user, secret, mailbox->auth };
	return pop3_greet(pop3, may_stay_clear, error) &&
	       pop3_login(pop3, &login, error);
}

bool
poll_pop3(Poller *poller, GError **error)
{
	const PollOptions *options = poller->options;
	Pop3Times times = { options->idle_ms, options->total_ms };
	Wire *wire = poll_connect(poller, error);

	if (wire == NULL)
		return false;
	g_autoptr(Pop3) pop3 =
		pop3_new(wire, options->idle_ms == 0 ? NULL : &times);
	if (!begin(pop3, poller, error))
		return false;
	g_autoptr(GArray) entries = pop3_list(pop3, error);
	Visit visit = { .poller = poller, .pop3 = pop3 };
	if (entries == NULL || !take_all(&visit, entries, error))
		return false;
	FAULT_POINT("poll.quit");
	/* without its +OK nothing was deleted; the next look does it again */
	if (!pop3_quit(pop3, error) && visit.has_deleted)
		return false;
	g_clear_error(error);
	return poll_looked(poller, error);
}
