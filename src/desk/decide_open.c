/* A new ticket: whose it is, and may it be acknowledged? */
#include <string.h>

#include "base/text.h"

#include "desk/assign.h"
#include "desk/case.h"
#include "desk/notify.h"
#include "desk/subject.h"

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
	if (ruling_last(facts->ruling, RULING_NOANSWER) != NULL)
		return "a rule says so";
	if (requester == NULL || facts->mail->class != MAIL_PERSON ||
	    !facts_may_answer(facts))
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

/* The acknowledgement names the articles that the plan has named before it. */
static void
propose(Case *c, int64_t ticket)
{
	const GPtrArray *proposals = c->facts->proposals;

	for (unsigned i = 0; proposals != NULL && i < proposals->len; i++) {
		const Proposal *proposal = proposals->pdata[i];

		plan_add(c->plan, ACTION_USE, "ticket",
		         plan_number(c->plan, ticket), "article",
		         plan_number(c->plan, proposal->article), "kind",
		         "proposed", "why",
		         plan_format(c->plan, "confidence %.2f",
		                     proposal->confidence),
		         NULL);
	}
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
		        .template = case_ruled(c, RULING_ANSWER,
		                               echoes ? "ack" : "ack-unproven"),
		        .in_reply_to = facts->mail->message_id,
		        .why = echoes ? "new ticket, proven sender"
		                      : "new ticket, unproven sender" };
	Receiver to = { .address = requester->address,
		        .name = echoes ? requester->name : NULL,
		        .language = facts->sender == NULL
		                            ? NULL
		                            : facts->sender->language,
		        .scope = "comment" };
	if (echoes)
		propose(c, about->ticket);
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
	         "type",
	         case_ruled(c, RULING_TYPE,
	                    or_default(queue->type, "incident")),
	         "priority",
	         case_ruled(c, RULING_PRIORITY,
	                    or_default(queue->priority, "normal")),
	         "team", about->team, "level",
	         plan_number(c->plan, team == NULL ? 1 : team->level),
	         "language", about->language, "requester",
	         requester == NULL ? NULL : requester->address, "subject",
	         about->subject, "unproven",
	         is_proven(c->facts, requester) ? NULL : "yes", "sla",
	         c->facts->is_import ? NULL : queue->sla, "why", why, NULL);
}

/* By the rules, or by the turn of the team. */
static const char *
owner_of(const Facts *facts)
{
	const RulingEntry *ruled = ruling_last(facts->ruling, RULING_ASSIGN);

	if (ruled == NULL)
		return facts->assignee;
	return strcmp(ruled->value, "nobody") == 0 ? NULL : ruled->value;
}

/* The turn is taken with the ticket, so that a crash takes none (K-04). */
static void
take_turn(Case *c, const About *about)
{
	const Facts *facts = c->facts;

	if (facts->assignee == NULL || facts->is_import ||
	    ruling_last(facts->ruling, RULING_ASSIGN) != NULL)
		return;
	g_autofree char *note = assign_note_name(about->team);
	case_set(c, about->ticket, "owner", facts->assignee,
	         plan_format(c->plan, "his turn in team %s", about->team));
	plan_add(c->plan, ACTION_REMEMBER, "name", note, "text",
	         facts->assignee, NULL);
}

/* follows: the ticket that this one continues; 0 for none */
void
case_open_ticket(Case *c, int64_t follows, const char *why)
{
	const Facts *facts = c->facts;
	const MailAddress *requester = requester_of(facts);
	g_autofree char *subject =
		subject_bare(facts->mail->subject, facts->desk->subject_tags);
	About about = { .ticket = facts->next_ticket,
		        .subject = subject,
		        .queue = facts->queue->name,
		        .team = case_ruled(c, RULING_TEAM, facts->queue->team),
		        .owner = owner_of(facts),
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
	case_add_message(c, about.ticket, &form);
	if (follows != 0)
		plan_add(c->plan, ACTION_LINK, "ticket",
		         plan_number(c->plan, about.ticket), "kind", "follows",
		         "other", plan_number(c->plan, follows), NULL);
	case_obey(c, about.ticket, NULL);
	take_turn(c, &about);
	acknowledge(c, &about, requester);
	Cause cause = { .purpose = "notify",
		        .template = "new-ticket",
		        .actor = facts->from,
		        .why = "new ticket in the queue" };
	if (!facts->is_import)
		notify_agents(c->plan, facts->desk, &about, &cause);
	case_settle(c,
	            facts->mail->is_bare ? DELIVERY_SHUNTED : DELIVERY_TICKETED,
	            about.ticket, 0, why);
}
