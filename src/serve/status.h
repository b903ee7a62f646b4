/* What serve says of itself, on a socket beside the database: one JSON object
 * to whoever may connect, and the end. */
#pragma once

#include <stdint.h>

#include <glib.h>

#include "desk/desk.h"

#include "serve/crew.h"

/* DATABASE.status; owned by the caller. */
char *status_path(const Desk *desk);

typedef struct ServeState {
	const Crew *crew;
	int64_t since; /* Unix seconds */
	int64_t read_at;
	bool is_configuration_old; /* the file is wrong since then */
} ServeState;

/* Answers all who wait at the listening socket fd. */
void status_answer(int fd, const ServeState *state);

/* The answer of the serve of that desk, owned by the caller; NULL with
 * ERROR_UNAVAILABLE: there is none. */
char *status_ask(const Desk *desk, GError **error);
