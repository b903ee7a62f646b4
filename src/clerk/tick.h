/* Timers that are due fire, and who is to hear of it is told.
 *
 * Each ticket's timers fire in one transaction with all that follows: the
 * marks, the ticket's changes, and the notices.  Notices become mails in a
 * second one, one mail a receiver, whatever has come together for him; what was
 * not mailed waits in its row for the next tick (faults.md T-07, L-16). */
#pragma once

#include "clerk/apply.h"
#include "clerk/clerk.h"

/* The order in which it goes: is the clock to be believed, has the policy
 * changed, what is due, who is told. */
bool tick_run(const ApplyPlace *place, const TickOptions *options,
              TickResult *out_result, GError **error);
