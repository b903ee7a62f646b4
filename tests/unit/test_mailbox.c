#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <glib.h>

#include "desk/mailbox.h"

#define NOW INT64_C(1774000000)
#define DAY INT64_C(86400)

static void
one_failure_rests_an_address_for_a_day_at_most(void **state)
{
	g_autoptr(Mailbox) mailbox = g_new0(Mailbox, 1);

	(void)state;
	assert_true(mailbox_fail(mailbox, 7, "user-unknown", NOW));
	assert_int_equal(mailbox->state, MAILBOX_SOFT);
	assert_true(mailbox->rests_until <= NOW + DAY);
}

static void
many_reports_on_one_mail_are_one(void **state)
{
	g_autoptr(Mailbox) mailbox = g_new0(Mailbox, 1);

	(void)state;
	assert_true(mailbox_fail(mailbox, 7, "user-unknown", NOW));
	for (int i = 1; i < 100; i++)
		assert_false(mailbox_fail(mailbox, 7, "user-unknown",
		                          NOW + i * DAY));
	assert_int_equal(mailbox->failures, 1);
	assert_int_equal(mailbox->rests_until, NOW + DAY);
}

static void
several_mails_within_a_day_do_not_kill_it(void **state)
{
	g_autoptr(Mailbox) mailbox = g_new0(Mailbox, 1);

	(void)state;
	for (int i = 1; i < 10; i++)
		assert_true(mailbox_fail(mailbox, i, "user-unknown", NOW + i));
	assert_int_equal(mailbox->state, MAILBOX_SOFT);
}

static void
three_mails_over_days_do_and_it_wakes(void **state)
{
	g_autoptr(Mailbox) mailbox = g_new0(Mailbox, 1);

	(void)state;
	assert_true(mailbox_fail(mailbox, 1, "user-unknown", NOW));
	assert_true(mailbox_fail(mailbox, 2, "user-unknown", NOW + DAY));
	assert_int_equal(mailbox->state, MAILBOX_SOFT);
	assert_true(mailbox_fail(mailbox, 3, "user-unknown", NOW + 2 * DAY));
	assert_int_equal(mailbox->state, MAILBOX_DEAD);
	assert_int_equal(mailbox->rests_until,
	                 NOW + 2 * DAY + MAILBOX_DEAD_SECONDS);
}

static void
what_lies_far_back_is_forgotten(void **state)
{
	g_autoptr(Mailbox) mailbox = g_new0(Mailbox, 1);

	(void)state;
	assert_true(mailbox_fail(mailbox, 1, "user-unknown", NOW));
	assert_true(mailbox_fail(mailbox, 2, "user-unknown", NOW + 3 * DAY));
	assert_true(mailbox_fail(mailbox, 3, "user-unknown", NOW + 60 * DAY));
	assert_int_equal(mailbox->state, MAILBOX_SOFT);
	assert_int_equal(mailbox->failures, 1);
}

static const struct {
	const char *status;
	const char *reason;
	bool is_at_fault;
} faults[] = {
	{ "5.1.1", NULL, true },         { "5.2.1", NULL, true },
	{ "5.2.3", NULL, false },        { "5.7.1", NULL, false },
	{ NULL, "user-unknown", true },  { NULL, "spam", false },
	{ "5.3.4", "too-large", false }, { NULL, NULL, false },
};

static void
a_refused_mail_is_not_a_refused_address(void **state)
{
	(void)state;
	for (unsigned i = 0; i < G_N_ELEMENTS(faults); i++)
		assert_int_equal(mailbox_is_at_fault(faults[i].status,
		                                     faults[i].reason),
		                 faults[i].is_at_fault);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
			one_failure_rests_an_address_for_a_day_at_most),
		cmocka_unit_test(many_reports_on_one_mail_are_one),
		cmocka_unit_test(several_mails_within_a_day_do_not_kill_it),
		cmocka_unit_test(three_mails_over_days_do_and_it_wakes),
		cmocka_unit_test(what_lies_far_back_is_forgotten),
		cmocka_unit_test(a_refused_mail_is_not_a_refused_address),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
