/* The supervisor: a crew of processes, and the signals, sockets and words that
 * an administrator and systemd speak to it by.
 *
 * It touches no mail itself and keeps no connection to the database, so that
 * nothing that comes from outside can end it. */
#pragma once

#include <stdbool.h>

#include <glib.h>

#include "desk/desk.h"

typedef struct ServeOptions {
	/* Loads the configuration; owned by the caller. */
	Desk *(*load)(const char *path, GError **error);
	const char *config_path;
	const char *pid_file; /* or NULL */
} ServeOptions;

/* Serves until SIGTERM or SIGINT, then stops the crew in order.  SIGHUP reads
 * the configuration: a good one replaces the old one and starts the crew anew;
 * a wrong one is told, and the old one stays.  ERROR_UNAVAILABLE,
 * ERROR_CONFIG. */
bool serve_run(const ServeOptions *options, GError **error);
