/* Timers that are due: warnings, breaches, the steps of the ladder. */
#include <string.h>

#include "desk/decide_clock.h"
#include "desk/notify.h"

#define STEP_PREFIX "step-"
#define RANK_BREACH 1000
#define RANK_STEP   2000

/* The ticket while its timers fire: what was set by an earlier clock holds for
 * the next. */
typedef struct Firing {
	const ClockCase *c;
	const Ladder *ladder;
	const char *team;
	const char *owner;
	const char *priority;
} Firing;

static Firing
firing_of(const ClockCase *c)
{
	const Queue *queue = desk_queue(c->desk, c->ticket->queue);

	return (Firing){ .c = c,
		         .ladder = queue == NULL ? NULL
		                                 : desk_ladder(c->desk,
		                                               queue->ladder),
		         .team = c->ticket->team,
		         .owner = c->ticket->owner,
		         .priority = c->ticket->priority };
}

static const Calendar *
calendar_of(const ClockCase *c)
{
	const Sla *sla = desk_sla(c->desk, c->ticket->sla);

	return desk_calendar(c->desk, sla == NULL ? NULL : sla->calendar);
}

static const LadderStep *
find_step(const Ladder *ladder, const char *name, size_t length,
          unsigned *out_index)
{
	for (unsigned i = 0; ladder != NULL && i < ladder->steps->len; i++) {
		const LadderStep *step = ladder->steps->pdata[i];
		if (strlen(step->name) != length ||
		    strncmp(step->name, name, length) != 0)
			continue;
		*out_index = i;
		return step;
	}
	return NULL;
}

/* ---- effects of a step ---- */

static const char *
number_of(const ClockCase *c)
{
	return plan_number(c->plan, c->ticket->id);
}

static void
set(Firing *firing, const char *field, const char *value, const char *why)
{
	const ClockCase *c = firing->c;

	plan_add(c->plan, ACTION_SET, "ticket", number_of(c), "field", field,
	         "value", value, "why", why, NULL);
}

static bool
is_member(const Desk *desk, const char *team_name, const char *agent)
{
	const Team *team = desk_team(desk, team_name);

	return team != NULL && agent != NULL &&
	       g_strv_contains(team->members, agent);
}

/* A new team takes it over: who owned it owns it no more, unless he is of that
 * team too. */
static void
move_to_team(Firing *firing, const char *team, const char *why)
{
	if (g_strcmp0(team, firing->team) == 0)
		return;
	set(firing, "team", team, why);
	firing->team = team;
	if (firing->owner == NULL || *firing->owner == '\0' ||
	    is_member(firing->c->desk, team, firing->owner))
		return;
	set(firing, "owner", "", why);
	firing->owner = NULL;
}

static void
give_to(Firing *firing, const char *owner, const char *why)
{
	const char *value = strcmp(owner, "nobody") == 0 ? "" : owner;

	if (g_strcmp0(value, firing->owner == NULL ? "" : firing->owner) == 0)
		return;
	set(firing, "owner", value, why);
	firing->owner = *value == '\0' ? NULL : value;
}

static int
rank_of_priority(const char *priority)
{
	const char *const *words = ticket_field_words("priority");

	for (int i = 0; words[i] != NULL; i++)
		if (g_strcmp0(words[i], priority) == 0)
			return i;
	return -1;
}

/* A ladder raises, it never lowers. */
static void
raise_priority(Firing *firing, const char *priority, const char *why)
{
	if (rank_of_priority(priority) <= rank_of_priority(firing->priority))
		return;
	set(firing, "priority", priority, why);
	firing->priority = priority;
}

static void
climb(Firing *firing, const LadderStep *step, const char *why)
{
	const ClockCase *c = firing->c;

	if (step->team != NULL)
		move_to_team(firing, step->team, why);
	if (step->owner != NULL)
		give_to(firing, step->owner, why);
	if (step->priority != NULL)
		raise_priority(firing, step->priority, why);
	if (step->tag != NULL && !ticket_has_tag(c->ticket, step->tag))
		plan_add(c->plan, ACTION_TAG, "ticket", number_of(c), "tag",
		         step->tag, "why", why, NULL);
}

/* ---- who is told ---- */

typedef struct Telling {
	Firing *firing;
	const char *kind;
	const char *stage;
	int64_t due_at;
	bool is_urgent;
} Telling;

static bool
is_told_already(const Telling *telling, const char *address)
{
	const Plan *plan = telling->firing->c->plan;

	for (unsigned i = 0; i < plan->actions->len; i++) {
		const Action *action = plan_action(plan, i);
		if (action->kind == ACTION_TELL &&
		    strcmp(action_value(action, "to"), address) == 0 &&
		    strcmp(action_value(action, "kind"), telling->kind) == 0)
			return true;
	}
	return false;
}

static void
tell(const Telling *telling, const char *address, int64_t at)
{
	const ClockCase *c = telling->firing->c;
	Plan *plan = c->plan;

	if (is_told_already(telling, address))
		return;
	plan_add(plan, ACTION_TELL, "ticket", number_of(c), "to", address,
	         "kind", telling->kind, "stage", telling->stage, "due",
	         plan_number(plan, telling->due_at), "at",
	         plan_number(plan, at), NULL);
}

/* In his hours, unless it cannot wait. */
static void
tell_agent(const Telling *telling, const char *id)
{
	const ClockCase *c = telling->firing->c;
	const Agent *agent = desk_agent(c->desk, id);
	int64_t at = c->now;

	if (agent == NULL || agent->addresses[0] == NULL)
		return;
	if (!telling->is_urgent)
		at = calendar_next_open(desk_calendar(c->desk, agent->calendar),
		                        c->now);
	tell(telling, agent->addresses[0], at == CALENDAR_NEVER ? c->now : at);
}

static void
tell_team(const Telling *telling, const char *name)
{
	const Team *team = desk_team(telling->firing->c->desk, name);

	for (const char *const *member = team == NULL ? NULL : team->members;
	     member != NULL && *member != NULL; member++)
		tell_agent(telling, *member);
}

static void
tell_owner(const Telling *telling)
{
	const char *owner = telling->firing->owner;

	if (desk_agent(telling->firing->c->desk, owner) != NULL)
		tell_agent(telling, owner);
	else
		tell_team(telling, telling->firing->team);
}

static void
tell_name(const Telling *telling, const char *name)
{
	const ClockCase *c = telling->firing->c;

	if (strcmp(name, "owner") == 0)
		tell_owner(telling);
	else if (strcmp(name, "team") == 0)
		tell_team(telling, telling->firing->team);
	else if (desk_agent(c->desk, name) != NULL)
		tell_agent(telling, name);
	else if (desk_team(c->desk, name) != NULL)
		tell_team(telling, name);
	else
		tell(telling, name, c->now);
}

static void
tell_step(const Telling *telling, const LadderStep *step)
{
	if (*step->notify == NULL)
		tell_owner(telling);
	for (const char *const *name = step->notify; *name != NULL; name++)
		tell_name(telling, *name);
}

static bool
is_urgent(const Firing *firing, const LadderStep *step)
{
	return (step != NULL && step->is_urgent) ||
	       g_strcmp0(firing->priority, "urgent") == 0;
}

static void
repeat_later(const Firing *firing, const LadderStep *step, const char *clock,
             unsigned count, int64_t epoch)
{
	const ClockCase *c = firing->c;
	const Calendar *calendar = calendar_of(c);
	int64_t pause = working_time_seconds(&step->repeat, calendar);

	if (pause == 0 || count > REPEATS_MAX)
		return;
	int64_t due = calendar_after(calendar, c->now, pause);
	if (due == CALENDAR_NEVER)
		return;
	plan_add(c->plan, ACTION_TIMER, "ticket", number_of(c), "kind",
	         TIMER_REPEAT, "stage",
	         plan_format(c->plan, "%s/%s/%u", clock, step->name, count),
	         "epoch", plan_number(c->plan, epoch), "due",
	         plan_number(c->plan, due), NULL);
}

/* ---- timers that are due ---- */

static bool
is_due(const ClockCase *c, const TimerRow *timer)
{
	return strcmp(timer->state, "pending") == 0 && timer->due_at <= c->now;
}

/* How high a stage stands. */
static unsigned
rank(const Firing *firing, const char *stage)
{
	unsigned index = 0;

	if (strcmp(stage, "breach") == 0)
		return RANK_BREACH;
	if (g_str_has_prefix(stage, STEP_PREFIX)) {
		const char *name = stage + strlen(STEP_PREFIX);
		find_step(firing->ladder, name, strlen(name), &index);
		return RANK_STEP + index;
	}
	return (unsigned)g_ascii_strtoull(stage + strlen("warn-"), NULL, 10);
}

static const TimerRow *
highest_due(const Firing *firing, const char *kind)
{
	const ClockCase *c = firing->c;
	const TimerRow *highest = NULL;

	for (unsigned i = 0; i < c->timers->len; i++) {
		const TimerRow *timer = &g_array_index(c->timers, TimerRow, i);
		if (!is_due(c, timer) || strcmp(timer->kind, kind) != 0)
			continue;
		if (highest == NULL ||
		    rank(firing, timer->stage) > rank(firing, highest->stage))
			highest = timer;
	}
	return highest;
}

static void
fire(const ClockCase *c, const TimerRow *timer, const char *state)
{
	plan_add(c->plan, ACTION_FIRE, "ticket", number_of(c), "kind",
	         timer->kind, "stage", timer->stage, "epoch",
	         plan_number(c->plan, timer->epoch), "state", state, NULL);
}

static void
fire_all(const ClockCase *c, const char *kind, const TimerRow *highest)
{
	for (unsigned i = 0; i < c->timers->len; i++) {
		const TimerRow *timer = &g_array_index(c->timers, TimerRow, i);
		if (is_due(c, timer) && strcmp(timer->kind, kind) == 0)
			fire(c, timer,
			     timer == highest ? "fired" : "collapsed");
	}
}

static void
fire_clock(Firing *firing, ClockKind kind)
{
	const ClockCase *c = firing->c;
	const char *name = clock_name(kind);
	const TimerRow *highest = highest_due(firing, name);
	unsigned index;

	if (highest == NULL)
		return;
	fire_all(c, name, highest);
	const char *step_name = g_str_has_prefix(highest->stage, STEP_PREFIX)
	                                ? highest->stage + strlen(STEP_PREFIX)
	                                : "";
	const LadderStep *step =
		find_step(firing->ladder, step_name, strlen(step_name), &index);
	Telling telling = { firing, name, highest->stage, c->rows[kind].due_at,
		            is_urgent(firing, step) };
	if (step == NULL) {
		tell_owner(&telling);
		return;
	}
	climb(firing, step,
	      plan_format(c->plan, "%s: step %s at %s", name, step->name,
	                  step->at));
	telling.is_urgent = is_urgent(firing, step);
	tell_step(&telling, step);
	repeat_later(firing, step, name, 1, highest->epoch);
}

/* "resolution/l2/3" */
static void
fire_repeat(Firing *firing, const TimerRow *timer)
{
	const ClockCase *c = firing->c;
	g_auto(GStrv) parts = g_strsplit(timer->stage, "/", 3);
	unsigned index;
	ClockKind kind;

	fire(c, timer, "fired");
	if (g_strv_length(parts) != 3 || !clock_from_name(parts[0], &kind))
		return;
	const LadderStep *step =
		find_step(firing->ladder, parts[1], strlen(parts[1]), &index);
	if (step == NULL) /* taken out of the configuration since */
		return;
	Telling telling = { firing, clock_name(kind),
		            plan_format(c->plan, STEP_PREFIX "%s", step->name),
		            c->rows[kind].due_at, is_urgent(firing, step) };
	tell_step(&telling, step);
	repeat_later(firing, step, parts[0],
	             (unsigned)g_ascii_strtoull(parts[2], NULL, 10) + 1,
	             timer->epoch);
}

void
decide_on_timers(const ClockCase *c)
{
	Firing firing = firing_of(c);

	for (unsigned i = 0; i < CLOCK_KINDS; i++)
		fire_clock(&firing, (ClockKind)i);
	for (unsigned i = 0; i < c->timers->len; i++) {
		const TimerRow *timer = &g_array_index(c->timers, TimerRow, i);
		if (is_due(c, timer) && strcmp(timer->kind, TIMER_REPEAT) == 0)
			fire_repeat(&firing, timer);
	}
}

/* ---- by hand ---- */

/* The first step that gives the ticket to a higher team. */
static const LadderStep *
next_step(const Firing *firing)
{
	const Ladder *ladder = firing->ladder;
	const Desk *desk = firing->c->desk;
	const Team *now = desk_team(desk, firing->team);
	int level = now == NULL ? 0 : now->level;

	for (unsigned i = 0; ladder != NULL && i < ladder->steps->len; i++) {
		const LadderStep *step = ladder->steps->pdata[i];
		const Team *team = desk_team(desk, step->team);
		if (team != NULL && team->level > level)
			return step;
	}
	return NULL;
}

bool
decide_on_escalation(const ClockCase *c, const char *why)
{
	Firing firing = firing_of(c);
	const LadderStep *step = next_step(&firing);
	const Team *above = desk_team_above(c->desk, c->ticket->level);
	static const char *const to_team[] = { "team", NULL };
	LadderStep plain = { .name = "by-hand", .notify = to_team };

	if (step == NULL && above != NULL) {
		plain.team = above->name;
		step = &plain;
	}
	if (step == NULL)
		return false;
	climb(&firing, step, why);
	Telling telling = { &firing, "by-hand", "by-hand", 0,
		            is_urgent(&firing, step) };
	tell_step(&telling, step);
	return true;
}

/* ---- notices ---- */

void
notice_row_clear(NoticeRow *row)
{
	g_free(row->kind);
	g_free(row->stage);
	g_free(row->subject);
}

static bool
are_of_one(const GArray *notices)
{
	int64_t ticket = 0;

	for (unsigned i = 0; i < notices->len; i++) {
		const NoticeRow *row = &g_array_index(notices, NoticeRow, i);
		if (row->is_done)
			continue;
		if (ticket != 0 && row->ticket != ticket)
			return false;
		ticket = row->ticket;
	}
	return true;
}

void
decide_on_notices(const NoticeCase *c)
{
	bool is_digest = !are_of_one(c->notices);
	const NoticeRow *last =
		&g_array_index(c->notices, NoticeRow, c->notices->len - 1);
	const Agent *agent = desk_agent_for_address(c->desk, c->receiver);
	Cause cause = { .purpose = is_digest ? "digest" : "escalation",
		        .template = is_digest ? "escalations" : "escalation",
		        .detail = plan_number(c->plan, last->id),
		        .why = "promises in danger" };

	if (c->ticket != NULL) {
		About about = about_of(c->ticket);
		Receiver other = { .address = c->receiver, .scope = "comment" };
		if (is_digest)
			about = (About){ .queue = about.queue };
		if (agent != NULL)
			notify_agent(c->plan, c->desk, &about, agent, &cause);
		else
			notify_receiver(c->plan, c->desk, &about, &other,
			                &cause);
	}
	plan_add(c->plan, ACTION_TOLD, "to", c->receiver, "upto",
	         plan_number(c->plan, last->id), NULL);
}
