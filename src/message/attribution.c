#include "message/attribution.h"

#include <stdbool.h>
#include <string.h>

#include "message/quote_tables.h"

/* words before the address or the verb: more of them are a sentence */
#define NAME_WORDS_MAX 9
#define NO_WORDS_MAX   G_MAXUINT
/* the date follows the first word within so many words */
#define DATE_WORDS_MAX 4

enum Evidence {
	LEAD_IN = 1 << 0,      /* "on", "el", and a date behind it */
	LEAD_VERB = 1 << 1,    /* "zitat von" */
	VERB = 1 << 2,         /* "wrote" */
	VERB_LAST = 1 << 3,    /* ... at the end */
	ADDRESS = 1 << 4,      /* "ana@example.com" */
	ADDRESS_LAST = 1 << 5, /* "<ana@example.com>:" */
	COLON = 1 << 6,
	DASHED = 1 << 7,       /* "---- On ... wrote ----" */
	DATED = 1 << 8,        /* a year, an hour, a whole date */
	WHOLE_DATE = 1 << 9,   /* three numbers apart by . / - */
	EARLY_DIGIT = 1 << 10, /* among the first words */
	FIRST_DIGIT = 1 << 11,
	GMAIL_STAMP = 1 << 12, /* "2016-03-03 17:21 gmt+01:00" */
	TIME = 1 << 14,        /* "9:15" */
	UNBALANCED = 1 << 13,  /* a ">" whose "<" is on another line */
};

typedef struct ShapeRow {
	guint all;   /* these are there */
	guint any;   /* one of these is, if not 0 */
	guint none;  /* these are not */
	guint words; /* at most so many stand before the address */
	AttributionShape shape;
} ShapeRow;

/* The first row that fits counts. */
static const ShapeRow shapes[] = {
	/* the rest stands on another line */
	{ UNBALANCED, 0, 0, NO_WORDS_MAX, ATTRIBUTION_NONE },

	/* "zitat von ana <ana@x>:" */
	{ COLON | LEAD_VERB, ADDRESS | DATED, 0, NO_WORDS_MAX,
	  ATTRIBUTION_STRONG },
	/* "on 2 mar 2026, ana wrote:" */
	{ COLON | LEAD_IN | VERB, ADDRESS | DATED, 0, NO_WORDS_MAX,
	  ATTRIBUTION_STRONG },
	/* "23 mar 2017 21:25 ana napisał(a):" */
	{ COLON | EARLY_DIGIT | VERB | DATED, 0, 0, NO_WORDS_MAX,
	  ATTRIBUTION_STRONG },
	/* "2.3.2026, 9:15, ana <ana@x>:" */
	{ COLON | TIME | ADDRESS | ADDRESS_LAST, LEAD_IN | EARLY_DIGIT, 0,
	  NAME_WORDS_MAX + DATE_WORDS_MAX, ATTRIBUTION_STRONG },
	/* "ana <ana@x> wrote:", "ana <ana@x> schrieb am ... um 9:15:" */
	{ COLON | ADDRESS | VERB, 0, 0, NAME_WORDS_MAX, ATTRIBUTION_NAMED },
	/* "ana wrote at 9:15:" */
	{ COLON | VERB | DATED, 0, 0, 2 * NAME_WORDS_MAX, ATTRIBUTION_WEAK },
	/* "ana wrote:" */
	{ COLON | VERB_LAST, 0, 0, NAME_WORDS_MAX, ATTRIBUTION_WEAK },
	/* "quoting ana:" */
	{ COLON | LEAD_VERB, 0, 0, NO_WORDS_MAX, ATTRIBUTION_WEAK },

	/* "on 2 mar 2026 9:15 ana <ana@x> wrote" */
	{ LEAD_IN | VERB_LAST | DATED, ADDRESS | DASHED, COLON, NO_WORDS_MAX,
	  ATTRIBUTION_STRONG },
	/* "---- ana <ana@x> wrote ----" */
	{ DASHED | VERB_LAST, ADDRESS | DATED, COLON, NO_WORDS_MAX,
	  ATTRIBUTION_STRONG },
	/* an old Gmail */
	{ GMAIL_STAMP, 0, COLON, NO_WORDS_MAX, ATTRIBUTION_STRONG },
	/* "---- ana wrote ----" */
	{ DASHED | VERB_LAST, 0, COLON, NAME_WORDS_MAX, ATTRIBUTION_WEAK },
	/* "2013/7/20 ana via desk <ana@x>" */
	{ FIRST_DIGIT | WHOLE_DATE | ADDRESS | ADDRESS_LAST, 0, COLON,
	  NAME_WORDS_MAX, ATTRIBUTION_WEAK },
};

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

/* behind a run of digits: the second and third number of "2.3.2026" */
static bool
goes_on_as_date(const char *p)
{
	if (*p == '\0' || strchr("./-", *p) == NULL)
		return false;
	const char *second = p + 1 + strspn(p + 1, " ");
	guint digits = digits_at(second);
	const char *stop = skip_digits(second);
	return digits >= 1 && digits <= 2 && *stop != '\0' &&
	       strchr("./-", *stop) != NULL &&
	       is_digit(stop + 1 + strspn(stop + 1, " "));
}

/* behind the hour: "9:15", "9.15", "9h15" */
static bool
goes_on_as_time(const char *p)
{
	return *p != '\0' && strchr(":.h", *p) != NULL &&
	       digits_at(p + 1) == 2 && number_at(p + 1) < 60;
}

/* a run of digits at p: hour and minute, a year, or a whole date */
static guint
weigh_number(const char *p)
{
	guint digits = digits_at(p);
	int number = number_at(p);
	const char *behind = skip_digits(p);
	guint evidence = 0;

	if (digits == 4 && number >= 1970 && number < 2100)
		evidence |= DATED;
	if (digits <= 2 && number < 24 && goes_on_as_time(behind))
		evidence |= DATED | TIME;
	if (goes_on_as_date(behind))
		evidence |= DATED | WHOLE_DATE;
	return evidence;
}

static guint
weigh_numbers(const char *text)
{
	guint evidence = 0;
	bool inside = false;

	for (const char *p = text; *p != '\0'; p = g_utf8_next_char(p)) {
		bool digit = is_digit(p);

		if (digit && !inside)
			evidence |= weigh_number(p);
		inside = digit;
	}
	return evidence;
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

static bool
ends_with_address(const char *text)
{
	static const char *const ends[] = { ">", ">:", "> :", "):" };
	const char *last = strrchr(text, ' ');

	for (gsize i = 0; i < G_N_ELEMENTS(ends); i++)
		if (g_str_has_suffix(text, ends[i]))
			return true;
	/* Tuta writes the bare address */
	return last != NULL && strchr(last, '@') != NULL;
}

static guint
weigh_address(const char *text, guint *out_words)
{
	const char *at = strchr(text, '@');
	const char *open = strchr(text, '<');
	const char *close = strchr(text, '>');
	const char *stop = open != NULL ? open : at;
	guint evidence = 0;

	if (at != NULL && at > text && at[1] != '\0' && !g_ascii_isspace(at[1]))
		evidence |= ADDRESS;
	if ((close != NULL && (open == NULL || open > close)) ||
	    g_str_has_suffix(text, "<"))
		evidence |= UNBALANCED;
	if (ends_with_address(text))
		evidence |= ADDRESS_LAST;
	*out_words =
		words_until(text, stop != NULL ? stop : text + strlen(text));
	return evidence;
}

static const char *
behind_dashes(const char *text)
{
	for (gsize size = quote_dash(text); size > 0 || *text == ' ';
	     size = quote_dash(text))
		text += size > 0 ? size : 1;
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

/* "2016-03-03 17:21 GMT+01:00 Ana": an old Gmail without a colon */
static bool
is_gmail_stamp(const char *text)
{
	if (digits_at(text) != 4 || text[4] != '-' || strlen(text) < 20)
		return false;
	const char *zone = strstr(text, " gmt");
	return zone != NULL && zone - text <= 17;
}

static guint
weigh_verb(const char *text)
{
	if (!quote_has_verb(text))
		return 0;
	return quote_ends_with_verb(text) ? VERB | VERB_LAST : VERB;
}

static guint
weigh_start(const char *text, guint others)
{
	gsize lead = quote_lead_in(text);
	const char *rest = text + lead + strspn(text + lead, " ");
	guint evidence = 0;

	if (lead > 0 && (digit_within(rest, DATE_WORDS_MAX) ||
	                 (others & (ADDRESS | VERB)) == (ADDRESS | VERB)))
		evidence |= LEAD_IN;
	if (quote_lead_verb(text) > 0)
		evidence |= LEAD_VERB;
	if (digit_within(text, DATE_WORDS_MAX))
		evidence |= EARLY_DIGIT;
	if (is_digit(text))
		evidence |= FIRST_DIGIT;
	if (is_gmail_stamp(text))
		evidence |= GMAIL_STAMP;
	return evidence;
}

static bool
row_fits(const ShapeRow *row, guint evidence, guint words)
{
	return (evidence & row->all) == row->all &&
	       (row->any == 0 || (evidence & row->any) != 0) &&
	       (evidence & row->none) == 0 && words <= row->words;
}

AttributionShape
attribution_shape(const char *folded)
{
	g_autofree char *text = g_strdup(folded);
	guint words = 0;
	guint evidence = cut_dashes(text) >= 2 ? DASHED : 0;
	const char *start = behind_dashes(text);

	if (g_str_has_suffix(start, ":"))
		evidence |= COLON;
	evidence |= weigh_verb(start) | weigh_numbers(start);
	evidence |= weigh_address(start, &words);
	evidence |= weigh_start(start, evidence);
	for (gsize i = 0; *start != '\0' && i < G_N_ELEMENTS(shapes); i++)
		if (row_fits(&shapes[i], evidence, words))
			return shapes[i].shape;
	return ATTRIBUTION_NONE;
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
