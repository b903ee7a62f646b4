#include "outbound/sender.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/error.h"
#include "base/fault.h"
#include "base/log.h"

#include "desk/plan.h"

#include "outbound/backoff.h"
#include "outbound/reaction.h"
#include "outbound/sent_log.h"
#include "outbound/smtp.h"

#define NOTE_LENGTH "sent-log" /* the sent log's length, in the database */

struct Sender {
	Store *store;
	const Desk *desk;
	Clerk *clerk; /* or NULL */
	SmtpLink *link;
	SentLog *log;
	char *owner; /* "HOST:PID" */
	char *why;   /* the channel rests; NULL: it does not */
	int64_t rests_until;
	int faults;      /* of the channel, one after the other */
	int refusals;    /* of rows, one after the other */
	int64_t pace_at; /* monotonic microseconds: not before */
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
write_length(Sender *sender, int64_t length, GError **error)
{
	g_autofree char *text = g_strdup_printf("%" G_GINT64_FORMAT, length);

	return length == 0 ||
	       store_note_set(sender->store, NOTE_LENGTH, text, error);
}

typedef struct Settlement {
	int64_t log_length; /* of the sent log; 0: it did not grow */
	bool is_journaled;  /* the clerk has written the line */
} Settlement;

static bool
write_settlement(Sender *sender, const OutboxRow *row,
                 const Settlement *settlement, GError **error)
{
	bool is_notable =
		row->state == OUTBOX_FAILED || row->state == OUTBOX_UNCERTAIN;

	if (!store_outbox_settle(sender->store, row, error))
		return false;
	if (is_notable && !settlement->is_journaled &&
	    !write_journal(sender, row, error))
		return false;
	return write_length(sender, settlement->log_length, error);
}

/* In one transaction. */
static bool
settle(Sender *sender, const OutboxRow *row, const Settlement *settlement,
       GError **error)
{
	FAULT_POINT("send.settle");
	if (!store_begin(sender->store, error))
		return false;
	if (!write_settlement(sender, row, settlement, error)) {
		store_rollback(sender->store);
		return false;
	}
	if (!store_commit(sender->store, error))
		return false;
	FAULT_POINT("send.settled");
	return true;
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

/* ---- the channel ---- */

static void
rest(Sender *sender, const char *why)
{
	int64_t delay = backoff_delay(++sender->faults);

	if (sender->why == NULL)
		log_event(LOG_LEVEL_ERROR, "channel-paused", "why", why, NULL);
	set_text(&sender->why, why);
	sender->rests_until = clock_now() + MIN(delay, SENDER_REST_SECONDS_MAX);
}

static void
resume(Sender *sender)
{
	if (sender->why != NULL)
		log_event(LOG_LEVEL_NOTICE, "channel-resumed", NULL);
	g_clear_pointer(&sender->why, g_free);
	sender->faults = 0;
}

static void
note_reaction(Sender *sender, Reaction reaction, const OutboxRow *row)
{
	if (reaction == REACTION_PAUSE || reaction == REACTION_PAUSE_BEHIND) {
		rest(sender, row->last_error);
		return;
	}
	resume(sender);
	sender->refusals = reaction == REACTION_FAIL ? sender->refusals + 1 : 0;
	if (sender->refusals < SENDER_REFUSALS_MAX)
		return;
	g_autofree char *why =
		g_strdup_printf("%d mails in a row were refused, the last: %s",
	                        sender->refusals, row->last_error);
	sender->refusals = 0;
	rest(sender, why);
}

const char *
sender_rests(const Sender *sender)
{
	return sender->why;
}

void
sender_idle(Sender *sender)
{
	smtp_link_close(sender->link);
}

/* Not more mails a minute than the server wants. */
static void
keep_pace(Sender *sender)
{
	int rate = sender->desk->smtp.rate;
	int64_t now = g_get_monotonic_time();

	if (rate <= 0)
		return;
	if (sender->pace_at > now)
		poll(NULL, 0, (int)((sender->pace_at - now) / 1000));
	sender->pace_at =
		MAX(sender->pace_at, now) + 60 * G_USEC_PER_SEC / rate;
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

static Reaction
send_row(Sender *sender, OutboxRow *row)
{
	SmtpMail mail = { .sender = row->envelope == NULL ? "" : row->envelope,
		          .recipient = row->to,
		          .envelope_id = row->message_id,
		          .body = row->body };
	SmtpResult result;

	keep_pace(sender);
	smtp_link_send(sender->link, &mail, &result);
	Reaction reaction = reaction_to(&result);
	g_free(row->last_error);
	row->last_error = describe(&result);
	set_text(&row->last_reply, result.reply);
	smtp_result_clear(&result);
	return reaction;
}

static bool
send_and_settle(Sender *sender, OutboxRow *row, GError **error)
{
	Reaction reaction = send_row(sender, row);
	Settlement settlement = { 0, false };

	if (reaction == REACTION_SENT &&
	    !sent_log_add(sender->log, row, clock_now(), &settlement.log_length,
	                  error))
		return false;
	note_reaction(sender, reaction, row);
	setters[reaction](row);
	settlement.is_journaled = tell_clerk(sender, row);
	return settle(sender, row, &settlement, error);
}

/* The log has it: it went out before the database forgot. */
static bool
settle_as_sent(Sender *sender, OutboxRow *row, GError **error)
{
	Settlement settlement = { 0, false };

	set_sent(row);
	return settle(sender, row, &settlement, error);
}

OutboxRow *
sender_next(Sender *sender, GError **error)
{
	int64_t now = clock_now();

	if (sender->why != NULL && now < sender->rests_until)
		return NULL;
	FAULT_POINT("send.claim");
	g_autoptr(OutboxRow) row =
		store_outbox_claim(sender->store, sender->owner, now,
	                           now + SENDER_LEASE_SECONDS, error);
	if (row == NULL)
		return NULL;
	FAULT_POINT("send.claimed");
	bool ok = sent_log_has(sender->log, row)
	                  ? settle_as_sent(sender, row, error)
	                  : send_and_settle(sender, row, error);
	if (!ok)
		return NULL;
	g_clear_pointer(&row->body, g_bytes_unref);
	return g_steal_pointer(&row);
}

/* ---- what a dead sender left ---- */

/* A sender of this machine that runs no more; a process id that was given to
 * another program keeps the row until its lease ends. */
static bool
is_dead(const char *owner)
{
	const char *colon = owner == NULL ? NULL : strrchr(owner, ':');

	if (colon == NULL)
		return false;
	g_autofree char *host = g_strndup(owner, (gsize)(colon - owner));
	pid_t pid = (pid_t)strtol(colon + 1, NULL, 10);
	if (pid <= 0 || !g_str_equal(host, g_get_host_name()))
		return false;
	return pid == getpid() || (kill(pid, 0) != 0 && errno == ESRCH);
}

static bool
recover_row(Sender *sender, int64_t id, GError **error)
{
	g_autoptr(OutboxRow) row = store_outbox_get(sender->store, id, error);
	Settlement settlement = { 0, false };

	if (row == NULL)
		return false;
	if (sent_log_has(sender->log, row))
		return settle_as_sent(sender, row, error);
	if (row->state != OUTBOX_SENDING)
		return true;
	set_text(&row->last_error,
	         "the sender died while it had this mail in hand");
	set_uncertain(row);
	if (row->resend_uncertain)
		row->next_attempt_at = clock_now();
	return settle(sender, row, &settlement, error);
}

/* Rows in that state that are ours to judge. */
static bool
recover(Sender *sender, OutboxState state, GError **error)
{
	g_autoptr(GPtrArray) rows =
		store_outbox(sender->store, 0, outbox_state_name(state), error);

	if (rows == NULL)
		return false;
	for (unsigned i = 0; i < rows->len; i++) {
		const OutboxRow *row = g_ptr_array_index(rows, i);
		bool is_orphan =
			state == OUTBOX_SENDING && is_dead(row->lease_owner);

		if ((is_orphan || sent_log_names(sender->log, row->id)) &&
		    !recover_row(sender, row->id, error))
			return false;
	}
	return true;
}

/* ---- life ---- */

static bool
open_log(Sender *sender, GError **error)
{
	g_autofree char *path =
		g_strconcat(sender->desk->database, ".sent", NULL);
	g_autoptr(GError) trouble = NULL;
	g_autofree char *known =
		store_note_get(sender->store, NOTE_LENGTH, &trouble);

	if (trouble != NULL) {
		g_propagate_error(error, g_steal_pointer(&trouble));
		return false;
	}
	int64_t length = known == NULL ? 0 : g_ascii_strtoll(known, NULL, 10);
	sender->log = sent_log_open(path, length, error);
	return sender->log != NULL;
}

Sender *
sender_new(Store *store, const Desk *desk, Clerk *clerk, GError **error)
{
	g_autoptr(Sender) sender = g_new0(Sender, 1);

	sender->store = store;
	sender->desk = desk;
	sender->clerk = clerk;
	sender->link = smtp_link_new(&desk->smtp, desk->domain, NULL);
	sender->owner = g_strdup_printf("%s:%d", g_get_host_name(), getpid());
	if (!open_log(sender, error) ||
	    !recover(sender, OUTBOX_SENDING, error) ||
	    !recover(sender, OUTBOX_UNCERTAIN, error))
		return NULL;
	return g_steal_pointer(&sender);
}

void
sender_free(Sender *sender)
{
	if (sender == NULL)
		return;
	smtp_link_free(sender->link);
	sent_log_close(sender->log);
	g_free(sender->owner);
	g_free(sender->why);
	g_free(sender);
}
