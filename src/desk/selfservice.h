/* Self-service: what a requester can order of his own ticket with one word.
 *
 * The first line of his mail, and nothing else on it: "solved", "cerrar",
 * "schließen".  A word within a sentence is a sentence. */
#pragma once

#include <stdbool.h>

#include "desk/ticket.h"

/* A longer first line is no order. */
#define SELFSERVICE_OCTETS_MAX 40

/* The state that the first line of words asks for; false: it is no order. */
bool selfservice_state(const char *words, TicketState *out_state);
