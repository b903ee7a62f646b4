#include "outbound/sender.h"

#include <poll.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/error.h"
#include "base/fault.h"
#include "base/log.h"

#include "desk/plan.h"

#include "outbound/backoff.h"
#include "outbound/channel.h"
#include "outbound/holder.h"
#include "outbound/sent_log.h"

#define NOTE_LENGTH "sent-log" /* the sent log's length, in the database */

/* Finished rows are settled together: when so many are, or after so long, or
 * when there is nothing else to do. */
#define SETTLE_ROWS_MAX     64
#define SETTLE_MILLISECONDS 200
/* What was claimed and not begun within that time is given back. */
#define WAIT_SECONDS_MAX    60
#define POLL_MS             1000

struct Sender {
	Store *store;
	const Desk *desk;
	Clerk *clerk; /* or NULL */
	SentLog *log;
	bool has_unsynced_lines;
	GPtrArray *channels;    /* of Channel */
	GPtrArray *finished;    /* of OutboxRow, to be settled */
	GPtrArray *given_back;  /* of OutboxRow, never begun */
	GQueue settled;         /* of OutboxRow, for the caller */
	int64_t finished_since; /* monotonic milliseconds */
	bool (*is_stopping)(void);
};

/* ---- settling ---- */

/* What nobody may overlook: a mail that did not arrive, or may not have. */
static bool
write_journal(Sender *sender, const OutboxRow *row, GError **error)
{
	bool is_failed = row->state == OUTBOX_FAILED;

	g_autoptr(Plan) plan = plan_new();
	plan_add(plan, ACTION_UNDELIVERED, "ticket",
	         row->ticket == 0 ? NULL : plan_number(plan, row->ticket),
	         "outbox", plan_number(plan, row->id), "address", row->to,
	         "action", is_failed ? "failed" : "unknown", "reason",
	         row->last_error, NULL);
	g_autofree char *text = action_to_text(plan_action(plan, 0));
	JournalLine line = { .at = clock_now(),
		             .actor = (char *)(uintptr_t) "system",
		             .event = (char *)(uintptr_t) "send",
		             .ticket = row->ticket,
		             .action = text };
	return store_journal_add(sender->store, &line, error);
}

static bool
write_length(Sender *sender, GError **error)
{
	g_autofree char *text = g_strdup_printf("%" G_GINT64_FORMAT,
	                                        sent_log_length(sender->log));

	return store_note_set(sender->store, NOTE_LENGTH, text, error);
}

/* The ticket and its agents, in the clerk's own transaction, which marks the
 * row as failed too.  If it cannot be done the row is settled all the same:
 * the journal and the outbox show it. */
static bool
tell_clerk(Sender *sender, const OutboxRow *row)
{
	g_autoptr(GError) error = NULL;

	if (row->state != OUTBOX_FAILED || row->ticket == 0 ||
	    sender->clerk == NULL)
		return false;
	if (clerk_delivery_failed(sender->clerk, row, &error))
		return true;
	log_event(LOG_LEVEL_ERROR, "failure-not-told", "why", error->message,
	          NULL);
	return false;
}

static void
set_text(char **text, const char *value)
{
	g_free(*text);
	*text = g_strdup(value);
}

static void
end_row(OutboxRow *row, OutboxState state)
{
	row->state = state;
	row->settled_at = clock_now();
	row->next_attempt_at = 0;
}

static void
defer_row(OutboxRow *row, OutboxState state)
{
	row->state = state;
	row->next_attempt_at = clock_now() + backoff_delay(row->attempts);
}

static void
set_sent(OutboxRow *row)
{
	end_row(row, OUTBOX_SENT);
	set_text(&row->last_error, NULL);
}

static void
set_deferred(OutboxRow *row)
{
	if (!backoff_is_over(row->attempts, row->created_at, clock_now())) {
		defer_row(row, OUTBOX_DEFERRED);
		return;
	}
	g_autofree char *why = g_strdup_printf("given up after %d tries: %s",
	                                       row->attempts, row->last_error);
	set_text(&row->last_error, why);
	end_row(row, OUTBOX_FAILED);
}

static void
set_failed(OutboxRow *row)
{
	end_row(row, OUTBOX_FAILED);
}

/* At least once for a person's answer, at most once for the rest. */
static void
set_uncertain(OutboxRow *row)
{
	if (row->resend_uncertain)
		defer_row(row, OUTBOX_UNCERTAIN);
	else
		end_row(row, OUTBOX_UNCERTAIN);
}

/* The channel's fault, not the row's: it stays due. */
static void
set_kept(OutboxRow *row)
{
	row->state = OUTBOX_DEFERRED;
	row->next_attempt_at = MIN(row->next_attempt_at, clock_now());
}

/* The same on the word of a reply to this very row: should it be the row's
 * fault after all, it does not stand in the others' way. */
static void
set_behind(OutboxRow *row)
{
	defer_row(row, OUTBOX_DEFERRED);
}

static void (*const setters[])(OutboxRow *) = {
	[REACTION_SENT] = set_sent,   [REACTION_DEFER] = set_deferred,
	[REACTION_FAIL] = set_failed, [REACTION_UNCERTAIN] = set_uncertain,
	[REACTION_PAUSE] = set_kept,  [REACTION_PAUSE_BEHIND] = set_behind,
};

/* ---- settling: many rows in one transaction ---- */

static bool
is_notable(const OutboxRow *row)
{
	return row->state == OUTBOX_FAILED || row->state == OUTBOX_UNCERTAIN;
}

static bool
write_rows(Sender *sender, const bool *is_journaled, GError **error)
{
	for (unsigned i = 0; i < sender->finished->len; i++) {
		const OutboxRow *row = sender->finished->pdata[i];

		if (!store_outbox_settle(sender->store, row, error))
			return false;
		if (is_notable(row) && !is_journaled[i] &&
		    !write_journal(sender, row, error))
			return false;
	}
	for (unsigned i = 0; i < sender->given_back->len; i++) {
		const OutboxRow *row = sender->given_back->pdata[i];

		if (!store_outbox_unclaim(sender->store, row->id, error))
			return false;
	}
	return write_length(sender, error);
}

static bool
commit_rows(Sender *sender, const bool *is_journaled, GError **error)
{
	FAULT_POINT("send.settle");
	if (!store_begin(sender->store, error))
		return false;
	if (!write_rows(sender, is_journaled, error)) {
		store_rollback(sender->store);
		return false;
	}
	if (!store_commit(sender->store, error))
		return false;
	FAULT_POINT("send.settled");
	return true;
}

/* The log first: what is settled as sent has its line on the disk. */
static bool
settle(Sender *sender, GError **error)
{
	g_autofree bool *is_journaled = g_new0(bool, sender->finished->len + 1);

	if (sender->finished->len == 0 && sender->given_back->len == 0)
		return true;
	if (sender->has_unsynced_lines && !sent_log_sync(sender->log, error))
		return false;
	sender->has_unsynced_lines = false;
	for (unsigned i = 0; i < sender->finished->len; i++)
		is_journaled[i] =
			tell_clerk(sender, sender->finished->pdata[i]);
	if (!commit_rows(sender, is_journaled, error))
		return false;
	while (sender->finished->len > 0)
		g_queue_push_tail(&sender->settled,
		                  g_ptr_array_steal_index(sender->finished, 0));
	g_ptr_array_set_size(sender->given_back, 0);
	return true;
}

static void
finish(Sender *sender, OutboxRow *row)
{
	g_clear_pointer(&row->body, g_bytes_unref);
	if (sender->finished->len == 0)
		sender->finished_since = g_get_monotonic_time() / 1000;
	g_ptr_array_add(sender->finished, row);
}

/* ---- one row ---- */

/* "rcpt: 550 5.1.1 no such user", "final: the server closed ..." */
static char *
describe(const SmtpResult *result)
{
	const char *phase = smtp_phase_name(result->phase);

	if (result->phase == SMTP_PHASE_CHECK)
		return g_strdup(result->fault);
	if (result->fault != NULL && result->reply != NULL)
		return g_strdup_printf("%s: %s (%s)", phase, result->fault,
		                       result->reply);
	return g_strdup_printf("%s: %s", phase,
	                       result->fault != NULL ? result->fault
	                                             : result->reply);
}

static bool
take_result(Sender *sender, Channel *channel, OutboxRow *row,
            const SmtpResult *result, GError **error)
{
	Reaction reaction = reaction_to(result);

	g_free(row->last_error);
	row->last_error = describe(result);
	set_text(&row->last_reply, result->reply);
	if (reaction == REACTION_SENT) {
		if (!sent_log_add(sender->log, row, clock_now(), error))
			return false;
		sender->has_unsynced_lines = true;
	}
	channel_note(channel, reaction, row);
	setters[reaction](row);
	finish(sender, row);
	return true;
}

/* All mails that are done. */
static bool
collect(Sender *sender, Channel *channel, GError **error)
{
	SmtpResult result;
	OutboxRow *row;

	while ((row = channel_finished(channel, &result)) != NULL) {
		bool ok = take_result(sender, channel, row, &result, error);

		smtp_result_clear(&result);
		if (!ok) {
			outbox_row_free(row);
			return false;
		}
	}
	return true;
}

static bool
load_body(Sender *sender, OutboxRow *row, GError **error)
{
	g_autoptr(OutboxRow) whole =
		store_outbox_get(sender->store, row->id, error);

	if (whole == NULL)
		return false;
	row->body = g_steal_pointer(&whole->body);
	return true;
}

static bool
hand_over(Sender *sender, Channel *channel, OutboxRow *row, GError **error)
{
	SmtpMail mail = { .sender = row->envelope == NULL ? "" : row->envelope,
		          .recipient = row->to,
		          .envelope_id = row->message_id,
		          .body = row->body };

	return sent_log_begin(sender->log, row->id, clock_now(), error) &&
	       channel_begin(channel, row, &mail, error);
}

/* Takes row.  One whose line stands in the log went out before the database
 * forgot it. */
static bool
begin_row(Sender *sender, Channel *channel, OutboxRow *row, GError **error)
{
	bool ok = load_body(sender, row, error);

	FAULT_POINT("send.claimed");
	if (ok && sent_log_has(sender->log, row)) {
		set_sent(row);
		finish(sender, row);
		return true;
	}
	ok = ok && hand_over(sender, channel, row, error);
	if (!ok)
		outbox_row_free(row);
	return ok && collect(sender, channel, error);
}

/* ---- what comes next ---- */

static int64_t
age(const Sender *sender)
{
	return sender->finished->len == 0
	               ? 0
	               : g_get_monotonic_time() / 1000 - sender->finished_since;
}

static bool
is_time_to_settle(const Sender *sender)
{
	return sender->finished->len >= SETTLE_ROWS_MAX ||
	       age(sender) >= SETTLE_MILLISECONDS;
}

static bool
stops(const Sender *sender)
{
	return sender->is_stopping != NULL && sender->is_stopping();
}

/* Rows that this channel will not begin soon are another's, or tomorrow's. */
static void
give_back(Sender *sender, Channel *channel)
{
	GPtrArray *waiting = channel_waiting(channel);
	const OutboxRow *oldest = waiting->len == 0 ? NULL : waiting->pdata[0];

	if (oldest == NULL)
		return;
	bool is_old =
		clock_now() - (oldest->lease_until - SENDER_LEASE_SECONDS) >
		WAIT_SECONDS_MAX;
	if (!is_old && !stops(sender) && !channel_is_resting(channel))
		return;
	while (waiting->len > 0)
		g_ptr_array_add(sender->given_back,
		                g_ptr_array_steal_index(waiting, 0));
}

static bool
refill(Sender *sender, Channel *channel, GError **error)
{
	GPtrArray *waiting = channel_waiting(channel);
	int64_t now = clock_now();

	if (waiting->len > 0 || stops(sender) || !channel_may_begin(channel))
		return true;
	FAULT_POINT("send.claim");
	g_autofree char *owner = holder_name(sent_log_length(sender->log));
	OutboxClaim claim = {
		.channel = channel_name(channel),
		.owner = owner,
		.now = now,
		.until = now + SENDER_LEASE_SECONDS,
		.count = channel_lanes(channel) * CHANNEL_ROWS_PER_LANE,
	};
	g_autoptr(GPtrArray) rows =
		store_outbox_claim(sender->store, &claim, error);
	if (rows == NULL)
		return false;
	while (rows->len > 0)
		g_ptr_array_add(waiting, g_ptr_array_steal_index(rows, 0));
	return true;
}

static bool
work(Sender *sender, Channel *channel, GError **error)
{
	OutboxRow *row;

	if (!collect(sender, channel, error) || !refill(sender, channel, error))
		return false;
	while (!stops(sender) && !is_time_to_settle(sender) &&
	       channel_may_begin(channel) &&
	       (row = channel_next(channel)) != NULL)
		if (!begin_row(sender, channel, row, error))
			return false;
	give_back(sender, channel);
	return true;
}

typedef struct Outlook {
	bool is_busy;     /* a mail is on its way */
	bool can_begin;   /* a row can be begun now */
	bool has_waiting; /* a row waits for the pace */
	bool has_result;
	int timeout; /* milliseconds */
	GArray *fds;
} Outlook;

static void
look(Sender *sender, Outlook *outlook)
{
	outlook->timeout = POLL_MS;
	if (sender->finished->len > 0)
		outlook->timeout =
			(int)MAX(0, SETTLE_MILLISECONDS - age(sender));
	for (unsigned i = 0; i < sender->channels->len; i++) {
		Channel *channel = sender->channels->pdata[i];
		bool waits = channel_waiting(channel)->len > 0;

		outlook->is_busy |= channel_busy(channel) > 0;
		outlook->can_begin |= waits && channel_may_begin(channel);
		outlook->has_waiting |= waits;
		outlook->has_result |= !channel_wait_for(channel, outlook->fds);
		if (waits && channel_pause(channel) > 0)
			outlook->timeout =
				MIN(outlook->timeout, channel_pause(channel));
	}
}

/* One round: begin what can be begun, settle what is done, wait.  *out_goes_on:
 * there is more. */
static bool
round_of(Sender *sender, bool *out_goes_on, GError **error)
{
	g_autoptr(GArray) fds =
		g_array_new(FALSE, FALSE, sizeof(struct pollfd));
	Outlook outlook = { .fds = fds };

	for (unsigned i = 0; i < sender->channels->len; i++)
		if (!work(sender, sender->channels->pdata[i], error))
			return false;
	look(sender, &outlook);
	*out_goes_on = true;
	bool has_ends =
		sender->finished->len > 0 || sender->given_back->len > 0;
	bool is_idle = !outlook.is_busy && !outlook.can_begin;
	if (has_ends && (is_idle || is_time_to_settle(sender)))
		return settle(sender, error);
	*out_goes_on = outlook.is_busy || outlook.has_waiting;
	if (*out_goes_on && !outlook.can_begin && !outlook.has_result)
		poll((struct pollfd *)(gpointer)fds->data, fds->len,
		     outlook.timeout);
	return true;
}

OutboxRow *
sender_next(Sender *sender, GError **error)
{
	bool goes_on = true;

	while (goes_on && g_queue_is_empty(&sender->settled))
		if (!round_of(sender, &goes_on, error))
			return NULL;
	return g_queue_pop_head(&sender->settled);
}

const char *
sender_rests(const Sender *sender)
{
	for (unsigned i = 0; i < sender->channels->len; i++)
		if (channel_rests(sender->channels->pdata[i]) != NULL)
			return channel_rests(sender->channels->pdata[i]);
	return NULL;
}

void
sender_idle(Sender *sender)
{
	for (unsigned i = 0; i < sender->channels->len; i++)
		channel_idle(sender->channels->pdata[i]);
}

/* ---- what a dead sender left ---- */

static bool
take_over(Sender *sender, int64_t id, GError **error)
{
	g_autoptr(OutboxRow) row = store_outbox_get(sender->store, id, error);

	if (row == NULL)
		return false;
	if (sent_log_has(sender->log, row)) {
		set_sent(row);
	} else if (row->state == OUTBOX_UNCERTAIN) {
		return true;
	} else if (!holder_may_have_begun(row->lease_owner, sender->log,
	                                  row->id)) {
		g_ptr_array_add(sender->given_back, g_steal_pointer(&row));
		return true;
	} else {
		set_text(&row->last_error,
		         "the sender died while it had this mail in hand");
		set_uncertain(row);
		if (row->resend_uncertain)
			row->next_attempt_at = clock_now();
	}
	finish(sender, g_steal_pointer(&row));
	return true;
}

/* Of all those rows the ones that are ours to judge. */
static bool
recover(Sender *sender, const GPtrArray *rows, GError **error)
{
	for (unsigned i = 0; i < rows->len; i++) {
		const OutboxRow *row = rows->pdata[i];
		bool is_orphan = row->state == OUTBOX_SENDING &&
		                 holder_is_dead(row->lease_owner);

		if ((is_orphan || sent_log_names(sender->log, row->id)) &&
		    !take_over(sender, row->id, error))
			return false;
	}
	return settle(sender, error);
}

/* ---- life ---- */

static bool
open_log(Sender *sender, const GPtrArray *sending, GError **error)
{
	g_autofree char *path =
		g_strconcat(sender->desk->database, ".sent", NULL);
	GError *trouble = NULL;
	g_autofree char *known =
		store_note_get(sender->store, NOTE_LENGTH, &trouble);

	if (trouble != NULL) {
		g_propagate_error(error, trouble);
		return false;
	}
	int64_t from = known == NULL ? 0 : g_ascii_strtoll(known, NULL, 10);
	for (unsigned i = 0; i < sending->len; i++) {
		const OutboxRow *row = sending->pdata[i];

		from = MIN(from, holder_position(row->lease_owner));
	}
	sender->log = sent_log_open(path, from, error);
	return sender->log != NULL;
}

static bool
open_and_recover(Sender *sender, GError **error)
{
	g_autoptr(GPtrArray) sending =
		store_outbox(sender->store, 0,
	                     outbox_state_name(OUTBOX_SENDING), error);
	g_autoptr(GPtrArray) uncertain =
		sending == NULL
			? NULL
			: store_outbox(sender->store, 0,
	                               outbox_state_name(OUTBOX_UNCERTAIN),
	                               error);

	return uncertain != NULL && open_log(sender, sending, error) &&
	       recover(sender, sending, error) &&
	       recover(sender, uncertain, error);
}

static void
add_smtp(Sender *sender, const char *name, const Smtp *settings)
{
	ChannelSpec spec = {
		.name = name,
		.carrier = &lane_smtp,
		.settings = settings,
		.ehlo_name = sender->desk->domain,
		.lanes = (unsigned)MAX(settings->connections, 1),
		.rate = (unsigned)MAX(settings->rate, 0),
	};

	g_ptr_array_add(sender->channels, channel_new(&spec));
}

Sender *
sender_new(Store *store, const Desk *desk, Clerk *clerk, GError **error)
{
	g_autoptr(Sender) sender = g_new0(Sender, 1);

	sender->store = store;
	sender->desk = desk;
	sender->clerk = clerk;
	sender->channels =
		g_ptr_array_new_with_free_func((GDestroyNotify)channel_free);
	sender->finished =
		g_ptr_array_new_with_free_func((GDestroyNotify)outbox_row_free);
	sender->given_back =
		g_ptr_array_new_with_free_func((GDestroyNotify)outbox_row_free);
	add_smtp(sender, "", &desk->smtp);
	return open_and_recover(sender, error) ? g_steal_pointer(&sender)
	                                       : NULL;
}

void
sender_stop_when(Sender *sender, bool (*is_stopping)(void))
{
	sender->is_stopping = is_stopping;
}

void
sender_free(Sender *sender)
{
	if (sender == NULL)
		return;
	g_ptr_array_unref(sender->channels);
	g_ptr_array_unref(sender->finished);
	g_ptr_array_unref(sender->given_back);
	g_queue_clear_full(&sender->settled, (GDestroyNotify)outbox_row_free);
	sent_log_close(sender->log);
	g_free(sender);
}
