#include "desk/clocks.h"

#include <string.h>

/* A time that it ran, and what it had used before. */
typedef struct Segment {
	int64_t from;
	int64_t used;
	int64_t used_after;
} Segment;

static const char *const state_names[] = {
	[CLOCK_OFF] = "off",
	[CLOCK_RUNNING] = "running",
	[CLOCK_PAUSED] = "paused",
	[CLOCK_STOPPED] = "stopped",
};

const char *
clock_state_name(ClockState state)
{
	return state_names[state];
}

bool
clock_state_from_name(const char *name, ClockState *out_state)
{
	for (unsigned i = 0; i < G_N_ELEMENTS(state_names); i++) {
		if (g_strcmp0(state_names[i], name) != 0)
			continue;
		*out_state = (ClockState)i;
		return true;
	}
	return false;
}

/* ---- rows ---- */

bool
clock_row_equal(const ClockRow *a, const ClockRow *b)
{
	return a->epoch == b->epoch && a->state == b->state &&
	       a->started_at == b->started_at && a->since_at == b->since_at &&
	       a->stopped_at == b->stopped_at && a->target == b->target &&
	       a->used == b->used && a->worst == b->worst &&
	       a->due_at == b->due_at && a->breached_at == b->breached_at;
}

int64_t
clock_row_used(const ClockRow *row, const Calendar *calendar, int64_t now)
{
	if (row->state != CLOCK_RUNNING)
		return row->used;
	return row->used + calendar_between(calendar, row->since_at, now);
}

bool
clock_row_is_breached(const ClockRow *row, int64_t now)
{
	return row->breached_at != 0 ||
	       (row->state == CLOCK_RUNNING && row->due_at < now);
}

/* ---- one clock ---- */

int64_t
clock_reach(const Clock *clock, const Calendar *calendar, int64_t seconds)
{
	const ClockRow *row = &clock->row;

	if (seconds <= 0)
		return row->started_at;
	for (unsigned i = 0; i < clock->segments->len; i++) {
		const Segment *segment =
			&g_array_index(clock->segments, Segment, i);
		if (segment->used_after >= seconds)
			return calendar_after(calendar, segment->from,
			                      seconds - segment->used);
	}
	if (row->state != CLOCK_RUNNING)
		return CALENDAR_NEVER;
	return calendar_after(calendar, row->since_at, seconds - row->used);
}

void
clock_release(Clock *clock)
{
	g_clear_pointer(&clock->segments, g_array_unref);
}

/* All of them while the history is read. */
typedef struct Fold {
	const ClockTerms *terms;
	Clock *clocks;
	TicketState state;
	int64_t at;
	bool is_answered;
} Fold;

static bool
stands_in(const Fold *fold, TicketState state)
{
	return ticket_state_is_done(state) ||
	       g_strv_contains(fold->terms->sla->pause,
	                       ticket_state_name(state));
}

static bool
is_active(const Clock *clock)
{
	return clock->row.state == CLOCK_RUNNING ||
	       clock->row.state == CLOCK_PAUSED;
}

static int64_t
target_of(const Fold *fold, ClockKind kind)
{
	const ClockTerms *terms = fold->terms;
	int64_t target = sla_target(terms->sla, terms->calendar, kind,
	                            terms->priority, terms->type);

	if (target == 0 || calendar_is_open(terms->calendar, fold->at))
		return target;
	return target +
	       working_time_seconds(&terms->sla->out_of_hours, terms->calendar);
}

static void
begin(Fold *fold, ClockKind kind)
{
	Clock *clock = &fold->clocks[kind];
	ClockRow *row = &clock->row;
	int64_t target = target_of(fold, kind);

	if (target == 0)
		return;
	g_array_set_size(clock->segments, 0);
	row->state =
		stands_in(fold, fold->state) ? CLOCK_PAUSED : CLOCK_RUNNING;
	row->started_at = row->since_at = fold->at;
	row->stopped_at = row->used = 0;
	row->target = target;
}

/* What it has used up to now; marks the first breach. */
static void
halt(Fold *fold, Clock *clock, ClockState state)
{
	const Calendar *calendar = fold->terms->calendar;
	ClockRow *row = &clock->row;

	if (row->state == CLOCK_RUNNING) {
		int64_t more =
			calendar_between(calendar, row->since_at, fold->at);
		Segment segment = { row->since_at, row->used,
			            row->used + more };
		g_array_append_val(clock->segments, segment);
		row->used += more;
		row->worst = MAX(row->worst, row->used);
	}
	row->state = state;
	row->since_at = fold->at;
	if (row->used > row->target && row->breached_at == 0)
		row->breached_at = clock_reach(clock, calendar, row->target);
}

static void
stop(Fold *fold, ClockKind kind)
{
	Clock *clock = &fold->clocks[kind];

	if (!is_active(clock))
		return;
	halt(fold, clock, CLOCK_STOPPED);
	clock->row.stopped_at = fold->at;
}

static void
resume(Fold *fold, Clock *clock)
{
	clock->row.state = CLOCK_RUNNING;
	clock->row.since_at = fold->at;
	clock->row.stopped_at = 0;
}

/* ---- what happens ---- */

static void
on_asked(Fold *fold)
{
	bool is_first =
		fold->clocks[CLOCK_FIRST_RESPONSE].row.state != CLOCK_OFF;

	/* a run of questions counts from the oldest */
	if (!is_active(&fold->clocks[CLOCK_NEXT_RESPONSE]) &&
	    (fold->is_answered || !is_first))
		begin(fold, CLOCK_NEXT_RESPONSE);
}

static void
on_answered(Fold *fold)
{
	fold->is_answered = true;
	stop(fold, CLOCK_FIRST_RESPONSE);
	stop(fold, CLOCK_NEXT_RESPONSE);
	if (is_active(&fold->clocks[CLOCK_KEEP_IN_TOUCH]))
		halt(fold, &fold->clocks[CLOCK_KEEP_IN_TOUCH], CLOCK_PAUSED);
	begin(fold, CLOCK_KEEP_IN_TOUCH);
}

static void
on_state(Fold *fold, TicketState state)
{
	bool stands = stands_in(fold, state);
	Clock *resolution = &fold->clocks[CLOCK_RESOLUTION];

	fold->state = state;
	if (ticket_state_is_done(state))
		stop(fold, CLOCK_RESOLUTION);
	else if (resolution->row.state == CLOCK_STOPPED)
		resolution->row.state = CLOCK_PAUSED;
	for (unsigned i = 0; i < CLOCK_KINDS; i++) {
		Clock *clock = &fold->clocks[i];
		if (stands && clock->row.state == CLOCK_RUNNING)
			halt(fold, clock, CLOCK_PAUSED);
		else if (!stands && clock->row.state == CLOCK_PAUSED)
			resume(fold, clock);
	}
}

static void
take(Fold *fold, const Happening *happening)
{
	fold->at = MAX(fold->at, happening->at);
	switch (happening->kind) {
	case HAPPENED_ASKED:
		on_asked(fold);
		return;
	case HAPPENED_ANSWERED:
		on_answered(fold);
		return;
	case HAPPENED_STATE:
		on_state(fold, happening->state);
		return;
	}
	g_assert_not_reached();
}

void
clocks_reckon(const ClockTerms *terms, const GArray *happenings, Clock *clocks)
{
	Fold fold = { .terms = terms,
		      .clocks = clocks,
		      .state = STATE_NEW,
		      .at = terms->opened_at };

	for (unsigned i = 0; i < CLOCK_KINDS; i++)
		clocks[i] = (Clock){ .segments = g_array_new(FALSE, FALSE,
			                                     sizeof(Segment)) };
	begin(&fold, CLOCK_FIRST_RESPONSE);
	begin(&fold, CLOCK_RESOLUTION);
	begin(&fold, CLOCK_KEEP_IN_TOUCH);
	for (unsigned i = 0; i < happenings->len; i++)
		take(&fold, &g_array_index(happenings, Happening, i));
	for (unsigned i = 0; i < CLOCK_KINDS; i++)
		if (clocks[i].row.state == CLOCK_RUNNING)
			clocks[i].row.due_at =
				clock_reach(&clocks[i], terms->calendar,
			                    clocks[i].row.target);
}
