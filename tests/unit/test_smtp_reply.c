#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>
#include <glib.h>

#include "outbound/smtp_reply.h"

typedef struct Case {
	const char *sentence;
	const char *octets;
	size_t size; /* 0: strlen */
	int code;    /* 0: broken */
	const char *enhanced;
	const char *text;
} Case;

static const Case cases[] = {
	{ "one line", "250 2.1.0 ok\r\n", 0, 250, "2.1.0", "250 2.1.0 ok" },
	{ "the code alone", "250\r\n", 0, 250, "", "250" },
	{ "a line end without CR", "250 ok\n", 0, 250, "", "250 ok" },
	{ "lines are joined, the enhanced code is kept once",
	  "550-5.1.1 The account\r\n550-5.1.1 does not\r\n550 5.1.1 exist\r\n",
	  0, 550, "5.1.1", "550 5.1.1 The account does not exist" },
	{ "an enhanced code of another class is text", "250 5.1.1 odd\r\n", 0,
	  250, "", "250 5.1.1 odd" },
	{ "an enhanced code of two parts is text", "250 2.1 odd\r\n", 0, 250,
	  "", "250 2.1 odd" },
	{ "octets that are not UTF-8 are read as windows-1252",
	  "550 cami\xf3n\r\n", 0, 550, "", "550 camión" },
	{ "controls become blanks", "550 a\x1b[2J\tb\r\n", 0, 550, "",
	  "550 a [2J b" },
	{ "S-06 five digits and no blank", "2500\r\n", 0, 0, NULL, NULL },
	{ "S-06 two digits", "25\r\n", 0, 0, NULL, NULL },
	{ "S-06 code 199", "199 hello\r\n", 0, 0, NULL, NULL },
	{ "S-06 code 600", "600 hello\r\n", 0, 0, NULL, NULL },
	{ "S-06 an empty line", "\r\n", 0, 0, NULL, NULL },
	{ "S-06 a NUL in the text", "250 a\0b\r\n", 9, 0, NULL, NULL },
	{ "S-06 a NUL in the code", "25\0 b\r\n", 7, 0, NULL, NULL },
	{ "S-06 the code changes on the way", "250-a\r\n550 b\r\n", 0, 0, NULL,
	  NULL },
};

/* Feeds step octets at a time. */
static SmtpReplyState
read_in_steps(const char *octets, size_t size, size_t step, SmtpReply *reply)
{
	g_autoptr(SmtpReplyReader) reader = smtp_reply_reader_new();
	SmtpReplyState state = SMTP_REPLY_MORE;
	size_t used;

	for (size_t at = 0; at < size && state == SMTP_REPLY_MORE; at += used)
		state = smtp_reply_read(reader, octets + at,
		                        MIN(step, size - at), &used, reply);
	return state;
}

static void
check(const Case *c, size_t step)
{
	size_t size = c->size != 0 ? c->size : strlen(c->octets);
	SmtpReply reply = { 0 };
	SmtpReplyState state = read_in_steps(c->octets, size, step, &reply);

	print_message("# %s, %zu at a time\n", c->sentence, step);
	if (c->code == 0) {
		assert_int_equal(state, SMTP_REPLY_BROKEN);
		return;
	}
	assert_int_equal(state, SMTP_REPLY_DONE);
	assert_int_equal(reply.code, c->code);
	assert_string_equal(reply.enhanced, c->enhanced);
	assert_string_equal(reply.text, c->text);
	smtp_reply_clear(&reply);
}

static void
replies_are_read_whole_and_octet_by_octet(void **state)
{
	(void)state;
	for (unsigned i = 0; i < G_N_ELEMENTS(cases); i++)
		for (size_t step = 1; step < 20; step += 6)
			check(&cases[i], step);
}

/* S-06: a line of a megabyte, with and without pieces. */
static void
a_line_without_end_is_broken_at_the_cap(void **state)
{
	g_autofree char *line = g_malloc(1 << 20);

	(void)state;
	memset(line, 'x', 1 << 20);
	memcpy(line, "250 ", 4);
	for (size_t step = 1; step < 1 << 20; step *= 1000) {
		SmtpReply reply = { 0 };

		assert_int_equal(read_in_steps(line, 1 << 20, step, &reply),
		                 SMTP_REPLY_BROKEN);
		assert_int_equal(read_in_steps(line, SMTP_LINE_MAX, step,
		                               &reply),
		                 SMTP_REPLY_MORE);
	}
}

static void
a_million_continuation_lines_are_broken_at_the_cap(void **state)
{
	g_autoptr(SmtpReplyReader) reader = smtp_reply_reader_new();
	SmtpReply reply = { 0 };
	size_t used;
	int lines = 0;

	(void)state;
	while (smtp_reply_read(reader, "250-a\r\n", 7, &used, &reply) ==
	       SMTP_REPLY_MORE)
		lines++;
	assert_in_range(lines, SMTP_REPLY_MAX / 8, SMTP_REPLY_MAX / 7);
}

static void
kept_text_has_a_cap_and_stays_utf8(void **state)
{
	g_autoptr(GString) octets = g_string_new(NULL);
	SmtpReply reply = { 0 };

	(void)state;
	for (int i = 0; i < 40; i++)
		g_string_append(octets, "550-ññññññññññññññññññññññññññññ\r\n");
	g_string_append(octets, "550 end\r\n");
	assert_int_equal(read_in_steps(octets->str, octets->len, 100, &reply),
	                 SMTP_REPLY_DONE);
	assert_in_range(strlen(reply.text), SMTP_REPLY_TEXT_MAX - 4,
	                SMTP_REPLY_TEXT_MAX);
	assert_null(strstr(reply.text, "Ã"));
	assert_true(g_utf8_validate(reply.text, -1, NULL));
	smtp_reply_clear(&reply);
}

static void
one_reply_is_taken_at_a_time(void **state)
{
	g_autoptr(SmtpReplyReader) reader = smtp_reply_reader_new();
	const char *octets = "250-a\r\n250 b\r\n354 go\r\n";
	SmtpReply reply = { 0 };
	size_t used;

	(void)state;
	assert_int_equal(smtp_reply_read(reader, octets, strlen(octets), &used,
	                                 &reply),
	                 SMTP_REPLY_DONE);
	assert_int_equal(used, 14);
	assert_string_equal(reply.text, "250 a b");
	smtp_reply_clear(&reply);
	assert_int_equal(smtp_reply_read(reader, octets + 14, 8, &used, &reply),
	                 SMTP_REPLY_DONE);
	assert_int_equal(reply.code, 354);
	smtp_reply_clear(&reply);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(replies_are_read_whole_and_octet_by_octet),
		cmocka_unit_test(a_line_without_end_is_broken_at_the_cap),
		cmocka_unit_test(
			a_million_continuation_lines_are_broken_at_the_cap),
		cmocka_unit_test(kept_text_has_a_cap_and_stays_utf8),
		cmocka_unit_test(one_reply_is_taken_at_a_time),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
