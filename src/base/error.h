/* One error domain for the whole program.
 *
 * A code says what the caller must do, not what broke: there is only a handful
 * of different reactions.  error.c holds the one table from a code to the exit
 * status and to the SMTP/LMTP reply.  A fallible function returns bool (or a
 * pointer) and takes GError **error last; false (NULL) means that *error is
 * set and that no output was touched.  "Not found" is an error only where the
 * caller asked for one thing by its name. */
#pragma once

#include <stdbool.h>

#include <glib.h>

#define POSTIGO_ERROR (postigo_error_quark())
GQuark postigo_error_quark(void);

typedef enum ErrorCode {
	ERROR_LATER,        /* our trouble, or busy: try again */
	ERROR_REFUSED,      /* policy says no */
	ERROR_NO_SUCH_DESK, /* that address is not ours */
	ERROR_NOT_FOUND,    /* no such file, ticket, message ... */
	ERROR_MALFORMED,    /* the input is not what it should be */
	ERROR_TOO_BIG,      /* over a stated limit */
	ERROR_USAGE,        /* the command line */
	ERROR_CONFIG,       /* the configuration; the message has file:line */
	ERROR_UNAVAILABLE,  /* a peer does not answer */
	ERROR_IO, /* the disk; never retried in place (faults.md C-06) */
} ErrorCode;

/* Sets *error and returns false, so that a failure is one return statement. */
bool error_set(GError **error, ErrorCode code, const char *format, ...)
	G_GNUC_PRINTF(3, 4);
/* The same with ": " and the text of errno behind the message. */
bool error_set_errno(GError **error, ErrorCode code, const char *format, ...)
	G_GNUC_PRINTF(3, 4);

/* sysexits(3) status for a command; errors of other domains count as
 * ERROR_LATER.  `deliver` never uses it: it exits 0 or 75 only. */
int error_exit_status(const GError *error);

/* "451 4.3.0", "550 5.1.1" ...: basic and enhanced code (RFC 3463). */
const char *error_reply(const GError *error);
