#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>
#include <glib.h>

#include "base/clock.h"

static const struct {
	const char *text;
	bool is_instant;
	int64_t at;
} cases[] = {
	{ "1970-01-01T00:00:00Z", true, 0 },
	{ "2026-03-29T00:59:50Z", true, 1774745990 },
	{ "2026-03-29 00:59:50Z", true, 1774745990 },
	{ "2026-03-29T00:59:50", true, 1774745990 },
	{ "2026-03-29T02:59:50+02:00", true, 1774745990 },
	{ "2026-03-29T00:59:50.75Z", true, 1774745990 },
	{ "1969-12-31T23:59:59Z", true, -1 },
	{ "2106-02-07T06:28:16Z", true, INT64_C(4294967296) },
	{ "9999-12-31T23:59:59Z", true, INT64_C(253402300799) },
	{ "", false, 7 },
	{ "now", false, 7 },
	{ "2026-02-30T00:00:00Z", false, 7 },
	{ "2026-03-29", false, 7 },
	{ "2026-03-29T25:00:00Z", false, 7 },
	{ "2026-03-29T00:59:50Zx", false, 7 },
	{ "10000-01-01T00:00:00Z", false, 7 },
};

static void
instants_are_read(void **state)
{
	(void)state;
	for (unsigned i = 0; i < G_N_ELEMENTS(cases); i++) {
		int64_t at = 7;

		print_message("# \"%s\"\n", cases[i].text);
		assert_int_equal(instant_from_text(cases[i].text, &at),
		                 cases[i].is_instant);
		assert_true(at == cases[i].at);
	}
}

static void
instants_are_written(void **state)
{
	static const struct {
		int64_t at;
		const char *text;
	} written[] = {
		{ 0, "1970-01-01T00:00:00Z" },
		{ -1, "1969-12-31T23:59:59Z" },
		{ 1774745990, "2026-03-29T00:59:50Z" },
		{ INT64_MAX, "9999-12-31T23:59:59Z" },
		{ INT64_MIN, "0001-01-01T00:00:00Z" },
	};

	(void)state;
	for (unsigned i = 0; i < G_N_ELEMENTS(written); i++) {
		g_autofree char *text = instant_to_text(written[i].at);

		assert_string_equal(text, written[i].text);
	}
}

static void
the_clock_goes_until_it_is_fixed(void **state)
{
	(void)state;
	assert_true(clock_now() > 1700000000);
	clock_fix(42);
	assert_true(clock_now() == 42);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(instants_are_read),
		cmocka_unit_test(instants_are_written),
		cmocka_unit_test(the_clock_goes_until_it_is_fixed),
	};

	return cmocka_run_group_tests_name("clock", tests, NULL, NULL);
}
