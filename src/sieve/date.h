/* Dates in the header of a mail, and their parts (RFC 5260 section 4). */
#pragma once

#include <stdbool.h>
#include <stdint.h>

typedef struct MailDate {
	int64_t at; /* Unix seconds */
	int offset; /* of its zone, in minutes */
} MailDate;

/* RFC 5322 section 3.3, as tolerant as mails ask for; behind the last ";" if
 * there is one (Received).  false: it is no date. */
bool mail_date_read(const char *text, MailDate *out_date);

/* "+0530"; false: it is no zone. */
bool mail_zone_read(const char *text, int *out_offset);

/* part: "year", "weekday" ..., in that zone; owned by the caller, NULL for an
 * unknown part. */
char *mail_date_part(int64_t at, int offset, const char *part);
