#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>
#include <glib.h>

#include "message/charset.h"

typedef struct CharsetCase {
	const char *sentence;
	const char *name;
	const char *octets;
	const char *text;
	bool exact;
} CharsetCase;

static const CharsetCase cases[] = {
	{ "ASCII", "us-ascii", "abc", "abc", true },
	{ "UTF-8", "utf-8", "a\xc3\xb1o", "año", true },
	{ "Latin-1 is windows-1252", "iso-8859-1", "\x80 \xf1", "€ ñ", true },
	{ "P-01 blanks and semicolons in the name", " utf-8; ", "\xc3\xb1", "ñ",
	  true },
	{ "P-01 a name that is none", "%CHARSET", "\xc3\xb1", "ñ", true },
	{ "P-01 no name, and no UTF-8", NULL, "a\xf1o", "año", false },
	{ "P-01 Outlook's name for Korean", "ks_c_5601-1987", "\xc7\xd1", "한",
	  true },
	{ "P-01 UTF-8 that says it is Latin-1", "iso-8859-1", "a\xc3\xb1o",
	  "año", true },
	{ "P-01 Latin-1 that says it is UTF-8", "utf-8", "a\xf1o", "año",
	  false },
	{ "P-01 a cut UTF-8 text keeps its head", "utf-8", "a\xc3\xb1o\xc3",
	  "año\xef\xbf\xbd", false },
	{ "P-01 UTF-7", "unicode-1-1-utf-7", "a+APE-o", "año", true },
	{ "ISO-2022-JP", "iso-2022-jp", "\x1b$B%F%9%H\x1b(B.", "テスト.",
	  true },
	{ "ISO-2022-JP with the vendors' row 13", "iso-2022-jp",
	  "\x1b$B-!\x1b(B", "①", true },
	{ "P-01 ISO-2022-JP without its end", "iso-2022-jp", "\x1b$B%F%", "テ%",
	  true },
	{ "ISO-2022-JP that does not say so", NULL, "\x1b$B%F\x1b(B", "テ",
	  true },
	{ "Shift-JIS that says it is ISO-2022-JP", "iso-2022-jp", "\x83\x65",
	  "テ", true },
	{ "Vietnamese to its last letter", "windows-1258", "Val\xe9rie",
	  "Valérie", true },
	{ "GB2312 is read as its larger sister", "gb2312", "\x81\x40", "丂",
	  true },
	{ "a name with options for iconv", "utf-8//IGNORE", "\xc3\xb1", "ñ",
	  true },
};

static void
reads_charsets(void **state)
{
	(void)state;
	for (unsigned i = 0; i < G_N_ELEMENTS(cases); i++) {
		bool exact;
		g_autofree char *text =
			charset_to_utf8(cases[i].name, cases[i].octets,
		                        strlen(cases[i].octets), &exact);

		if (strcmp(text, cases[i].text) != 0 || exact != cases[i].exact)
			fail_msg("%s: %s %d", cases[i].sentence, text, exact);
	}
}

static void
turns_nuls_into_blanks(void **state)
{
	g_autofree char *text = charset_to_utf8("utf-8", "a\0b", 3, NULL);

	(void)state;
	assert_string_equal(text, "a b");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_charsets),
		cmocka_unit_test(turns_nuls_into_blanks),
	};

	return cmocka_run_group_tests_name("charset", tests, NULL, NULL);
}
