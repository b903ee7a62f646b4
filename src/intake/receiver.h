/* The process that takes mails in for a door with many connections.
 *
 * The door must answer its clients whatever a mail does, so the clerk works in
 * a child of his own.  He gets a batch of mails, takes them in in one
 * transaction and tells what became of each.  If he fails, he ends, and the
 * next batch gets a fresh one: after trouble with the disk nothing is tried
 * again on the same descriptors (faults.md C-06).  Small mails go over in one
 * nameless piece of memory, large ones as the descriptors of their files. */
#pragma once

#include <stdbool.h>

#include <glib.h>

#include "base/spool.h"

#include "desk/desk.h"

#include "clerk/clerk.h"

#define RECEIVER_BATCH_MAX 64
/* A client waits 600 s for the reply to its mail (RFC 5321 section
 * 4.5.3.2.6), and a batch that is late is tried once more. */
#define RECEIVER_SECONDS   240

/* A mail for the clerk.  All borrowed. */
typedef struct Offer {
	const char *door;
	const char *door_key;        /* or NULL */
	const char *sender;          /* or NULL */
	const GPtrArray *recipients; /* of char *; "" is left out */
	const Spool *octets;
} Offer;

typedef struct Receiver Receiver;

/* desk is borrowed.  No process is made before the first batch. */
Receiver *receiver_new(const Desk *desk);
/* Ends the process; a batch that he works on is committed or is not. */
void receiver_free(Receiver *receiver);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Receiver, receiver_free)

/* Hands a batch over; only when there is none in his hands.  ERROR_LATER. */
bool receiver_give(Receiver *receiver, const Offer *offers, unsigned count,
                   GError **error);

/* Readable when there is an answer or the process died; -1: no batch is in his
 * hands. */
int receiver_descriptor(const Receiver *receiver);

/* When the answer should be there (monotonic microseconds). */
gint64 receiver_deadline(const Receiver *receiver);

/* The answer to the batch, waited for.  True: all are committed and
 * out_verdicts has one a mail; false: none is.  *out_died (may be NULL): the
 * process died over it, or was late. */
bool receiver_take(Receiver *receiver, Verdict *out_verdicts, bool *out_died,
                   GError **error);

/* He died of this mail alone: counts it, so that the third time it is set
 * aside.  In a process of its own; the outcome is no matter. */
void receiver_note_death(const Receiver *receiver, const Offer *offer);
