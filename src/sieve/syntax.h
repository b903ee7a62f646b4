/* The shape of a script: commands, tests and their arguments, as the grammar of
 * RFC 5228 section 8.2 has them and before any of them is known. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <glib.h>

#include "sieve/complaint.h"

/* Blocks and tests within each other (RFC 5228 section 2.10.5 asks for 15). */
#define SCRIPT_LEVELS_MAX 32
/* Commands and tests of one script. */
#define SCRIPT_NODES_MAX  20000

typedef enum ArgumentKind {
	ARGUMENT_TAG,
	ARGUMENT_NUMBER,
	ARGUMENT_STRINGS, /* one string, or a list in brackets */
} ArgumentKind;

typedef struct ScriptString {
	const char *text;
	ScriptPlace place;
} ScriptString;

typedef struct Argument {
	ArgumentKind kind;
	ScriptPlace place;
	const char *tag;
	uint64_t number;
	GArray *strings; /* of ScriptString; NULL for the others */
	bool is_list;
} Argument;

typedef struct Phrase {
	const char *name; /* "" for none: it has been told */
	ScriptPlace place;
	GArray *arguments; /* of Argument */
	GPtrArray *tests;  /* of Phrase *: its test, or those in parentheses */
	bool has_list;     /* the tests stand in parentheses */
	GPtrArray *block;  /* of Phrase *, or NULL */
	ScriptPlace end;   /* where ";" or "{" stands */
} Phrase;

void phrase_free(Phrase *phrase);

/* The commands of the script; what is not in order is told and left out.
 * strings keeps the words and outlives the phrases. */
GPtrArray *syntax_read(const char *text, size_t length, GStringChunk *strings,
                       Complaints *complaints);
