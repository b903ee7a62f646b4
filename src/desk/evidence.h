/* How well it is proven who wrote a mail (faults.md section 4).
 *
 * E0 is From alone.  E1: our border's Authentication-Results (RFC 8601) say
 * that the From domain stands for it.  E2: a valid reply token (or signed name)
 * of this ticket, given to this very person.  E3: both, the same person.  This
 * module reads the results; whether a token is good is the keeper of the key's
 * business and comes in as a fact. */
#pragma once

#include <stdbool.h>

#include <glib.h>

#include "desk/desk.h"
#include "desk/mail.h"

typedef enum EvidenceLevel {
	EVIDENCE_E0,
	EVIDENCE_E1,
	EVIDENCE_E2,
	EVIDENCE_E3,
	EVIDENCE_E4, /* signed, or confirmed */
	EVIDENCE_E5, /* local operator */
} EvidenceLevel;

/* "E0" ... */
const char *evidence_name(EvidenceLevel level);

/* E1 if the results that can be trusted prove the one From address, else E0.
 * Adds the reasons, for or against, to why (of char *, owned by it). */
EvidenceLevel evidence_from_results(const Mail *mail, const Trust *trust,
                                    GPtrArray *why);

/* proven (E0 or E1) and a good token for the sender together. */
EvidenceLevel evidence_with_token(EvidenceLevel proven, bool has_token);
