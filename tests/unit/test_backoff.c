#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <glib.h>

#include "outbound/backoff.h"

#define DAY (INT64_C(24) * 3600)

static void
s03_the_delays_grow_to_an_hour(void **state)
{
	static const int64_t minutes[] = { 1, 5, 15, 60, 60, 60 };

	(void)state;
	for (int i = 0; i < (int)G_N_ELEMENTS(minutes); i++)
		assert_int_equal(backoff_delay(i + 1), minutes[i] * 60);
	assert_int_equal(backoff_delay(G_MAXINT), BACKOFF_SECONDS_MAX);
	assert_int_equal(backoff_delay(0), 60);
	assert_int_equal(backoff_delay(-5), 60);
}

static void
s03_it_ends_after_five_days(void **state)
{
	static const struct {
		const char *sentence;
		int attempts;
		int64_t age;
		bool is_over;
	} cases[] = {
		{ "a first try", 1, 0, false },
		{ "many tries in a day", 100, DAY, false },
		{ "a second before the fifth day ends", 100, 5 * DAY - 1,
		  false },
		{ "five days", 100, 5 * DAY, true },
		{ "it waited a week for the desk: first tries", 1, 7 * DAY,
		  false },
		{ "it waited a week, and was tried", 5, 7 * DAY, true },
		{ "the clock was set back", 100, -DAY, false },
	};

	(void)state;
	for (unsigned i = 0; i < G_N_ELEMENTS(cases); i++) {
		print_message("# %s\n", cases[i].sentence);
		assert_int_equal(backoff_is_over(cases[i].attempts, 1000000,
		                                 1000000 + cases[i].age),
		                 cases[i].is_over);
	}
}

/* The whole of it: when a mail that is always deferred is given up. */
static void
s03_a_mail_always_deferred_is_given_up_on_the_fifth_day(void **state)
{
	int64_t now = 0;
	int attempts = 1;

	(void)state;
	while (!backoff_is_over(attempts, 0, now))
		now += backoff_delay(attempts++);
	assert_in_range(now, 5 * DAY, 5 * DAY + 3600);
	assert_in_range(attempts, 120, 124);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(s03_the_delays_grow_to_an_hour),
		cmocka_unit_test(s03_it_ends_after_five_days),
		cmocka_unit_test(
			s03_a_mail_always_deferred_is_given_up_on_the_fifth_day),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
