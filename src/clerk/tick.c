#include "clerk/tick.h"

#include "base/fault.h"
#include "base/log.h"

#include "desk/guard.h"

#include "store/clocks.h"

#include "clerk/clocks.h"
#include "clerk/policy.h"
#include "clerk/reminders.h"

/* Tickets looked for at once, and fired in one transaction. */
#define TICKETS_AT_ONCE       1000
#define TICKETS_A_TRANSACTION 32
/* What a budget holds back is looked at again then. */
#define HELD_NOTICE_SECONDS   60
#define HOUR                  3600

#define GUARD_NOTE "clock-guard"

static bool
commit(Store *store, bool is_good, GError **error)
{
	if (is_good)
		return store_commit(store, error);
	store_rollback(store);
	return false;
}

/* ---- the guard ---- */

static bool
keep_guard(Store *store, const Guard *guard, GError **error)
{
	g_autofree char *text = guard_to_text(guard);

	return store_begin(store, error) &&
	       commit(store, store_note_set(store, GUARD_NOTE, text, error),
	              error);
}

static bool
ask_guard(const ApplyPlace *place, const TickOptions *options,
          TickResult *result, GError **error)
{
	GError *trouble = NULL;
	ClockReading reading = { place->now, options->boot };

	if (options->boot < 0)
		return true;
	g_autofree char *text =
		store_note_get(place->store, GUARD_NOTE, &trouble);
	if (trouble != NULL) {
		g_propagate_error(error, trouble);
		return false;
	}
	Guard guard = guard_from_text(text);
	result->is_held = guard_look(&guard, &reading, options->is_confirmed) ==
	                  GUARD_HOLD;
	if (result->is_held)
		log_event(LOG_LEVEL_ERROR, "clock-held", "why",
		          "the clock has jumped forward; timers wait until it "
		          "is steady",
		          NULL);
	return keep_guard(place->store, &guard, error);
}

/* ---- what is due ---- */

static bool
fire_ticket(const ApplyPlace *place, int64_t ticket, GError **error)
{
	g_auto(ClockFacts) facts = { .ticket = NULL };
	g_autoptr(Plan) plan = plan_new();
	g_autofree char *name =
		g_strdup_printf("tick:%" G_GINT64_FORMAT, ticket);
	ApplyEvent event = { .actor = "system", .event = name };

	if (!clock_facts_load(place->store, ticket, &facts, error))
		return false;
	ClockCase c = { place->desk,  facts.ticket, facts.rows,
		        facts.timers, place->now,   plan };
	decide_on_timers(&c);
	FAULT_POINT("tick.ticket");
	return apply_plan(place, plan, &event, error);
}

static bool
fire_some(const ApplyPlace *place, const GArray *tickets, unsigned from,
          TickResult *result, GError **error)
{
	unsigned end = MIN(from + TICKETS_A_TRANSACTION, tickets->len);
	bool is_good = true;

	if (!store_begin(place->store, error))
		return false;
	for (unsigned i = from; i < end && is_good; i++)
		is_good = fire_ticket(place, g_array_index(tickets, int64_t, i),
		                      error);
	result->fired += end - from;
	FAULT_POINT("tick.commit");
	return commit(place->store, is_good, error);
}

/* A ticket's timers that follow from its own firing wait for the next tick. */
static bool
fire_due(const ApplyPlace *place, TickResult *result, GError **error)
{
	for (;;) {
		g_autoptr(GArray) tickets =
			store_timers_due(place->store, place->now,
		                         TICKETS_AT_ONCE, error);
		if (tickets == NULL)
			return false;
		for (unsigned i = 0; i < tickets->len;
		     i += TICKETS_A_TRANSACTION)
			if (!fire_some(place, tickets, i, result, error))
				return false;
		if (tickets->len < TICKETS_AT_ONCE)
			return true;
	}
}

/* ---- telling ---- */

static bool
count_mails(const ApplyPlace *place, const char *to, int64_t seconds,
            int64_t *out_count, GError **error)
{
	static const char *const purposes[] = { "escalation", "digest" };

	*out_count = 0;
	for (unsigned i = 0; i < G_N_ELEMENTS(purposes); i++) {
		int64_t count;
		OutboxCount what = { .purpose = purposes[i],
			             .to = to,
			             .since = place->now - seconds };
		if (!store_count_outbox(place->store, &what, &count, error))
			return false;
		*out_count += count;
	}
	return true;
}

static bool
may_be_told(const ApplyPlace *place, const char *to, bool *out_may,
            GError **error)
{
	int64_t lately;
	int64_t in_hour;

	if (!count_mails(place, to, NOTICE_PAUSE_SECONDS - 1, &lately, error) ||
	    !count_mails(place, to, HOUR, &in_hour, error))
		return false;
	*out_may = lately == 0 && in_hour < NOTICES_PER_HOUR;
	return true;
}

/* The first ticket that is still worked on; NULL without error: none. */
static bool
first_ticket(Store *store, const GArray *notices, Ticket **out, GError **error)
{
	for (unsigned i = 0; i < notices->len; i++) {
		const NoticeRow *row = &g_array_index(notices, NoticeRow, i);
		if (row->is_done)
			continue;
		*out = store_ticket_get(store, row->ticket, error);
		return *out != NULL;
	}
	return true;
}

static bool
tell(const ApplyPlace *place, const char *receiver, TickResult *result,
     GError **error)
{
	g_autoptr(GArray) notices =
		store_notices(place->store, receiver, place->now, error);
	g_autoptr(Ticket) ticket = NULL;
	g_autoptr(Plan) plan = plan_new();
	g_autofree char *name = g_strdup_printf("tell:%s", receiver);
	ApplyEvent event = { .actor = "system", .event = name };

	if (notices == NULL)
		return false;
	if (notices->len == 0) /* another tick was faster */
		return true;
	if (!first_ticket(place->store, notices, &ticket, error))
		return false;
	NoticeCase c = { place->desk, receiver, notices, ticket, plan };
	decide_on_notices(&c);
	result->mails += ticket != NULL;
	FAULT_POINT("tick.tell");
	return apply_plan(place, plan, &event, error);
}

static bool
tell_receiver(const ApplyPlace *place, const char *receiver, TickResult *result,
              GError **error)
{
	bool may = false;

	if (!store_begin(place->store, error))
		return false;
	bool is_good = may_be_told(place, receiver, &may, error) &&
	               (!may || tell(place, receiver, result, error));
	if (!may)
		result->next_at = place->now + HELD_NOTICE_SECONDS;
	return commit(place->store, is_good, error);
}

static bool
tell_all(const ApplyPlace *place, TickResult *result, GError **error)
{
	g_autoptr(GPtrArray) receivers =
		store_notice_receivers(place->store, place->now, error);

	for (unsigned i = 0; receivers != NULL && i < receivers->len; i++)
		if (!tell_receiver(place, receivers->pdata[i], result, error))
			return false;
	return receivers != NULL;
}

/* ---- the whole ---- */

static bool
find_next(const ApplyPlace *place, TickResult *result, GError **error)
{
	int64_t held = result->next_at;
	int64_t reminder;

	if (!store_timer_next(place->store, &result->next_at, error) ||
	    !store_reminder_next(place->store, &reminder, error))
		return false;
	if (result->next_at == 0 ||
	    (reminder != 0 && reminder < result->next_at))
		result->next_at = reminder;
	if (result->next_at != 0 && result->next_at <= place->now)
		result->next_at = MAX(held, place->now + 1);
	return true;
}

bool
tick_run(const ApplyPlace *place, const TickOptions *options,
         TickResult *out_result, GError **error)
{
	*out_result = (TickResult){ .is_held = false };
	if (!ask_guard(place, options, out_result, error))
		return false;
	if (out_result->is_held) {
		out_result->next_at = place->now + HELD_NOTICE_SECONDS;
		return true;
	}
	return policy_follow(place, &out_result->again, error) &&
	       fire_due(place, out_result, error) &&
	       reminders_fire(place, &out_result->fired, error) &&
	       tell_all(place, out_result, error) &&
	       find_next(place, out_result, error);
}
