/* One value against one key: comparators (RFC 4790, RFC 5051), match types
 * (RFC 5228 section 2.7) and relations (RFC 5231).
 *
 * Linear in the value for every key: a "*" never makes it look twice. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include <glib.h>

typedef enum MatchType {
	MATCH_IS,
	MATCH_CONTAINS,
	MATCH_MATCHES,
	MATCH_COUNT,
	MATCH_VALUE,
} MatchType;

typedef enum Comparator {
	COMPARE_ASCII, /* i;ascii-casemap, the default */
	COMPARE_OCTET,
	COMPARE_UNICODE, /* i;unicode-casemap, and accents fold too */
	COMPARE_NUMERIC, /* i;ascii-numeric */
	COMPARE_DECIMAL, /* facts: as numbers where both are, else as ASCII */
	COMPARATORS,
} Comparator;

typedef enum Relation {
	RELATION_GT,
	RELATION_GE,
	RELATION_LT,
	RELATION_LE,
	RELATION_EQ,
	RELATION_NE,
	RELATIONS,
} Relation;

/* "gt", "ge" ... */
bool relation_from_name(const char *name, Relation *out_relation);

/* A value of a mail, folded once for each comparator that asks. */
typedef struct Value {
	const char *text;
	size_t length;
	char *owned;              /* text, where it is the value's own */
	char *folds[COMPARATORS]; /* NULL until the first need */
	size_t fold_lengths[COMPARATORS];
} Value;

/* text is borrowed and outlives the value. */
Value *value_new(const char *text);
Value *value_new_take(char *text);
void value_free(Value *value);

/* A pattern of :matches taken apart (match.c). */
typedef struct Glob Glob;

typedef struct Key {
	char *text; /* folded by the comparator */
	size_t length;
	Glob *glob; /* of MATCH_MATCHES */
} Key;

Key *key_new(const char *text, MatchType type, Comparator comparator);
void key_free(Key *key);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Key, key_free)

/* ${0} to ${9} (RFC 5229 section 3.2). */
#define MATCH_GROUPS_MAX 10

/* MATCH_IS, MATCH_CONTAINS, MATCH_MATCHES.  out_groups (may be NULL) gets
 * ${0} and what each wildcard stood for (char *), if it matches. */
bool match_key(Value *value, const Key *key, MatchType type,
               Comparator comparator, GPtrArray *out_groups);

/* MATCH_VALUE */
bool match_relation(Value *value, const Key *key, Relation relation,
                    Comparator comparator);

/* MATCH_COUNT: count against the number that the key's text is. */
bool match_count(unsigned count, const char *number, Relation relation);
