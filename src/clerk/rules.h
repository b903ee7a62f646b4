/* The desk's script, read from its file and read again when it changes. */
#pragma once

#include "sieve/sieve.h"

typedef struct Rules Rules;

/* ERROR_CONFIG with all faults, one a line.  No rules configured: empty ones.
 * desk is borrowed and outlives them. */
Rules *rules_load(const Desk *desk, GError **error);
void rules_free(Rules *rules);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Rules, rules_free)

/* Looks whether the file has changed; a script that is wrong now is told in the
 * log once, and the one before it stays. */
void rules_refresh(Rules *rules);

/* NULL: there is none. */
const Program *rules_on_mail(const Rules *rules);

/* Appends the faults of the script (char *) to out_faults. */
void rules_check(const Desk *desk, GPtrArray *out_faults);

/* A script from a file; NULL with its faults appended to out_faults (char *,
 * "file:line:column: why"). */
Program *rules_read(const char *path, ScriptKind kind, const Desk *desk,
                    GPtrArray *out_faults);
