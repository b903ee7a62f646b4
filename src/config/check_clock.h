/* Do the sections sla and ladder, and what names them, make sense? */
#pragma once

#include "config/faults.h"

/* filled: of FilledSection. */
void check_clock(const GArray *filled, Faults *faults);
