/* What the desk knows of a mailbox elsewhere: which of its mails were taken
 * in, how far it was read, and how that goes.
 *
 * That a mail was taken in is its delivery's door key, written in the
 * transaction that took it; all else here is only to save work, and may be lost
 * or stale.  A Ledger has a connection of its own to the database, opened at
 * the first need, and no key of the desk: who fetches mail need not be able to
 * sign for it. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include <glib.h>

#include "desk/desk.h"

typedef struct InboxState {
	uint32_t epoch;        /* UIDVALIDITY at the last look */
	uint32_t mark;         /* all up to this UID is done with */
	int64_t swept_at;      /* when all UIDs were compared */
	int64_t polled_at;     /* the last look that went well */
	int64_t failing_since; /* 0: it goes well */
	int failures;          /* since then */
	int64_t alarm;         /* the ticket that tells of it; 0: none */
	int64_t settle_alarm;  /* the one that tells that mails cannot be
	                          marked as done */
	bool is_careful;       /* the link died over a mail: one at a time */
} InboxState;

typedef struct Ledger Ledger;

/* desk and mailbox are borrowed. */
Ledger *ledger_new(const Desk *desk, const Inbox *mailbox);
void ledger_free(Ledger *ledger);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Ledger, ledger_free)

/* All zeros for a mailbox that was never looked at. */
bool ledger_load(Ledger *ledger, InboxState *out_state, GError **error);
bool ledger_save(Ledger *ledger, const InboxState *state, GError **error);

/* Was the mail with this door key taken in? */
bool ledger_has(Ledger *ledger, const char *door_key, bool *out_has,
                GError **error);

/* How often it could not be fetched; add counts once more. */
bool ledger_failures(Ledger *ledger, const char *door_key, int *out_times,
                     GError **error);
bool ledger_add_failure(Ledger *ledger, const char *door_key, int *out_times,
                        GError **error);

/* What was taken of it is not all of it: it may not be deleted where it is. */
bool ledger_keep(Ledger *ledger, const char *door_key, GError **error);
bool ledger_is_kept(Ledger *ledger, const char *door_key, bool *out_is_kept,
                    GError **error);
