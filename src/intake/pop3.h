/* A POP3 client for fetching (RFC 1939, CAPA and UIDL, STLS of RFC 2595,
 * AUTH of RFC 5034).
 *
 * What is deleted goes only when QUIT is answered +OK; a link that dies before
 * has deleted nothing (faults.md M-16).  Errors as in imap.h. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include <glib.h>

#include "intake/mail_login.h"
#include "intake/wire.h"

#define POP3_IDLE_MS  60000
#define POP3_TOTAL_MS 600000
/* A reply's line; RFC 1939 section 3 allows 512. */
#define POP3_LINE_MAX 4096
/* RFC 1939 section 7: a unique id has at most 70 characters. */
#define POP3_UIDL_MAX 70
/* Mails of one session; what is behind them waits for the next. */
#define POP3_LIST_MAX 100000

typedef struct Pop3 Pop3;

typedef struct Pop3Times {
	int idle_ms;
	int total_ms;
} Pop3Times;

/* Takes the wire; times NULL: those above. */
Pop3 *pop3_new(Wire *wire, const Pop3Times *times);
void pop3_free(Pop3 *pop3);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Pop3, pop3_free)

/* As imap_greet() and imap_login(). */
bool pop3_greet(Pop3 *pop3, bool may_stay_clear, GError **error);
bool pop3_login(Pop3 *pop3, const MailLogin *login, GError **error);

typedef struct Pop3Entry {
	uint32_t number; /* in this session */
	uint32_t size;   /* 0: not said */
	char *uidl;      /* NULL: none that could be relied on */
} Pop3Entry;

/* GArray of Pop3Entry, owned by the caller. */
GArray *pop3_list(Pop3 *pop3, GError **error);

/* The mail, without the stuffing of dots and its end; of it only the first
 * lines where lines is not 0 (TOP).  More than max octets: ERROR_UNAVAILABLE.
 */
GBytes *pop3_retrieve(Pop3 *pop3, uint32_t number, unsigned lines, size_t max,
                      GError **error);
bool pop3_delete(Pop3 *pop3, uint32_t number, GError **error);
bool pop3_quit(Pop3 *pop3, GError **error);
