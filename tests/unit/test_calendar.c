#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/clock.h"

#include "desk/sla.h"

static Calendar *
office(const char *zone)
{
	Calendar *calendar = calendar_new(zone);
	const char *why = NULL;

	assert_non_null(calendar);
	assert_true(calendar_add_hours(calendar,
	                               "Mon-Fri 08:00-12:00 13:00-17:00",
	                               &why));
	assert_true(calendar_add_holiday(calendar, "2026-12-25", &why));
	assert_true(calendar_add_holiday(calendar,
	                                 "12-24 08:00-12:00 Christmas Eve",
	                                 &why));
	return calendar;
}

static int64_t
instant(const char *text)
{
	int64_t at;

	assert_true(instant_from_text(text, &at));
	return at;
}

/* what calendar_check() and a service manager would reckon by hand */
static void
test_sums(void **state)
{
	static const struct {
		const char *title;
		const char *zone;
		const char *from;
		int64_t hours;
		const char *due;
	} cases[] = {
		{ "over the weekend", "America/Bogota",
		  "2026-03-06T16:30:00-05:00", 4, "2026-03-09T11:30:00-05:00" },
		{ "T-02 over lunch", "America/Bogota",
		  "2026-03-04T11:00:00-05:00", 2, "2026-03-04T14:00:00-05:00" },
		{ "up to the closing, not the next opening", "America/Bogota",
		  "2026-03-04T16:00:00-05:00", 1, "2026-03-04T17:00:00-05:00" },
		{ "a short day and a holiday", "Europe/Madrid",
		  "2026-12-24T11:00:00+01:00", 2, "2026-12-28T09:00:00+01:00" },
		{ "T-01 over the night the clock goes forward", "Europe/Madrid",
		  "2026-03-27T16:30:00+01:00", 1, "2026-03-30T08:30:00+02:00" },
		{ "before the day has begun", "Europe/Madrid",
		  "2026-03-04T05:00:00+01:00", 1, "2026-03-04T09:00:00+01:00" },
	};

	(void)state;
	for (unsigned i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autoptr(Calendar) calendar = office(cases[i].zone);
		int64_t from = instant(cases[i].from);
		int64_t due =
			calendar_after(calendar, from, cases[i].hours * 3600);
		if (due != instant(cases[i].due))
			fail_msg("%s: %s", cases[i].title,
			         calendar_local_text(calendar, due));
		if (calendar_between(calendar, from, due) !=
		    cases[i].hours * 3600)
			fail_msg("%s: not the same back", cases[i].title);
	}
}

/* Hours that a clock change falls into: the repeated one counts twice, the
 * skipped one not at all. */
static void
test_change_in_working_hours(void **state)
{
	static const struct {
		const char *title;
		const char *zone;
		const char *day;
		int64_t minutes;
	} cases[] = {
		{ "T-01 Lord Howe, half an hour forward", "Australia/Lord_Howe",
		  "2026-10-03T15:00:00Z", 23 * 60 + 30 },
		{ "T-01 Lord Howe, half an hour back", "Australia/Lord_Howe",
		  "2026-04-04T15:00:00Z", 24 * 60 + 30 },
		{ "T-01 Madrid forward", "Europe/Madrid",
		  "2026-03-29T00:30:00Z", 23 * 60 },
		{ "T-01 Madrid back", "Europe/Madrid", "2026-10-25T00:30:00Z",
		  25 * 60 },
	};

	(void)state;
	for (unsigned i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autoptr(Calendar) calendar = calendar_new(cases[i].zone);
		int64_t day = calendar_day_of(calendar, instant(cases[i].day));
		CalendarDay look = calendar_look_at(calendar, day);
		if (look.seconds != cases[i].minutes * 60)
			fail_msg("%s: %d minutes", cases[i].title,
			         (int)(look.seconds / 60));
	}
}

/* T-01: opened in the hour that comes twice, each time the right one */
static void
test_repeated_hour(void **state)
{
	g_autoptr(Calendar) calendar = calendar_new("Europe/Madrid");
	int64_t first = instant("2026-10-25T02:30:00+02:00");
	int64_t second = instant("2026-10-25T02:30:00+01:00");

	(void)state;
	assert_int_equal(second - first, 3600);
	assert_int_equal(calendar_after(calendar, first, 3600), second);
	assert_int_equal(calendar_between(calendar, first, second), 3600);
}

static void
test_far_instants(void **state)
{
	g_autoptr(Calendar) calendar = office("Europe/Madrid");
	g_autoptr(Calendar) closed = calendar_new("UTC");
	const char *why = NULL;
	int64_t in_2038 = instant("2038-01-19T03:14:08Z");
	int64_t in_2106 = instant("2106-02-07T06:28:16Z");

	(void)state;
	assert_true(calendar_after(calendar, in_2038, 3600) > in_2038);
	assert_true(calendar_after(calendar, in_2106, 3600) > in_2106);
	assert_true(calendar_after(calendar, -1, 3600) > -1);
	assert_true(calendar_after(calendar, INT64_MIN, 3600) < 0);
	assert_int_equal(calendar_between(calendar, INT64_MAX, INT64_MIN), 0);
	assert_true(calendar_between(calendar, INT64_MIN, INT64_MAX) > 0);
	assert_true(calendar_after(calendar, INT64_MAX, 1) > 0);
	assert_true(calendar_after(calendar, 0, INT64_MAX) == CALENDAR_NEVER);
	assert_true(calendar_add_hours(closed, "Mon 08:00-09:00", &why));
	assert_true(calendar_after(closed, 0, 3600) == 4 * 86400 + 9 * 3600);
}

static void
test_words(void **state)
{
	static const struct {
		const char *text;
		bool is_good;
		int days;
		int64_t seconds;
	} times[] = {
		{ "30m", true, 0, 1800 },    { "4h", true, 0, 14400 },
		{ "3d", true, 3, 0 },        { "1d 4h30m", true, 1, 16200 },
		{ "90s", true, 0, 90 },      { "", false, 0, 0 },
		{ "4", false, 0, 0 },        { "4w", false, 0, 0 },
		{ "9999999h", false, 0, 0 }, { "-4h", false, 0, 0 },
	};

	static const struct {
		const char *text;
		bool is_good;
		StepPlace place;
	} places[] = {
		{ "75%", true, { 75, 0 } },     { "breach", true, { 100, 0 } },
		{ "+2h", true, { 100, 7200 } }, { "-1h", true, { 100, -3600 } },
		{ "75", false, { 100, 0 } },    { "+2d", false, { 100, 0 } },
		{ "soon", false, { 100, 0 } },
	};

	g_autofree char *shown = working_time_text(3 * 28800 + 5400, 28800);

	(void)state;
	for (unsigned i = 0; i < G_N_ELEMENTS(times); i++) {
		WorkingTime time = { 0, 0 };
		assert_int_equal(working_time_from_text(times[i].text, &time),
		                 times[i].is_good);
		assert_int_equal(time.days, times[i].days);
		assert_int_equal(time.seconds, times[i].seconds);
	}
	for (unsigned i = 0; i < G_N_ELEMENTS(places); i++) {
		StepPlace place;
		assert_int_equal(step_place_from_text(places[i].text, &place),
		                 places[i].is_good);
		assert_int_equal(place.percent, places[i].place.percent);
		assert_int_equal(place.seconds, places[i].place.seconds);
	}
	assert_string_equal(shown, "3d 01:30");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_sums),
		cmocka_unit_test(test_change_in_working_hours),
		cmocka_unit_test(test_repeated_hour),
		cmocka_unit_test(test_far_instants),
		cmocka_unit_test(test_words),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
