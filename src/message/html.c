#include "message/html.h"

#include <string.h>

#include "base/text.h"

#include "message/html_input.h"
#include "message/html_tables.h"
#include "message/marks.h"
#include "message/xml_lazy.h"

/* octets a call to the push parser: larger ones gain nothing */
#define CHUNK_OCTETS 16384
/* blank lines in a row are cut to two */
#define BREAKS_MAX   3

/* One open element: what its end has to undo. */
typedef struct Frame {
	guint8 kind; /* HtmlElement */
	bool quotes; /* it raised the depth */
	bool tight;
	bool hidden;
	Mark end;
	guint saved; /* list number, or line of the row around */
} Frame;

typedef struct Writer {
	GString *out;
	GString *marks; /* for the start of the next line */
	GArray *frames;
	GString *href; /* of the open link, empty if none */
	gsize link_start;
	guint breaks;    /* line ends due before the next word */
	guint hard;      /* no-break spaces due */
	bool space;      /* a blank is due */
	bool line_empty; /* nothing of this line is written yet */
	guint skip;      /* inside that many elements without text */
	guint pre;
	guint depth;      /* of quotes */
	guint line_depth; /* of the line above */
	guint lists;
	guint number;   /* of the next item; 0: a bulleted list */
	bool bullet;    /* due at the start of the next line */
	guint line;     /* lines written */
	guint row_line; /* where the table row began */
	guint cells;    /* of this row so far */
	bool fresh_cell;
	bool separator; /* due between two cells */
	bool bordered;  /* the table is one of data, not of layout */
} Writer;

/* ---- lines ---- */

static void
trim_line(GString *out)
{
	while (out->len > 0 && out->str[out->len - 1] == ' ')
		g_string_truncate(out, out->len - 1);
}

static void
write_depth(GString *out, guint depth)
{
	for (guint i = 0; i < MIN(depth, HTML_QUOTE_DEPTH_MAX); i++)
		g_string_append(out, "> ");
}

static void
end_line(Writer *w, guint breaks)
{
	guint between = MIN(w->depth, w->line_depth);

	for (guint i = 0; i < breaks; i++) {
		if (i > 0)
			write_depth(w->out, between);
		trim_line(w->out);
		g_string_append_c(w->out, '\n');
		w->line++;
	}
}

static void
write_bullet(Writer *w)
{
	for (guint i = 1; i < MIN(w->lists, HTML_LIST_DEPTH_MAX); i++)
		g_string_append(w->out, "  ");
	if (w->number > 0)
		g_string_append_printf(w->out, "%u. ", w->number++);
	else
		g_string_append(w->out, "- ");
	w->bullet = false;
}

static void
begin_line(Writer *w)
{
	if (w->out->len > 0)
		end_line(w, MAX(w->breaks, 1));
	g_string_append_len(w->out, w->marks->str, (gssize)w->marks->len);
	g_string_truncate(w->marks, 0);
	write_depth(w->out, w->depth);
	w->line_depth = w->depth;
	w->line_empty = true;
	w->breaks = 0;
	w->space = false;
}

/* all that is due before a word */
static void
flush(Writer *w)
{
	if (w->breaks > 0 || w->out->len == 0 || w->marks->len > 0)
		begin_line(w);
	if (w->separator && !w->line_empty)
		g_string_append(w->out, w->bordered ? " | " : "\t");
	else if (w->space && !w->line_empty)
		g_string_append_c(w->out, ' ');
	if (w->bullet)
		write_bullet(w);
	for (; w->hard > 0; w->hard--)
		g_string_append_c(w->out, ' ');
	w->separator = w->space = w->fresh_cell = w->line_empty = false;
}

/* at least that many line ends before the next word */
static void
break_line(Writer *w, guint at_least)
{
	if (w->fresh_cell)
		return;
	/* a line of no-break spaces is an empty line (Word) */
	if (w->hard > 0 && w->breaks > 0)
		w->breaks = MIN(w->breaks + 1, 2);
	w->hard = 0;
	w->breaks = MAX(w->breaks, at_least);
	w->space = false;
}

static void
add_mark(Writer *w, Mark mark)
{
	if (mark == MARK_NONE || w->skip > 0)
		return;
	w->fresh_cell = false;
	break_line(w, 1);
	g_string_append_unichar(w->marks, mark);
}

/* ---- words ---- */

static void
write_char(Writer *w, const char *p, const char *next)
{
	flush(w);
	g_string_append_len(w->out, p, (gssize)(next - p));
}

static void
write_pre_char(Writer *w, const char *p, const char *next)
{
	if (*p == '\n') {
		w->breaks = MIN(w->breaks + 1, BREAKS_MAX);
	} else if (*p != '\r') {
		write_char(w, p, next);
	}
}

static void
write_text(Writer *w, const char *text, gsize length)
{
	const char *end = text + length;

	for (const char *p = text; p < end;) {
		const char *next = g_utf8_next_char(p);
		gunichar c = g_utf8_get_char(p);

		if (w->pre > 0 && c < 0x80)
			write_pre_char(w, p, next);
		else if (c == ' ' || c == '\n' || c == '\t' || c == '\r' ||
		         c == '\f')
			w->space = true;
		else if (c == 0xa0)
			w->hard = MIN(w->hard + 1, 80);
		else if (!mark_is(c))
			write_char(w, p, next);
		p = next;
	}
}

static void
write_string(Writer *w, const char *string)
{
	flush(w);
	g_string_append(w->out, string);
}

/* ---- links and images ---- */

static const char *const link_schemes[] = { "http://", "https://",
	                                    "mailto:", "ftp://", "tel:" };

static bool
is_shown_link(const char *href)
{
	if (href == NULL || strlen(href) > HTML_LINK_OCTETS_MAX)
		return false;
	for (size_t i = 0; i < G_N_ELEMENTS(link_schemes); i++)
		if (g_ascii_strncasecmp(href, link_schemes[i],
		                        strlen(link_schemes[i])) == 0)
			return true;
	return false;
}

static const char *
behind_scheme(const char *url)
{
	const char *colon = strchr(url, ':');

	if (colon == NULL || !is_shown_link(url))
		return url;
	url = colon + 1;
	while (*url == '/')
		url++;
	return g_str_has_prefix(url, "www.") ? url + 4 : url;
}

/* the words of the link are its address already */
static bool
says_the_same(const char *words, const char *href)
{
	const char *a = behind_scheme(words);
	const char *b = behind_scheme(href);
	size_t length = strcspn(a, " ");
	size_t other = strcspn(b, "?");

	while (length > 0 && a[length - 1] == '/')
		length--;
	while (other > 0 && b[other - 1] == '/')
		other--;
	return length == 0 ||
	       (g_ascii_strncasecmp(a, b, MIN(length, other)) == 0 &&
	        (length == other || length == strlen(b)));
}

static void
begin_link(Writer *w, const char *href)
{
	g_string_truncate(w->href, 0);
	if (!is_shown_link(href))
		return;
	g_string_append(w->href, href);
	w->link_start = w->out->len;
}

static void
end_link(Writer *w)
{
	if (w->href->len == 0)
		return;
	g_autofree char *words = g_strstrip(
		g_strdup(w->out->str + MIN(w->link_start, w->out->len)));
	const char *href = w->href->str;
	if (!says_the_same(words, href)) {
		const char *shown =
			g_str_has_prefix(href, "mailto:") ? href + 7 : href;
		g_string_append_printf(w->out, " <%s>", shown);
	}
	g_string_truncate(w->href, 0);
}

static void
write_image(Writer *w, const char *const *attributes)
{
	const char *alt = html_attribute(attributes, "alt");

	if (alt == NULL || *alt == '\0')
		return;
	write_text(w, alt, strlen(alt));
}

/* ---- elements ---- */

static void
begin_quote(Writer *w, Frame *frame, const char *const *attributes)
{
	frame->quotes = true;
	break_line(w, 2);
	if (!html_is_quote(attributes)) {
		add_mark(w, MARK_INDENT);
		frame->end = MARK_INDENT_END;
	}
	w->depth++;
}

static void
begin_list(Writer *w, Frame *frame, bool numbered)
{
	break_line(w, w->lists == 0 && !frame->tight ? 2 : 1);
	frame->saved = w->number;
	w->number = numbered ? 1 : 0;
	w->lists++;
}

static void
begin_row(Writer *w, Frame *frame)
{
	break_line(w, 1);
	frame->saved = w->row_line;
	w->row_line = w->line + (w->out->len > 0 ? MAX(w->breaks, 1) : 0);
	w->cells = 0;
}

static void
begin_cell(Writer *w)
{
	if (w->cells > 0 && w->breaks == 0)
		w->separator = true;
	w->fresh_cell = true;
	w->cells++;
}

static void
end_cell(Writer *w)
{
	/* one line so far: the next cell stands beside it */
	if (w->line <= w->row_line && w->out->len > 0 && !w->fresh_cell)
		w->breaks = 0;
	else
		w->breaks = MAX(w->breaks, 1);
	w->fresh_cell = false;
	w->hard = 0;
}

static bool
has_border(const char *const *attributes)
{
	const char *border = html_attribute(attributes, "border");

	return border != NULL && g_ascii_strtoull(border, NULL, 10) > 0;
}

static void
begin_element(Writer *w, Frame *frame, const char *const *attributes)
{
	switch ((HtmlElement)frame->kind) {
	case HTML_INLINE:
		break;
	case HTML_LINE:
		break_line(w, 1);
		break;
	case HTML_PARAGRAPH:
		break_line(w, frame->tight ? 1 : 2);
		break;
	case HTML_BREAK:
		w->fresh_cell = false;
		w->breaks = MIN(w->breaks + 1, BREAKS_MAX);
		w->space = false;
		break;
	case HTML_RULE:
		break_line(w, 1);
		write_string(w, "----------------------------------------");
		break_line(w, 1);
		break;
	case HTML_PRE:
		break_line(w, 1);
		w->pre++;
		break;
	case HTML_QUOTE:
		begin_quote(w, frame, attributes);
		break;
	case HTML_LIST:
	case HTML_NUMBERED:
		begin_list(w, frame, frame->kind == HTML_NUMBERED);
		break;
	case HTML_ITEM:
		break_line(w, 1);
		w->bullet = true;
		break;
	case HTML_TABLE:
		break_line(w, 1);
		w->bordered = has_border(attributes);
		break;
	case HTML_ROW:
		begin_row(w, frame);
		break;
	case HTML_CELL:
	case HTML_HEADING_CELL:
		begin_cell(w);
		break;
	case HTML_LINK:
		begin_link(w, html_attribute(attributes, "href"));
		break;
	case HTML_IMAGE:
		write_image(w, attributes);
		break;
	case HTML_SKIP:
		break;
	}
}

static void
end_element(Writer *w, const Frame *frame)
{
	switch ((HtmlElement)frame->kind) {
	case HTML_PARAGRAPH:
		break_line(w, frame->tight ? 1 : 2);
		break;
	case HTML_PRE:
		w->pre--;
		break_line(w, 1);
		break;
	case HTML_QUOTE:
		break_line(w, 2);
		w->depth--;
		break;
	case HTML_LIST:
	case HTML_NUMBERED:
		w->lists--;
		w->number = frame->saved;
		break_line(w, w->lists == 0 && !frame->tight ? 2 : 1);
		w->bullet = false;
		break;
	case HTML_ROW:
		w->row_line = frame->saved;
		break_line(w, 1);
		break;
	case HTML_CELL:
	case HTML_HEADING_CELL:
		end_cell(w);
		break;
	case HTML_LINK:
		end_link(w);
		break;
	case HTML_LINE:
	case HTML_ITEM:
	case HTML_TABLE:
		break_line(w, 1);
		break;
	case HTML_INLINE:
	case HTML_BREAK:
	case HTML_RULE:
	case HTML_IMAGE:
	case HTML_SKIP:
		break;
	}
}

/* ---- events of libxml2 ---- */

static void
on_start(void *context, const xmlChar *xml_name, const xmlChar **xml_attributes)
{
	Writer *w = context;
	const char *name = (const char *)xml_name;
	const char *const *attributes = (const char *const *)xml_attributes;
	Frame frame = { .kind = (guint8)html_element(name) };

	frame.hidden = frame.kind == HTML_SKIP ||
	               html_is_hidden(html_attribute(attributes, "style"));
	if (frame.hidden)
		w->skip++;
	if (w->skip == 0) {
		Mark mark = html_mark(name, attributes);

		frame.tight = html_is_tight(attributes);
		add_mark(w, mark);
		begin_element(w, &frame, attributes);
		if (frame.end == MARK_NONE)
			frame.end = html_mark_end(mark);
	} else {
		frame.kind = HTML_INLINE;
	}
	g_array_append_val(w->frames, frame);
}

static void
on_end(void *context, const xmlChar *name G_GNUC_UNUSED)
{
	Writer *w = context;

	if (w->frames->len == 0)
		return;
	Frame frame = g_array_index(w->frames, Frame, w->frames->len - 1);
	g_array_set_size(w->frames, w->frames->len - 1);
	if (frame.hidden)
		w->skip--;
	if (w->skip > 0)
		return;
	end_element(w, &frame);
	add_mark(w, frame.end);
}

static void
on_text(void *context, const xmlChar *text, int length)
{
	Writer *w = context;

	if (w->skip == 0 && length > 0 && w->out->len < HTML_TEXT_OCTETS_MAX)
		write_text(w, (const char *)text, (gsize)length);
}

static void
on_trouble(void *context G_GNUC_UNUSED, const char *format G_GNUC_UNUSED, ...)
{
	/* nobody needs to know how wrong a stranger's HTML is */
}

static htmlParserCtxtPtr
parser_new(Writer *w)
{
	htmlSAXHandler events = {
		.startElement = on_start,
		.endElement = on_end,
		.characters = on_text,
		.cdataBlock = NULL,
		.ignorableWhitespace = on_text,
		.warning = on_trouble,
		.error = on_trouble,
		.fatalError = on_trouble,
	};
	htmlParserCtxtPtr parser =
		xml_lazy()->parser_new(&events, w, NULL, 0, NULL,
	                               XML_CHAR_ENCODING_UTF8);

	g_assert(parser != NULL);
	xml_lazy()->use_options(parser, HTML_PARSE_RECOVER |
	                                        HTML_PARSE_IGNORE_ENC |
	                                        HTML_PARSE_NOERROR |
	                                        HTML_PARSE_NOWARNING |
	                                        HTML_PARSE_NONET);
	return parser;
}

/* Without a body libxml2 wraps bare words into a paragraph of its own. */
static const char body_tag[] = "<html><body>";

/* chunks end between characters: libxml2 takes a half one for Latin-1 */
static void
push(htmlParserCtxtPtr parser, const GString *input)
{
	gsize at = 0;

	xml_lazy()->parse(parser, body_tag, (int)strlen(body_tag), 0);
	while (at < input->len) {
		gsize size = MIN(CHUNK_OCTETS, input->len - at);

		while (at + size < input->len && size > 1 &&
		       (input->str[at + size] & 0xc0) == 0x80)
			size--;
		xml_lazy()->parse(parser, input->str + at, (int)size, 0);
		at += size;
	}
	xml_lazy()->parse(parser, NULL, 0, 1);
}

char *
html_to_text(const char *html, gsize length)
{
	g_autoptr(GString) out = g_string_new(NULL);
	g_autoptr(GString) marks = g_string_new(NULL);
	g_autoptr(GString) href = g_string_new(NULL);
	g_autoptr(GString) input = html_input_clean(html, length);
	g_autoptr(GArray) frames = g_array_new(FALSE, FALSE, sizeof(Frame));
	Writer w = {
		.out = out, .marks = marks, .href = href, .frames = frames
	};
	htmlParserCtxtPtr parser = parser_new(&w);

	push(parser, input);
	xml_lazy()->parser_free(parser);
	trim_line(out);
	return text_clean_block(out->str);
}
