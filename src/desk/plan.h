/* What was decided: a list of actions, and their text.
 *
 * An action is one line that a person at a desk would recognise, applied by
 * one short function of the clerk.  One format serves the journal, explain and
 * the tests: action_from_text(action_to_text(a)) equals a.  A plan owns its
 * strings and does not point into the facts it was decided from. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include <glib.h>

typedef enum ActionKind {
	ACTION_PERSON,  /* know him, by his address */
	ACTION_OPEN,    /* open a ticket */
	ACTION_MESSAGE, /* add the mail (or text) at hand to a ticket */
	ACTION_REPLACE, /* its whole copy has come: put it in its place */
	ACTION_JOIN,    /* a message's parent has come after it */
	ACTION_SET,     /* a field of the ticket */
	ACTION_TAG,
	ACTION_UNTAG,
	ACTION_FIELD, /* a custom field */
	ACTION_LINK,
	ACTION_NOTE, /* a text for agents that the desk itself writes */
	ACTION_UNLINK,
	ACTION_MERGE,     /* into another ticket */
	ACTION_UNMERGE,   /* that merge taken back */
	ACTION_SPLIT,     /* a message into a ticket of its own */
	ACTION_REQUESTER, /* somebody else's ticket from now on */
	ACTION_REMIND,    /* come back to it */
	ACTION_FORGET,    /* ... no more */
	ACTION_REMINDED,  /* its time has come */
	ACTION_WATCH,
	ACTION_UNWATCH,
	ACTION_SEND,        /* a finished mail into the outbox */
	ACTION_WITHHOLD,    /* a mail that must not go: too many went */
	ACTION_UNDELIVERED, /* a mail of ours did not arrive */
	ACTION_OUTBOX,      /* a mail of ours goes again, or never */
	ACTION_QUARANTINE,  /* hold it for an agent's eye */
	ACTION_RELEASE,     /* a held mail was looked at */
	ACTION_ARTICLE,     /* a new version of an article, whole */
	ACTION_USE,         /* an article had to do with a ticket */
	ACTION_VOTE,        /* somebody said whether an article helped */
	ACTION_COUNT,       /* a counter */
	ACTION_REMEMBER, /* a note of the desk to itself: told once a day ... */
	ACTION_CLOCK,    /* what a promise has come to */
	ACTION_TIMER,    /* look at it again then */
	ACTION_FIRE,     /* a timer was due */
	ACTION_ACK,      /* somebody looks after it: no more repeats */
	ACTION_TELL,     /* somebody is to be told of it */
	ACTION_TOLD,     /* he was */
	ACTION_SETTLE, /* where the delivery ended; once in each mail's plan */
	ACTION_KINDS,
} ActionKind;

#define ACTION_VALUES_MAX 14

/* values[i] belongs to the i-th key of its kind; NULL: not given. */
typedef struct Action {
	ActionKind kind;
	const char *values[ACTION_VALUES_MAX];
} Action;

typedef struct Plan {
	GStringChunk *strings;
	GArray *actions; /* of Action */
} Plan;

Plan *plan_new(void);
void plan_free(Plan *plan);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Plan, plan_free)

/* Pairs of key and value (const char *, a NULL value leaves the key out), then
 * NULL.  A key that the kind does not have is a bug and asserts. */
void plan_add(Plan *plan, ActionKind kind, ...) G_GNUC_NULL_TERMINATED;

/* Copies all actions of from behind those of plan. */
void plan_append(Plan *plan, const Plan *from);

/* A number as a value; lives as long as the plan. */
const char *plan_number(Plan *plan, int64_t number);
const char *plan_format(Plan *plan, const char *format, ...)
	G_GNUC_PRINTF(2, 3);

const Action *plan_action(const Plan *plan, unsigned i);

/* "open", "message" ... */
const char *action_name(ActionKind kind);

/* The value of a key, NULL if it was not given; asserts on unknown keys. */
const char *action_value(const Action *action, const char *key);
/* 0 if it was not given. */
int64_t action_number(const Action *action, const char *key);

/* "set ticket=12 field=state value=open why=\"the requester wrote\""; owned by
 * the caller. */
char *action_to_text(const Action *action);

/* Adds the action of that text; false: not the text of an action. */
bool action_from_text(Plan *plan, const char *text);

bool action_equal(const Action *a, const Action *b);
