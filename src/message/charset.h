/* Octets in whatever charset a mail says, or does not say, to UTF-8.
 *
 * The name in a mail is a hint: it may be misspelt, unknown, missing or a lie
 * (faults.md P-01).  Nothing is ever refused: what cannot be read becomes
 * U+FFFD, and the raw mail is kept.  Results are valid UTF-8 without NUL, owned
 * by the caller. */
#pragma once

#include <stdbool.h>

#include <glib.h>

/* longer names are taken for none */
#define CHARSET_NAME_MAX 64

/* name may be NULL; the result is as long as the octets say, at most four times
 * length.  *out_exact (may be NULL) is false if something had to be guessed or
 * replaced. */
char *charset_to_utf8(const char *name, const char *octets, gsize length,
                      bool *out_exact);
