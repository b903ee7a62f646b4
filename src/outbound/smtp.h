/* The link to the mail server: libcurl brings it up, smtp_session talks.
 *
 * libcurl (CURLOPT_CONNECT_ONLY) does TCP, EHLO, TLS with verification, and
 * AUTH; what follows goes through curl_easy_send and curl_easy_recv.  The link
 * is kept for the next mail and dropped after anything that leaves its state in
 * doubt (faults.md S-17).  Configured with TLS it is never used in clear: a
 * server without STARTTLS, or with a certificate that does not verify, gets
 * nothing (S-07). */
#pragma once

#include <stdbool.h>

#include <glib.h>

#include "desk/desk.h"

#include "outbound/smtp_session.h"

/* Milliseconds.  RFC 5321 section 4.5.3.2.6: a client that gives up on the
 * final reply before ten minutes makes duplicates. */
typedef struct SmtpTimes {
	int connect; /* TCP */
	int reply;   /* any reply but the last; TLS handshake */
	int final;
	int body_octets; /* a body must move at least so many a millisecond,
	                    after a first allowance of reply (S-11) */
} SmtpTimes;

#define SMTP_CONNECT_MS          30000
#define SMTP_REPLY_MS            60000
#define SMTP_FINAL_MS            600000
#define SMTP_BODY_OCTETS_PER_MS  32
#define SMTP_QUIT_MS             1000
#define SMTP_GREETING_OCTETS_MAX (64 * 1024) /* from banner to AUTH, in all */

typedef struct SmtpLink SmtpLink;

/* settings must outlive the link; ehlo_name is the name we give in EHLO; times
 * NULL: the ones above.  Nothing is connected yet. */
SmtpLink *smtp_link_new(const Smtp *settings, const char *ehlo_name,
                        const SmtpTimes *times);
/* Says QUIT if the link is up. */
void smtp_link_free(SmtpLink *link);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SmtpLink, smtp_link_free)

/* Sends one mail, connecting first if need be.  A kept link that turns out to
 * be closed, or that is closed by 421 before the body, is replaced by a new one
 * once (S-13).  There is always a result; smtp_result_clear() it. */
void smtp_link_send(SmtpLink *link, const SmtpMail *mail,
                    SmtpResult *out_result);

/* Says QUIT and drops the link; the next mail makes a new one. */
void smtp_link_close(SmtpLink *link);
