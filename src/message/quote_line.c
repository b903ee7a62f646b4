#include "message/quote_line.h"

#include <string.h>

#include "desk/mail.h"

#include "message/attribution.h"
#include "message/marks.h"
#include "message/quote.h"

/* ---- cutting ---- */

typedef struct Splitter {
	GString *text;
	GArray *starts; /* of gsize: offsets, the text still moves */
	GArray *flags;  /* of uint16_t */
	guint open[5];  /* how many of each container are open */
	uint16_t once;  /* flags of this line only */
} Splitter;

typedef struct MarkEffect {
	Mark begin;
	Mark end;
	uint16_t inside; /* flag of all lines inside */
	uint16_t first;  /* of the first one */
} MarkEffect;

static const MarkEffect effects[] = {
	{ MARK_ATTRIBUTION, MARK_ATTRIBUTION_END, LINE_IN_ATTRIBUTION, 0 },
	{ MARK_QUOTE, MARK_QUOTE_END, LINE_IN_CONTAINER,
	  LINE_STARTS_CONTAINER },
	{ MARK_FORWARD, MARK_FORWARD_END, LINE_IN_FORWARD, 0 },
	{ MARK_SIGNATURE, MARK_SIGNATURE_END, LINE_IN_SIGNATURE, 0 },
	{ MARK_INDENT, MARK_INDENT_END, LINE_IN_INDENT, 0 },
};

static void
take_mark(Splitter *s, Mark mark)
{
	if (mark == MARK_HISTORY)
		s->once |= LINE_STARTS_HISTORY;
	for (gsize i = 0; i < G_N_ELEMENTS(effects); i++) {
		if (mark == effects[i].begin) {
			/* containers in containers are one */
			if (s->open[i]++ == 0)
				s->once |= effects[i].first;
		} else if (mark == effects[i].end && s->open[i] > 0) {
			s->open[i]--;
		}
	}
}

static uint16_t
flags_now(const Splitter *s)
{
	guint flags = s->once;

	for (gsize i = 0; i < G_N_ELEMENTS(effects); i++)
		if (s->open[i] > 0)
			flags |= effects[i].inside;
	return (uint16_t)flags;
}

static void
end_line(Splitter *s, gsize start)
{
	uint16_t flags = flags_now(s);

	g_array_append_val(s->starts, start);
	g_array_append_val(s->flags, flags);
	s->once = 0;
}

static void
split(Splitter *s, const char *marked)
{
	static const char stops[] = { '\n', MARK_FIRST_OCTET, '\0' };
	gsize start = 0;

	for (const char *p = marked;
	     *p != '\0' && s->text->len < MAIL_TEXT_OCTETS_MAX;) {
		Mark mark = mark_at(p);

		if (mark != MARK_NONE) {
			take_mark(s, mark);
			p += MARK_OCTETS;
			continue;
		}
		gsize run = *p == '\n' ? 1 : 1 + strcspn(p + 1, stops);
		run = MIN(run, MAIL_TEXT_OCTETS_MAX - s->text->len);
		g_string_append_len(s->text, p, (gssize)run);
		if (*p == '\n') {
			end_line(s, start);
			start = s->text->len;
		}
		p += run;
	}
	end_line(s, start);
}

/* the split stops between octets: off with half a character */
static void
cut_text(QuoteLines *all, GString *text, const char *marked)
{
	const char *end;

	all->cut =
		text->len >= MAIL_TEXT_OCTETS_MAX && strlen(marked) > text->len;
	if (!g_utf8_validate(text->str, (gssize)text->len, &end))
		g_string_truncate(text, (gsize)(end - text->str));
}

static bool
is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r';
}

/* "> > words": sets depth and content */
static void
measure_quote(Line *line)
{
	const char *p = line->start;
	const char *end = p + line->length;
	guint depth = 0;

	line->content = line->start;
	for (; p < end && (*p == '>' || is_blank(*p)); p++)
		if (*p == '>') {
			depth++;
			line->content = p + 1;
		}
	line->depth = (uint8_t)MIN(depth, 255);
	if (depth > 0 && line->content < end && *line->content == ' ')
		line->content++;
}

static gsize
content_length(const Line *line)
{
	return line->length - (gsize)(line->content - line->start);
}

static void
add_line(QuoteLines *all, const char *start, gsize length, uint16_t flags)
{
	Line line = { .start = start,
		      .length = (uint32_t)length,
		      .flags = flags,
		      .folded = "" };

	measure_quote(&line);
	gsize size = content_length(&line);
	gsize words = size;
	while (words > 0 && is_blank(line.content[words - 1]))
		words--;
	if (words > 0) {
		g_autofree char *folded = quote_fold(line.content, size);
		line.folded = g_string_chunk_insert_len(all->folds, folded,
		                                        (gssize)strlen(folded));
	}
	if (size > QUOTE_MARKER_OCTETS_MAX)
		line.flags |= LINE_LONG;
	line.kind = line.depth > 0 ? LINE_QUOTE
	                           : (words > 0 ? LINE_TEXT : LINE_EMPTY);
	g_array_append_val(all->lines, line);
}

static void
add_lines(QuoteLines *all, const Splitter *s)
{
	gsize size = strlen(all->text);

	for (guint i = 0; i < s->starts->len; i++) {
		gsize start = g_array_index(s->starts, gsize, i);
		gsize next =
			i + 1 < s->starts->len
				? g_array_index(s->starts, gsize, i + 1) - 1
				: size;

		if (start > size)
			return;
		add_line(all, all->text + start, MIN(next, size) - start,
		         g_array_index(s->flags, uint16_t, i));
	}
}

guint
quote_next_line(const QuoteLines *all, guint i, guint end)
{
	while (i < end && *quote_line(all, i)->folded == '\0')
		i++;
	return i;
}

/* ---- kinds of single lines ---- */

#define MARKER_MAC_LENGTH 20

/* "p.12.45.abcdefghijklmnopqrst]" at p (base32, any case) */
static bool
is_marker(const char *p, const char *end)
{
	if (end - p < MARKER_MAC_LENGTH + 7 || g_ascii_tolower(*p) != 'p')
		return false;
	p++;
	for (guint number = 0; number < 2; number++) {
		if (*p != '.' || !g_ascii_isdigit(p[1]))
			return false;
		for (p++; p < end && g_ascii_isdigit(*p);)
			p++;
	}
	if (end - p < MARKER_MAC_LENGTH + 2 || *p != '.')
		return false;
	p++;
	for (guint i = 0; i < MARKER_MAC_LENGTH; i++, p++)
		if (!g_ascii_isalpha(*p) && (*p < '2' || *p > '7'))
			return false;
	return *p == ']';
}

static bool
has_marker(const Line *line)
{
	const char *end = line->start + line->length;

	for (const char *p = line->content; p < end; p++) {
		p = memchr(p, '[', (size_t)(end - p));
		if (p == NULL)
			return false;
		if (is_marker(p + 1, end))
			return true;
	}
	return false;
}

static bool
is_dashes(const char *folded)
{
	/* U+1427 alone: what the Streak extension hides in mails */
	if (strcmp(folded, "ᐧ") == 0)
		return true;
	for (const char *p = folded; *p != '\0';) {
		gsize size = quote_dash(p);

		if (size == 0 && *p != ' ')
			return false;
		p += size > 0 ? size : 1;
	}
	return *folded != '\0' && folded[1] != '\0';
}

/* Apple Mail quotes what it forwards: "> Begin forwarded message:" */
static bool
begins_forward(const QuoteLines *all, guint i)
{
	const Line *line = quote_line(all, i);

	return line->depth == 1 &&
	       (i == 0 || quote_line(all, i - 1)->depth == 0) &&
	       quote_separator(line->folded) == SEPARATOR_FORWARD;
}

static void
find_single_kinds(QuoteLines *all)
{
	static const uint8_t kinds[] = {
		[SEPARATOR_REPLY] = LINE_SEPARATOR,
		[SEPARATOR_FORWARD] = LINE_FORWARD,
		[SEPARATOR_ABOVE] = LINE_SEPARATOR,
	};

	for (guint i = 0; i < all->lines->len; i++) {
		Line *line = quote_line(all, i);

		if (has_marker(line))
			line->flags |= LINE_HAS_MARKER;
		if (line->kind == LINE_QUOTE && begins_forward(all, i))
			line->kind = LINE_FORWARD;
		if (line->kind != LINE_TEXT)
			continue;
		SeparatorKind separator = quote_separator(line->folded);
		if (line->flags & LINE_HAS_MARKER)
			line->kind = LINE_MARKER;
		else if (is_dashes(line->folded))
			line->kind = LINE_DASHES;
		else if (separator != SEPARATOR_NONE)
			line->kind = kinds[separator];
	}
}

/* ---- code fences ---- */

static bool
is_fence(const Line *line)
{
	return line->depth == 0 && g_str_has_prefix(line->folded, "```");
}

/* what stands between ``` and ``` are words, whatever they look like */
static void
protect_code(QuoteLines *all)
{
	guint open = G_MAXUINT;

	for (guint i = 0; i < all->lines->len; i++) {
		if (!is_fence(quote_line(all, i)))
			continue;
		if (open == G_MAXUINT) {
			open = i;
			continue;
		}
		for (guint j = open; j <= i; j++) {
			Line *line = quote_line(all, j);

			line->folded = line->kind == LINE_EMPTY ? "" : "`";
			line->kind = line->kind == LINE_EMPTY ? LINE_EMPTY
			                                      : LINE_TEXT;
			line->depth = 0;
		}
		open = G_MAXUINT;
	}
}

/* ---- "AB> words", as Usenet quotes ---- */

static gsize
initials(const Line *line)
{
	gsize n = 0;

	while (n < 3 && n < line->length && g_ascii_isupper(line->start[n]))
		n++;
	return n > 0 && n < line->length && line->start[n] == '>' ? n : 0;
}

static bool
same_initials(const Line *a, const Line *b)
{
	gsize n = initials(a);

	return n > 0 && initials(b) == n && memcmp(a->start, b->start, n) == 0;
}

static void
find_initials(QuoteLines *all)
{
	for (guint i = 0; i + 1 < all->lines->len; i++) {
		Line *line = quote_line(all, i);
		Line *next = quote_line(all, i + 1);

		if (same_initials(line, next))
			line->kind = next->kind = LINE_QUOTE;
	}
}

/* ---- header blocks ---- */

/* lines of a folded "To:" between two headers */
#define CONTINUATIONS_MAX 5
#define BLOCK_LINES_MAX   60

typedef struct Block {
	guint end;
	guint roles; /* bit set of HeaderRole */
	bool address;
	bool dated;
} Block;

static HeaderRole
role_of(const Line *line, const char **out_value)
{
	return quote_header(line->folded, out_value);
}

static void
take_header(Block *block, guint i, HeaderRole role, const char *value)
{
	block->roles |= 1u << role;
	block->end = i + 1;
	if ((role == HEADER_FROM || role == HEADER_TO) &&
	    strchr(value, '@') != NULL)
		block->address = true;
	if (role == HEADER_DATE && strpbrk(value, "0123456789") != NULL)
		block->dated = true;
}

static Block
measure_block(const QuoteLines *all, guint i)
{
	Block block = { .end = i };
	uint8_t depth = quote_line(all, i)->depth;
	guint stop = MIN(all->lines->len, i + BLOCK_LINES_MAX);
	guint other = 0;

	for (guint j = i; j < stop && other <= CONTINUATIONS_MAX; j++) {
		const Line *line = quote_line(all, j);
		const char *value = "";

		if (line->depth != depth ||
		    (other > 0 && *line->folded == '\0'))
			break;
		if (*line->folded == '\0') {
			/* one blank line between two headers, no more */
			if (j + 1 >= stop || role_of(quote_line(all, j + 1),
			                             NULL) == HEADER_NONE)
				break;
			continue;
		}
		HeaderRole role = role_of(line, &value);
		if (role == HEADER_NONE) {
			other++;
			continue;
		}
		take_header(&block, j, role, value);
		other = 0;
	}
	return block;
}

static guint
count_roles(guint roles)
{
	guint count = 0;

	for (guint role = HEADER_FROM; role <= HEADER_CC; role++)
		count += (roles >> role) & 1;
	return count;
}

static bool
block_has(const Block *block, HeaderRole role)
{
	return (block->roles >> role) & 1;
}

/* A contact form also has "From:" and "Subject:" lines; a mail client writes
 * date or recipient too. */
static bool
is_block(const Block *block, bool announced)
{
	guint roles = count_roles(block->roles);
	bool from = block_has(block, HEADER_FROM);
	bool date = block_has(block, HEADER_DATE);
	bool to = block_has(block, HEADER_TO);

	if (announced)
		return from || roles >= 2;
	if (roles >= 3)
		return from && (date || to);
	return roles == 2 && date && block->dated && block->address &&
	       (from || to);
}

/* a separator, a mark or a line stands directly above */
static bool
is_announced(const QuoteLines *all, guint i)
{
	if (quote_line(all, i)->flags & (LINE_STARTS_HISTORY | LINE_IN_FORWARD))
		return true;
	for (guint back = 0; i > 0 && back < 3; back++) {
		const Line *above = quote_line(all, --i);

		if (above->kind == LINE_SEPARATOR ||
		    above->kind == LINE_FORWARD ||
		    (above->flags & LINE_STARTS_HISTORY) ||
		    quote_separator(above->folded) != SEPARATOR_NONE)
			return true;
		if (*above->folded != '\0' && above->kind != LINE_DASHES)
			return false;
	}
	return false;
}

static void
find_blocks(QuoteLines *all)
{
	for (guint i = 0; i < all->lines->len;) {
		Line *line = quote_line(all, i);
		HeaderRole role =
			line->kind == LINE_TEXT || line->kind == LINE_QUOTE
				? role_of(line, NULL)
				: HEADER_NONE;

		if (role == HEADER_NONE || role == HEADER_OTHER ||
		    role == HEADER_CC) {
			i++;
			continue;
		}
		Block block = measure_block(all, i);
		if (!is_block(&block, is_announced(all, i))) {
			i++;
			continue;
		}
		line->flags |= LINE_BLOCK_START;
		for (; i < block.end; i++) {
			Line *header = quote_line(all, i);

			if (header->kind == LINE_TEXT)
				header->kind = LINE_HEADER;
		}
	}
}

guint
quote_block_end(const QuoteLines *all, guint i)
{
	return measure_block(all, i).end;
}

/* ---- attributions ---- */

/* Candidates tried in one mail; real mails have a few dozen. */
#define CANDIDATES_MAX     2000
/* A line above a complete attribution that belongs to it is not longer. */
#define EARLIER_OCTETS_MAX 60

/* "> wrote:" and ">:" are no quotes but the end of a wrapped "<ana@example.com"
 */
static bool
is_torn_end(const QuoteLines *all, guint i)
{
	const Line *line = quote_line(all, i);
	const char *above = i > 0 ? quote_line(all, i - 1)->folded : "";

	if (line->depth != 1 || i == 0 || quote_line(all, i - 1)->depth > 0 ||
	    strchr(above, '@') == NULL || strlen(line->folded) > 40)
		return false;
	return strcmp(line->folded, ":") == 0 ||
	       (g_str_has_suffix(line->folded, ":") &&
	        quote_ends_with_verb(line->folded));
}

static bool
joins(const QuoteLines *all, guint i, guint end)
{
	const Line *line = quote_line(all, i);

	if (line->flags & LINE_LONG)
		return false;
	return line->kind == LINE_TEXT &&
	       (line->depth == quote_line(all, end)->depth ||
	        is_torn_end(all, end));
}

/* "On Nov 21, 2014," above "at 10:18, Ana <ana@x> wrote:" */
static bool
begins_earlier(const QuoteLines *all, guint i)
{
	const Line *above = i > 0 ? quote_line(all, i - 1) : NULL;

	return above != NULL && above->kind == LINE_TEXT &&
	       strlen(above->folded) < EARLIER_OCTETS_MAX &&
	       g_str_has_suffix(above->folded, ",") &&
	       quote_lead_in(above->folded) > 0 &&
	       strpbrk(above->folded, "0123456789") != NULL;
}

typedef struct Window {
	guint first;
	AttributionShape shape;
	GString *joined;
	guint blanks;
} Window;

/* takes the line above first into the window; false: it cannot be part of it */
static bool
widen_window(const QuoteLines *all, guint *first, guint end, Window *w)
{
	guint i = *first;

	if (i > 0 && *quote_line(all, i - 1)->folded == '\0') {
		/* Polymail puts a blank line before the "<" */
		if (w->joined->str[0] != '<' || w->blanks++ > 0)
			return false;
		i--;
	}
	if (i == 0 || !joins(all, i - 1, end) ||
	    w->joined->len > QUOTE_MARKER_OCTETS_MAX)
		return false;
	*first = i - 1;
	g_string_prepend_c(w->joined, ' ');
	g_string_prepend(w->joined, quote_line(all, i - 1)->folded);
	return true;
}

/* The lines up to end that are an attribution; shape NONE if none are. */
static Window
find_window(const QuoteLines *all, guint end)
{
	g_autoptr(GString) joined = g_string_new(quote_line(all, end)->folded);
	Window w = { .first = end, .joined = joined };
	guint first = end;

	if (is_torn_end(all, end))
		g_string_prepend_c(joined, '>');
	for (guint n = 0; n < QUOTE_ATTRIBUTION_LINES_MAX; n++) {
		AttributionShape shape = attribution_shape(joined->str);

		if (shape == ATTRIBUTION_STRONG ||
		    (shape > w.shape && w.shape < ATTRIBUTION_NAMED)) {
			w.shape = shape;
			w.first = first;
		}
		if ((shape == ATTRIBUTION_STRONG &&
		     !begins_earlier(all, first)) ||
		    !widen_window(all, &first, end, &w))
			break;
	}
	w.joined = NULL;
	return w;
}

/* the first line that is not blank below i is a quote */
static bool
quote_follows(const QuoteLines *all, guint i)
{
	guint next = quote_next_line(all, i + 1, all->lines->len);

	/* an empty ">" is no less a quote */
	for (guint j = i + 1; j < next; j++)
		if (quote_line(all, j)->depth > 0)
			return true;
	if (next == all->lines->len)
		return false;
	const Line *line = quote_line(all, next);
	return line->kind == LINE_QUOTE || *line->folded == '|';
}

static void
set_attribution(QuoteLines *all, guint from, guint to, bool strong)
{
	for (guint i = from; i <= to; i++) {
		Line *line = quote_line(all, i);

		line->kind = LINE_ATTRIBUTION;
		line->depth = 0;
		if (strong)
			line->flags |= LINE_STRONG;
	}
}

/* a line "reply On Wed, ... wrote:" becomes two */
static bool
split_line(QuoteLines *all, guint i)
{
	Line *line = quote_line(all, i);
	gsize at = attribution_inside(line->start, line->length);

	if (at == 0 || !quote_follows(all, i))
		return false;
	Line second = *line;
	second.start = second.content = line->start + at;
	second.length = line->length - (uint32_t)at;
	second.kind = LINE_ATTRIBUTION;
	second.flags |= LINE_STRONG;
	while (at > 0 &&
	       (line->start[at - 1] == '-' || line->start[at - 1] == ' '))
		at--;
	line->length = (uint32_t)at;
	if (at == 0)
		line->kind = LINE_EMPTY;
	g_array_insert_val(all->lines, i + 1, second);
	return true;
}

static void
try_attribution(QuoteLines *all, guint i)
{
	/* splitting moves all lines below, so it is tried for candidates only
	 */
	if (split_line(all, i))
		return;
	Window window = find_window(all, i);
	if (window.shape == ATTRIBUTION_NONE ||
	    (window.shape == ATTRIBUTION_WEAK && !quote_follows(all, i)))
		return;
	set_attribution(all, window.first, i,
	                window.shape >= ATTRIBUTION_NAMED);
}

static void
find_attributions(QuoteLines *all)
{
	guint tried = 0;

	for (guint i = 0; i < all->lines->len && tried < CANDIDATES_MAX; i++) {
		const Line *line = quote_line(all, i);

		if ((line->kind != LINE_TEXT && !is_torn_end(all, i)) ||
		    (line->flags & LINE_LONG) ||
		    !attribution_may_end(line->folded))
			continue;
		tried++;
		try_attribution(all, i);
	}
}

/* ---- what the markup said ---- */

/* Outlook's border line also stands in honest text: something that looks like
 * headers or an attribution must follow. */
#define HISTORY_LOOK_AHEAD 8

static bool
history_follows(const QuoteLines *all, guint i)
{
	guint stop = MIN(all->lines->len, i + HISTORY_LOOK_AHEAD);
	guint headers = 0;

	for (guint j = i; j < stop; j++) {
		const Line *line = quote_line(all, j);

		if (line->kind == LINE_HEADER ||
		    line->kind == LINE_ATTRIBUTION ||
		    line->kind == LINE_SEPARATOR || line->kind == LINE_QUOTE)
			return true;
		if (strchr(line->folded, ':') != NULL &&
		    strchr(line->folded, ':') - line->folded < 40)
			headers++;
	}
	return headers >= 3;
}

static void
obey_history_marks(QuoteLines *all)
{
	for (guint i = 0; i < all->lines->len; i++) {
		Line *line = quote_line(all, i);

		if ((line->flags & LINE_STARTS_HISTORY) &&
		    history_follows(all, i))
			line->kind = LINE_HISTORY;
	}
}

static void
obey_attribution_marks(QuoteLines *all)
{
	for (guint i = 0; i < all->lines->len; i++) {
		Line *line = quote_line(all, i);

		if (!(line->flags & LINE_IN_ATTRIBUTION) ||
		    line->kind != LINE_TEXT)
			continue;
		line->kind = LINE_ATTRIBUTION;
		line->flags |= LINE_STRONG;
	}
}

/* lines of an attribution that only its container tells of */
#define CONTAINER_HEAD_MAX 6

/* From first to end: gmail_quote and its like.  With quotes inside, what stands
 * above the first of them is attribution and what stands between them are
 * answers; without, all of it is old. */
static void
obey_container(QuoteLines *all, guint first, guint end)
{
	guint quote = first;

	for (guint i = first; i < end; i++) {
		const Line *line = quote_line(all, i);

		/* the text rules know better */
		if (line->kind == LINE_FORWARD || line->kind == LINE_HEADER ||
		    line->kind == LINE_SEPARATOR)
			return;
	}
	while (quote < end && quote_line(all, quote)->kind != LINE_QUOTE)
		quote++;
	if (quote < end && quote - first > 2 * CONTAINER_HEAD_MAX)
		return;
	for (guint i = first; i < quote; i++) {
		Line *line = quote_line(all, i);

		if (line->kind != LINE_TEXT)
			continue;
		line->kind = quote < end ? LINE_ATTRIBUTION : LINE_QUOTE;
		line->flags |= LINE_STRONG;
	}
}

static void
obey_containers(QuoteLines *all)
{
	for (guint i = 0; i < all->lines->len; i++) {
		if (!(quote_line(all, i)->flags & LINE_STARTS_CONTAINER))
			continue;
		guint end = i + 1;
		while (end < all->lines->len &&
		       (quote_line(all, end)->flags & LINE_IN_CONTAINER) &&
		       !(quote_line(all, end)->flags & LINE_STARTS_CONTAINER))
			end++;
		obey_container(all, i, end);
	}
}

static bool
names_author(const Line *line)
{
	return (line->flags & LINE_BLOCK_START) ||
	       (attribution_may_end(line->folded) &&
	        attribution_shape(line->folded) >= ATTRIBUTION_NAMED);
}

/* A plain blockquote is a quote below or around an attribution, else the
 * sender's own indented words. */
static void
obey_indents(QuoteLines *all)
{
	bool attributed = false;
	bool inside = false;

	for (guint i = 0; i < all->lines->len; i++) {
		Line *line = quote_line(all, i);
		bool indented = line->flags & LINE_IN_INDENT;

		if (line->kind == LINE_ATTRIBUTION ||
		    (indented && !inside && names_author(line)))
			attributed = true;
		else if (!indented && line->kind != LINE_EMPTY)
			attributed = false;
		inside = indented;
		if (indented && !attributed && line->kind == LINE_QUOTE &&
		    line->depth == 1 && !(line->flags & LINE_IN_CONTAINER))
			line->kind =
				*line->folded != '\0' ? LINE_TEXT : LINE_EMPTY;
	}
}

static void
obey_signatures(QuoteLines *all)
{
	for (guint i = 0; i < all->lines->len; i++) {
		Line *line = quote_line(all, i);

		if ((line->flags & LINE_IN_SIGNATURE) &&
		    (line->kind == LINE_TEXT || line->kind == LINE_DASHES))
			line->kind = LINE_SIGNATURE;
	}
}

/* "| words" below an attribution */
static void
find_bars(QuoteLines *all)
{
	bool quoting = false;

	for (guint i = 0; i < all->lines->len; i++) {
		Line *line = quote_line(all, i);

		if (line->kind == LINE_ATTRIBUTION)
			quoting = true;
		else if (quoting && *line->folded == '|')
			line->kind = LINE_QUOTE;
		else if (line->kind != LINE_EMPTY)
			quoting = false;
	}
}

QuoteLines *
quote_lines_new(const char *marked_text)
{
	QuoteLines *all = g_new0(QuoteLines, 1);
	Splitter s = { .text = g_string_new(NULL),
		       .starts = g_array_new(FALSE, FALSE, sizeof(gsize)),
		       .flags = g_array_new(FALSE, FALSE, sizeof(uint16_t)) };

	split(&s, marked_text);
	cut_text(all, s.text, marked_text);
	all->text = g_string_free(s.text, FALSE);
	all->folds = g_string_chunk_new(4096);
	all->lines = g_array_new(FALSE, FALSE, sizeof(Line));
	add_lines(all, &s);
	g_array_unref(s.starts);
	g_array_unref(s.flags);
	find_single_kinds(all);
	protect_code(all);
	find_initials(all);
	find_blocks(all);
	find_attributions(all);
	obey_attribution_marks(all);
	obey_history_marks(all);
	obey_containers(all);
	obey_indents(all);
	obey_signatures(all);
	find_bars(all);
	return all;
}

void
quote_lines_free(QuoteLines *all)
{
	if (all == NULL)
		return;
	g_array_unref(all->lines);
	g_string_chunk_free(all->folds);
	g_free(all->text);
	g_free(all);
}
