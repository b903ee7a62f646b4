/* A mail handed to the `serve` of this desk, by its private socket.
 *
 * For programs that live for one mail: no database is opened, no parser is
 * started.  Octets go over as they are (BDAT).  Until the last of them was
 * handed to the socket nobody can have taken the mail, and the caller may do
 * the work himself; afterwards only the reply tells, and without one the mail
 * must come again (the ledger of deliveries knows it then). */
#pragma once

#include <glib.h>

#include "desk/desk.h"

/* Longer than serve needs for a batch, shorter than a mail server's patience.
 */
#define HANDOVER_SECONDS 25

typedef enum Handover {
	HANDOVER_NOBODY, /* there is no serve, or it takes nothing now */
	HANDOVER_TAKEN,  /* it is committed */
	HANDOVER_LATER,  /* refused for now, or nobody knows */
} Handover;

/* A mail; all borrowed. */
typedef struct HandoverMail {
	const char *door;
	const char *sender;            /* "" for <>; NULL: not known */
	const char *const *recipients; /* may be empty */
	GBytes *raw;
} HandoverMail;

Handover handover_mail(const Desk *desk, const HandoverMail *mail);
