/* A mail came: it is asked one question after the other. */
#include <string.h>

#include "base/text.h"

#include "desk/case.h"
#include "desk/notify.h"

/* as in RFC 5321 section 6.3 and Postfix's hopcount_limit */
#define HOPS_MAX          50
/* the third time that a mail is begun and not finished it is set aside */
#define TIMES_IN_HAND_MAX 3
/* the sender wrote these very words so often today already */
#define SAME_WORDS_MAX    2

static bool
was_seen(Case *c)
{
	const Delivery *other = c->facts->other;

	switch (c->facts->seen) {
	case SEEN_NOT:
		return false;
	case SEEN_SAME:
		case_settle(c, DELIVERY_DUPLICATE, other->ticket, other->id,
		            "the same mail has come before");
		return true;
	case SEEN_TRUNCATED:
		case_settle(c, DELIVERY_SUPERSEDED, other->ticket, other->id,
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
		case_settle(c, other->state, other->ticket, other->id,
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
	case_quarantine(c, 0, "begun twice and never finished");
	return true;
}

static bool
came_back(Case *c)
{
	if (c->facts->echo_why == NULL)
		return false;
	case_settle(c, DELIVERY_SUPPRESSED, 0, 0, c->facts->echo_why);
	return true;
}

static bool
goes_in_circles(Case *c)
{
	if (c->facts->hops <= HOPS_MAX)
		return false;
	case_quarantine(c, 0,
	                "more Received fields than a mail that arrives has");
	return true;
}

static bool
is_from_us(Case *c)
{
	const GArray *from = c->facts->mail->from;

	for (unsigned i = 0; i < from->len; i++)
		if (desk_owns_address(c->facts->desk,
		                      mail_address(from, i)->address)) {
			case_quarantine(
				c, 0,
				"From is one of the desk's own addresses");
			return true;
		}
	return false;
}

static bool
is_receipt(Case *c)
{
	MailClass class = c->facts->mail->class;

	if (class != MAIL_RECEIPT && class != MAIL_COMPLAINT)
		return false;
	case_settle(c, DELIVERY_SUPPRESSED, 0, 0, mail_class_name(class));
	return true;
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

/* Nobody says the same a third time within a day but a machine without a mark
 * (3.9). */
static bool
repeats_itself(const Facts *facts)
{
	return facts->agent == NULL &&
	       facts->budgets.same_words_day >= SAME_WORDS_MAX &&
	       *mail_own_words(facts->mail) != '\0';
}

static bool
belongs_to_ticket(Case *c)
{
	const Facts *facts = c->facts;
	const Thread *thread = c->decision->thread;

	if (thread->outcome == THREAD_NEW)
		return false;
	if (thread->outcome == THREAD_STRANGER) {
		case_hold_stranger(c);
		return true;
	}
	const Candidate *candidate = thread->candidate;
	c->decision->role = role_on(facts, candidate);
	case_obey(c, candidate->ticket->id, candidate->ticket);
	if (facts->is_import)
		case_file_quietly(c, candidate->ticket->id, "imported");
	else if (mail_is_machine(facts->mail))
		case_file_quietly(c, candidate->ticket->id, "a machine wrote");
	else if (repeats_itself(facts))
		case_file_quietly(
			c, candidate->ticket->id,
			"the same words again and again: a machine's");
	else if (strcmp(c->decision->role, "agent") == 0)
		case_agent_wrote(c, candidate);
	else
		case_comment(c, candidate);
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
	if (facts->is_import || mail_is_machine(facts->mail))
		case_file_quietly(c, child->ticket,
		                  "its answer had come before it");
	else
		case_comment(c, candidate);
	return true;
}

static bool
has_bad_token(Case *c)
{
	if (c->facts->bad_tokens == 0)
		return false;
	plan_add(c->plan, ACTION_COUNT, "name", "bad-tokens", "by", "1", NULL);
	case_quarantine(c, 0,
	                "a reply address or id that this desk did not make");
	return true;
}

static bool
is_nobodys(Case *c)
{
	const Facts *facts = c->facts;

	if (facts->is_import)
		return false;
	if (facts->mail->class == MAIL_AUTO_REPLY) {
		case_settle(c, DELIVERY_SUPPRESSED, 0, 0,
		            "an automatic answer to no ticket");
		return true;
	}
	if (facts->mail->class == MAIL_BOUNCE) {
		case_foreign_bounce(c);
		return true;
	}
	if (facts->mail->class == MAIL_LIST &&
	    facts->queue->lists == LIST_HOLD &&
	    ruling_last(facts->ruling, RULING_QUEUE) == NULL) {
		case_quarantine(c, 0, "mailing list, and no rule takes it");
		return true;
	}
	if (facts->agent != NULL && orders_begin(mail_own_words(facts->mail))) {
		case_quarantine(c, 0, "an agent's orders, but for no ticket");
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
		case_refuse_agent(c, candidate);
	else
		case_open_ticket(c, candidate->ticket->id,
		                 "an answer to a mail that is too old");
	return true;
}

static bool
is_new(Case *c)
{
	case_open_ticket(c, 0, c->facts->queue_why);
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
	{ was_seen, false },
	{ kills_us, false },
	{ came_back, true },
	{ goes_in_circles, true },
	{ case_is_report, true },
	{ is_from_us, true },
	{ is_receipt, true },
	{ case_is_banned, true },
	{ case_is_held_by_rule, true },
	{ find_thread, false },
	{ belongs_to_ticket, false },
	{ has_children, false },
	{ has_bad_token, true },
	{ case_is_thing, true },
	{ is_nobodys, true },
	{ comes_too_late, true },
	{ is_new, false },
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
