/* Working time, looked at: odd days, worked examples, sums. */
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>

#include "base/clock.h"
#include "base/error.h"
#include "base/json.h"

#include "cli/session.h"

#define CHECK_DAYS 731 /* two years */

/* The section; the first one where no name is given. */
static const OpeningHours *
find_hours(const Desk *desk, const char *name, GError **error)
{
	for (unsigned i = 0; i < desk->calendars->len; i++) {
		const OpeningHours *hours = desk->calendars->pdata[i];
		if (name == NULL || strcmp(hours->name, name) == 0)
			return hours;
	}
	error_set(error, ERROR_NOT_FOUND, "%s: no such calendar",
	          name == NULL ? "calendar" : name);
	return NULL;
}

/* ---- list ---- */

static int
list(const Context *context, const Desk *desk)
{
	for (unsigned i = 0; i < desk->calendars->len; i++) {
		const OpeningHours *hours = desk->calendars->pdata[i];
		int64_t day = calendar_day_seconds(hours->calendar);
		const char *zone = hours->timezone == NULL ? desk->timezone
		                                           : hours->timezone;

		if (!context->json) {
			g_autofree char *times =
				g_strjoinv("; ",
			                   (char **)(uintptr_t)hours->hours);
			printf("%-16s %-20s %s\n", hours->name, zone, times);
			continue;
		}
		json_t *json = json_pack("{s:s, s:s, s:I}", "name", hours->name,
		                         "timezone", zone, "day_seconds",
		                         (json_int_t)day);
		json_print_line(stdout, json);
	}
	return EXIT_SUCCESS;
}

/* ---- check ---- */

static void
print_odd_day(const Context *context, const OpeningHours *hours,
              const CalendarDay *day)
{
	g_autofree char *date = calendar_day_text(day->day);
	g_autofree char *open = working_time_text(day->seconds, 0);
	const char *why = day->name != NULL ? day->name
	                  : day->is_odd     ? "-"
	                                    : "the clock changes";

	if (context->json)
		json_print_line(stdout,
		                json_pack("{s:s, s:s, s:I, s:s}", "calendar",
		                          hours->name, "date", date + 4, "open",
		                          (json_int_t)day->seconds, "name",
		                          why));
	else
		printf("%s  %s  %s\n", date,
		       day->seconds == 0 ? "closed" : open, why);
}

static void
print_example(const OpeningHours *hours, int64_t from, const char *span)
{
	WorkingTime time;

	working_time_from_text(span, &time);
	int64_t due =
		calendar_after(hours->calendar, from,
	                       working_time_seconds(&time, hours->calendar));
	g_autofree char *begin = calendar_local_text(hours->calendar, from);
	g_autofree char *end =
		due == CALENDAR_NEVER
			? g_strdup("never")
			: calendar_local_text(hours->calendar, due);
	printf("%s + %-3s = %s\n", begin, span, end);
}

static void
print_examples(const OpeningHours *hours, int64_t now)
{
	static const char *const spans[] = { "30m", "4h", "1d", "3d" };
	g_autofree char *day =
		working_time_text(calendar_day_seconds(hours->calendar), 0);

	printf("a day of this calendar is %s\n", day);
	for (unsigned i = 0; i < G_N_ELEMENTS(spans); i++)
		print_example(hours, now, spans[i]);
}

static int
check(const Context *context, const OpeningHours *hours)
{
	int64_t now = clock_now();
	int64_t first = calendar_day_of(hours->calendar, now);

	for (int64_t day = first; day < first + CHECK_DAYS; day++) {
		CalendarDay look = calendar_look_at(hours->calendar, day);
		if (look.is_odd || look.seconds != look.regular)
			print_odd_day(context, hours, &look);
	}
	if (!context->json)
		print_examples(hours, now);
	return EXIT_SUCCESS;
}

/* ---- add ---- */

static int
add(const Context *context, const OpeningHours *hours, const char *span,
    int64_t from)
{
	WorkingTime time;

	if (!working_time_from_text(span, &time)) {
		fprintf(stderr,
		        "postigo: %s: not a time such as 30m, 4h or "
		        "3d\n",
		        span);
		return EX_USAGE;
	}
	int64_t seconds = working_time_seconds(&time, hours->calendar);
	int64_t due = calendar_after(hours->calendar, from, seconds);
	if (due == CALENDAR_NEVER) {
		fprintf(stderr, "postigo: %s is never open for so long\n",
		        hours->name);
		return EXIT_FAILURE;
	}
	g_autofree char *text = instant_to_text(due);
	g_autofree char *local = calendar_local_text(hours->calendar, due);
	if (context->json)
		json_print_line(stdout,
		                json_pack("{s:s, s:s, s:I}", "due", text,
		                          "local", local, "seconds",
		                          (json_int_t)seconds));
	else
		printf("%s  %s\n", text, local);
	return EXIT_SUCCESS;
}

static int
run_add(const Context *context, const Desk *desk, int argc, char **argv)
{
	static const struct option options[] = {
		{ "from", required_argument, NULL, 'f' },
		{ "calendar", required_argument, NULL, 'c' },
		{ NULL, 0, NULL, 0 },
	};
	g_autoptr(GError) error = NULL;
	const char *name = NULL;
	int64_t from = clock_now();
	int option;

	while ((option = getopt_long(argc, argv, "", options, NULL)) != -1) {
		if (option == 'c')
			name = optarg;
		else if (option != 'f' || !instant_from_text(optarg, &from))
			return session_usage(&cmd_calendar);
	}
	argv += optind;
	if (argv[0] != NULL && argv[1] != NULL)
		name = *argv++;
	if (argv[0] == NULL || argv[1] != NULL)
		return session_usage(&cmd_calendar);
	const OpeningHours *hours = find_hours(desk, name, &error);
	return hours == NULL ? session_fail(error)
	                     : add(context, hours, argv[0], from);
}

static int
run(Context *context, int argc, char **argv)
{
	g_auto(Session) session = { NULL, NULL, NULL };
	g_autoptr(GError) error = NULL;
	const char *verb = argc > 1 ? argv[1] : "list";

	if (!session_open_desk(&session, context, &error))
		return session_fail(error);
	if (strcmp(verb, "list") == 0 && argc <= 2)
		return list(context, session.desk);
	if (strcmp(verb, "add") == 0)
		return run_add(context, session.desk, argc - 1, argv + 1);
	if (strcmp(verb, "check") != 0 || argc > 3)
		return session_usage(&cmd_calendar);
	const OpeningHours *hours = find_hours(session.desk, argv[2], &error);
	return hours == NULL ? session_fail(error) : check(context, hours);
}

const Command cmd_calendar = {
	"calendar", "[list | check [NAME] | add [NAME] TIME [--from INSTANT]]",
	run, false
};
