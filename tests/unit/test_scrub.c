#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>
#include <glib.h>
#include <glib/gstdio.h>

#include "base/token.h"

#include "desk/scrub.h"

#define MAC   "abcdefghij234567abcd"
#define TOKEN "abcdefghijklmnopqrstuvwxyz234567abcdefg"

static void
test_shapes(void **state)
{
	static const struct {
		const char *sentence;
		const char *text;
		const char *clean;
	} cases[] = {
		{ "plain words", "a+b@c.example p.1 2+2=4 [x]",
		  "a+b@c.example p.1 2+2=4 [x]" },
		{ "A-23 a reply address", "To: <help+" TOKEN "@a.example>\n",
		  "To: <help@a.example>\n" },
		{ "A-23 in capitals, as some clients make it",
		  "HELP+ABCDEFGHIJKLMNOPQRSTUVWXYZ234567ABCDEFG@A.EXAMPLE",
		  "HELP@A.EXAMPLE" },
		{ "a token without an address is only a word", "+" TOKEN " x",
		  "+" TOKEN " x" },
		{ "a shorter extension stays", "help+abc@a.example",
		  "help+abc@a.example" },
		{ "A-23 the marker line",
		  "> Please reply above this line [p.12.3." MAC "]\n",
		  "> Please reply above this line \n" },
		{ "A-23 a Message-ID", "<p.12.3." MAC "@a.example>",
		  "<@a.example>" },
		{ "A-23 a thread's root", "t.12.0." MAC, "" },
		{ "A-23 an envelope sender", "help+v.12.3." MAC "@a.example",
		  "help@a.example" },
		{ "two side by side", "[p.1.2." MAC "][p.1.3." MAC "]", "" },
		{ "in a word it is none", "xp.1.2." MAC, "xp.1.2." MAC },
		{ "a MAC that is short", "p.1.2.abc", "p.1.2.abc" },
		{ "nothing", "", "" },
		{ "cut in the middle", "p.1.2.", "p.1.2." },
	};

	(void)state;
	for (unsigned i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autofree char *clean = scrub_text(cases[i].text);
		if (strcmp(clean, cases[i].clean) != 0)
			fail_msg("%s: \"%s\"", cases[i].sentence, clean);
	}
}

static KeyRing *
fresh_ring(void)
{
	g_autofree char *text = keyring_generate();
	g_autofree char *path = NULL;
	int fd = g_file_open_tmp("postigo-test-scrub-XXXXXX", &path, NULL);

	assert_true(fd >= 0);
	assert_true(g_close(fd, NULL));
	assert_true(g_file_set_contents_full(path, text, -1,
	                                     G_FILE_SET_CONTENTS_NONE, 0600,
	                                     NULL));
	KeyRing *ring = keyring_load(path, NULL);
	remove(path);
	return ring;
}

/* What token.c writes is what goes. */
static void
test_real_ones(void **state)
{
	g_autoptr(KeyRing) ring = fresh_ring();
	ReplyToken token = { .ticket = 12,
		             .principal = 3,
		             .scope = TOKEN_AGENT,
		             .expires_at = INT64_C(1800000000) };
	g_autofree char *written = token_write(ring, &token, "a.example", 1);
	g_autofree char *name =
		name_write(ring, NAME_POST, 12, 345678, "a.example");
	g_autofree char *text =
		g_strdup_printf("help+%s@a.example wrote: [%s]", written, name);
	g_autofree char *clean = scrub_text(text);

	(void)state;
	assert_string_equal(clean, "help@a.example wrote: ");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_shapes),
		cmocka_unit_test(test_real_ones),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
