#include "desk/template.h"

#include <string.h>

#include "base/error.h"

/* ---- values ---- */

typedef enum ValueKind {
	VALUE_NOTHING,
	VALUE_TEXT,
	VALUE_LIST,
	VALUE_OBJECT,
} ValueKind;

struct TemplateValue {
	ValueKind kind;
	char *name; /* as a member of an object */
	char *text;
	GPtrArray *items; /* of a list, or the members of an object */
};

static TemplateValue *
value_of(ValueKind kind, const char *text)
{
	TemplateValue *value = g_new0(TemplateValue, 1);

	value->kind = kind;
	value->text = g_strdup(text);
	if (kind == VALUE_LIST || kind == VALUE_OBJECT)
		value->items = g_ptr_array_new_with_free_func(
			(GDestroyNotify)template_value_free);
	return value;
}

TemplateValue *
template_value_nothing(void)
{
	return value_of(VALUE_NOTHING, NULL);
}

TemplateValue *
template_value_text(const char *text)
{
	return text == NULL ? template_value_nothing()
	                    : value_of(VALUE_TEXT, text);
}

TemplateValue *
template_value_list(void)
{
	return value_of(VALUE_LIST, NULL);
}

TemplateValue *
template_value_object(void)
{
	return value_of(VALUE_OBJECT, NULL);
}

void
template_value_free(TemplateValue *value)
{
	if (value == NULL)
		return;
	g_free(value->name);
	g_free(value->text);
	if (value->items != NULL)
		g_ptr_array_unref(value->items);
	g_free(value);
}

void
template_value_add(TemplateValue *list, TemplateValue *item)
{
	g_assert(list->kind == VALUE_LIST);
	g_ptr_array_add(list->items, item);
}

/* Linear: an object of ours has a dozen members. */
static TemplateValue *
member(const TemplateValue *object, const char *name, size_t length)
{
	if (object->kind != VALUE_OBJECT)
		return NULL;
	for (unsigned i = 0; i < object->items->len; i++) {
		TemplateValue *item = object->items->pdata[i];
		if (strncmp(item->name, name, length) == 0 &&
		    item->name[length] == '\0')
			return item;
	}
	return NULL;
}

void
template_value_put(TemplateValue *object, const char *name, TemplateValue *item)
{
	g_assert(object->kind == VALUE_OBJECT && item->name == NULL);
	TemplateValue *old = member(object, name, strlen(name));

	if (old != NULL)
		g_ptr_array_remove(object->items, old);
	item->name = g_strdup(name);
	g_ptr_array_add(object->items, item);
}

/* The object that holds the last name of path, made on the way. */
static TemplateValue *
holder_of(TemplateValue *object, const char *path, const char **out_last)
{
	const char *dot;

	for (; (dot = strchr(path, '.')) != NULL; path = dot + 1) {
		TemplateValue *inner =
			member(object, path, (size_t)(dot - path));
		if (inner == NULL) {
			g_autofree char *name =
				g_strndup(path, (gsize)(dot - path));
			inner = template_value_object();
			template_value_put(object, name, inner);
		}
		object = inner;
	}
	*out_last = path;
	return object;
}

void
template_set(TemplateValue *object, const char *path, const char *text)
{
	const char *name;
	TemplateValue *holder = holder_of(object, path, &name);

	template_value_put(holder, name, template_value_text(text));
}

TemplateValue *
template_append(TemplateValue *object, const char *path)
{
	const char *name;
	TemplateValue *holder = holder_of(object, path, &name);
	TemplateValue *list = member(holder, name, strlen(name));

	if (list == NULL) {
		list = template_value_list();
		template_value_put(holder, name, list);
	}
	TemplateValue *item = template_value_object();
	template_value_add(list, item);
	return item;
}

static bool
is_false(const TemplateValue *value)
{
	if (value == NULL)
		return true;
	switch (value->kind) {
	case VALUE_NOTHING:
		return true;
	case VALUE_TEXT:
		return *value->text == '\0';
	case VALUE_LIST:
		return value->items->len == 0;
	case VALUE_OBJECT:
		return false;
	}
	g_assert_not_reached();
}

/* ---- compiling ---- */

typedef enum NodeKind {
	NODE_LINE, /* a line of the source begins: a partial's indentation */
	NODE_TEXT,
	NODE_ESCAPED,
	NODE_RAW,
	NODE_SECTION,
	NODE_INVERTED,
	NODE_PARTIAL,
} NodeKind;

typedef struct Node {
	NodeKind kind;
	const char *text;   /* the text; the name; of a partial its name */
	const char *indent; /* of a partial alone on its line, or "" */
	unsigned end;       /* of a section: the first node behind it */
	unsigned line;
} Node;

struct Template {
	char *name;
	GStringChunk *strings;
	GArray *nodes; /* of Node */
};

/* What a tag's first character makes of it (mustache(5)). */
typedef enum TagKind {
	TAG_ESCAPED,
	TAG_RAW,
	TAG_TRIPLE,
	TAG_SECTION,
	TAG_INVERTED,
	TAG_CLOSE,
	TAG_PARTIAL,
	TAG_COMMENT,
	TAG_DELIMITERS,
} TagKind;

static const struct {
	char mark;
	bool vanishes; /* alone on its line, it takes the line with it */
} tag_kinds[] = {
	[TAG_ESCAPED] = { '\0', false },  [TAG_RAW] = { '&', false },
	[TAG_TRIPLE] = { '{', false },    [TAG_SECTION] = { '#', true },
	[TAG_INVERTED] = { '^', true },   [TAG_CLOSE] = { '/', true },
	[TAG_PARTIAL] = { '>', true },    [TAG_COMMENT] = { '!', true },
	[TAG_DELIMITERS] = { '=', true },
};

typedef struct Tag {
	TagKind kind;
	const char *begin; /* its opening delimiter */
	char *body;        /* what stands inside, trimmed */
	const char *behind;
} Tag;

typedef struct OpenSection {
	unsigned node;
	const char *begin;
} OpenSection;

typedef struct Compiler {
	Template *template;
	const char *source;
	const char *line_begin; /* of the line that at is in */
	bool line_is_announced; /* it has its NODE_LINE */
	unsigned line;
	char *open;
	char *close;
	OpenSection sections[TEMPLATE_SECTIONS_MAX];
	unsigned depth;
	GError **error;
} Compiler;

/* Counted only when there is something to complain of. */
static bool complain(Compiler *compiler, const char *at, const char *format,
                     ...) G_GNUC_PRINTF(3, 4);

static bool
complain(Compiler *compiler, const char *at, const char *format, ...)
{
	unsigned line = 1;
	const char *begin = compiler->source;
	va_list args;

	for (const char *c = compiler->source; c < at; c++)
		if (*c == '\n') {
			line++;
			begin = c + 1;
		}
	va_start(args, format);
	g_autofree char *why = g_strdup_vprintf(format, args);
	va_end(args);
	return error_set(compiler->error, ERROR_MALFORMED, "%s:%u:%ld: %s",
	                 compiler->template->name, line,
	                 g_utf8_pointer_to_offset(begin, at) + 1, why);
}

static void
add_node(Compiler *compiler, NodeKind kind, const char *text, size_t length)
{
	Node node = { .kind = kind, .indent = "", .line = compiler->line };

	node.text = g_string_chunk_insert_len(compiler->template->strings, text,
	                                      (gssize)length);
	g_array_append_val(compiler->template->nodes, node);
}

/* Before the first node of a line: where a partial's indentation goes. */
static void
announce_line(Compiler *compiler)
{
	if (compiler->line_is_announced)
		return;
	add_node(compiler, NODE_LINE, "", 0);
	compiler->line_is_announced = true;
}

/* Text without tags, cut behind each line. */
static void
add_text(Compiler *compiler, const char *begin, const char *end)
{
	while (begin < end) {
		const char *newline =
			memchr(begin, '\n', (size_t)(end - begin));
		const char *stop = newline == NULL ? end : newline + 1;

		announce_line(compiler);
		add_node(compiler, NODE_TEXT, begin, (size_t)(stop - begin));
		if (newline != NULL) {
			compiler->line_begin = stop;
			compiler->line_is_announced = false;
			compiler->line++;
		}
		begin = stop;
	}
}

static bool
set_delimiters(Compiler *compiler, const Tag *tag)
{
	g_auto(GStrv) words = g_strsplit_set(tag->body, " \t\r\n", -1);
	const char *found[2] = { NULL, NULL };
	unsigned count = 0;

	for (char **word = words; *word != NULL; word++) {
		if (**word == '\0')
			continue;
		if (count < 2)
			found[count] = *word;
		count++;
	}
	if (count != 2 || strchr(found[0], '=') || strchr(found[1], '='))
		return complain(compiler, tag->begin,
		                "new delimiters must be two words without =");
	g_free(compiler->open);
	g_free(compiler->close);
	compiler->open = g_strdup(found[0]);
	compiler->close = g_strdup(found[1]);
	return true;
}

static bool
open_section(Compiler *compiler, const Tag *tag)
{
	if (compiler->depth == TEMPLATE_SECTIONS_MAX)
		return complain(compiler, tag->begin,
		                "more than %d sections in each other",
		                TEMPLATE_SECTIONS_MAX);
	compiler->sections[compiler->depth++] =
		(OpenSection){ .node = compiler->template->nodes->len,
		               .begin = tag->begin };
	add_node(compiler,
	         tag->kind == TAG_SECTION ? NODE_SECTION : NODE_INVERTED,
	         tag->body, strlen(tag->body));
	return true;
}

static bool
close_section(Compiler *compiler, const Tag *tag)
{
	GArray *nodes = compiler->template->nodes;

	if (compiler->depth == 0)
		return complain(compiler, tag->begin,
		                "\"%s\" is closed but not open", tag->body);
	unsigned open = compiler->sections[compiler->depth - 1].node;
	Node *node = &g_array_index(nodes, Node, open);
	if (strcmp(node->text, tag->body) != 0)
		return complain(compiler, tag->begin,
		                "\"%s\" is closed where \"%s\" is open",
		                tag->body, node->text);
	node->end = nodes->len;
	compiler->depth--;
	return true;
}

static bool
add_tag(Compiler *compiler, const Tag *tag, const char *indent)
{
	size_t length = strlen(tag->body);
	Node *last;

	if (tag->kind != TAG_COMMENT && length == 0)
		return complain(compiler, tag->begin, "a tag without a name");
	switch (tag->kind) {
	case TAG_ESCAPED:
		add_node(compiler, NODE_ESCAPED, tag->body, length);
		return true;
	case TAG_RAW:
	case TAG_TRIPLE:
		add_node(compiler, NODE_RAW, tag->body, length);
		return true;
	case TAG_SECTION:
	case TAG_INVERTED:
		return open_section(compiler, tag);
	case TAG_CLOSE:
		return close_section(compiler, tag);
	case TAG_PARTIAL:
		add_node(compiler, NODE_PARTIAL, tag->body, length);
		last = &g_array_index(compiler->template->nodes, Node,
		                      compiler->template->nodes->len - 1);
		last->indent =
			g_string_chunk_insert(compiler->template->strings,
		                              indent);
		return true;
	case TAG_COMMENT:
		return true;
	case TAG_DELIMITERS:
		return set_delimiters(compiler, tag);
	}
	g_assert_not_reached();
}

static TagKind
tag_kind(char mark)
{
	for (unsigned i = TAG_RAW; i < G_N_ELEMENTS(tag_kinds); i++)
		if (tag_kinds[i].mark == mark)
			return (TagKind)i;
	return TAG_ESCAPED;
}

/* The tag whose opening delimiter stands at begin. */
static bool
read_tag(Compiler *compiler, const char *begin, Tag *out_tag)
{
	const char *body = begin + strlen(compiler->open);
	TagKind kind = tag_kind(*body);
	/* "{{{name}}}" and "{{=<% %>=}}" repeat their mark at the end */
	const char *extra = kind == TAG_TRIPLE       ? "}"
	                    : kind == TAG_DELIMITERS ? "="
	                                             : "";
	g_autofree char *closing = g_strconcat(extra, compiler->close, NULL);

	if (kind != TAG_ESCAPED)
		body++;
	const char *end = strstr(body, closing);
	if (end == NULL)
		return complain(compiler, begin, "this tag has no \"%s\"",
		                closing);
	*out_tag =
		(Tag){ .kind = kind,
		       .begin = begin,
		       .body = g_strstrip(g_strndup(body, (gsize)(end - body))),
		       .behind = end + strlen(closing) };
	return true;
}

static bool
is_blank(const char *begin, const char *end)
{
	for (; begin < end; begin++)
		if (*begin != ' ' && *begin != '\t')
			return false;
	return true;
}

/* Behind the end of the line, if nothing but blanks stands before it. */
static const char *
skip_rest_of_line(const char *at)
{
	at += strspn(at, " \t");
	if (*at == '\r' && at[1] == '\n')
		at++;
	return *at == '\n' ? at + 1 : *at == '\0' ? at : NULL;
}

static unsigned
lines_between(const char *begin, const char *end)
{
	unsigned lines = 0;

	for (; begin < end; begin++)
		lines += *begin == '\n';
	return lines;
}

/* Text before the tag, then the tag; *at moves behind both. */
static bool
add_text_and_tag(Compiler *compiler, const char **at, const Tag *tag)
{
	const char *newline = g_strrstr_len(*at, tag->begin - *at, "\n");
	const char *line = newline == NULL ? *at : newline + 1;
	bool is_first = line == compiler->line_begin || newline != NULL;
	const char *next = skip_rest_of_line(tag->behind);
	g_autofree char *indent = g_strndup(line, (gsize)(tag->begin - line));
	bool is_alone = tag_kinds[tag->kind].vanishes && is_first &&
	                next != NULL && is_blank(line, tag->begin);

	add_text(compiler, *at, is_alone ? line : tag->begin);
	*at = is_alone ? next : tag->behind;
	if (is_alone) {
		compiler->line_begin = next;
		compiler->line_is_announced = false;
	} else {
		announce_line(compiler);
	}
	bool is_good = add_tag(compiler, tag, is_alone ? indent : "");
	compiler->line += lines_between(tag->begin, *at);
	return is_good;
}

static bool
compile_all(Compiler *compiler)
{
	const char *at = compiler->source;
	const char *begin;

	while ((begin = strstr(at, compiler->open)) != NULL) {
		Tag tag = { 0 };
		if (!read_tag(compiler, begin, &tag))
			return false;
		bool ok = add_text_and_tag(compiler, &at, &tag);
		g_free(tag.body);
		if (!ok)
			return false;
	}
	add_text(compiler, at, at + strlen(at));
	if (compiler->depth > 0)
		return complain(compiler,
		                compiler->sections[compiler->depth - 1].begin,
		                "this section is not closed");
	return true;
}

static bool
check_source(const char *name, const char *text, GError **error)
{
	size_t length = strlen(text);
	const char *bad;

	if (length > TEMPLATE_SOURCE_MAX)
		return error_set(error, ERROR_TOO_BIG,
		                 "%s: a template of more than %d octets", name,
		                 TEMPLATE_SOURCE_MAX);
	if (!g_utf8_validate(text, (gssize)length, &bad)) {
		unsigned line = 1;
		for (const char *c = text; c < bad; c++)
			line += *c == '\n';
		return error_set(error, ERROR_MALFORMED, "%s:%u: not UTF-8",
		                 name, line);
	}
	return true;
}

Template *
template_compile(const char *name, const char *text, GError **error)
{
	if (!check_source(name, text, error))
		return NULL;
	g_autoptr(Template) template = g_new0(Template, 1);
	template->name = g_strdup(name);
	template->strings = g_string_chunk_new(1024);
	template->nodes = g_array_new(FALSE, FALSE, sizeof(Node));

	Compiler compiler = {
		.template = template,
		.source = text,
		.line_begin = text,
		.line = 1,
		.open = g_strdup("{{"),
		.close = g_strdup("}}"),
		.error = error,
	};
	bool ok = compile_all(&compiler);
	g_free(compiler.open);
	g_free(compiler.close);
	return ok ? g_steal_pointer(&template) : NULL;
}

void
template_free(Template *template)
{
	if (template == NULL)
		return;
	g_free(template->name);
	g_string_chunk_free(template->strings);
	g_array_unref(template->nodes);
	g_free(template);
}

void
template_each_name(const Template *template,
                   void (*take)(const TemplateName *name, void *data),
                   void *data)
{
	for (unsigned at = 0; at < template->nodes->len; at++) {
		const Node *node = &g_array_index(template->nodes, Node, at);
		TemplateName name = { node->text, node->line,
			              node->kind == NODE_PARTIAL };
		if (node->kind != NODE_LINE && node->kind != NODE_TEXT)
			take(&name, data);
	}
}

/* ---- rendering ---- */

/* What a name is looked up in, the innermost first. */
typedef struct Scope {
	const TemplateValue *value;
	const struct Scope *outer;
} Scope;

typedef struct Renderer {
	const TemplateOptions *options;
	TemplateEscape escape;
	GString *out;
	unsigned steps;
	GError **error;
} Renderer;

/* One template being put out, a partial or the first. */
typedef struct Sheet {
	const Template *template;
	const char *indent;
	unsigned depth; /* of partials */
} Sheet;

void
template_escape_none(GString *out, const char *text)
{
	g_string_append(out, text);
}

void
template_escape_html(GString *out, const char *text)
{
	for (const char *c = text; *c != '\0'; c++) {
		switch (*c) {
		case '&':
			g_string_append(out, "&amp;");
			break;
		case '<':
			g_string_append(out, "&lt;");
			break;
		case '>':
			g_string_append(out, "&gt;");
			break;
		case '"':
			g_string_append(out, "&quot;");
			break;
		case '\'':
			g_string_append(out, "&#39;");
			break;
		default:
			g_string_append_c(out, *c);
		}
	}
}

/* The first scope that has the first part of name decides; the rest is looked
 * for in there only. */
static const TemplateValue *
look_up(const Scope *scope, const char *name)
{
	const TemplateValue *value = NULL;
	size_t length = strcspn(name, ".");

	if (strcmp(name, ".") == 0)
		return scope->value;
	for (; scope != NULL && value == NULL; scope = scope->outer)
		value = member(scope->value, name, length);
	while (value != NULL && name[length] == '.') {
		name += length + 1;
		length = strcspn(name, ".");
		value = member(value, name, length);
	}
	return value;
}

static bool render_nodes(Renderer *renderer, const Sheet *sheet,
                         const Scope *scope, unsigned from, unsigned to);

static bool
within_limits(Renderer *renderer, const Sheet *sheet)
{
	if (renderer->out->len > TEMPLATE_OUTPUT_MAX)
		return error_set(renderer->error, ERROR_TOO_BIG,
		                 "%s: makes more than %d octets",
		                 sheet->template->name, TEMPLATE_OUTPUT_MAX);
	if (++renderer->steps > TEMPLATE_STEPS_MAX)
		return error_set(renderer->error, ERROR_TOO_BIG,
		                 "%s: takes more than %d steps",
		                 sheet->template->name, TEMPLATE_STEPS_MAX);
	return true;
}

static bool
render_section(Renderer *renderer, const Sheet *sheet, const Scope *scope,
               unsigned at)
{
	const Node *node = &g_array_index(sheet->template->nodes, Node, at);
	const TemplateValue *value = look_up(scope, node->text);

	if (is_false(value) != (node->kind == NODE_INVERTED))
		return true;
	if (node->kind == NODE_INVERTED)
		return render_nodes(renderer, sheet, scope, at + 1, node->end);
	if (value->kind != VALUE_LIST) {
		Scope inner = { value, scope };
		return render_nodes(renderer, sheet, &inner, at + 1, node->end);
	}
	for (unsigned i = 0; i < value->items->len; i++) {
		Scope inner = { value->items->pdata[i], scope };
		if (!render_nodes(renderer, sheet, &inner, at + 1, node->end))
			return false;
	}
	return true;
}

static bool
render_partial(Renderer *renderer, const Sheet *sheet, const Scope *scope,
               const Node *node)
{
	const TemplateOptions *options = renderer->options;
	const Template *template =
		options->partial == NULL
			? NULL
			: options->partial(node->text, options->data);

	if (template == NULL)
		return true;
	if (sheet->depth == TEMPLATE_PARTIALS_MAX)
		return error_set(renderer->error, ERROR_TOO_BIG,
		                 "%s: more than %d partials in each other",
		                 template->name, TEMPLATE_PARTIALS_MAX);
	g_autofree char *indent =
		g_strconcat(sheet->indent, node->indent, NULL);
	Sheet inner = { template, indent, sheet->depth + 1 };
	return render_nodes(renderer, &inner, scope, 0, template->nodes->len);
}

static void
render_value(Renderer *renderer, const Scope *scope, const Node *node)
{
	const TemplateValue *value = look_up(scope, node->text);

	if (value == NULL || value->kind != VALUE_TEXT)
		return;
	if (node->kind == NODE_RAW)
		g_string_append(renderer->out, value->text);
	else
		renderer->escape(renderer->out, value->text);
}

static bool
render_node(Renderer *renderer, const Sheet *sheet, const Scope *scope,
            unsigned at)
{
	const Node *node = &g_array_index(sheet->template->nodes, Node, at);

	switch (node->kind) {
	case NODE_LINE:
		g_string_append(renderer->out, sheet->indent);
		return true;
	case NODE_TEXT:
		g_string_append(renderer->out, node->text);
		return true;
	case NODE_ESCAPED:
	case NODE_RAW:
		render_value(renderer, scope, node);
		return true;
	case NODE_SECTION:
	case NODE_INVERTED:
		return render_section(renderer, sheet, scope, at);
	case NODE_PARTIAL:
		return render_partial(renderer, sheet, scope, node);
	}
	g_assert_not_reached();
}

static bool
render_nodes(Renderer *renderer, const Sheet *sheet, const Scope *scope,
             unsigned from, unsigned to)
{
	for (unsigned at = from; at < to; at++) {
		const Node *node =
			&g_array_index(sheet->template->nodes, Node, at);
		if (!within_limits(renderer, sheet) ||
		    !render_node(renderer, sheet, scope, at))
			return false;
		if (node->kind == NODE_SECTION || node->kind == NODE_INVERTED)
			at = node->end - 1;
	}
	return true;
}

char *
template_render(const Template *template, const TemplateValue *values,
                const TemplateOptions *options, GError **error)
{
	g_autoptr(GString) out = g_string_new(NULL);
	Renderer renderer = { .options = options,
		              .escape = options->escape == NULL
		                                ? template_escape_none
		                                : options->escape,
		              .out = out,
		              .error = error };
	Scope scope = { values, NULL };
	Sheet sheet = { template, "", 0 };

	if (!render_nodes(&renderer, &sheet, &scope, 0, template->nodes->len) ||
	    !within_limits(&renderer, &sheet))
		return NULL;
	return g_string_free(g_steal_pointer(&out), FALSE);
}
