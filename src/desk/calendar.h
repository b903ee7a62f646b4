/* Working time: opening hours by weekday, free and short days, a time zone.
 *
 * Instants are Unix seconds.  What is open is told day by day in local time and
 * turned to instants by the rules of the zone for that very day, never by
 * adding 86,400 seconds.  An interval begins when the clock on the wall first
 * shows its beginning and ends when it last shows its end: a repeated hour
 * counts twice, a skipped one not at all.  Pure but for the zone's rules, which
 * are read once. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include <glib.h>

/* of one day, after hours over midnight were split */
#define CALENDAR_SPANS_MAX 8
/* free and short days of one calendar */
#define CALENDAR_DAYS_MAX  20000
/* what lies further away is never; a century */
#define CALENDAR_WALK_DAYS 36525
#define CALENDAR_NEVER     INT64_MAX

typedef struct Calendar Calendar;

/* Open all the time until hours are added.  NULL: no such time zone. */
Calendar *calendar_new(const char *timezone);
void calendar_free(Calendar *calendar);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Calendar, calendar_free)

/* ---- made from text; *out_why (never NULL) says what is wrong ---- */

/* "Mon-Fri 08:00-12:00 13:00-17:00", "Sat,Sun 22:00-06:00", "24x7": hours over
 * midnight belong to both days. */
bool calendar_add_hours(Calendar *calendar, const char *text,
                        const char **out_why);
/* "2026-12-24", "12-25" (each year), either with the hours that are open all
 * the same and a name: "2026-12-24 08:00-12:00 Christmas Eve". */
bool calendar_add_holiday(Calendar *calendar, const char *text,
                          const char **out_why);
/* A day that a calendar file gives; day as in calendar_day_of().  False: over
 * CALENDAR_DAYS_MAX. */
bool calendar_add_free_day(Calendar *calendar, int64_t day, const char *name);

/* ---- arithmetic ---- */

bool calendar_is_open(const Calendar *calendar, int64_t at);
/* at, or the next opening; CALENDAR_NEVER if there is none. */
int64_t calendar_next_open(const Calendar *calendar, int64_t at);
/* Working seconds from one instant to another; 0 if to is not later. */
int64_t calendar_between(const Calendar *calendar, int64_t from, int64_t to);
/* The first instant by which so many working seconds have passed since from; at
 * the end of a day rather than the beginning of the next.  CALENDAR_NEVER. */
int64_t calendar_after(const Calendar *calendar, int64_t from, int64_t seconds);
/* What "1d" is: the longest of the regular weekdays. */
int64_t calendar_day_seconds(const Calendar *calendar);

/* ---- days, for people ---- */

typedef struct CalendarDay {
	int64_t day;      /* local days since 1970-01-01 */
	int64_t seconds;  /* that it is open */
	int64_t regular;  /* that the hours of its weekday say */
	bool is_odd;      /* a free or short day */
	const char *name; /* of the odd day, or NULL */
} CalendarDay;

/* The local day of an instant. */
int64_t calendar_day_of(const Calendar *calendar, int64_t at);
CalendarDay calendar_look_at(const Calendar *calendar, int64_t day);
/* Days since 1970 of a date; false if there is no such day. */
bool calendar_day_from_date(int year, int month, int of_month,
                            int64_t *out_day);
/* "Thu 2026-12-24"; owned by the caller. */
char *calendar_day_text(int64_t day);
/* "Fri 2026-03-06 16:30 -05"; owned by the caller. */
char *calendar_local_text(const Calendar *calendar, int64_t at);

/* Everything that makes its answers, in a short text that changes when an
 * answer may: hours, days, and the zone's offsets from since on.  Owned by the
 * caller. */
char *calendar_fingerprint(const Calendar *calendar, int64_t since);
