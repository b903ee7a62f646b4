/* Somebody who is no agent wrote on a ticket. */
#include "desk/case.h"
#include "desk/notify.h"
#include "desk/thanks.h"

#define DAY INT64_C(86400)

static bool
is_reopen_too_late(const Facts *facts, const Ticket *ticket)
{
	const Queue *queue = desk_queue(facts->desk, ticket->queue);
	int days = queue == NULL ? 14 : queue->reopen_days;

	return ticket->state == STATE_CLOSED &&
	       facts->now - ticket->closed_at > days * DAY;
}

void
case_move_on(Case *c, const Ticket *ticket)
{
	if (ticket_state_is_done(ticket->state))
		case_set(c, ticket->id, "state", "open",
		         plan_format(c->plan, "the %s wrote again",
		                     c->decision->role));
	else if (ticket->state == STATE_PENDING)
		case_set(c, ticket->id, "state", "open",
		         plan_format(c->plan, "the %s answered",
		                     c->decision->role));
}

void
case_comment(Case *c, const Candidate *candidate)
{
	const Ticket *ticket = candidate->ticket;
	bool is_sure = c->decision->level >= EVIDENCE_E1;
	bool is_thanks = ticket_state_is_done(ticket->state) &&
	                 thanks_only(c->facts->mail->reply);
	MessageForm form = { "in", is_sure ? "public" : "internal",
		             is_sure ? "proven" : "unproven",
		             c->decision->role };
	About about = about_of(ticket);
	Cause cause = {
		.purpose = "notify",
		.template = "requester-answer",
		.actor = c->facts->from,
		.detail = is_sure ? NULL : "unproven",
		.why = is_sure ? "a participant wrote"
		               : "a participant's address wrote, unproven"
	};

	if (is_sure && !is_thanks && is_reopen_too_late(c->facts, ticket)) {
		case_open_ticket(c, ticket->id,
		                 "closed too long ago to reopen");
		return;
	}
	if (case_is_service(c, candidate))
		return;
	case_add_message(c, ticket->id, &form);
	if (is_sure && !is_thanks)
		case_move_on(c, ticket);
	if (!is_thanks)
		notify_agents(c->plan, c->facts->desk, &about, &cause);
	case_settle(c, DELIVERY_APPENDED, ticket->id, 0,
	            is_thanks ? "thanks, which do not reopen" : cause.why);
}

void
case_hold_stranger(Case *c)
{
	const Thread *thread = c->decision->thread;
	const Ticket *ticket = thread->candidate->ticket;
	About about = about_of(ticket);
	Cause cause = { .purpose = "notify",
		        .template = "held",
		        .actor = c->facts->from,
		        .detail = c->facts->from,
		        .why = "a stranger wrote to the ticket" };

	const char *reason = plan_format(c->plan, "stranger's reply, by %s",
	                                 witness_name(thread->by->kind));
	case_hold(c, ticket->id, reason);
	if (!mail_is_machine(c->facts->mail))
		notify_agents(c->plan, c->facts->desk, &about, &cause);
	case_settle(c, DELIVERY_QUARANTINED, ticket->id, 0, reason);
}
