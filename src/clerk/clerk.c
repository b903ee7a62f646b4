#include "clerk/clerk.h"

#include <string.h>

#include "base/clock.h"
#include "base/error.h"
#include "base/fault.h"
#include "base/token.h"

#include "store/store.h"

#include "clerk/apply.h"
#include "clerk/batch.h"
#include "clerk/gather.h"
#include "clerk/replay.h"
#include "clerk/rules.h"
#include "clerk/tick.h"

struct Clerk {
	const Desk *desk;
	KeyRing *ring;
	Rules *rules;
	Store *store; /* NULL until the first need */
};

Clerk *
clerk_new(const Desk *desk, GError **error)
{
	g_autoptr(KeyRing) ring = keyring_load(desk->key, error);

	if (ring == NULL)
		return NULL;
	g_autoptr(Rules) rules = rules_load(desk, error);
	if (rules == NULL)
		return NULL;
	Clerk *clerk = g_new0(Clerk, 1);
	clerk->desk = desk;
	clerk->ring = g_steal_pointer(&ring);
	clerk->rules = g_steal_pointer(&rules);
	return clerk;
}

void
clerk_free(Clerk *clerk)
{
	if (clerk == NULL)
		return;
	store_close(clerk->store);
	keyring_free(clerk->ring);
	rules_free(clerk->rules);
	g_free(clerk);
}

static bool
open_store(Clerk *clerk, StoreMode mode, GError **error)
{
	if (clerk->store == NULL)
		clerk->store = store_open(clerk->desk->database, mode, error);
	return clerk->store != NULL;
}

static ApplyPlace
apply_place(const Clerk *clerk, int64_t now)
{
	return (ApplyPlace){ clerk->desk, clerk->ring, clerk->store, now };
}

static GatherPlace
gather_place(const Clerk *clerk, int64_t now)
{
	return (GatherPlace){ clerk->desk, clerk->ring, clerk->store, now,
		              rules_on_mail(clerk->rules) };
}

/* ---- mails ---- */

static Delivery *
delivery_of(const Arrival *arrival, const Mail *mail, int64_t now)
{
	Delivery *delivery = delivery_new();

	delivery->door = g_strdup(arrival->door);
	delivery->door_key = g_strdup(arrival->door_key);
	delivery->sha256 = g_strdup(mail->sha256);
	delivery->size = mail->size;
	delivery->content_hash = g_strdup(mail->content_hash);
	delivery->message_id = g_strdup(mail->message_id);
	delivery->envelope_sender = g_strdup(arrival->sender);
	for (const char *const *r = arrival->recipients;
	     r != NULL && *r != NULL; r++)
		g_ptr_array_add(delivery->recipients, g_strdup(*r));
	delivery->received_at = now;
	return delivery;
}

static char *
evidence_line(const Facts *facts, const Decision *decision)
{
	GString *line = g_string_new(evidence_name(decision->level));

	for (unsigned i = 0; i < facts->proven_why->len; i++)
		g_string_append_printf(line, "%s%s", i == 0 ? ": " : ", ",
		                       (const char *)
		                               facts->proven_why->pdata[i]);
	if (decision->thread != NULL && decision->thread->by != NULL)
		g_string_append_printf(line, "; %s",
		                       witness_name(
					       decision->thread->by->kind));
	return g_string_free(line, FALSE);
}

static bool
apply_decision(Clerk *clerk, const Facts *facts, const Decision *decision,
               Delivery *delivery, const GPtrArray *enclosures, GError **error)
{
	ApplyPlace place = apply_place(clerk, facts->now);
	g_autofree char *actor =
		g_strdup_printf("mail:%s",
	                        facts->from == NULL ? "-" : facts->from);
	g_autofree char *name =
		g_strdup_printf("delivery:%" G_GINT64_FORMAT, delivery->id);
	g_autofree char *evidence = evidence_line(facts, decision);
	ApplyEvent event = { .actor = actor,
		             .event = name,
		             .mail = facts->mail,
		             .delivery = delivery,
		             .cause = delivery->id,
		             .orders = decision->orders,
		             .enclosures = enclosures,
		             .evidence = evidence };

	return apply_plan(&place, decision->plan, &event, error);
}

/* One mail of the batch, inside the transaction. */
static bool
take_in(Clerk *clerk, const Batch *batch, unsigned i, int64_t now,
        Verdict *out_verdict, GError **error)
{
	const Arrival *arrival = &batch->arrivals[i];
	const Mail *mail = batch->mails[i];
	GatherPlace place = gather_place(clerk, now);
	g_autoptr(Gathered) gathered =
		gather_on_mail(&place, arrival, mail, error);
	g_autoptr(Delivery) delivery = delivery_of(arrival, mail, now);

	if (gathered == NULL)
		return false;
	g_autoptr(Decision) decision = decide_on_mail(&gathered->facts);
	if (!store_raw_put(clerk->store, mail->sha256, arrival->raw, error) ||
	    !store_delivery_add(clerk->store, delivery, error) ||
	    !apply_decision(clerk, &gathered->facts, decision, delivery,
	                    batch->enclosures[i], error))
		return false;
	if (gathered->facts.times_in_hand > 0 &&
	    !store_hand_release(clerk->store, mail->sha256, error))
		return false;
	*out_verdict =
		(Verdict){ delivery->state, delivery->id, delivery->ticket };
	return true;
}

/* An archive's mail came when it was written, as far as it can be believed. */
static int64_t
time_of(const Batch *batch, unsigned i, int64_t now)
{
	int64_t date = batch->mails[i]->date;

	return batch->arrivals[i].is_import && date > 0 ? MIN(date, now) : now;
}

static bool
take_in_all(Clerk *clerk, const Batch *batch, Verdict *out_verdicts,
            GError **error)
{
	int64_t now = clock_now();

	for (unsigned i = 0; i < batch->count; i++)
		if (!take_in(clerk, batch, i, time_of(batch, i, now),
		             &out_verdicts[i], error))
			return false;
	return true;
}

bool
clerk_receive(Clerk *clerk, const Arrival *arrivals, unsigned count,
              Verdict *out_verdicts, GError **error)
{
	FAULT_POINT("clerk.read");
	g_auto(Batch) batch = batch_new(arrivals, count);

	rules_refresh(clerk->rules);
	if (!batch_read(&batch, clerk->desk, error))
		return false;
	FAULT_POINT("clerk.open");
	if (!open_store(clerk, STORE_WRITE, error) ||
	    !store_check_space(clerk->store, clerk->desk->limits.free_octets,
	                       error) ||
	    !store_begin(clerk->store, error))
		return false;
	if (!take_in_all(clerk, &batch, out_verdicts, error)) {
		store_rollback(clerk->store);
		return false;
	}
	return store_commit(clerk->store, error);
}

bool
clerk_note_death(Clerk *clerk, GBytes *raw, GError **error)
{
	g_autofree char *sha256 =
		g_compute_checksum_for_bytes(G_CHECKSUM_SHA256, raw);

	return open_store(clerk, STORE_WRITE, error) &&
	       store_hand_take(clerk->store, sha256, error);
}

/* ---- explain ---- */

struct Explanation {
	Mail *mail;
	Gathered *gathered;
	Decision *decision;
};

Explanation *
clerk_explain(Clerk *clerk, const Arrival *arrival, GError **error)
{
	g_auto(Batch) batch = batch_new(arrival, 1);
	g_autoptr(Explanation) explanation = g_new0(Explanation, 1);

	if (!batch_read(&batch, clerk->desk, error))
		return NULL;
	explanation->mail = g_steal_pointer(&batch.mails[0]);
	if (!open_store(clerk, STORE_READ, error))
		return NULL;
	GatherPlace place = gather_place(clerk, clock_now());
	explanation->gathered =
		gather_on_mail(&place, arrival, explanation->mail, error);
	if (explanation->gathered == NULL)
		return NULL;
	explanation->decision = decide_on_mail(&explanation->gathered->facts);
	return g_steal_pointer(&explanation);
}

void
explanation_free(Explanation *explanation)
{
	if (explanation == NULL)
		return;
	decision_free(explanation->decision);
	gathered_free(explanation->gathered);
	mail_free(explanation->mail);
	g_free(explanation);
}

const Mail *
explanation_mail(const Explanation *explanation)
{
	return explanation->mail;
}

const Facts *
explanation_facts(const Explanation *explanation)
{
	return &explanation->gathered->facts;
}

const Decision *
explanation_decision(const Explanation *explanation)
{
	return explanation->decision;
}

/* ---- orders ---- */

/* The actions of a decision that no mail caused.  The event has the number of
 * its first line, which tells it from the one before. */
static bool
apply_order(Clerk *clerk, const Decision *decision, const char *actor,
            GError **error)
{
	ApplyPlace place = apply_place(clerk, clock_now());
	int64_t number;

	if (!store_journal_next(clerk->store, &number, error))
		return false;
	g_autofree char *name =
		g_strdup_printf("order:%" G_GINT64_FORMAT, number);
	ApplyEvent event = { .actor = actor,
		             .event = name,
		             .orders = decision->orders };
	return apply_plan(&place, decision->plan, &event, error);
}

static Decision *
decide_order(Clerk *clerk, const TicketOrder *order, GError **error)
{
	g_autoptr(GPtrArray) candidates =
		g_ptr_array_new_with_free_func((GDestroyNotify)candidate_free);
	g_autoptr(GPtrArray) lists = g_ptr_array_new_with_free_func(
		(GDestroyNotify)ticket_list_free);
	Candidate *candidate =
		gather_candidate(clerk->store, order->ticket, error);
	int64_t next_ticket;

	if (candidate == NULL)
		return NULL;
	g_ptr_array_add(candidates, candidate);
	if (!gather_named(clerk->store, order->text, candidates, lists,
	                  error) ||
	    !store_ticket_next(clerk->store, &next_ticket, error))
		return NULL;
	OrderPlace place = { .candidates = candidates,
		             .lists = lists,
		             .next_ticket = next_ticket,
		             .actor = order->actor,
		             .desk = clerk->desk,
		             .ticket = candidate->ticket,
		             .agent = desk_agent(clerk->desk, order->agent),
		             .now = clock_now(),
		             .clocks = candidate->clocks };
	g_autoptr(Decision) decision =
		decide_on_order(&place, candidate, order->text, order->is_note);
	if (decision->orders->is_good &&
	    !apply_order(clerk, decision, order->actor, error))
		return NULL;
	return g_steal_pointer(&decision);
}

Decision *
clerk_order(Clerk *clerk, const TicketOrder *order, GError **error)
{
	if (!open_store(clerk, STORE_WRITE, error) ||
	    !store_begin(clerk->store, error))
		return NULL;
	g_autoptr(Decision) decision = decide_order(clerk, order, error);
	if (decision == NULL) {
		store_rollback(clerk->store);
		return NULL;
	}
	return store_commit(clerk->store, error) ? g_steal_pointer(&decision)
	                                         : NULL;
}

static bool
open_ticket(Clerk *clerk, NewTicket *new_ticket, const char *actor,
            GError **error)
{
	if (!store_ticket_next(clerk->store, &new_ticket->number, error))
		return false;
	g_autoptr(Decision) decision = decide_on_new(new_ticket);
	return apply_order(clerk, decision, actor, error);
}

int64_t
clerk_open_ticket(Clerk *clerk, const NewTicket *new_ticket, const char *actor,
                  GError **error)
{
	NewTicket numbered = *new_ticket;

	if (!open_store(clerk, STORE_WRITE, error) ||
	    !store_begin(clerk->store, error))
		return 0;
	if (!open_ticket(clerk, &numbered, actor, error)) {
		store_rollback(clerk->store);
		return 0;
	}
	return store_commit(clerk->store, error) ? numbered.number : 0;
}

static bool
tell_failure(Clerk *clerk, const OutboxRow *row, GError **error)
{
	g_autoptr(Candidate) candidate =
		gather_candidate(clerk->store, row->ticket, error);

	if (candidate == NULL)
		return false;
	g_autoptr(Decision) decision =
		decide_on_failure(clerk->desk, row, candidate);
	return apply_order(clerk, decision, "system", error);
}

bool
clerk_delivery_failed(Clerk *clerk, const OutboxRow *row, GError **error)
{
	if (row->ticket == 0)
		return true;
	if (!open_store(clerk, STORE_WRITE, error) ||
	    !store_begin(clerk->store, error))
		return false;
	if (!tell_failure(clerk, row, error)) {
		store_rollback(clerk->store);
		return false;
	}
	return store_commit(clerk->store, error);
}

/* ---- outgoing mails ---- */

static bool
turn_mail(Clerk *clerk, int64_t id, OutboxState state, const char *actor,
          GError **error)
{
	g_autoptr(OutboxRow) row = store_outbox_get(clerk->store, id, error);

	if (row == NULL)
		return false;
	g_autoptr(Decision) decision = decide_on_outbox(row, state);
	if (decision == NULL)
		return error_set(error, ERROR_REFUSED,
		                 "outgoing mail %" G_GINT64_FORMAT
		                 " is %s: it cannot be %s",
		                 id, outbox_state_name(row->state),
		                 outbox_state_name(state));
	return apply_order(clerk, decision, actor, error);
}

/* Looks and writes in one transaction: a sender may be at work. */
bool
clerk_turn_mail(Clerk *clerk, int64_t outbox, OutboxState state,
                const char *actor, GError **error)
{
	if (!open_store(clerk, STORE_WRITE, error) ||
	    !store_begin(clerk->store, error))
		return false;
	if (!turn_mail(clerk, outbox, state, actor, error)) {
		store_rollback(clerk->store);
		return false;
	}
	return store_commit(clerk->store, error);
}

/* ---- held mails ---- */

/* the words of `postigo quarantine` */
static const struct {
	const char *word;
	Release how;
} releases[] = {
	{ "admit", RELEASE_ADMIT },
	{ "open", RELEASE_OPEN },
	{ "drop", RELEASE_DROP },
};

/* A held mail, its delivery, and its octets as an arrival. */
typedef struct Held {
	Quarantined *row;
	Delivery *delivery;
	GBytes *raw;
} Held;

static void
held_release(Held *held)
{
	quarantined_free(held->row);
	delivery_free(held->delivery);
	g_clear_pointer(&held->raw, g_bytes_unref);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Held, held_release)

static bool
load_held(Clerk *clerk, int64_t id, Held *held, GError **error)
{
	held->row = store_quarantine_get(clerk->store, id, error);
	if (held->row == NULL)
		return false;
	if (strcmp(held->row->state, "held") != 0)
		return error_set(error, ERROR_REFUSED,
		                 "mail %" G_GINT64_FORMAT " was %s already", id,
		                 held->row->state);
	held->delivery =
		store_delivery_get(clerk->store, held->row->delivery, error);
	if (held->delivery == NULL)
		return false;
	held->raw = store_raw_get(clerk->store, held->delivery->sha256, error);
	return held->raw != NULL;
}

static bool
release(Clerk *clerk, const Held *held, const Batch *batch, Release how,
        const char *actor, GError **error)
{
	int64_t now = clock_now();
	GatherPlace from = gather_place(clerk, now);
	ApplyPlace place = apply_place(clerk, now);
	g_autofree char *name =
		g_strdup_printf("release:%" G_GINT64_FORMAT, held->row->id);
	g_autoptr(Gathered) gathered =
		gather_on_mail(&from, batch->arrivals, batch->mails[0], error);

	if (gathered == NULL ||
	    (held->row->ticket != 0 &&
	     !gathered_add_candidate(gathered, clerk->store, held->row->ticket,
	                             error)))
		return false;
	g_autoptr(Decision) decision =
		decide_on_release(&gathered->facts, how, held->row->id,
	                          held->row->ticket);
	ApplyEvent event = { .actor = actor,
		             .event = name,
		             .mail = batch->mails[0],
		             .delivery = held->delivery };
	return apply_plan(&place, decision->plan, &event, error);
}

static bool
release_in_transaction(Clerk *clerk, const Held *held, const Batch *batch,
                       Release how, const char *actor, GError **error)
{
	if (!store_begin(clerk->store, error))
		return false;
	if (!release(clerk, held, batch, how, actor, error)) {
		store_rollback(clerk->store);
		return false;
	}
	return store_commit(clerk->store, error);
}

bool
clerk_release(Clerk *clerk, int64_t quarantine, const char *word,
              const char *actor, GError **error)
{
	g_auto(Held) held = { NULL, NULL, NULL };
	int how = -1;

	for (unsigned i = 0; i < G_N_ELEMENTS(releases); i++)
		if (strcmp(releases[i].word, word) == 0)
			how = (int)releases[i].how;
	if (how < 0)
		return error_set(error, ERROR_USAGE,
		                 "%s: not admit, open or drop", word);
	if (!open_store(clerk, STORE_WRITE, error) ||
	    !load_held(clerk, quarantine, &held, error))
		return false;
	g_assert(held.row != NULL && held.delivery != NULL);
	if (how == (int)RELEASE_ADMIT && held.row->ticket == 0)
		return error_set(error, ERROR_REFUSED,
		                 "it named no ticket: open it as a new one");
	const Arrival arrival = { .door = held.delivery->door,
		                  .sender = held.delivery->envelope_sender,
		                  .raw = held.raw };
	g_auto(Batch) batch = batch_new(&arrival, 1);
	return batch_read(&batch, clerk->desk, error) &&
	       release_in_transaction(clerk, &held, &batch, (Release)how, actor,
	                              error);
}

bool
clerk_check_journal(Clerk *clerk, GPtrArray *out_findings, GError **error)
{
	ReplayPlace place = { clerk->desk, clerk->ring, NULL, NULL };

	if (!open_store(clerk, STORE_READ, error))
		return false;
	place.from = clerk->store;
	return replay_check(&place, out_findings, error);
}

/* ---- the clock ---- */

bool
clerk_tick(Clerk *clerk, const TickOptions *options, TickResult *out_result,
           GError **error)
{
	if (!open_store(clerk, STORE_WRITE, error))
		return false;
	ApplyPlace place = apply_place(clerk, clock_now());
	return tick_run(&place, options, out_result, error);
}
