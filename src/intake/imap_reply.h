/* One reply out of the octets an IMAP server sends (RFC 3501 section 7).
 *
 * Octets go in, in pieces of any size; whole replies come out, as a flat list
 * of tokens.  Nothing a server announces chooses the size of anything here: a
 * literal grows as its octets come and may not pass what imap_reader_allow()
 * said, and lines, depth and tokens have limits.  A reply whose brackets do not
 * match is marked and no more; only passed limits end the link (faults.md M-08,
 * M-10). */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <glib.h>

/* of one reply, without its literals */
#define IMAP_TEXT_MAX    (64 * 1024)
#define IMAP_DEPTH_MAX   32
#define IMAP_LITERAL_MAX 64 /* literals in one reply */

typedef enum ImapTokenKind {
	IMAP_ATOM, /* also numbers, flags, NIL, BODY[...] */
	IMAP_STRING,
	IMAP_LITERAL,
	IMAP_OPEN,
	IMAP_CLOSE,
} ImapTokenKind;

typedef struct ImapToken {
	ImapTokenKind kind;
	/* of its text in the reply's text, or of the literal in literals */
	unsigned at;
	unsigned size;
} ImapToken;

typedef enum ImapReplyKind {
	IMAP_GO_ON,    /* "+": the server waits for more */
	IMAP_UNTAGGED, /* "*" */
	IMAP_TAGGED,
} ImapReplyKind;

typedef enum ImapStatus {
	IMAP_NONE, /* no status: data */
	IMAP_OK,
	IMAP_NO,
	IMAP_BAD,
	IMAP_BYE,
	IMAP_PREAUTH,
} ImapStatus;

typedef struct ImapReply {
	ImapReplyKind kind;
	ImapStatus status;
	GString *text;       /* of all tokens */
	GArray *tokens;      /* of ImapToken, behind the tag */
	GPtrArray *literals; /* of GByteArray */
	unsigned words;      /* where the words of a status begin in text */
	bool is_malformed;
} ImapReply;

typedef struct ImapReader ImapReader;

ImapReader *imap_reader_new(void);
void imap_reader_free(ImapReader *reader);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(ImapReader, imap_reader_free)

/* How many octets of literals the next replies may hold, each. */
void imap_reader_allow(ImapReader *reader, size_t octets);

/* Takes octets up to the end of a reply and tells how many; *out_is_whole when
 * it ended.  ERROR_UNAVAILABLE: a limit was passed, and nothing after it can be
 * understood. */
bool imap_reader_feed(ImapReader *reader, const char *octets, size_t size,
                      size_t *out_taken, bool *out_is_whole, GError **error);

/* The reply that was whole last; valid until the next octets are fed. */
const ImapReply *imap_reader_reply(const ImapReader *reader);

/* ---- questions to a reply ---- */

/* The tag; "*" or "+" too. */
const char *imap_reply_tag(const ImapReply *reply);
/* The words behind a status, "[CODE] text". */
const char *imap_reply_words(const ImapReply *reply);

/* The i-th token is this atom (ASCII case). */
bool imap_token_is(const ImapReply *reply, unsigned i, const char *atom);
/* A number of 32 bits (RFC 3501 section 9); false: it is none. */
bool imap_token_number(const ImapReply *reply, unsigned i,
                       uint32_t *out_number);
/* The text of an atom or string; NULL for others. Borrowed. */
const char *imap_token_text(const ImapReply *reply, unsigned i);
/* The octets of a string or literal; NULL for NIL and others.  Taken: the
 * reply has them no more. */
GBytes *imap_token_take(const ImapReply *reply, unsigned i);
/* The token behind token i and, if that opens a bracket, all that is in it. */
unsigned imap_token_after(const ImapReply *reply, unsigned i);
