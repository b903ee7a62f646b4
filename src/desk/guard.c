#include "desk/guard.h"

#include <string.h>

#include <glib.h>

/* How far the first clock went beyond the second.  After a restart of the
 * machine the second says nothing of the time between, and all of it counts. */
static int64_t
jump(const ClockReading *from, const ClockReading *to)
{
	int64_t passed = to->boot - from->boot;

	return to->now - from->now - (passed < 0 ? 0 : passed);
}

static bool
is_steady(const Guard *guard, const ClockReading *reading)
{
	return reading->boot - guard->held.boot >= GUARD_STEADY_SECONDS &&
	       ABS(jump(&guard->held, reading)) <= GUARD_JUMP_SECONDS;
}

GuardVerdict
guard_look(Guard *guard, const ClockReading *reading, bool is_confirmed)
{
	bool has_jumped = guard->is_set &&
	                  jump(&guard->last, reading) > GUARD_JUMP_SECONDS;

	guard->is_set = true;
	guard->last = *reading;
	if (has_jumped) {
		guard->is_held = true;
		guard->held = *reading;
	}
	if (guard->is_held && reading->boot < guard->held.boot)
		guard->held = *reading;
	if (guard->is_held && (is_confirmed || is_steady(guard, reading)))
		guard->is_held = false;
	return guard->is_held ? GUARD_HOLD : GUARD_GO;
}

char *
guard_to_text(const Guard *guard)
{
	return g_strdup_printf("%" G_GINT64_FORMAT " %" G_GINT64_FORMAT
	                       " %s %" G_GINT64_FORMAT " %" G_GINT64_FORMAT,
	                       guard->last.now, guard->last.boot,
	                       guard->is_held ? "held" : "steady",
	                       guard->held.now, guard->held.boot);
}

Guard
guard_from_text(const char *text)
{
	g_auto(GStrv) words = g_strsplit(text == NULL ? "" : text, " ", 6);

	if (g_strv_length(words) != 5)
		return (Guard){ .is_set = false };
	return (Guard){
		.is_set = true,
		.last = { g_ascii_strtoll(words[0], NULL, 10),
		          g_ascii_strtoll(words[1], NULL, 10) },
		.is_held = strcmp(words[2], "held") == 0,
		.held = { g_ascii_strtoll(words[3], NULL, 10),
		          g_ascii_strtoll(words[4], NULL, 10) },
	};
}
