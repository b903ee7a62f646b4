#include "config/check_clock.h"

#include <string.h>

#include "desk/desk.h"

#include "config/fill.h"

typedef struct Checker {
	const GArray *filled;
	Faults *faults;
	const FilledSection *section;
} Checker;

static void
complain(const Checker *checker, const char *key, const char *value,
         const char *why)
{
	faults_add(checker->faults,
	           outline_place(checker->section->outline, key),
	           "%s \"%s\": %s", key, value, why);
}

/* ---- names ---- */

static bool
is_title(const Checker *checker, const char *kind, const char *name)
{
	for (unsigned i = 0; i < checker->filled->len; i++) {
		const FilledSection *filled =
			&g_array_index(checker->filled, FilledSection, i);
		if (filled->outer == NULL &&
		    strcmp(filled->spec->name, kind) == 0 &&
		    strcmp(filled->outline->title, name) == 0)
			return true;
	}
	return false;
}

static void
check_name(const Checker *checker, const char *key, const char *kind,
           const char *name)
{
	if (name != NULL && !is_title(checker, kind, name))
		faults_add(checker->faults,
		           outline_place(checker->section->outline, key),
		           "no %s is called %s", kind, name);
}

/* ---- sections ---- */

static void
check_queue(const Checker *checker)
{
	const Queue *queue = checker->section->target;

	check_name(checker, "sla", "sla", queue->sla);
	check_name(checker, "ladder", "ladder", queue->ladder);
}

static void
check_agent(const Checker *checker)
{
	const Agent *agent = checker->section->target;

	check_name(checker, "calendar", "calendar", agent->calendar);
}

static void
check_sla(const Checker *checker)
{
	const Sla *sla = checker->section->target;

	check_name(checker, "calendar", "calendar", sla->calendar);
	for (const char *const *text = sla->warn; *text != NULL; text++) {
		size_t digits = strspn(*text, "0123456789");
		int64_t percent = g_ascii_strtoll(*text, NULL, 10);
		if ((*text)[digits] != '\0' || percent < 1 || percent > 99)
			complain(checker, "warn", *text,
			         "a warning is a percentage from 1 to 99");
	}
}

static void
check_ladder(const Checker *checker)
{
	const Ladder *ladder = checker->section->target;

	if (ladder->steps->len == 0 || ladder->steps->len > LADDER_STEPS_MAX)
		faults_add(checker->faults, checker->section->outline->place,
		           "a ladder has 1 to %d steps", LADDER_STEPS_MAX);
}

static bool
can_hear(const Checker *checker, const char *name)
{
	return strcmp(name, "owner") == 0 || strcmp(name, "team") == 0 ||
	       is_title(checker, "agent", name) ||
	       is_title(checker, "team", name) || fill_is_address(name);
}

static void
check_step(const Checker *checker)
{
	const LadderStep *step = checker->section->target;
	StepPlace place;

	if (step->at != NULL && !step_place_from_text(step->at, &place))
		complain(checker, "at", step->at,
		         "a step stands at 75%, at breach, at +2h behind it or "
		         "at -1h before it");
	check_name(checker, "team", "team", step->team);
	if (step->owner != NULL && strcmp(step->owner, "nobody") != 0)
		check_name(checker, "owner", "agent", step->owner);
	for (const char *const *name = step->notify; *name != NULL; name++)
		if (!can_hear(checker, *name))
			complain(checker, "notify", *name,
			         "neither owner nor team, nor an agent, a team "
			         "or an address");
}

static const struct {
	const char *section;
	void (*check)(const Checker *checker);
} checks[] = {
	{ "queue", check_queue }, { "agent", check_agent },
	{ "sla", check_sla },     { "ladder", check_ladder },
	{ "step", check_step },
};

void
check_clock(const GArray *filled, Faults *faults)
{
	Checker checker = { .filled = filled, .faults = faults };

	for (unsigned i = 0; i < filled->len; i++) {
		checker.section = &g_array_index(filled, FilledSection, i);
		for (unsigned j = 0; j < G_N_ELEMENTS(checks); j++)
			if (strcmp(checks[j].section,
			           checker.section->spec->name) == 0)
				checks[j].check(&checker);
	}
}
