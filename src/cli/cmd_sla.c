/* The ledger of a ticket's clocks. */
#include <stdio.h>
#include <stdlib.h>

#include "base/clock.h"
#include "base/json.h"

#include "store/clocks.h"

#include "cli/report.h"
#include "cli/session.h"

/* One clock as it is now. */
typedef struct Line {
	ClockKind kind;
	const ClockRow *row;
	const Calendar *calendar;
	int64_t used;
	int64_t now;
} Line;

static void
print_json(const Line *line)
{
	const ClockRow *row = line->row;
	json_t *json = json_object();

	json_object_set_new(json, "clock", json_text(clock_name(line->kind)));
	json_object_set_new(json, "state",
	                    json_text(clock_state_name(row->state)));
	json_object_set_new(json, "started", json_instant(row->started_at));
	json_object_set_new(json, "stopped", json_instant(row->stopped_at));
	json_object_set_new(json, "due", json_instant(row->due_at));
	json_object_set_new(json, "target", json_integer(row->target));
	json_object_set_new(json, "used", json_integer(line->used));
	json_object_set_new(json, "remaining",
	                    json_integer(row->target - line->used));
	json_object_set_new(json, "breached",
	                    json_boolean(
				    clock_row_is_breached(row, line->now)));
	json_print_line(stdout, json);
}

static void
add_line(Table *table, const Line *line)
{
	const ClockRow *row = line->row;
	int64_t day = calendar_day_seconds(line->calendar);
	g_autofree char *target = working_time_text(row->target, day);
	g_autofree char *used = working_time_text(line->used, day);
	g_autofree char *left =
		working_time_text(row->target - line->used, day);
	g_autofree char *due =
		row->due_at == 0
			? NULL
			: calendar_local_text(line->calendar, row->due_at);

	table_add(table, clock_name(line->kind), clock_state_name(row->state),
	          target, used, left, due,
	          clock_row_is_breached(row, line->now) ? "breached" : NULL);
}

static void
print_clocks(const Context *context, const Calendar *calendar,
             const ClockRow *rows)
{
	static const char *const headings[] = { "CLOCK", "STATE", "TARGET",
		                                "USED",  "LEFT",  "DUE",
		                                "",      NULL };
	Table *table = context->json ? NULL : table_new(headings);
	int64_t now = clock_now();

	for (unsigned i = 0; i < CLOCK_KINDS; i++) {
		Line line = { (ClockKind)i, &rows[i], calendar,
			      clock_row_used(&rows[i], calendar, now), now };
		if (rows[i].state == CLOCK_OFF)
			continue;
		if (context->json)
			print_json(&line);
		else
			add_line(table, &line);
	}
	if (table != NULL)
		table_print(table);
}

static int
run(Context *context, int argc, char **argv)
{
	g_auto(Session) session = { NULL, NULL, NULL };
	g_autoptr(GError) error = NULL;
	ClockRow rows[CLOCK_KINDS];
	int64_t number;

	if (argc != 2)
		return session_usage(&cmd_sla);
	if (!session_number(argv[1], &number, &error) ||
	    !session_open_store(&session, context, &error))
		return session_fail(error);
	g_autoptr(Ticket) ticket =
		store_ticket_get(session.store, number, &error);
	if (ticket == NULL ||
	    !store_clocks(session.store, number, rows, &error))
		return session_fail(error);
	const Sla *sla = desk_sla(session.desk, ticket->sla);
	if (sla == NULL && !context->json && !context->quiet)
		puts("nothing is promised for this ticket");
	print_clocks(context,
	             desk_calendar(session.desk,
	                           sla == NULL ? NULL : sla->calendar),
	             rows);
	return EXIT_SUCCESS;
}

const Command cmd_sla = { "sla", "TICKET", run, false };
