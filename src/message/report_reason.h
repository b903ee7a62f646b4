/* Why a mail was not delivered, in a small vocabulary of ours, read from the
 * words and codes of others.
 *
 * Words count more than codes: mailers agree on neither, but 550 5.7.1 is said
 * for everything, and "mailbox is full" is not (design section 8). */
#pragma once

#include <glib.h>

#include "desk/mail.h"

/* Our word for the reason, a constant, or NULL.  diagnostic and status may be
 * NULL. */
const char *report_reason(const char *diagnostic, const char *status);

/* The first enhanced status code in text ("5.1.1", RFC 3463) or NULL; the
 * caller frees it.  text may be NULL. */
char *report_status_in(const char *text);

/* The first SMTP reply code of a failure in text ("550") or NULL; the caller
 * frees it.  text may be NULL. */
char *report_code_in(const char *text);

/* 1: the same mail will not arrive later either, 0: it may, -1: cannot say. */
int report_permanent(ReportAction action, const char *status, const char *code,
                     const char *diagnostic);
