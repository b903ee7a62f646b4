#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>
#include <glib.h>

#include "desk/subject.h"

static const char *const tags[] = { "", "acme", "old desk", NULL };
static const char *const named[] = { "acme", NULL };
static const char *const none[] = { NULL };

static const struct {
	const char *subject;
	int64_t ticket;
	const char *bare;
	bool is_reply;
} cases[] = {
	{ "", 0, "", false },
	{ "printer", 0, "printer", false },
	{ "[#12] printer", 12, "printer", false },
	{ "Re: [#12] printer", 12, "printer", true },
	{ "[#12] Re: printer", 12, "printer", false },
	{ "RE: AW: SV: printer", 0, "printer", true },
	{ "Re[2]: printer", 0, "printer", true },
	{ "Re(3): printer", 0, "printer", true },
	{ "Re^2: printer", 0, "printer", true },
	{ "Re : printer", 0, "printer", true },
	{ "  Re:printer", 0, "printer", true },
	{ "回复：printer", 0, "printer", true },
	{ "回覆: printer", 0, "printer", true },
	{ "RÉP: printer", 0, "printer", true },
	{ "Fwd: printer", 0, "printer", false },
	{ "RV: RE: [acme#7] printer", 7, "printer", false },
	{ "WG: printer", 0, "printer", false },
	{ "[ACME #7] printer", 7, "printer", false },
	{ "[old desk#7] x", 7, "x", false },
	{ "[ #7 ] x", 7, "x", false },
	{ "[list] [#12] x", 12, "[list] [#12] x", false },
	{ "[#12] [#13] x", 12, "x", false },
	{ "printer [#12]", 12, "printer [#12]", false },
	{ "[other#7] x", 0, "[other#7] x", false },
	{ "[#0] x", 0, "[#0] x", false },
	{ "[#-1] x", 0, "[#-1] x", false },
	{ "[#] x", 0, "[#] x", false },
	{ "[#12", 0, "[#12", false },
	{ "[#12a] x", 0, "[#12a] x", false },
	{ "[#99999999999999999999] x", 0, "[#99999999999999999999] x", false },
	{ "#12 x", 0, "#12 x", false },
	{ "[[#12] x", 12, "[[#12] x", false },
	{ "Report: all well", 0, "Report: all well", false },
	{ "Re", 0, "Re", false },
	{ "Re:", 0, "", true },
	{ "Re[2: x", 0, "Re[2: x", false },
};

static void
subjects_are_read(void **state)
{
	(void)state;
	for (unsigned i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autofree char *bare = subject_bare(cases[i].subject, tags);

		print_message("# %s\n", cases[i].subject);
		assert_int_equal(subject_ticket(cases[i].subject, tags),
		                 cases[i].ticket);
		assert_string_equal(bare, cases[i].bare);
		assert_int_equal(subject_is_reply(cases[i].subject),
		                 cases[i].is_reply);
	}
}

/* "[#5]" may be another desk's, where ours has a name of its own. */
static void
the_plain_tag_is_one_of_the_tags(void **state)
{
	(void)state;
	assert_int_equal(subject_ticket("[#5] x", named), 0);
	assert_int_equal(subject_ticket("[acme#5] x", named), 5);
	assert_int_equal(subject_ticket("[#5] x", none), 5);
	assert_int_equal(subject_ticket("[acme#5] x", none), 0);
}

static void
a_subject_is_tagged_once(void **state)
{
	g_autofree char *first = subject_tagged("printer", tags, 12, false);
	g_autofree char *second = subject_tagged(first, tags, 12, true);
	g_autofree char *third = subject_tagged(second, tags, 12, true);
	g_autofree char *ours = subject_tagged("Re: [#5] x", named, 12, true);

	(void)state;
	assert_string_equal(first, "[#12] printer");
	assert_string_equal(second, "Re: [#12] printer");
	assert_string_equal(third, "Re: [#12] printer");
	assert_string_equal(ours, "Re: [acme#12] [#5] x");
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(subjects_are_read),
		cmocka_unit_test(the_plain_tag_is_one_of_the_tags),
		cmocka_unit_test(a_subject_is_tagged_once),
	};

	return cmocka_run_group_tests_name("subject", tests, NULL, NULL);
}
