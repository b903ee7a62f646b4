/* Content-Type and Content-Disposition: the value and its parameters.
 *
 * RFC 2045 section 5.1 and RFC 2231 with all its abuses: parameters without
 * quotes or semicolons, quotes that never close, encoded words where RFC 2231
 * would be due, continuations in any order, percent codes without charset. */
#pragma once

#include <glib.h>

#include "message/scan.h"

/* Parameters looked at in one field, and sections of one of them. */
#define PARAM_MAX 64

/* What stands before the first parameter, in lower case without blanks:
 * "text/plain"; "" if nothing does.  Owned by the caller. */
char *param_main(Slice field);

/* The octets of a parameter, quotes resolved, nothing decoded: for boundary.
 * NULL if it is not there.  Owned by the caller. */
GString *param_raw(Slice field, const char *name);

/* The parameter as text, decoded (text_clean_line); NULL if it is not there.
 * hint is the charset of raw octets, or NULL.  Owned by the caller. */
char *param_text(Slice field, const char *name, const char *hint);
