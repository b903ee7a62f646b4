#include "desk/budget.h"

#include <stddef.h>
#include <string.h>

#include <glib.h>

typedef enum Audience { TO_ALL, TO_AGENTS, TO_OTHERS } Audience;

#define NO_LIMIT SIZE_MAX

/* The first that is used up decides. */
static const struct {
	Audience audience;
	size_t use;   /* in BudgetUse, int64_t */
	size_t limit; /* in Limits, int; NO_LIMIT: most */
	int64_t most;
	bool alarms;
	const char *refusal;
} budgets[] = {
	{ TO_ALL, offsetof(BudgetUse, all_hour), offsetof(Limits, mails_hour),
	  0, true, "the desk has sent as many mails within an hour as it may" },
	{ TO_OTHERS, offsetof(BudgetUse, domain_hour),
	  offsetof(Limits, mails_per_domain_hour), 0, true,
	  "too many mails to this domain within an hour" },
	{ TO_OTHERS, offsetof(BudgetUse, recipient_hour),
	  offsetof(Limits, mails_per_recipient_hour), 0, false,
	  "too many mails to this address within an hour" },
	{ TO_OTHERS, offsetof(BudgetUse, ticket_recipient_hour),
	  offsetof(Limits, mails_per_ticket_recipient_hour), 0, false,
	  "too many mails to this address on this ticket within an hour" },
	{ TO_AGENTS, offsetof(BudgetUse, recipient_hour), NO_LIMIT,
	  BUDGET_AGENT_HOUR, true,
	  "too many mails to this agent within an hour" },
	{ TO_AGENTS, offsetof(BudgetUse, ticket_recipient_hour), NO_LIMIT,
	  BUDGET_AGENT_TICKET_HOUR, true,
	  "too many mails to this agent on this ticket within an hour" },
	{ TO_OTHERS, offsetof(BudgetUse, recipient_burst), NO_LIMIT,
	  BUDGET_BURST_MAX, true,
	  "automatic mails to this address, and no person between them" },
};

/* A person's words; and what tells of mails that were held back. */
static bool
is_exempt(const char *purpose, const char *template)
{
	return strcmp(purpose, "reply") == 0 ||
	       strcmp(purpose, "digest") == 0 ||
	       g_strcmp0(template, "alarm") == 0;
}

static int64_t
most_of(unsigned i, const Limits *limits)
{
	if (budgets[i].limit == NO_LIMIT)
		return budgets[i].most;
	return G_STRUCT_MEMBER(int, limits, budgets[i].limit);
}

static bool
concerns(unsigned i, const BudgetUse *use)
{
	return budgets[i].audience == TO_ALL ||
	       (budgets[i].audience == TO_AGENTS) == use->is_agent;
}

BudgetVerdict
budget_ask(const Limits *limits, const char *purpose, const char *template,
           const BudgetUse *use, int64_t now)
{
	if (is_exempt(purpose, template))
		return (BudgetVerdict){ NULL, false };
	if (use->rests_until > now)
		return (BudgetVerdict){ "the address refuses mail, and rests",
			                false };
	for (unsigned i = 0; i < G_N_ELEMENTS(budgets); i++)
		if (concerns(i, use) &&
		    G_STRUCT_MEMBER(int64_t, use, budgets[i].use) >=
		            most_of(i, limits))
			return (BudgetVerdict){ budgets[i].refusal,
				                budgets[i].alarms };
	return (BudgetVerdict){ NULL, false };
}
