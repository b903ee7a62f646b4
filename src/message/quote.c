#include "message/quote.h"

#include <string.h>

#include "desk/subject.h"

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
/* a card of the sender: name, firm, telephone, address */
#define CONTACT_LINES_MAX            9
#define CONTACT_COLUMNS_MAX          80
#define CONTACT_NAME_OCTETS_MAX      50
#define CONTACT_DIGITS_MIN           7
/* answers between quotes: an unquoted line is the torn end of the line above
 * if that was so long */
#define TORN_OCTETS_MIN              64

typedef struct Decision {
	QuoteLines *all;
	const Mail *mail;
	bool first;   /* no answer to anything: there is no history */
	guint cut;    /* from here on all is history; number of lines if none */
	bool forward; /* ... namely a mail that was forwarded */
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

/* A client leaves blank lines around an attribution; "at 9:15 the server
 * wrote:" in a report has its words directly below. */
static bool
stands_apart(const Decision *d, guint first, guint end)
{
	if (first > 0 && kind_of(d, first - 1) != LINE_EMPTY)
		return false;
	return end >= d->all->lines->len || kind_of(d, end - 1) == LINE_EMPTY;
}

static bool
has_address(const Decision *d, guint first, guint end)
{
	for (guint i = first; i < end; i++)
		if (strchr(quote_line(d->all, i)->folded, '@') != NULL)
			return true;
	return false;
}

/* an attribution from i on: what stands below decides */
static bool
attribution_cuts(const Decision *d, guint i, bool text_above)
{
	guint count = d->all->lines->len;
	const Line *line = quote_line(d->all, i);
	guint next = i;

	while (next < count && (kind_of(d, next) == LINE_ATTRIBUTION ||
	                        kind_of(d, next) == LINE_EMPTY))
		next++;
	if (next < count && kind_of(d, next) == LINE_QUOTE)
		return false;
	if (!text_above || !(line->flags & LINE_STRONG))
		return false;
	if (line->flags & LINE_IN_ATTRIBUTION)
		return true;
	return !d->first &&
	       (has_address(d, i, next) || stands_apart(d, i, next));
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

static bool
forwards(const Decision *d, guint i, bool text_above, bool subject)
{
	const Line *line = quote_line(d->all, i);

	return line->kind == LINE_FORWARD || (line->flags & LINE_IN_FORWARD) ||
	       (line->kind == LINE_HEADER &&
	        (subject || d->first || !text_above)) ||
	       (line->kind != LINE_ATTRIBUTION && subject);
}

/* separators, dashes and attributions directly above belong to the history */
static guint
widen_cut(const Decision *d, guint cut)
{
	while (cut > 0) {
		LineKind above = kind_of(d, cut - 1);

		if (above != LINE_EMPTY && above != LINE_DASHES &&
		    above != LINE_ATTRIBUTION)
			break;
		cut--;
	}
	return cut;
}

/* A mail that is no answer has no history: what looks like it was copied into
 * it and is what the mail is about.  Without a header nobody can tell. */
static bool
is_first(const Mail *mail)
{
	return mail->fields->len > 0 && mail->in_reply_to->len == 0 &&
	       mail->references->len == 0 && !subject_is_reply(mail->subject);
}

static void
find_cut(Decision *d)
{
	guint count = d->all->lines->len;
	bool subject = forward_subject(d->mail->subject);
	bool text_above = false;

	d->cut = count;
	for (guint i = 0; i < count; i++) {
		if (line_cuts(d, i, text_above)) {
			d->forward = forwards(d, i, text_above, subject);
			d->cut = widen_cut(d, i);
			return;
		}
		text_above = text_above || kind_of(d, i) == LINE_TEXT;
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

/* ---- a signature that nothing announces: name and ways to reach it ---- */

static bool
is_contact(const char *folded)
{
	guint digits = 0;

	for (const char *p = folded; *p != '\0'; p++)
		digits += g_ascii_isdigit(*p) != 0;
	return strchr(folded, '@') != NULL || strstr(folded, "www.") != NULL ||
	       strstr(folded, "http") != NULL ||
	       (digits >= CONTACT_DIGITS_MIN && strlen(folded) < 40);
}

/* the line is a short one with a word of the sender's display name */
static bool
names_sender(const char *folded, const char *const *names)
{
	g_auto(GStrv) words = g_strsplit_set(folded, " ,.;", -1);

	if (strlen(folded) > CONTACT_NAME_OCTETS_MAX || is_contact(folded))
		return false;
	for (gsize i = 0; names[i] != NULL; i++)
		if (strlen(names[i]) > 2 &&
		    g_strv_contains((const char *const *)words, names[i]))
			return true;
	return false;
}

static bool
is_contact_block(const Decision *d, guint first, guint end,
                 const char *const *names)
{
	guint contacts = 0;

	if (end - first < 3 || end - first > CONTACT_LINES_MAX ||
	    !names_sender(quote_line(d->all, first)->folded, names))
		return false;
	for (guint i = first; i < end; i++) {
		const char *folded = quote_line(d->all, i)->folded;

		if (strlen(folded) > CONTACT_COLUMNS_MAX)
			return false;
		contacts += is_contact(folded);
	}
	return contacts >= 2;
}

/* the last paragraph of from..end, if it is the sender's card */
static guint
find_contact_block(const Decision *d, guint from, guint end)
{
	const MailAddress *sender = mail_address(d->mail->from, 0);

	while (end > from && kind_of(d, end - 1) == LINE_EMPTY)
		end--;
	guint first = end;
	while (first > from && kind_of(d, first - 1) == LINE_TEXT)
		first--;
	if (sender == NULL || !has_text(d, 0, first))
		return end;
	g_autofree char *name = quote_fold(sender->name, strlen(sender->name));
	g_auto(GStrv) names = g_strsplit(name, " ", -1);
	return is_contact_block(d, first, end, (const char *const *)names)
	               ? first
	               : end;
}

static void
find_signatures(Decision *d)
{
	for (guint i = 0; i < d->cut;) {
		guint end = run_end(d, i);

		find_taglines(d, i, end);
		guint words_end = find_signature(d, i, end);
		set_kind(d, words_end, end, LINE_SIGNATURE);
		set_kind(d, find_contact_block(d, i, words_end), words_end,
		         LINE_SIGNATURE);
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

/* nothing but an address of the web, as gateways put it on its own line */
static bool
is_bare_link(const char *folded)
{
	const char *link = folded + strspn(folded, "(<[ ");

	return g_str_has_prefix(link, "http") &&
	       strcspn(link, " ") + 3 >= strlen(link);
}

/* "> a long line that was torn by\nthe gateway\n> and goes on" */
static bool
is_torn(const Decision *d, guint i)
{
	const Line *line = quote_line(d->all, i);
	const Line *above = quote_line(d->all, i - 1);

	if (line->kind != LINE_TEXT || above->kind != LINE_QUOTE ||
	    kind_of(d, i + 1) != LINE_QUOTE)
		return false;
	if (is_bare_link(line->folded) || (strchr(line->folded, ' ') == NULL &&
	                                   strchr(above->folded, '(') != NULL &&
	                                   strchr(line->folded, ')') != NULL))
		return true;
	return above->length >= TORN_OCTETS_MIN &&
	       g_unichar_islower(g_utf8_get_char(line->content)) &&
	       strchr(".!?:;", above->start[above->length - 1]) == NULL;
}

static void
join_torn_lines(Decision *d)
{
	for (guint i = 1; i + 1 < d->cut; i++)
		if (is_torn(d, i))
			quote_line(d->all, i)->kind = LINE_QUOTE;
}

static bool
in_region(const Decision *d, guint i)
{
	return kind_of(d, i) == LINE_QUOTE || kind_of(d, i) == LINE_EMPTY;
}

/* the quoted mail says itself who wrote it ("> On ... wrote:", "> From: ...")
 */
static bool
names_author(const Decision *d, const Region *region)
{
	guint stop = MIN(region->end, region->quote + 4);

	for (guint i = region->quote; i < stop; i++) {
		const Line *line = quote_line(d->all, i);

		if ((line->flags & (LINE_BLOCK_START | LINE_HAS_MARKER)) ||
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
	if (region->quote >= region->end)
		return false;
	return region->begin < region->quote || names_author(d, region) ||
	       (quote_line(d->all, region->quote)->flags & LINE_IN_CONTAINER);
}

/* The region at or behind i, below end; false: none is left.  An attribution
 * without a quote is a region too, with quote == end. */
static bool
next_region(const Decision *d, guint i, guint end, Region *out)
{
	while (i < end && kind_of(d, i) != LINE_QUOTE &&
	       kind_of(d, i) != LINE_ATTRIBUTION)
		i++;
	if (i >= end)
		return false;
	*out = (Region){ .begin = i, .quote = i, .end = i };
	while (out->end < end && (kind_of(d, out->end) == LINE_ATTRIBUTION ||
	                          kind_of(d, out->end) == LINE_EMPTY))
		out->end++;
	out->quote = out->end;
	while (out->end < end && in_region(d, out->end))
		out->end++;
	return true;
}

static guint
last_words(const Decision *d)
{
	for (guint i = d->cut; i > 0; i--)
		if (kind_of(d, i - 1) == LINE_TEXT)
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
		count += region.quote < region.end;
	return count;
}

/* the client itself says that there are quotes */
static bool
is_marked_up(const Decision *d)
{
	for (guint i = 0; i < d->all->lines->len; i++)
		if (quote_line(d->all, i)->flags &
		    (LINE_IN_CONTAINER | LINE_IN_ATTRIBUTION))
			return true;
	return false;
}

/* One attributed quote with words above or below is history; several with
 * words between them are answered one by one and stay as their context. */
static void
decide_quotes(Decision *d)
{
	guint last = last_words(d);
	guint quotes = count_quotes(d, last);
	Region region;

	if (d->first && !is_marked_up(d))
		return;
	for (guint i = 0; next_region(d, i, last, &region); i = region.end) {
		drop(d, region.begin, region.quote);
		if (quotes == 1 && is_attributed(d, &region))
			drop(d, region.quote, region.end);
	}
	/* nothing new stands below */
	for (guint i = last; i < d->cut; i++)
		if (kind_of(d, i) == LINE_QUOTE ||
		    kind_of(d, i) == LINE_ATTRIBUTION)
			drop(d, i, i + 1);
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

/* blank lines at the ends go; what was dropped leaves one */
static char *
view(const Decision *d, guint from, guint to)
{
	GString *out = g_string_new(NULL);
	bool gap = false;

	for (guint i = from; i < to; i++) {
		const Line *line = quote_line(d->all, i);
		bool blank = *line->folded == '\0' && line->depth == 0;

		if (!is_kept(d, i) || (blank && (gap || out->len == 0))) {
			gap = true;
			continue;
		}
		if (gap && out->len > 0 && !g_str_has_suffix(out->str, "\n\n"))
			g_string_append_c(out, '\n');
		gap = false;
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

/* ---- mails without words of their own ---- */

/* behind separators and header blocks */
static guint
behind_headers(const Decision *d, guint i)
{
	guint count = d->all->lines->len;

	while (i < count) {
		const Line *line = quote_line(d->all, i);

		if (line->flags & LINE_BLOCK_START)
			i = quote_block_end(d->all, i);
		else if (*line->folded != '\0' && line->kind != LINE_FORWARD &&
		         line->kind != LINE_SEPARATOR &&
		         line->kind != LINE_DASHES &&
		         line->kind != LINE_ATTRIBUTION)
			break;
		else
			i++;
	}
	return i;
}

/* Quotes whose author is named are no news; in doubt everything stays. */
static char *
old_words(Decision *d)
{
	guint count = d->all->lines->len;
	guint from = d->cut < count ? behind_headers(d, d->cut) : 0;
	Region region;

	keep_all(d, from, count);
	if (from == 0 && next_region(d, 0, count, &region) &&
	    is_attributed(d, &region))
		keep_all(d, 0, 0);
	return view(d, from, count);
}

/* ---- forwards ---- */

/* behind the first ">" of a quoted line and its blank */
static const char *
behind_quote_mark(const Line *line)
{
	const char *end = line->start + line->length;
	const char *p = memchr(line->start, '>', line->length);

	if (line->depth == 0 || p == NULL)
		return line->start;
	p++;
	return p < end && *p == ' ' ? p + 1 : p;
}

/* from line from on; if that is quoted, all lines lose one quote mark */
static char *
unquoted(const Decision *d, guint from)
{
	guint count = d->all->lines->len;
	bool quoted = from < count && quote_line(d->all, from)->depth > 0;
	GString *out = g_string_new(NULL);

	for (guint i = from; i < count; i++) {
		const Line *line = quote_line(d->all, i);
		const char *start =
			quoted ? behind_quote_mark(line) : line->start;

		g_string_append_len(out, start,
		                    line->length - (start - line->start));
		g_string_append_c(out, '\n');
	}
	while (out->len > 0 && g_ascii_isspace(out->str[out->len - 1]))
		g_string_truncate(out, out->len - 1);
	return g_string_free(out, FALSE);
}

/* the embedded mail begins with its header block */
static guint
embedded_begin(const Decision *d)
{
	guint count = d->all->lines->len;
	guint i = d->cut;

	while (i < count &&
	       !(quote_line(d->all, i)->flags & LINE_BLOCK_START) &&
	       (*quote_line(d->all, i)->folded == '\0' ||
	        kind_of(d, i) == LINE_FORWARD || kind_of(d, i) == LINE_DASHES ||
	        kind_of(d, i) == LINE_SEPARATOR))
		i++;
	return i;
}

/* What was forwarded is what the mail is about, so it stays in the reply. */
static char *
forwarded_reply(Decision *d, const char *words)
{
	if (*words == '\0')
		return unquoted(d, behind_headers(d, d->cut));
	keep_all(d, d->cut, d->all->lines->len);
	g_autofree char *rest = view(d, d->cut, d->all->lines->len);
	return g_strconcat(words, "\n\n", rest, NULL);
}

static void
set_reply(Decision *d, Mail *mail, const char *words)
{
	g_autofree char *reply = NULL;

	if (d->forward || *words == '\0') {
		g_autofree char *embedded = unquoted(d, embedded_begin(d));
		if (*embedded != '\0')
			forward_set(mail, words, embedded);
	}
	if (d->forward)
		reply = forwarded_reply(d, words);
	else
		reply = *words != '\0' ? g_strdup(words) : old_words(d);
	mail->reply = mail_keep(mail, reply);
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
	Decision d = {
		.all = all, .mail = mail, .first = is_first(mail), .keep = keep
	};

	if (all->cut)
		mail_warn(mail, "text cut at %d octets", MAIL_TEXT_OCTETS_MAX);
	mail->text = mail_keep(mail, all->text);
	g_array_set_size(keep, all->lines->len);
	find_cut(&d);
	keep_all(&d, 0, d.cut);
	find_signatures(&d);
	join_torn_lines(&d);
	decide_quotes(&d);
	drop_signatures(&d);
	g_autofree char *words = view(&d, 0, d.cut);
	set_reply(&d, mail, words);
	g_autofree char *signature =
		view_of_kinds(&d, LINE_SIGNATURE, LINE_TAGLINE);
	mail->signature = keep_if_any(mail, signature);
}
