/* The machine's half of a delivery report: the field groups of
 * message/delivery-status (RFC 3464) and message/global-delivery-status
 * (RFC 6533), forgiving what mailers do to them. */
#pragma once

#include <glib.h>

#include "desk/mail.h"

/* Adds the recipients of one part to report->recipients (at most
 * REPORT_RECIPIENTS_MAX in all) and sets report->envelope_id if the part names
 * one.  text is the decoded part, valid UTF-8; strings are kept by mail. */
void report_dsn_read(Mail *mail, MailReport *report, const char *text);

/* Reads one recipient more into report unless it is full or has the address
 * already; NULL for what is not known.  report_prose.c uses it as well. */
typedef struct ReportFinding {
	const char *address;
	ReportAction action;
	const char *status;
	const char *diagnostic;
} ReportFinding;

void report_add(Mail *mail, MailReport *report, const ReportFinding *finding);

/* Gives every recipient the action of the whole report, and what follows from
 * it: text reports say it once. */
void report_set_action(MailReport *report, ReportAction action);
