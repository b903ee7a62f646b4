/* An IMAP client for fetching (RFC 3501, with UIDPLUS, MOVE, IDLE, SASL-IR).
 *
 * One command after the other over a Wire; what the server says in between is
 * absorbed.  It asks for UID, RFC822.SIZE, FLAGS and BODY.PEEK[] and nothing
 * else: ENVELOPE and BODYSTRUCTURE are made from what a sender wrote and are
 * deep where he wants it (doc/decisions/005-own-imap-client.md).  It never
 * says EXPUNGE without naming UIDs, which would remove what others have
 * marked (faults.md M-15).
 *
 * Errors: ERROR_UNAVAILABLE, the link is of no more use; ERROR_REFUSED, the
 * server said NO or BAD to this one command; ERROR_LATER, to stop. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include <glib.h>

#include "intake/mail_login.h"
#include "intake/wire.h"

/* No answer for so long, and a command in all (faults.md M-11). */
#define IMAP_IDLE_MS  60000
#define IMAP_TOTAL_MS 600000

/* Entries of one listing; a server that has more is asked in pieces. */
#define IMAP_LIST_MAX 1000

typedef struct Imap Imap;

typedef struct ImapTimes {
	int idle_ms;
	int total_ms;
} ImapTimes;

/* Takes the wire; times NULL: those above. */
Imap *imap_new(Wire *wire, const ImapTimes *times);
void imap_free(Imap *imap);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Imap, imap_free)

/* The greeting and, if the wire is in clear and may not stay so, STARTTLS:
 * nothing that was said before it counts, and anything said behind it in clear
 * ends the link (M-12). */
bool imap_greet(Imap *imap, bool may_stay_clear, GError **error);
bool imap_login(Imap *imap, const MailLogin *login, GError **error);
void imap_logout(Imap *imap);

typedef struct ImapFolder {
	uint32_t exists;
	uint32_t epoch;    /* UIDVALIDITY; 0: the server keeps no UIDs */
	uint32_t uid_next; /* 0: not said; a hint (M-19) */
	bool is_read_only;
} ImapFolder;

/* name in UTF-8 */
bool imap_select(Imap *imap, const char *name, GError **error);
const ImapFolder *imap_folder(const Imap *imap);

typedef struct ImapEntry {
	uint32_t uid;
	uint32_t size;
	bool is_seen;
	bool is_deleted;
	GBytes *body; /* NULL unless fetched */
} ImapEntry;

void imap_entry_clear(ImapEntry *entry);

/* Appends the mails from first to last (0: to the end) to entries (GArray of
 * ImapEntry) by UID, each once; *out_has_more where they are more than
 * IMAP_LIST_MAX, and then any of them may be missing. */
bool imap_list(Imap *imap, uint32_t first, uint32_t last, GArray *entries,
               bool *out_has_more, GError **error);

/* Fetches the bodies of entries, at most octets of each where octets is not 0.
 * Those that the server does not give stay NULL: that is no error. */
bool imap_fetch(Imap *imap, ImapEntry *entries, unsigned count, size_t octets,
                GError **error);

/* Where mails go that are done with. */
bool imap_move(Imap *imap, const GArray *uids, const char *name,
               GError **error);
bool imap_mark_seen(Imap *imap, const GArray *uids, GError **error);
bool imap_delete(Imap *imap, const GArray *uids, GError **error);

typedef enum ImapNews { IMAP_NEWS, IMAP_QUIET, IMAP_STOPPED } ImapNews;

bool imap_can_idle(const Imap *imap);
/* Waits up to ms for a mail to come. */
bool imap_idle(Imap *imap, int ms, ImapNews *out_news, GError **error);
