#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>
#include <glib.h>

#include "base/text.h"

typedef struct Case {
	const char *sentence;
	const char *in;
	const char *out;
} Case;

static void
check_all(const Case *cases, size_t count, char *(*clean)(const char *))
{
	for (size_t i = 0; i < count; i++) {
		g_autofree char *out = clean(cases[i].in);
		g_autofree char *again = clean(out);

		print_message("# %s\n", cases[i].sentence);
		assert_string_equal(out, cases[i].out);
		assert_string_equal(again, cases[i].out);
	}
}

static void
lines_are_cleaned(void **state)
{
	static const Case cases[] = {
		{ "nothing", "", "" },
		{ "as it is", "Señal caída", "Señal caída" },
		{ "ends trimmed, runs of blanks one", "  a \t  b  ", "a b" },
		{ "X-01 CR LF", "a\r\nBcc: x", "a Bcc: x" },
		{ "X-01 NEL, U+2028, U+2029",
		  "a\xc2\x85"
		  "b\u2028c\u2029d",
		  "a b c d" },
		{ "C1 controls",
		  "a\xc2\x9b"
		  "b",
		  "a b" },
		{ "X-09 an override that turns the name", "a\u202egpj.exe",
		  "agpj.exe" },
		{ "X-09 a zero-width space before the dot", "\u200b.htaccess",
		  ".htaccess" },
		{ "A-10 a soft hyphen and invisible operators",
		  "a\u00adn\u2062a", "ana" },
		{ "tags that hide text", "a\U000e0041\U000e0042b", "ab" },
		{ "joiners stay, scripts and emoji need them", "क्\u200dष",
		  "क्\u200dष" },
		{ "only controls", "\x01\x02\n", "" },
	};

	(void)state;
	check_all(cases, G_N_ELEMENTS(cases), text_clean_line);
}

static void
blocks_are_cleaned(void **state)
{
	static const Case cases[] = {
		{ "nothing", "", "" },
		{ "line ends of all systems", "a\r\nb\rc\nd", "a\nb\nc\nd" },
		{ "line ends of Unicode keep words apart",
		  "a\u2028b\u2029c\xc2\x85"
		  "d",
		  "a\nb\nc\nd" },
		{ "tabs and blanks stay", "a\t b", "a\t b" },
		{ "other controls go", "a\x1b[2J\x07z", "a[2Jz" },
		{ "overrides go", "a\u202eb", "ab" },
		{ "CR CR LF is two", "a\r\r\nb", "a\n\nb" },
	};

	(void)state;
	check_all(cases, G_N_ELEMENTS(cases), text_clean_block);
}

static void
octets_become_text(void **state)
{
	static const struct {
		const char *sentence;
		const char *octets;
		gssize length;
		const char *text;
	} cases[] = {
		{ "UTF-8 is kept", "señal", -1, "señal" },
		{ "windows-1252",
		  "se\xf1"
		  "al \x80",
		  -1, "señal €" },
		{ "holes of windows-1252",
		  "a\x81"
		  "b",
		  -1,
		  "a\xef\xbf\xbd"
		  "b" },
		{ "P-04 NUL is no end", "a\0b", 3, "a b" },
		{ "cut UTF-8", "a\xc3", -1, "aÃ" },
		{ "nothing", "", 0, "" },
	};

	(void)state;
	for (unsigned i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autofree char *text =
			text_from_octets(cases[i].octets, cases[i].length);

		print_message("# %s\n", cases[i].sentence);
		assert_string_equal(text, cases[i].text);
		assert_true(g_utf8_validate(text, -1, NULL));
	}
}

static void
folding_compares_as_people_do(void **state)
{
	static const Case cases[] = {
		{ "case and accents", "Señal CAÍDA", "senal caida" },
		{ "compatibility forms", "ﬁne Ａ", "fine a" },
		{ "sharp s", "Straße", "strasse" },
		{ "Turkish dotted I", "İ", "i" },
		{ "Greek final sigma", "ΣΑΣ", "σασ" },
	};

	(void)state;
	check_all(cases, G_N_ELEMENTS(cases), text_fold);
}

static void
texts_are_shortened(void **state)
{
	static const struct {
		const char *text;
		size_t columns;
		const char *out;
	} cases[] = {
		{ "printer", 7, "printer" },   { "printer", 6, "print…" },
		{ "printer", 1, "…" },         { "printer", 0, "" },
		{ "漢字漢字", 8, "漢字漢字" }, { "漢字漢字", 5, "漢字…" },
		{ "漢字漢字", 4, "漢…" },      { "", 0, "" },
	};

	(void)state;
	for (unsigned i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autofree char *out =
			text_shorten(cases[i].text, cases[i].columns);

		assert_string_equal(out, cases[i].out);
		assert_true(text_columns(out) <= cases[i].columns);
	}
}

static void
texts_are_wrapped(void **state)
{
	static const struct {
		const char *text;
		const char *prefix;
		const char *out;
	} cases[] = {
		{ "one two three", "", "one two\nthree" },
		{ "one two three", "> ", "> one two\n> three" },
		{ "abcdefghijk lm", "", "abcdefghijk\nlm" },
		{ "a\n\nb", "> ", "> a\n> \n> b" },
		{ "", "", "" },
	};

	(void)state;
	for (unsigned i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autofree char *out =
			text_wrap(cases[i].text, 8, cases[i].prefix);

		assert_string_equal(out, cases[i].out);
	}
}

static void
ascii_case_is_equal(void **state)
{
	(void)state;
	assert_true(text_equal_ascii("A@x", "a@X"));
	assert_false(text_equal_ascii("Ñ", "ñ"));
	assert_true(text_equal_ascii(NULL, NULL));
	assert_false(text_equal_ascii(NULL, ""));
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(lines_are_cleaned),
		cmocka_unit_test(blocks_are_cleaned),
		cmocka_unit_test(octets_become_text),
		cmocka_unit_test(folding_compares_as_people_do),
		cmocka_unit_test(texts_are_shortened),
		cmocka_unit_test(texts_are_wrapped),
		cmocka_unit_test(ascii_case_is_equal),
	};

	return cmocka_run_group_tests_name("text", tests, NULL, NULL);
}
