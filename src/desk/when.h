/* When: "3d", "2h30m", "until friday 10:00", "2026-12-24", "tomorrow".
 *
 * What people write at the end of an order, in English and Spanish, to an
 * instant.  A span is elapsed time; a day without an hour is nine o'clock. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

/* Longest wait that can be ordered. */
#define WHEN_SECONDS_MAX (INT64_C(366) * 86400)
#define WHEN_HOUR        9

/* "15m", "1h30m", "2d", "1w" at the start of text, to seconds; *out_rest is
 * behind it and its blanks.  false: no span stands there, or it is longer than
 * WHEN_SECONDS_MAX. */
bool when_span(const char *text, int64_t *out_seconds, const char **out_rest);

/* The instant after now that the start of text names, in that time zone (NULL:
 * UTC).  false: none, or it is past or too far. */
bool when_read(const char *text, int64_t now, const char *timezone,
               int64_t *out_at, const char **out_rest);

/* "2027-01-15 10:00" in that time zone; owned by the caller. */
char *when_text(int64_t at, const char *timezone);
