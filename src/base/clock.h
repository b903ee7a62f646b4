/* The one place that asks the time.
 *
 * Instants are int64_t Unix seconds, UTC.  A command reads the clock once and
 * hands the instant on; --now and $POSTIGO_NOW replace it for rehearsals. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

/* Now, or the instant that clock_fix() set. */
int64_t clock_now(void);

/* Every later clock_now() of this process returns at. */
void clock_fix(int64_t at);

/* RFC 3339 ("2026-03-29T00:59:50Z", offsets and fractions allowed, a blank
 * for the T too).  false: not an instant; *out_at untouched. */
bool instant_from_text(const char *text, int64_t *out_at);

/* "2026-03-29T00:59:50Z"; owned by the caller.  Years outside 1..9999 are
 * clamped to them. */
char *instant_to_text(int64_t at);

/* Did clock_fix() set the time: is this a rehearsal? */
bool clock_is_fixed(void);

/* Seconds since the machine started, asleep or awake (CLOCK_BOOTTIME): what
 * nobody can set. */
int64_t clock_boot(void);
