/* A mail to a person, from its template: subject, text and HTML.
 *
 * A template is the files LANGUAGE/NAME.subject, .txt and .html, shipped with
 * the program (templates/README lists them and their values); the desk's own
 * of the same path replaces one.  A desk's own that is broken is passed over
 * for the shipped one, since a notification must go (faults.md G-06).
 * {{>part}} in NAME.html is LANGUAGE/part.html, or part.html for all
 * languages.  Pure: own files come through a function. */
#pragma once

#include <stdbool.h>

#include <glib.h>

#include "desk/template.h"

/* How deep the languages go: "es-CO", "es", the desk's, "en". */
typedef struct TemplateLoader {
	/* the desk's own text of "es/ack.txt", borrowed, or NULL; may be NULL
	 * itself: there are none */
	const char *(*own_text)(const char *path, void *data);
	void *data;
	const char *language; /* of the desk; NULL: English */
} TemplateLoader;

/* All owned. */
typedef struct Notice {
	char *subject; /* one line */
	char *text;
	char *html; /* NULL: this template has none */
} Notice;

void notice_clear(Notice *notice);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Notice, notice_clear)

/* language may be NULL.  ERROR_MALFORMED: no template of that name;
 * ERROR_TOO_BIG: over a limit of template.h even as shipped. */
bool notice_render(const TemplateLoader *loader, const char *name,
                   const char *language, const TemplateValue *values,
                   Notice *out, GError **error);

/* The values that templates get, as templates/README lists them, NULL behind
 * the last; those of the items of a list are written "orders.effect". */
extern const char *const notice_values[];

/* Text as HTML of paragraphs, line breaks and links to http, https and mailto
 * addresses in it, and of nothing else (faults.md X-06); owned by the caller.
 */
char *notice_html_text(const char *text);
