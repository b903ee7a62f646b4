/* What the files apply_*.c share: one action while it is applied.
 *
 * There is one function for each kind of action, in a table in apply.c.  Each
 * writes its rows; false means that error is set. */
#pragma once

#include "clerk/apply.h"

typedef struct Applying {
	const ApplyPlace *place;
	ApplyEvent *event;
	const Action *action;
	GError **error;
} Applying;

/* Of the action at hand; NULL and 0 where it was not given. */
const char *apply_value(const Applying *applying, const char *key);
int64_t apply_number(const Applying *applying, const char *key);

bool apply_journal(const ApplyPlace *place, const ApplyEvent *event,
                   const Action *action, GError **error);

/* ---- apply_person.c ---- */

bool apply_person(Applying *applying);
bool apply_watch(Applying *applying);
bool apply_unwatch(Applying *applying);

/* ---- apply_ticket.c ---- */

/* The state of that name, and the instants that go with it; false: no such
 * state. */
bool apply_state(Ticket *ticket, const char *name, int64_t now);
bool apply_open(Applying *applying);
bool apply_set(Applying *applying);
bool apply_tag(Applying *applying);
bool apply_field(Applying *applying);
bool apply_link(Applying *applying);

/* ---- apply_order.c ---- */

bool apply_unlink(Applying *applying);
bool apply_merge(Applying *applying);
bool apply_unmerge(Applying *applying);
bool apply_split(Applying *applying);
bool apply_requester(Applying *applying);
bool apply_remind(Applying *applying);
bool apply_forget(Applying *applying);
bool apply_reminded(Applying *applying);

/* ---- apply_message.c ---- */

bool apply_message(Applying *applying);
bool apply_note(Applying *applying);
bool apply_replace(Applying *applying);
bool apply_join(Applying *applying);

/* ---- apply_clock.c ---- */

bool apply_clock(Applying *applying);
bool apply_timer(Applying *applying);
bool apply_fire(Applying *applying);
bool apply_ack(Applying *applying);
bool apply_tell(Applying *applying);
bool apply_told(Applying *applying);

/* ---- apply_send.c ---- */

bool apply_send(Applying *applying);
bool apply_undelivered(Applying *applying);

/* ---- apply_gate.c ---- */

/* What is to be done instead of a send action goes to out: nothing, if it may
 * go.  What the journal says is done as it says. */
bool apply_gate(const ApplyPlace *place, const ApplyEvent *event,
                const Action *action, Plan *out, GError **error);
bool apply_withhold(Applying *applying);
/* row did not arrive for good: is its address to rest? */
bool apply_mailbox_failure(Applying *applying, const OutboxRow *row);
bool apply_outbox(Applying *applying);

/* ---- apply_article.c ---- */

bool apply_article(Applying *applying);
bool apply_use(Applying *applying);
bool apply_vote(Applying *applying);
