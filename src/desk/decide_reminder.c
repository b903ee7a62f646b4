/* A wait is over, or the time has come that an agent wanted to hear of. */
#include <string.h>

#include "desk/decide.h"
#include "desk/notify.h"

static void
end_wait(Plan *plan, const Ticket *ticket)
{
	plan_add(plan, ACTION_SET, "ticket", plan_number(plan, ticket->id),
	         "field", "state", "value", "open", "why", "the wait is over",
	         NULL);
}

Plan *
decide_on_reminder(const Desk *desk, const Ticket *ticket,
                   const Reminder *reminder)
{
	Plan *plan = plan_new();
	bool is_wait = strcmp(reminder->kind, "pending") == 0;
	const Agent *agent = desk_agent(desk, reminder->agent);
	About about = about_of(ticket);
	Cause cause = { .purpose = "notify",
		        .template = is_wait ? "wait-over" : "reminder",
		        .detail = reminder->text,
		        .why = is_wait ? "the wait is over"
		                       : "an agent wanted to be reminded" };

	plan_add(plan, ACTION_REMINDED, "ticket", plan_number(plan, ticket->id),
	         "reminder", plan_number(plan, reminder->id), NULL);
	if (is_wait && ticket->state != STATE_PENDING)
		return plan;
	if (is_wait)
		end_wait(plan, ticket);
	if (is_wait || agent == NULL)
		notify_agents(plan, desk, &about, &cause);
	else
		notify_agent(plan, desk, &about, agent, &cause);
	return plan;
}
