/* May this mail go, or was there too much of it lately?  (faults.md 3.9) */
#include "base/log.h"

#include "desk/notify.h"

#include "clerk/apply_part.h"

#define ALARM_NOTE    "outbox-alarm"
#define ALARM_SECONDS INT64_C(86400)

static bool
was_alarmed(const ApplyPlace *place)
{
	g_autofree char *at = store_note_get(place->store, ALARM_NOTE, NULL);

	return at != NULL &&
	       place->now - g_ascii_strtoll(at, NULL, 10) < ALARM_SECONDS;
}

/* Administrators hear of it once a day, on the ticket at which it began. */
static void
raise_alarm(const ApplyPlace *place, const Action *action, const char *refusal,
            Plan *out)
{
	About about = { .ticket = action_number(action, "ticket") };
	Cause cause = { .purpose = "escalation",
		        .template = "alarm",
		        .detail = refusal,
		        .why = "administrators are told once a day" };

	if (was_alarmed(place))
		return;
	log_event(LOG_LEVEL_ERROR, "mails-withheld", "why", refusal, NULL);
	for (unsigned i = 0; i < place->desk->agents->len; i++) {
		const Agent *agent = place->desk->agents->pdata[i];

		if (g_strv_contains(agent->roles, "admin"))
			notify_agent(out, place->desk, &about, agent, &cause);
	}
	plan_add(out, ACTION_REMEMBER, "name", ALARM_NOTE, "text",
	         plan_number(out, place->now), NULL);
}

bool
apply_gate(const ApplyPlace *place, const ApplyEvent *event,
           const Action *action, Plan *out, GError **error)
{
	BudgetUse use = { 0 };

	if (action->kind != ACTION_SEND || event->actor == NULL)
		return true;
	const char *to = action_value(action, "to");
	BudgetQuestion question = { to, action_number(action, "ticket"),
		                    place->now };
	if (!store_budget_use(place->store, &question, &use, error))
		return false;
	use.is_agent = desk_agent_for_address(place->desk, to) != NULL;
	BudgetVerdict verdict =
		budget_ask(&place->desk->limits,
	                   action_value(action, "purpose"),
	                   action_value(action, "template"), &use, place->now);
	if (verdict.refusal == NULL)
		return true;
	plan_add(out, ACTION_WITHHOLD, "ticket", action_value(action, "ticket"),
	         "purpose", action_value(action, "purpose"), "template",
	         action_value(action, "template"), "to", to, "why",
	         verdict.refusal, NULL);
	if (verdict.alarms)
		raise_alarm(place, action, verdict.refusal, out);
	return true;
}

bool
apply_withhold(Applying *a)
{
	const char *to = apply_value(a, "to");
	const Agent *agent = desk_agent_for_address(a->place->desk, to);
	Withheld withheld = { .at = a->place->now,
		              .ticket = apply_number(a, "ticket"),
		              .to = to,
		              .agent = agent == NULL ? NULL : agent->id,
		              .purpose = apply_value(a, "purpose"),
		              .template = apply_value(a, "template"),
		              .reason = apply_value(a, "why") };

	return store_withheld_add(a->place->store, &withheld, a->error);
}

/* ---- addresses that refuse mail ---- */

bool
apply_mailbox_failure(Applying *a, const OutboxRow *row)
{
	g_autoptr(Mailbox) mailbox = NULL;
	const char *reason = apply_value(a, "reason");

	if (!mailbox_is_at_fault(apply_value(a, "status"), reason))
		return true;
	if (!store_mailbox_get(a->place->store, row->to, &mailbox, a->error))
		return false;
	if (mailbox == NULL) {
		mailbox = g_new0(Mailbox, 1);
		mailbox->address = g_strdup(row->to);
	}
	return !mailbox_fail(mailbox, row->id, reason, a->place->now) ||
	       store_mailbox_put(a->place->store, mailbox, a->error);
}
