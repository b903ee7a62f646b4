/* A desk, two tickets and a mail, to be told otherwise: how tests make Facts.
 *
 * scene_new() is the quiet case: Berta (person 5), the requester of ticket 12,
 * writes a new mail to help@desk.example, proven E1, and names no ticket.  Each
 * line of a story changes one thing ("from ana@desk.example", "token 12 1
 * agent"); scene.c holds the table of the words.
 *
 *   agents     ana (person 1), luis (2): team level1; eva (3): team level2
 *   queues     help (level1, help@desk.example), net (level2, net@...)
 *   ticket 12  printer on fire; Berta's, Carl (person 6) watches
 *   ticket 13  the lights are out; Dora's (person 7)
 *   next       ticket 30 */
#pragma once

#include "desk/decide.h"

typedef struct Scene {
	Facts facts;
	Desk *desk;
	Mail *mail;
	Delivery *other;
	OutboxRow *row;
	Person *sender;
	GPtrArray *people;
	GArray *witnesses;
	GPtrArray *candidates;
	GArray *children;
} Scene;

Scene *scene_new(void);
void scene_free(Scene *scene);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Scene, scene_free)

/* One line; an unknown word ends the test. */
void scene_tell(Scene *scene, const char *line);

/* A story: lines divided by "\n". */
void scene_tell_all(Scene *scene, const char *story);

Ticket *scene_ticket(const Scene *scene, int64_t number);

/* One action a line, each ended by "\n"; owned by the caller. */
char *plan_to_text(const Plan *plan);
