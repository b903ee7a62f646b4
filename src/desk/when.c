#include "desk/when.h"

#include <stdlib.h>
#include <string.h>

#include <glib.h>

#define DAY INT64_C(86400)

static const struct {
	char letter;
	int64_t seconds;
} units[] = {
	{ 'm', 60 },      { 'h', 3600 },    { 'd', DAY },
	{ 'w', 7 * DAY }, { 's', 7 * DAY }, /* semanas */
};

static const char *
skip_blanks(const char *at)
{
	return at + strspn(at, " \t");
}

/* "30m" of "30m2h"; NULL: none */
static const char *
take_unit(const char *at, int64_t *seconds)
{
	char *end;
	int64_t number = g_ascii_strtoll(at, &end, 10);

	if (end == at || !g_ascii_isdigit(*at) || number > WHEN_SECONDS_MAX)
		return NULL;
	for (unsigned i = 0; i < G_N_ELEMENTS(units); i++)
		if (g_ascii_tolower(*end) == units[i].letter) {
			*seconds += number * units[i].seconds;
			return end + 1;
		}
	return NULL;
}

bool
when_span(const char *text, int64_t *out_seconds, const char **out_rest)
{
	const char *at = skip_blanks(text);
	int64_t seconds = 0;

	while (g_ascii_isdigit(*at) && seconds <= WHEN_SECONDS_MAX) {
		at = take_unit(at, &seconds);
		if (at == NULL)
			return false;
	}
	if (seconds == 0 || seconds > WHEN_SECONDS_MAX ||
	    (*at != '\0' && *at != ' ' && *at != '\t'))
		return false;
	*out_seconds = seconds;
	*out_rest = skip_blanks(at);
	return true;
}

/* days: 0 today, 1 tomorrow; weekday: 1 Monday (ISO 8601) */
static const struct {
	const char *word;
	int days;
	int weekday;
} day_words[] = {
	{ "today", 0, 0 },     { "hoy", 0, 0 },       { "tomorrow", 1, 0 },
	{ "mañana", 1, 0 },    { "manana", 1, 0 },    { "monday", 0, 1 },
	{ "tuesday", 0, 2 },   { "wednesday", 0, 3 }, { "thursday", 0, 4 },
	{ "friday", 0, 5 },    { "saturday", 0, 6 },  { "sunday", 0, 7 },
	{ "mon", 0, 1 },       { "tue", 0, 2 },       { "wed", 0, 3 },
	{ "thu", 0, 4 },       { "fri", 0, 5 },       { "sat", 0, 6 },
	{ "sun", 0, 7 },       { "lunes", 0, 1 },     { "martes", 0, 2 },
	{ "miércoles", 0, 3 }, { "miercoles", 0, 3 }, { "jueves", 0, 4 },
	{ "viernes", 0, 5 },   { "sábado", 0, 6 },    { "sabado", 0, 6 },
	{ "domingo", 0, 7 },
};

/* the word that stands at *at, lower case, and moves behind it */
static char *
take_word(const char **at)
{
	const char *start = skip_blanks(*at);
	size_t length = strcspn(start, " \t");
	g_autofree char *word = g_strndup(start, length);

	*at = start + length;
	return g_utf8_strdown(word, -1);
}

static bool
is_skipped(const char *word)
{
	static const char *const words[] = { "until", "till", "hasta",
		                             "el",    "on",   "at",
		                             "a",     "las",  NULL };

	return g_strv_contains(words, word);
}

/* *at behind "until", "hasta el" and the like */
static const char *
skip_words(const char *at)
{
	for (;;) {
		const char *next = at;
		g_autofree char *word = take_word(&next);

		if (!is_skipped(word))
			return skip_blanks(at);
		at = next;
	}
}

static GDateTime *
day_from_word(const char *word, GDateTime *today)
{
	for (unsigned i = 0; i < G_N_ELEMENTS(day_words); i++) {
		if (strcmp(day_words[i].word, word) != 0)
			continue;
		int days = day_words[i].days;
		if (day_words[i].weekday != 0)
			days = (day_words[i].weekday -
			        g_date_time_get_day_of_week(today) + 6) %
			               7 +
			       1;
		return g_date_time_add_days(today, days);
	}
	return NULL;
}

/* "2026-12-24" */
static GDateTime *
day_from_date(const char *word, GTimeZone *zone)
{
	char *end;
	long parts[3] = { 0, 0, 0 };

	for (unsigned i = 0; i < G_N_ELEMENTS(parts); i++) {
		if (!g_ascii_isdigit(*word))
			return NULL;
		parts[i] = strtol(word, &end, 10);
		if (*end != (i < 2 ? '-' : '\0') || parts[i] > 9999)
			return NULL;
		word = end + 1;
	}
	return g_date_time_new(zone, (int)parts[0], (int)parts[1],
	                       (int)parts[2], 0, 0, 0);
}

/* "10:00" or "9h"; behind it, or at where none stands */
static const char *
take_hour(const char *at, int *hour, int *minute)
{
	const char *next = skip_words(at);
	g_autofree char *word = take_word(&next);
	char *end;

	if (!g_ascii_isdigit(*word) || strchr(word, ':') == NULL)
		return at;
	long h = strtol(word, &end, 10);
	if (*end != ':' || !g_ascii_isdigit(end[1]))
		return at;
	long m = strtol(end + 1, &end, 10);
	if (*end != '\0' || h > 23 || m > 59)
		return at;
	*hour = (int)h;
	*minute = (int)m;
	return next;
}

static GTimeZone *
zone_of(const char *timezone)
{
	GTimeZone *zone =
		timezone == NULL ? NULL : g_time_zone_new_identifier(timezone);

	return zone == NULL ? g_time_zone_new_utc() : zone;
}

static bool
read_day(const char *text, int64_t now, GTimeZone *zone, int64_t *out_at,
         const char **out_rest)
{
	g_autoptr(GDateTime) utc = g_date_time_new_from_unix_utc(now);
	g_autoptr(GDateTime) local = g_date_time_to_timezone(utc, zone);
	const char *at = text;
	g_autofree char *word = take_word(&at);
	g_autoptr(GDateTime) day = day_from_word(word, local);
	int hour = WHEN_HOUR;
	int minute = 0;

	if (day == NULL)
		day = day_from_date(word, zone);
	if (day == NULL)
		return false;
	at = take_hour(at, &hour, &minute);
	g_autoptr(GDateTime) when =
		g_date_time_new(zone, g_date_time_get_year(day),
	                        g_date_time_get_month(day),
	                        g_date_time_get_day_of_month(day), hour, minute,
	                        0);
	if (when == NULL)
		return false;
	*out_at = g_date_time_to_unix(when);
	*out_rest = skip_blanks(at);
	return true;
}

bool
when_read(const char *text, int64_t now, const char *timezone, int64_t *out_at,
          const char **out_rest)
{
	const char *at = skip_words(text);
	g_autoptr(GTimeZone) zone = zone_of(timezone);
	int64_t span;

	if (when_span(at, &span, out_rest)) {
		*out_at = now + span;
		return true;
	}
	return read_day(at, now, zone, out_at, out_rest) && *out_at > now &&
	       *out_at - now <= WHEN_SECONDS_MAX;
}

char *
when_text(int64_t at, const char *timezone)
{
	g_autoptr(GTimeZone) zone = zone_of(timezone);
	g_autoptr(GDateTime) utc = g_date_time_new_from_unix_utc(at);
	g_autoptr(GDateTime) local = g_date_time_to_timezone(utc, zone);

	return g_date_time_format(local, "%Y-%m-%d %H:%M");
}
