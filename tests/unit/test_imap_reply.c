#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>
#include <glib.h>

#include "intake/imap_name.h"
#include "intake/imap_reply.h"

/* A reply as one line: kind, status, tokens; "!" where it is malformed. */
static void
tell(const ImapReply *reply, GString *out)
{
	static const char kinds[] = { '+', '*', 'T' };

	g_string_append_printf(out, "%c%d", kinds[reply->kind], reply->status);
	if (reply->status != IMAP_NONE || reply->kind == IMAP_GO_ON)
		g_string_append_printf(out, " <%s>", imap_reply_words(reply));
	for (unsigned i = 0;
	     reply->status == IMAP_NONE && i < reply->tokens->len; i++) {
		ImapTokenKind kind =
			g_array_index(reply->tokens, ImapToken, i).kind;
		g_autoptr(GBytes) octets =
			kind == IMAP_LITERAL ? imap_token_take(reply, i) : NULL;

		if (kind == IMAP_OPEN || kind == IMAP_CLOSE)
			g_string_append(out, kind == IMAP_OPEN ? " (" : " )");
		else if (octets != NULL)
			g_string_append_printf(
				out, " {%.*s}", (int)g_bytes_get_size(octets),
				(const char *)g_bytes_get_data(octets, NULL));
		else
			g_string_append_printf(out, " %s",
			                       imap_token_text(reply, i));
	}
	g_string_append(out, reply->is_malformed ? "!\n" : "\n");
}

/* All replies of the octets, fed step by step; "X" where reading ended. */
static char *
replies_of(const char *octets, size_t size, size_t step)
{
	g_autoptr(ImapReader) reader = imap_reader_new();
	GString *out = g_string_new(NULL);

	imap_reader_allow(reader, 20);
	for (size_t at = 0, taken; at < size; at += taken) {
		bool is_whole;

		if (!imap_reader_feed(reader, octets + at, MIN(step, size - at),
		                      &taken, &is_whole, NULL)) {
			g_string_append_c(out, 'X');
			break;
		}
		if (is_whole)
			tell(imap_reader_reply(reader), out);
	}
	return g_string_free(out, FALSE);
}

static const struct {
	const char *sentence;
	const char *octets;
	const char *replies;
} cases[] = {
	{ "statuses with words", "* OK [UIDNEXT 3] (it's \"fine\r\nP1 no\r\n",
	  "*1 <[UIDNEXT 3] (it's \"fine>\nT2 <>\n" },
	{ "data", "* 3 FETCH (UID 7 FLAGS (\\Seen x))\r\n",
	  "*0 3 FETCH ( UID 7 FLAGS ( \\Seen x ) )\n" },
	{ "a section with blanks is one atom",
	  "* 1 FETCH (BODY[HEADER.FIELDS (A B)] NIL)\r\n",
	  "*0 1 FETCH ( BODY[HEADER.FIELDS (A B)] NIL )\n" },
	{ "a literal holds anything",
	  "* 1 FETCH (BODY[] {9}\r\n)\r\n* (\"\r\n)\r\n",
	  "*0 1 FETCH ( BODY[] {)\r\n* (\"\r\n} )\n" },
	{ "an empty literal, and one of LITERAL+", "* X {0}\r\n {2+}\r\nab\r\n",
	  "*0 X {} {ab}\n" },
	{ "M-10 quoted strings hold counts and quotes",
	  "* X \"{5}\" \"a\\\"b\\\\c\"\r\n", "*0 X {5} a\"b\\c\n" },
	{ "continuations", "+ go on\r\n+\r\n", "+0 <go on>\n+0 <>\n" },
	{ "lines end by LF alone, too", "* OK\nP1 OK x\n", "*1 <>\nT1 <x>\n" },
	{ "brackets that do not match are marked", "* X (a\r\n* X a)\r\n",
	  "*0 X ( a!\n*0 X a )!\n" },
	{ "M-08 no more than was asked for", "* X {21}\r\n", "X" },
	{ "M-08 2^32 - 1", "* X {4294967295}\r\n", "X" },
	{ "M-08 2^64 - 1", "* X {18446744073709551616}\r\n", "X" },
	{ "M-08 a negative number", "* X {-1}\r\n", "X" },
	{ "M-08 all literals of a reply together",
	  "* X {20}\r\n"
	  "aaaaaaaaaabbbbbbbbbb {1}\r\n",
	  "X" },
	{ "M-20 a reply without sense", "* STATUS\r\n*\r\n\r\n( )\r\n",
	  "*0 STATUS\n*0\n*0!\n*0 ( )!\n" },
};

static void
test_replies(void **state)
{
	(void)state;
	for (unsigned i = 0; i < G_N_ELEMENTS(cases); i++)
		for (size_t step = 1; step < 200; step += 33) {
			g_autofree char *got =
				replies_of(cases[i].octets,
			                   strlen(cases[i].octets), step);

			if (strcmp(got, cases[i].replies) != 0)
				fail_msg("%s, by %zu: %s", cases[i].sentence,
				         step, got);
		}
}

static void
test_limits(void **state)
{
	g_autoptr(GString) deep = g_string_new("* X ");
	g_autoptr(GString) wide = g_string_new("* OK ");

	(void)state;
	for (unsigned i = 0; i <= IMAP_DEPTH_MAX; i++)
		g_string_append_c(deep, '(');
	for (unsigned i = 0; i <= IMAP_TEXT_MAX; i++)
		g_string_append_c(wide, 'x');
	g_autofree char *too_deep = replies_of(deep->str, deep->len, 7);
	g_autofree char *too_wide = replies_of(wide->str, wide->len, 4096);
	assert_string_equal(too_deep, "X");
	assert_string_equal(too_wide, "X");
}

static void
test_nul(void **state)
{
	static const char octets[] = "* X a\0b \377\r\n";
	g_autofree char *got = replies_of(octets, sizeof octets - 1, 3);

	(void)state;
	assert_string_equal(got, "*0 X a \377\n");
}

static const struct {
	const char *name;
	const char *encoded;
} names[] = {
	{ "INBOX", "INBOX" },
	{ "R&D", "R&-D" },
	{ "T\xc3\xa9"
	  "cnico",
	  "T&AOk-cnico" },
	/* RFC 3501 section 5.1.3 */
	{ "~peter/mail/\xe5\x8f\xb0\xe5\x8c\x97/\xe6\x97\xa5\xe6\x9c\xac"
	  "\xe8\xaa\x9e",
	  "~peter/mail/&U,BTFw-/&ZeVnLIqe-" },
	{ "\xf0\x9f\x93\xa7", "&2D3c5w-" },
};

static void
test_names(void **state)
{
	(void)state;
	for (unsigned i = 0; i < G_N_ELEMENTS(names); i++) {
		g_autofree char *got = imap_name_encode(names[i].name);

		assert_string_equal(got, names[i].encoded);
	}
	g_autofree char *quoted = imap_quote("a \"b\" \\c");
	assert_string_equal(quoted, "\"a \\\"b\\\" \\\\c\"");
	assert_false(imap_can_quote("a\nb"));
	assert_false(imap_can_quote("\xc3\xa9"));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_replies),
		cmocka_unit_test(test_limits),
		cmocka_unit_test(test_nul),
		cmocka_unit_test(test_names),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
