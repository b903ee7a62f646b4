/* postigo.conf to a Desk, or all its faults.
 *
 * outline.c reads the shape, libconfuse the values, schema.c names what there
 * is, fill.c puts it in the Desk, check.c looks whether it makes sense as a
 * whole.  A wrong file gives no Desk at all: half a configuration is none. */
#pragma once

#include <stdbool.h>

#include <glib.h>

#include "desk/desk.h"

/* Appends to out_faults one char * per fault, "file:line: why"; NULL if there
 * is any.  A password_command is kept, not run. */
Desk *config_load(const char *path, GPtrArray *out_faults);

/* As one error of all faults, one a line; for who only needs the Desk. */
Desk *config_load_or_error(const char *path, GError **error);

/* Sets desk->smtp.password to the first line of what password_command prints
 * within 30 seconds, where there is one; called once by who is going to send.
 * ERROR_CONFIG if it gives none. */
bool config_take_password(Desk *desk, GError **error);

/* The first line of what a password_command prints within 30 seconds: a
 * password, or an access token; owned by the caller.  ERROR_CONFIG. */
char *config_run_password_command(const char *const *command, GError **error);
