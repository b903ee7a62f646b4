/* The one shell: gather, decide, apply, commit.
 *
 * A Clerk belongs to one process.  He reads mails (in a child process, before
 * any transaction), gathers the facts inside a transaction, has the desk
 * decide, applies the plan and commits; only then a door may say "accepted".
 * Orders at the terminal and the sender's reports go the same way. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include <glib.h>

#include "desk/decide.h"
#include "desk/desk.h"
#include "desk/record.h"

typedef struct Clerk Clerk;

/* desk is borrowed and outlives the clerk.  Loads the key; the database is
 * opened at the first need.  ERROR_CONFIG, ERROR_LATER. */
Clerk *clerk_new(const Desk *desk, GError **error);
void clerk_free(Clerk *clerk);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Clerk, clerk_free)

/* A mail at a door.  All borrowed. */
typedef struct Arrival {
	const char *door;     /* "pipe", "lmtp", "import" ... */
	const char *door_key; /* the door's own id of the mail, or NULL */
	const char *sender;   /* envelope; "" for <>; NULL: not known */
	const char *const *recipients; /* envelope; empty: take the headers' */
	GBytes *raw;
	bool is_import;
	const char *queue;   /* the door's own; NULL: by the recipients */
	bool is_untrusted;   /* no verdict that it carries on its sender counts
	                      */
	const char *remark;  /* what the door found odd about it, or NULL */
	const char *missing; /* why raw is only its beginning; NULL: it is all
	                      */
} Arrival;

typedef struct Verdict {
	DeliveryState state;
	int64_t delivery;
	int64_t ticket; /* 0: none */
} Verdict;

/* Reads the mails and takes them in, all in one transaction.  True: they are
 * committed, whatever became of each; false: none is, and the source keeps
 * them (ERROR_LATER, ERROR_CONFIG). */
bool clerk_receive(Clerk *clerk, const Arrival *arrivals, unsigned count,
                   Verdict *out_verdicts, GError **error);

/* The process that worked on this mail died: counts it, so that the third time
 * the mail is set aside. */
bool clerk_note_death(Clerk *clerk, GBytes *raw, GError **error);

/* What would happen to the mail; nothing is written. */
typedef struct Explanation Explanation;
Explanation *clerk_explain(Clerk *clerk, const Arrival *arrival,
                           GError **error);
void explanation_free(Explanation *explanation);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Explanation, explanation_free)

const Mail *explanation_mail(const Explanation *explanation);
const Facts *explanation_facts(const Explanation *explanation);
const Decision *explanation_decision(const Explanation *explanation);
/* The subject of the i-th action, if it sends a mail; borrowed, or NULL. */
const char *explanation_subject(const Explanation *explanation, unsigned i);

/* ---- the operator's orders ---- */

typedef struct TicketOrder {
	int64_t ticket;
	const char *agent; /* agent id in whose name; NULL: the operator */
	const char *actor; /* for the journal: "operator:root" */
	const char *text;  /* orders at the top, then the text */
	bool is_note;
} TicketOrder;

/* The decision; with a wrong order nothing was done and decision->orders tells.
 * ERROR_NOT_FOUND for the ticket. */
Decision *clerk_order(Clerk *clerk, const TicketOrder *order, GError **error);

/* Opens a ticket; its number, or 0 on error. */
int64_t clerk_open_ticket(Clerk *clerk, const NewTicket *new_ticket,
                          const char *actor, GError **error);

/* The sender gave row up for good: tells the ticket and its agents. */
bool clerk_delivery_failed(Clerk *clerk, const OutboxRow *row, GError **error);

/* An outgoing mail is to go again at once (OUTBOX_QUEUED; after "uncertain" it
 * may arrive twice, under one Message-ID), or never (OUTBOX_CANCELLED).
 * ERROR_REFUSED if it is going or went; ERROR_NOT_FOUND. */
bool clerk_turn_mail(Clerk *clerk, int64_t outbox, OutboxState state,
                     const char *actor, GError **error);

/* An agent's eye has seen a held mail: admit it to its ticket, open a new
 * ticket of it, or drop it ("admit", "open", "drop"). */
bool clerk_release(Clerk *clerk, int64_t quarantine, const char *how,
                   const char *actor, GError **error);

/* Plays the journal into an empty database beside the desk's, which is removed
 * again, and compares: adds a sentence to out_findings (of char *) for each row
 * that the journal does not give, as far as it could be played.  False only if
 * it could not look. */
bool clerk_check_journal(Clerk *clerk, GPtrArray *out_findings, GError **error);

/* ---- the clock ---- */

typedef struct TickOptions {
	int64_t boot;      /* clock_boot(); negative: no guard, a rehearsal */
	bool is_confirmed; /* somebody says that the clock is right */
} TickOptions;

typedef struct TickResult {
	bool is_held;    /* the clock jumped; nothing was fired */
	unsigned fired;  /* tickets whose timers were due */
	unsigned mails;  /* told to somebody */
	unsigned again;  /* tickets reckoned anew, after the policy changed */
	int64_t next_at; /* when something will be due; 0: nothing waits */
} TickResult;

/* Fires what is due now.  Anybody may call it as often as he likes; what stops
 * it half-way is done the next time. */
bool clerk_tick(Clerk *clerk, const TickOptions *options,
                TickResult *out_result, GError **error);
