/* Where everything stands in a configuration file.
 *
 * libconfuse reads the values, but it accepts an unclosed section, tells only
 * the first error, and knows no line but the last; so the shape is read here
 * first: sections, titles, keys and their raw values, with file and line, and
 * every fault of the syntax.  Includes are followed, relative to the file they
 * stand in.  What a key means is not known here. */
#pragma once

#include <stdbool.h>

#include <glib.h>

#include "config/faults.h"

#define OUTLINE_FILE_MAX     (1024 * 1024)
#define OUTLINE_FILES_MAX    64
#define OUTLINE_INCLUDES_MAX 8   /* one inside the other */
#define OUTLINE_LEVELS_MAX   4   /* sections in sections */
#define OUTLINE_VALUES_MAX   500 /* of one list */

typedef struct OutlineKey {
	const char *name;
	Place place;
	bool is_list;  /* in braces */
	bool is_added; /* "+=" */
	GPtrArray
		*values; /* of const char *: quoted, as libconfuse reads them */
} OutlineKey;

typedef struct OutlineSection {
	const char *kind;
	const char *title; /* NULL: none given */
	Place place;
	GPtrArray *keys;     /* of OutlineKey * */
	GPtrArray *sections; /* of OutlineSection *, those inside */
} OutlineSection;

typedef struct Outline {
	GStringChunk *strings;
	GPtrArray *files; /* of char *, the first one first */
	GPtrArray
		*sections; /* of OutlineSection *, in the order of the files */
} Outline;

/* Never NULL; what could not be read is in faults, which may point into the
 * outline. */
Outline *outline_read(const char *path, Faults *faults);
void outline_free(Outline *outline);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Outline, outline_free)

/* The last key of that name, or NULL. */
const OutlineKey *outline_key(const OutlineSection *section, const char *name);

/* The place of that key, else of the section itself. */
Place outline_place(const OutlineSection *section, const char *name);
