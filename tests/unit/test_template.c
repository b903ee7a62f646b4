#include <jansson.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/error.h"

#include "desk/template.h"

/* ---- the specification ---- */

static TemplateValue *
value_from_json(json_t *json)
{
	TemplateValue *value;
	const char *key;
	json_t *item;
	size_t i;
	char number[64];

	switch (json_typeof(json)) {
	case JSON_OBJECT:
		value = template_value_object();
		json_object_foreach(json, key, item)
			template_value_put(value, key, value_from_json(item));
		return value;
	case JSON_ARRAY:
		value = template_value_list();
		json_array_foreach(json, i, item)
			template_value_add(value, value_from_json(item));
		return value;
	case JSON_STRING:
		return template_value_text(json_string_value(json));
	case JSON_INTEGER:
		snprintf(number, sizeof(number), "%" JSON_INTEGER_FORMAT,
		         json_integer_value(json));
		return template_value_text(number);
	case JSON_REAL:
		snprintf(number, sizeof(number), "%.15g",
		         json_real_value(json));
		return template_value_text(number);
	case JSON_TRUE:
		return template_value_text("true");
	case JSON_FALSE:
	case JSON_NULL:
		return template_value_nothing();
	}
	return NULL;
}

static const Template *
partial_of_table(const char *name, void *data)
{
	return g_hash_table_lookup(data, name);
}

static GHashTable *
compile_partials(json_t *partials)
{
	GHashTable *table =
		g_hash_table_new_full(g_str_hash, g_str_equal, g_free,
	                              (GDestroyNotify)template_free);
	const char *name;
	json_t *text;

	json_object_foreach(partials, name, text)
	{
		g_autoptr(GError) error = NULL;
		Template *template =
			template_compile(name, json_string_value(text), &error);
		assert_non_null(template);
		g_hash_table_insert(table, g_strdup(name), template);
	}
	return table;
}

static void
run_spec_case(const char *file, json_t *test)
{
	const char *name = json_string_value(json_object_get(test, "name"));
	g_autoptr(GError) error = NULL;
	g_autoptr(GHashTable) partials =
		compile_partials(json_object_get(test, "partials"));
	g_autoptr(TemplateValue) values =
		value_from_json(json_object_get(test, "data"));
	g_autoptr(Template) template = template_compile(
		name, json_string_value(json_object_get(test, "template")),
		&error);
	TemplateOptions options = { template_escape_html, partial_of_table,
		                    partials };

	assert_non_null(template);
	g_autofree char *text =
		template_render(template, values, &options, &error);
	const char *expected =
		json_string_value(json_object_get(test, "expected"));
	if (g_strcmp0(text, expected) != 0)
		fail_msg("%s: %s: \"%s\", not \"%s\"", file, name, text,
		         expected);
}

#define SPEC_CASES 136

static void
test_specification(void **state)
{
	static const char *const files[] = {
		"comments", "delimiters", "interpolation",
		"inverted", "partials",   "sections",
	};
	const char *srcdir = g_getenv("srcdir");
	g_autofree char *folder =
		g_build_filename(srcdir == NULL ? "." : srcdir, "..", "shared",
	                         "mustache-spec", NULL);
	size_t count = 0;

	(void)state;
	if (!g_file_test(folder, G_FILE_TEST_IS_DIR)) {
		/* cmocka 1.1.5 reports skip() as "not ok" */
		print_message("# skipped, no specification at %s\n", folder);
		return;
	}
	for (unsigned i = 0; i < G_N_ELEMENTS(files); i++) {
		g_autofree char *path =
			g_strdup_printf("%s/%s.json", folder, files[i]);
		json_t *spec = json_load_file(path, 0, NULL);
		json_t *test;
		size_t n;
		assert_non_null(spec);
		json_array_foreach(json_object_get(spec, "tests"), n, test)
			run_spec_case(files[i], test);
		count += n;
		json_decref(spec);
	}
	assert_int_equal(count, SPEC_CASES);
}

/* ---- faults ---- */

static void
test_faults_say_where(void **state)
{
	static const struct {
		const char *sentence;
		const char *text;
		const char *error;
	} cases[] = {
		{ "a tag that is not closed", "one\n  {{two\n",
		  "t:2:3: this tag has no \"}}\"" },
		{ "a section that is not closed", "{{#a}}\n{{#b}}{{/b}}\n",
		  "t:1:1: this section is not closed" },
		{ "the wrong section closed", "ñ{{#a}}\n{{/b}}",
		  "t:2:1: \"b\" is closed where \"a\" is open" },
		{ "a section closed that is not open", "ññ {{/b}}",
		  "t:1:4: \"b\" is closed but not open" },
		{ "a tag without a name", "{{ }}",
		  "t:1:1: a tag without a name" },
		{ "delimiters of one word", "{{=<%=}}",
		  "t:1:1: new delimiters must be two words without =" },
		{ "delimiters of three words", "{{=a b c=}}",
		  "t:1:1: new delimiters must be two words without =" },
		{ "G-06 not UTF-8", "one\ntwo \xf1\n", "t:2: not UTF-8" },
	};

	(void)state;
	for (unsigned i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autoptr(GError) error = NULL;
		g_autoptr(Template) template =
			template_compile("t", cases[i].text, &error);
		if (template != NULL)
			fail_msg("%s: accepted", cases[i].sentence);
		if (strcmp(error->message, cases[i].error) != 0)
			fail_msg("%s: %s", cases[i].sentence, error->message);
	}
}

static char *
render_once(const char *text, const TemplateValue *values,
            TemplateEscape escape, GError **error)
{
	TemplateOptions options = { .escape = escape };
	g_autoptr(Template) template = template_compile("t", text, error);

	return template == NULL
	               ? NULL
	               : template_render(template, values, &options, error);
}

static void
test_a_value_is_never_a_template(void **state)
{
	static const char *const hostile[] = {
		"{{7*7}}", "{{secret}}", "{{#each}}{{/each}}", "{{>partial}}",
		"${x}",    "<%= x %>",   "%{secret}",          "{{=<% %>=}}",
	};

	(void)state;
	for (unsigned i = 0; i < G_N_ELEMENTS(hostile); i++) {
		g_autoptr(TemplateValue) values = template_value_object();
		template_set(values, "secret", "key");
		template_set(values, "a.b", hostile[i]);
		g_autofree char *text =
			render_once("[{{a.b}}{{{a.b}}}]", values, NULL, NULL);
		g_autofree char *expected =
			g_strdup_printf("[%s%s]", hostile[i], hostile[i]);
		assert_string_equal(text, expected);
	}
}

static void
test_paths_lists_and_empty_texts(void **state)
{
	g_autoptr(TemplateValue) values = template_value_object();
	g_autoptr(GError) error = NULL;

	(void)state;
	template_set(values, "ticket.number", "1");
	template_set(values, "ticket.number", "12");
	template_set(values, "ticket.owner", NULL);
	template_set(values, "ticket.subject", "");
	template_set(template_append(values, "files"), "name", "a<b");
	template_set(template_append(values, "files"), "name", "c\"d'");
	g_autofree char *text = render_once(
		"#{{ticket.number}}{{#ticket.owner}}owner{{/ticket.owner}}"
		"{{^ticket.subject}} none{{/ticket.subject}}"
		"{{#files}} {{name}}{{/files}}{{not.there}}",
		values, template_escape_html, &error);
	assert_string_equal(text, "#12 none a&lt;b c&quot;d&#39;");
}

static const Template *
partial_of_itself(const char *name, void *data)
{
	(void)name;
	return data;
}

static void
test_limits(void **state)
{
	g_autoptr(TemplateValue) values = template_value_object();
	g_autoptr(GError) error = NULL;
	g_autofree char *big = g_strnfill(TEMPLATE_OUTPUT_MAX, 'x');

	(void)state;
	template_set(values, "big", big);
	assert_null(render_once("{{big}}{{big}}", values, NULL, &error));
	assert_true(g_error_matches(error, POSTIGO_ERROR, ERROR_TOO_BIG));
	g_clear_error(&error);

	for (int i = 0; i < 150; i++)
		template_append(values, "l");
	assert_null(render_once("{{#l}}{{#l}}{{#l}}{{x}}{{/l}}{{/l}}{{/l}}",
	                        values, NULL, &error));
	assert_true(g_error_matches(error, POSTIGO_ERROR, ERROR_TOO_BIG));
	g_clear_error(&error);

	g_autoptr(GString) deep = g_string_new(NULL);
	for (int i = 0; i <= TEMPLATE_SECTIONS_MAX; i++)
		g_string_append(deep, "{{#a}}");
	assert_null(template_compile("t", deep->str, &error));
	g_clear_error(&error);

	g_autoptr(Template) circle = template_compile("t", "{{>t}}", &error);
	TemplateOptions options = { NULL, partial_of_itself, circle };
	assert_null(template_render(circle, values, &options, &error));
	assert_true(g_error_matches(error, POSTIGO_ERROR, ERROR_TOO_BIG));
	g_clear_error(&error);

	g_autofree char *source = g_strnfill(TEMPLATE_SOURCE_MAX + 1, 'x');
	assert_null(template_compile("t", source, &error));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_specification),
		cmocka_unit_test(test_faults_say_where),
		cmocka_unit_test(test_a_value_is_never_a_template),
		cmocka_unit_test(test_paths_lists_and_empty_texts),
		cmocka_unit_test(test_limits),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
