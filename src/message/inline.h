/* Files written into a text: uuencode and yEnc. */
#pragma once

#include <glib.h>

/* files taken out of one text; more stay text */
#define INLINE_FILES_MAX 100

typedef struct InlineFile {
	char *name; /* as written, valid UTF-8 */
	GString *octets;
} InlineFile;

/* Takes the files out of text (octets, not yet characters) and returns them
 * (of InlineFile *, owned by the caller); their lines are gone from text.  A
 * beginning without an end is text. */
GPtrArray *inline_take(GString *text);
