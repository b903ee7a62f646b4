/* What rules say of mails that are only looked at: nothing is asked of the
 * store, so that a mail counts as one that opens a ticket. */
#pragma once

#include "sieve/sieve.h"

/* A mail as it came; all borrowed. */
typedef struct Rehearsal {
	const Desk *desk;
	const Mail *mail;
	const char *sender;            /* envelope; or NULL */
	const char *const *recipients; /* envelope; or NULL */
	int64_t now;
} Rehearsal;

/* Owned by the caller, never NULL. */
Ruling *rehearse(const Rehearsal *rehearsal, const Program *program);

/* The entries of a ruling, a line each; owned by the caller. */
char *rehearse_text(const Ruling *ruling);
