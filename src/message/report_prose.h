/* The people's half of a delivery report: recipients and reasons out of the
 * text, for the many mailers that send nothing else.
 *
 * Finds the phrases of report_tables.h in the text above the returned mail
 * and takes the addresses from where each phrase says they stand. */
#pragma once

#include <stdbool.h>

#include "desk/mail.h"

/* How much of the text is read. */
#define REPORT_PROSE_OCTETS_MAX 65536

typedef struct ReportProse {
	ReportAction action;  /* REPORT_UNKNOWN: no phrase was found */
	const char *phrase;   /* the first one found, or NULL */
	const char *mailer;   /* whose phrase it is, or NULL */
	const char *returned; /* into mail->text: the returned mail, or NULL */
	bool is_mailers;      /* and no people's: see report_plain_phrases */
	bool is_early;        /* the phrase is among the first words */
} ReportProse;

/* Adds recipients to report and says what was found.  is_certain: the mail is
 * a report whatever its words are; then addresses that stand alone in a line
 * are taken where no phrase is known. */
ReportProse report_prose_read(Mail *mail, MailReport *report, bool is_certain);

/* Where in text the returned mail begins, or NULL. */
const char *report_prose_returned(const char *text);
