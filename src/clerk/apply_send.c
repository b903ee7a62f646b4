#include "base/error.h"
#include "base/log.h"

#include "clerk/apply_part.h"
#include "clerk/letter.h"

/* 9999-12-31T23:59:59Z: until somebody says so */
#define HELD_AT INT64_C(253402300799)

/* A letter that can never be written (an address of a shape that mail cannot
 * go to) must not hold up the mail that asks for it: the journal tells. */
static bool
pass_over(Applying *a, const GError *trouble)
{
	g_autoptr(Plan) plan = plan_new();

	plan_add(plan, ACTION_UNDELIVERED, "ticket", apply_value(a, "ticket"),
	         "address", apply_value(a, "to"), "action", "failed", "reason",
	         trouble->message, NULL);
	log_event(LOG_LEVEL_ERROR, "letter-not-written", "to",
	          apply_value(a, "to"), "why", trouble->message, NULL);
	return apply_journal(a->place, a->event, plan_action(plan, 0),
	                     a->error);
}

bool
apply_send(Applying *a)
{
	GError *trouble = NULL;
	g_autoptr(OutboxRow) row =
		letter_write(a->place, a->action, a->event, &trouble);

	if (row != NULL)
		return store_outbox_add(a->place->store, row, a->error);
	if (!g_error_matches(trouble, POSTIGO_ERROR, ERROR_MALFORMED) &&
	    !g_error_matches(trouble, POSTIGO_ERROR, ERROR_TOO_BIG)) {
		g_propagate_error(a->error, trouble);
		return false;
	}
	bool is_noted = pass_over(a, trouble);
	g_error_free(trouble);
	return is_noted;
}

bool
apply_undelivered(Applying *a)
{
	if (apply_value(a, "outbox") == NULL) /* it was never written */
		return true;
	g_autoptr(OutboxRow) row =
		store_outbox_get(a->place->store, apply_number(a, "outbox"),
	                         a->error);

	if (row == NULL)
		return false;
	if (g_strcmp0(apply_value(a, "action"), "failed") != 0)
		return true;
	row->state = OUTBOX_FAILED;
	row->settled_at = a->place->now;
	g_free(row->last_error);
	row->last_error = g_strdup_printf("%s: %s", apply_value(a, "address"),
	                                  apply_value(a, "reason") != NULL
	                                          ? apply_value(a, "reason")
	                                          : "not delivered");
	return apply_mailbox_failure(a, row) &&
	       store_outbox_settle(a->place->store, row, a->error);
}

bool
apply_outbox(Applying *a)
{
	g_autoptr(OutboxRow) row =
		store_outbox_get(a->place->store, apply_number(a, "outbox"),
	                         a->error);

	if (row == NULL)
		return false;
	outbox_state_from_name(apply_value(a, "state"), &row->state);
	bool is_due = row->state == OUTBOX_QUEUED;
	bool is_held = row->state == OUTBOX_DEFERRED;
	row->next_attempt_at = is_due ? a->place->now : is_held ? HELD_AT : 0;
	row->settled_at = is_due || is_held ? 0 : a->place->now;
	return store_outbox_settle(a->place->store, row, a->error);
}
