/* The requester ordered something of his own ticket with one word. */
#include <string.h>

#include "desk/case.h"
#include "desk/notify.h"
#include "desk/selfservice.h"

/* To the address on record, not to the one that wrote. */
static void
tell_requester(Case *c, const Candidate *candidate, const About *about)
{
	const Participant *requester = candidate_requester(candidate);
	Cause cause = { .purpose = "self-service",
		        .template = "closed",
		        .in_reply_to = c->facts->mail->message_id,
		        .why = "the requester's own order" };
	Receiver to = { .address = requester->address,
		        .name = requester->name,
		        .language = requester->language,
		        .scope = "comment" };

	if (facts_may_answer(c->facts))
		notify_receiver(c->plan, c->facts->desk, about, &to, &cause);
}

/* It counts for the articles that his acknowledgement proposed. */
static void
praise_articles(Case *c, const Candidate *candidate)
{
	const GArray *ids = candidate->proposed;

	for (unsigned i = 0; ids != NULL && i < ids->len; i++)
		plan_add(c->plan, ACTION_USE, "ticket",
		         plan_number(c->plan, candidate->ticket->id), "article",
		         plan_number(c->plan, g_array_index(ids, int64_t, i)),
		         "kind", "solved", "why", "the requester said so",
		         NULL);
}

/* faults.md 4.2: a requester closes and reopens from E2 on; below it his word
 * is a comment like any other. */
static bool
may_order(const Case *c, const Ticket *ticket, TicketState state)
{
	return c->decision->level >= EVIDENCE_E2 &&
	       strcmp(c->decision->role, "requester") == 0 &&
	       ticket->state != state &&
	       ticket_move_is_allowed(ticket->type, ticket->state, state);
}

bool
case_is_service(Case *c, const Candidate *candidate)
{
	const Ticket *ticket = candidate->ticket;
	MessageForm form = { "in", "public", "proven", "requester's order" };
	About about = about_of(ticket);
	Cause cause = { .purpose = "notify",
		        .template = "requester-answer",
		        .actor = c->facts->from,
		        .why = "the requester ordered it" };
	TicketState state;

	if (!selfservice_state(facts_words(c->facts), &state) ||
	    !may_order(c, ticket, state))
		return false;
	case_add_message(c, ticket->id, &form);
	case_set(c, ticket->id, "state", ticket_state_name(state),
	         "the requester ordered it");
	notify_agents(c->plan, c->facts->desk, &about, &cause);
	if (ticket_state_is_done(state)) {
		praise_articles(c, candidate);
		tell_requester(c, candidate, &about);
	}
	case_settle(c, DELIVERY_APPENDED, ticket->id, 0,
	            "the requester's own order");
	return true;
}
