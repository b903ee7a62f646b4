/* What kind of mail is it, and may an automatic answer be sent?
 *
 * The last step of reading a mail: looks at the fields, addresses, subject,
 * text and reply that are set already and sets class, answerable, evidence
 * and report.  Class and answerable are two questions: a person's mail may
 * forbid an answer, and whether a mail may reopen a ticket follows from its
 * class and is decided by the desk.  MAIL_OWN is never set here, since it
 * takes the desk's key.  Header values come from mail->fields, decoded, so
 * the whole is pure. */
#pragma once

#include <glib.h>

#include "desk/mail.h"

#include "message/report.h"

/* parts: of ReportPart, the leaves of types message/delivery-status,
 * message/disposition-notification, message/feedback-report, message/rfc822,
 * message/global*, text/rfc822-headers and text/calendar; may be NULL. */
void classify_mail(Mail *mail, const GArray *parts);
