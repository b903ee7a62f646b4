#include "message/quote.h"

#include <string.h>

#include "message/attribution.h"
#include "message/forward.h"
#include "message/quote_line.h"

/* After "--" without the blank of RFC 3676 section 4.3 stands a signature only
 * if it is short; the standard one may be longer. */
#define SIGNATURE_LINES_MAX          15
#define STANDARD_SIGNATURE_LINES_MAX 40
/* below a line of underlines */
#define UNDERLINED_LINES_MAX         5
#define UNDERLINED_COLUMNS_MAX       60
/* below a line of dashes, if a mailing list signs there */
#define LIST_FOOTER_LINES_MAX        12
/* answers between quotes: an unquoted line is the torn end of the line above
 * if that was so long */
#define TORN_OCTETS_MIN              64

typedef struct Decision {
	QuoteLines *all;
	guint cut;    /* from here on all is history; number of lines if none */
	guint resume; /* where an embedded mail begins, behind its headers */
	bool forward; /* the history is a forwarded mail */
	GArray *keep; /* of bool */
} Decision;

static LineKind
kind_of(const Decision *d, guint i)
{
	return (LineKind)quote_line(d->all, i)->kind;
}

static bool
has_text(const Decision *d, guint from, guint to)
{
	for (guint i = from; i < to; i++)
		if (kind_of(d, i) == LINE_TEXT)
			return true;
	return false;
}

static void
set_kind(Decision *d, guint from, guint to, LineKind kind)
{
	for (guint i = from; i < to; i++)
		if (kind_of(d, i) != LINE_EMPTY)
			quote_line(d->all, i)->kind = (uint8_t)kind;
}

/* ---- where history begins ---- */

/* an attribution from i on: what stands below decides */
static bool
attribution_cuts(const Decision *d, guint i, bool text_above)
{
	guint count = d->all->lines->len;
	guint next = i;

	while (next < count && (kind_of(d, next) == LINE_ATTRIBUTION ||
	                        kind_of(d, next) == LINE_EMPTY))
		next++;
	if (next < count && kind_of(d, next) == LINE_QUOTE)
		return false;
	return text_above && (quote_line(d->all, i)->flags & LINE_STRONG);
}

static bool
line_cuts(const Decision *d, guint i, bool text_above)
{
	switch (kind_of(d, i)) {
	case LINE_SEPARATOR:
	case LINE_FORWARD:
	case LINE_HEADER:
	case LINE_HISTORY:
		return true;
	case LINE_MARKER:
		return text_above;
	case LINE_ATTRIBUTION:
		return attribution_cuts(d, i, text_above);
	case LINE_EMPTY:
	case LINE_TEXT:
	case LINE_QUOTE:
	case LINE_DASHES:
	case LINE_TAGLINE:
	case LINE_SIGNATURE:
		return false;
	}
	g_assert_not_reached();
}

static void
find_cut(Decision *d)
{
	guint count = d->all->lines->len;
	bool text_above = false;

	for (d->cut = 0; d->cut < count; d->cut++) {
		if (line_cuts(d, d->cut, text_above))
			return;
		text_above = text_above || kind_of(d, d->cut) == LINE_TEXT;
	}
}

/* separators, dashes and attributions directly above the cut belong to it */
static void
widen_cut(Decision *d)
{
	while (d->cut > 0) {
		LineKind above = kind_of(d, d->cut - 1);

		if (above != LINE_EMPTY && above != LINE_DASHES &&
		    above != LINE_ATTRIBUTION)
			return;
		d->cut--;
	}
}

/* ---- signatures ---- */

static guint
words_below(const Decision *d, guint i, guint end)
{
	guint count = 0;

	for (; i < end; i++)
		count += *quote_line(d->all, i)->folded != '\0';
	return count;
}

static bool
is_standard_delimiter(const Line *line)
{
	return line->length == 3 && memcmp(line->start, "-- ", 3) == 0;
}

static bool
signs_list(const Decision *d, guint i, guint end)
{
	if (words_below(d, i + 1, end) > LIST_FOOTER_LINES_MAX)
		return false;
	for (guint j = i + 1; j < end; j++)
		if (quote_is_list_footer(quote_line(d->all, j)->folded))
			return true;
	return false;
}

static bool
signs_underlined(const Decision *d, guint i, guint end)
{
	if (end < d->cut || words_below(d, i + 1, end) > UNDERLINED_LINES_MAX)
		return false;
	for (guint j = i + 1; j < end; j++)
		if (strlen(quote_line(d->all, j)->folded) >
		    UNDERLINED_COLUMNS_MAX)
			return false;
	return true;
}

/* line i (LINE_DASHES) begins a signature that goes to end */
static bool
dashes_sign(const Decision *d, guint i, guint end)
{
	const Line *line = quote_line(d->all, i);
	guint below = words_below(d, i + 1, end);

	if (is_standard_delimiter(line))
		return below <= STANDARD_SIGNATURE_LINES_MAX;
	if (strcmp(line->folded, "--") == 0)
		return below <= SIGNATURE_LINES_MAX;
	if (below == 0)
		return true;
	if (signs_list(d, i, end))
		return true;
	return g_str_has_prefix(line->folded, "__") &&
	       signs_underlined(d, i, end);
}

/* where the run of lines that are not quoted, from i on, ends */
static guint
run_end(const Decision *d, guint i)
{
	while (i < d->cut && kind_of(d, i) != LINE_QUOTE &&
	       kind_of(d, i) != LINE_ATTRIBUTION)
		i++;
	return i;
}

static bool
begins_paragraph(const Decision *d, guint i)
{
	return i == 0 || kind_of(d, i - 1) != LINE_TEXT;
}

static guint
find_signature(const Decision *d, guint from, guint end)
{
	bool text = has_text(d, 0, from);

	for (guint i = from; i < end; i++) {
		if (text && kind_of(d, i) == LINE_DASHES &&
		    dashes_sign(d, i, end))
			return i;
		if (text && kind_of(d, i) == LINE_TEXT &&
		    begins_paragraph(d, i) &&
		    quote_is_legal(quote_line(d->all, i)->folded))
			return i;
		text = text || kind_of(d, i) == LINE_TEXT;
	}
	return end;
}

/* A tagline stands alone: no words directly below it. */
static void
find_taglines(Decision *d, guint from, guint end)
{
	bool text_below = false;

	for (guint i = end; i > from; i--) {
		Line *line = quote_line(d->all, i - 1);

		if (line->kind == LINE_TEXT && !text_below &&
		    quote_is_tagline(line->folded))
			line->kind = LINE_TAGLINE;
		text_below = line->kind == LINE_TEXT;
	}
}

static void
find_signatures(Decision *d)
{
	for (guint i = 0; i < d->cut;) {
		guint end = run_end(d, i);

		find_taglines(d, i, end);
		set_kind(d, find_signature(d, i, end), end, LINE_SIGNATURE);
		i = end;
		while (i < d->cut && run_end(d, i) == i)
			i++;
	}
}

/* ---- quotes between the words ---- */

typedef struct Region {
	guint begin; /* with its attribution */
	guint quote; /* the first quoted line */
	guint end;
} Region;

/* "> a long line that was torn by\nthe gateway\n> and goes on" */
static bool
is_torn(const Decision *d, guint i)
{
	const Line *line = quote_line(d->all, i);
	const Line *above = quote_line(d->all, i - 1);

	if (i + 1 >= d->cut || line->kind != LINE_TEXT ||
	    kind_of(d, i + 1) != LINE_QUOTE || above->kind != LINE_QUOTE)
		return false;
	if (strchr(line->folded, ' ') == NULL &&
	    strchr(above->folded, '(') != NULL &&
	    strchr(line->folded, ')') != NULL)
		return true;
	return above->length >= TORN_OCTETS_MIN &&
	       g_unichar_islower(g_utf8_get_char(line->content)) &&
	       strchr(".!?:;", above->start[above->length - 1]) == NULL;
}

static bool
in_region(const Decision *d, guint i)
{
	LineKind kind = kind_of(d, i);

	return kind == LINE_QUOTE || kind == LINE_EMPTY ||
	       kind == LINE_ATTRIBUTION || is_torn(d, i);
}

/* the quoted mail says itself who wrote it ("> On ... wrote:", "> From: ...")
 */
static bool
names_author(const Decision *d, const Region *region)
{
	guint stop = MIN(region->end, region->quote + 4);

	for (guint i = region->quote; i < stop; i++) {
		const Line *line = quote_line(d->all, i);

		if ((line->flags & LINE_BLOCK_START) ||
		    quote_separator(line->folded) != SEPARATOR_NONE ||
		    (attribution_may_end(line->folded) &&
		     attribution_shape(line->folded) >= ATTRIBUTION_NAMED))
			return true;
	}
	return false;
}

static bool
is_attributed(const Decision *d, const Region *region)
{
	return region->begin < region->quote || names_author(d, region) ||
	       (quote_line(d->all, region->quote)->flags & LINE_IN_CONTAINER);
}

/* the region at or behind i, below end; false: none is left */
static bool
next_region(const Decision *d, guint i, guint end, Region *out)
{
	for (; i < end; i++)
		if (kind_of(d, i) == LINE_QUOTE ||
		    kind_of(d, i) == LINE_ATTRIBUTION)
			break;
	if (i >= end)
		return false;
	out->begin = out->quote = i;
	while (out->quote < end && kind_of(d, out->quote) != LINE_QUOTE &&
	       (kind_of(d, out->quote) == LINE_ATTRIBUTION ||
	        kind_of(d, out->quote) == LINE_EMPTY))
		out->quote++;
	if (out->quote >= end || kind_of(d, out->quote) != LINE_QUOTE)
		out->quote = out->begin + 1;
	for (out->end = out->quote; out->end < end;) {
		if (!in_region(d, out->end))
			break;
		/* an attribution begins the next region */
		if (kind_of(d, out->end) == LINE_ATTRIBUTION)
			break;
		out->end++;
	}
	return true;
}

static guint
last_words(const Decision *d)
{
	for (guint i = d->cut; i > 0; i--)
		if (kind_of(d, i - 1) == LINE_TEXT &&
		    (i == 1 || !is_torn(d, i - 1)))
			return i;
	return 0;
}

static void
drop(Decision *d, guint from, guint to)
{
	for (guint i = from; i < to; i++)
		g_array_index(d->keep, bool, i) = false;
}

static guint
count_quotes(const Decision *d, guint end)
{
	guint count = 0;
	Region region;

	for (guint i = 0; next_region(d, i, end, &region); i = region.end)
		count += kind_of(d, region.quote) == LINE_QUOTE;
	return count;
}

/* One attributed quote with words above or below is history; several with
 * words between them are answered one by one and stay as their context. */
static void
decide_quotes(Decision *d)
{
	guint last = last_words(d);
	guint quotes = count_quotes(d, last);
	Region region;

	for (guint i = 0; next_region(d, i, last, &region); i = region.end) {
		bool quoted = kind_of(d, region.quote) == LINE_QUOTE;

		if (quoted && quotes == 1 && is_attributed(d, &region))
			drop(d, region.begin, region.end);
		else
			drop(d, region.begin, region.quote);
	}
	/* nothing new stands below */
	for (guint i = last; i < d->cut; i++)
		if (kind_of(d, i) == LINE_QUOTE ||
		    kind_of(d, i) == LINE_ATTRIBUTION)
			g_array_index(d->keep, bool, i) = false;
}

static void
drop_signatures(Decision *d)
{
	guint last = last_words(d);

	for (guint i = 0; i < d->cut; i++) {
		LineKind kind = kind_of(d, i);

		if (kind == LINE_TAGLINE || kind == LINE_SIGNATURE ||
		    kind == LINE_MARKER || (kind == LINE_DASHES && i > last))
			g_array_index(d->keep, bool, i) = false;
	}
}

/* ---- views ---- */

static bool
is_kept(const Decision *d, guint i)
{
	return g_array_index(d->keep, bool, i);
}

/* blank lines at the ends go, and those around what was dropped are one */
static char *
view(const Decision *d, guint from, guint to)
{
	GString *out = g_string_new(NULL);
	bool gap = false;

	for (guint i = from; i < to; i++) {
		const Line *line = quote_line(d->all, i);
		bool blank = *line->folded == '\0' && line->depth == 0;

		if (!is_kept(d, i)) {
			gap = true;
			continue;
		}
		if (blank && (out->len == 0 ||
		              (gap && g_str_has_suffix(out->str, "\n\n"))))
			continue;
		gap = gap && blank;
		g_string_append_len(out, line->start, (gssize)line->length);
		g_string_append_c(out, '\n');
	}
	while (out->len > 0 &&
	       strchr(" \t\r\n", out->str[out->len - 1]) != NULL)
		g_string_truncate(out, out->len - 1);
	return g_string_free(out, FALSE);
}

static char *
view_of_kinds(Decision *d, LineKind a, LineKind b)
{
	for (guint i = 0; i < d->all->lines->len; i++) {
		LineKind kind = kind_of(d, i);

		g_array_index(d->keep, bool, i) =
			i < d->cut &&
			(kind == a || kind == b || kind == LINE_EMPTY);
	}
	return view(d, 0, d->cut);
}

static void
keep_all(Decision *d, guint from, guint to)
{
	for (guint i = 0; i < d->all->lines->len; i++)
		g_array_index(d->keep, bool, i) = i >= from && i < to;
}

/* Nothing new stands above: a mail that is only forwarded, or old words and
 * no others.  Words lost are worse than words too many. */
static char *
view_without_words(Decision *d)
{
	guint count = d->all->lines->len;
	guint from = d->cut;

	if (d->cut >= count) {
		/* quotes that somebody is named for are no news */
		Region region;
		bool known = next_region(d, 0, count, &region) &&
		             kind_of(d, region.quote) == LINE_QUOTE &&
		             region.begin < region.quote;
		keep_all(d, 0, known ? 0 : count);
		return view(d, 0, count);
	}
	while (from < count && kind_of(d, from) != LINE_TEXT &&
	       kind_of(d, from) != LINE_QUOTE)
		from++;
	keep_all(d, from, count);
	return view(d, from, count);
}

/* ---- forwards ---- */

/* the line at which a forwarded mail begins, or the number of lines */
static guint
find_forward(const Decision *d, const Mail *mail)
{
	guint count = d->all->lines->len;
	bool forwarded = forward_subject(mail->subject);

	for (guint i = 0; i < count; i++) {
		const Line *line = quote_line(d->all, i);

		if (line->kind == LINE_FORWARD ||
		    (line->flags & LINE_IN_FORWARD) ||
		    (line->depth > 0 &&
		     quote_separator(line->folded) == SEPARATOR_FORWARD))
			return i;
		if ((line->flags & LINE_BLOCK_START) &&
		    (forwarded || !has_text(d, 0, i)))
			return i;
		if (line->kind == LINE_HEADER && !forwarded)
			return count;
	}
	return count;
}

/* from the header block on, without the quote marks that all lines have */
static char *
embedded_mail(const Decision *d, guint from)
{
	guint count = d->all->lines->len;
	GString *out = g_string_new(NULL);

	while (from < count &&
	       !(quote_line(d->all, from)->flags & LINE_BLOCK_START) &&
	       (*quote_line(d->all, from)->folded == '\0' ||
	        quote_separator(quote_line(d->all, from)->folded) !=
	                SEPARATOR_NONE))
		from++;
	guint depth = from < count ? quote_line(d->all, from)->depth : 0;
	for (guint i = from; i < count; i++) {
		const Line *line = quote_line(d->all, i);
		bool strip = depth > 0 && line->depth == depth;
		const char *start = strip ? line->content : line->start;
		gsize length = line->length - (gsize)(start - line->start);

		g_string_append_len(out, start, (gssize)length);
		g_string_append_c(out, '\n');
	}
	while (out->len > 0 && g_ascii_isspace(out->str[out->len - 1]))
		g_string_truncate(out, out->len - 1);
	return g_string_free(out, FALSE);
}

static void
find_forwarded(Decision *d, Mail *mail, const char *new_words)
{
	guint from = find_forward(d, mail);

	if (from >= d->all->lines->len)
		return;
	g_autofree char *embedded = embedded_mail(d, from);
	forward_set(mail, new_words, embedded);
}

static const char *
keep_if_any(Mail *mail, const char *text)
{
	return *text == '\0' ? NULL : mail_keep(mail, text);
}

void
quote_find_new_words(Mail *mail, const char *marked_text)
{
	g_autoptr(QuoteLines) all = quote_lines_new(marked_text);
	g_autoptr(GArray) keep = g_array_new(FALSE, TRUE, sizeof(bool));
	Decision d = { .all = all, .keep = keep };

	if (all->cut)
		mail_warn(mail, "text cut at %d octets", MAIL_TEXT_OCTETS_MAX);
	mail->text = mail_keep(mail, all->text);
	g_array_set_size(keep, all->lines->len);
	find_cut(&d);
	widen_cut(&d);
	keep_all(&d, 0, d.cut);
	find_signatures(&d);
	decide_quotes(&d);
	drop_signatures(&d);
	g_autofree char *words = view(&d, 0, d.cut);
	find_forwarded(&d, mail, words);
	g_autofree char *reply =
		*words != '\0' ? g_strdup(words) : view_without_words(&d);
	g_autofree char *signature =
		view_of_kinds(&d, LINE_SIGNATURE, LINE_TAGLINE);
	mail->reply = mail_keep(mail, reply);
	mail->signature = keep_if_any(mail, signature);
}
