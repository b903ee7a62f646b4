/* One line of an LMTP client, read: the verb and what stands behind it.
 *
 * RFC 2033, RFC 5321 section 4.1.  Nothing is decided here. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include <glib.h>

#define LMTP_PATH_MAX                                          \
	512 /* RFC 5321 asks for 256; RFC 6531 has longer ones \
	     */
#define LMTP_PARAMS_MAX 16

typedef enum LmtpVerb {
	LMTP_LHLO,
	LMTP_MAIL,
	LMTP_RCPT,
	LMTP_DATA,
	LMTP_BDAT,
	LMTP_RSET,
	LMTP_NOOP,
	LMTP_VRFY,
	LMTP_QUIT,
	LMTP_HELO, /* HELO and EHLO, which RFC 2033 section 4.1 forbids */
	LMTP_UNKNOWN,
} LmtpVerb;

/* *out_rest, borrowed from line: behind the verb and its blanks. */
LmtpVerb lmtp_verb(const char *line, const char **out_rest);

/* "FROM:<ana@example.org> SIZE=100 BODY=8BITMIME" */
typedef struct LmtpPath {
	char *address; /* "" for <>; a source route is left out */
	char **params; /* "SIZE=100" ... */
} LmtpPath;

/* word is "FROM:" or "TO:"; false: no path of RFC 5321 section 4.1.2, and
 * nothing is filled in. */
bool lmtp_path_read(LmtpPath *path, const char *word, const char *text);
void lmtp_path_clear(LmtpPath *path);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(LmtpPath, lmtp_path_clear)

/* The value of "NAME=value", "" for "NAME" alone, borrowed; NULL: another one.
 */
const char *lmtp_param(const char *param, const char *name);

/* xtext (RFC 3461 section 4) to what it stands for, owned by the caller; NULL:
 * it is none.  To xtext, owned by the caller. */
char *lmtp_xtext_read(const char *text);
char *lmtp_xtext_write(const char *text);
