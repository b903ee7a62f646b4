#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>
#include <glib.h>

#include "desk/order.h"

#include "scene.h"

#define SET(field, value) "set ticket=12 field=" field " value=" value "\n"

/* A good mail of orders: its plan, "--" between attributes and states. */
static const struct {
	const char *sentence;
	const char *text;
	const char *plan;
	const char *rest;
} good[] = {
	{ "no order at all", "Hello\n/close\n", "--\n", "Hello\n/close" },
	{ "orders end at the first other line", "/close\nBye.\n/reopen\n",
	  "--\n" SET("state", "closed"), "Bye.\n/reopen" },
	{ "blank lines between, and blanks around, do not matter",
	  "\n  /take  \n\n\t/close\n\n  Bye.\n",
	  SET("owner", "ana") "--\n" SET("state", "closed"), "Bye." },
	{ "the word of an order in any case", "/CLOSE",
	  "--\n" SET("state", "closed"), "" },
	{ "two slashes are text", "// hello\n/close", "--\n",
	  "// hello\n/close" },
	{ "a slash and a digit are text", "/1 of it", "--\n", "/1 of it" },
	{ "an argument in any case", "/priority HIGH",
	  SET("priority", "high") "--\n", "" },
	{ "a state in any case", "/state Pending",
	  "--\n" SET("state", "pending"), "" },
	{ "impact and urgency in one mail give the priority",
	  "/impact high\n/urgency high",
	  SET("impact", "high") SET("urgency", "high")
	          SET("priority", "urgent") "--\n",
	  "" },
	{ "one of the two gives none", "/impact high",
	  SET("impact", "high") "--\n", "" },
	{ "an ordered priority is not overruled by the matrix",
	  "/priority low\n/impact high\n/urgency high",
	  SET("priority", "low") SET("impact", "high")
	          SET("urgency", "high") "--\n",
	  "" },
	{ "nobody", "/assign nobody", SET("owner", "\"\"") "--\n", "" },
	{ "a team", "/team level2", SET("team", "level2") "--\n", "" },
	{ "tags on and off", "/tag +vpn -old new,red",
	  "tag ticket=12 tag=vpn\nuntag ticket=12 tag=old\n"
	  "tag ticket=12 tag=new\ntag ticket=12 tag=red\n--\n",
	  "" },
	{ "a field", "/field asset=PC 7 = new",
	  "field ticket=12 name=asset value=\"PC 7 = new\"\n--\n", "" },
	{ "X-03 a value is a value", "/field a=\"'; DROP",
	  "field ticket=12 name=a value=\"\\\"'; DROP\"\n--\n", "" },
	{ "a wait for a span", "/pending 2d waiting for a photo",
	  "--\n"
	  "set ticket=12 field=state value=pending "
	  "why=\"waiting for a photo\"\n"
	  "remind ticket=12 kind=pending due=1800172800 agent=ana "
	  "text=\"waiting for a photo\"\n",
	  "" },
	{ "a wait without an end", "/pending", "--\n" SET("state", "pending"),
	  "" },
	{ "a reminder", "/remind 2h call her",
	  "--\nremind ticket=12 kind=remind due=1800007200 agent=ana "
	  "text=\"call her\"\n",
	  "" },
	{ "who takes part", "/cc +eve@x.example -Carl@client.example",
	  "watch ticket=12 address=eve@x.example why=\"by order\"\n"
	  "unwatch ticket=12 address=carl@client.example "
	  "why=\"by order\"\n--\n",
	  "" },
	{ "a merge", "/merge #13",
	  "--\nmerge ticket=12 into=13 why=\"by order\"\n", "" },
	{ "a link, and what it is from the other side", "/link parent 13",
	  "link ticket=12 kind=parent other=13 why=\"by order\"\n"
	  "link ticket=13 kind=child other=12 why=\"by order\"\n--\n",
	  "" },
	{ "time spent", "/spent 1h15m",
	  "field ticket=12 name=spent value=75\n--\n", "" },
	{ "spam is closed and tagged", "/spam",
	  "tag ticket=12 tag=spam\n--\n" SET("state", "closed"), "" },
	{ "a reason", "/hold vendor",
	  "--\nset ticket=12 field=state value=hold why=vendor\n", "" },
	{ "a note", "/note\nHe lies.", "--\n", "He lies." },
	{ "Windows line ends", "/close\r\nBye.\r\n",
	  "--\n" SET("state", "closed"), "Bye." },
};

/* A wrong one: nothing is added, and the fault of its last order. */
static const struct {
	const char *sentence;
	const char *text;
	const char *fault;
} wrong[] = {
	{ "unknown, after a good one", "/close\n/fly",
	  "there is no order /fly" },
	{ "an order that begins with a path", "/etc/passwd is gone",
	  "there is no order /etc/passwd" },
	{ "an argument too many", "/close now", "/close takes no argument" },
	{ "a wait into the past", "/pending until 2001-01-01",
	  "/pending wants [3d|until friday 10:00] [WHY], in the future" },
	{ "a wait that nobody understands", "/pending soon",
	  "/pending wants [3d|until friday 10:00] [WHY], in the future" },
	{ "a ticket that is not there", "/merge 99",
	  "there is no other ticket 99" },
	{ "a ticket with itself", "/merge 12", "there is no other ticket 12" },
	{ "A-25 a range is no ticket", "/merge all",
	  "there is no other ticket all" },
	{ "a link of no kind", "/link friend 13",
	  "a link is one of: duplicate, parent, child, depends, "
	  "caused-by, related" },
	{ "A-06 no address", "/cc +carl",
	  "“carl” is no address that mail can "
	  "go to" },
	{ "L-06 an address of ours takes no part", "/cc +net@desk.example",
	  "“net@desk.example” is no address that mail can go to" },
	{ "nothing to undo", "/undo",
	  "you ordered nothing here within the last hour that can be "
	  "undone" },
	{ "nothing was merged", "/unmerge",
	  "nothing was merged into this ticket" },
	{ "no time at all", "/spent a lot", "/spent wants 15m" },
	{ "an argument too few", "/priority",
	  "/priority wants low|normal|high|urgent" },
	{ "a word that is not in the list", "/priority huge",
	  "priority is one of low, normal, high, urgent" },
	{ "no state", "/state lost",
	  "state is one of new, open, pending, hold, resolved, closed" },
	{ "merged is not ordered so", "/state merged",
	  "state is one of new, open, pending, hold, resolved, closed" },
	{ "no agent", "/assign mallory", "there is no agent “mallory”" },
	{ "no team", "/team mallory", "there is no team “mallory”" },
	{ "no tag at all", "/tag ,", "/tag wants +TAG -TAG ..." },
	{ "an empty tag", "/tag +", "“+” is no tag" },
	{ "a field without a name", "/field =x", "/field wants name=value" },
	{ "both kinds of text", "/note\n/reply\nx",
	  "a text is for agents or for the requester, not both" },
};

typedef struct Reading {
	Scene *scene;
	Plan *before;
	Plan *after;
	Orders *orders;
} Reading;

static Reading
read_at(const char *text, EvidenceLevel level)
{
	Reading reading = { scene_new(), plan_new(), plan_new(), NULL };
	OrderPlace place = { .desk = reading.scene->desk,
		             .ticket = scene_ticket(reading.scene, 12),
		             .agent = desk_agent(reading.scene->desk, "ana"),
		             .now = reading.scene->facts.now,
		             .candidates = reading.scene->candidates,
		             .next_ticket = 30 };

	reading.orders =
		orders_read(text, &place, level, reading.before, reading.after);
	return reading;
}

static void
reading_clear(Reading *reading)
{
	orders_free(reading->orders);
	plan_free(reading->before);
	plan_free(reading->after);
	scene_free(reading->scene);
}

static const Order *
last_order(const Orders *orders)
{
	return &g_array_index(orders->list, Order, orders->list->len - 1);
}

static void
good_orders_become_actions(void **state)
{
	(void)state;
	for (unsigned i = 0; i < G_N_ELEMENTS(good); i++) {
		Reading reading = read_at(good[i].text, EVIDENCE_E3);
		g_autofree char *before = plan_to_text(reading.before);
		g_autofree char *after = plan_to_text(reading.after);
		g_autofree char *plan =
			g_strconcat(before, "--\n", after, NULL);

		print_message("# %s\n", good[i].sentence);
		assert_string_equal(plan, good[i].plan);
		assert_string_equal(reading.orders->rest, good[i].rest);
		assert_true(reading.orders->is_good);
		reading_clear(&reading);
	}
}

static void
wrong_orders_do_nothing(void **state)
{
	(void)state;
	for (unsigned i = 0; i < G_N_ELEMENTS(wrong); i++) {
		Reading reading = read_at(wrong[i].text, EVIDENCE_E3);

		print_message("# %s\n", wrong[i].sentence);
		assert_false(reading.orders->is_good);
		assert_int_equal(reading.before->actions->len, 0);
		assert_int_equal(reading.after->actions->len, 0);
		assert_string_equal(last_order(reading.orders)->effect,
		                    wrong[i].fault);
		reading_clear(&reading);
	}
}

static void
actions_before_the_orders_stay(void **state)
{
	g_autoptr(Scene) scene = scene_new();
	g_autoptr(Plan) before = plan_new();
	g_autoptr(Plan) after = plan_new();
	OrderPlace place = { .desk = scene->desk,
		             .ticket = scene_ticket(scene, 12) };

	(void)state;
	plan_add(before, ACTION_TAG, "ticket", "12", "tag", "kept", NULL);
	g_autoptr(Orders) orders = orders_read("/tag +x\n/fly", &place,
	                                       EVIDENCE_E5, before, after);
	g_autofree char *text = plan_to_text(before);
	assert_false(orders->is_good);
	assert_string_equal(text, "tag ticket=12 tag=kept\n");
}

static void
the_operator_may_move_queues(void **state)
{
	Reading reading = read_at("/queue net", EVIDENCE_E5);
	g_autofree char *before = plan_to_text(reading.before);

	(void)state;
	assert_string_equal(before, SET("queue", "net") SET("team", "level2"));
	reading_clear(&reading);
}

static void
nothing_is_obeyed_below_its_evidence(void **state)
{
	static const char *const texts[] = { "/close", "/take", "/tag +a",
		                             "/note", "/field a=b" };

	(void)state;
	for (unsigned i = 0; i < G_N_ELEMENTS(texts); i++)
		for (int level = EVIDENCE_E0; level < EVIDENCE_E3; level++) {
			Reading reading =
				read_at(texts[i], (EvidenceLevel)level);

			assert_false(reading.orders->is_good);
			reading_clear(&reading);
		}
}

static void
a_closed_ticket_cannot_wait(void **state)
{
	g_autoptr(Scene) scene = scene_new();
	g_autoptr(Plan) before = plan_new();
	g_autoptr(Plan) after = plan_new();
	OrderPlace place = { .desk = scene->desk,
		             .ticket = scene_ticket(scene, 12) };

	(void)state;
	scene_tell(scene, "state 12 closed");
	g_autoptr(Orders) orders =
		orders_read("/hold", &place, EVIDENCE_E5, before, after);
	assert_string_equal(last_order(orders)->effect,
	                    "a ticket that is closed cannot become hold");
}

/* Who may write a mail may write a long one: the list stays short. */
static void
orders_are_counted(void **state)
{
	GString *text = g_string_new(NULL);

	(void)state;
	for (unsigned i = 0; i < 100000; i++)
		g_string_append(text, i % 2 == 0 ? "/close\n" : "/fly\n");
	Reading reading = read_at(text->str, EVIDENCE_E3);
	assert_int_equal(reading.orders->list->len, ORDERS_MAX + 1);
	assert_string_equal(last_order(reading.orders)->effect,
	                    "more than 50 orders");
	reading_clear(&reading);
	g_string_free(text, TRUE);
}

static void
arguments_are_measured(void **state)
{
	g_autofree char *long_one = g_strnfill(3000, 'x');
	g_autofree char *text = g_strconcat("/tag ", long_one, NULL);
	Reading reading = read_at(text, EVIDENCE_E3);

	(void)state;
	assert_string_equal(last_order(reading.orders)->effect,
	                    "/tag is too long");
	assert_true(strlen(last_order(reading.orders)->text) <
	            ORDER_COLUMNS_MAX + 8);
	reading_clear(&reading);
}

static void
the_help_knows_each_order(void **state)
{
	g_autofree char *help = orders_help("en");

	(void)state;
	assert_non_null(strstr(help, "/priority low|normal|high|urgent"));
	assert_non_null(strstr(help, "/close "));
}

static void
orders_are_seen_from_afar(void **state)
{
	(void)state;
	assert_true(orders_begin("/close"));
	assert_true(orders_begin("\n \t/close"));
	assert_false(orders_begin(""));
	assert_false(orders_begin("close"));
	assert_false(orders_begin("// x"));
	assert_false(orders_begin("/"));
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(good_orders_become_actions),
		cmocka_unit_test(wrong_orders_do_nothing),
		cmocka_unit_test(actions_before_the_orders_stay),
		cmocka_unit_test(the_operator_may_move_queues),
		cmocka_unit_test(nothing_is_obeyed_below_its_evidence),
		cmocka_unit_test(a_closed_ticket_cannot_wait),
		cmocka_unit_test(orders_are_counted),
		cmocka_unit_test(arguments_are_measured),
		cmocka_unit_test(the_help_knows_each_order),
		cmocka_unit_test(orders_are_seen_from_afar),
	};

	return cmocka_run_group_tests_name("order", tests, NULL, NULL);
}
