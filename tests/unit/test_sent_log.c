#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>
#include <glib.h>
#include <glib/gstdio.h>

#include "outbound/sent_log.h"

static OutboxRow *
row_of(int64_t id, const char *message_id, const char *text)
{
	OutboxRow *row = outbox_row_new();

	row->id = id;
	row->message_id = g_strdup(message_id);
	row->body = g_bytes_new(text, strlen(text));
	return row;
}

static int
make_directory(void **state)
{
	*state = g_dir_make_tmp("sent-log.XXXXXX", NULL);
	return *state == NULL;
}

static int
remove_directory(void **state)
{
	g_autofree char *directory = *state;
	g_autofree char *path = g_build_filename(directory, "db.sent", NULL);

	g_unlink(path);
	return g_rmdir(directory);
}

static SentLog *
open_log(void **state, int64_t known)
{
	g_autofree char *path = g_build_filename(*state, "db.sent", NULL);
	SentLog *log = sent_log_open(path, known, NULL);

	assert_non_null(log);
	return log;
}

static void
a_line_is_found_after_opening_again(void **state)
{
	g_autoptr(OutboxRow) row = row_of(7, "p.1.7.x@d", "the mail");
	g_autoptr(SentLog) log = open_log(state, 0);

	assert_false(sent_log_has(log, row));
	assert_true(sent_log_add(log, row, 1000, NULL));
	assert_true(sent_log_sync(log, NULL));
	assert_in_range(sent_log_length(log), 80, 120);
	g_autoptr(SentLog) again = open_log(state, 0);
	assert_true(sent_log_has(again, row));
	assert_true(sent_log_names(again, 7));
	assert_false(sent_log_names(again, 8));
}

/* After a restore ids begin again: that mail must go out. */
static void
another_mail_under_an_old_id_is_not_found(void **state)
{
	g_autoptr(OutboxRow) other = row_of(7, "p.1.7.x@d", "another mail");
	g_autoptr(OutboxRow) renamed = row_of(7, "p.2.7.x@d", "the mail");
	g_autoptr(SentLog) log = open_log(state, 0);

	assert_true(sent_log_names(log, 7));
	assert_false(sent_log_has(log, other));
	assert_false(sent_log_has(log, renamed));
}

static void
a_torn_line_harms_neither_itself_nor_the_next(void **state)
{
	g_autofree char *path = g_build_filename(*state, "db.sent", NULL);
	g_autoptr(OutboxRow) row = row_of(9, "p.1.9.x@d", "ninth");
	g_autoptr(OutboxRow) torn = row_of(8, "p.1.8.x@d", "eighth");
	FILE *file = g_fopen(path, "a");

	fputs("8 p.1.8.x@d 10", file);
	fclose(file);
	g_autoptr(SentLog) log = open_log(state, 0);
	assert_false(sent_log_names(log, 8));
	assert_true(sent_log_add(log, row, 1000, NULL));
	g_autoptr(SentLog) again = open_log(state, 0);
	assert_true(sent_log_has(again, row));
	assert_false(sent_log_has(again, torn));
}

static void
only_what_the_database_does_not_know_is_read(void **state)
{
	g_autoptr(SentLog) log = open_log(state, 0);

	for (int i = 100; i < 1100; i++) {
		g_autoptr(OutboxRow) row = row_of(i, "p@d", "text");

		assert_true(sent_log_add(log, row, 1000, NULL));
	}
	g_autoptr(SentLog) again = open_log(state, sent_log_length(log));
	assert_false(sent_log_names(again, 100));
	assert_true(sent_log_names(again, 1000));
	assert_true(sent_log_names(again, 1099));
}

static void
what_was_begun_is_known_from_there_on(void **state)
{
	g_autoptr(SentLog) log = open_log(state, 0);
	int64_t before = sent_log_length(log);

	assert_true(sent_log_begin(log, 5000, 1000, NULL));
	int64_t behind = sent_log_length(log);
	g_autoptr(SentLog) again = open_log(state, before);
	assert_true(sent_log_was_begun(again, 5000, before));
	assert_false(sent_log_was_begun(again, 5000, behind));
	assert_false(sent_log_was_begun(again, 5001, 0));
	assert_false(sent_log_names(again, 5000));
}

static void
a_log_that_cannot_be_opened_is_an_error(void **state)
{
	g_autoptr(GError) error = NULL;

	(void)state;
	assert_null(sent_log_open("/nonexistent/db.sent", 0, &error));
	assert_non_null(error);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_line_is_found_after_opening_again),
		cmocka_unit_test(another_mail_under_an_old_id_is_not_found),
		cmocka_unit_test(a_torn_line_harms_neither_itself_nor_the_next),
		cmocka_unit_test(only_what_the_database_does_not_know_is_read),
		cmocka_unit_test(what_was_begun_is_known_from_there_on),
		cmocka_unit_test(a_log_that_cannot_be_opened_is_an_error),
	};

	return cmocka_run_group_tests(tests, make_directory, remove_directory);
}
