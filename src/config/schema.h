/* The sections and keys of postigo.conf, as tables.
 *
 * A row says the kind of value a key takes and where in the Desk it goes, so
 * that reading, suggesting and the manual speak of the same words.  Sections
 * and keys whose feature this version does not have are rows too, with the
 * sentence that refuses them. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "desk/desk.h"

typedef enum KeyKind {
	KEY_TEXT,    /* const char *: one line */
	KEY_NAME,    /* const char *: the title of another section */
	KEY_PATH,    /* const char *: made relative to the file it stands in */
	KEY_ADDRESS, /* const char *: user@domain, in lower case */
	KEY_WORD,    /* const char *: one of words */
	KEY_CHOICE,  /* int (an enum): the index in words */
	KEY_FLAG,    /* bool: yes or no */
	KEY_NUMBER,  /* int: from min to max */
	KEY_OCTETS,  /* int64_t: a number with K, M or G */
	KEY_SECONDS, /* int: a number with s, m, h or d; from min to max */
	KEY_WORKING_TIME, /* WorkingTime: "30m", "4h", "3d" */
	KEY_TEXTS,        /* lists of the same: const char *const * */
	KEY_PLACES,       /* paths, or host:port (base/place.h) */
	KEY_NAMES,
	KEY_ADDRESSES,
	KEY_WORDS,
	KEY_SECRET,  /* const char *: the first line of the file so named */
	KEY_REFUSED, /* refused says why */
} KeyKind;

typedef struct KeySpec {
	const char *name;
	KeyKind kind;
	size_t offset; /* in the struct of its section */
	bool is_required;
	const char *const *words;
	int min;
	int max;
	const char *refused;
} KeySpec;

typedef struct SectionSpec SectionSpec;

struct SectionSpec {
	const char *name;
	const KeySpec *keys; /* the last one has no name */
	/* of the Desk, or the struct of the section around it: the struct
	 * itself, or of titled sections the GPtrArray that they are added to */
	size_t offset;
	size_t size;         /* of titled sections: of one struct */
	size_t title_offset; /* and of the title in it */
	void (*set_defaults)(void *target); /* of titled sections */
	bool is_titled;
	bool is_required;
	const char *refused;      /* or NULL: this version has it */
	const SectionSpec *inner; /* sections inside, all titled; the last one
	                             has no name; NULL: none */
};

/* Rows of the table, NULL behind its end. */
const SectionSpec *schema_section_at(unsigned i);
const SectionSpec *schema_section(const char *name);
/* Of those inside of section; NULL if there is none of that name. */
const SectionSpec *schema_inner(const SectionSpec *section, const char *name);
const KeySpec *schema_key(const SectionSpec *section, const char *name);

bool schema_kind_is_list(KeyKind kind);
