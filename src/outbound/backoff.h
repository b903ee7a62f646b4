/* When to try again.  Pure.
 *
 * 1, 5, 15 and 60 minutes, then every hour until the mail is five days old
 * (faults.md S-03).  A mail that waited so long for other reasons (the desk
 * was down, the channel was paused) still gets its first tries. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#define BACKOFF_SECONDS_MAX  3600
#define BACKOFF_AGE_MAX      (INT64_C(5) * 24 * 3600)
#define BACKOFF_ATTEMPTS_MIN 5 /* before age alone may end it */

/* Seconds from the attempts-th try to the next; attempts counts from 1. */
int64_t backoff_delay(int attempts);

/* The row has been tried long enough. */
bool backoff_is_over(int attempts, int64_t created_at, int64_t now);
