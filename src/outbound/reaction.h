/* What the result of one try means for its row, and for the channel.
 *
 * A table from the phase and the reply's class: trouble of the message touches
 * that row alone, trouble of the channel (no link, a refused login, a server
 * that does not relay for us) touches no row, since an expired password must
 * not fail a whole queue (faults.md S-04).  Pure. */
#pragma once

#include "outbound/smtp_session.h"

typedef enum Reaction {
	REACTION_SENT,
	REACTION_DEFER,        /* this row later */
	REACTION_FAIL,         /* this row never */
	REACTION_UNCERTAIN,    /* nobody can say whether it was taken */
	REACTION_PAUSE,        /* the channel; the row is kept as it is */
	REACTION_PAUSE_BEHIND, /* the same, but the other rows go first */
} Reaction;

Reaction reaction_to(const SmtpResult *result);
