#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>
#include <glib.h>

#include "message/attach.h"

typedef struct NameCase {
	const char *sentence;
	const char *written;
	const char *safe; /* NULL: nothing is left */
} NameCase;

static const NameCase cases[] = {
	{ "an ordinary name", "año 1.pdf", "año 1.pdf" },
	{ "X-09 directories", "../../etc/cron.d/x", "x" },
	{ "X-09 directories of Windows", "C:\\temp\\a.txt", "a.txt" },
	{ "X-09 a leading dot", ".htaccess", "_htaccess" },
	{ "X-09 a dot behind an invisible character", "\u200b.htaccess",
	  "_htaccess" },
	{ "X-09 an order of writing turned round", "a\u202efdp.exe",
	  "afdp.exe" },
	{ "X-09 a device", "con.txt", "_con.txt" },
	{ "X-09 a numbered device", "LPT1", "_LPT1" },
	{ "no device", "console.txt", "console.txt" },
	{ "P-13 a dot", ".", NULL },
	{ "P-13 two dots", "..", NULL },
	{ "P-13 blanks", "   ", NULL },
	{ "dots and blanks at the end", "a.txt. .", "a.txt" },
	{ "a slash at the end", "dir/", "dir_" },
};

static void
makes_names_harmless(void **state)
{
	(void)state;
	for (unsigned i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autofree char *safe = attach_safe_name(cases[i].written);

		if (g_strcmp0(safe, cases[i].safe) != 0)
			fail_msg("%s: %s", cases[i].sentence,
			         safe == NULL ? "none" : safe);
	}
}

static void
cuts_long_names_and_keeps_the_extension(void **state)
{
	GString *name = g_string_new(NULL);

	(void)state;
	while (name->len < 4000)
		g_string_append(name, "ñ");
	g_string_append(name, ".pdf");
	g_autofree char *safe = attach_safe_name(name->str);
	assert_true(strlen(safe) <= ATTACH_NAME_MAX);
	assert_true(g_str_has_suffix(safe, "ñ.pdf"));
	g_string_free(name, TRUE);
}

static void
makes_names_unique(void **state)
{
	g_autoptr(Mail) mail = mail_new();
	g_autoptr(AttachList) list = attach_list_new(mail, NULL);
	static const char *const expected[] = { "a.txt", "A (2).TXT",
		                                "a (3).txt" };

	(void)state;
	attach_file(list, "a.txt", NULL, (Slice){ "1", 1 });
	attach_file(list, "A.TXT", NULL, (Slice){ "2", 1 });
	attach_file(list, "a.txt", NULL, (Slice){ "3", 1 });
	for (unsigned i = 0; i < G_N_ELEMENTS(expected); i++)
		assert_string_equal(g_array_index(mail->attachments,
		                                  MailAttachment, i)
		                            .name,
		                    expected[i]);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(makes_names_harmless),
		cmocka_unit_test(cuts_long_names_and_keeps_the_extension),
		cmocka_unit_test(makes_names_unique),
	};

	return cmocka_run_group_tests_name("attach", tests, NULL, NULL);
}
