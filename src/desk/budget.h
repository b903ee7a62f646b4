/* How many automatic mails may go out, whatever the signs of machines missed.
 *
 * The last line against loops and bombs (faults.md 3.9): counts of what was
 * queued lately, against Limits.  A person's own answer is never held back.
 * Agents are given far more before anything is, and then an administrator is
 * told.  Pure: the counts are made by the clerk. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "desk/desk.h"

#define BUDGET_HOUR          INT64_C(3600)
/* Automatic mails to one outside address within so long, and no person's answer
 * between them: the two are machines. */
#define BUDGET_BURST_SECONDS INT64_C(600)
#define BUDGET_BURST_MAX     5

/* To one agent, in all and on one ticket: a flood of mails, not work. */
#define BUDGET_AGENT_HOUR        600
#define BUDGET_AGENT_TICKET_HOUR 100

typedef struct BudgetUse {
	bool is_agent;                 /* the recipient is one of ours */
	int64_t ticket_recipient_hour; /* to him on this ticket */
	int64_t recipient_hour;
	int64_t recipient_burst; /* automatic ones since a person's answer */
	int64_t domain_hour;     /* to his domain */
	int64_t all_hour;
	int64_t rests_until; /* his mailbox refuses mail; 0: it does not */
} BudgetUse;

typedef struct BudgetVerdict {
	const char *refusal; /* NULL: it may go */
	bool alarms;         /* an administrator should look */
} BudgetVerdict;

/* May a mail of that purpose and template go now? */
BudgetVerdict budget_ask(const Limits *limits, const char *purpose,
                         const char *template, const BudgetUse *use,
                         int64_t now);
