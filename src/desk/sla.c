#include "desk/sla.h"

#include <string.h>

#define DIGITS_MAX 6
#define MINUTE     60
#define HOUR       3600

static const char *const clock_names[CLOCK_KINDS] = {
	[CLOCK_FIRST_RESPONSE] = "first-response",
	[CLOCK_NEXT_RESPONSE] = "next-response",
	[CLOCK_RESOLUTION] = "resolution",
	[CLOCK_KEEP_IN_TOUCH] = "keep-in-touch",
};

const char *
clock_name(ClockKind kind)
{
	return clock_names[kind];
}

bool
clock_from_name(const char *name, ClockKind *out_kind)
{
	for (unsigned i = 0; i < CLOCK_KINDS; i++) {
		if (g_strcmp0(clock_names[i], name) != 0)
			continue;
		*out_kind = (ClockKind)i;
		return true;
	}
	return false;
}

/* ---- working time ---- */

bool
working_time_from_text(const char *text, WorkingTime *out)
{
	WorkingTime time = { 0, 0 };

	for (const char *at = text; *at != '\0';) {
		size_t digits = strspn(at, "0123456789");
		if (digits == 0 || digits > DIGITS_MAX)
			return false;
		int64_t number = g_ascii_strtoll(at, NULL, 10);
		switch (at[digits]) {
		case 'd':
			time.days += (int)number;
			break;
		case 'h':
			time.seconds += number * HOUR;
			break;
		case 'm':
			time.seconds += number * MINUTE;
			break;
		case 's':
			time.seconds += number;
			break;
		default:
			return false;
		}
		at += digits + 1;
		at += strspn(at, " ");
	}
	*out = time;
	return *text != '\0';
}

int64_t
working_time_seconds(const WorkingTime *time, const Calendar *calendar)
{
	return time->days * calendar_day_seconds(calendar) + time->seconds;
}

char *
working_time_text(int64_t seconds, int64_t day_seconds)
{
	int64_t left = ABS(seconds);
	int64_t days = day_seconds > 0 ? left / day_seconds : 0;
	const char *sign = seconds < 0 ? "-" : "";

	left -= days * day_seconds;
	if (days == 0)
		return g_strdup_printf("%s%02d:%02d", sign, (int)(left / HOUR),
		                       (int)(left % HOUR / MINUTE));
	return g_strdup_printf("%s%" G_GINT64_FORMAT "d %02d:%02d", sign, days,
	                       (int)(left / HOUR), (int)(left % HOUR / MINUTE));
}

/* ---- targets ---- */

void
sla_free(Sla *sla)
{
	if (sla == NULL)
		return;
	g_ptr_array_unref(sla->priorities);
	g_ptr_array_unref(sla->types);
	g_free(sla);
}

static bool
is_some(const WorkingTime *time)
{
	return time->days != 0 || time->seconds != 0;
}

static const WorkingTime *
excepted(const GPtrArray *exceptions, const char *word, ClockKind kind)
{
	for (unsigned i = 0; i < exceptions->len; i++) {
		const SlaException *exception = exceptions->pdata[i];
		if (g_strcmp0(exception->word, word) == 0 &&
		    is_some(&exception->targets[kind]))
			return &exception->targets[kind];
	}
	return NULL;
}

int64_t
sla_target(const Sla *sla, const Calendar *calendar, ClockKind kind,
           const char *priority, const char *type)
{
	const WorkingTime *target = excepted(sla->priorities, priority, kind);

	if (target == NULL)
		target = excepted(sla->types, type, kind);
	if (target == NULL)
		target = &sla->targets[kind];
	return working_time_seconds(target, calendar);
}

/* ---- ladders ---- */

bool
step_place_from_text(const char *text, StepPlace *out)
{
	size_t digits = strspn(text, "0123456789");
	bool is_before = *text == '-';
	WorkingTime time;

	*out = (StepPlace){ 100, 0 };
	if (strcmp(text, "breach") == 0)
		return true;
	if (digits > 0 && digits <= 3 && strcmp(text + digits, "%") == 0) {
		out->percent = (int)g_ascii_strtoll(text, NULL, 10);
		return true;
	}
	if ((!is_before && *text != '+') ||
	    !working_time_from_text(text + 1, &time) || time.days != 0)
		return false;
	out->seconds = is_before ? -time.seconds : time.seconds;
	return true;
}

void
ladder_free(Ladder *ladder)
{
	if (ladder == NULL)
		return;
	g_ptr_array_unref(ladder->steps);
	g_free(ladder);
}

bool
step_watches(const LadderStep *step, ClockKind kind)
{
	if (*step->clocks == NULL)
		return kind != CLOCK_KEEP_IN_TOUCH;
	return g_strv_contains(step->clocks, clock_name(kind));
}
