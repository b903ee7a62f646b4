/* The mail inside a forwarded mail: its header block and its text.
 *
 * A header block is a run of lines "From: ...", "Sent: ...", "To: ...",
 * "Subject: ..." in any of the languages of message/quote_tables.h, as mail
 * clients write them above what they forward or answer. */
#pragma once

#include <stdbool.h>

#include "desk/mail.h"

/* Headers are looked for in so much of the embedded mail. */
#define FORWARD_HEAD_OCTETS_MAX 8192

/* The subject begins as clients begin the subject of a forwarded mail: "Fwd:",
 * "WG:", "RV:" ... */
bool forward_subject(const char *subject);

/* Sets mail->forwarded from what stands above (before) and the mail below
 * (embedded: from its header block on, quote marks already taken off).  Reads
 * from, subject and date from the first header block of embedded. */
void forward_set(Mail *mail, const char *before, const char *embedded);
