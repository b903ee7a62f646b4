#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>
#include <glib.h>

#include "message/decode.h"

typedef struct DecodeCase {
	const char *sentence;
	Encoding encoding;
	const char *octets;
	const char *decoded;
} DecodeCase;

static const DecodeCase cases[] = {
	{ "base64", ENCODING_BASE64, "YWJj", "abc" },
	{ "P-10 base64 without padding", ENCODING_BASE64, "YWI", "ab" },
	{ "P-10 base64 with garbage", ENCODING_BASE64, "Y W\n!I=", "ab" },
	{ "P-10 base64 that was joined", ENCODING_BASE64, "YQ==YmM=", "abc" },
	{ "P-10 one character a line", ENCODING_BASE64, "Y\nW\nJ\nj\n", "abc" },
	{ "quoted-printable", ENCODING_QUOTED, "a=3Db", "a=b" },
	{ "a soft line end", ENCODING_QUOTED, "a=\r\nb", "ab" },
	{ "blanks behind a soft line end", ENCODING_QUOTED, "a=  \nb", "ab" },
	{ "codes in lower case", ENCODING_QUOTED, "=c3=b1", "ñ" },
	{ "an equals sign that codes nothing", ENCODING_QUOTED, "a=b c",
	  "a=b c" },
	{ "an equals sign at the end", ENCODING_QUOTED, "a=", "a" },
	{ "uuencode", ENCODING_UU, "begin 644 x\n#86)C\n`\nend\n", "abc" },
	{ "nothing to do", ENCODING_NONE, "a=3D", "a=3D" },
};

static void
decodes(void **state)
{
	(void)state;
	for (unsigned i = 0; i < G_N_ELEMENTS(cases); i++) {
		Slice octets = { cases[i].octets, strlen(cases[i].octets) };
		GString *all = decode_all_octets(octets, cases[i].encoding);

		if (strcmp(all->str, cases[i].decoded) != 0)
			fail_msg("%s: %s", cases[i].sentence, all->str);
		g_string_free(all, TRUE);
	}
}

static void
count(void *sum, const char *octets, gsize length)
{
	(void)octets;
	*(gsize *)sum += length;
}

static void
is_the_same_in_steps(void **state)
{
	static const Encoding encodings[] = { ENCODING_BASE64, ENCODING_QUOTED,
		                              ENCODING_UU, ENCODING_NONE };
	GString *large = g_string_new(NULL);

	(void)state;
	while (large->len < 3 * DECODE_STEP)
		g_string_append(large, "YWJjZGVm=3D=\n");
	for (unsigned i = 0; i < G_N_ELEMENTS(encodings); i++) {
		Slice octets = { large->str, large->len };
		GString *all = decode_all_octets(octets, encodings[i]);
		gsize sum = 0;

		assert_int_equal(decode_steps(octets, encodings[i], count,
		                              &sum),
		                 all->len);
		assert_int_equal(sum, all->len);
		assert_true(all->len <= large->len);
		g_string_free(all, TRUE);
	}
	g_string_free(large, TRUE);
}

typedef struct NameCase {
	const char *name;
	Encoding encoding;
	bool known;
} NameCase;

static const NameCase name_cases[] = {
	{ "BASE64", ENCODING_BASE64, true },
	{ "\"quoted-printable\"", ENCODING_QUOTED, true },
	{ "base64;", ENCODING_BASE64, true },
	{ "x-uuencode", ENCODING_UU, true },
	{ "16-bit", ENCODING_NONE, false },
	{ "", ENCODING_NONE, true },
};

static void
knows_the_names(void **state)
{
	(void)state;
	for (unsigned i = 0; i < G_N_ELEMENTS(name_cases); i++) {
		bool known;
		Slice name = { name_cases[i].name, strlen(name_cases[i].name) };

		assert_int_equal(encoding_from_name(name, &known),
		                 name_cases[i].encoding);
		assert_int_equal(known, name_cases[i].known);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(decodes),
		cmocka_unit_test(is_the_same_in_steps),
		cmocka_unit_test(knows_the_names),
	};

	return cmocka_run_group_tests_name("decode", tests, NULL, NULL);
}
