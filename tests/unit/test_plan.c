#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>
#include <glib.h>

#include "desk/plan.h"

#define RUNS 200000

static const struct {
	const char *sentence;
	const char *value;
	const char *text;
} values[] = {
	{ "a plain word", "vpn", "tag ticket=12 tag=vpn" },
	{ "an empty value is given, too", "", "tag ticket=12 tag=\"\"" },
	{ "a blank", "a b", "tag ticket=12 tag=\"a b\"" },
	{ "quotes and backslashes", "a\"\\",
	  "tag ticket=12 tag=\"a\\\"\\\\\"" },
	{ "an equals sign", "a=b", "tag ticket=12 tag=a=b" },
	{ "X-01 line ends", "a\r\nBcc: x",
	  "tag ticket=12 tag=\"a\\x0d\\x0aBcc: x\"" },
	{ "X-11 an escape", "\x1b[2J", "tag ticket=12 tag=\"\\x1b[2J\"" },
	{ "X-03 SQL and formats", "';--%s", "tag ticket=12 tag=';--%s" },
	{ "X-05 braces", "{{x}}", "tag ticket=12 tag={{x}}" },
	{ "other scripts as they are", "señal", "tag ticket=12 tag=señal" },
	{ "no value at all", NULL, "tag ticket=12" },
};

static void
values_are_written_and_read(void **state)
{
	(void)state;
	for (unsigned i = 0; i < G_N_ELEMENTS(values); i++) {
		g_autoptr(Plan) plan = plan_new();

		print_message("# %s\n", values[i].sentence);
		plan_add(plan, ACTION_TAG, "ticket", plan_number(plan, 12),
		         "tag", values[i].value, NULL);
		g_autofree char *text = action_to_text(plan_action(plan, 0));
		assert_string_equal(text, values[i].text);
		assert_true(action_from_text(plan, text));
		assert_true(action_equal(plan_action(plan, 0),
		                         plan_action(plan, 1)));
	}
}

static const char *const no_actions[] = {
	"",
	" ",
	"tagg ticket=12",
	"tag ",
	"tag ticket",
	"tag ticket=",
	"tag ticket=12 ",
	"tag  ticket=12",
	"tag nokey=1",
	"tag ticket=12 ticket=12",
	"tag ticket=\"12",
	"tag ticket=\"12\"x",
	"tag ticket=\"\\q\"",
	"tag ticket=\"\\x00\"",
	"tag ticket=\"\\x0\"",
	"tag ticket=1\"2",
	"tag ticket=1\\2",
	"tag ticket=1\x1b",
	"tag ticket=12\n",
	"TAG ticket=12",
	"=",
};

static void
other_texts_are_no_actions(void **state)
{
	g_autoptr(Plan) plan = plan_new();

	(void)state;
	for (unsigned i = 0; i < G_N_ELEMENTS(no_actions); i++) {
		g_autofree char *shown = g_strescape(no_actions[i], NULL);

		print_message("# \"%s\"\n", shown);

		assert_false(action_from_text(plan, no_actions[i]));
	}
	assert_int_equal(plan->actions->len, 0);
	assert_null(plan_action(plan, 0));
}

static void
each_kind_has_its_word(void **state)
{
	(void)state;
	for (unsigned i = 0; i < ACTION_KINDS; i++) {
		g_autoptr(Plan) plan = plan_new();
		const char *word = action_name((ActionKind)i);

		assert_non_null(word);
		assert_true(action_from_text(plan, word));
		assert_int_equal(plan_action(plan, 0)->kind, i);
		for (unsigned j = 0; j < i; j++)
			assert_string_not_equal(word,
			                        action_name((ActionKind)j));
	}
}

static const char *
random_value(GRand *dice, char *room)
{
	int length = g_rand_int_range(dice, -1, 12);

	if (length < 0)
		return NULL;
	for (int i = 0; i < length; i++)
		room[i] = (char)g_rand_int_range(dice, 1, 256);
	room[length] = '\0';
	return room;
}

/* Keys are known by reading: "KIND KEY=x" is an action only for its keys. */
static unsigned
keys_of(ActionKind kind, const char **keys)
{
	static const char *const all[] = {
		"ticket",     "queue",    "type",       "priority",
		"team",       "level",    "language",   "subject",
		"unproven",   "why",      "requester",  "direction",
		"proof",      "by",       "name",       "parent",
		"visibility", "message",  "delivery",   "from",
		"field",      "value",    "tag",        "kind",
		"other",      "address",  "purpose",    "to",
		"scope",      "template", "detail",     "outbox",
		"action",     "status",   "reason",     "text",
		"state",      "agent",    "message-id", "in-reply-to",
		"quarantine",
	};
	unsigned count = 0;

	for (unsigned i = 0; i < G_N_ELEMENTS(all); i++) {
		g_autoptr(Plan) plan = plan_new();
		g_autofree char *text =
			g_strdup_printf("%s %s=x", action_name(kind), all[i]);

		if (action_from_text(plan, text) && count < ACTION_VALUES_MAX)
			keys[count++] = all[i];
	}
	return count;
}

static void
text_and_action_are_the_same(void **state)
{
	guint32 seed = g_random_int();
	g_autoptr(GRand) dice = g_rand_new_with_seed(seed);
	const char *keys[ACTION_KINDS][ACTION_VALUES_MAX];
	unsigned counts[ACTION_KINDS];

	(void)state;
	print_message("# seed %u\n", seed);
	for (unsigned i = 0; i < ACTION_KINDS; i++)
		counts[i] = keys_of((ActionKind)i, keys[i]);
	for (unsigned run = 0; run < RUNS; run++) {
		g_autoptr(Plan) plan = plan_new();
		unsigned kind =
			(unsigned)g_rand_int_range(dice, 0, ACTION_KINDS);
		char a[16];
		char b[16];

		unsigned first =
			(unsigned)g_rand_int_range(dice, 0,
		                                   (gint32)counts[kind]);
		unsigned second = (first + 1) % counts[kind];
		plan_add(plan, (ActionKind)kind, keys[kind][first],
		         random_value(dice, a), keys[kind][second],
		         random_value(dice, b), NULL);
		g_autofree char *text = action_to_text(plan_action(plan, 0));
		assert_true(action_from_text(plan, text));
		assert_true(action_equal(plan_action(plan, 0),
		                         plan_action(plan, 1)));
		for (const char *p = text; *p != '\0'; p++)
			assert_true((unsigned char)*p >= ' ' && *p != 0x7f);
	}
}

static void
a_copy_does_not_point_into_the_first(void **state)
{
	g_autoptr(Plan) copy = plan_new();
	Plan *first = plan_new();

	(void)state;
	plan_add(first, ACTION_TAG, "ticket", "12", "tag", "a", NULL);
	plan_append(copy, first);
	plan_free(first);
	assert_string_equal(action_value(plan_action(copy, 0), "tag"), "a");
	assert_int_equal(action_number(plan_action(copy, 0), "ticket"), 12);
	assert_int_equal(action_number(plan_action(copy, 0), "why"), 0);
}

static void
different_actions_differ(void **state)
{
	g_autoptr(Plan) plan = plan_new();

	(void)state;
	assert_true(action_from_text(plan, "tag ticket=12 tag=a"));
	assert_true(action_from_text(plan, "untag ticket=12 tag=a"));
	assert_true(action_from_text(plan, "tag ticket=12 tag=b"));
	assert_true(action_from_text(plan, "tag ticket=12"));
	for (unsigned i = 1; i < plan->actions->len; i++)
		assert_false(action_equal(plan_action(plan, 0),
		                          plan_action(plan, i)));
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(values_are_written_and_read),
		cmocka_unit_test(other_texts_are_no_actions),
		cmocka_unit_test(each_kind_has_its_word),
		cmocka_unit_test(text_and_action_are_the_same),
		cmocka_unit_test(a_copy_does_not_point_into_the_first),
		cmocka_unit_test(different_actions_differ),
	};

	return cmocka_run_group_tests_name("plan", tests, NULL, NULL);
}
