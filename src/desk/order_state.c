/* Orders that move a ticket from one state to another. */
#include <string.h>

#include "desk/order_kind.h"

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
	order_set(reading, reading->after, "state", name);
	return g_strdup_printf(ORDER_SAY(reading, "state is %s",
	                                 "el estado es %s"),
	                       name);
}
