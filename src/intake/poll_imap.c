#include "base/clock.h"
#include "base/error.h"
#include "base/fault.h"
#include "base/log.h"

#include "intake/imap.h"
#include "intake/poll_private.h"

/* UIDs asked for at once where it is not known how many there are. */
#define WINDOW_UIDS      1000
#define WINDOW_GROWTH    4
/* RFC 2177: servers may hang up after 30 minutes. */
#define IDLE_SECONDS_MAX (24 * 60)

/* One look at the folder. */
typedef struct Visit {
	Poller *poller;
	Imap *imap;
	bool is_sweep;         /* all UIDs are compared, not only new ones */
	bool cannot_settle;    /* the server refuses what is to be done after */
	uint32_t done;         /* the highest UID that was listed */
	uint32_t first_undone; /* the lowest that is to be tried again; 0: none
	                        */
} Visit;

static char *
key_of(const Visit *visit, uint32_t uid)
{
	return g_strdup_printf("%s:%u:%u", visit->poller->door,
	                       visit->poller->state.epoch, uid);
}

/* ---- after a mail is ours ---- */

static bool
settle_as_told(Visit *visit, const GArray *uids, GError **error)
{
	const Poller *poller = visit->poller;

	switch (poller->after) {
	case POLL_FLAG:
		return imap_mark_seen(visit->imap, uids, error);
	case POLL_DELETE:
		return imap_delete(visit->imap, uids, error);
	case POLL_MOVE:
		return imap_move(visit->imap, uids, poller->after_folder,
		                 error);
	case POLL_KEEP:
		return true;
	}
	g_assert_not_reached();
}

/* A folder that may not be written is read all the same, and told (M-14). */
static void
tell_unsettled(Visit *visit, const GError *why)
{
	const Poller *poller = visit->poller;
	g_autofree char *subject =
		g_strdup_printf("Mailbox %s: mails cannot be marked as done",
	                        poller->mailbox->name);
	g_autofree char *text = g_strdup_printf(
		"The mails of %s are fetched, but the server refuses what is "
		"to become of them afterwards:\n\n    %s\n\nNothing is lost "
		"and nothing is fetched twice; they stay in the mailbox.\n",
		poller->mailbox->name, why->message);

	visit->cannot_settle = true;
	log_event(LOG_LEVEL_ERROR, "not-settled", "mailbox",
	          poller->mailbox->name, "why", why->message, NULL);
	if (poller->state.settle_alarm == 0)
		visit->poller->state.settle_alarm =
			poll_alarm(visit->poller, subject, text);
}

static bool
settle(Visit *visit, const GArray *uids, GError **error)
{
	GError *trouble = NULL;

	if (uids->len == 0 || visit->cannot_settle)
		return true;
	if (settle_as_told(visit, uids, &trouble)) {
		poll_call_off(visit->poller,
		              &visit->poller->state.settle_alarm);
		return true;
	}
	if (g_error_matches(trouble, POSTIGO_ERROR, ERROR_REFUSED)) {
		tell_unsettled(visit, trouble);
		g_error_free(trouble);
		return true;
	}
	g_propagate_error(error, trouble);
	return false;
}

/* Something is left to be done with a mail that was taken in. */
static bool
is_unsettled(const Visit *visit, const ImapEntry *entry)
{
	switch (visit->poller->after) {
	case POLL_FLAG:
		/* below the mark it was flagged, and somebody took that back */
		return !entry->is_seen &&
		       entry->uid > visit->poller->state.mark;
	case POLL_DELETE:
	case POLL_MOVE:
		return !entry->is_deleted;
	case POLL_KEEP:
		return false;
	}
	g_assert_not_reached();
}

/* What was not fetched whole is not deleted. */
static bool
may_settle(Visit *visit, const char *key, bool *out_may, GError **error)
{
	bool is_kept = false;

	if (visit->poller->after == POLL_DELETE &&
	    !ledger_is_kept(visit->poller->ledger, key, &is_kept, error))
		return false;
	*out_may = !is_kept;
	return true;
}

/* ---- fetching ---- */

static void
try_again_later(Visit *visit, uint32_t uid)
{
	if (visit->first_undone == 0 || uid < visit->first_undone)
		visit->first_undone = uid;
}

/* The mails of one batch that came, and the UIDs that they had. */
typedef struct Catch {
	PollMail mails[POLL_BATCH_MAILS];
	unsigned count;
	GArray *uids; /* of uint32_t: those to settle */
} Catch;

static void
catch_release(Catch *caught)
{
	for (unsigned i = 0; i < caught->count; i++)
		poll_mail_clear(&caught->mails[i]);
	g_array_unref(caught->uids);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Catch, catch_release)

static bool
is_too_big(const Visit *visit, const ImapEntry *entry)
{
	return entry->size > visit->poller->desk->limits.message_octets;
}

/* A mail of another length than the server said may have been cut (M-09). */
static bool
is_odd(const Visit *visit, const ImapEntry *entry)
{
	return entry->body != NULL && entry->size != 0 &&
	       !is_too_big(visit, entry) &&
	       g_bytes_get_size(entry->body) != entry->size;
}

static bool
fetch_part(Visit *visit, ImapEntry *entries, unsigned count, GError **error)
{
	GError *trouble = NULL;
	size_t part = is_too_big(visit, &entries[0]) ? POLL_STUB_OCTETS : 0;

	if (imap_fetch(visit->imap, entries, count, part, &trouble))
		return true;
	/* M-13: "NO some of them no longer exist": the others have come */
	if (g_error_matches(trouble, POSTIGO_ERROR, ERROR_REFUSED)) {
		g_error_free(trouble);
		return true;
	}
	g_propagate_error(error, trouble);
	return false;
}

static bool
fetch_odd_again(Visit *visit, ImapEntry *entries, unsigned count,
                GError **error)
{
	for (unsigned i = 0; i < count; i++)
		for (unsigned tries = 1;
		     tries < POLL_TRIES_MAX && is_odd(visit, &entries[i]);
		     tries++) {
			imap_entry_clear(&entries[i]);
			if (!fetch_part(visit, &entries[i], 1, error))
				return false;
		}
	return true;
}

static bool
add_to_catch(Visit *visit, ImapEntry *entry, Catch *caught, GError **error)
{
	g_autofree char *key = key_of(visit, entry->uid);
	bool is_partial = is_too_big(visit, entry) || is_odd(visit, entry);
	PollMail *mail = &caught->mails[caught->count];

	if (entry->body == NULL) {
		try_again_later(visit, entry->uid);
		return poll_failed(visit->poller, key,
		                   "the server does not give it", error);
	}
	if (is_partial && visit->poller->after == POLL_DELETE &&
	    !ledger_keep(visit->poller->ledger, key, error))
		return false;
	if (is_odd(visit, entry))
		mail->remark = "size mismatch: the server announced another "
			       "length";
	if (is_too_big(visit, entry))
		mail->missing = poll_missing_words(visit->poller, entry->size);
	mail->key = g_steal_pointer(&key);
	mail->raw = g_steal_pointer(&entry->body);
	caught->count++;
	if (!is_partial || visit->poller->after != POLL_DELETE)
		g_array_append_val(caught->uids, entry->uid);
	return true;
}

static bool
take_batch(Visit *visit, ImapEntry *entries, unsigned count, GError **error)
{
	g_auto(Catch) caught = { .uids = g_array_new(FALSE, FALSE,
		                                     sizeof(uint32_t)) };

	if (!fetch_part(visit, entries, count, error) ||
	    !fetch_odd_again(visit, entries, count, error))
		return false;
	for (unsigned i = 0; i < count; i++)
		if (!add_to_catch(visit, &entries[i], &caught, error))
			return false;
	return poll_take(visit->poller, caught.mails, caught.count, error) &&
	       settle(visit, caught.uids, error);
}

/* A mail over which the link dies each time must not stop the others: it is
 * asked for alone, and counted before (faults.md M-17). */
static bool
take_carefully(Visit *visit, ImapEntry *entry, GError **error)
{
	g_autofree char *key = key_of(visit, entry->uid);
	GError *trouble = NULL;

	if (take_batch(visit, entry, 1, &trouble))
		return true;
	if (g_error_matches(trouble, POSTIGO_ERROR, ERROR_UNAVAILABLE))
		poll_failed(visit->poller, key, trouble->message, NULL);
	g_propagate_error(error, trouble);
	return false;
}

/* How many of the entries are fetched together. */
static unsigned
batch_size(const Visit *visit, const ImapEntry *entries, unsigned count)
{
	size_t octets = 0;
	unsigned size = 0;

	if (visit->poller->state.is_careful || is_too_big(visit, &entries[0]))
		return 1;
	while (size < count && size < POLL_BATCH_MAILS &&
	       !is_too_big(visit, &entries[size]) &&
	       (size == 0 || octets + entries[size].size <= POLL_BATCH_OCTETS))
		octets += entries[size++].size;
	return size;
}

static bool
take_wanted(Visit *visit, GArray *wanted, GError **error)
{
	ImapEntry *entries = (ImapEntry *)(void *)wanted->data;
	InboxState *state = &visit->poller->state;

	for (unsigned i = 0, size; i < wanted->len; i += size) {
		size = batch_size(visit, &entries[i], wanted->len - i);
		bool is_taken =
			state->is_careful
				? take_carefully(visit, &entries[i], error)
				: take_batch(visit, &entries[i], size, error);
		if (!is_taken) {
			state->is_careful = true;
			return false;
		}
	}
	return true;
}

/* ---- listing ---- */

typedef struct Sorted {
	GArray *wanted;  /* of ImapEntry: to fetch */
	GArray *settled; /* of uint32_t: taken in before, to settle */
} Sorted;

static bool
sort_entry(Visit *visit, const ImapEntry *entry, Sorted *sorted, GError **error)
{
	g_autofree char *key = key_of(visit, entry->uid);
	PollKnown known;
	bool may;

	if (!poll_is_known(visit->poller, key, &known, error) ||
	    !may_settle(visit, key, &may, error))
		return false;
	if (known == POLL_UNKNOWN)
		g_array_append_val(sorted->wanted, *entry);
	else if (known == POLL_TAKEN && may && is_unsettled(visit, entry))
		g_array_append_val(sorted->settled, entry->uid);
	return true;
}

static bool
take_listed(Visit *visit, const GArray *entries, GError **error)
{
	g_autoptr(GArray) wanted = g_array_new(FALSE, FALSE, sizeof(ImapEntry));
	g_autoptr(GArray) settled = g_array_new(FALSE, FALSE, sizeof(uint32_t));
	Sorted sorted = { wanted, settled };

	g_array_set_clear_func(wanted, (GDestroyNotify)imap_entry_clear);
	for (unsigned i = 0; i < entries->len; i++) {
		const ImapEntry *entry = &g_array_index(entries, ImapEntry, i);

		if (!sort_entry(visit, entry, &sorted, error))
			return false;
		visit->done = MAX(visit->done, entry->uid);
	}
	return settle(visit, settled, error) &&
	       take_wanted(visit, wanted, error);
}

/* Where the listing stands: UIDs from first, window of them at once. */
typedef struct Walk {
	uint32_t first;
	uint32_t window;
	uint32_t last; /* 0: to the end */
} Walk;

static void
aim(const Visit *visit, Walk *walk, bool is_narrow)
{
	uint32_t next = imap_folder(visit->imap)->uid_next;
	bool is_far = next > walk->first && next - walk->first > walk->window;

	walk->last = (is_far || is_narrow) &&
	                             walk->first < G_MAXUINT32 - walk->window
	                     ? walk->first + walk->window - 1
	                     : 0;
}

/* All from walk->first on, in pieces that fit (10^6 mails, M-18). */
static bool
walk_folder(Visit *visit, Walk *walk, GError **error)
{
	bool is_narrow = false;

	for (;;) {
		g_autoptr(GArray) entries =
			g_array_new(FALSE, FALSE, sizeof(ImapEntry));
		bool has_more;

		aim(visit, walk, is_narrow);
		if (!imap_list(visit->imap, walk->first, walk->last, entries,
		               &has_more, error))
			return false;
		if (has_more && walk->last != 0 && walk->window <= WINDOW_UIDS)
			return error_set(error, ERROR_UNAVAILABLE,
			                 "the server lists one UID twice");
		is_narrow |= has_more;
		if (has_more) {
			walk->window = WINDOW_UIDS;
			continue;
		}
		if (!take_listed(visit, entries, error))
			return false;
		if (walk->last == 0)
			return true;
		is_narrow &= entries->len > 0;
		walk->first = walk->last + 1;
		walk->window = entries->len > 0 ? WINDOW_UIDS
		               : walk->window > G_MAXUINT32 / WINDOW_GROWTH
		                       ? walk->window
		                       : walk->window * WINDOW_GROWTH;
	}
}

/* ---- a look ---- */

static bool
look_at_folder(Visit *visit, GError **error)
{
	InboxState *state = &visit->poller->state;
	int64_t now = clock_now();
	uint32_t old_mark = state->mark;

	visit->is_sweep = now - state->swept_at >= POLL_SWEEP_SECONDS ||
	                  now < state->swept_at;
	visit->done = old_mark;
	visit->first_undone = 0;
	Walk walk = { visit->is_sweep || old_mark == G_MAXUINT32 ? 1
		                                                 : old_mark + 1,
		      WINDOW_UIDS, 0 };
	if (!walk_folder(visit, &walk, error))
		return false;
	state->mark = visit->first_undone == 0
	                      ? visit->done
	                      : MIN(visit->done, visit->first_undone - 1);
	if (visit->is_sweep)
		state->swept_at = now;
	state->is_careful = false;
	return poll_looked(visit->poller, error);
}

/* M-05, M-06: other UIDs for the same mails; their content tells them. */
static void
meet_epoch(Visit *visit)
{
	InboxState *state = &visit->poller->state;
	uint32_t epoch = imap_folder(visit->imap)->epoch;

	if (epoch == 0) /* UIDs of this session only */
		epoch = (uint32_t)clock_now();
	if (state->epoch == epoch)
		return;
	if (state->epoch != 0)
		log_event(LOG_LEVEL_NOTICE, "uidvalidity-changed", "mailbox",
		          visit->poller->mailbox->name, NULL);
	state->epoch = epoch;
	state->mark = 0;
	state->swept_at = 0;
}

static bool
idle(Visit *visit, GError **error)
{
	int seconds = MIN(visit->poller->mailbox->interval, IDLE_SECONDS_MAX);
	ImapNews news = IMAP_QUIET;

	while (news != IMAP_STOPPED)
		if (!look_at_folder(visit, error) ||
		    !imap_idle(visit->imap, seconds * 1000, &news, error))
			return false;
	return true;
}

static bool
begin(Imap *imap, const Poller *poller, GError **error)
{
	const Inbox *mailbox = poller->mailbox;
	g_autofree char *secret = poll_secret(poller, error);
	bool may_stay_clear = g_strcmp0(mailbox->tls, "never") == 0;

	if (secret == NULL)
		return false;
	MailLogin login = { mailbox->user, secret, mailbox->auth };
	return imap_greet(imap, may_stay_clear, error) &&
	       imap_login(imap, &login, error) &&
	       imap_select(imap, poller->folder, error);
}

bool
poll_imap(Poller *poller, GError **error)
{
	const PollOptions *options = poller->options;
	Wire *wire = poll_connect(poller, error);
	ImapTimes times = { options->idle_ms, options->total_ms };

	if (wire == NULL)
		return false;
	g_autoptr(Imap) imap =
		imap_new(wire, options->idle_ms == 0 ? NULL : &times);
	if (!begin(imap, poller, error))
		return false;
	Visit visit = { .poller = poller, .imap = imap };
	meet_epoch(&visit);
	bool is_done = !options->once && imap_can_idle(imap)
	                       ? idle(&visit, error)
	                       : look_at_folder(&visit, error);
	if (is_done)
		imap_logout(imap);
	return is_done;
}
