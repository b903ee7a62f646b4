/* Who we are to a mail server that keeps a mailbox. */
#pragma once

#include <glib.h>

typedef struct MailLogin {
	const char *user;
	const char *secret; /* a password, or with xoauth2 an access token */
	const char *auth;   /* "plain", "login", "xoauth2"; NULL: the best */
} MailLogin;

/* The one answer of SASL PLAIN (RFC 4616) and of XOAUTH2 (as Google and
 * Microsoft document it), in base64; owned by the caller. */
char *mail_login_plain(const MailLogin *login);
char *mail_login_xoauth2(const MailLogin *login);

/* What a server said, as a line for people; owned by the caller. */
char *mail_server_words(const char *octets);
