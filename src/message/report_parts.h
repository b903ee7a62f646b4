/* The parts of a report: which of them are what, and the mail that they say
 * the report is about. */
#pragma once

#include <stdbool.h>

#include <glib.h>

#include "message/report.h"

/* The i-th of parts, or NULL behind the end or where parts is NULL. */
const ReportPart *report_part(const GArray *parts, unsigned i);

/* A delivery status, with the types that mailers made up. */
bool report_part_is_status(const ReportPart *part);

/* The returned mail or its header. */
bool report_part_is_returned(const ReportPart *part);

/* At most REPORT_PART_OCTETS_MAX octets of the part as valid UTF-8; the caller
 * frees it. */
char *report_part_text(const ReportPart *part);

/* The delivery status inside an embedded mail: gateways that add a disclaimer
 * wrap the whole report into a message/rfc822.  NULL if there is none that
 * stands there unencoded; the caller frees it. */
char *report_part_inner_status(const ReportPart *part);

/* Message-ID of the original, without <>: from the returned mail among parts,
 * or from text, behind returned first (where the original begins in text; may
 * be NULL), or from the groups.  NULL if nobody says it; the caller frees it.
 */
char *report_original_id(const GArray *parts, const char *text,
                         const char *returned);
