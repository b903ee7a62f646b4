/* The doors of the desk: pure functions from facts to a plan.
 *
 * They open no file, read no clock and know no database. */
#pragma once

#include "desk/article.h"
#include "desk/evidence.h"
#include "desk/facts.h"
#include "desk/order.h"
#include "desk/plan.h"
#include "desk/thread.h"

typedef struct Decision {
	Plan *plan;
	Thread *thread;      /* NULL if it was not asked */
	EvidenceLevel level; /* with tokens */
	const char *role;    /* "agent", "requester", "watcher", "stranger" */
	Orders *orders;      /* NULL without */
} Decision;

void decision_free(Decision *decision);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Decision, decision_free)

/* A mail came.  The plan has exactly one settle action. */
Decision *decide_on_mail(const Facts *facts);

/* What an agent decides on a held mail. */
typedef enum Release {
	RELEASE_ADMIT, /* onto the ticket that it named; its writer joins */
	RELEASE_OPEN,  /* as a ticket of its own */
	RELEASE_DROP,  /* stays where it is, out of sight */
} Release;

/* ticket: for RELEASE_ADMIT, among the candidates.  The settle action is for
 * the delivery that brought it, whose row is there already. */
Decision *decide_on_release(const Facts *facts, Release how, int64_t quarantine,
                            int64_t ticket);

/* A text of the operator at the terminal, with orders at its top: reply, note,
 * set.  place->agent may be NULL; place->ticket is the candidate's.  With a
 * wrong order the plan is empty and decision->orders tells what is wrong. */
Decision *decide_on_order(const OrderPlace *place, const Candidate *candidate,
                          const char *text, bool is_note);

/* A new ticket that the operator opens for somebody. */
typedef struct NewTicket {
	const Desk *desk;
	int64_t number;
	const Queue *queue;
	const char *requester_address; /* NULL: the desk itself */
	const char *requester_name;
	const char *subject;
	const char *text;
	bool acknowledges;
} NewTicket;

Decision *decide_on_new(const NewTicket *new_ticket);

/* The sender gave a mail of ours up: row failed for good. */
Decision *decide_on_failure(const Desk *desk, const OutboxRow *row,
                            const Candidate *candidate);

/* The operator wants it to go again at once (OUTBOX_QUEUED), or never
 * (OUTBOX_CANCELLED); NULL: it is going, or went. */
Decision *decide_on_outbox(const OutboxRow *row, OutboxState state);

/* Somebody wrote or moved an article: after with the words and the state that
 * it shall have, and its id.  before is NULL for a new one.  Nothing to change
 * is an empty plan.  ERROR_REFUSED for a move that there is not. */
Plan *decide_on_article(const Article *before, const Article *after,
                        const char *why, GError **error);

/* The time of a reminder has come. */
Plan *decide_on_reminder(const Desk *desk, const Ticket *ticket,
                         const Reminder *reminder);
