/* The outbox to the mail server: claim rows, send them, settle them.
 *
 * A handful of rows is claimed in one transaction and settled in one, so that a
 * mail costs a fraction of a disk's write.  The claim commits before anything
 * is connected; a line in the sent log says that a mail is begun, another that
 * it was taken, and that one is on the disk before the row is settled.  So a
 * crash anywhere leaves rows that were surely not sent, rows that were surely
 * sent, and rows marked uncertain, which are sent again only where the row says
 * so (faults.md 3.6).  Body and Message-ID are those of the row, on every try.
 *
 * Bodies are read one at a time: an outbox of any length costs the same
 * memory. */
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
#define SENDER_LEASE_SECONDS 3600

typedef struct Sender Sender;

/* store (STORE_WRITE), desk and clerk are borrowed; the clerk hears of rows
 * that failed for good and belong to a ticket (NULL: nobody does).  Rows that a
 * dead sender of this machine left in hand are settled: sent if the log says
 * so, queued again if they were not begun, else uncertain. */
Sender *sender_new(Store *store, const Desk *desk, Clerk *clerk,
                   GError **error);
/* Says QUIT. */
void sender_free(Sender *sender);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Sender, sender_free)

/* Once is_stopping() says so no further mail is begun; those on their way are
 * waited for. */
void sender_stop_when(Sender *sender, bool (*is_stopping)(void));

/* Sends what is due and returns the rows one by one, each settled, without its
 * body.  NULL without error: nothing is due, or what is rests.  An error is the
 * store's or the disk's; the caller ends. */
OutboxRow *sender_next(Sender *sender, GError **error);

/* Why a channel rests now; NULL: none does.  Borrowed. */
const char *sender_rests(const Sender *sender);

/* Nothing to do for a while: gives the links up. */
void sender_idle(Sender *sender);
