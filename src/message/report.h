/* What a delivery report says: which recipients of which mail of ours did not
 * get it, and why.
 *
 * Reads RFC 3464 and 6533 groups first, then, for the many mailers that tell
 * it in prose, the text by tables (report_tables.h).  It does not decide what
 * follows from a report, nor whether it is about a mail of ours: the envelope
 * (VERP) and the row that was sent are the clerk's.  Pure: no input but the
 * Mail and its parts. */
#pragma once

#include <stdbool.h>

#include <glib.h>

#include "desk/mail.h"

/* What is read of one part, and how much a report may list. */
#define REPORT_PART_OCTETS_MAX       262144
#define REPORT_RECIPIENTS_MAX        200
#define REPORT_DIAGNOSTIC_OCTETS_MAX 1000

/* A leaf of the mail that a report may speak in: its decoded octets, of
 * message/rfc822 those of the whole embedded mail. */
typedef struct ReportPart {
	const char *type; /* "message/delivery-status", lower case */
	GBytes *octets;
} ReportPart;

/* The report in mail, with its evidence added to mail, or NULL if mail is
 * none.  The strings are kept by mail; the caller owns the struct and its
 * array, and gives them to mail->report.  parts may be NULL. */
MailReport *report_read(Mail *mail, const GArray *parts);
