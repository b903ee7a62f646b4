/* One mail to one recipient over a link that is up: octets in, octets out.
 *
 * The dialogue of RFC 5321 from MAIL to the reply after the dot, without
 * sockets, clock or library: smtp.c carries the octets.  One recipient per
 * transaction, so that each row of the outbox has a reply of its own and
 * nobody gets a mail twice because a neighbour's address failed (faults.md
 * S-05).  Nothing that could add a command reaches the wire: an envelope with
 * CR, LF, controls, blanks, < or > is refused before the first octet (S-08),
 * and the body goes out with CR LF line ends and doubled dots whatever it came
 * with (S-10).
 *
 * The session knows how far it came.  An error before the last octet of the
 * body was handed over means that the server cannot have taken the mail; at or
 * after it nobody can say, unless the server's reply came. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <glib.h>

#include "outbound/smtp_reply.h"

#define SMTP_ADDRESS_MAX     320 /* octets of an address in the envelope */
#define SMTP_ENVELOPE_ID_MAX 100 /* RFC 3461 section 4.4 */
#define SMTP_BODY_STEP       (32 * 1024) /* octets of body made at a time */

/* What the server offered in its EHLO reply. */
typedef struct SmtpPeer {
	bool pipelining;   /* RFC 2920 */
	bool eight_bit;    /* RFC 6152 */
	bool utf8;         /* RFC 6531 */
	bool dsn;          /* RFC 3461 */
	bool size;         /* RFC 1870 */
	uint64_t size_max; /* 0: it did not say */
} SmtpPeer;

/* Learns from one line of the reply ("250-SIZE 1000"); unknown words are no
 * matter. */
void smtp_peer_learn(SmtpPeer *peer, const char *line);

/* All borrowed; the session keeps a reference of body only. */
typedef struct SmtpMail {
	const char *sender; /* "" for <> */
	const char *recipient;
	const char *envelope_id; /* comes back in delivery reports; or NULL */
	GBytes *body;
} SmtpMail;

typedef enum SmtpPhase {
	SMTP_PHASE_CHECK,   /* refused here, nothing was sent */
	SMTP_PHASE_CONNECT, /* TCP, greeting, EHLO, TLS */
	SMTP_PHASE_AUTH,
	SMTP_PHASE_MAIL,
	SMTP_PHASE_RCPT,
	SMTP_PHASE_DATA,
	SMTP_PHASE_BODY,  /* up to the last octet */
	SMTP_PHASE_FINAL, /* the last octet was handed over */
	SMTP_PHASES,
} SmtpPhase;

/* "connect", "rcpt" ... */
const char *smtp_phase_name(SmtpPhase phase);

/* How it ended: a reply, or a fault with code 0. */
typedef struct SmtpResult {
	SmtpPhase phase;
	int code; /* of the reply that decided, 0: no reply came */
	char enhanced[SMTP_ENHANCED_MAX];
	char *reply;      /* its text, code included; or NULL */
	char *fault;      /* what went wrong where no reply tells; or NULL */
	bool is_reusable; /* the link may carry the next mail (S-17) */
} SmtpResult;

void smtp_result_clear(SmtpResult *result);

typedef struct SmtpSession SmtpSession;

/* Never NULL: what may not be sent to this peer is done already, with
 * SMTP_PHASE_CHECK and the reason. */
SmtpSession *smtp_session_new(const SmtpPeer *peer, const SmtpMail *mail);
void smtp_session_free(SmtpSession *session);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SmtpSession, smtp_session_free)

/* The octets to write next; 0: none now, the server has the word.  The pointer
 * is good until the next call. */
size_t smtp_session_output(SmtpSession *session, const char **out_data);
/* So many of them were taken by the link. */
void smtp_session_wrote(SmtpSession *session, size_t count);
/* Octets that the server sent. */
void smtp_session_input(SmtpSession *session, const char *data, size_t size);
/* The link is gone or a time is over; why becomes the result's fault. */
void smtp_session_break(SmtpSession *session, const char *why);

bool smtp_session_is_done(const SmtpSession *session);
/* Where it stands now. */
SmtpPhase smtp_session_phase(const SmtpSession *session);
/* The pending output has the last octet of the body in it. */
bool smtp_session_ends_body(const SmtpSession *session);

/* The result of a session that is done; its strings go to the caller. */
void smtp_session_result(SmtpSession *session, SmtpResult *out_result);
