/* The outbox to the mail server: claim a row, send it, settle it.
 *
 * The claim commits before anything is connected, and a line in the sent log is
 * on the disk before the row is settled; so a crash anywhere leaves either a
 * row that was surely not sent, one that was surely sent, or one marked
 * uncertain, which is sent again only where the row says so (faults.md 3.6).
 * Body and Message-ID are those of the row, on every try.
 *
 * Trouble of the channel rests the channel and keeps every row; it is logged
 * once when it begins and once when it ends. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include <glib.h>

#include "desk/desk.h"
#include "desk/record.h"

#include "store/store.h"

#include "clerk/clerk.h"

/* Longer than any dialogue may take (smtp.h); a row of another machine's dead
 * sender waits so long.  One of this machine is seen at the start. */
#define SENDER_LEASE_SECONDS    3600
#define SENDER_REST_SECONDS_MAX 900
/* Rows refused for good, one after the other: then it is not the rows (S-14).
 */
#define SENDER_REFUSALS_MAX     10

typedef struct Sender Sender;

/* store (STORE_WRITE), desk and clerk are borrowed; the clerk hears of rows
 * that failed for good and belong to a ticket (NULL: nobody does).  Rows that a
 * dead sender of this machine left in hand are settled: sent if the log says
 * so, else uncertain. */
Sender *sender_new(Store *store, const Desk *desk, Clerk *clerk,
                   GError **error);
/* Says QUIT. */
void sender_free(Sender *sender);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Sender, sender_free)

/* Sends the oldest row that is due and returns it, settled, without its body.
 * NULL without error: nothing is due, or the channel rests.  An error is the
 * store's or the disk's; the caller ends. */
OutboxRow *sender_next(Sender *sender, GError **error);

/* Why the channel rests now; NULL: it does not.  Borrowed. */
const char *sender_rests(const Sender *sender);

/* Nothing to do for a while: gives the link up. */
void sender_idle(Sender *sender);
