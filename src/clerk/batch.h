/* Mails that are read together, before the transaction in which they are taken
 * in: no transaction spans parsing. */
#pragma once

#include <stdbool.h>

#include <glib.h>

#include "desk/desk.h"
#include "desk/mail.h"

#include "clerk/clerk.h"

typedef struct Batch {
	const Arrival *arrivals; /* borrowed */
	unsigned count;
	Mail **mails;           /* NULL before batch_read() */
	GPtrArray **enclosures; /* of GBytes; NULL where none are needed */
} Batch;

Batch batch_new(const Arrival *arrivals, unsigned count);
void batch_release(Batch *batch);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Batch, batch_release)

/* Reads them all in one child with limits; what kills it, or is over the size
 * limit, is read by its header alone.  ERROR_LATER: there is no child. */
bool batch_read(Batch *batch, const Desk *desk, GError **error);
