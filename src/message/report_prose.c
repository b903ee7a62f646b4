#include "message/report_prose.h"

#include <string.h>

#include "base/text.h"

#include "message/report.h"
#include "message/report_address.h"
#include "message/report_dsn.h"
#include "message/report_fold.h"
#include "message/report_tables.h"

/* A phrase of a report stands within so many octets of its beginning, if the
 * mail has nothing but its text to show that it is one. */
#define EARLY_OCTETS 100

/* "undeliverable to" and its address have a name between them at most */
#define NEXT_OCTETS 60

/* and the reason may follow in so many more */
#define NEXT_REASON_OCTETS 300

/* a line of which so much stands before the returned mail is a whole text */
#define FLATTENED_OCTETS 80

/* a line that holds an address somewhere is not longer */
#define LOOSE_OCTETS 200

/* lines without an address that a list may have before it is over */
#define LIST_GAP_LINES 60

/* a line of the text, as offsets into Page.flat */
typedef struct Line {
	unsigned start;
	unsigned end;
	unsigned indent;
} Line;

/* The text above the returned mail in one line, so that phrases are found
 * across line ends. */
typedef struct Page {
	GString *flat;  /* with its capitals */
	GString *lower; /* the same length */
	GArray *lines;  /* of Line */
	const char *returned;
} Page;

typedef struct Hit {
	unsigned start;
	unsigned end;
	const ProsePhrase *phrase;
} Hit;

/* What is being listed. */
typedef struct List {
	Mail *mail;
	MailReport *report;
	const Page *page;
	ReportAction action;
	const char *domain; /* of bare names, or NULL */
} List;

static bool
is_returned_header(const char *lower)
{
	lower += strspn(lower, "> ");
	return g_str_has_prefix(lower, "return-path:") ||
	       g_str_has_prefix(lower, "received: from ") ||
	       g_str_has_prefix(lower, "received: by ") ||
	       g_str_has_prefix(lower, "received: (");
}

/* Where in a line the returned mail begins, or NULL.  Mostly at its head; but
 * HTML that was flattened has it all in one line. */
static const char *
stop_in(const char *lower)
{
	if (is_returned_header(lower))
		return lower;
	for (size_t i = 0; i < report_stops_count; i++) {
		const char *stop = strstr(lower, report_stops[i]);

		if (stop != NULL)
			return stop;
	}
	return NULL;
}

/* How much of a line in which the returned mail begins is still the report's:
 * nothing of a sentence that announces it, nor of the rule before it. */
static size_t
kept_of_line(const char *line, size_t length)
{
	while (length > 0 && strchr("-=|*_ ", line[length - 1]) != NULL)
		length--;
	return length < FLATTENED_OCTETS ? 0 : length;
}

/* Appends one line of text; false if the returned mail begins with it. */
static bool
page_add_line(Page *page, const char *text, size_t length)
{
	size_t indent = 0;

	while (indent < length && (text[indent] == ' ' || text[indent] == '\t'))
		indent += 1;
	if (page->flat->len > 0)
		g_string_append_c(page->flat, ' ');
	Line line = { .start = (unsigned)page->flat->len,
		      .indent = (unsigned)indent };
	report_append_flat(page->flat, text, length);
	g_autofree char *lower =
		g_ascii_strdown(page->flat->str + line.start, -1);
	const char *stop = stop_in(lower);
	if (stop != NULL)
		g_string_truncate(page->flat,
		                  line.start +
		                          kept_of_line(lower,
		                                       (size_t)(stop - lower)));
	line.end = (unsigned)page->flat->len;
	g_array_append_val(page->lines, line);
	return stop == NULL;
}

static Page
page_new(const char *text)
{
	Page page = { .flat = g_string_new(NULL),
		      .lines = g_array_new(FALSE, FALSE, sizeof(Line)) };
	const char *p = text;

	while (*p != '\0' && p - text < REPORT_PROSE_OCTETS_MAX) {
		size_t length = strcspn(p, "\n");

		if (length > REPORT_PROSE_OCTETS_MAX)
			break;
		if (!page_add_line(&page, p, length)) {
			page.returned = p;
			break;
		}
		p += length;
		p += *p == '\n';
	}
	page.lower = g_string_new_len(page.flat->str, (gssize)page.flat->len);
	g_string_ascii_down(page.lower);
	return page;
}

static void
page_clear(Page *page)
{
	g_string_free(page->flat, TRUE);
	g_string_free(page->lower, TRUE);
	g_array_unref(page->lines);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Page, page_clear)

static const Line *
page_line(const Page *page, unsigned i)
{
	return &g_array_index(page->lines, Line, i);
}

/* The line that flat[offset] is in, by bisection. */
static unsigned
page_line_at(const Page *page, unsigned offset)
{
	unsigned low = 0, high = page->lines->len;

	while (high - low > 1) {
		unsigned middle = low + (high - low) / 2;

		if (page_line(page, middle)->start <= offset)
			low = middle;
		else
			high = middle;
	}
	return low;
}

static void
collect(const Page *page, const ProsePhrase *phrases, size_t count,
        GArray *hits)
{
	for (size_t i = 0; i < count; i++) {
		const char *p = page->lower->str;
		size_t length = strlen(phrases[i].phrase);

		while ((p = strstr(p, phrases[i].phrase)) != NULL &&
		       hits->len < REPORT_RECIPIENTS_MAX) {
			unsigned start = (unsigned)(p - page->lower->str);
			Hit hit = { .start = start,
				    .end = start + (unsigned)length,
				    .phrase = &phrases[i] };
			g_array_append_val(hits, hit);
			p += length;
		}
	}
}

static int
by_start(gconstpointer a, gconstpointer b)
{
	const Hit *left = a, *right = b;

	if (left->start != right->start)
		return left->start < right->start ? -1 : 1;
	return left->end > right->end ? -1 : left->end < right->end;
}

/* The postmaster who signs the report is not the one it is about. */
static bool
is_of_the_house(const List *list, const char *address)
{
	const char *from = mail_from_address(list->mail);
	g_autofree char *lower = g_ascii_strdown(address, -1);

	for (size_t i = 0; i < report_daemons_count; i++) {
		size_t length = strlen(report_daemons[i]);

		if (strncmp(lower, report_daemons[i], length) == 0 &&
		    lower[length] == '@')
			return true;
	}
	return text_equal_ascii(address, from);
}

static bool
is_receiver(const List *list, const char *address)
{
	for (unsigned i = 0; i < list->mail->to->len; i++)
		if (text_equal_ascii(address,
		                     mail_address(list->mail->to, i)->address))
			return true;
	return false;
}

static void
add(const List *list, const char *address, const char *diagnostic)
{
	ReportFinding finding = { .address = address,
		                  .action = list->action,
		                  .diagnostic = diagnostic };

	if (!is_of_the_house(list, address))
		report_add(list->mail, list->report, &finding);
}

/* flat[start, end) as a string, cut at a whole character; the caller frees
 * it. */
static char *
piece(const Page *page, unsigned start, unsigned end)
{
	g_assert(start <= end);
	end = MIN(end, start + REPORT_DIAGNOSTIC_OCTETS_MAX);
	end = MIN(end, (unsigned)page->flat->len);
	while (end > start && (page->flat->str[end] & 0xc0) == 0x80)
		end--;
	return g_strndup(page->flat->str + start, end - start);
}

/* ---- addresses right behind or before a phrase ---- */

/* next: where the next phrase begins, which has its own diagnostic */
static void
add_next(const List *list, const Hit *hit, unsigned next)
{
	const Page *page = list->page;
	unsigned end = MIN(hit->end + NEXT_OCTETS, (unsigned)page->flat->len);
	const char *limit = page->flat->str + end;
	const char *at = NULL, *after = NULL;

	/* an address may reach over the limit, but not begin behind it */
	while (limit < page->flat->str + page->flat->len && *limit != ' ')
		limit++;
	g_autofree char *address = report_address_in(page->flat->str + hit->end,
	                                             limit, &at, &after);
	if (address == NULL)
		return;
	unsigned to = (unsigned)(after - page->flat->str);
	g_autofree char *diagnostic =
		piece(page, hit->start,
	              MAX(to, MIN(next, to + NEXT_REASON_OCTETS)));
	add(list, address, diagnostic);
}

static void
add_before(const List *list, const Hit *hit)
{
	const Page *page = list->page;
	const Line *line = page_line(page, page_line_at(page, hit->start));
	const char *p = page->flat->str + line->start;
	const char *end = page->flat->str + hit->start;
	const char *at = NULL, *after = NULL;
	g_autofree char *last = NULL;

	for (;;) {
		char *address = report_address_in(p, end, &at, &after);

		if (address == NULL)
			break;
		g_free(last);
		last = address;
		p = after;
	}
	if (last == NULL)
		return;
	g_autofree char *diagnostic = piece(page, line->start, line->end);
	add(list, last, diagnostic);
}

/* ---- addresses in the lines below a phrase ---- */

static const char *
skip_labels(const char *p, const char *end)
{
	bool again = true;

	while (again) {
		again = false;
		while (p < end && strchr(" \t>*-<\"'([{=:#", *p) != NULL)
			p++;
		for (size_t i = 0; i < report_labels_count && !again; i++) {
			size_t length = strlen(report_labels[i]);

			again = (size_t)(end - p) > length &&
			        g_ascii_strncasecmp(p, report_labels[i],
			                            length) == 0;
			p += again ? length : 0;
		}
	}
	return p;
}

/* The address at the head of [start, end), or NULL. */
static char *
head_address(const char *start, const char *end, const char **out_after)
{
	const char *p = skip_labels(start, end);
	const char *at = NULL;
	char *address = report_address_in(p, end, &at, out_after);

	/* skip_labels has eaten "*" and the like, so at is p or not a head */
	if (address != NULL && at != p)
		g_clear_pointer(&address, g_free);
	return address;
}

/* "Ana Ruiz (ana@example.com)", "c=US;dda:SMTP=a@b;": the first line whatever
 * it is, a later one if nothing follows the address */
static char *
loose_address(const char *range[2], bool is_first, const char **out_after)
{
	const char *at = NULL;

	if (range[1] - range[0] > LOOSE_OCTETS)
		return NULL;
	char *address = report_address_in(range[0], range[1], &at, out_after);
	if (address == NULL || is_first)
		return address;
	const char *rest = *out_after;
	while (rest < range[1] && strchr(")>]\"' ", *rest) != NULL)
		rest++;
	if (rest < range[1])
		g_clear_pointer(&address, g_free);
	return address;
}

static char *
bare_name(const List *list, const char *start, const char *end)
{
	if (list->domain == NULL || start == end ||
	    memchr(start, ' ', (size_t)(end - start)) != NULL ||
	    !g_ascii_isalnum(*start) || !g_ascii_isalnum(end[-1]))
		return NULL;
	return g_strdup_printf("%.*s@%s", (int)(end - start), start,
	                       list->domain);
}

typedef struct Scan {
	char *address;   /* whose diagnostic is being read, or NULL */
	unsigned from;   /* where the diagnostic begins */
	unsigned indent; /* of the first address */
	unsigned gap;
	bool any;
	bool after_blank;
} Scan;

/* A list's addresses stand at one depth; deeper ones belong to a diagnostic,
 * and one at the head of a line in a paragraph is there by wrapping. */
static bool
may_head(const Scan *scan, const Line *line, bool is_first)
{
	if (is_first)
		return true;
	if (!scan->any)
		return scan->after_blank;
	return line->indent <= scan->indent &&
	       (scan->after_blank || scan->address != NULL);
}

static void
scan_finish(const List *list, Scan *scan, unsigned end)
{
	if (scan->address == NULL)
		return;
	g_autofree char *diagnostic = piece(list->page, scan->from, end);

	add(list, scan->address,
	    *g_strstrip(diagnostic) == '\0' ? NULL : diagnostic);
	g_clear_pointer(&scan->address, g_free);
}

static char *
scan_address(const List *list, const Scan *scan, const ProsePhrase *phrase,
             const char *range[2], const char **out_after)
{
	char *address = head_address(range[0], range[1], out_after);

	if (address == NULL && phrase->place == PROSE_LOOSE &&
	    (!scan->any || scan->after_blank))
		address = loose_address(range, !scan->any, out_after);
	if (address == NULL && phrase->place == PROSE_NAMES) {
		address = bare_name(list, range[0], range[1]);
		*out_after = range[1];
	}
	return address;
}

static void
scan_line(const List *list, Scan *scan, const ProsePhrase *phrase,
          const Line *line, bool is_first)
{
	const char *flat = list->page->flat->str;
	const char *range[2] = { flat + line->start, flat + line->end };
	const char *after = NULL;
	char *address = NULL;

	if (may_head(scan, line, is_first))
		address = scan_address(list, scan, phrase, range, &after);
	if (address == NULL) {
		scan->gap++;
		return;
	}
	scan_finish(list, scan, line->start);
	if (!scan->any)
		scan->indent = line->indent;
	scan->any = true;
	scan->gap = 0;
	scan->address = address;
	/* what closes the address is not what they say of it */
	while (after < range[1] && strchr(">\"')]}:;,. ", *after) != NULL)
		after++;
	scan->from = (unsigned)(after - flat);
}

/* Reads lines from the rest of the phrase's own on, up to end. */
static void
add_below(const List *list, const Hit *hit, unsigned end)
{
	const Page *page = list->page;
	unsigned first = page_line_at(page, hit->end == 0 ? 0 : hit->end - 1);
	Scan scan = { 0 };
	bool is_first = true;
	unsigned i = first;

	for (; i < page->lines->len && scan.gap < LIST_GAP_LINES; i++) {
		Line line = *page_line(page, i);

		if (line.start >= end)
			break;
		line.end = MIN(line.end, end);
		if (i == first)
			line.start = MIN(hit->end, line.end);
		if (line.start >= line.end) {
			scan.after_blank = true;
			continue;
		}
		scan_line(list, &scan, hit->phrase, &line,
		          is_first || i == first);
		is_first = i == first && !scan.any;
		scan.after_blank = false;
	}
	scan_finish(list, &scan,
	            i < page->lines->len ? MIN(page_line(page, i)->start, end)
	                                 : end);
}

/* ---- the whole ---- */

static bool
is_list(const ProsePhrase *phrase)
{
	return phrase->place == PROSE_BELOW || phrase->place == PROSE_LOOSE ||
	       phrase->place == PROSE_NAMES;
}

/* where the next list begins, or the text ends */
static unsigned
end_of_list(const GArray *hits, unsigned i, const Page *page)
{
	const Hit *hit = &g_array_index(hits, Hit, i);

	for (unsigned k = i + 1; k < hits->len; k++) {
		const Hit *next = &g_array_index(hits, Hit, k);

		if (is_list(next->phrase) && next->start > hit->end)
			return next->start;
	}
	return (unsigned)page->flat->len;
}

/* where the next phrase of the same mailer begins: some write a line for each
 * recipient */
static unsigned
end_of_next(const GArray *hits, unsigned i, const Page *page)
{
	const Hit *hit = &g_array_index(hits, Hit, i);

	for (unsigned k = i + 1; k < hits->len; k++) {
		const Hit *next = &g_array_index(hits, Hit, k);

		if (next->phrase->place == PROSE_NEXT &&
		    next->start > hit->end &&
		    strcmp(next->phrase->mailer, hit->phrase->mailer) == 0)
			return next->start;
	}
	return (unsigned)page->flat->len;
}

static void
add_all(const List *list, const GArray *hits)
{
	for (unsigned i = 0; i < hits->len; i++) {
		const Hit *hit = &g_array_index(hits, Hit, i);

		if (is_list(hit->phrase))
			add_below(list, hit, end_of_list(hits, i, list->page));
		else if (hit->phrase->place == PROSE_NEXT)
			add_next(list, hit, end_of_next(hits, i, list->page));
		else if (hit->phrase->place == PROSE_BEFORE)
			add_before(list, hit);
	}
}

/* A word of delay anywhere makes it a delay: warnings say that delivery has
 * failed so far, but failures do not say that it will be tried again. */
static ReportAction
action_of(const GArray *hits)
{
	ReportAction action = REPORT_UNKNOWN;

	for (unsigned i = 0; i < hits->len; i++) {
		ReportAction said = g_array_index(hits, Hit, i).phrase->action;

		if (said == REPORT_DELAYED)
			return said;
		if (action == REPORT_UNKNOWN)
			action = said;
	}
	return action;
}

static const char *
own_domain(const Mail *mail)
{
	const char *from = mail_from_address(mail);
	const char *at = from == NULL ? NULL : strrchr(from, '@');

	return at == NULL || at[1] == '\0' ? NULL : at + 1;
}

/* The one address that the whole text has, if it is not ours or theirs. */
static void
add_only(const List *list)
{
	const char *p = list->page->flat->str;
	const char *end = p + list->page->flat->len;
	const char *at = NULL, *after = NULL;
	g_autofree char *only = NULL;

	for (;;) {
		g_autofree char *address =
			report_address_in(p, end, &at, &after);

		if (address == NULL)
			break;
		p = after;
		if (is_of_the_house(list, address) ||
		    is_receiver(list, address))
			continue;
		if (only != NULL && !text_equal_ascii(only, address))
			return;
		g_free(only);
		only = g_steal_pointer(&address);
	}
	if (only != NULL)
		add(list, only, list->page->flat->str);
}

/* Once more, by phrases that mean little by themselves; and at last without
 * any, as qmail and its translations list addresses. */
static void
add_last(const List *list, bool is_certain)
{
	static const ProsePhrase anywhere = { "", PROSE_BELOW, REPORT_UNKNOWN,
		                              "" };
	g_autoptr(GArray) hits = g_array_new(FALSE, FALSE, sizeof(Hit));
	unsigned before = list->report->recipients->len;
	Hit top = { .phrase = &anywhere };

	collect(list->page, report_last_phrases, report_last_phrases_count,
	        hits);
	g_array_sort(hits, by_start);
	add_all(list, hits);
	if (is_certain && list->report->recipients->len == before)
		add_below(list, &top, (unsigned)list->page->flat->len);
	if (is_certain && list->report->recipients->len == before)
		add_only(list);
}

const char *
report_prose_returned(const char *text)
{
	g_auto(Page) page = page_new(text);

	return page.returned;
}

ReportProse
report_prose_read(Mail *mail, MailReport *report, bool is_certain)
{
	g_auto(Page) page = page_new(mail->text);
	g_autoptr(GArray) hits = g_array_new(FALSE, FALSE, sizeof(Hit));
	unsigned before = report->recipients->len;

	collect(&page, report_phrases, report_phrases_count, hits);
	bool is_mailers = hits->len > 0;
	collect(&page, report_plain_phrases, report_plain_phrases_count, hits);
	g_array_sort(hits, by_start);
	ReportProse prose = { .action = action_of(hits),
		              .is_mailers = is_mailers,
		              .returned = page.returned };
	List list = { .mail = mail,
		      .report = report,
		      .page = &page,
		      .action = prose.action,
		      .domain = own_domain(mail) };

	add_all(&list, hits);
	if (hits->len > 0) {
		const Hit *first = &g_array_index(hits, Hit, 0);

		prose.phrase = first->phrase->phrase;
		prose.mailer = first->phrase->mailer;
		prose.is_early = first->start < EARLY_OCTETS;
	}
	if (report->recipients->len == before)
		add_last(&list, is_certain);
	return prose;
}
