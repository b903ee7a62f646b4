#include "base/clock.h"

#include <time.h>

#include <glib.h>

static bool is_fixed;
static int64_t fixed_at;

int64_t
clock_now(void)
{
	return is_fixed ? fixed_at : (int64_t)time(NULL);
}

void
clock_fix(int64_t at)
{
	is_fixed = true;
	fixed_at = at;
}

bool
instant_from_text(const char *text, int64_t *out_at)
{
	g_autoptr(GTimeZone) utc = g_time_zone_new_utc();
	g_autoptr(GDateTime) when = g_date_time_new_from_iso8601(text, utc);

	if (when == NULL)
		return false;
	*out_at = g_date_time_to_unix(when);
	return true;
}

/* 0001-01-01T00:00:00Z and 9999-12-31T23:59:59Z */
#define INSTANT_MIN (-62135596800)
#define INSTANT_MAX 253402300799

char *
instant_to_text(int64_t at)
{
	int64_t near = CLAMP(at, INSTANT_MIN, INSTANT_MAX);
	g_autoptr(GDateTime) when = g_date_time_new_from_unix_utc(near);

	return g_strdup_printf("%04d-%02d-%02dT%02d:%02d:%02dZ",
	                       g_date_time_get_year(when),
	                       g_date_time_get_month(when),
	                       g_date_time_get_day_of_month(when),
	                       g_date_time_get_hour(when),
	                       g_date_time_get_minute(when),
	                       g_date_time_get_second(when));
}

bool
clock_is_fixed(void)
{
	return is_fixed;
}

int64_t
clock_boot(void)
{
	struct timespec since = { 0, 0 };

	clock_gettime(CLOCK_BOOTTIME, &since);
	return since.tv_sec;
}
