/* The words that may stand in the strings of a word: fields of a ticket, names
 * of queues ... */
#pragma once

#include "sieve/program.h"

/* Is text one of them?  If not, what to say of it, owned by the caller.  NULL:
 * it is, or nobody can say (desk NULL). */
char *vocabulary_fault(const char *vocabulary, const char *text,
                       const Desk *desk);
