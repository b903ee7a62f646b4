/* Who gets a new ticket: the turn of a team's members. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include <glib.h>

#include "desk/desk.h"

/* Open tickets of one agent. */
typedef struct AgentLoad {
	const char *agent;
	int64_t open;
} AgentLoad;

/* What the choice looks at. */
typedef struct Turn {
	const Desk *desk;
	const Team *team;
	const char *last;        /* the agent who had the last turn, or NULL */
	const GArray *loads;     /* of AgentLoad; for least-loaded */
	const GPtrArray *skills; /* of const char *: tags of the ticket */
} Turn;

/* Does the team give its tickets to somebody by itself? */
bool assign_is_wanted(const Team *team);

/* The agent's id, or NULL: the team assigns to nobody, or nobody is there.
 * Among those who are there, those with most of the skills that the ticket asks
 * for; of these, by the team's way: the next behind last, or who has the fewest
 * open tickets. */
const char *assign_turn(const Turn *turn);

/* The name under which the desk remembers whose turn it was; owned by the
 * caller. */
char *assign_note_name(const char *team);

/* Who takes his place while he is absent: himself if he is not; NULL if nobody
 * is there for him. */
const Agent *assign_present(const Desk *desk, const Agent *agent);
