/* A held mail was looked at by an agent. */
#include "desk/case.h"

static void
admit(Case *c, const Candidate *candidate)
{
	const Ticket *ticket = candidate->ticket;
	MessageForm form = { "in", "public", "proven", "admitted by an agent" };

	case_add_message(c, ticket->id, &form);
	if (c->facts->from != NULL && c->facts->agent == NULL)
		plan_add(c->plan, ACTION_WATCH, "ticket",
		         plan_number(c->plan, ticket->id), "address",
		         c->facts->from, "kind", "watcher", "why",
		         "admitted by an agent", NULL);
	case_move_on(c, ticket);
	case_settle(c, DELIVERY_APPENDED, ticket->id, 0,
	            "admitted by an agent");
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
		case_open_ticket(&c, 0,
		                 "opened by an agent from the quarantine");
	return decision;
}
