/* The journal, played into an empty database.
 *
 * The mails as they came (raw octets, and of each delivery when and at which
 * door) and the journal's lines give every ticket, message, person, link, held
 * mail and outgoing mail again, under the same numbers: nothing that was
 * decided is kept in the tables alone.  Not replayed is what others decided:
 * how far the mail server got with an outgoing mail is carried over from its
 * row.  The configuration must name the same agents as then. */
#pragma once

#include "base/token.h"

#include "desk/desk.h"

#include "store/store.h"

typedef struct ReplayPlace {
	const Desk *desk;
	const KeyRing *ring;
	Store *from; /* read */
	Store *to;   /* empty, for writing; not used by replay_check() */
} ReplayPlace;

/* ERROR_MALFORMED where a line cannot be read or applied; `to` holds what was
 * committed before it. */
bool replay_journal(const ReplayPlace *place, GError **error);

/* The same into a database of its own beside the desk's, removed again; what is
 * not the same there goes to out_findings (of char *). */
bool replay_check(const ReplayPlace *place, GPtrArray *out_findings,
                  GError **error);
