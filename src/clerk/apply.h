/* A plan into rows: one short function per kind of action, and its journal
 * line in the same transaction. */
#pragma once

#include "base/token.h"

#include "desk/plan.h"

#include "store/store.h"

#include "clerk/clerk.h"

/* What the plan is about; all borrowed but what apply fills in. */
typedef struct ApplyEvent {
	const char *actor; /* for the journal; NULL: it has the lines */
	const char *event;
	const Mail *mail;   /* at hand, or NULL */
	Delivery *delivery; /* its row, or NULL */
	int64_t cause; /* the delivery whose coming this is: for it each person
	                  gets each kind of mail once; 0: another event */
	const Orders *orders;        /* given with it, or NULL */
	const GPtrArray *enclosures; /* of GBytes, one an attachment, or NULL */
	const char *evidence;        /* one line for agents, or NULL */
	int64_t message;             /* the last that was added */
} ApplyEvent;

typedef struct ApplyPlace {
	const Desk *desk;
	const KeyRing *ring;
	Store *store;
	int64_t now;
} ApplyPlace;

/* The plan alone, without the clocks that follow from it. */
bool apply_actions(const ApplyPlace *place, const Plan *plan, ApplyEvent *event,
                   GError **error);
bool apply_plan(const ApplyPlace *place, const Plan *plan, ApplyEvent *event,
                GError **error);

/* The person of that address, made if nobody has it; 0 on error. */
int64_t apply_person_id(const ApplyPlace *place, const char *address,
                        const char *name, GError **error);
