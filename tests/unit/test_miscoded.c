#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>
#include <glib.h>

#include "message/miscoded.h"

#define CODE "U2luIHBhcGVsIGRlc2RlIGF5ZXIsIHkgc2luIHRpbnRhLg=="

typedef struct MiscodedCase {
	const char *sentence;
	const char *code;
	const char *words; /* what follows it */
} MiscodedCase;

static const MiscodedCase cases[] = {
	{ "code is code", CODE "\n", "" },
	{ "code in short pieces", "U2luIA==\ncGFwZWwu\nCg==\n", "" },
	{ "P-10 garbage among code is still code", "U2lu!!IHBhcGVs\n***Lg==\n",
	  "" },
	{ "blank lines among code", CODE "\n\n" CODE "\n", "" },
	{ "code with blanks at the ends of lines", "U2luIHBhcGVsIGRl \nc2Rl\n",
	  "" },
	{ "P-10 plain text that is called base64", "",
	  "The printer is out of paper.\n\nThanks a lot, Ana\n" },
	{ "a greeting above plain text", "",
	  "Hola\n\nla impresora sin papel\n" },
	{ "the footer of a mailing list", CODE "\n\n",
	  "_____________________\nList mailing list\n" },
	{ "a scanner's line right below the last code", CODE "\n",
	  "Checked by a virus scanner\n" },
	{ "a footer below code that needs no padding",
	  "U2luIHBhcGVsIGRlc2Rl\n\n", "-- \nThe list of the building\n" },
	{ "nothing", "", "" },
};

static void
finds_the_words(void **state)
{
	(void)state;
	for (unsigned i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autofree char *all =
			g_strconcat(cases[i].code, cases[i].words, NULL);
		gsize length =
			miscoded_code_length((Slice){ all, strlen(all) });

		if (length != strlen(cases[i].code))
			fail_msg("%s: %u", cases[i].sentence, (unsigned)length);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(finds_the_words),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
