#include "desk/decide_clock.h"

#include <string.h>

void
timer_row_clear(TimerRow *row)
{
	g_free(row->kind);
	g_free(row->stage);
	g_free(row->state);
}

/* ---- the stages of a clock ---- */

typedef struct Stage {
	const char *name;
	int64_t due_at;
} Stage;

static void
add_stage(const ClockCase *c, GArray *stages, const char *name, int64_t due_at)
{
	Stage stage = { plan_format(c->plan, "%s", name), due_at };

	if (due_at != CALENDAR_NEVER)
		g_array_append_val(stages, stage);
}

static const Ladder *
ladder_of(const ClockCase *c)
{
	const Queue *queue = desk_queue(c->desk, c->ticket->queue);

	return queue == NULL ? NULL : desk_ladder(c->desk, queue->ladder);
}

static void
add_steps(const ClockCase *c, ClockKind kind, const Clock *clock,
          const Calendar *calendar, GArray *stages)
{
	const Ladder *ladder = ladder_of(c);
	StepPlace place;

	for (unsigned i = 0; ladder != NULL && i < ladder->steps->len; i++) {
		const LadderStep *step = ladder->steps->pdata[i];
		if (!step_watches(step, kind) ||
		    !step_place_from_text(step->at, &place))
			continue;
		int64_t seconds =
			clock->row.target * place.percent / 100 + place.seconds;
		g_autofree char *name = g_strconcat("step-", step->name, NULL);
		add_stage(c, stages, name,
		          clock_reach(clock, calendar, seconds));
	}
}

/* All of them, while it runs. */
static GArray *
stages_of(const ClockCase *c, ClockKind kind, const Clock *clock)
{
	GArray *stages = g_array_new(FALSE, FALSE, sizeof(Stage));
	const Sla *sla = desk_sla(c->desk, c->ticket->sla);

	if (sla == NULL || clock->row.state != CLOCK_RUNNING)
		return stages;
	const Calendar *calendar = desk_calendar(c->desk, sla->calendar);
	for (const char *const *warn = sla->warn; *warn != NULL; warn++) {
		int64_t percent = g_ascii_strtoll(*warn, NULL, 10);
		g_autofree char *name = g_strconcat("warn-", *warn, NULL);
		add_stage(c, stages, name,
		          clock_reach(clock, calendar,
		                      clock->row.target * percent / 100));
	}
	add_stage(c, stages, "breach", clock->row.due_at);
	add_steps(c, kind, clock, calendar, stages);
	return stages;
}

/* Has it had its effect in this run?  One whose time lies ahead again, since
 * the promise moved, is a new one. */
static bool
is_behind(const ClockCase *c, const char *kind, const ClockRow *row,
          const Stage *stage)
{
	if (stage->due_at > c->now)
		return false;
	for (unsigned i = 0; i < c->timers->len; i++) {
		const TimerRow *timer = &g_array_index(c->timers, TimerRow, i);
		if (strcmp(timer->kind, kind) == 0 &&
		    strcmp(timer->stage, stage->name) == 0 &&
		    timer->due_at >= row->started_at &&
		    (strcmp(timer->state, "fired") == 0 ||
		     strcmp(timer->state, "collapsed") == 0))
			return true;
	}
	return false;
}

static void
drop_those_behind(const ClockCase *c, const char *kind, const ClockRow *row,
                  GArray *stages)
{
	for (unsigned i = stages->len; i > 0; i--)
		if (is_behind(c, kind, row,
		              &g_array_index(stages, Stage, i - 1)))
			g_array_remove_index(stages, i - 1);
}

static bool
is_pending(const TimerRow *timer, const char *kind)
{
	return strcmp(timer->kind, kind) == 0 &&
	       strcmp(timer->state, "pending") == 0;
}

static bool
is_wanted(const GArray *stages, const TimerRow *timer)
{
	for (unsigned i = 0; i < stages->len; i++) {
		const Stage *stage = &g_array_index(stages, Stage, i);
		if (strcmp(stage->name, timer->stage) == 0 &&
		    stage->due_at == timer->due_at)
			return true;
	}
	return false;
}

/* Are the pending timers exactly the wanted ones? */
static bool
timers_agree(const ClockCase *c, const char *kind, const GArray *stages)
{
	unsigned count = 0;

	for (unsigned i = 0; i < c->timers->len; i++) {
		const TimerRow *timer = &g_array_index(c->timers, TimerRow, i);
		if (!is_pending(timer, kind))
			continue;
		if (!is_wanted(stages, timer))
			return false;
		count++;
	}
	return count == stages->len;
}

static void
add_clock(const ClockCase *c, const char *kind, const ClockRow *row)
{
	Plan *plan = c->plan;

	plan_add(plan, ACTION_CLOCK, "ticket", plan_number(plan, c->ticket->id),
	         "kind", kind, "epoch", plan_number(plan, row->epoch), "state",
	         clock_state_name(row->state), "start",
	         plan_number(plan, row->started_at), "since",
	         plan_number(plan, row->since_at), "stop",
	         plan_number(plan, row->stopped_at), "target",
	         plan_number(plan, row->target), "used",
	         plan_number(plan, row->used), "worst",
	         plan_number(plan, row->worst), "due",
	         plan_number(plan, row->due_at), "breach",
	         plan_number(plan, row->breached_at), NULL);
}

static void
add_timer(const ClockCase *c, const char *kind, const Stage *stage,
          int64_t epoch)
{
	plan_add(c->plan, ACTION_TIMER, "ticket",
	         plan_number(c->plan, c->ticket->id), "kind", kind, "stage",
	         stage->name, "epoch", plan_number(c->plan, epoch), "due",
	         plan_number(c->plan, stage->due_at), NULL);
}

static void
follow(const ClockCase *c, ClockKind kind, const Clock *clock)
{
	const ClockRow *old = &c->rows[kind];
	ClockRow row = clock->row;
	const char *name = clock_name(kind);
	g_autoptr(GArray) stages = stages_of(c, kind, clock);

	drop_those_behind(c, name, &row, stages);
	bool agrees = timers_agree(c, name, stages);
	row.epoch = agrees ? MAX(old->epoch, 1) : old->epoch + 1;
	bool is_new = old->epoch == 0;
	if ((is_new && row.state == CLOCK_OFF) ||
	    (!is_new && clock_row_equal(&row, old)))
		return;
	add_clock(c, name, &row);
	for (unsigned i = 0; !agrees && i < stages->len; i++)
		add_timer(c, name, &g_array_index(stages, Stage, i), row.epoch);
}

static bool
has_repeats(const ClockCase *c)
{
	for (unsigned i = 0; i < c->timers->len; i++)
		if (is_pending(&g_array_index(c->timers, TimerRow, i),
		               TIMER_REPEAT))
			return true;
	return false;
}

void
decide_on_clocks(const ClockCase *c, const Clock *clocks, bool is_answered)
{
	bool is_done = ticket_state_is_done(c->ticket->state);

	for (unsigned i = 0; i < CLOCK_KINDS; i++)
		follow(c, (ClockKind)i, &clocks[i]);
	if ((is_answered || is_done) && has_repeats(c))
		plan_add(c->plan, ACTION_ACK, "ticket",
		         plan_number(c->plan, c->ticket->id), "why",
		         is_done ? "the ticket is done" : "an agent answered",
		         NULL);
}
