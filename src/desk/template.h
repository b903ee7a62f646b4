/* Mustache: text with holes, and the values that fill them.
 *
 * The whole core of the specification (comments, delimiters, interpolation,
 * sections, inverted sections, partials), no lambdas.  A template comes from
 * the administrator and is compiled once; a value is data and is never looked
 * at for tags (faults.md X-05).  A name that is not there is empty, as the
 * specification says.  Pure: reads no file, knows no ticket.
 *
 * One departure that the specification leaves open: an empty text is false,
 * so {{#name}} ... {{/name}} may guard a value that can be empty. */
#pragma once

#include <stdbool.h>

#include <glib.h>

#define TEMPLATE_SOURCE_MAX   (256 * 1024)
#define TEMPLATE_OUTPUT_MAX   (1024 * 1024)
#define TEMPLATE_SECTIONS_MAX 32 /* one inside the other */
#define TEMPLATE_PARTIALS_MAX 16 /* one inside the other */
#define TEMPLATE_STEPS_MAX                                \
	1000000 /* tags and texts put out, loops included \
	         */

/* ---- values ---- */

/* A text, a list, an object, or nothing (false). */
typedef struct TemplateValue TemplateValue;

TemplateValue *template_value_nothing(void);
TemplateValue *template_value_text(const char *text);
TemplateValue *template_value_list(void);
TemplateValue *template_value_object(void);
void template_value_free(TemplateValue *value);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(TemplateValue, template_value_free)

/* These take item over; the second replaces a member of the same name. */
void template_value_add(TemplateValue *list, TemplateValue *item);
void template_value_put(TemplateValue *object, const char *name,
                        TemplateValue *item);

/* Sets a text by a path: "ticket.number" makes the object "ticket" where it is
 * missing.  NULL: nothing. */
void template_set(TemplateValue *object, const char *path, const char *text);

/* A new object at the end of the list that stands at path, which is made where
 * it is missing; borrowed. */
TemplateValue *template_append(TemplateValue *object, const char *path);

/* ---- templates ---- */

typedef struct Template Template;

/* name is what errors begin with: "name:line:column: why", ERROR_MALFORMED
 * (ERROR_TOO_BIG for a source over its limit). */
Template *template_compile(const char *name, const char *text, GError **error);
void template_free(Template *template);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Template, template_free)

/* A name that a tag asks for. */
typedef struct TemplateName {
	const char *name; /* lives as long as the template */
	unsigned line;
	bool is_partial;
} TemplateName;

/* Hands out the names in the order they stand, for who checks a template
 * against the values that there are. */
void template_each_name(const Template *template,
                        void (*take)(const TemplateName *name, void *data),
                        void *data);

/* Appends text to out so that it means itself in the target format. */
typedef void (*TemplateEscape)(GString *out, const char *text);
void template_escape_none(GString *out, const char *text);
void template_escape_html(GString *out, const char *text);

/* The partial of that name, borrowed; NULL: there is none, which is empty. */
typedef const Template *(*TemplatePartial)(const char *name, void *data);

typedef struct TemplateOptions {
	TemplateEscape escape;   /* NULL: template_escape_none */
	TemplatePartial partial; /* NULL: no partials */
	void *data;              /* for partial */
} TemplateOptions;

/* The filled text, owned by the caller; NULL with ERROR_TOO_BIG over a limit
 * above. */
char *template_render(const Template *template, const TemplateValue *values,
                      const TemplateOptions *options, GError **error);
