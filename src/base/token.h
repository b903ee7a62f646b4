/* What only this desk can write: reply tokens, Message-IDs, markers.
 *
 * Three carriers of one secret (faults.md 4.4), none of which may be believed
 * without its MAC: the reply token in an address (desk+TOKEN@domain), which
 * names a ticket and a principal; the signed name (p.TICKET.SEQ.MAC), which is
 * the local part of our Message-IDs, the body marker and the VERP extension.
 * All are lower-case base32 and dots, compared after case folding, because
 * clients and gateways change the case of addresses.  MACs are compared
 * in constant time. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include <glib.h>

/* Up to 32 keys, by id; the newest signs, all that have not run out verify. */
typedef struct KeyRing KeyRing;

/* Reads a key file: lines "ID HEX [UNTIL]", # for comments.  ERROR_CONFIG when
 * it is missing, open to others than its owner, or holds a key that is not of
 * 32 octets, or two of one id (G-03). */
KeyRing *keyring_load(const char *path, GError **error);
void keyring_free(KeyRing *ring);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(KeyRing, keyring_free)

/* The text of a key file with one fresh random key; owned by the caller. */
char *keyring_generate(void);

/* ---- reply tokens ---- */

typedef enum TokenScope {
	TOKEN_COMMENT = 1, /* a requester or watcher may write on the ticket */
	TOKEN_AGENT,       /* an agent's answers and orders */
	TOKEN_CONFIRM,     /* one order, once */
} TokenScope;

typedef struct ReplyToken {
	uint32_t ticket;
	uint32_t principal; /* person id */
	TokenScope scope;
	int64_t expires_at; /* whole weeks are kept */
} ReplyToken;

typedef enum TokenVerdict {
	TOKEN_NONE,    /* does not have the shape of a token: plain extension */
	TOKEN_BAD,     /* shape of a token, but not ours or not any more */
	TOKEN_EXPIRED, /* ours, too old */
	TOKEN_GOOD,
} TokenVerdict;

#define TOKEN_LENGTH 39

/* epoch is the principal's token epoch: raising it revokes all his tokens.
 * TOKEN_LENGTH characters; owned by the caller. */
char *token_write(const KeyRing *ring, const ReplyToken *token,
                  const char *domain, uint32_t epoch);

/* The fields of text, not verified: enough to look up the principal's epoch.
 * false: not the shape of a token. */
bool token_peek(const char *text, ReplyToken *out_token);

/* out_token is set for TOKEN_GOOD and TOKEN_EXPIRED only. */
TokenVerdict token_read(const KeyRing *ring, const char *text,
                        const char *domain, uint32_t epoch, int64_t now,
                        ReplyToken *out_token);

/* ---- signed names ---- */

typedef enum NameKind {
	NAME_POST = 'p',   /* one outgoing mail: ticket, outbox row */
	NAME_THREAD = 't', /* the root of a ticket's thread; seq is 0 */
	NAME_VERP = 'v',   /* envelope sender of an outgoing mail */
} NameKind;

typedef struct SignedName {
	NameKind kind;
	int64_t ticket;
	int64_t seq;
} SignedName;

/* "p.TICKET.SEQ.MAC"; owned by the caller. */
char *name_write(const KeyRing *ring, NameKind kind, int64_t ticket,
                 int64_t seq, const char *domain);

/* text is a signed name, alone or followed by "@domain" (any case).  false:
 * not of that shape, or the MAC is not ours. */
bool name_read(const KeyRing *ring, const char *text, const char *domain,
               SignedName *out_name);

/* A mail of ours has one; who fills a text with false ones does not make us
 * verify them all. */
#define NAMES_TRIED_MAX 1000

/* The first valid signed name of that kind anywhere in text, as a marker in a
 * quoted mail is, among the first NAMES_TRIED_MAX of that shape.  Linear in the
 * length of text. */
bool name_find(const KeyRing *ring, NameKind kind, const char *text,
               const char *domain, SignedName *out_name);

/* 20 characters over any text, for what has no place above (X-Postigo-Instance,
 * ENVID); use keeps signatures of different uses apart. */
char *keyring_sign(const KeyRing *ring, const char *use, const char *text);
bool keyring_verify(const KeyRing *ring, const char *use, const char *text,
                    const char *mac);
