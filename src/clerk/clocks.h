/* The clocks of each ticket that an event has changed, in its transaction. */
#pragma once

#include "desk/decide_clock.h"

#include "clerk/apply.h"

/* What is known of a ticket's clocks; all owned. */
typedef struct ClockFacts {
	Ticket *ticket;
	ClockRow rows[CLOCK_KINDS];
	GArray *timers; /* of TimerRow */
} ClockFacts;

bool clock_facts_load(Store *store, int64_t ticket, ClockFacts *facts,
                      GError **error);
void clock_facts_release(ClockFacts *facts);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(ClockFacts, clock_facts_release)

/* After the plan of an event was applied: reckons the clocks of its tickets
 * anew, and applies what follows as actions of the same event. */
bool clocks_follow(const ApplyPlace *place, const Plan *plan, ApplyEvent *event,
                   GError **error);

/* The same for one ticket whose policy or calendar changed. */
bool clocks_reckon_again(const ApplyPlace *place, int64_t ticket,
                         ApplyEvent *event, GError **error);
