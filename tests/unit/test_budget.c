#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <glib.h>

#include "desk/budget.h"

#define NOW INT64_C(1774000000)

static const Limits limits = { .mails_per_ticket_recipient_hour = 10,
	                       .mails_per_recipient_hour = 60,
	                       .mails_per_domain_hour = 500,
	                       .mails_hour = 3000 };

static const struct {
	const char *what;
	const char *purpose;
	const char *template;
	BudgetUse use;
	bool goes;
	bool alarms;
} cases[] = {
	{ "nothing was sent lately",
	  "notify",
	  "new-ticket",
	  { 0 },
	  true,
	  false },
	{ "the tenth on a ticket within an hour is not the eleventh",
	  "notify",
	  "answer",
	  { .ticket_recipient_hour = 9 },
	  true,
	  false },
	{ "the eleventh is held back",
	  "notify",
	  "answer",
	  { .ticket_recipient_hour = 10 },
	  false,
	  false },
	{ "a person's answer is not",
	  "reply",
	  "answer",
	  { .ticket_recipient_hour = 10,
	    .recipient_hour = 600,
	    .all_hour = 9999,
	    .rests_until = NOW + 1 },
	  true,
	  false },
	{ "sixty to one address are enough",
	  "notify",
	  "answer",
	  { .recipient_hour = 60 },
	  false,
	  false },
	{ "an agent may get many at once",
	  "notify",
	  "new-ticket",
	  { .is_agent = true, .recipient_burst = 40 },
	  true,
	  false },
	{ "an agent's busy hour is no flood",
	  "notify",
	  "new-ticket",
	  { .is_agent = true,
	    .recipient_hour = BUDGET_AGENT_HOUR - 1,
	    .ticket_recipient_hour = BUDGET_AGENT_TICKET_HOUR - 1 },
	  true,
	  false },
	{ "what floods an agent is told to an administrator",
	  "notify",
	  "new-ticket",
	  { .is_agent = true, .recipient_hour = BUDGET_AGENT_HOUR },
	  false,
	  true },
	{ "L-05 a machine that answers gets five within ten minutes",
	  "acknowledgement",
	  "ack",
	  { .recipient_burst = 5 },
	  false,
	  true },
	{ "so many to one domain are a bomb",
	  "acknowledgement",
	  "ack",
	  { .domain_hour = 500 },
	  false,
	  true },
	{ "agents' domain has its own measure",
	  "notify",
	  "new-ticket",
	  { .is_agent = true, .domain_hour = 500 },
	  true,
	  false },
	{ "the ceiling of the whole desk",
	  "notify",
	  "new-ticket",
	  { .is_agent = true, .all_hour = 3000 },
	  false,
	  true },
	{ "what tells of it goes over the ceiling",
	  "escalation",
	  "alarm",
	  { .is_agent = true, .all_hour = 3000 },
	  true,
	  false },
	{ "an address that refuses mail rests",
	  "acknowledgement",
	  "ack",
	  { .rests_until = NOW + 1 },
	  false,
	  false },
	{ "... until its time is over",
	  "acknowledgement",
	  "ack",
	  { .rests_until = NOW },
	  true,
	  false },
};

static void
each_budget_is_kept(void **state)
{
	(void)state;
	for (unsigned i = 0; i < G_N_ELEMENTS(cases); i++) {
		BudgetVerdict verdict =
			budget_ask(&limits, cases[i].purpose, cases[i].template,
		                   &cases[i].use, NOW);

		if ((verdict.refusal == NULL) != cases[i].goes ||
		    verdict.alarms != cases[i].alarms)
			fail_msg("%s: %s", cases[i].what,
			         verdict.refusal == NULL ? "goes"
			                                 : verdict.refusal);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_budget_is_kept),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
