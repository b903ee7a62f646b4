/* Octets to a Mail: what a stranger sent, read for all that is in it.
 *
 * Runs in a child with limits (message/worker.h), for its input is hostile and
 * the libraries behind it are large.  It never fails: what cannot be read is
 * left out and warned of, and the raw mail is kept by the caller. */
#pragma once

#include "desk/mail.h"

/* Never NULL; owned by the caller. */
Mail *mail_read(GBytes *raw);

/* The mail by our own scanner alone: the header, no parts, no text.  why
 * becomes a warning.  Never NULL. */
Mail *mail_read_bare(GBytes *raw, const char *why);

/* A body that came without a mail, for rehearsals: only text, reply, signature
 * and forwarded are set. */
Mail *mail_read_text(GBytes *raw);
Mail *mail_read_html(GBytes *raw);

/* mail_read() without sha256, size and content_hash: the parent of a child
 * takes them himself, so that a child that a mail has taken over cannot pass
 * one mail off as another. */
Mail *mail_read_undigested(GBytes *raw);
/* sets sha256 and size */
void mail_identify(Mail *mail, GBytes *raw);
/* sets content_hash */
void mail_digest_content(Mail *mail, GBytes *raw);
