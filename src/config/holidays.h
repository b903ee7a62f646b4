/* Free days out of a calendar file (.ics): the only user of libical.
 *
 * Whole-day events count, of one day or several, once or repeated; events with
 * a time of day and cancelled ones do not.  Only what repeats yearly, monthly,
 * weekly or daily is expanded: libical spins on the rest (FREQ=SECONDLY), and a
 * holiday does not repeat by the hour. */
#pragma once

#include <glib.h>

#include "desk/calendar.h"

#define HOLIDAYS_FILE_MAX   (4 * 1024 * 1024)
#define HOLIDAYS_EVENTS_MAX 5000
/* of one event; from HOLIDAYS_FIRST_YEAR to before HOLIDAYS_LAST_YEAR */
#define HOLIDAYS_TIMES_MAX  4000
#define HOLIDAYS_DAYS_MAX   60 /* that one event lasts */
#define HOLIDAYS_FIRST_YEAR 2015
#define HOLIDAYS_LAST_YEAR  2050

/* ERROR_CONFIG: not a calendar, or beyond a limit. */
bool holidays_read(const char *path, Calendar *calendar, GError **error);
