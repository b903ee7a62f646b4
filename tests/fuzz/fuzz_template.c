/* A template, a part and a value, each up to a NUL.
 *
 * Whatever they are: no crash, within the limits, and a value comes out as it
 * went in (faults.md X-05). */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "desk/notice.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const Template *
find_part(const char *name, void *data)
{
	return *name == 'n' ? NULL : data;
}

static void
render(const char *source, const char *part, const TemplateValue *values,
       TemplateEscape escape)
{
	g_autoptr(Template) template = template_compile("t", source, NULL);
	g_autoptr(Template) partial = template_compile("p", part, NULL);
	TemplateOptions options = { escape, find_part, partial };

	if (template == NULL)
		return;
	g_autofree char *text =
		template_render(template, values, &options, NULL);
	if (text != NULL && strlen(text) > TEMPLATE_OUTPUT_MAX)
		abort();
}

static void
check_value(const char *value)
{
	g_autoptr(TemplateValue) values = template_value_object();
	g_autoptr(Template) template = template_compile("t", "{{v}}", NULL);
	TemplateOptions options = { .escape = NULL };

	template_set(values, "v", value);
	g_autofree char *text =
		template_render(template, values, &options, NULL);
	if (strcmp(text, value) != 0)
		abort();
}

static TemplateValue *
values_with(const char *value)
{
	TemplateValue *values = template_value_object();

	template_set(values, "a", value);
	template_set(values, "b.c", value);
	template_set(values, "e", "");
	for (unsigned i = 0; i < 3; i++)
		template_set(template_append(values, "l"), "a", value);
	return values;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (size > 65536)
		return 0;
	g_autofree char *input = g_strndup((const char *)data, size);
	const char *end = (const char *)data + size;
	const char *at = (const char *)data + strlen(input);
	g_autofree char *part =
		at < end ? g_strndup(at + 1, (gsize)(end - at - 1))
			 : g_strdup("");
	at += at < end ? 1 + strlen(part) : 0;
	g_autofree char *value =
		at < end ? g_strndup(at + 1, (gsize)(end - at - 1))
			 : g_strdup(input);
	g_autofree char *valid = g_utf8_make_valid(value, -1);
	g_autoptr(TemplateValue) values = values_with(valid);

	render(input, part, values, template_escape_none);
	render(input, part, values, template_escape_html);
	check_value(valid);
	g_autofree char *html = notice_html_text(valid);
	if (strstr(html, "<script") != NULL)
		abort();
	return 0;
}
