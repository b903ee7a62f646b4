/* The clocks of a ticket, reckoned from its history.
 *
 * No clock is kept running: start, pauses and end follow from what happened,
 * and what is left of a target follows from them.  The same history, policy
 * and calendar give the same due times, whenever they are asked. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include <glib.h>

#include "desk/sla.h"
#include "desk/ticket.h"

typedef enum HappeningKind {
	HAPPENED_ASKED,    /* words of the requester's side; not thanks */
	HAPPENED_ANSWERED, /* a public answer of a person */
	HAPPENED_STATE,    /* the ticket's state changed */
} HappeningKind;

/* In the order in which they happened; instants that go back are taken for the
 * latest one before (T-03). */
typedef struct Happening {
	int64_t at;
	HappeningKind kind;
	TicketState state; /* of HAPPENED_STATE */
} Happening;

typedef enum ClockState {
	CLOCK_OFF, /* no target, or not begun */
	CLOCK_RUNNING,
	CLOCK_PAUSED,
	CLOCK_STOPPED, /* what was promised is done */
} ClockState;

const char *clock_state_name(ClockState state);
bool clock_state_from_name(const char *name, ClockState *out_state);

/* Seconds are working time; instants are 0 where there is none. */
typedef struct ClockRow {
	int64_t epoch; /* rises with every change of the timers; 0: new */
	ClockState state;
	int64_t started_at;
	int64_t since_at; /* running: since when used is as it says */
	int64_t stopped_at;
	int64_t target;
	int64_t used;
	int64_t worst;       /* of all runs that are over, and this one */
	int64_t due_at;      /* while it runs */
	int64_t breached_at; /* the first time, when it stood or stopped late */
} ClockRow;

bool clock_row_equal(const ClockRow *a, const ClockRow *b);
/* Used by an instant that is not before since_at. */
int64_t clock_row_used(const ClockRow *row, const Calendar *calendar,
                       int64_t now);
bool clock_row_is_breached(const ClockRow *row, int64_t now);

typedef struct Clock {
	ClockRow row;
	GArray *segments; /* that it ran, of the run at hand */
} Clock;

/* What the ticket was promised. */
typedef struct ClockTerms {
	const Sla *sla;
	const Calendar *calendar;
	const char *priority;
	const char *type;
	int64_t opened_at;
} ClockTerms;

/* happenings of Happening.  Release each with clock_release(). */
void clocks_reckon(const ClockTerms *terms, const GArray *happenings,
                   Clock *clocks);
void clock_release(Clock *clock);

/* When it has used so many seconds; CALENDAR_NEVER while it stands before. */
int64_t clock_reach(const Clock *clock, const Calendar *calendar,
                    int64_t seconds);
