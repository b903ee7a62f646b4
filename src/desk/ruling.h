/* What the desk's rules say of a mail, or of what happened to a ticket.
 *
 * sieve/ makes it; the desk decides with it and does not know the language.
 * Each entry has the place of the rule that it comes from, so that explain can
 * show who wanted what. */
#pragma once

#include <stdbool.h>

#include <glib.h>

typedef enum RulingKind {
	RULING_KEEP, /* nothing; it is there to show that a rule fired */
	RULING_STOP, /* the rules behind it were not asked */
	RULING_QUEUE,
	RULING_PRIORITY,
	RULING_TYPE,
	RULING_ASSIGN, /* an agent's id */
	RULING_TEAM,
	RULING_TAG,
	RULING_UNTAG,
	RULING_FIELD, /* value: its name, more: its value */
	RULING_SLA,
	RULING_WATCH, /* an address */
	RULING_NOTE,
	RULING_ANSWER,   /* a template's name */
	RULING_NOANSWER, /* no acknowledgement */
	RULING_QUARANTINE,
	RULING_BAN,
	RULING_LINK,    /* value: what is keyed ("key"), more: the key */
	RULING_RESOLVE, /* value: why */
	RULING_KINDS,
} RulingKind;

typedef struct RulingEntry {
	RulingKind kind;
	const char *value; /* NULL where the kind has none */
	const char *more;
	unsigned line;    /* of the branch that it stands in */
	bool asks_ticket; /* so does a test that it stands behind */
} RulingEntry;

typedef struct Ruling {
	GStringChunk *strings;
	const char *file;
	GArray *entries; /* of RulingEntry, as they were come to */
} Ruling;

Ruling *ruling_new(const char *file);
void ruling_free(Ruling *ruling);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Ruling, ruling_free)

/* Copies the strings of the entry. */
void ruling_add(Ruling *ruling, const RulingEntry *entry);

/* "queue", "link" ...: the words of the rules */
const char *ruling_name(RulingKind kind);

const RulingEntry *ruling_entry(const Ruling *ruling, unsigned i);

/* May the entry change what a ticket has had since it was opened?  Where the
 * work lies (queue, team, owner, type, priority, service level) is the affair
 * of people from then on, unless the rule looks at the ticket itself. */
bool ruling_holds_later(const RulingEntry *entry);

/* The last entry of that kind, which is the one that counts; NULL if there is
 * none, or no ruling. */
const RulingEntry *ruling_last(const Ruling *ruling, RulingKind kind);

/* The names under which the desk remembers a ban, and the ticket of a key;
 * owned by the caller. */
char *ruling_ban_note(const char *address);
char *ruling_key_note(const char *key);

/* "queue \"network\""; owned by the caller. */
char *ruling_entry_to_text(const RulingEntry *entry);
