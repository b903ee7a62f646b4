#include "outbound/backoff.h"

#include <glib.h>

static const int64_t delays[] = { 60, 5 * 60, 15 * 60 };

int64_t
backoff_delay(int attempts)
{
	int i = MAX(attempts, 1) - 1;

	return i < (int)G_N_ELEMENTS(delays) ? delays[i] : BACKOFF_SECONDS_MAX;
}

bool
backoff_is_over(int attempts, int64_t created_at, int64_t now)
{
	return attempts >= BACKOFF_ATTEMPTS_MIN &&
	       now - created_at >= BACKOFF_AGE_MAX;
}
