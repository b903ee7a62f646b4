/* What the desk was to come back to: ends of waits, agents' reminders. */
#pragma once

#include "clerk/apply.h"

/* Fires those that are due, one transaction each, and counts them. */
bool reminders_fire(const ApplyPlace *place, unsigned *out_fired,
                    GError **error);
