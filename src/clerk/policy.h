/* Promises, ladders and calendars that have changed: every open ticket's clocks
 * are reckoned anew, with their lines in the journal (faults.md T-05, T-08). */
#pragma once

#include "clerk/apply.h"

/* Looks, and does it where they have; *out_count: tickets looked at. */
bool policy_follow(const ApplyPlace *place, unsigned *out_count,
                   GError **error);
