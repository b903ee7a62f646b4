#include "message/markdown.h"

#include <cmark.h>
#include <stdlib.h>
#include <string.h>

#include <glib.h>

#include "base/lazy.h"

#include "message/html.h"

typedef struct MarkdownTable {
	cmark_node *(*parse)(const char *text, size_t length, int options);
	char *(*html)(cmark_node *root, int options);
	void (*release)(cmark_node *root);
} MarkdownTable;

static const char *const sonames[] = { "libcmark.so." CMARK_VERSION_STRING,
	                               NULL };

static const LazyFunction functions[] = {
	{ "cmark_parse_document", offsetof(MarkdownTable, parse) },
	{ "cmark_render_html", offsetof(MarkdownTable, html) },
	{ "cmark_node_free", offsetof(MarkdownTable, release) },
	{ NULL, 0 },
};

static const MarkdownTable *
markdown_lazy(void)
{
	static MarkdownTable table;

	static enum { UNTRIED, THERE, ABSENT } state;

	if (state == UNTRIED)
		state = lazy_load(sonames, functions, &table, NULL) ? THERE
		                                                    : ABSENT;
	return state == THERE ? &table : NULL;
}

static char *
preformatted(const char *markdown)
{
	g_autofree char *escaped = g_markup_escape_text(markdown, -1);

	return g_strdup_printf("<pre>%s</pre>\n", escaped);
}

char *
markdown_to_html(const char *markdown)
{
	const MarkdownTable *library = markdown_lazy();

	if (library == NULL)
		return preformatted(markdown);
	cmark_node *root = library->parse(markdown, strlen(markdown),
	                                  CMARK_OPT_VALIDATE_UTF8);
	char *rendered = library->html(root, CMARK_OPT_DEFAULT);
	char *html = g_strdup(rendered);

	free(rendered);
	library->release(root);
	return html;
}

char *
markdown_to_text(const char *markdown)
{
	if (markdown_lazy() == NULL)
		return g_strdup(markdown);
	g_autofree char *html = markdown_to_html(markdown);
	char *text = html_to_text(html, strlen(html));

	return g_strchomp(text);
}
