/* Outlook's winmail.dat (MS-OXTNEF): the files in it, and the text.
 *
 * A bounded reader of our own: the format is small, and the library for it is
 * under the GPL and writes to standard error.  Every length is checked against
 * what is left; checksums are ignored, since files with wrong ones are whole.
 * What cannot be read ends the reading and what was found stays. */
#pragma once

#include <stdbool.h>

#include <glib.h>

#include "message/scan.h"

#define TNEF_FILES_MAX      500
/* messages in messages; each is a TNEF stream of its own */
#define TNEF_DEPTH_MAX      8
/* properties of one message or attachment */
#define TNEF_PROPERTIES_MAX 10000

typedef struct TnefFile {
	char *name; /* valid UTF-8, not made safe; NULL if it has none */
	char *type; /* as the sender says, or NULL */
	Slice octets;
} TnefFile;

/* The slices point into the octets that were read. */
typedef struct Tnef {
	GPtrArray *files; /* of TnefFile *, owned */
	char *text;       /* UTF-8, or NULL; likewise the next two */
	char *html;
	GString *rtf; /* decompressed */
} Tnef;

/* NULL if octets are no TNEF stream. */
Tnef *tnef_read(const char *octets, gsize length);
void tnef_free(Tnef *tnef);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Tnef, tnef_free)
