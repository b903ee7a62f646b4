#include "desk/assign.h"

#include <string.h>

/* substitutes of substitutes */
#define SUBSTITUTES_MAX 8

bool
assign_is_wanted(const Team *team)
{
	return team != NULL && team->assign != NULL &&
	       strcmp(team->assign, "none") != 0;
}

const Agent *
assign_present(const Desk *desk, const Agent *agent)
{
	for (unsigned i = 0; agent != NULL && i < SUBSTITUTES_MAX; i++) {
		if (!agent->is_absent)
			return agent;
		agent = agent->substitute == NULL
		                ? NULL
		                : desk_agent(desk, agent->substitute);
	}
	return NULL;
}

static unsigned
skill_of(const Turn *turn, const Agent *agent)
{
	unsigned skill = 0;

	for (unsigned i = 0; agent->skills != NULL && turn->skills != NULL &&
	                     i < turn->skills->len;
	     i++)
		if (g_strv_contains(agent->skills, turn->skills->pdata[i]))
			skill++;
	return skill;
}

static int64_t
load_of(const Turn *turn, const char *id)
{
	for (unsigned i = 0; turn->loads != NULL && i < turn->loads->len; i++) {
		const AgentLoad *load =
			&g_array_index(turn->loads, AgentLoad, i);

		if (strcmp(load->agent, id) == 0)
			return load->open;
	}
	return 0;
}

/* Where the turn begins: behind the member who had the last one. */
static unsigned
first_place(const Team *team, const char *last)
{
	for (unsigned i = 0; team->members[i] != NULL; i++)
		if (g_strcmp0(team->members[i], last) == 0)
			return i + 1;
	return 0;
}

static bool
is_better(const Turn *turn, const Agent *agent, const Agent *best)
{
	unsigned skill = skill_of(turn, agent);
	unsigned best_skill = skill_of(turn, best);

	if (skill != best_skill)
		return skill > best_skill;
	return strcmp(turn->team->assign, "least-loaded") == 0 &&
	       load_of(turn, agent->id) < load_of(turn, best->id);
}

const char *
assign_turn(const Turn *turn)
{
	const Team *team = turn->team;
	unsigned count = g_strv_length((char **)(uintptr_t)team->members);
	unsigned first = first_place(team, turn->last);
	const Agent *best = NULL;

	if (!assign_is_wanted(team))
		return NULL;
	for (unsigned i = 0; i < count; i++) {
		const char *id = team->members[(first + i) % count];
		const Agent *agent =
			assign_present(turn->desk, desk_agent(turn->desk, id));

		if (agent != NULL &&
		    (best == NULL || is_better(turn, agent, best)))
			best = agent;
	}
	return best == NULL ? NULL : best->id;
}

char *
assign_note_name(const char *team)
{
	return g_strconcat("turn:", team, NULL);
}
