/* /undo: the last orders of the same person on this ticket, taken back.
 *
 * What they did stands in the ticket's journal; what was there before them
 * stands there too, further up.  What has left by mail has left. */
#include <string.h>

#include "desk/order_kind.h"

/* Later it is another person's work that would be undone. */
#define UNDO_SECONDS INT64_C(3600)

typedef struct Undo {
	Reading *reading;
	const GPtrArray *journal;
	unsigned first; /* lines of the event: first to last */
	unsigned last;
	unsigned count; /* actions taken back */
} Undo;

static const JournalLine *
line_at(const Undo *undo, unsigned i)
{
	return undo->journal->pdata[i];
}

static bool
is_same_event(const JournalLine *a, const JournalLine *b)
{
	return a->at == b->at && strcmp(a->event, b->event) == 0 &&
	       strcmp(a->actor, b->actor) == 0;
}

/* Finds the last event of that actor; false: he did nothing here. */
static bool
find_event(Undo *undo, const char *actor)
{
	unsigned i = undo->journal->len;

	while (i > 0 && strcmp(line_at(undo, i - 1)->actor, actor) != 0)
		i--;
	if (i == 0)
		return false;
	undo->last = undo->first = i - 1;
	while (undo->first > 0 && is_same_event(line_at(undo, undo->first - 1),
	                                        line_at(undo, undo->last)))
		undo->first--;
	return true;
}

/* The key of an action that says what the field was before it. */
static const char *
value_of_field(const Action *action, const char *field)
{
	if (action->kind == ACTION_SET &&
	    strcmp(action_value(action, "field"), field) == 0)
		return action_value(action, "value");
	if (action->kind == ACTION_FIELD &&
	    strcmp(action_value(action, "name"), field) == 0)
		return action_value(action, "value");
	if (action->kind != ACTION_OPEN)
		return NULL;
	if (strcmp(field, "state") == 0)
		return "new";
	if (strcmp(field, "queue") == 0 || strcmp(field, "type") == 0 ||
	    strcmp(field, "priority") == 0 || strcmp(field, "team") == 0)
		return action_value(action, field);
	return NULL;
}

/* What the field was before the event; "" if it was not set. */
static const char *
value_before(Undo *undo, const char *field)
{
	Plan *plan = undo->reading->before;

	for (unsigned i = undo->first; i > 0; i--) {
		g_autoptr(Plan) read = plan_new();
		const char *value = NULL;

		if (action_from_text(read, line_at(undo, i - 1)->action))
			value = value_of_field(plan_action(read, 0), field);
		if (value != NULL)
			return plan_format(plan, "%s", value);
	}
	return "";
}

/* Its opposite needs no more than the same values. */
static const struct {
	ActionKind kind;
	ActionKind opposite;
	const char *keys[2];
} opposites[] = {
	{ ACTION_TAG, ACTION_UNTAG, { "tag", NULL } },
	{ ACTION_UNTAG, ACTION_TAG, { "tag", NULL } },
	{ ACTION_WATCH, ACTION_UNWATCH, { "address", NULL } },
	{ ACTION_UNWATCH, ACTION_WATCH, { "address", NULL } },
	{ ACTION_LINK, ACTION_UNLINK, { "kind", "other" } },
	{ ACTION_UNLINK, ACTION_LINK, { "kind", "other" } },
	{ ACTION_REMIND, ACTION_FORGET, { "kind", NULL } },
};

static bool
take_back_opposite(Undo *undo, const Action *action)
{
	Plan *plan = undo->reading->before;

	for (unsigned i = 0; i < G_N_ELEMENTS(opposites); i++) {
		const char *const *keys = opposites[i].keys;

		if (opposites[i].kind != action->kind)
			continue;
		plan_add(plan, opposites[i].opposite, "ticket",
		         order_ticket(undo->reading, plan), keys[0],
		         action_value(action, keys[0]), "why", "undone",
		         keys[1],
		         keys[1] == NULL ? NULL : action_value(action, keys[1]),
		         NULL);
		return true;
	}
	return false;
}

/* set and field: to what it was before */
static bool
take_back_value(Undo *undo, const Action *action, const char *key)
{
	Plan *plan = undo->reading->before;
	const char *field = action_value(action, key);

	plan_add(plan, action->kind, "ticket",
	         order_ticket(undo->reading, plan), key, field, "value",
	         value_before(undo, field), "why", "undone", NULL);
	return true;
}

static bool
take_back(Undo *undo, const Action *action)
{
	if (action->kind == ACTION_SET)
		return take_back_value(undo, action, "field");
	if (action->kind == ACTION_FIELD)
		return take_back_value(undo, action, "name");
	return take_back_opposite(undo, action);
}

static void
take_back_line(Undo *undo, unsigned i)
{
	g_autoptr(Plan) read = plan_new();

	if (action_from_text(read, line_at(undo, i)->action) &&
	    take_back(undo, plan_action(read, 0)))
		undo->count++;
}

char *
order_undo(Reading *reading, const OrderKind *kind, const char *argument,
           char **out_fault)
{
	const OrderPlace *place = reading->place;
	const Candidate *here = order_candidate(reading, place->ticket->id);
	Undo undo = { .reading = reading,
		      .journal = here == NULL ? NULL : here->journal };

	(void)kind;
	(void)argument;
	if (undo.journal != NULL && place->actor != NULL &&
	    find_event(&undo, place->actor) &&
	    place->now - line_at(&undo, undo.last)->at <= UNDO_SECONDS)
		for (unsigned i = undo.last + 1; i > undo.first; i--)
			take_back_line(&undo, i - 1);
	if (undo.count == 0) {
		*out_fault = g_strdup(
			ORDER_SAY(reading,
		                  "you ordered nothing here within the last "
		                  "hour that can be undone",
		                  "no hay órdenes suyas de la última hora que "
		                  "se puedan deshacer"));
		return NULL;
	}
	reading->orders->is_silent = true;
	return g_strdup_printf(
		ORDER_SAY(reading,
	                  "%u changes undone; what was sent stays sent",
	                  "%u cambios deshechos; lo enviado queda enviado"),
		undo.count);
}
