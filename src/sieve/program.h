/* A script that is in order, as it is run; shared by the files of sieve/. */
#pragma once

#include "sieve/complaint.h"
#include "sieve/match.h"
#include "sieve/sieve.h"

typedef enum AddressPart {
	PART_ALL,
	PART_LOCAL,
	PART_DOMAIN,
	PART_USER,   /* RFC 5233: before the first "+" of the local part */
	PART_DETAIL, /* behind it */
} AddressPart;

/* One bit for each tag that is a switch. */
typedef enum NodeFlag {
	FLAG_OVER = 1 << 0,
	FLAG_UNDER = 1 << 1,
	FLAG_MIME = 1 << 2,
	FLAG_ANYCHILD = 1 << 3,
	FLAG_TYPE = 1 << 4,
	FLAG_SUBTYPE = 1 << 5,
	FLAG_CONTENTTYPE = 1 << 6,
	FLAG_PARAM = 1 << 7,
	FLAG_ORIGINALZONE = 1 << 8,
	FLAG_LENGTH = 1 << 9,
	FLAG_QUOTEWILDCARD = 1 << 10,
	FLAG_LOWERFIRST = 1 << 11,
	FLAG_UPPERFIRST = 1 << 12,
	FLAG_LOWER = 1 << 13,
	FLAG_UPPER = 1 << 14,
	FLAG_TEXT = 1 << 15,
	FLAG_ZONE = 1 << 16,
} NodeFlag;

/* A string of the script. */
typedef struct Text {
	const char *text;
	Key *key;      /* folded; NULL where it varies or is no key */
	bool varies;   /* it has variables to be filled in */
	unsigned slot; /* of its values, which are fetched once; or SLOT_NONE */
} Text;

#define SLOT_NONE      UINT_MAX
#define NODE_LISTS_MAX 3

typedef struct Node Node;
typedef struct Run Run;
typedef struct Word Word;

struct Node {
	const Word *word;
	ScriptPlace place;
	MatchType match;
	Comparator comparator;
	Relation relation;
	AddressPart part;
	unsigned flags;   /* of NodeFlag */
	bool asks_ticket; /* it is, or holds, the test ticket */
	uint64_t number;
	GArray *lists[NODE_LISTS_MAX]; /* of Text: its strings, in order */
	GArray *extra;                 /* of Text: what belongs to a tag */
	GPtrArray *tests;              /* of Node * */
	GPtrArray *block;              /* of Node *, or NULL */
};

struct Program {
	char *file;
	GStringChunk *strings;
	GPtrArray *commands; /* of Node * */
	GHashTable *slots;   /* what is fetched, to its number + 1 */
	GHashTable *names;   /* of variables, to their number + 1 */
	GArray *lines;       /* of unsigned */
	bool uses_groups;    /* ${0} to ${9} */
};

/* The i-th text of a list. */
static inline const Text *
text_at(const GArray *list, unsigned i)
{
	return &g_array_index(list, Text, i);
}

/* ---- the words of the language ---- */

typedef enum WordRole {
	ROLE_TEST,
	ROLE_ACTION,
	ROLE_REQUIRE,
	ROLE_IF,
	ROLE_ELSIF,
	ROLE_ELSE,
	ROLE_STOP,
} WordRole;

#define TESTS_MANY 2

struct Word {
	const char *name;
	WordRole role;
	const char *capability; /* that must be required; NULL: none */
	/* a letter for each argument: s a string, S strings, n a number; a
	 * small one more in `arguments` for people */
	const char *signature;
	const char *arguments; /* "header names and keys" */
	unsigned tags;         /* groups of tags (TagGroup, words.c) */
	unsigned tests;        /* 0, 1, TESTS_MANY */
	unsigned in_scripts;   /* bit 1 << ScriptKind */
	RulingKind ruling;     /* of actions */
	/* tests: the values under that name, which a key is looked for in */
	void (*fetch)(Run *run, const Node *node, const char *name,
	              GPtrArray *out_values);
	/* tests: without values */
	bool (*holds)(Run *run, const Node *node);
	/* commands that are no entry of a ruling */
	void (*act)(Run *run, const Node *node);
	bool is_loose;         /* tags may stand behind its strings */
	bool has_no_name;      /* the first list are keys, not names */
	Comparator comparator; /* unless one is named */
	/* what may stand in list i, if the desk is known; or NULL */
	const char *vocabulary;
};

const Word *word_find(const char *name, bool is_test);
/* All names of tests, or of commands, NULL-terminated; for suggestions. */
const char *const *word_names(bool is_test);
/* What to write for a word of other mail systems, or NULL. */
const char *word_elsewhere(const char *name);

/* ---- tags ---- */

typedef enum TagGroup {
	TAGS_MATCH = 1 << 0,
	TAGS_COMPARATOR = 1 << 1,
	TAGS_PART = 1 << 2,
	TAGS_SIZE = 1 << 3,
	TAGS_MIME = 1 << 4,
	TAGS_ZONE = 1 << 5,
	TAGS_SET = 1 << 6,
	TAGS_BODY = 1 << 7,
} TagGroup;

typedef struct Tag {
	const char *name;
	TagGroup group;
	const char *capability;
	unsigned clash; /* tags of one node with the same number exclude each
	                   other; 0: none */
	unsigned flag;  /* of NodeFlag, or 0 */
	int value;      /* of MatchType or AddressPart */
	char follows;   /* s or S: what belongs to it; 0: nothing */
} Tag;

const Tag *tag_find(const char *name, unsigned groups);
/* Those of the groups, NULL-terminated; owned by the caller. */
const char **tag_names(unsigned groups);
bool tag_is_known(const char *name);

typedef struct Capability {
	const char *name;
	const char *refused; /* NULL: there is it */
} Capability;

const Capability *capability_find(const char *name);
const char *const *capability_names(void);

bool comparator_from_name(const char *name, Comparator *out_comparator);

/* ---- running ---- */

struct Run {
	const Program *program;
	const SieveInput *input;
	Ruling *ruling;
	GPtrArray **slots; /* of Value; NULL until fetched */
	char **variables;  /* by number; NULL: "" */
	GPtrArray *groups; /* of char *: ${0} ... */
	unsigned line;     /* of the branch at hand */
	bool asks_ticket;  /* a test that led here did */
	bool is_stopped;
};

/* The text with its variables filled in, at most limit octets; owned by the
 * caller. */
char *run_fill(const Run *run, const Text *text, size_t limit);

/* tests.c */
bool test_holds(Run *run, const Node *node);
