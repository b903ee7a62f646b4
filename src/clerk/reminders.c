#include "clerk/reminders.h"

#include "base/fault.h"

#include "desk/decide.h"

#define REMINDERS_AT_ONCE 100

static bool
fire(const ApplyPlace *place, const Reminder *reminder, GError **error)
{
	g_autofree char *name =
		g_strdup_printf("reminder:%" G_GINT64_FORMAT, reminder->id);
	ApplyEvent event = { .actor = "system", .event = name };
	g_autoptr(Ticket) ticket =
		store_ticket_get(place->store, reminder->ticket, error);

	if (ticket == NULL)
		return false;
	g_autoptr(Plan) plan =
		decide_on_reminder(place->desk, ticket, reminder);
	FAULT_POINT("tick.reminder");
	return apply_plan(place, plan, &event, error);
}

/* Read again inside its transaction: another tick may have been faster. */
static bool
fire_next(const ApplyPlace *place, bool *out_fired, GError **error)
{
	g_autoptr(GPtrArray) due =
		store_reminders_due(place->store, place->now, 1, error);

	if (due == NULL)
		return false;
	*out_fired = due->len > 0;
	return due->len == 0 || fire(place, due->pdata[0], error);
}

bool
reminders_fire(const ApplyPlace *place, unsigned *out_fired, GError **error)
{
	g_autoptr(GPtrArray) due =
		store_reminders_due(place->store, place->now, REMINDERS_AT_ONCE,
	                            error);

	if (due == NULL)
		return false;
	for (unsigned i = 0; i < due->len; i++) {
		bool has_fired = false;

		if (!store_begin(place->store, error))
			return false;
		if (!fire_next(place, &has_fired, error)) {
			store_rollback(place->store);
			return false;
		}
		if (!store_commit(place->store, error))
			return false;
		*out_fired += has_fired;
	}
	return true;
}
