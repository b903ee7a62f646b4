#include "message/attribution.h"

#include <stdbool.h>
#include <string.h>

#include "message/quote_tables.h"

/* words before the address or the verb: more of them are a sentence */
#define NAME_WORDS_MAX 9
/* the date follows the first word within so many words */
#define DATE_WORDS_MAX 4

typedef struct Evidence {
	bool lead_in;
	bool lead_verb;
	bool verb;
	bool verb_last;
	bool address;
	bool unbalanced; /* a ">" whose "<" is on the line above */
	bool colon;
	bool dashed; /* "---- On ... wrote ----" */
	bool time;
	bool year;
	bool date; /* three numbers apart by . / - */
	bool early_digit;
	guint words_before; /* the address, or the end */
} Evidence;

static bool
is_digit(const char *p)
{
	return g_unichar_isdigit(g_utf8_get_char(p));
}

static guint
digits_at(const char *p)
{
	guint count = 0;

	for (; is_digit(p); p = g_utf8_next_char(p))
		count++;
	return count;
}

static const char *
skip_digits(const char *p)
{
	while (is_digit(p))
		p = g_utf8_next_char(p);
	return p;
}

static int
number_at(const char *p)
{
	int number = 0;

	for (; is_digit(p) && number < 100000; p = g_utf8_next_char(p))
		number =
			number * 10 + g_unichar_digit_value(g_utf8_get_char(p));
	return number;
}

/* a run of digits at p: hour and minute, a year, or a whole date */
static void
weigh_number(Evidence *e, const char *p)
{
	guint digits = digits_at(p);
	int number = number_at(p);
	const char *behind = skip_digits(p);

	if (digits == 4 && number >= 1970 && number < 2100)
		e->year = true;
	if (digits <= 2 && number < 24 && *behind != '\0' &&
	    strchr(":.h", *behind) != NULL && digits_at(behind + 1) == 2 &&
	    number_at(behind + 1) < 60)
		e->time = true;
	if (*behind != '\0' && strchr("./-", *behind) != NULL) {
		const char *second = behind + 1 + strspn(behind + 1, " ");
		guint more = digits_at(second);
		const char *stop = skip_digits(second);

		if (more >= 1 && more <= 2 && *stop != '\0' &&
		    strchr("./-", *stop) != NULL &&
		    is_digit(stop + 1 + strspn(stop + 1, " ")))
			e->date = true;
	}
}

static void
weigh_numbers(Evidence *e, const char *text)
{
	bool inside = false;

	for (const char *p = text; *p != '\0'; p = g_utf8_next_char(p)) {
		bool digit = is_digit(p);

		if (digit && !inside)
			weigh_number(e, p);
		inside = digit;
	}
}

static bool
digit_within(const char *text, guint words)
{
	for (const char *p = text; *p != '\0'; p = g_utf8_next_char(p)) {
		if (is_digit(p))
			return true;
		if (*p == '<' || *p == '@' || *p == ':')
			return false;
		if (*p == ' ' && p > text && p[-1] != ' ' && --words == 0)
			return false;
	}
	return false;
}

static guint
words_until(const char *text, const char *stop)
{
	guint words = 0;

	for (const char *p = text; p < stop; p++)
		if (*p != ' ' && (p == text || p[-1] == ' '))
			words++;
	return words;
}

static void
weigh_address(Evidence *e, const char *text)
{
	const char *at = strchr(text, '@');
	const char *open = strchr(text, '<');
	const char *close = strchr(text, '>');
	const char *stop = open != NULL ? open : at;

	e->address = at != NULL && at > text && at[1] != '\0' &&
	             !g_ascii_isspace(at[1]);
	e->unbalanced = close != NULL && (open == NULL || open > close);
	if (stop == NULL)
		stop = text + strlen(text);
	e->words_before = words_until(text, stop);
}

static const char *
behind_dashes(const char *text, guint *out_dashes)
{
	for (gsize size = quote_dash(text); size > 0 || *text == ' ';
	     size = quote_dash(text)) {
		*out_dashes += size > 0 ? 1 : 0;
		text += size > 0 ? size : 1;
	}
	return text;
}

/* off with dashes and stars at the end; how many there were */
static guint
cut_dashes(char *text)
{
	gsize length = strlen(text);
	guint dashes = 0;

	while (length > 0) {
		char *last = g_utf8_prev_char(text + length);

		if (*last != ' ' && quote_dash(last) == 0)
			break;
		dashes += *last != ' ' ? 1 : 0;
		length = (gsize)(last - text);
		text[length] = '\0';
	}
	return dashes;
}

static Evidence
weigh(char *text)
{
	guint before = 0;
	Evidence e = { .dashed = cut_dashes(text) >= 2 };
	const char *start = behind_dashes(text, &before);
	gsize lead = quote_lead_in(start);
	const char *rest = start + lead + strspn(start + lead, " ");

	e.colon = g_str_has_suffix(start, ":");
	e.verb = quote_has_verb(start);
	e.verb_last = e.verb && quote_ends_with_verb(start);
	e.lead_verb = quote_lead_verb(start) > 0;
	weigh_numbers(&e, start);
	weigh_address(&e, start);
	e.lead_in = lead > 0 && (digit_within(rest, DATE_WORDS_MAX) ||
	                         (e.address && e.verb));
	e.early_digit = digit_within(start, DATE_WORDS_MAX);
	return e;
}

static bool
is_dated(const Evidence *e)
{
	return e->time || e->year || e->date;
}

/* "2016-03-03 17:21 GMT+01:00 Ana": an old Gmail without a colon */
static bool
is_gmail_stamp(const char *text)
{
	if (digits_at(text) != 4 || text[4] != '-' || strlen(text) < 20)
		return false;
	const char *zone = strstr(text, " gmt");
	return zone != NULL && zone - text <= 17;
}

/* "2013/7/20 Ana via Desk <ana@x>": a date, a name, an address, the end */
static bool
is_bare_stamp(const Evidence *e, const char *text)
{
	return is_digit(text) && e->date && e->address && !e->unbalanced &&
	       g_str_has_suffix(text, ">") && e->words_before <= NAME_WORDS_MAX;
}

static AttributionShape
shape_without_colon(const Evidence *e, const char *text)
{
	if (e->lead_in && e->verb_last && is_dated(e) &&
	    (e->address || e->dashed))
		return ATTRIBUTION_STRONG;
	if (e->dashed && e->verb_last && (e->address || is_dated(e)))
		return ATTRIBUTION_STRONG;
	if (is_gmail_stamp(text))
		return ATTRIBUTION_STRONG;
	if (e->dashed && e->verb_last && e->words_before <= NAME_WORDS_MAX)
		return ATTRIBUTION_WEAK;
	return is_bare_stamp(e, text) ? ATTRIBUTION_WEAK : ATTRIBUTION_NONE;
}

static AttributionShape
shape_with_colon(const Evidence *e, const char *text)
{
	bool ends_address = g_str_has_suffix(text, ">:") ||
	                    g_str_has_suffix(text, "> :") ||
	                    g_str_has_suffix(text, "):");

	if (e->lead_verb && (e->address || is_dated(e)))
		return ATTRIBUTION_STRONG;
	if (e->lead_in && e->verb && (is_dated(e) || e->address))
		return ATTRIBUTION_STRONG;
	if (e->early_digit && e->verb && is_dated(e))
		return ATTRIBUTION_STRONG;
	if ((e->lead_in || e->early_digit) && is_dated(e) && e->address &&
	    ends_address)
		return ATTRIBUTION_STRONG;
	if (e->address && e->verb && e->words_before <= NAME_WORDS_MAX)
		return ATTRIBUTION_NAMED;
	if (e->verb && is_dated(e) && e->words_before <= 2 * NAME_WORDS_MAX)
		return ATTRIBUTION_WEAK;
	if (e->verb_last && e->words_before <= NAME_WORDS_MAX)
		return ATTRIBUTION_WEAK;
	return e->lead_verb ? ATTRIBUTION_WEAK : ATTRIBUTION_NONE;
}

AttributionShape
attribution_shape(const char *folded)
{
	g_autofree char *text = g_strdup(folded);
	Evidence e = weigh(text);

	if (e.unbalanced || *text == '\0')
		return ATTRIBUTION_NONE;
	if (e.colon)
		return shape_with_colon(&e, text);
	return shape_without_colon(&e, text);
}

bool
attribution_may_end(const char *folded)
{
	bool ends = g_str_has_suffix(folded, ":");

	if (ends || *folded == '\0')
		return ends;
	/* without a colon it has a number or stands between dashes */
	g_autofree char *text = g_strdup(folded);
	bool dashed = cut_dashes(text) > 0;
	if (g_str_has_suffix(text, ":"))
		return true;
	if (is_digit(text) && strpbrk(text, "-/") != NULL)
		return true;
	return (dashed || strpbrk(text, "0123456789") != NULL) &&
	       quote_ends_with_verb(text);
}

/* places tried in one line */
#define INSIDE_MAX 3

gsize
attribution_inside(const char *line, gsize length)
{
	guint tried = 0;

	if (length == 0 || line[length - 1] != ':')
		return 0;
	for (gsize at = length - 1; at > 0 && tried < INSIDE_MAX; at--) {
		if (strncmp(line + at, "On ", 3) != 0 ||
		    (line[at - 1] != ' ' && line[at - 1] != '-'))
			continue;
		g_autofree char *folded = quote_fold(line + at, length - at);
		if (attribution_shape(folded) == ATTRIBUTION_STRONG)
			return at;
		tried++;
	}
	return 0;
}
