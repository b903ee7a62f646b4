/* A send action into a finished mail, ready for the outbox.
 *
 * Message-ID, Date and body are fixed here for ever: the same mail is offered
 * on each try (faults.md 3.6).  The receiver's reply token, the signed names
 * and the loop marks of design section 17 are put on here and nowhere else. */
#pragma once

#include "clerk/apply.h"

/* NULL on error.  Takes the next outbox id, so call it inside the transaction
 * in which the row is added. */
OutboxRow *letter_write(const ApplyPlace *place, const Action *action,
                        const ApplyEvent *event, GError **error);
