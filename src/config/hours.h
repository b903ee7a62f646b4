/* The calendar sections made into calendars: hours, days, calendar files. */
#pragma once

#include "desk/desk.h"

#include "config/faults.h"

/* Of every calendar section in filled (of FilledSection).  A section with
 * faults, which are told, has a calendar without what is wrong. */
void hours_compile(const Desk *desk, const GArray *filled, Faults *faults);
