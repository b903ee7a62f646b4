/* What the clocks ask for: timers, warnings, steps of the ladder, and who is
 * told.
 *
 * Pure, as decide.h.  A timer is (kind, stage, epoch): kind names the clock, or
 * "repeat"; stage is "warn-75", "breach", "step-NAME", and of repeats
 * "CLOCK/NAME/COUNT". */
#pragma once

#include "desk/clocks.h"
#include "desk/desk.h"
#include "desk/plan.h"

#define TIMER_REPEAT         "repeat"
/* told so often without an answer, nobody listens */
#define REPEATS_MAX          50
/* One mail in so many seconds, and so many in an hour, to one receiver; what is
 * over waits for the next (L-16). */
#define NOTICE_PAUSE_SECONDS 300
#define NOTICES_PER_HOUR     20

typedef struct TimerRow {
	char *kind;
	char *stage;
	int64_t epoch;
	int64_t due_at;
	char *state; /* "pending", "fired", "collapsed", "void" */
} TimerRow;

void timer_row_clear(TimerRow *row);

/* One ticket, its clocks as they were written and as they are. */
typedef struct ClockCase {
	const Desk *desk;
	const Ticket *ticket;
	const ClockRow *rows; /* CLOCK_KINDS, as written */
	const GArray *timers; /* of TimerRow */
	int64_t now;
	Plan *plan;
} ClockCase;

/* The clock and timer actions that bring the rows to what the history gives;
 * nothing where they agree.  clocks: CLOCK_KINDS.  is_answered: an agent has
 * done something, which ends the repeats. */
void decide_on_clocks(const ClockCase *c, const Clock *clocks,
                      bool is_answered);

/* The timers that are due fire: of each clock the highest stage has its effect,
 * the others are collapsed into it. */
void decide_on_timers(const ClockCase *c);

/* The next step of the ladder that is a higher team's, by hand; else the team
 * above this one; false: there is none, and nothing was added. */
bool decide_on_escalation(const ClockCase *c, const char *why);

/* Something that somebody waits to be told. */
typedef struct NoticeRow {
	int64_t id;
	int64_t ticket;
	char *kind;
	char *stage;
	int64_t due_at;
	char *subject;
	bool is_done; /* nobody works on the ticket any more */
} NoticeRow;

void notice_row_clear(NoticeRow *row);

/* One receiver and what waits for him, of NoticeRow, one at least. */
typedef struct NoticeCase {
	const Desk *desk;
	const char *receiver;
	const GArray *notices;
	const Ticket *ticket; /* of the first that is not done; NULL: none */
	Plan *plan;
} NoticeCase;

/* One mail: on the ticket, where all are of one, else a digest; and the told
 * action. */
void decide_on_notices(const NoticeCase *c);
