#include <string.h>

#include "desk/decide.h"
#include "desk/notify.h"

static Decision *
decision_new(EvidenceLevel level, const char *role)
{
	Decision *decision = g_new0(Decision, 1);

	decision->plan = plan_new();
	decision->level = level;
	decision->role = role;
	return decision;
}

static void
add_text(Plan *plan, const OrderPlace *place, const char *text, bool is_note)
{
	const Agent *agent = place->agent;

	plan_add(plan, ACTION_MESSAGE, "ticket",
	         plan_number(plan, place->ticket->id), "direction",
	         is_note ? "note" : "out", "visibility",
	         is_note ? "internal" : "public", "proof", "proven", "by",
	         agent == NULL ? NULL : agent->addresses[0], "name",
	         agent == NULL ? NULL : agent->name, "why", "at the terminal",
	         "text", text, NULL);
}

static void
add_answer(Plan *plan, const OrderPlace *place, const Candidate *candidate,
           const char *text)
{
	About about = about_of(place->ticket);
	Cause cause = { .purpose = "reply",
		        .template = "answer",
		        .in_reply_to = "",
		        .why = "answered at the terminal" };

	add_text(plan, place, text, false);
	if (place->ticket->state == STATE_NEW)
		plan_add(plan, ACTION_SET, "ticket",
		         plan_number(plan, place->ticket->id), "field", "state",
		         "value", "open", "why", "answered", NULL);
	notify_participants(plan, place->desk, &about, candidate->participants,
	                    NULL, &cause);
}

Decision *
decide_on_order(const OrderPlace *place, const Candidate *candidate,
                const char *text, bool is_note)
{
	Decision *decision = decision_new(EVIDENCE_E5, "operator");
	g_autoptr(Plan) after = plan_new();

	decision->orders = orders_read(text, place, decision->level,
	                               decision->plan, after);
	if (!decision->orders->is_good)
		return decision;
	const char *words = decision->orders->rest;
	if (*words != '\0') {
		if (is_note || decision->orders->wants_note)
			add_text(decision->plan, place, words, true);
		else
			add_answer(decision->plan, place, candidate, words);
	}
	plan_append(decision->plan, after);
	return decision;
}

Decision *
decide_on_new(const NewTicket *new_ticket)
{
	Decision *decision = decision_new(EVIDENCE_E5, "operator");
	Plan *plan = decision->plan;
	const Queue *queue = new_ticket->queue;
	const Team *team = desk_team(new_ticket->desk, queue->team);
	const char *number = plan_number(plan, new_ticket->number);
	const char *requester = new_ticket->requester_address;
	const char *language = queue->language != NULL
	                               ? queue->language
	                               : new_ticket->desk->language;
	About about = { .ticket = new_ticket->number,
		        .subject = new_ticket->subject,
		        .queue = queue->name,
		        .team = queue->team,
		        .language = language };

	if (requester != NULL)
		plan_add(plan, ACTION_PERSON, "address", requester, "name",
		         new_ticket->requester_name, NULL);
	plan_add(plan, ACTION_OPEN, "ticket", number, "queue", queue->name,
	         "type", queue->type == NULL ? "incident" : queue->type,
	         "priority",
	         queue->priority == NULL ? "normal" : queue->priority, "team",
	         queue->team, "level",
	         plan_number(plan, team == NULL ? 1 : team->level), "language",
	         language, "requester", requester, "subject",
	         new_ticket->subject, "sla", queue->sla, "why",
	         "at the terminal", NULL);
	if (requester != NULL)
		plan_add(plan, ACTION_WATCH, "ticket", number, "address",
		         requester, "kind", "requester", NULL);
	plan_add(plan, ACTION_MESSAGE, "ticket", number, "direction", "in",
	         "visibility", "public", "proof", "proven", "by", requester,
	         "name", new_ticket->requester_name, "why", "at the terminal",
	         "text", new_ticket->text, NULL);
	Cause cause = { .purpose = "notify",
		        .template = "new-ticket",
		        .why = "new ticket in the queue" };
	notify_agents(plan, new_ticket->desk, &about, &cause);
	return decision;
}

/* "5.1.1" of "550 5.1.1 no such user"; NULL: it has none */
static const char *
status_of(Plan *plan, const char *reply)
{
	size_t length = reply == NULL || strlen(reply) < 5
	                        ? 0
	                        : strspn(reply + 4, "0123456789.");

	return length < 5 ? NULL
	                  : plan_format(plan, "%.*s", (int)length, reply + 4);
}

Decision *
decide_on_failure(const Desk *desk, const OutboxRow *row,
                  const Candidate *candidate)
{
	Decision *decision = decision_new(EVIDENCE_E5, "system");
	Plan *plan = decision->plan;
	About about = about_of(candidate->ticket);
	Cause cause = { .purpose = "failure",
		        .template = "delivery-failed",
		        .detail = plan_number(plan, row->id),
		        .why = "the answer could not be sent" };

	plan_add(plan, ACTION_UNDELIVERED, "ticket",
	         plan_number(plan, row->ticket), "outbox",
	         plan_number(plan, row->id), "address", row->to, "action",
	         "failed", "status", status_of(plan, row->last_reply), "reason",
	         row->last_error, NULL);
	if (strcmp(row->purpose, "reply") != 0)
		return decision;
	if (ticket_state_is_done(candidate->ticket->state))
		plan_add(plan, ACTION_SET, "ticket",
		         plan_number(plan, row->ticket), "field", "state",
		         "value", "open", "why", "the answer could not be sent",
		         NULL);
	notify_agents(plan, desk, &about, &cause);
	return decision;
}

Decision *
decide_on_outbox(const OutboxRow *row, OutboxState state)
{
	if (row->state == OUTBOX_SENDING || row->state == OUTBOX_SENT)
		return NULL;
	Decision *decision = decision_new(EVIDENCE_E5, "operator");
	Plan *plan = decision->plan;

	plan_add(plan, ACTION_OUTBOX, "ticket",
	         row->ticket == 0 ? NULL : plan_number(plan, row->ticket),
	         "outbox", plan_number(plan, row->id), "state",
	         outbox_state_name(state), "why",
	         plan_format(plan, "it was %s", outbox_state_name(row->state)),
	         NULL);
	return decision;
}
