/* A finished outgoing mail, from its values to its octets.
 *
 * The same values give the same octets: no clock, no random numbers; the
 * boundaries come from the Message-ID and cannot stand in any part.  CR LF
 * throughout, seven bits (but for a local part of other letters), lines of at
 * most 998 octets; what a value holds cannot become a field or a part.
 * Dot-stuffing is for outbound/. */
#pragma once

#include <stdint.h>

#include <glib.h>

#define COMPOSE_OCTETS_MAX      (75 * 1024 * 1024)
#define COMPOSE_TEXT_MAX        (2 * 1024 * 1024)
#define COMPOSE_REFERENCES_MAX  100
#define COMPOSE_ATTACHMENTS_MAX 100

typedef struct OutgoingField {
	const char *name;
	const char *value; /* NULL: the field is left out */
} OutgoingField;

typedef struct OutgoingFile {
	const char *name; /* NULL: none */
	const char *type; /* "image/png"; anything else is octet-stream */
	GBytes *octets;
} OutgoingFile;

/* All is borrowed.  Ids are without <>; texts are UTF-8.  Ids of others that
 * cannot be written are left out. */
typedef struct Outgoing {
	const char *from_name; /* or NULL */
	const char *from_address;
	const char *to_name; /* or NULL */
	const char *to_address;
	const char *reply_to; /* address, or NULL */
	const char *message_id;
	const char *in_reply_to;       /* or NULL */
	const char *const *references; /* NULL-terminated, or NULL */
	int64_t date;
	const char *subject;
	const OutgoingField *fields; /* the last has no name; or NULL */
	const char *text;
	const char *html;          /* or NULL */
	const OutgoingFile *files; /* the last has no octets; or NULL */
} Outgoing;

/* ERROR_MALFORMED: an address, a Message-ID or a field name that cannot be one,
 * or a field that is written here anyway; trying again is useless.
 * ERROR_TOO_BIG: over a limit above. */
GBytes *compose_mail(const Outgoing *mail, GError **error);

#define REFERENCES_FIRST 4
#define REFERENCES_LAST  6

/* The first 4 and the last 6 of ids, each once; the array is the caller's
 * (g_free), the strings are those given. */
const char **compose_references(const char *const *ids);
