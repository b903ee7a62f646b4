/* Names of folders as IMAP writes them: modified UTF-7 (RFC 3501 section
 * 5.1.3), in quotes. */
#pragma once

#include <stdbool.h>

/* "Fact&AWk-" for "Facté"; owned by the caller.  name is valid UTF-8. */
char *imap_name_encode(const char *name);

/* In quotes, with what needs it escaped; owned by the caller.  text holds no
 * controls and only ASCII (imap_can_quote). */
char *imap_quote(const char *text);
bool imap_can_quote(const char *text);
