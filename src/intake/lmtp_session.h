/* One connection of an LMTP client (RFC 2033) without its socket: octets in,
 * replies out, and a mail when one is complete.
 *
 * The session stops reading behind each mail until it is told what became of
 * it: the reply to a mail is never written before the mail is committed, and
 * what a client sent ahead (PIPELINING) waits.  Each accepted recipient gets a
 * reply of its own.  A mail that cannot be taken (too large, bare LF, no room)
 * is read to its end and refused there.
 *
 * States: no LHLO yet, between mails, inside an envelope, inside DATA or BDAT,
 * waiting for the verdict, over. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include <glib.h>

#include "base/spool.h"

#include "desk/desk.h"

#define LMTP_LINE_MAX       4096 /* RFC 5321: 512, and what extensions add */
#define LMTP_RECIPIENTS_MAX 1000
#define LMTP_FAULTS_MAX     200 /* refused commands, then it is over */
/* replies not fetched yet; beyond it the session reads nothing */
#define LMTP_OUTPUT_MAX     ((size_t)32 << 10)
/* what a mail may have; one over Limits.message_octets is still taken, kept
 * raw and not read */
#define LMTP_OCTETS_MAX     ((size_t)512 << 20)

typedef struct LmtpPolicy {
	const Desk *desk;
	const char *directory; /* for mails too large for memory */
	bool is_private;       /* a socket of this desk's own processes: they
	                          may name the door that a mail came through */
	/* Is there room on the disk for a mail? */
	bool (*has_room)(const Desk *desk);
} LmtpPolicy;

typedef struct LmtpMail {
	char *door;     /* "lmtp", or what a process of the desk says */
	char *door_key; /* or NULL */
	char *sender;   /* "" for <>; NULL: a process of the desk says that it
	                   does not know */
	GPtrArray *recipients; /* of char *, as the client wrote them */
	Spool *octets;
} LmtpMail;

typedef struct LmtpSession LmtpSession;

/* policy is borrowed; the greeting is in the output. */
LmtpSession *lmtp_session_new(const LmtpPolicy *policy);
void lmtp_session_free(LmtpSession *session);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(LmtpSession, lmtp_session_free)

/* Reads from the client's octets and returns how many; fewer than size if a
 * mail waits for its verdict, the output is full, or the session is over. */
size_t lmtp_session_input(LmtpSession *session, const char *octets,
                          size_t size);

/* The mail that waits for its verdict, or NULL; borrowed until the answer. */
const LmtpMail *lmtp_session_mail(const LmtpSession *session);

/* The verdict: one reply per recipient, "CODE <recipient> text".  code is basic
 * and enhanced ("250 2.0.0"). */
void lmtp_session_answer(LmtpSession *session, const char *code,
                         const char *text);

/* What is to be written to the client, borrowed; how much of it was. */
const char *lmtp_session_output(const LmtpSession *session, size_t *out_size);
void lmtp_session_wrote(LmtpSession *session, size_t size);

/* How many commands, and steps of LMTP_STEP_OCTETS inside mails, there were: a
 * client who is slower than that is not one. */
#define LMTP_STEP_OCTETS 4096
unsigned lmtp_session_steps(const LmtpSession *session);

/* In the midst of an envelope or a mail, or waiting for a verdict? */
bool lmtp_session_is_busy(const LmtpSession *session);

/* Says "421 why" and is over. */
void lmtp_session_end(LmtpSession *session, const char *why);

/* Over: nothing is read any more; what is in the output is the last. */
bool lmtp_session_is_over(const LmtpSession *session);
