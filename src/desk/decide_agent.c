/* An agent wrote on a ticket: his orders are obeyed as a whole or not at all.
 */
#include <string.h>

#include "desk/case.h"
#include "desk/notify.h"

void
case_refuse_agent(Case *c, const Candidate *candidate)
{
	const Facts *facts = c->facts;
	About about = about_of(candidate->ticket);
	Cause cause = { .purpose = "transcript",
		        .template = "transcript",
		        .in_reply_to = facts->mail->message_id,
		        .detail = "unproven",
		        .why = "an agent's mail without proof" };

	const char *reason =
		plan_format(c->plan,
	                    "from agent %s with evidence %s, E3 is needed",
	                    facts->agent->id,
	                    evidence_name(c->decision->level));
	case_hold(c, candidate->ticket->id, reason);
	/* told once a day, at the address on record */
	if (!facts->budgets.was_agent_warned_today && facts_may_answer(facts)) {
		notify_agent(c->plan, facts->desk, &about, facts->agent,
		             &cause);
		plan_add(c->plan, ACTION_REMEMBER, "name",
		         plan_format(c->plan, "agent-warned:%s",
		                     facts->agent->id),
		         "text", plan_number(c->plan, facts->now), NULL);
	}
	case_settle(c, DELIVERY_QUARANTINED, candidate->ticket->id, 0, reason);
}

static void
send_transcript(Case *c, const About *about)
{
	Cause cause = { .purpose = "transcript",
		        .template = "transcript",
		        .in_reply_to = c->facts->mail->message_id,
		        .detail = c->decision->orders->is_good ? "done"
		                                               : "refused",
		        .why = "orders were given" };

	if (facts_may_answer(c->facts))
		notify_agent(c->plan, c->facts->desk, about, c->facts->agent,
		             &cause);
}

static const char *
value_set(const Plan *plan, const char *field)
{
	const char *value = NULL;

	for (unsigned i = 0; i < plan->actions->len; i++) {
		const Action *action = plan_action(plan, i);

		if (action->kind == ACTION_SET &&
		    strcmp(action_value(action, "field"), field) == 0)
			value = action_value(action, "value");
	}
	return value;
}

static void
public_answer(Case *c, const Candidate *candidate, const About *about)
{
	const Ticket *ticket = candidate->ticket;
	MessageForm form = { "out", "public", "proven", "agent's answer" };
	Cause cause = { .purpose = "reply",
		        .template = "answer",
		        .actor = c->facts->from,
		        .in_reply_to = "",
		        .why = "an agent answered" };

	case_add_message(c, ticket->id, &form);
	if ((ticket->owner == NULL || *ticket->owner == '\0') &&
	    value_set(c->plan, "owner") == NULL)
		case_set(c, ticket->id, "owner", c->facts->agent->id,
		         "first to answer");
	if (ticket->state == STATE_NEW)
		case_set(c, ticket->id, "state", "open", "answered");
	notify_participants(c->plan, c->facts->desk, about,
	                    candidate->participants, c->facts->mail, &cause);
}

static void
tell_new_owner(Case *c, const About *about, const Plan *before)
{
	const char *id = value_set(before, "owner");
	const Agent *owner = desk_agent(c->facts->desk, id);
	Cause cause = { .purpose = "notify",
		        .template = "assigned",
		        .actor = c->facts->from,
		        .why = "assigned by order" };

	if (owner != NULL)
		notify_agent(c->plan, c->facts->desk, about, owner, &cause);
}

static void
tell_closed(Case *c, const Candidate *candidate, const About *about,
            const Plan *after)
{
	const char *name = value_set(after, "state");
	TicketState state;
	Cause cause = { .purpose = "notify",
		        .template = "closed",
		        .actor = c->facts->from,
		        .in_reply_to = "",
		        .why = "the ticket was closed" };

	if (name == NULL || !ticket_state_from_name(name, &state) ||
	    !ticket_state_is_done(state) || c->decision->orders->is_silent ||
	    ticket_state_is_done(candidate->ticket->state))
		return;
	notify_participants(c->plan, c->facts->desk, about,
	                    candidate->participants, NULL, &cause);
}

static void
obey(Case *c, const Candidate *candidate, const Plan *before, const Plan *after)
{
	const Orders *orders = c->decision->orders;
	/* a signature's logo must not mail orders to a requester */
	bool has_text = *orders->rest != '\0' ||
	                (c->facts->mail->attachments->len > 0 &&
	                 (orders->list->len == 0 || orders->wants_note ||
	                  orders->wants_reply));
	MessageForm note = { "note", "internal", "proven", "agent's note" };
	About about = about_of(candidate->ticket);

	plan_append(c->plan, before);
	if (has_text && orders->wants_note)
		case_add_message(c, candidate->ticket->id, &note);
	else if (has_text)
		public_answer(c, candidate, &about);
	plan_append(c->plan, after);
	tell_new_owner(c, &about, before);
	if (!has_text || orders->wants_note)
		tell_closed(c, candidate, &about, after);
	if (orders->list->len > 0)
		send_transcript(c, &about);
	case_settle(c, has_text ? DELIVERY_APPENDED : DELIVERY_COMMANDED,
	            candidate->ticket->id, 0, "agent");
}

/* What obeying would do, told instead of done. */
static void
try_orders(Case *c, const Candidate *candidate, const Plan *before,
           const Plan *after)
{
	GString *answer = c->decision->orders->answer;
	g_autoptr(Plan) tried = plan_new();
	Case rehearsal = { c->facts, c->decision, tried };
	About about = about_of(candidate->ticket);

	obey(&rehearsal, candidate, before, after);
	for (unsigned i = 0;
	     i < tried->actions->len && answer->len < ORDERS_ANSWER_OCTETS_MAX;
	     i++) {
		const Action *action = plan_action(tried, i);
		g_autofree char *text = action_to_text(action);

		if (action->kind != ACTION_SETTLE)
			g_string_append_printf(answer, "%s\n", text);
	}
	send_transcript(c, &about);
	case_settle(c, DELIVERY_COMMANDED, candidate->ticket->id, 0,
	            "orders were tried, not obeyed");
}

/* the message that his mail answers; 0: not known */
static int64_t
answered(const Case *c)
{
	const Thread *thread = c->decision->thread;

	return thread == NULL || thread->by == NULL ? 0 : thread->by->message;
}

/* as notify_agent() chooses it */
static const char *
agent_language(const Facts *facts, const Candidate *candidate)
{
	const Queue *queue = desk_queue(facts->desk, candidate->ticket->queue);

	if (facts->agent->language != NULL)
		return facts->agent->language;
	return queue != NULL && queue->language != NULL ? queue->language
	                                                : facts->desk->language;
}

void
case_agent_wrote(Case *c, const Candidate *candidate)
{
	const Facts *facts = c->facts;
	OrderPlace place = { .desk = facts->desk,
		             .ticket = candidate->ticket,
		             .agent = facts->agent,
		             .language = agent_language(facts, candidate),
		             .now = facts->now,
		             .candidates = facts->candidates,
		             .lists = facts->lists,
		             .next_ticket = facts->next_ticket,
		             .answered = answered(c),
		             .actor = plan_format(c->plan, "mail:%s",
		                                  facts->from),
		             .clocks = candidate->clocks };
	g_autoptr(Plan) before = plan_new();
	g_autoptr(Plan) after = plan_new();
	About about = about_of(candidate->ticket);

	if (c->decision->level < EVIDENCE_E3) {
		case_refuse_agent(c, candidate);
		return;
	}
	Orders *orders = orders_read(facts_words(facts), &place,
	                             c->decision->level, before, after);
	c->decision->orders = orders;
	bool is_empty = orders->list->len == 0 && *orders->rest == '\0' &&
	                facts->mail->attachments->len == 0;
	if (orders->is_good && orders->wants_try) {
		try_orders(c, candidate, before, after);
		return;
	}
	if (orders->is_good && !is_empty) {
		obey(c, candidate, before, after);
		return;
	}
	if (is_empty)
		orders_refuse(orders, "(empty)",
		              "there is nothing but quoted text");
	send_transcript(c, &about);
	case_settle(c, DELIVERY_COMMANDED, candidate->ticket->id, 0,
	            is_empty ? "nothing but quoted text" : "orders refused");
}
