#include "clerk/values_notice.h"

#include <string.h>

#include "store/clocks.h"

/* More would not be read; the number of the rest is told. */
#define ITEMS_MAX 100

static void
set_due(TemplateValue *item, const NoticeRow *row, const Calendar *local,
        int64_t now)
{
	if (row->due_at == 0)
		return;
	g_autofree char *due = calendar_local_text(local, row->due_at);
	template_set(item, "due", due + strlen("Mon "));
	template_set(item, "overdue", row->due_at < now ? "yes" : NULL);
}

/* "warn-75", "breach", "step-l2", "by-hand" */
static void
set_stage(TemplateValue *item, const char *stage)
{
	static const struct {
		const char *prefix;
		const char *value;
	} stages[] = {
		{ "warn-", "warning" },
		{ "step-", "step" },
		{ "breach", "breach" },
		{ "by-hand", "by_hand" },
	};

	for (unsigned i = 0; i < G_N_ELEMENTS(stages); i++) {
		if (!g_str_has_prefix(stage, stages[i].prefix))
			continue;
		const char *rest = stage + strlen(stages[i].prefix);
		template_set(item, stages[i].value,
		             *rest == '\0' ? "yes" : rest);
	}
}

static void
add_item(TemplateValue *values, const NoticeRow *row, const Calendar *local,
         int64_t now)
{
	TemplateValue *item = template_append(values, "items");
	g_autofree char *number =
		g_strdup_printf("%" G_GINT64_FORMAT, row->ticket);
	g_autofree char *clock = g_strdelimit(g_strdup(row->kind), "-", '_');
	ClockKind kind;

	template_set(item, "number", number);
	template_set(item, "subject", row->subject);
	if (clock_from_name(row->kind, &kind))
		template_set(item, clock, "yes");
	set_stage(item, row->stage);
	set_due(item, row, local, now);
}

/* The receiver's own hours and zone, else the desk's. */
static Calendar *
zone_of(const ValuesSource *source)
{
	const Desk *desk = source->desk;
	const Agent *agent =
		desk_agent_for_address(desk, source->person->address);
	const char *zone = desk->timezone;

	for (unsigned i = 0; agent != NULL && i < desk->calendars->len; i++) {
		const OpeningHours *hours = desk->calendars->pdata[i];
		if (hours->timezone != NULL &&
		    g_strcmp0(hours->name, agent->calendar) == 0)
			zone = hours->timezone;
	}
	return calendar_new(zone);
}

static bool
is_of_notices(const Action *action)
{
	const char *template = action_value(action, "template");

	return g_strcmp0(template, "escalation") == 0 ||
	       g_strcmp0(template, "escalations") == 0;
}

bool
values_set_notices(TemplateValue *values, const ValuesSource *source,
                   GError **error)
{
	if (!is_of_notices(source->action))
		return true;
	int64_t now = source->now;
	int64_t upto = action_number(source->action, "detail");
	g_autoptr(GArray) rows =
		store_notices(source->store, action_value(source->action, "to"),
	                      now, error);
	g_autoptr(Calendar) local = zone_of(source);
	unsigned count = 0;

	if (rows == NULL || local == NULL)
		return false;
	for (unsigned i = 0; i < rows->len; i++) {
		const NoticeRow *row = &g_array_index(rows, NoticeRow, i);
		if (row->is_done || row->id > upto)
			continue;
		if (++count <= ITEMS_MAX)
			add_item(values, row, local, now);
	}
	if (count > ITEMS_MAX) {
		g_autofree char *more =
			g_strdup_printf("%u", count - ITEMS_MAX);
		template_set(values, "more", more);
	}
	return true;
}
