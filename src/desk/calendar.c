#include "desk/calendar.h"

#include <string.h>

#define MINUTES_A_DAY       1440
#define SECONDS_A_DAY       86400 /* of local time, whose days are all alike */
#define WEEKDAYS            7
#define EPOCH_JULIAN        719163 /* GDate's day of 1970-01-01 */
/* 1900-01-01 and 2200-01-01: the arithmetic stays far from overflow (T-06) */
#define INSTANT_FIRST       (-2208988800)
#define INSTANT_LAST        7258118400
/* at most so many UTC hours are between two clocks on the wall */
#define OFFSET_MAX          SECONDS_A_DAY
#define FINGERPRINT_OFFSETS 40 /* of fifteen days: the next year and a half */
#define FINGERPRINT_STEP    (15 * SECONDS_A_DAY)

/* minutes of the local day; to may be 1440 */
typedef struct Hours {
	int from;
	int to;
} Hours;

typedef struct DayHours {
	unsigned count;
	Hours spans[CALENDAR_SPANS_MAX];
} DayHours;

/* A day that is not as its weekday; of each year: month * 100 + day. */
typedef struct OddDay {
	int64_t day;
	DayHours hours;
	const char *name;
} OddDay;

struct Calendar {
	GStringChunk *strings;
	GTimeZone *zone;
	bool has_hours;
	DayHours week[WEEKDAYS]; /* Monday first */
	GArray *odd;             /* of OddDay, by day */
	GArray *yearly;          /* of OddDay, by month and day */
};

/* ---- life ---- */

static void
open_always(Calendar *calendar)
{
	for (unsigned i = 0; i < WEEKDAYS; i++)
		calendar->week[i] = (DayHours){ 1, { { 0, MINUTES_A_DAY } } };
}

Calendar *
calendar_new(const char *timezone)
{
	GTimeZone *zone = g_time_zone_new_identifier(timezone);

	if (zone == NULL)
		return NULL;
	Calendar *calendar = g_new0(Calendar, 1);
	calendar->strings = g_string_chunk_new(256);
	calendar->zone = zone;
	calendar->odd = g_array_new(FALSE, FALSE, sizeof(OddDay));
	calendar->yearly = g_array_new(FALSE, FALSE, sizeof(OddDay));
	open_always(calendar);
	return calendar;
}

void
calendar_free(Calendar *calendar)
{
	if (calendar == NULL)
		return;
	g_array_unref(calendar->odd);
	g_array_unref(calendar->yearly);
	g_time_zone_unref(calendar->zone);
	g_string_chunk_free(calendar->strings);
	g_free(calendar);
}

/* ---- hours from text ---- */

static bool
wrong(const char **out_why, const char *why)
{
	*out_why = why;
	return false;
}

static bool
read_minutes(const char **at, int *out_minutes)
{
	const char *c = *at;

	if (!g_ascii_isdigit(c[0]) || !g_ascii_isdigit(c[1]) || c[2] != ':' ||
	    !g_ascii_isdigit(c[3]) || !g_ascii_isdigit(c[4]))
		return false;
	int hour = (c[0] - '0') * 10 + c[1] - '0';
	int minute = (c[3] - '0') * 10 + c[4] - '0';
	*out_minutes = hour * 60 + minute;
	*at += 5;
	return minute < 60 && *out_minutes <= MINUTES_A_DAY;
}

/* "08:00-12:00" at *at; with to <= from it goes over midnight. */
static bool
read_hours(const char **at, Hours *out)
{
	const char *c = *at;

	if (!read_minutes(&c, &out->from) || *c++ != '-' ||
	    !read_minutes(&c, &out->to))
		return false;
	*at = c;
	return out->from < MINUTES_A_DAY;
}

static bool
add_span(DayHours *day, int from, int to, const char **out_why)
{
	unsigned i = day->count;

	if (i == CALENDAR_SPANS_MAX)
		return wrong(out_why, "too many intervals in one day");
	while (i > 0 && day->spans[i - 1].from > from) {
		day->spans[i] = day->spans[i - 1];
		i--;
	}
	day->spans[i] = (Hours){ from, to };
	day->count++;
	if ((i > 0 && day->spans[i - 1].to > from) ||
	    (i + 1 < day->count && day->spans[i + 1].from < to))
		return wrong(out_why, "these hours overlap others of that day");
	return true;
}

static const char *const weekday_names[WEEKDAYS] = { "Mon", "Tue", "Wed", "Thu",
	                                             "Fri", "Sat", "Sun" };

/* "Mon" or "Monday" at *at */
static bool
read_weekday(const char **at, unsigned *out_day)
{
	for (unsigned i = 0; i < WEEKDAYS; i++) {
		if (g_ascii_strncasecmp(*at, weekday_names[i], 3) != 0)
			continue;
		*out_day = i;
		while (g_ascii_isalpha(**at))
			++*at;
		return true;
	}
	return false;
}

/* "Mon-Fri,Sun" at *at, as bits */
static bool
read_weekdays(const char **at, unsigned *out_days)
{
	unsigned first;
	unsigned last;

	*out_days = 0;
	do {
		if (**at == ',')
			++*at;
		if (!read_weekday(at, &first))
			return false;
		last = first;
		if (**at == '-') {
			++*at;
			if (!read_weekday(at, &last))
				return false;
		}
		for (unsigned day = first;; day = (day + 1) % WEEKDAYS) {
			*out_days |= 1u << day;
			if (day == last)
				break;
		}
	} while (**at == ',');
	return **at == ' ';
}

static bool
add_to_weekday(Calendar *calendar, unsigned day, const Hours *hours,
               const char **out_why)
{
	DayHours *today = &calendar->week[day];
	DayHours *tomorrow = &calendar->week[(day + 1) % WEEKDAYS];

	if (hours->to > hours->from)
		return add_span(today, hours->from, hours->to, out_why);
	return add_span(today, hours->from, MINUTES_A_DAY, out_why) &&
	       (hours->to == 0 || add_span(tomorrow, 0, hours->to, out_why));
}

static bool
add_to_weekdays(Calendar *calendar, unsigned days, const Hours *hours,
                const char **out_why)
{
	for (unsigned day = 0; day < WEEKDAYS; day++)
		if ((days & 1u << day) != 0 &&
		    !add_to_weekday(calendar, day, hours, out_why))
			return false;
	return true;
}

static const char *
skip_blanks(const char *at)
{
	while (*at == ' ' || *at == '\t')
		at++;
	return at;
}

bool
calendar_add_hours(Calendar *calendar, const char *text, const char **out_why)
{
	unsigned days;
	Hours hours;
	const char *at = text;

	if (!calendar->has_hours)
		memset(calendar->week, 0, sizeof(calendar->week));
	calendar->has_hours = true;
	if (strcmp(text, "24x7") == 0) {
		hours = (Hours){ 0, MINUTES_A_DAY };
		return add_to_weekdays(calendar, 0x7f, &hours, out_why);
	}
	if (!read_weekdays(&at, &days))
		return wrong(out_why, "hours are written \"Mon-Fri "
		                      "08:00-12:00\" or \"24x7\"");
	do {
		at = skip_blanks(at);
		if (!read_hours(&at, &hours))
			return wrong(out_why,
			             "an interval is written 08:00-12:00");
		if (!add_to_weekdays(calendar, days, &hours, out_why))
			return false;
		if (*at == ',')
			at++;
	} while (*at != '\0');
	return true;
}

/* ---- odd days ---- */

bool
calendar_day_from_date(int year, int month, int of_month, int64_t *out_day)
{
	GDate date;

	if (year < 1 || year > 9999 || month < 1 || month > 12 ||
	    !g_date_valid_dmy((GDateDay)of_month, (GDateMonth)month,
	                      (GDateYear)year))
		return false;
	g_date_clear(&date, 1);
	g_date_set_dmy(&date, (GDateDay)of_month, (GDateMonth)month,
	               (GDateYear)year);
	*out_day = (int64_t)g_date_get_julian(&date) - EPOCH_JULIAN;
	return true;
}

static GDate
date_of(int64_t day)
{
	GDate date;

	g_date_clear(&date, 1);
	g_date_set_julian(&date, (guint32)(day + EPOCH_JULIAN));
	return date;
}

/* Before the first that is not earlier than key. */
static unsigned
place_of(const GArray *days, int64_t key)
{
	unsigned low = 0;
	unsigned high = days->len;

	while (low < high) {
		unsigned middle = low + (high - low) / 2;
		if (g_array_index(days, OddDay, middle).day < key)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static const OddDay *
find_day(const GArray *days, int64_t key)
{
	unsigned i = place_of(days, key);

	if (i == days->len || g_array_index(days, OddDay, i).day != key)
		return NULL;
	return &g_array_index(days, OddDay, i);
}

/* What was said first holds: dates of the configuration before files. */
static bool
keep_day(Calendar *calendar, GArray *days, const OddDay *odd)
{
	OddDay kept = *odd;
	unsigned i = place_of(days, odd->day);

	if (find_day(days, odd->day) != NULL)
		return true;
	if (days->len == CALENDAR_DAYS_MAX)
		return false;
	kept.name =
		odd->name == NULL || *odd->name == '\0'
			? NULL
			: g_string_chunk_insert(calendar->strings, odd->name);
	g_array_insert_val(days, i, kept);
	return true;
}

bool
calendar_add_free_day(Calendar *calendar, int64_t day, const char *name)
{
	OddDay odd = { .day = day, .name = name };

	return keep_day(calendar, calendar->odd, &odd);
}

static bool
read_digits(const char **at, unsigned count, int *out)
{
	*out = 0;
	for (unsigned i = 0; i < count; i++, ++*at) {
		if (!g_ascii_isdigit(**at))
			return false;
		*out = *out * 10 + **at - '0';
	}
	return true;
}

/* "2026-12-24" or "12-24" at *at; *out_is_yearly: the key is month * 100 +
 * day */
static bool
read_date(const char **at, int64_t *out_key, bool *out_is_yearly)
{
	int year = 2000; /* has a 29 February */
	int month;
	int day;
	const char *c = *at;

	*out_is_yearly = strspn(c, "0123456789") != 4;
	if (!*out_is_yearly && (!read_digits(&c, 4, &year) || *c++ != '-'))
		return false;
	if (!read_digits(&c, 2, &month) || *c++ != '-' ||
	    !read_digits(&c, 2, &day) || (*c != '\0' && *c != ' '))
		return false;
	*at = c;
	if (!calendar_day_from_date(year, month, day, out_key))
		return false;
	if (*out_is_yearly)
		*out_key = month * 100 + day;
	return true;
}

bool
calendar_add_holiday(Calendar *calendar, const char *text, const char **out_why)
{
	OddDay odd = { 0 };
	const char *at = text;
	bool is_yearly;

	if (!read_date(&at, &odd.day, &is_yearly))
		return wrong(out_why, "a day is written 2026-12-24, or 12-24 "
		                      "for every year");
	for (at = skip_blanks(at); g_ascii_isdigit(*at); at = skip_blanks(at)) {
		Hours hours;
		if (!read_hours(&at, &hours) || hours.to <= hours.from)
			return wrong(out_why, "the hours of a short day are "
			                      "written 08:00-12:00");
		if (!add_span(&odd.hours, hours.from, hours.to, out_why))
			return false;
	}
	odd.name = at;
	if (!keep_day(calendar, is_yearly ? calendar->yearly : calendar->odd,
	              &odd))
		return wrong(out_why, "too many days");
	return true;
}

/* ---- days and instants ---- */

static int64_t
offset_at(const Calendar *calendar, int64_t at)
{
	int interval = g_time_zone_find_interval(calendar->zone,
	                                         G_TIME_TYPE_UNIVERSAL, at);

	return g_time_zone_get_offset(calendar->zone, interval);
}

static int64_t
floor_days(int64_t seconds)
{
	return seconds >= 0 ? seconds / SECONDS_A_DAY
	                    : -((-seconds + SECONDS_A_DAY - 1) / SECONDS_A_DAY);
}

int64_t
calendar_day_of(const Calendar *calendar, int64_t at)
{
	int64_t near = CLAMP(at, INSTANT_FIRST, INSTANT_LAST);

	return floor_days(near + offset_at(calendar, near));
}

/* The first instant from low on (exclusive) to high at which the offset is
 * wanted; it changes once between them. */
static int64_t
change_between(const Calendar *calendar, int64_t low, int64_t high,
               int64_t wanted)
{
	while (high - low > 1) {
		int64_t middle = low + (high - low) / 2;
		if (offset_at(calendar, middle) == wanted)
			high = middle;
		else
			low = middle;
	}
	return high;
}

/* When the clock on the wall shows local, the first or the last time; where it
 * never does, when it jumps over it. */
static int64_t
instant_of(const Calendar *calendar, int64_t local, bool is_last)
{
	int64_t before = offset_at(calendar, local - OFFSET_MAX);
	int64_t after = offset_at(calendar, local + OFFSET_MAX);
	int64_t early = local - before;
	int64_t late = local - after;
	bool is_early = offset_at(calendar, early) == before;
	bool is_late = offset_at(calendar, late) == after;

	if (is_early && (!is_late || !is_last))
		return early;
	if (is_late)
		return late;
	return change_between(calendar, local - OFFSET_MAX, local + OFFSET_MAX,
	                      after);
}

static const OddDay *
odd_day(const Calendar *calendar, int64_t day)
{
	const OddDay *odd = find_day(calendar->odd, day);

	if (odd != NULL || calendar->yearly->len == 0)
		return odd;
	GDate date = date_of(day);
	return find_day(calendar->yearly,
	                (int64_t)g_date_get_month(&date) * 100 +
	                        g_date_get_day(&date));
}

/* 1970-01-01 was a Thursday */
static unsigned
weekday_of(int64_t day)
{
	return (unsigned)(((day + 3) % WEEKDAYS + WEEKDAYS) % WEEKDAYS);
}

/* The open times of one day as instants; spans of CALENDAR_SPANS_MAX. */
typedef struct Span {
	int64_t from;
	int64_t to;
} Span;

static unsigned
spans_of(const Calendar *calendar, int64_t day, Span *spans)
{
	const OddDay *odd = odd_day(calendar, day);
	const DayHours *hours =
		odd != NULL ? &odd->hours : &calendar->week[weekday_of(day)];
	int64_t midnight = day * SECONDS_A_DAY;

	if (hours->count == 0)
		return 0;
	int64_t before = offset_at(calendar, midnight - OFFSET_MAX);
	bool is_plain =
		before == offset_at(calendar, midnight + 2 * OFFSET_MAX);
	for (unsigned i = 0; i < hours->count; i++) {
		int64_t from = midnight + hours->spans[i].from * 60;
		int64_t to = midnight + hours->spans[i].to * 60;
		spans[i] = is_plain ? (Span){ from - before, to - before }
		                    : (Span){ instant_of(calendar, from, false),
			                      instant_of(calendar, to, true) };
	}
	return hours->count;
}

/* ---- arithmetic ---- */

/* Open times one after the other, cut at since, never overlapping even where
 * a clock goes back over midnight. */
typedef struct Walk {
	const Calendar *calendar;
	int64_t day; /* the next to be looked at */
	int64_t end_day;
	int64_t since;
	unsigned count;
	unsigned next;
	Span spans[CALENDAR_SPANS_MAX];
} Walk;

static Walk
walk_from(const Calendar *calendar, int64_t at)
{
	int64_t near = CLAMP(at, INSTANT_FIRST, INSTANT_LAST);
	int64_t day = calendar_day_of(calendar, near) - 1;

	return (Walk){ .calendar = calendar,
		       .day = day,
		       .end_day = day + CALENDAR_WALK_DAYS,
		       .since = near };
}

static bool
walk_next(Walk *walk, Span *out)
{
	for (;;) {
		while (walk->next == walk->count) {
			if (walk->day == walk->end_day)
				return false;
			walk->count = spans_of(walk->calendar, walk->day++,
			                       walk->spans);
			walk->next = 0;
		}
		*out = walk->spans[walk->next++];
		out->from = MAX(out->from, walk->since);
		if (out->to <= out->from)
			continue;
		walk->since = out->to;
		return true;
	}
}

bool
calendar_is_open(const Calendar *calendar, int64_t at)
{
	return calendar_next_open(calendar, at) == at;
}

int64_t
calendar_next_open(const Calendar *calendar, int64_t at)
{
	Walk walk = walk_from(calendar, at);
	Span span;

	return walk_next(&walk, &span) ? span.from : CALENDAR_NEVER;
}

int64_t
calendar_between(const Calendar *calendar, int64_t from, int64_t to)
{
	Walk walk = walk_from(calendar, from);
	int64_t end = CLAMP(to, INSTANT_FIRST, INSTANT_LAST);
	int64_t total = 0;
	Span span;

	if (to <= from)
		return 0;
	while (walk_next(&walk, &span) && span.from < end)
		total += MIN(span.to, end) - span.from;
	return total;
}

int64_t
calendar_after(const Calendar *calendar, int64_t from, int64_t seconds)
{
	Walk walk = walk_from(calendar, from);
	int64_t left = seconds;
	Span span;

	if (seconds <= 0)
		return from;
	while (walk_next(&walk, &span)) {
		if (span.to - span.from >= left)
			return span.from + left;
		left -= span.to - span.from;
	}
	return CALENDAR_NEVER;
}

static int64_t
seconds_of(const DayHours *hours)
{
	int64_t minutes = 0;

	for (unsigned i = 0; i < hours->count; i++)
		minutes += hours->spans[i].to - hours->spans[i].from;
	return minutes * 60;
}

int64_t
calendar_day_seconds(const Calendar *calendar)
{
	int64_t longest = 0;

	for (unsigned i = 0; i < WEEKDAYS; i++)
		longest = MAX(longest, seconds_of(&calendar->week[i]));
	return longest;
}

/* ---- for people ---- */

CalendarDay
calendar_look_at(const Calendar *calendar, int64_t day)
{
	const OddDay *odd = odd_day(calendar, day);
	Span spans[CALENDAR_SPANS_MAX];
	unsigned count = spans_of(calendar, day, spans);
	CalendarDay look = {
		.day = day,
		.regular = seconds_of(&calendar->week[weekday_of(day)]),
		.is_odd = odd != NULL,
		.name = odd == NULL ? NULL : odd->name,
	};

	for (unsigned i = 0; i < count; i++)
		look.seconds += spans[i].to - spans[i].from;
	return look;
}

char *
calendar_day_text(int64_t day)
{
	GDate date = date_of(day);

	return g_strdup_printf("%s %04d-%02d-%02d",
	                       weekday_names[weekday_of(day)],
	                       g_date_get_year(&date),
	                       (int)g_date_get_month(&date),
	                       g_date_get_day(&date));
}

char *
calendar_local_text(const Calendar *calendar, int64_t at)
{
	int64_t near = CLAMP(at, INSTANT_FIRST, INSTANT_LAST);
	int64_t offset = offset_at(calendar, near);
	int64_t local = near + offset;
	int64_t day = floor_days(local);
	int minute = (int)((local - day * SECONDS_A_DAY) / 60);
	int ahead = (int)(ABS(offset) / 60);
	g_autofree char *date = calendar_day_text(day);
	GString *text = g_string_new(date);

	g_string_append_printf(text, " %02d:%02d %c%02d", minute / 60,
	                       minute % 60, offset < 0 ? '-' : '+', ahead / 60);
	if (ahead % 60 != 0)
		g_string_append_printf(text, ":%02d", ahead % 60);
	return g_string_free(text, FALSE);
}

static void
print_hours(GString *text, const DayHours *hours)
{
	for (unsigned i = 0; i < hours->count; i++)
		g_string_append_printf(text, "%d-%d,", hours->spans[i].from,
		                       hours->spans[i].to);
	g_string_append_c(text, ';');
}

static void
print_days(GString *text, const GArray *days)
{
	for (unsigned i = 0; i < days->len; i++) {
		const OddDay *odd = &g_array_index(days, OddDay, i);
		g_string_append_printf(text, "%" G_GINT64_FORMAT ":", odd->day);
		print_hours(text, &odd->hours);
	}
}

char *
calendar_fingerprint(const Calendar *calendar, int64_t since)
{
	g_autoptr(GString) text = g_string_new(NULL);

	for (unsigned i = 0; i < WEEKDAYS; i++)
		print_hours(text, &calendar->week[i]);
	print_days(text, calendar->odd);
	print_days(text, calendar->yearly);
	for (unsigned i = 0; i < FINGERPRINT_OFFSETS; i++)
		g_string_append_printf(
			text, "%" G_GINT64_FORMAT ",",
			offset_at(calendar,
		                  since + (int64_t)i * FINGERPRINT_STEP));
	return g_compute_checksum_for_string(G_CHECKSUM_SHA256, text->str,
	                                     (gssize)text->len);
}
