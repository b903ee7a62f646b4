#include "sieve/date.h"

#include <string.h>

#include <glib.h>

/* The days from 17 November 1858 to 1 January 1970. */
#define MODIFIED_JULIAN_EPOCH 40587
#define DAY_SECONDS           86400
#define WORDS_MAX             16

static const char *const months[] = {
	"Jan", "Feb", "Mar", "Apr", "May", "Jun",
	"Jul", "Aug", "Sep", "Oct", "Nov", "Dec"
};
static const char *const weekdays[] = { "Sun", "Mon", "Tue", "Wed",
	                                "Thu", "Fri", "Sat" };

/* RFC 5322 section 4.3 */
static const struct {
	const char *name;
	int offset;
} zones[] = {
	{ "UT", 0 },     { "GMT", 0 },    { "UTC", 0 },    { "Z", 0 },
	{ "EST", -300 }, { "EDT", -240 }, { "CST", -360 }, { "CDT", -300 },
	{ "MST", -420 }, { "MDT", -360 }, { "PST", -480 }, { "PDT", -420 },
};

bool
mail_zone_read(const char *text, int *out_offset)
{
	bool has_sign = *text == '+' || *text == '-';

	for (unsigned i = 0; i < G_N_ELEMENTS(zones); i++)
		if (g_ascii_strcasecmp(zones[i].name, text) == 0) {
			*out_offset = zones[i].offset;
			return true;
		}
	if (!has_sign || strlen(text) != 5 ||
	    strspn(text + 1, "0123456789") != 4)
		return false;
	int digits = (int)g_ascii_strtoll(text + 1, NULL, 10);
	if (digits % 100 > 59 || digits / 100 > 23)
		return false;
	*out_offset =
		(digits / 100 * 60 + digits % 100) * (*text == '-' ? -1 : 1);
	return true;
}

/* The words of the date without its comments and weekday. */
static GPtrArray *
words_of(const char *text)
{
	GPtrArray *words = g_ptr_array_new_with_free_func(g_free);
	unsigned depth = 0;
	g_autoptr(GString) word = g_string_new(NULL);

	for (;; text++) {
		bool ends = *text == '\0' || *text == ',' ||
		            g_ascii_isspace(*text) || *text == '(';

		if (depth == 0 && ends && word->len > 0) {
			if (*text != ',' && words->len < WORDS_MAX)
				g_ptr_array_add(words, g_strdup(word->str));
			g_string_truncate(word, 0);
		}
		if (*text == '\0')
			return words;
		if (*text == '(')
			depth++;
		else if (*text == ')' && depth > 0)
			depth--;
		else if (depth == 0 && !ends)
			g_string_append_c(word, *text);
	}
}

static int
month_of(const char *word)
{
	for (int i = 0; i < (int)G_N_ELEMENTS(months); i++)
		if (g_ascii_strncasecmp(months[i], word, 3) == 0)
			return i + 1;
	return 0;
}

/* two digits are of 1950 to 2049, three count from 1900 */
static int
year_of(const char *word)
{
	int year = (int)g_ascii_strtoll(word, NULL, 10);

	if (strlen(word) == 2)
		return year < 50 ? 2000 + year : 1900 + year;
	return strlen(word) == 3 ? 1900 + year : year;
}

static bool
read_clock(const char *word, int *hour, int *minute, double *second)
{
	char *end;

	*hour = (int)g_ascii_strtoll(word, &end, 10);
	if (*end != ':')
		return false;
	*minute = (int)g_ascii_strtoll(end + 1, &end, 10);
	*second = *end == ':' ? (double)g_ascii_strtoll(end + 1, &end, 10) : 0;
	/* a leap second is the last of its minute */
	*second = MIN(*second, 59);
	return *end == '\0';
}

bool
mail_date_read(const char *text, MailDate *out_date)
{
	const char *last = strrchr(text, ';');
	g_autoptr(GPtrArray) words = words_of(last == NULL ? text : last + 1);
	unsigned first = 0;
	int hour, minute;
	double second;
	MailDate date = { 0, 0 };

	/* a weekday whose comma is missing */
	if (words->len > 0 && g_ascii_isalpha(*(char *)words->pdata[0]))
		first = 1;
	if (words->len < first + 4 ||
	    !read_clock(words->pdata[first + 3], &hour, &minute, &second))
		return false;
	if (words->len > first + 4)
		mail_zone_read(words->pdata[first + 4], &date.offset);
	g_autoptr(GDateTime) moment =
		g_date_time_new_utc(year_of(words->pdata[first + 2]),
	                            month_of(words->pdata[first + 1]),
	                            (int)g_ascii_strtoll(words->pdata[first],
	                                                 NULL, 10),
	                            hour, minute, second);
	if (moment == NULL)
		return false;
	date.at = g_date_time_to_unix(moment) - date.offset * 60;
	*out_date = date;
	return true;
}

/* ---- parts ---- */

typedef struct Moment {
	GDateTime *local; /* its clock shows the zone's time */
	int offset;
} Moment;

static char *
zone_text(const Moment *m, const char *between)
{
	int minutes = abs(m->offset);

	return g_strdup_printf("%c%02d%s%02d", m->offset < 0 ? '-' : '+',
	                       minutes / 60, between, minutes % 60);
}

static char *
julian(const Moment *m)
{
	int64_t days = g_date_time_to_unix(m->local) / DAY_SECONDS;

	return g_strdup_printf("%" G_GINT64_FORMAT,
	                       days + MODIFIED_JULIAN_EPOCH);
}

static char *
iso8601(const Moment *m)
{
	g_autofree char *clock =
		g_date_time_format(m->local, "%Y-%m-%dT%H:%M:%S");
	g_autofree char *zone = zone_text(m, ":");

	return g_strconcat(clock, zone, NULL);
}

static char *
std11(const Moment *m)
{
	g_autofree char *clock = g_date_time_format(m->local, "%Y %H:%M:%S");
	g_autofree char *zone = zone_text(m, "");
	int weekday = g_date_time_get_day_of_week(m->local) % 7;
	int month = g_date_time_get_month(m->local) - 1;

	return g_strdup_printf("%s, %02d %s %s %s", weekdays[weekday],
	                       g_date_time_get_day_of_month(m->local),
	                       months[month], clock, zone);
}

static char *
zone(const Moment *m)
{
	return zone_text(m, "");
}

static char *
weekday(const Moment *m)
{
	return g_strdup_printf("%d", g_date_time_get_day_of_week(m->local) % 7);
}

static const struct {
	const char *part;
	const char *format; /* of g_date_time_format(), or */
	char *(*write)(const Moment *m);
} parts[] = {
	{ "year", "%Y", NULL },       { "month", "%m", NULL },
	{ "day", "%d", NULL },        { "date", "%Y-%m-%d", NULL },
	{ "julian", NULL, julian },   { "hour", "%H", NULL },
	{ "minute", "%M", NULL },     { "second", "%S", NULL },
	{ "time", "%H:%M:%S", NULL }, { "iso8601", NULL, iso8601 },
	{ "std11", NULL, std11 },     { "zone", NULL, zone },
	{ "weekday", NULL, weekday },
};

char *
mail_date_part(int64_t at, int offset, const char *part)
{
	g_autoptr(GDateTime) local =
		g_date_time_new_from_unix_utc(at + offset * 60);
	Moment moment = { local, offset };

	for (unsigned i = 0; local != NULL && i < G_N_ELEMENTS(parts); i++) {
		if (g_ascii_strcasecmp(parts[i].part, part) != 0)
			continue;
		return parts[i].format != NULL
		               ? g_date_time_format(local, parts[i].format)
		               : parts[i].write(&moment);
	}
	return NULL;
}
