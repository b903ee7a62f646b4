/* Answers for tests/clock/calendar_oracle.py: a line in, a line out.
 *
 *	zone NAME             a new calendar
 *	hours TEXT
 *	holiday TEXT
 *	after FROM SECONDS    the instant, or "never"
 *	between FROM TO       seconds
 *	open AT               the next opening, or "never"
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "desk/calendar.h"

#define LINE_MAX_OCTETS 512

static void
answer(int64_t value)
{
	if (value == CALENDAR_NEVER)
		puts("never");
	else
		printf("%" G_GINT64_FORMAT "\n", value);
}

static bool
sum(const Calendar *calendar, const char *word, const char *rest)
{
	char *end;
	int64_t from = g_ascii_strtoll(rest, &end, 10);
	int64_t number = g_ascii_strtoll(end, NULL, 10);

	if (strcmp(word, "after") == 0)
		answer(calendar_after(calendar, from, number));
	else if (strcmp(word, "between") == 0)
		answer(calendar_between(calendar, from, number));
	else if (strcmp(word, "open") == 0)
		answer(calendar_next_open(calendar, from));
	else
		return false;
	return true;
}

static bool
obey(Calendar **calendar, char *line)
{
	char *rest = line + strcspn(line, " ");
	const char *why = NULL;

	if (*rest != '\0')
		*rest++ = '\0';
	if (strcmp(line, "zone") == 0) {
		calendar_free(*calendar);
		*calendar = calendar_new(rest);
		return *calendar != NULL;
	}
	if (strcmp(line, "hours") == 0)
		return calendar_add_hours(*calendar, rest, &why);
	if (strcmp(line, "holiday") == 0)
		return calendar_add_holiday(*calendar, rest, &why);
	return sum(*calendar, line, rest);
}

int
main(void)
{
	char line[LINE_MAX_OCTETS];
	Calendar *calendar = NULL;

	while (fgets(line, sizeof(line), stdin) != NULL) {
		line[strcspn(line, "\n")] = '\0';
		if (!obey(&calendar, line)) {
			printf("wrong: %s\n", line);
			return EXIT_FAILURE;
		}
	}
	calendar_free(calendar);
	return EXIT_SUCCESS;
}
