/* Orders about time: how long to wait, when to come back, how long it took. */
#include <string.h>

#include "desk/order_kind.h"
#include "desk/when.h"

static void
add_reminder(Reading *reading, const char *kind, int64_t due, const char *text)
{
	const Agent *agent = reading->place->agent;
	Plan *plan = reading->after;

	plan_add(plan, ACTION_REMIND, "ticket", order_ticket(reading, plan),
	         "kind", kind, "due", plan_number(plan, due), "agent",
	         agent == NULL ? NULL : agent->id, "text",
	         *text == '\0' ? NULL : text, NULL);
}

char *
order_pending(Reading *reading, const OrderKind *kind, const char *argument,
              char **out_fault)
{
	const OrderPlace *place = reading->place;
	const char *why = argument;
	int64_t due = 0;

	if (*argument != '\0' &&
	    !when_read(argument, place->now, place->desk->timezone, &due, &why))
		due = 0;
	if (*argument != '\0' && due == 0) {
		*out_fault = g_strdup_printf(
			ORDER_SAY(reading, "/%s wants %s, in the future",
		                  "/%s quiere %s, en el futuro"),
			kind->word, kind->argument);
		return NULL;
	}
	g_autofree char *effect = order_state(reading, kind, why, out_fault);
	if (effect == NULL || due == 0)
		return g_steal_pointer(&effect);
	g_autofree char *until = when_text(due, place->desk->timezone);
	add_reminder(reading, "pending", due, why);
	return g_strdup_printf(ORDER_SAY(reading, "%s until %s", "%s hasta %s"),
	                       effect, until);
}

char *
order_remind(Reading *reading, const OrderKind *kind, const char *argument,
             char **out_fault)
{
	const OrderPlace *place = reading->place;
	const char *text;
	int64_t due;

	if (!when_read(argument, place->now, place->desk->timezone, &due,
	               &text)) {
		*out_fault = g_strdup_printf(
			ORDER_SAY(reading, "/%s wants %s, in the future",
		                  "/%s quiere %s, en el futuro"),
			kind->word, kind->argument);
		return NULL;
	}
	g_autofree char *at = when_text(due, place->desk->timezone);
	add_reminder(reading, "remind", due, text);
	return g_strdup_printf(ORDER_SAY(reading, "you are reminded at %s",
	                                 "se le recordará el %s"),
	                       at);
}

/* the custom field that sums the time up, in minutes */
#define SPENT_FIELD "spent"

static int64_t
spent_before(const Ticket *ticket)
{
	for (unsigned i = 0; i < ticket->fields->len; i++) {
		const TicketField *field =
			&g_array_index(ticket->fields, TicketField, i);

		if (strcmp(field->name, SPENT_FIELD) == 0)
			return g_ascii_strtoll(field->value, NULL, 10);
	}
	return 0;
}

char *
order_spent(Reading *reading, const OrderKind *kind, const char *argument,
            char **out_fault)
{
	const char *rest;
	int64_t seconds;

	if (!when_span(argument, &seconds, &rest) || *rest != '\0') {
		*out_fault = g_strdup_printf(ORDER_SAY(reading, "/%s wants %s",
		                                       "/%s quiere %s"),
		                             kind->word, kind->argument);
		return NULL;
	}
	int64_t minutes = spent_before(reading->place->ticket) + seconds / 60;
	Plan *plan = reading->before;
	plan_add(plan, ACTION_FIELD, "ticket", order_ticket(reading, plan),
	         "name", SPENT_FIELD, "value", plan_number(plan, minutes),
	         NULL);
	return g_strdup_printf(ORDER_SAY(reading, "%d minutes spent in all",
	                                 "%d minutos en total"),
	                       (int)minutes);
}
