/* What was promised: targets of the clocks, and the ladder that is climbed when
 * a promise is in danger.
 *
 * These are the sections calendar, sla and ladder of postigo.conf as values;
 * desk/clocks.h reckons with them.  Strings belong to the Desk. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include <glib.h>

#include "desk/calendar.h"

typedef enum ClockKind {
	CLOCK_FIRST_RESPONSE, /* opening to the first public answer */
	CLOCK_NEXT_RESPONSE,  /* oldest unanswered words to the answer */
	CLOCK_RESOLUTION,     /* opening to resolved */
	CLOCK_KEEP_IN_TOUCH,  /* our last words to our next */
	CLOCK_KINDS,
} ClockKind;

/* "first-response" ...; in JSON and columns with "_" */
const char *clock_name(ClockKind kind);
bool clock_from_name(const char *name, ClockKind *out_kind);

/* Working time: days are as long as the calendar's longest weekday. */
typedef struct WorkingTime {
	int days;
	int64_t seconds;
} WorkingTime;

/* "30m", "4h", "3d", "1d 4h"; also "90s".  False: not a duration. */
bool working_time_from_text(const char *text, WorkingTime *out);
int64_t working_time_seconds(const WorkingTime *time, const Calendar *calendar);
/* "2d 03:30" of a calendar whose day has day_seconds; owned by the caller. */
char *working_time_text(int64_t seconds, int64_t day_seconds);

/* A calendar section. */
typedef struct OpeningHours {
	const char *name;
	const char *timezone;
	const char *const *hours;
	const char *const *holidays;
	Calendar *calendar; /* owned; NULL while the section has faults */
} OpeningHours;

/* Other targets for a priority or a type. */
typedef struct SlaException {
	const char *word; /* "urgent", "request" */
	WorkingTime targets[CLOCK_KINDS];
} SlaException;

/* An sla section.  A target of no time at all is none. */
typedef struct Sla {
	const char *name;
	const char *calendar; /* NULL: around the clock */
	WorkingTime targets[CLOCK_KINDS];
	WorkingTime out_of_hours; /* more, for what begins out of hours */
	const char *const *warn;  /* percents */
	const char *const *pause; /* states */
	GPtrArray *priorities;    /* of SlaException * */
	GPtrArray *types;         /* of SlaException * */
} Sla;

void sla_free(Sla *sla);

/* The target for tickets of that priority and type: the priority's, else the
 * type's, else the section's.  Without a target: 0. */
int64_t sla_target(const Sla *sla, const Calendar *calendar, ClockKind kind,
                   const char *priority, const char *type);

/* Where a step stands: so much of the target, and so much time more or less. */
typedef struct StepPlace {
	int percent;
	int64_t seconds; /* of real working time, negative: before */
} StepPlace;

/* "75%", "breach", "+2h" (behind the breach), "-1h" (before it). */
bool step_place_from_text(const char *text, StepPlace *out);

#define LADDER_STEPS_MAX 9

/* One step of a ladder section. */
typedef struct LadderStep {
	const char *name;
	const char *at;
	const char *const *clocks; /* that it watches; empty: all but
	                              keep-in-touch */
	const char *team;          /* NULL: stays */
	const char *owner;         /* agent, or "nobody" */
	const char *priority;
	const char *tag;
	const char *const *notify; /* "owner", "team", agents, teams,
	                              addresses */
	WorkingTime repeat;        /* none: told once */
	bool is_urgent;            /* receivers' hours do not count */
} LadderStep;

typedef struct Ladder {
	const char *name;
	GPtrArray *steps; /* of LadderStep *, lowest first */
} Ladder;

void ladder_free(Ladder *ladder);
bool step_watches(const LadderStep *step, ClockKind kind);
