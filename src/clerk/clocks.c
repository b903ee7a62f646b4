#include "clerk/clocks.h"

#include <string.h>

#include "store/clocks.h"

bool
clock_facts_load(Store *store, int64_t ticket, ClockFacts *facts,
                 GError **error)
{
	facts->ticket = store_ticket_get(store, ticket, error);
	if (facts->ticket == NULL ||
	    !store_clocks(store, ticket, facts->rows, error))
		return false;
	facts->timers = store_timers(store, ticket, error);
	return facts->timers != NULL;
}

void
clock_facts_release(ClockFacts *facts)
{
	ticket_free(facts->ticket);
	if (facts->timers != NULL)
		g_array_unref(facts->timers);
}

/* ---- one ticket ---- */

typedef struct Clocks {
	Clock all[CLOCK_KINDS];
} Clocks;

static void
clocks_release(Clocks *clocks)
{
	for (unsigned i = 0; i < CLOCK_KINDS; i++)
		clock_release(&clocks->all[i]);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Clocks, clocks_release)

static bool
reckon(const ApplyPlace *place, const Ticket *ticket, Clocks *clocks,
       GError **error)
{
	const Sla *sla = desk_sla(place->desk, ticket->sla);

	if (sla == NULL || ticket->state == STATE_MERGED)
		return true;
	g_autoptr(GArray) happenings =
		store_happenings(place->store, ticket->id, error);
	if (happenings == NULL)
		return false;
	ClockTerms terms = { .sla = sla,
		             .calendar =
		                     desk_calendar(place->desk, sla->calendar),
		             .priority = ticket->priority,
		             .type = ticket->type,
		             .opened_at = ticket->created_at };
	clocks_reckon(&terms, happenings, clocks->all);
	return true;
}

static bool
has_clock(const ClockFacts *facts)
{
	for (unsigned i = 0; i < CLOCK_KINDS; i++)
		if (facts->rows[i].epoch != 0)
			return true;
	return facts->ticket->sla != NULL;
}

static bool
follow_ticket(const ApplyPlace *place, int64_t ticket, bool is_answered,
              ApplyEvent *event, GError **error)
{
	g_auto(ClockFacts) facts = { .ticket = NULL };
	g_auto(Clocks) clocks = { .all = { { .segments = NULL } } };
	g_autoptr(Plan) plan = plan_new();

	if (!clock_facts_load(place->store, ticket, &facts, error))
		return false;
	if (!has_clock(&facts))
		return true;
	if (!reckon(place, facts.ticket, &clocks, error))
		return false;
	ClockCase c = { place->desk,  facts.ticket, facts.rows,
		        facts.timers, place->now,   plan };
	decide_on_clocks(&c, clocks.all, is_answered);
	return apply_actions(place, plan, event, error);
}

bool
clocks_reckon_again(const ApplyPlace *place, int64_t ticket, ApplyEvent *event,
                    GError **error)
{
	return follow_ticket(place, ticket, false, event, error);
}

/* ---- an event ---- */

/* What moves a clock, or the ladder that hangs on it. */
static bool
moves_clocks(ActionKind kind)
{
	return kind == ACTION_OPEN || kind == ACTION_MESSAGE ||
	       kind == ACTION_SET || kind == ACTION_JOIN;
}

static void
add_ticket(GArray *tickets, int64_t ticket)
{
	for (unsigned i = 0; i < tickets->len; i++)
		if (g_array_index(tickets, int64_t, i) == ticket)
			return;
	if (ticket != 0)
		g_array_append_val(tickets, ticket);
}

static GArray *
tickets_of(const Plan *plan)
{
	GArray *tickets = g_array_new(FALSE, FALSE, sizeof(int64_t));

	for (unsigned i = 0; i < plan->actions->len; i++) {
		const Action *action = plan_action(plan, i);
		if (!moves_clocks(action->kind))
			continue;
		add_ticket(tickets, action_number(action, "ticket"));
		if (action->kind == ACTION_JOIN)
			add_ticket(tickets, action_number(action, "from"));
	}
	return tickets;
}

static bool
has_action(const Plan *plan, ActionKind kind)
{
	for (unsigned i = 0; i < plan->actions->len; i++)
		if (plan_action(plan, i)->kind == kind)
			return true;
	return false;
}

/* Has an agent done anything on the ticket?  Held mail is nobody's word, and an
 * order that answers for itself needs no second word. */
static bool
is_agents_act(const ApplyPlace *place, const ApplyEvent *event,
              const Plan *plan)
{
	static const char mail[] = "mail:";

	if (has_action(plan, ACTION_QUARANTINE) || has_action(plan, ACTION_ACK))
		return false;
	if (g_str_has_prefix(event->actor, "operator:"))
		return !has_action(plan, ACTION_OPEN);
	return g_str_has_prefix(event->actor, mail) &&
	       desk_agent_for_address(place->desk,
	                              event->actor + strlen(mail)) != NULL;
}

bool
clocks_follow(const ApplyPlace *place, const Plan *plan, ApplyEvent *event,
              GError **error)
{
	if (place->desk->slas->len == 0)
		return true;
	g_autoptr(GArray) tickets = tickets_of(plan);
	bool is_answered = is_agents_act(place, event, plan);

	for (unsigned i = 0; i < tickets->len; i++)
		if (!follow_ticket(place, g_array_index(tickets, int64_t, i),
		                   is_answered, event, error))
			return false;
	return true;
}
