#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>
#include <glib.h>

#include "message/header.h"

static Slice
slice(const char *text)
{
	return (Slice){ text, strlen(text) };
}

typedef struct WordCase {
	const char *sentence;
	const char *value;
	const char *hint;
	const char *text;
} WordCase;

static const WordCase word_cases[] = {
	{ "plain text is itself", "a  b", NULL, "a b" },
	{ "an encoded word", "=?utf-8?Q?Se=C3=B1al_ca=C3=ADda?=", NULL,
	  "Señal caída" },
	{ "base64 words in a row are one text",
	  "=?utf-8?b?U2XDsWE=?= =?utf-8?b?bCBkZQ==?=", NULL, "Señal de" },
	{ "a character split over two words",
	  "=?utf-8?Q?a=C3?= =?utf-8?Q?=B1o?=", NULL, "año" },
	{ "a blank between word and text stays", "=?utf-8?Q?a?= b", NULL,
	  "a b" },
	{ "blanks inside a word", "=?utf-8?Q?a b?=", NULL, "a b" },
	{ "a word that is never closed", "=?utf-8?Q?a=C3=B1o", NULL, "año" },
	{ "the language of RFC 2231", "=?iso-8859-1*es?Q?a=F1o?=", NULL,
	  "año" },
	{ "an unknown encoding is text", "=?utf-8?X?a?=", NULL,
	  "=?utf-8?X?a?=" },
	{ "raw octets are UTF-8 if they can be", "a\xc3\xb1o", "koi8-r",
	  "año" },
	{ "raw octets in the charset of the text", "\xc4\xc1", "koi8-r", "да" },
	{ "X-01 a line end in a word becomes a blank",
	  "=?utf-8?Q?a=0D=0ABcc:_x?=", NULL, "a Bcc: x" },
	{ "X-09 characters that reorder are dropped",
	  "=?utf-8?Q?a=E2=80=AEb?=", NULL, "ab" },
	{ "folds are blanks", "a\r\n\tb", NULL, "a b" },
	{ "ISO-2022-JP over two words",
	  "=?iso-2022-jp?B?GyRCJUYlORsoQg==?= =?iso-2022-jp?B?GyRCJUgbKEI=?=",
	  NULL, "テスト" },
};

static void
decodes_words(void **state)
{
	(void)state;
	for (unsigned i = 0; i < G_N_ELEMENTS(word_cases); i++) {
		g_autofree char *text =
			header_decode(slice(word_cases[i].value),
		                      word_cases[i].hint);

		if (strcmp(text, word_cases[i].text) != 0)
			fail_msg("%s: %s", word_cases[i].sentence, text);
	}
}

typedef struct IdCase {
	const char *sentence;
	const char *value;
	const char *ids; /* with blanks between */
} IdCase;

static const IdCase id_cases[] = {
	{ "ids in brackets", "<a@b> <c@d>", "a@b c@d" },
	{ "commas between them", "<a@b>, <c@d>", "a@b c@d" },
	{ "no blank between them", "<a@b><c@d>", "a@b c@d" },
	{ "no brackets", "a@b c@d", "a@b c@d" },
	{ "a fold inside an id is closed", "<a\r\n\t.x@b>", "a.x@b" },
	{ "an id that is not closed", "<a@b", "a@b" },
	{ "a cut id before a whole one", "<a <c@d>", "a c@d" },
	{ "the same id twice is one", "<a@b> <a@b>", "a@b" },
	{ "P-05 an empty id is none", "<>", "" },
	{ "P-05 one word without a sign", "abc", "abc" },
	{ "the phrase of old mailers", "Your message of \"Mon\" <a@b>", "a@b" },
};

static void
finds_ids(void **state)
{
	(void)state;
	for (unsigned i = 0; i < G_N_ELEMENTS(id_cases); i++) {
		g_autoptr(GPtrArray) ids =
			g_ptr_array_new_with_free_func(g_free);

		header_ids(slice(id_cases[i].value), 10, ids);
		g_ptr_array_add(ids, NULL);
		g_autofree char *all = g_strjoinv(" ", (char **)ids->pdata);
		if (strcmp(all, id_cases[i].ids) != 0)
			fail_msg("%s: %s", id_cases[i].sentence, all);
	}
}

typedef struct DateCase {
	const char *sentence;
	const char *value;
	int64_t at;
} DateCase;

static const DateCase date_cases[] = {
	{ "RFC 5322", "Mon, 2 Nov 2026 09:15:00 -0500", 1793628900 },
	{ "a comment for the zone", "2 Nov 2026 09:15:00 -0500 (COT)",
	  1793628900 },
	{ "no seconds", "Mon, 2 Nov 2026 09:15 -0500", 1793628900 },
	{ "a zone by name", "Mon, 2 Nov 2026 14:15:00 GMT", 1793628900 },
	{ "two digits of year", "2 Nov 26 14:15:00 +0000", 1793628900 },
	{ "asctime", "Mon Nov  2 14:15:00 2026", 1793628900 },
	{ "RFC 3339", "2026-11-02T14:15:00Z", 1793628900 },
	{ "hyphens", "02-Nov-2026 14:15:00 +0000", 1793628900 },
	{ "a zone with a colon", "2 Nov 2026 19:45:00 +05:30", 1793628900 },
	{ "afternoon", "2 Nov 2026 2:15:00pm", 1793628900 },
	{ "P-02 an hour that is none", "2 Nov 2026 29:15:00 +0000", 0 },
	{ "P-02 a year before time", "2 Nov 1969 09:15:00 +0000", 0 },
	{ "P-02 a year far off", "2 Nov 99999 09:15:00 +0000", 0 },
	{ "P-02 a day that is none", "31 Feb 2026 09:15:00 +0000", 0 },
	{ "words", "yesterday", 0 },
	{ "nothing", "", 0 },
};

static void
reads_dates(void **state)
{
	(void)state;
	for (unsigned i = 0; i < G_N_ELEMENTS(date_cases); i++) {
		int64_t at = header_date(slice(date_cases[i].value));

		if (at != date_cases[i].at)
			fail_msg("%s: %" G_GINT64_FORMAT,
			         date_cases[i].sentence, at);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(decodes_words),
		cmocka_unit_test(finds_ids),
		cmocka_unit_test(reads_dates),
	};

	return cmocka_run_group_tests_name("header", tests, NULL, NULL);
}
