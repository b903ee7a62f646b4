#include "config/holidays.h"

#include <libical/ical.h>

#include "base/error.h"
#include "base/io.h"

#include "config/ical_lazy.h"

/* One file while it is read. */
typedef struct Reading {
	const IcalTable *ical;
	Calendar *calendar;
	const char *name; /* of the event at hand */
	int days;         /* that it lasts */
	bool is_full;     /* a limit was met */
} Reading;

static bool
may_repeat(icalrecurrencetype_frequency frequency)
{
	return frequency == ICAL_YEARLY_RECURRENCE ||
	       frequency == ICAL_MONTHLY_RECURRENCE ||
	       frequency == ICAL_WEEKLY_RECURRENCE ||
	       frequency == ICAL_DAILY_RECURRENCE;
}

/* A date that the event is on: it, and the days that it lasts. */
static void
add_dates(Reading *reading, const struct icaltimetype *start)
{
	int64_t day;

	if (start->year < HOLIDAYS_FIRST_YEAR ||
	    start->year >= HOLIDAYS_LAST_YEAR ||
	    !calendar_day_from_date(start->year, start->month, start->day,
	                            &day))
		return;
	for (int i = 0; i < reading->days; i++)
		if (!calendar_add_free_day(reading->calendar, day + i,
		                           reading->name))
			reading->is_full = true;
}

static bool
days_between(const struct icaltimetype *from, const struct icaltimetype *to,
             int *out_days)
{
	int64_t first;
	int64_t last;

	if (!calendar_day_from_date(from->year, from->month, from->day,
	                            &first) ||
	    !calendar_day_from_date(to->year, to->month, to->day, &last) ||
	    last - first > HOLIDAYS_DAYS_MAX)
		return false;
	/* RFC 5545 section 3.6.1: without an end it lasts that day */
	*out_days = last > first ? (int)(last - first) : 1;
	return true;
}

static bool
rules_can_be_walked(const IcalTable *ical, icalcomponent *event)
{
	icalproperty *rule = ical->first_property(event, ICAL_RRULE_PROPERTY);

	for (; rule != NULL;
	     rule = ical->next_property(event, ICAL_RRULE_PROPERTY))
		if (!may_repeat(ical->get_rrule(rule).freq))
			return false;
	/* RFC 2445's, gone in RFC 5545; libical walks it unasked */
	return ical->first_property(event, ICAL_EXRULE_PROPERTY) == NULL;
}

/* The rule's own dates, its exceptions left out. */
static void
walk_rule(Reading *reading, icalcomponent *event, struct icaltimetype start,
          icalproperty *rule)
{
	const IcalTable *ical = reading->ical;
	icalrecur_iterator *dates =
		ical->iterator_new(ical->get_rrule(rule), start);

	for (unsigned i = 0; dates != NULL && i < HOLIDAYS_TIMES_MAX; i++) {
		struct icaltimetype date = ical->iterator_next(dates);
		if (ical->is_null_time(date) || date.year >= HOLIDAYS_LAST_YEAR)
			break;
		if (!ical->is_excluded(event, &start, &date))
			add_dates(reading, &date);
	}
	if (dates != NULL)
		ical->iterator_free(dates);
}

static void
walk_dates(Reading *reading, icalcomponent *event, struct icaltimetype start)
{
	const IcalTable *ical = reading->ical;
	icalproperty *rule = ical->first_property(event, ICAL_RRULE_PROPERTY);
	icalproperty *date = ical->first_property(event, ICAL_RDATE_PROPERTY);

	if (rule == NULL && !ical->is_excluded(event, &start, &start))
		add_dates(reading, &start);
	for (; rule != NULL;
	     rule = ical->next_property(event, ICAL_RRULE_PROPERTY))
		walk_rule(reading, event, start, rule);
	for (; date != NULL;
	     date = ical->next_property(event, ICAL_RDATE_PROPERTY)) {
		struct icaltimetype extra = ical->get_rdate(date).time;
		if (!ical->is_null_time(extra))
			add_dates(reading, &extra);
	}
}

static bool
read_event(Reading *reading, icalcomponent *event, GError **error)
{
	const IcalTable *ical = reading->ical;
	struct icaltimetype start = ical->get_start(event);
	struct icaltimetype end = ical->get_end(event);

	if (!start.is_date || ical->is_null_time(start) ||
	    ical->get_status(event) == ICAL_STATUS_CANCELLED)
		return true;
	reading->name = ical->get_summary(event);
	if (!rules_can_be_walked(ical, event))
		return error_set(error, ERROR_CONFIG,
		                 "%s: a holiday repeats yearly, monthly, "
		                 "weekly or daily",
		                 reading->name == NULL ? "?" : reading->name);
	if (ical->is_null_time(end))
		end = start;
	if (!days_between(&start, &end, &reading->days))
		return error_set(error, ERROR_CONFIG,
		                 "%s: lasts more than %d days",
		                 reading->name == NULL ? "?" : reading->name,
		                 HOLIDAYS_DAYS_MAX);
	walk_dates(reading, event, start);
	return true;
}

static bool
read_events(Reading *reading, icalcomponent *file, GError **error)
{
	const IcalTable *ical = reading->ical;
	icalcomponent *event =
		ical->first_component(file, ICAL_VEVENT_COMPONENT);
	unsigned count = 0;

	for (; event != NULL;
	     event = ical->next_component(file, ICAL_VEVENT_COMPONENT)) {
		if (++count > HOLIDAYS_EVENTS_MAX)
			return error_set(error, ERROR_CONFIG,
			                 "more than %d events",
			                 HOLIDAYS_EVENTS_MAX);
		if (!read_event(reading, event, error))
			return false;
	}
	if (reading->is_full)
		return error_set(error, ERROR_CONFIG, "more than %d free days",
		                 CALENDAR_DAYS_MAX);
	return true;
}

bool
holidays_read(const char *path, Calendar *calendar, GError **error)
{
	g_autoptr(GBytes) octets = io_read_file(path, HOLIDAYS_FILE_MAX, error);
	gsize size;

	if (octets == NULL)
		return false;
	const IcalTable *ical = ical_lazy(error);
	if (ical == NULL)
		return false;
	const char *data = g_bytes_get_data(octets, &size);
	g_autofree char *text = g_strndup(data == NULL ? "" : data, size);
	icalcomponent *file = ical->parse(text);
	if (file == NULL)
		return error_set(error, ERROR_CONFIG, "no calendar file");
	Reading reading = { .ical = ical, .calendar = calendar };
	bool is_read = read_events(&reading, file, error);
	ical->component_free(file);
	return is_read;
}
