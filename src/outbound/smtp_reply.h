/* One SMTP reply out of the octets a server sends (RFC 5321 section 4.2).
 *
 * The server is a stranger: lines, replies and kept text have caps, and what is
 * not a reply is said to be broken instead of being guessed at (faults.md
 * S-06).  Octets may come in any pieces; the answer is the same. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include <glib.h>

#define SMTP_LINE_MAX       4096 /* octets of a line; RFC 5321 4.5.3.1.5 says 512 */
#define SMTP_REPLY_MAX      (64 * 1024) /* octets of a reply, all its lines */
#define SMTP_REPLY_TEXT_MAX 1024        /* octets kept of its text */
#define SMTP_ENHANCED_MAX   12

typedef struct SmtpReply {
	int code;                         /* 200 to 599 */
	char enhanced[SMTP_ENHANCED_MAX]; /* "5.1.1" (RFC 3463), or "" */
	char *text; /* "550 5.1.1 no such user": one line, valid UTF-8 */
} SmtpReply;

/* Frees the text and leaves an empty reply. */
void smtp_reply_clear(SmtpReply *reply);

typedef enum SmtpReplyState {
	SMTP_REPLY_MORE,   /* all octets used, no reply yet */
	SMTP_REPLY_DONE,   /* *out_reply is set */
	SMTP_REPLY_BROKEN, /* not a reply, or over a cap; the link is of no use
	                    */
} SmtpReplyState;

typedef struct SmtpReplyReader SmtpReplyReader;

SmtpReplyReader *smtp_reply_reader_new(void);
void smtp_reply_reader_free(SmtpReplyReader *reader);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SmtpReplyReader, smtp_reply_reader_free)

/* Reads up to the end of the next reply; *out_used tells how many octets that
 * took.  After SMTP_REPLY_DONE *out_reply belongs to the caller. */
SmtpReplyState smtp_reply_read(SmtpReplyReader *reader, const char *data,
                               size_t size, size_t *out_used,
                               SmtpReply *out_reply);
