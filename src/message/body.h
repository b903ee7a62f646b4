/* The readable text of a mail: which parts, and what they say.
 *
 * Of alternatives the plain text, unless it is empty; of related parts the
 * first; of mixed ones all texts in order; of a signed mail what was signed;
 * of a report what it says to people.  Parts that became text get the role
 * MIME_TEXT, their other forms MIME_SHADOW; the rest stays MIME_FILE. */
#pragma once

#include "desk/mail.h"

#include "message/attach.h"
#include "message/mime.h"

/* Text of a part read for people; the rest of it is in the raw mail. */
#define BODY_OCTETS_MAX (8 << 20)

/* Clean text with the marks of message/marks.h, owned by the caller; "" if
 * there is none.  Sets mail->has_html.  Files found inside the text
 * (uuencode, yEnc) are added to list. */
char *body_text(Mail *mail, MimeTree *tree, AttachList *list);

/* The same for text that is in no mail: octets as they are, type "text/plain"
 * or "text/html". */
char *body_text_alone(const char *type, const char *octets, gsize length);

/* Plain text (valid UTF-8) made clean, without marks of its own.  Owned by the
 * caller. */
char *body_clean_plain(const char *text);

/* The first charset that the mail names and that says something, or NULL: a
 * hint for raw octets in its header.  Owned by the caller. */
char *body_charset(const MimePart *part);
