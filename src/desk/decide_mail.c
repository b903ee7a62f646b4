#include <string.h>

#include "base/text.h"

#include "desk/decide.h"
#include "desk/notify.h"
#include "desk/subject.h"
#include "desk/thanks.h"

/* as in RFC 5321 section 6.3 and Postfix's hopcount_limit */
#define HOPS_MAX          50
/* the third time that a mail is begun and not finished it is set aside */
#define TIMES_IN_HAND_MAX 3
#define DAY               INT64_C(86400)

typedef struct Case {
	const Facts *facts;
	Decision *decision;
	Plan *plan;
} Case;

/* ---- endings: each mail has exactly one
 * ---------------------------------------- */

static void
settle(Case *c, DeliveryState state, int64_t ticket, int64_t other,
       const char *why)
{
	plan_add(c->plan, ACTION_SETTLE, "state", delivery_state_name(state),
	         "ticket", ticket == 0 ? NULL : plan_number(c->plan, ticket),
	         "other", other == 0 ? NULL : plan_number(c->plan, other),
	         "why", why, NULL);
}

static bool
is_machine(const Mail *mail)
{
	return mail->class != MAIL_PERSON && mail->class != MAIL_LIST;
}

static void
hold(Case *c, int64_t ticket, const char *reason)
{
	plan_add(c->plan, ACTION_QUARANTINE, "ticket",
	         ticket == 0 ? NULL : plan_number(c->plan, ticket), "reason",
	         reason, NULL);
}

static void
quarantine(Case *c, int64_t ticket, const char *reason)
{
	hold(c, ticket, reason);
	settle(c, DELIVERY_QUARANTINED, ticket, 0, reason);
}

/* A null sender or a machine's mark: no automatic mail goes back (I4). */
static bool
may_answer(const Facts *facts)
{
	return facts->mail->answerable && !is_machine(facts->mail) &&
	       (facts->envelope_sender == NULL ||
	        *facts->envelope_sender != '\0');
}

/* ---- a mail that needs no thread
 * ------------------------------------------------ */

static bool
was_seen(Case *c)
{
	const Delivery *other = c->facts->other;

	switch (c->facts->seen) {
	case SEEN_NOT:
		return false;
	case SEEN_SAME:
		settle(c, DELIVERY_DUPLICATE, other->ticket, other->id,
		       "the same mail has come before");
		return true;
	case SEEN_TRUNCATED:
		settle(c, DELIVERY_SUPERSEDED, other->ticket, other->id,
		       "the beginning of a mail that came whole");
		return true;
	case SEEN_LONGER:
		if (other->message == 0)
			return false;
		plan_add(c->plan, ACTION_REPLACE, "ticket",
		         plan_number(c->plan, other->ticket), "message",
		         plan_number(c->plan, other->message), "delivery",
		         plan_number(c->plan, other->id), "why",
		         "an earlier copy was cut short", NULL);
		settle(c, other->state, other->ticket, other->id,
		       "the whole of a mail that came cut short");
		return true;
	}
	g_assert_not_reached();
}

static bool
kills_us(Case *c)
{
	if (c->facts->times_in_hand < TIMES_IN_HAND_MAX)
		return false;
	quarantine(c, 0, "begun twice and never finished");
	return true;
}

static bool
came_back(Case *c)
{
	if (c->facts->echo_why == NULL)
		return false;
	settle(c, DELIVERY_SUPPRESSED, 0, 0, c->facts->echo_why);
	return true;
}

static bool
goes_in_circles(Case *c)
{
	if (c->facts->hops <= HOPS_MAX)
		return false;
	quarantine(c, 0, "more Received fields than a mail that arrives has");
	return true;
}

static bool
is_from_us(Case *c)
{
	const GArray *from = c->facts->mail->from;

	for (unsigned i = 0; i < from->len; i++)
		if (desk_owns_address(c->facts->desk,
		                      mail_address(from, i)->address)) {
			quarantine(c, 0,
			           "From is one of the desk's own addresses");
			return true;
		}
	return false;
}

static void
set(Case *c, int64_t ticket, const char *field, const char *value,
    const char *why)
{
	plan_add(c->plan, ACTION_SET, "ticket", plan_number(c->plan, ticket),
	         "field", field, "value", value, "why", why, NULL);
}

static const ReportRecipient *
reported_recipient(const MailReport *report)
{
	return report->recipients->len == 0
	               ? NULL
	               : &g_array_index(report->recipients, ReportRecipient, 0);
}

/* One of ours did not arrive: the ticket must tell (L-03, L-04). */
static void
tell_failure(Case *c, const OutboxRow *row, const MailReport *report)
{
	const ReportRecipient *recipient = reported_recipient(report);
	const Candidate *candidate = facts_candidate(c->facts, row->ticket);
	bool is_failure = report->action == REPORT_FAILED;

	plan_add(c->plan, ACTION_UNDELIVERED, "ticket",
	         plan_number(c->plan, row->ticket), "outbox",
	         plan_number(c->plan, row->id), "address", row->to, "action",
	         report_action_name(report->action), "status",
	         recipient == NULL ? NULL : recipient->status, "reason",
	         recipient == NULL ? NULL : recipient->reason, "why",
	         c->facts->reported_why, NULL);
	if (!is_failure || candidate == NULL ||
	    strcmp(row->purpose, "reply") != 0)
		return;
	About about = about_of(candidate->ticket);
	if (ticket_state_is_done(candidate->ticket->state))
		set(c, row->ticket, "state", "open",
		    "the answer did not arrive");
	Cause cause = { .purpose = "failure",
		        .template = "delivery-failed",
		        .actor = c->facts->from,
		        .detail = plan_number(c->plan, row->id),
		        .why = "the answer did not arrive" };
	notify_agents(c->plan, c->facts->desk, &about, &cause);
}

/* No ticket per report of a mail that we never sent (L-13). */
static void
foreign_bounce(Case *c)
{
	plan_add(c->plan, ACTION_COUNT, "name", "foreign-bounces", "by", "1",
	         NULL);
	settle(c, DELIVERY_FOREIGN, 0, 0,
	       "a report on a mail that this desk did not send");
}

static bool
is_report(Case *c)
{
	const Mail *mail = c->facts->mail;
	const OutboxRow *row = c->facts->reported;

	if (mail->class != MAIL_BOUNCE || mail->report == NULL)
		return false;
	if (row == NULL) {
		foreign_bounce(c);
		return true;
	}
	tell_failure(c, row, mail->report);
	settle(c, DELIVERY_BOUNCE, row->ticket, 0, c->facts->reported_why);
	return true;
}

static bool
is_receipt(Case *c)
{
	MailClass class = c->facts->mail->class;

	if (class != MAIL_RECEIPT && class != MAIL_COMPLAINT)
		return false;
	settle(c, DELIVERY_SUPPRESSED, 0, 0, mail_class_name(class));
	return true;
}

/* ---- messages
 * --------------------------------------------------------------------- */

static const char *
parent_of(Case *c)
{
	const Thread *thread = c->decision->thread;

	if (thread == NULL || thread->by == NULL || thread->by->message == 0)
		return NULL;
	return plan_number(c->plan, thread->by->message);
}

static const char *
sender_name(Case *c)
{
	const MailAddress *from = mail_address(c->facts->mail->from, 0);

	return from == NULL ? NULL : from->name;
}

typedef struct MessageForm {
	const char *direction;  /* "in", "out", "note" */
	const char *visibility; /* "public", "internal" */
	const char *proof;      /* "proven", "unproven" */
	const char *why;
} MessageForm;

static bool
is_introduced(const Plan *plan, const char *address)
{
	for (unsigned i = 0; i < plan->actions->len; i++) {
		const Action *action = plan_action(plan, i);

		if (action->kind == ACTION_PERSON &&
		    text_equal_ascii(action_value(action, "address"), address))
			return true;
	}
	return false;
}

/* A mail whose witnesses disagree is shown as such. */
static const char *
why_here(Case *c, const MessageForm *form)
{
	const Thread *thread = c->decision->thread;

	if (thread == NULL || !thread->is_contradicted)
		return form->why;
	return plan_format(c->plan, "%s; %s",
	                   form->why == NULL ? "new" : form->why,
	                   "another witness names another ticket");
}

static void
add_message(Case *c, int64_t ticket, const MessageForm *form)
{
	const Facts *facts = c->facts;

	if (facts->from != NULL && facts->sender == NULL &&
	    !is_introduced(c->plan, facts->from))
		plan_add(c->plan, ACTION_PERSON, "address", facts->from, "name",
		         sender_name(c), "agent",
		         facts->agent == NULL ? NULL : facts->agent->id, NULL);
	plan_add(c->plan, ACTION_MESSAGE, "ticket",
	         plan_number(c->plan, ticket), "direction", form->direction,
	         "visibility", form->visibility, "proof", form->proof, "by",
	         facts->from, "name", sender_name(c), "message-id",
	         facts->mail->message_id, "parent", parent_of(c), "why",
	         why_here(c, form), NULL);
	for (unsigned i = 0; i < facts->children->len; i++) {
		const WaitingChild *child =
			&g_array_index(facts->children, WaitingChild, i);

		if (child->ticket != ticket && !facts->is_import)
			continue;
		plan_add(c->plan, ACTION_JOIN, "ticket",
		         plan_number(c->plan, ticket), "message",
		         plan_number(c->plan, child->message), "from",
		         plan_number(c->plan, child->ticket), "why",
		         "it answers this message, which came after it", NULL);
	}
}

/* A machine's mail, or one of an archive: filed, and nothing else moves. */
static void
file_quietly(Case *c, int64_t ticket, const char *why)
{
	bool is_public = c->facts->is_import;
	MessageForm form = { "in", is_public ? "public" : "internal",
		             is_public ? "proven" : "unproven", why };

	add_message(c, ticket, &form);
	settle(c, DELIVERY_APPENDED, ticket, 0, why);
}

/* ---- a new ticket
 * ------------------------------------------------------------------- */

static bool
is_no_reply(const char *address)
{
	return g_ascii_strncasecmp(address, "no-reply", 8) == 0 ||
	       g_ascii_strncasecmp(address, "noreply", 7) == 0 ||
	       g_ascii_strncasecmp(address, "do-not-reply", 12) == 0 ||
	       g_ascii_strncasecmp(address, "donotreply", 10) == 0;
}

/* Whose ticket it is: From, or Reply-To where the queue says so. */
static const MailAddress *
requester_of(const Facts *facts)
{
	const MailAddress *from = mail_address(facts->mail->from, 0);
	const MailAddress *reply_to = mail_address(facts->mail->reply_to, 0);

	if (reply_to == NULL || facts->queue->reply_to == REPLY_TO_FROM ||
	    desk_owns_address(facts->desk, reply_to->address))
		return from;
	if (facts->queue->reply_to == REPLY_TO_REPLY_TO || from == NULL ||
	    is_no_reply(from->address))
		return reply_to;
	return from;
}

/* What proves From proves nothing of the address that Reply-To names. */
static bool
is_proven(const Facts *facts, const MailAddress *requester)
{
	return facts->is_import ||
	       (facts->proven >= EVIDENCE_E1 && requester != NULL &&
	        text_equal_ascii(requester->address, facts->from));
}

static const char *
refuses_acknowledgement(const Facts *facts, const MailAddress *requester)
{
	const Limits *limits = &facts->desk->limits;
	const Budgets *budgets = &facts->budgets;

	if (facts->is_import)
		return "imported";
	if (!facts->queue->acknowledge)
		return "the queue does not acknowledge";
	if (requester == NULL || facts->mail->class != MAIL_PERSON ||
	    !may_answer(facts))
		return "not a mail to answer automatically";
	if (budgets->acknowledgements_to_sender_day >=
	    limits->acknowledgements_per_sender_day)
		return "acknowledged today already";
	if (budgets->tickets_by_sender_hour >= limits->tickets_per_sender_hour)
		return "too many tickets by this sender within an hour";
	if (!is_proven(facts, requester) &&
	    budgets->unproven_acknowledgements_hour >=
	            limits->unproven_acknowledgements_hour)
		return "too many acknowledgements to unproven senders";
	return NULL;
}

static void
acknowledge(Case *c, const About *about, const MailAddress *requester)
{
	const Facts *facts = c->facts;
	bool echoes = is_proven(facts, requester);
	const char *refusal = refuses_acknowledgement(facts, requester);

	if (refusal != NULL)
		return;
	/* to an unproven sender: fixed words, none of his (L-12) */
	About said = *about;
	if (!echoes)
		said.subject = NULL;
	Cause cause = { .purpose = "acknowledgement",
		        .template = echoes ? "ack" : "ack-unproven",
		        .in_reply_to = facts->mail->message_id,
		        .why = echoes ? "new ticket, proven sender"
		                      : "new ticket, unproven sender" };
	Receiver to = { .address = requester->address,
		        .name = echoes ? requester->name : NULL,
		        .language = facts->sender == NULL
		                            ? NULL
		                            : facts->sender->language,
		        .scope = "comment" };
	notify_receiver(c->plan, facts->desk, &said, &to, &cause);
}

static const char *
or_default(const char *value, const char *fallback)
{
	return value == NULL ? fallback : value;
}

static void
add_open(Case *c, const About *about, const MailAddress *requester,
         const char *why)
{
	const Queue *queue = c->facts->queue;
	const Team *team = desk_team(c->facts->desk, about->team);

	plan_add(c->plan, ACTION_OPEN, "ticket",
	         plan_number(c->plan, about->ticket), "queue", queue->name,
	         "type", or_default(queue->type, "incident"), "priority",
	         or_default(queue->priority, "normal"), "team", about->team,
	         "level", plan_number(c->plan, team == NULL ? 1 : team->level),
	         "language", about->language, "requester",
	         requester == NULL ? NULL : requester->address, "subject",
	         about->subject, "unproven",
	         is_proven(c->facts, requester) ? NULL : "yes", "why", why,
	         NULL);
}

/* follows: the ticket that this one continues; 0 for none */
static void
open_ticket(Case *c, int64_t follows, const char *why)
{
	const Facts *facts = c->facts;
	const MailAddress *requester = requester_of(facts);
	g_autofree char *subject =
		subject_bare(facts->mail->subject, facts->desk->subject_tags);
	About about = { .ticket = facts->next_ticket,
		        .subject = subject,
		        .queue = facts->queue->name,
		        .team = facts->queue->team,
		        .language = or_default(facts->queue->language,
		                               facts->desk->language) };
	MessageForm form = { "in", "public",
		             facts->is_import || facts->proven >= EVIDENCE_E1
		                     ? "proven"
		                     : "unproven",
		             NULL };

	if (requester != NULL)
		plan_add(c->plan, ACTION_PERSON, "address", requester->address,
		         "name", requester->name, NULL);
	add_open(c, &about, requester, why);
	if (requester != NULL)
		plan_add(c->plan, ACTION_WATCH, "ticket",
		         plan_number(c->plan, about.ticket), "address",
		         requester->address, "kind", "requester", NULL);
	add_message(c, about.ticket, &form);
	if (follows != 0)
		plan_add(c->plan, ACTION_LINK, "ticket",
		         plan_number(c->plan, about.ticket), "kind", "follows",
		         "other", plan_number(c->plan, follows), NULL);
	acknowledge(c, &about, requester);
	Cause cause = { .purpose = "notify",
		        .template = "new-ticket",
		        .actor = facts->from,
		        .why = "new ticket in the queue" };
	if (!facts->is_import)
		notify_agents(c->plan, facts->desk, &about, &cause);
	settle(c, facts->mail->is_bare ? DELIVERY_SHUNTED : DELIVERY_TICKETED,
	       about.ticket, 0, why);
}

/* ---- on a ticket
 * ------------------------------------------------------------------ */

static bool
is_reopen_too_late(const Facts *facts, const Ticket *ticket)
{
	const Queue *queue = desk_queue(facts->desk, ticket->queue);
	int days = queue == NULL ? 14 : queue->reopen_days;

	return ticket->state == STATE_CLOSED &&
	       facts->now - ticket->closed_at > days * DAY;
}

static void
move_on_comment(Case *c, const Ticket *ticket)
{
	if (ticket_state_is_done(ticket->state))
		set(c, ticket->id, "state", "open",
		    plan_format(c->plan, "the %s wrote again",
		                c->decision->role));
	else if (ticket->state == STATE_PENDING)
		set(c, ticket->id, "state", "open",
		    plan_format(c->plan, "the %s answered", c->decision->role));
}

static void
comment(Case *c, const Candidate *candidate)
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
		open_ticket(c, ticket->id, "closed too long ago to reopen");
		return;
	}
	add_message(c, ticket->id, &form);
	if (is_sure && !is_thanks)
		move_on_comment(c, ticket);
	if (!is_thanks)
		notify_agents(c->plan, c->facts->desk, &about, &cause);
	settle(c, DELIVERY_APPENDED, ticket->id, 0,
	       is_thanks ? "thanks, which do not reopen" : cause.why);
}

/* ---- an agent's mail
 * ---------------------------------------------------------------- */

static void
refuse_agent(Case *c, const Candidate *candidate)
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
	hold(c, candidate->ticket->id, reason);
	/* told once a day, at the address on record */
	if (!facts->budgets.was_agent_warned_today && may_answer(facts)) {
		notify_agent(c->plan, facts->desk, &about, facts->agent,
		             &cause);
		plan_add(c->plan, ACTION_REMEMBER, "name",
		         plan_format(c->plan, "agent-warned:%s",
		                     facts->agent->id),
		         "text", plan_number(c->plan, facts->now), NULL);
	}
	settle(c, DELIVERY_QUARANTINED, candidate->ticket->id, 0, reason);
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

	if (may_answer(c->facts))
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

	add_message(c, ticket->id, &form);
	if ((ticket->owner == NULL || *ticket->owner == '\0') &&
	    value_set(c->plan, "owner") == NULL)
		set(c, ticket->id, "owner", c->facts->agent->id,
		    "first to answer");
	if (ticket->state == STATE_NEW)
		set(c, ticket->id, "state", "open", "answered");
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
	    !ticket_state_is_done(state) ||
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
		add_message(c, candidate->ticket->id, &note);
	else if (has_text)
		public_answer(c, candidate, &about);
	plan_append(c->plan, after);
	tell_new_owner(c, &about, before);
	if (!has_text || orders->wants_note)
		tell_closed(c, candidate, &about, after);
	if (orders->list->len > 0)
		send_transcript(c, &about);
	settle(c, has_text ? DELIVERY_APPENDED : DELIVERY_COMMANDED,
	       candidate->ticket->id, 0, "agent");
}

static void
agent_wrote(Case *c, const Candidate *candidate)
{
	const Facts *facts = c->facts;
	OrderPlace place = { facts->desk, candidate->ticket, facts->agent };
	g_autoptr(Plan) before = plan_new();
	g_autoptr(Plan) after = plan_new();
	About about = about_of(candidate->ticket);

	if (c->decision->level < EVIDENCE_E3) {
		refuse_agent(c, candidate);
		return;
	}
	Orders *orders = orders_read(facts->mail->reply, &place,
	                             c->decision->level, before, after);
	c->decision->orders = orders;
	bool is_empty = orders->list->len == 0 && *orders->rest == '\0' &&
	                facts->mail->attachments->len == 0;
	if (orders->is_good && !is_empty) {
		obey(c, candidate, before, after);
		return;
	}
	send_transcript(c, &about);
	settle(c, DELIVERY_COMMANDED, candidate->ticket->id, 0,
	       is_empty ? "nothing but quoted text" : "orders refused");
}

/* ---- threads
 * -------------------------------------------------------------------------- */

/* Not shown to the requester, sent to nobody outside, until an agent admits
 * it. */
static void
hold_stranger(Case *c)
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
	hold(c, ticket->id, reason);
	if (!is_machine(c->facts->mail))
		notify_agents(c->plan, c->facts->desk, &about, &cause);
	settle(c, DELIVERY_QUARANTINED, ticket->id, 0, reason);
}

static const char *
role_on(const Facts *facts, const Candidate *candidate)
{
	const Participant *participant =
		candidate_participant(candidate, facts->from);

	if (participant != NULL && (facts->agent == NULL ||
	                            participant->kind == PARTICIPANT_REQUESTER))
		return participant_kind_name(participant->kind);
	return facts->agent != NULL ? "agent" : "correspondent";
}

static bool
belongs_to_ticket(Case *c)
{
	const Facts *facts = c->facts;
	const Thread *thread = c->decision->thread;

	if (thread->outcome == THREAD_NEW)
		return false;
	if (thread->outcome == THREAD_STRANGER) {
		hold_stranger(c);
		return true;
	}
	const Candidate *candidate = thread->candidate;
	c->decision->role = role_on(facts, candidate);
	if (facts->is_import)
		file_quietly(c, candidate->ticket->id, "imported");
	else if (is_machine(facts->mail))
		file_quietly(c, candidate->ticket->id, "a machine wrote");
	else if (strcmp(c->decision->role, "agent") == 0)
		agent_wrote(c, candidate);
	else
		comment(c, candidate);
	return true;
}

/* A parent that comes after its child joins it: where its writer takes part in
 * the child's ticket, since References can name anything. */
static bool
has_children(Case *c)
{
	const Facts *facts = c->facts;

	if (facts->children->len == 0)
		return false;
	const WaitingChild *child =
		&g_array_index(facts->children, WaitingChild, 0);
	const Candidate *candidate = facts_candidate(facts, child->ticket);
	if (candidate == NULL ||
	    (!facts->is_import &&
	     candidate_participant(candidate, facts->from) == NULL))
		return false;
	c->decision->role = role_on(facts, candidate);
	if (facts->is_import || is_machine(facts->mail))
		file_quietly(c, child->ticket, "its answer had come before it");
	else
		comment(c, candidate);
	return true;
}

static bool
has_bad_token(Case *c)
{
	if (c->facts->bad_tokens == 0)
		return false;
	plan_add(c->plan, ACTION_COUNT, "name", "bad-tokens", "by", "1", NULL);
	quarantine(c, 0, "a reply address or id that this desk did not make");
	return true;
}

static bool
is_nobodys(Case *c)
{
	const Facts *facts = c->facts;

	if (facts->is_import)
		return false;
	if (facts->mail->class == MAIL_AUTO_REPLY) {
		settle(c, DELIVERY_SUPPRESSED, 0, 0,
		       "an automatic answer to no ticket");
		return true;
	}
	if (facts->mail->class == MAIL_BOUNCE) {
		foreign_bounce(c);
		return true;
	}
	if (facts->mail->class == MAIL_LIST &&
	    facts->queue->lists == LIST_HOLD) {
		quarantine(c, 0, "mailing list, and no rule takes it");
		return true;
	}
	if (facts->agent != NULL && orders_begin(facts->mail->reply)) {
		quarantine(c, 0, "an agent's orders, but for no ticket");
		return true;
	}
	return false;
}

/* The ticket of a carrier of ours that has run out, where the sender has a part
 * in it. */
static const Candidate *
run_out(const Facts *facts)
{
	for (unsigned i = 0; i < facts->witnesses->len; i++) {
		const Witness *witness =
			&g_array_index(facts->witnesses, Witness, i);
		const Candidate *candidate =
			facts_candidate(facts, witness->ticket);

		if (witness->is_expired && candidate != NULL &&
		    (facts->agent != NULL ||
		     candidate_participant(candidate, facts->from) != NULL))
			return candidate;
	}
	return NULL;
}

/* An answer to a mail that is too old: a requester's opens a linked ticket, an
 * agent's is held (faults.md 4.4). */
static bool
comes_too_late(Case *c)
{
	const Candidate *candidate = run_out(c->facts);

	if (candidate == NULL)
		return false;
	if (c->facts->agent != NULL)
		refuse_agent(c, candidate);
	else
		open_ticket(c, candidate->ticket->id,
		            "an answer to a mail that is too old");
	return true;
}

static bool
is_new(Case *c)
{
	open_ticket(c, 0, c->facts->queue_why);
	return true;
}

static bool
find_thread(Case *c)
{
	Decision *decision = c->decision;

	decision->thread = thread_find(c->facts);
	decision->level = evidence_with_token(c->facts->proven,
	                                      decision->thread->has_token);
	return false;
}

/* The first that says "mine" decides.  An archive's mails are only threaded:
 * what they once were answered to, or reported, is long past. */
static const struct {
	bool (*asks)(Case *);
	bool skips_imports;
} questions[] = {
	{ was_seen, false },          { kills_us, false },
	{ came_back, true },          { goes_in_circles, true },
	{ is_report, true },          { is_from_us, true },
	{ is_receipt, true },         { find_thread, false },
	{ belongs_to_ticket, false }, { has_children, false },
	{ has_bad_token, true },      { is_nobodys, true },
	{ comes_too_late, true },     { is_new, false },
};

Decision *
decide_on_mail(const Facts *facts)
{
	Decision *decision = g_new0(Decision, 1);
	Case c = { facts, decision, plan_new() };

	decision->plan = c.plan;
	decision->level = facts->proven;
	decision->role = facts->agent != NULL ? "agent" : "stranger";
	for (unsigned i = 0; i < G_N_ELEMENTS(questions); i++)
		if (!(questions[i].skips_imports && facts->is_import) &&
		    questions[i].asks(&c))
			break;
	return decision;
}

/* ---- held mails
 * ---------------------------------------------------------------------------
 */

static void
admit(Case *c, const Candidate *candidate)
{
	const Ticket *ticket = candidate->ticket;
	MessageForm form = { "in", "public", "proven", "admitted by an agent" };

	add_message(c, ticket->id, &form);
	if (c->facts->from != NULL && c->facts->agent == NULL)
		plan_add(c->plan, ACTION_WATCH, "ticket",
		         plan_number(c->plan, ticket->id), "address",
		         c->facts->from, "kind", "watcher", "why",
		         "admitted by an agent", NULL);
	move_on_comment(c, ticket);
	settle(c, DELIVERY_APPENDED, ticket->id, 0, "admitted by an agent");
}

Decision *
decide_on_release(const Facts *facts, Release how, int64_t quarantine_id,
                  int64_t ticket)
{
	Decision *decision = g_new0(Decision, 1);
	Case c = { facts, decision, plan_new() };
	const Candidate *candidate = facts_candidate(facts, ticket);

	decision->plan = c.plan;
	decision->level = EVIDENCE_E5;
	decision->role = "operator";
	plan_add(c.plan, ACTION_RELEASE, "quarantine",
	         plan_number(c.plan, quarantine_id), "state",
	         how == RELEASE_DROP ? "dropped" : "released", NULL);
	if (how == RELEASE_ADMIT && candidate != NULL)
		admit(&c, candidate);
	else if (how != RELEASE_DROP)
		open_ticket(&c, 0, "opened by an agent from the quarantine");
	return decision;
}

void
decision_free(Decision *decision)
{
	if (decision == NULL)
		return;
	plan_free(decision->plan);
	thread_free(decision->thread);
	orders_free(decision->orders);
	g_free(decision);
}
