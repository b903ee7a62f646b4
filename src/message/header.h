/* Tolerant readings of single fields: encoded words, ids, dates.
 *
 * RFC 2047 in all its abuses: blanks inside a word, a character split over two
 * words, several base64 words in a row (which must be joined before they are
 * decoded), words without their end, words inside quotes, raw octets.  Results
 * are clean lines (text_clean_line) owned by the caller. */
#pragma once

#include <stdint.h>

#include <glib.h>

#include "message/scan.h"

/* hint: the charset for raw octets that are not UTF-8, or NULL. */
char *header_decode(Slice value, const char *hint);

/* The ids of Message-ID, In-Reply-To or References without <>, in order, each
 * once, at most max, appended to out_ids (owned strings).  Folds inside an id
 * are closed, commas and missing brackets forgiven; words of comments and of
 * the old phrase form ("your message of ...") are no ids. */
void header_ids(Slice value, unsigned max, GPtrArray *out_ids);

/* Unix seconds; 0 if it is no date, or one before 1970 or after 2100 (P-02).
 * RFC 5322 with its obsolete forms, asctime, ISO 8601, and clients that leave
 * out the zone, the day of the week or the seconds. */
int64_t header_date(Slice value);
