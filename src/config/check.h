/* Does a configuration make sense as a whole: names that point somewhere,
 * addresses that are one thing only (faults.md G-02, L-06), files that are
 * there and closed to others (G-03). */
#pragma once

#include "desk/desk.h"

#include "config/faults.h"

/* filled is what fill_desk() gave. */
void check_desk(const Desk *desk, const GArray *filled, Faults *faults);
