/* Orders that move a ticket from one state to another. */
#include <string.h>

#include "desk/order_kind.h"

/* A ticket that this one depends on and that is not done; 0: none. */
static int64_t
waits_for(const Reading *reading)
{
	const Candidate *here =
		order_candidate(reading, reading->place->ticket->id);

	for (unsigned i = 0;
	     here != NULL && here->ties != NULL && i < here->ties->len; i++) {
		const Tie *tie = &g_array_index(here->ties, Tie, i);

		if (strcmp(tie->kind, "depends") == 0 &&
		    !ticket_state_is_done(tie->state))
			return tie->other;
	}
	return 0;
}

/* A new state ends a wait that was ordered before. */
static void
set_state(Reading *reading, const char *name, const char *why)
{
	Plan *plan = reading->after;

	if (reading->place->ticket->state == STATE_PENDING)
		plan_add(plan, ACTION_FORGET, "ticket",
		         order_ticket(reading, plan), "kind", "pending", NULL);
	plan_add(plan, ACTION_SET, "ticket", order_ticket(reading, plan),
	         "field", "state", "value", name, "why",
	         *why == '\0' ? NULL : why, NULL);
}

char *
order_state(Reading *reading, const OrderKind *kind, const char *argument,
            char **out_fault)
{
	const Ticket *ticket = reading->place->ticket;
	g_autofree char *name =
		g_ascii_strdown(kind->value != NULL ? kind->value : argument,
	                        -1);
	TicketState state;

	if (!ticket_state_from_name(name, &state) || state == STATE_MERGED) {
		*out_fault = g_strdup(ORDER_SAY(
			reading,
			"state is one of new, open, pending, hold, resolved, closed",
			"el estado es uno de: new, open, pending, hold, resolved, closed"));
		return NULL;
	}
	if (!ticket_move_is_allowed(ticket->type, ticket->state, state)) {
		*out_fault = g_strdup_printf(
			ORDER_SAY(reading,
		                  "a ticket that is %s cannot become %s",
		                  "un caso %s no puede pasar a %s"),
			ticket_state_name(ticket->state), name);
		return NULL;
	}
	if (ticket_state_is_done(state) && waits_for(reading) != 0) {
		*out_fault = g_strdup_printf(
			ORDER_SAY(reading,
		                  "it depends on ticket %" G_GINT64_FORMAT
		                  ", which is not done",
		                  "depende del caso %" G_GINT64_FORMAT
		                  ", que no está resuelto"),
			waits_for(reading));
		return NULL;
	}
	set_state(reading, name, kind->value == NULL ? "" : argument);
	return g_strdup_printf(ORDER_SAY(reading, "state is %s",
	                                 "el estado es %s"),
	                       name);
}
