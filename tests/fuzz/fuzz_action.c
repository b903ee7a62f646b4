/* The text of an action, as a journal may hold it: what is read is written
 * again and read as the same. */
#include <stdint.h>

#include <glib.h>

#include "desk/plan.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	g_autofree char *text = g_strndup((const char *)data, size);
	g_autoptr(Plan) plan = plan_new();

	if (!action_from_text(plan, text)) {
		g_assert(plan->actions->len == 0);
		return 0;
	}
	g_autofree char *again = action_to_text(plan_action(plan, 0));
	g_assert(action_from_text(plan, again));
	g_assert(action_equal(plan_action(plan, 0), plan_action(plan, 1)));
	g_autofree char *third = action_to_text(plan_action(plan, 1));
	g_assert_cmpstr(again, ==, third);
	return 0;
}
