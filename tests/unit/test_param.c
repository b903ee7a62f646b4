#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>
#include <glib.h>

#include "message/param.h"

typedef struct ParamCase {
	const char *sentence;
	const char *field;
	const char *main;
	const char *filename; /* NULL: not there */
} ParamCase;

static const ParamCase cases[] = {
	{ "a token", "attachment; filename=a.txt", "attachment", "a.txt" },
	{ "quotes", "attachment; filename=\"a b.txt\"", "attachment",
	  "a b.txt" },
	{ "escapes in quotes", "attachment; filename=\"a\\\"b\"", "attachment",
	  "a\"b" },
	{ "a path of Windows keeps its backslashes",
	  "attachment; filename=\"C:\\temp\\a.txt\"", "attachment",
	  "C:\\temp\\a.txt" },
	{ "blanks without quotes", "attachment; filename=a b.txt", "attachment",
	  "a b.txt" },
	{ "no semicolon", "attachment filename=a.txt", "attachment", "a.txt" },
	{ "a quote that is not closed", "attachment; filename=\"a.txt; x=y",
	  "attachment", "a.txt" },
	{ "capitals", "ATTACHMENT; FileName=a.txt", "attachment", "a.txt" },
	{ "RFC 2231", "attachment; filename*=utf-8'es'a%C3%B1o.txt",
	  "attachment", "año.txt" },
	{ "RFC 2231 in pieces, out of order",
	  "attachment; filename*1=\"b c\"; filename*0*=utf-8''%C3%A1;"
	  " filename*2*=%20d",
	  "attachment", "áb c d" },
	{ "RFC 2231 before the plain name",
	  "attachment; filename=x; filename*=utf-8''y", "attachment", "y" },
	{ "an encoded word", "attachment; filename=\"=?utf-8?Q?a=C3=B1o?=\"",
	  "attachment", "año" },
	{ "none", "attachment", "attachment", NULL },
	{ "P-13 an empty one", "attachment; filename=\"\"", "attachment", "" },
	{ "a percent sign that codes nothing",
	  "attachment; filename*=utf-8''50%", "attachment", "50%" },
	{ "only a parameter", "filename=a.txt", "", "a.txt" },
};

static void
reads_parameters(void **state)
{
	(void)state;
	for (unsigned i = 0; i < G_N_ELEMENTS(cases); i++) {
		Slice field = { cases[i].field, strlen(cases[i].field) };
		g_autofree char *main = param_main(field);
		g_autofree char *name = param_text(field, "filename", NULL);

		if (strcmp(main, cases[i].main) != 0 ||
		    g_strcmp0(name, cases[i].filename) != 0)
			fail_msg("%s: %s, %s", cases[i].sentence, main,
			         name == NULL ? "none" : name);
	}
}

/* P-09 */
static void
looks_at_so_many_only(void **state)
{
	GString *flood = g_string_new("text/plain");

	(void)state;
	for (int i = 0; i < 50000; i++)
		g_string_append_printf(flood, "; x%d*0*=a", i);
	g_string_append(flood, "; charset=utf-8");
	assert_null(
		param_text((Slice){ flood->str, flood->len }, "charset", NULL));
	g_string_free(flood, TRUE);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_parameters),
		cmocka_unit_test(looks_at_so_many_only),
	};

	return cmocka_run_group_tests_name("param", tests, NULL, NULL);
}
