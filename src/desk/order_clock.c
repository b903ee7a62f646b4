/* Orders about what was promised: who looks after it, who is to take over, how
 * much time is left. */
#include <string.h>

#include "desk/decide_clock.h"
#include "desk/order_kind.h"

/* "2h" from now on, in the ticket's working time */
static bool
read_pause(const Reading *reading, const char *argument, int64_t *out_until)
{
	const OrderPlace *place = reading->place;
	const Sla *sla = desk_sla(place->desk, place->ticket->sla);
	const Calendar *calendar =
		desk_calendar(place->desk, sla == NULL ? NULL : sla->calendar);
	WorkingTime pause;

	*out_until = 0;
	if (*argument == '\0')
		return true;
	if (!working_time_from_text(argument, &pause))
		return false;
	*out_until = calendar_after(calendar, place->now,
	                            working_time_seconds(&pause, calendar));
	return *out_until != CALENDAR_NEVER;
}

char *
order_ack(Reading *reading, const OrderKind *kind, const char *argument,
          char **out_fault)
{
	Plan *plan = reading->before;
	int64_t until;

	(void)kind;
	if (!read_pause(reading, argument, &until)) {
		*out_fault = g_strdup(
			ORDER_SAY(reading, "a time is written 30m, 2h or 1d",
		                  "un tiempo se escribe 30m, 2h o 1d"));
		return NULL;
	}
	plan_add(plan, ACTION_ACK, "ticket",
	         plan_number(plan, reading->place->ticket->id), "until",
	         until == 0 ? NULL : plan_number(plan, until), "why", "/ack",
	         NULL);
	if (until == 0)
		return g_strdup(ORDER_SAY(reading, "no more reminders",
		                          "no habrá más avisos"));
	return g_strdup_printf(ORDER_SAY(reading, "no reminders for %s",
	                                 "sin avisos durante %s"),
	                       argument);
}

char *
order_escalate(Reading *reading, const OrderKind *kind, const char *argument,
               char **out_fault)
{
	const OrderPlace *place = reading->place;
	Plan *plan = reading->before;
	ClockCase c = { .desk = place->desk,
		        .ticket = place->ticket,
		        .now = place->now,
		        .plan = plan };

	(void)kind;
	const char *why = *argument == '\0' ? "/escalate"
	                                    : plan_format(plan, "/escalate: %s",
	                                                  argument);
	if (!decide_on_escalation(&c, why)) {
		*out_fault = g_strdup(
			ORDER_SAY(reading, "no team stands above this one",
		                  "no hay equipo por encima de este"));
		return NULL;
	}
	return g_strdup(ORDER_SAY(reading, "the next level has it",
	                          "pasa al siguiente nivel"));
}

/* ---- what is promised ---- */

static char *
set_promise(Reading *reading, const char *name, char **out_fault)
{
	if (desk_sla(reading->place->desk, name) == NULL) {
		*out_fault =
			g_strdup_printf(ORDER_SAY(reading, "there is no sla %s",
		                                  "no hay un sla %s"),
		                        name);
		return NULL;
	}
	order_set(reading, reading->before, "sla", name);
	return g_strdup_printf(ORDER_SAY(reading, "sla is %s", "el sla es %s"),
	                       name);
}

static void
add_clock(GString *text, ClockKind kind, const ClockRow *row,
          const Calendar *calendar, int64_t now)
{
	int64_t day = calendar_day_seconds(calendar);
	int64_t left = row->target - clock_row_used(row, calendar, now);
	g_autofree char *target = working_time_text(row->target, day);
	g_autofree char *rest = working_time_text(left, day);

	g_string_append_printf(text, "%s%s %s %s/%s",
	                       text->len == 0 ? "" : "; ", clock_name(kind),
	                       clock_state_name(row->state), rest, target);
	if (row->due_at == 0)
		return;
	g_autofree char *due = calendar_local_text(calendar, row->due_at);
	g_string_append_printf(text, " (%s)", due + strlen("Mon "));
}

char *
order_sla(Reading *reading, const OrderKind *kind, const char *argument,
          char **out_fault)
{
	const OrderPlace *place = reading->place;
	const Sla *sla = desk_sla(place->desk, place->ticket->sla);
	GString *text = g_string_new(NULL);

	(void)kind;
	if (*argument != '\0') {
		g_string_free(text, TRUE);
		return set_promise(reading, argument, out_fault);
	}
	for (unsigned i = 0; sla != NULL && i < CLOCK_KINDS; i++)
		if (place->clocks != NULL &&
		    place->clocks[i].state != CLOCK_OFF)
			add_clock(text, (ClockKind)i, &place->clocks[i],
			          desk_calendar(place->desk, sla->calendar),
			          place->now);
	if (text->len == 0)
		g_string_append(text, ORDER_SAY(reading, "nothing is promised",
		                                "no hay nada prometido"));
	return g_string_free(text, FALSE);
}
