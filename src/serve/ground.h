/* What serve stands on: the lock that makes it the only one, its sockets, and
 * the user that it becomes. */
#pragma once

#include <stdbool.h>

#include <glib.h>

#include "desk/desk.h"

/* For a serve that was killed, whose processes still finish their work. */
#define GROUND_LOCK_MS 3000

typedef struct Ground {
	int lock_fd;
	GPtrArray *listeners; /* of Listener: the doors */
	GPtrArray *status;    /* of Listener: one */
} Ground;

/* Takes the lock DATABASE.serve, the sockets that we were started with, those
 * of the configuration and our own, and becomes the owner of the database if
 * we are root.  ERROR_UNAVAILABLE if there is a serve already, ERROR_CONFIG. */
bool ground_take(Ground *ground, const Desk *desk, GError **error);

/* Removes the sockets' files and gives all up. */
void ground_clear(Ground *ground);

/* The sockets of another configuration: what both have stays open.  On error
 * nothing is changed. */
bool ground_change(Ground *ground, const Desk *from, const Desk *to,
                   GError **error);
