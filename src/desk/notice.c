#include "desk/notice.h"

#include <string.h>

#include "base/error.h"
#include "base/text.h"

#include "desk/shipped.h"

const char *const notice_values[] = {
	"ticket.number",
	"ticket.subject",
	"ticket.queue",
	"ticket.priority",
	"ticket.type",
	"ticket.state",
	"ticket.owner",
	"ticket.team",
	"requester.name",
	"requester.address",
	"person.name",
	"person.address",
	"agent.name",
	"author",
	"desk.name",
	"desk.address",
	"text",
	"html_text",
	"articles",
	"articles.html",
	"articles.text",
	"articles.title",
	"has_articles",
	"attachments",
	"attachments.name",
	"attachments.size",
	"history",
	"evidence",
	"unproven",
	"answer",
	"tried",
	"orders",
	"orders.order",
	"orders.effect",
	"orders.ok",
	"fault",
	"help",
	"failure",
	"failure.address",
	"failure.reason",
	"failure.diagnostic",
	"failure.subject",
	"detail",
	"items",
	"items.number",
	"items.subject",
	"items.first_response",
	"items.next_response",
	"items.resolution",
	"items.keep_in_touch",
	"items.warning",
	"items.breach",
	"items.step",
	"items.by_hand",
	"items.due",
	"items.overdue",
	"more",
	"marker",
	"mailto",
	"mailto.take",
	"mailto.note",
	"mailto.close",
	"ticket",
	"requester",
	"person",
	"agent",
	"desk",
	NULL,
};

void
notice_clear(Notice *notice)
{
	g_free(notice->subject);
	g_free(notice->text);
	g_free(notice->html);
	*notice = (Notice){ NULL, NULL, NULL };
}

/* One file of a template being put out. */
typedef struct Part {
	const TemplateLoader *loader;
	const char *language;
	const char *name;
	const char *ending;   /* "txt" */
	bool is_own;          /* the desk's own files count */
	GHashTable *partials; /* of Template, by name */
} Part;

/* ---- finding the files ---- */

static const char *
text_of(const Part *part, const char *path)
{
	const TemplateLoader *loader = part->loader;
	const char *own = NULL;

	if (part->is_own && loader->own_text != NULL)
		own = loader->own_text(path, loader->data);
	return own != NULL ? own : shipped_text(path);
}

/* A partial that does not compile is as if it were not there; `postigo check`
 * tells. */
static const Template *
find_partial(const char *name, void *data)
{
	Part *part = data;
	Template *template = g_hash_table_lookup(part->partials, name);

	if (template != NULL)
		return template;
	g_autofree char *common = g_strdup_printf("%s.%s", name, part->ending);
	g_autofree char *path =
		g_strdup_printf("%s/%s", part->language, common);
	const char *text = text_of(part, path);
	if (text == NULL)
		text = text_of(part, common);
	if (text != NULL)
		template = template_compile(path, text, NULL);
	if (template != NULL)
		g_hash_table_insert(part->partials, g_strdup(name), template);
	return template;
}

/* ---- putting out ---- */

/* NULL with no error: there is no such file. */
static char *
render_once(const Part *what, const TemplateValue *values, GError **error)
{
	g_autofree char *path = g_strdup_printf("%s/%s.%s", what->language,
	                                        what->name, what->ending);
	g_autoptr(GHashTable) partials =
		g_hash_table_new_full(g_str_hash, g_str_equal, g_free,
	                              (GDestroyNotify)template_free);
	Part part = *what;
	TemplateOptions options = {
		.escape = strcmp(part.ending, "html") == 0
		                  ? template_escape_html
		                  : template_escape_none,
		.partial = find_partial,
		.data = &part,
	};

	part.partials = partials;
	const char *text = text_of(&part, path);
	if (text == NULL)
		return NULL;
	g_autoptr(Template) template = template_compile(path, text, error);
	return template == NULL
	               ? NULL
	               : template_render(template, values, &options, error);
}

/* With the desk's own files, or, where one of them is broken, without. */
static char *
render_part(const TemplateLoader *loader, const char *path, const char *ending,
            const TemplateValue *values, GError **error)
{
	const char *slash = strrchr(path, '/');
	g_autofree char *language = g_strndup(path, (gsize)(slash - path));
	Part part = { .loader = loader,
		      .language = language,
		      .name = slash + 1,
		      .ending = ending,
		      .is_own = true };
	char *text = render_once(&part, values, NULL);

	if (text != NULL)
		return text;
	part.is_own = false;
	return render_once(&part, values, error);
}

/* path is "es/ack".  false with no error: no such template. */
static bool
render_all(const TemplateLoader *loader, const char *path,
           const TemplateValue *values, Notice *out, GError **error)
{
	g_auto(Notice) notice = { NULL, NULL, NULL };

	notice.text = render_part(loader, path, "txt", values, error);
	if (notice.text == NULL)
		return false;
	notice.html = render_part(loader, path, "html", values, NULL);
	g_autofree char *subject =
		render_part(loader, path, "subject", values, NULL);
	notice.subject = text_clean_line(subject == NULL ? "" : subject);
	*out = notice;
	notice = (Notice){ NULL, NULL, NULL };
	return true;
}

/* ---- languages ---- */

#define LANGUAGE_MAX 20

/* It becomes part of a file's name. */
static bool
is_language(const char *language)
{
	size_t length = strspn(language, "abcdefghijklmnopqrstuvwxyz"
	                                 "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
	                                 "0123456789-_");

	return length > 0 && length <= LANGUAGE_MAX && language[length] == '\0';
}

bool
notice_render(const TemplateLoader *loader, const char *name,
              const char *language, const TemplateValue *values, Notice *out,
              GError **error)
{
	const char *const languages[] = { language, loader->language, "en" };
	g_autoptr(GError) why = NULL;

	for (unsigned i = 0; i < G_N_ELEMENTS(languages); i++) {
		const char *one = languages[i];
		if (one == NULL || !is_language(one))
			continue;
		g_autofree char *path = g_strdup_printf("%s/%s", one, name);
		/* "es-CO" is "es" where it has no templates of its own */
		g_autofree char *base =
			g_strdup_printf("%.*s/%s", (int)strcspn(one, "-_"), one,
		                        name);
		g_clear_error(&why);
		if (render_all(loader, path, values, out, &why))
			return true;
		g_clear_error(&why);
		if (render_all(loader, base, values, out, &why))
			return true;
	}
	if (why == NULL)
		return error_set(error, ERROR_MALFORMED,
		                 "no template is called %s", name);
	g_propagate_error(error, g_steal_pointer(&why));
	return false;
}

/* ---- text as HTML ---------------------------------------------------------
 */

/* The length of the http or https address that begins at at, or 0.  What
 * usually ends a sentence is not of it. */
static size_t
link_length(const char *at)
{
	if (!g_str_has_prefix(at, "https://") &&
	    !g_str_has_prefix(at, "http://"))
		return 0;
	size_t prefix = (size_t)(strstr(at, "://") + 3 - at);
	size_t length = strcspn(at, " \t\n<>\"");
	while (length > prefix && strchr(".,;:!?)]'*", at[length - 1]) != NULL)
		length--;
	return length > prefix ? length : 0;
}

static void
append_link(GString *html, const char *at, size_t length)
{
	g_autofree char *address = g_strndup(at, length);

	g_string_append(html, "<a href=\"");
	template_escape_html(html, address);
	g_string_append(html, "\">");
	template_escape_html(html, address);
	g_string_append(html, "</a>");
}

static void
append_line(GString *html, const char *line, size_t length)
{
	const char *end = line + length;
	const char *plain = line;

	for (; line < end && *line == ' '; plain = ++line)
		g_string_append(html, "&nbsp;");
	while (line < end) {
		size_t link = link_length(line);
		if (link == 0 && ++line < end)
			continue;
		g_autofree char *before =
			g_strndup(plain, (gsize)(line - plain));
		template_escape_html(html, before);
		if (link > 0)
			append_link(html, line, link);
		line += link;
		plain = line;
	}
}

#define PARAGRAPH "<p style=\"margin:0 0 12px 0\">"

char *
notice_html_text(const char *text)
{
	GString *html = g_string_new(NULL);
	bool is_open = false;

	while (*text != '\0') {
		size_t length = strcspn(text, "\n");
		bool is_blank = strspn(text, " \t") >= length;
		if (is_open)
			g_string_append(html, is_blank ? "</p>\n" : "<br>\n");
		else if (!is_blank)
			g_string_append(html, PARAGRAPH);
		if (!is_blank)
			append_line(html, text, length);
		is_open = !is_blank;
		text += length;
		text += *text == '\n';
	}
	if (is_open)
		g_string_append(html, "</p>\n");
	return g_string_free(html, FALSE);
}
