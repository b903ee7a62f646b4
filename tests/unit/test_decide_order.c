#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "desk/decide.h"

#include "scene.h"

/* ---- a text of the operator on ticket 12 ---- */

static const struct {
	const char *sentence;
	const char *story;
	const char *agent; /* in whose name; NULL: the operator's own */
	const char *text;
	bool is_note;
	const char *plan; /* NULL: an order is wrong, and nothing is done */
} orders[] = {
	{ "an answer goes to all who take part, and opens the ticket",
	  "state 12 new", "ana", "Try again.", false,
	  "message ticket=12 direction=out visibility=public proof=proven "
	  "by=ana@desk.example name=Ana why=\"at the terminal\" "
	  "text=\"Try again.\"\n"
	  "set ticket=12 field=state value=open why=answered\n"
	  "send berta\nsend carl\n" },
	{ "an answer on an open ticket", "state 12 open", NULL, "Yes.", false,
	  "message ticket=12 direction=out visibility=public proof=proven "
	  "why=\"at the terminal\" text=Yes.\n"
	  "send berta\nsend carl\n" },
	{ "a note goes to nobody", "", NULL, "He is right.", true,
	  "message ticket=12 direction=note visibility=internal proof=proven "
	  "why=\"at the terminal\" text=\"He is right.\"\n" },
	{ "the order makes a note of it too", "", NULL, "/note\nHe is right.",
	  false,
	  "message ticket=12 direction=note visibility=internal proof=proven "
	  "why=\"at the terminal\" text=\"He is right.\"\n" },
	{ "orders alone are never mailed", "", NULL, "/priority high", false,
	  "set ticket=12 field=priority value=high\n" },
	{ "nothing at all is done for nothing", "", NULL, "", false, "" },
	{ "an unknown order, and nothing is done", "", NULL,
	  "/priority high\n/clsoe\nYes.", false, NULL },
};

/* What is sent, by the receiver's name alone: notify.c has tests of its own. */
static char *
short_plan(const Plan *plan)
{
	GString *text = g_string_new(NULL);

	for (unsigned i = 0; i < plan->actions->len; i++) {
		const Action *action = plan_action(plan, i);
		g_autofree char *line = action_to_text(action);
		const char *to = action->kind == ACTION_SEND
		                         ? action_value(action, "to")
		                         : NULL;

		if (to != NULL)
			g_string_append_printf(text, "send %.*s\n",
			                       (int)(strchr(to, '@') - to), to);
		else
			g_string_append_printf(text, "%s\n", line);
	}
	return g_string_free(text, FALSE);
}

static void
check(unsigned i)
{
	g_autoptr(Scene) scene = scene_new();

	scene_tell_all(scene, orders[i].story);
	const Candidate *candidate = facts_candidate(&scene->facts, 12);
	OrderPlace place = {
		.desk = scene->desk,
		.ticket = candidate->ticket,
		.agent = desk_agent(scene->desk, orders[i].agent),
	};
	g_autoptr(Decision) decision =
		decide_on_order(&place, candidate, orders[i].text,
	                        orders[i].is_note);
	g_autofree char *plan = short_plan(decision->plan);

	assert_int_equal(decision->orders->is_good, orders[i].plan != NULL);
	if (orders[i].plan != NULL)
		assert_string_equal(plan, orders[i].plan);
	else
		assert_null(strstr(plan, "message "));
}

static void
the_operators_texts(void **state)
{
	(void)state;
	for (unsigned i = 0; i < G_N_ELEMENTS(orders); i++) {
		print_message("# %s\n", orders[i].sentence);
		check(i);
	}
}

/* ---- a mail of ours that goes again, or never ---- */

static const struct {
	OutboxState now;
	OutboxState wanted;
	const char *plan; /* NULL: it cannot be */
} turns[] = {
	{ OUTBOX_DEFERRED, OUTBOX_QUEUED,
	  "outbox ticket=12 outbox=45 state=queued why=\"it was deferred\"\n" },
	{ OUTBOX_FAILED, OUTBOX_QUEUED,
	  "outbox ticket=12 outbox=45 state=queued why=\"it was failed\"\n" },
	{ OUTBOX_UNCERTAIN, OUTBOX_QUEUED,
	  "outbox ticket=12 outbox=45 state=queued "
	  "why=\"it was uncertain\"\n" },
	{ OUTBOX_QUEUED, OUTBOX_CANCELLED,
	  "outbox ticket=12 outbox=45 state=cancelled "
	  "why=\"it was queued\"\n" },
	{ OUTBOX_SENDING, OUTBOX_CANCELLED, NULL },
	{ OUTBOX_SENT, OUTBOX_CANCELLED, NULL },
	{ OUTBOX_SENT, OUTBOX_QUEUED, NULL },
};

static void
outgoing_mails_are_turned(void **state)
{
	(void)state;
	for (unsigned i = 0; i < G_N_ELEMENTS(turns); i++) {
		OutboxRow row = { .id = 45,
			          .ticket = 12,
			          .state = turns[i].now };
		g_autoptr(Decision) decision =
			decide_on_outbox(&row, turns[i].wanted);

		print_message("# %s, to be %s\n",
		              outbox_state_name(turns[i].now),
		              outbox_state_name(turns[i].wanted));
		if (turns[i].plan == NULL) {
			assert_null(decision);
			continue;
		}
		g_autofree char *plan = plan_to_text(decision->plan);
		assert_string_equal(plan, turns[i].plan);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_operators_texts),
		cmocka_unit_test(outgoing_mails_are_turned),
	};

	return cmocka_run_group_tests_name("decide_order", tests, NULL, NULL);
}
