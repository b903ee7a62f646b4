/* The new words of a mail: what its sender wrote this time.
 *
 * Mails carry the history of a conversation below, above or between the new
 * words, and signatures, disclaimers and advertisements of telephones behind
 * them.  Here each line gets a kind (text, quote, attribution, header, tagline
 * ...; tables in message/quote_tables.h), and the kinds decide which lines are
 * new.  The text itself is never shortened: reply is a view on it.  Losing new
 * words is the worse error, so in doubt a line stays. */
#pragma once

#include "desk/mail.h"

/* Wrapped attribution lines are looked for in that many lines. */
#define QUOTE_ATTRIBUTION_LINES_MAX 6
/* No attribution, separator or tagline is longer (octets). */
#define QUOTE_MARKER_OCTETS_MAX     600
/* Of a longer line only so much is compared with the tables. */
#define QUOTE_PREFIX_OCTETS         160

/* Sets mail->text, reply, signature and forwarded.  Where the sender forwards
 * or wrote nothing himself, reply holds the words of others too, so that no
 * mail reads as empty; mail->forwarded is then set, and forwarded->before is
 * what he wrote.  Orders are read from there.  marked_text is clean text
 * (text_clean_block), with the marks of message/marks.h if it was HTML; it is
 * cut at MAIL_TEXT_OCTETS_MAX with a warning.  Looks at the header fields
 * of mail (subject, references, sender), so they must be set already.  Linear
 * in the length of the text. */
void quote_find_new_words(Mail *mail, const char *marked_text);
