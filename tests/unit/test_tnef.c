#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>
#include <glib.h>

#include "message/rtf.h"
#include "message/tnef.h"

static void
put(GString *out, guint32 number, int octets)
{
	for (int i = 0; i < octets; i++)
		g_string_append_c(out, (char)(number >> (8 * i)));
}

static void
put_attribute(GString *out, int level, guint32 tag, const char *data,
              gsize size)
{
	put(out, (guint32)level, 1);
	put(out, tag, 4);
	put(out, (guint32)size, 4);
	g_string_append_len(out, data, (gssize)size);
	put(out, 0, 2);
}

/* One file by its short name, then one by a long name in its properties. */
static GString *
sample(void)
{
	GString *out = g_string_new(NULL);
	GString *properties = g_string_new(NULL);
	static const char name[] = "l\0o\0n\0g\0\0";

	put(out, 0x223e9f78, 4);
	put(out, 1, 2);
	put_attribute(out, 1, 0x0002800c, "body words", 11);
	put_attribute(out, 2, 0x00069002, "", 0);
	put_attribute(out, 2, 0x00018010, "a.txt", 6);
	put_attribute(out, 2, 0x0006800f, "abc", 3);
	put_attribute(out, 2, 0x00069002, "", 0);
	put_attribute(out, 2, 0x00018010, "LONG~1", 7);
	put(properties, 1, 4);
	put(properties, 0x3707001f, 4);
	put(properties, 1, 4);
	put(properties, sizeof name, 4);
	g_string_append_len(properties, name, sizeof name);
	put(properties, 0, 2);
	put_attribute(out, 2, 0x00069005, properties->str, properties->len);
	g_string_free(properties, TRUE);
	return out;
}

static void
finds_files_names_and_text(void **state)
{
	GString *octets = sample();
	g_autoptr(Tnef) tnef = tnef_read(octets->str, octets->len);

	(void)state;
	assert_non_null(tnef);
	assert_int_equal(tnef->files->len, 2);
	const TnefFile *first = g_ptr_array_index(tnef->files, 0);
	const TnefFile *second = g_ptr_array_index(tnef->files, 1);
	assert_string_equal(first->name, "a.txt");
	assert_int_equal(first->octets.length, 3);
	assert_memory_equal(first->octets.at, "abc", 3);
	assert_string_equal(second->name, "long");
	assert_string_equal(tnef->text, "body words");
	g_string_free(octets, TRUE);
}

static void
keeps_what_it_found_when_it_is_cut(void **state)
{
	GString *octets = sample();

	(void)state;
	for (gsize length = 0; length < octets->len; length++) {
		/* of its own, so that a sanitizer sees a step too far */
		g_autofree char *cut = g_memdup2(octets->str, length);
		g_autoptr(Tnef) tnef =
			tnef_read(cut == NULL ? "" : cut, length);

		assert_true((tnef != NULL) == (length >= 4));
	}
	g_string_free(octets, TRUE);
}

typedef struct RtfCase {
	const char *sentence;
	const char *rtf;
	const char *text;
	bool is_html;
} RtfCase;

static const RtfCase rtf_cases[] = {
	{ "words and paragraphs", "{\\rtf1 one\\par two}", "one\ntwo", false },
	{ "octets of a code page", "{\\rtf1\\ansicpg1252 a\\'f1o}", "año",
	  false },
	{ "Unicode with its stand-in", "{\\rtf1 a\\u241?o}", "año", false },
	{ "tables of fonts are no text",
	  "{\\rtf1{\\fonttbl{\\f0 Arial;}}words}", "words", false },
	{ "unknown destinations are no text", "{\\rtf1{\\*\\x y}words}",
	  "words", false },
	{ "escaped braces", "{\\rtf1 \\{a\\}}", "{a}", false },
	{ "HTML that it wraps",
	  "{\\rtf1\\fromhtml1 {\\*\\htmltag64 <p>}a\\htmlrtf junk\\htmlrtf0 b"
	  "{\\*\\htmltag72 </p>}}",
	  "<p>ab</p>", true },
};

static void
reads_rich_text(void **state)
{
	(void)state;
	for (unsigned i = 0; i < G_N_ELEMENTS(rtf_cases); i++) {
		bool is_html;
		g_autofree char *text =
			rtf_to_text(rtf_cases[i].rtf, strlen(rtf_cases[i].rtf),
		                    &is_html);

		if (strcmp(text, rtf_cases[i].text) != 0 ||
		    is_html != rtf_cases[i].is_html)
			fail_msg("%s: %s", rtf_cases[i].sentence, text);
	}
}

/* MS-OXRTFCP section 3.1.1, example 1 */
static void
unpacks_the_example_of_the_specification(void **state)
{
	static const char packed[] =
		"\x2d\x00\x00\x00\x2b\x00\x00\x00\x4c\x5a\x46\x75\xf1\xc5\xc7"
		"\xa7\x03\x00\x0a\x00\x72\x63\x70\x67\x31\x32\x35\x42\x32\x0a"
		"\xf3\x20\x68\x65\x6c\x09\x00\x20\x62\x77\x05\xb0\x6c\x64\x7d"
		"\x0a\x80\x0f\xa0";
	GString *rtf = rtf_decompress(packed, sizeof packed - 1);

	(void)state;
	assert_non_null(rtf);
	assert_string_equal(rtf->str, "{\\rtf1\\ansi\\ansicpg1252\\pard hello "
	                              "world}\r\n");
	g_string_free(rtf, TRUE);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(finds_files_names_and_text),
		cmocka_unit_test(keeps_what_it_found_when_it_is_cut),
		cmocka_unit_test(reads_rich_text),
		cmocka_unit_test(unpacks_the_example_of_the_specification),
	};

	return cmocka_run_group_tests_name("tnef", tests, NULL, NULL);
}
