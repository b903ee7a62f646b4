#include "message/header.h"

#include <string.h>

#include "base/clock.h"
#include "base/text.h"

#include "message/charset.h"
#include "message/decode.h"

/* ---- encoded words ---------------------------------------------------------
 */

typedef struct EncodedWord {
	Slice charset; /* without the language of RFC 2231 section 5 */
	bool is_base64;
	Slice text;
	const char *end; /* the first octet after it */
} EncodedWord;

static bool
is_space(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

static const char *
find(const char *at, const char *end, char c)
{
	return at >= end ? NULL : memchr(at, c, (gsize)(end - at));
}

/* The end of the text of a word: "?=", but a Q word may hold a "?" of its own
 * that is no end.  A word that is never closed runs to the end of the value if
 * no other one begins before. */
static const char *
word_end(const char *at, const char *end, const char **next)
{
	for (const char *mark = at; (mark = find(mark, end, '?')); mark++) {
		if (mark + 1 < end && mark[1] == '=') {
			/* "=?utf-8?Q?...=3D?=" ends here; "?==?" begins another
			 */
			*next = mark + 2;
			return mark;
		}
		if (mark > at && mark[-1] == '=' && mark + 1 < end) {
			*next = mark - 1;
			return mark - 1;
		}
	}
	*next = end;
	return end;
}

/* at is on "=?" */
static bool
read_word(const char *at, const char *end, EncodedWord *word)
{
	const char *charset = at + 2;
	const char *mark = find(charset, end, '?');

	if (mark == NULL || mark == charset ||
	    mark - charset > CHARSET_NAME_MAX || mark + 2 >= end ||
	    mark[2] != '?')
		return false;
	for (const char *c = charset; c < mark; c++)
		if (is_space(*c))
			return false;
	if (strchr("BbQq", mark[1]) == NULL || mark[1] == '\0')
		return false;
	const char *star = find(charset, mark, '*');
	const char *stop = star == NULL ? mark : star;
	word->charset = (Slice){ charset, (gsize)(stop - charset) };
	word->is_base64 = g_ascii_tolower(mark[1]) == 'b';
	word->text.at = mark + 3;
	const char *text_end = word_end(word->text.at, end, &word->end);
	word->text.length = (gsize)(text_end - word->text.at);
	return true;
}

/* A run of words of one charset: their octets are joined before they become
 * characters, since mailers split characters between words. */
typedef struct Decoder {
	GString *out;
	GString *run;   /* octets not yet characters */
	GString *codes; /* base64 not yet octets */
	Slice charset;
	const char *hint;
} Decoder;

static void
flush_codes(Decoder *decoder)
{
	if (decoder->codes->len == 0)
		return;
	decode_base64(decoder->codes->str, decoder->codes->len, decoder->run);
	g_string_truncate(decoder->codes, 0);
}

static void
flush_run(Decoder *decoder)
{
	flush_codes(decoder);
	if (decoder->run->len == 0)
		return;
	g_autofree char *name =
		g_strndup(decoder->charset.at, decoder->charset.length);
	g_autofree char *text = charset_to_utf8(name, decoder->run->str,
	                                        decoder->run->len, NULL);
	g_string_append(decoder->out, text);
	g_string_truncate(decoder->run, 0);
}

static bool
same_charset(Slice a, Slice b)
{
	return a.length == b.length &&
	       g_ascii_strncasecmp(a.at, b.at, a.length) == 0;
}

static void
append_word(Decoder *decoder, const EncodedWord *word)
{
	if (!same_charset(decoder->charset, word->charset))
		flush_run(decoder);
	decoder->charset = word->charset;
	if (word->is_base64) {
		/* a word is whole groups; joined ones may be cut anywhere */
		g_string_append_len(decoder->codes, word->text.at,
		                    (gssize)word->text.length);
	} else {
		flush_codes(decoder);
		decode_q(word->text.at, word->text.length, decoder->run);
	}
}

static void
append_plain(Decoder *decoder, const char *at, const char *end)
{
	if (at == end)
		return;
	flush_run(decoder);
	g_autofree char *text = NULL;
	gsize length = (gsize)(end - at);
	/* raw octets: UTF-8 if they can be, whatever the hint */
	if (g_utf8_validate(at, (gssize)length, NULL))
		text = charset_to_utf8(NULL, at, length, NULL);
	else
		text = charset_to_utf8(decoder->hint, at, length, NULL);
	g_string_append(decoder->out, text);
}

static const char *
skip_space(const char *at, const char *end)
{
	while (at < end && is_space(*at))
		at++;
	return at;
}

static void
decode_all(Decoder *decoder, Slice value)
{
	const char *end = value.at + value.length;
	const char *plain = value.at;
	bool after_word = false;

	for (const char *at = value.at; (at = find(at, end, '='));) {
		EncodedWord word;

		if (at + 1 >= end || at[1] != '?' ||
		    !read_word(at, end, &word)) {
			at++;
			continue;
		}
		/* RFC 2047 section 6.2: blanks between two words are none */
		if (!after_word || skip_space(plain, at) != at)
			append_plain(decoder, plain, at);
		append_word(decoder, &word);
		after_word = true;
		at = plain = word.end;
	}
	append_plain(decoder, plain, end);
	flush_run(decoder);
}

char *
header_decode(Slice value, const char *hint)
{
	Decoder decoder = { .out = g_string_sized_new(value.length),
		            .run = g_string_new(NULL),
		            .codes = g_string_new(NULL),
		            .hint = hint };

	if (value.at != NULL)
		decode_all(&decoder, value);
	g_string_free(decoder.run, TRUE);
	g_string_free(decoder.codes, TRUE);
	g_autofree char *text = g_string_free(decoder.out, FALSE);
	return text_clean_line(text);
}

/* ---- ids -------------------------------------------------------------------
 */

static bool
has_id(const GPtrArray *ids, const char *id)
{
	for (unsigned i = 0; i < ids->len; i++)
		if (strcmp(g_ptr_array_index(ids, i), id) == 0)
			return true;
	return false;
}

/* Ids are compared octet by octet, so folds inside them are taken out. */
static void
add_id(GPtrArray *ids, const char *from, const char *to, unsigned max)
{
	GString *id = g_string_sized_new((gsize)(to - from));

	for (; from < to; from++)
		if (!is_space(*from) && *from != '<' && *from != '>')
			g_string_append_c(id, *from);
	g_autofree char *octets = g_string_free(id, FALSE);
	g_autofree char *valid = text_from_octets(octets, -1);
	g_autofree char *clean = text_clean_line(valid);
	if (*clean != '\0' && ids->len < max && !has_id(ids, clean))
		g_ptr_array_add(ids, g_steal_pointer(&clean));
}

/* RFC 5322 section 3.6.4: msg-id in angle brackets.  A "<" inside drops what
 * was before it (a cut id); a missing ">" ends the id at the next blank. */
static bool
add_bracketed(Slice value, unsigned max, GPtrArray *ids)
{
	const char *end = value.at + value.length;
	bool any = false;

	for (const char *at = value.at; (at = find(at, end, '<'));) {
		const char *close = find(at, end, '>');
		const char *again =
			find(at + 1, close == NULL ? end : close, '<');

		any = true;
		if (again != NULL && again > at + 1 && close != NULL) {
			add_id(ids, at + 1, again, max);
			at = again;
			continue;
		}
		if (close == NULL) {
			close = at;
			while (close < end && !is_space(*close))
				close++;
		}
		add_id(ids, at + 1, close, max);
		at = close;
	}
	return any;
}

static void
add_bare(Slice value, unsigned max, GPtrArray *ids)
{
	const char *end = value.at + value.length;

	for (const char *at = value.at; at < end; at++) {
		const char *word = at;

		while (at < end && !is_space(*at) && *at != ',' && *at != ';')
			at++;
		if (find(word, at, '@') != NULL)
			add_id(ids, word, at, max);
	}
}

void
header_ids(Slice value, unsigned max, GPtrArray *out_ids)
{
	unsigned before = out_ids->len;

	if (value.at == NULL || add_bracketed(value, max, out_ids))
		return;
	add_bare(value, max, out_ids);
	/* a Message-ID that is one word without "@" is one all the same */
	if (out_ids->len == before && value.length > 0 &&
	    find(value.at, value.at + value.length, ' ') == NULL)
		add_id(out_ids, value.at, value.at + value.length, max);
}

/* ---- dates -----------------------------------------------------------------
 */

/* 2100-01-01: later is a broken clock, not a mail from there */
#define DATE_MAX G_GINT64_CONSTANT(4102444800)

typedef struct DateParts {
	int day, month, year;
	int hour, minute, second;
	int offset; /* minutes east of UTC */
	bool has_time;
} DateParts;

typedef struct ZoneName {
	const char *name;
	int offset;
} ZoneName;

/* RFC 5322 section 4.3, and those seen in mail; military letters other than Z
 * mean nothing (the same section). */
static const ZoneName zones[] = {
	{ "UT", 0 },      { "UTC", 0 },    { "GMT", 0 },    { "Z", 0 },
	{ "EST", -300 },  { "EDT", -240 }, { "CST", -360 }, { "CDT", -300 },
	{ "MST", -420 },  { "MDT", -360 }, { "PST", -480 }, { "PDT", -420 },
	{ "WET", 0 },     { "WEST", 60 },  { "CET", 60 },   { "CEST", 120 },
	{ "MET", 60 },    { "MEST", 120 }, { "MEZ", 60 },   { "MESZ", 120 },
	{ "EET", 120 },   { "EEST", 180 }, { "MSK", 180 },  { "BST", 60 },
	{ "JST", 540 },   { "KST", 540 },  { "HKT", 480 },  { "SGT", 480 },
	{ "AEST", 600 },  { "AEDT", 660 }, { "NZST", 720 }, { "NZDT", 780 },
	{ "SAST", 120 },  { "BRT", -180 }, { "ART", -180 }, { "CLT", -240 },
	{ "COT", -300 },  { "PET", -300 }, { "VET", -240 }, { "AKST", -540 },
	{ "AKDT", -480 }, { "HST", -600 },
};

static int
month_from_name(const char *word)
{
	static const char months[] = "janfebmaraprmayjunjulaugsepoctnovdec";

	for (int i = 0; i < 12; i++)
		if (g_ascii_strncasecmp(word, months + 3 * i, 3) == 0)
			return i + 1;
	return 0;
}

static int
year_from_number(int number, gsize digits)
{
	/* RFC 5322 section 4.3: two digits, and three for a year since 1900 */
	if (digits == 2)
		return number < 50 ? 2000 + number : 1900 + number;
	return digits == 3 ? 1900 + number : number;
}

/* At most max digits at *at, which is moved behind them; -1 if there are none.
 */
static int
take_digits(const char **at, int max)
{
	int number = 0;
	int count = 0;

	for (; count < max && g_ascii_isdigit(**at); count++)
		number = number * 10 + *(*at)++ - '0';
	return count == 0 ? -1 : number;
}

/* "9:05", "09:05:30", "9:05pm" */
static void
take_time(const char *word, DateParts *parts)
{
	int hour = take_digits(&word, 2);
	int minute = *word == ':' && word++ ? take_digits(&word, 2) : -1;
	int second = *word == ':' && word++ ? take_digits(&word, 2) : 0;

	if (hour < 0 || minute < 0)
		return;
	parts->hour = hour;
	parts->minute = minute;
	parts->second = second;
	parts->has_time = true;
	if (g_ascii_strncasecmp(word, "pm", 2) == 0 && hour < 12)
		parts->hour += 12;
}

/* "+0530", "+05:30", "-8"; one that cannot be counts as UTC */
static bool
take_offset(const char *word, DateParts *parts)
{
	int sign = *word == '-' ? -1 : 1;

	if ((*word != '+' && *word != '-') || !g_ascii_isdigit(word[1]))
		return false;
	word++;
	int hours = take_digits(&word, 2);
	if (*word == ':')
		word++;
	int minutes = take_digits(&word, 2);
	if (hours > 14 || minutes > 59)
		hours = minutes = 0;
	parts->offset = sign * (hours * 60 + MAX(minutes, 0));
	return true;
}

static void
take_zone(const char *word, DateParts *parts)
{
	for (unsigned i = 0; i < G_N_ELEMENTS(zones); i++)
		if (g_ascii_strcasecmp(word, zones[i].name) == 0)
			parts->offset = zones[i].offset;
}

static void
take_number(const char *word, DateParts *parts)
{
	gsize digits = strspn(word, "0123456789");
	int number = take_digits(&word, 4);

	if (digits > 4 || *word != '\0')
		return;
	if (parts->day == 0 && digits <= 2)
		parts->day = number;
	else if (parts->year == 0 && digits != 1)
		parts->year = year_from_number(number, digits);
}

/* RFC 5322 and asctime differ only in the order of the words, and each word
 * says itself what it is. */
static void
take_word(const char *word, DateParts *parts)
{
	if (strchr(word, ':') != NULL && *word != '+' && *word != '-') {
		take_time(word, parts);
	} else if (g_ascii_isdigit(*word)) {
		take_number(word, parts);
	} else if (!take_offset(word, parts)) {
		int month = parts->month == 0 ? month_from_name(word) : 0;

		if (month > 0)
			parts->month = month;
		else if (parts->has_time)
			take_zone(word, parts);
	}
}

static int64_t
instant_of(const DateParts *parts)
{
	if (parts->month == 0 || parts->day == 0 || parts->year < 1970 ||
	    parts->year > 2100 || parts->hour > 23 || parts->minute > 59 ||
	    parts->hour < 0 || parts->minute < 0)
		return 0;
	g_autoptr(GDateTime) date =
		g_date_time_new_utc(parts->year, parts->month, parts->day,
	                            parts->hour, parts->minute,
	                            MIN(MAX(parts->second, 0), 59));
	if (date == NULL)
		return 0;
	int64_t at = g_date_time_to_unix(date) - parts->offset * 60;
	return at > 0 && at < DATE_MAX ? at : 0;
}

/* a date is short; what is longer is cut */
#define DATE_OCTETS_MAX 200

static char *
date_words(Slice value)
{
	GString *words = g_string_new(NULL);
	int depth = 0;

	for (gsize i = 0; i < MIN(value.length, (gsize)DATE_OCTETS_MAX); i++) {
		char c = value.at[i];

		depth += c == '(';
		if (depth == 0)
			g_string_append_c(words,
			                  g_ascii_isgraph(c) && c != ',' &&
			                                  c != ';' && c != '"'
			                          ? c
			                          : ' ');
		depth -= c == ')' && depth > 0;
	}
	return g_string_free(words, FALSE);
}

/* "1-Nov-2026" is three words to us */
static void
split_hyphens(char *words)
{
	for (char *c = words; *c != '\0'; c++)
		if (*c == '-' && c > words && c[1] != '\0' &&
		    (g_ascii_isalpha(c[1]) || g_ascii_isalpha(c[-1])))
			*c = ' ';
}

int64_t
header_date(Slice value)
{
	DateParts parts = { 0 };
	int64_t at = 0;

	if (value.at == NULL)
		return 0;
	g_autofree char *text = date_words(value);
	g_strstrip(text);
	if (instant_from_text(text, &at))
		return at > 0 && at < DATE_MAX ? at : 0;
	split_hyphens(text);
	g_auto(GStrv) words = g_strsplit(text, " ", -1);
	for (unsigned i = 0; words[i] != NULL; i++)
		take_word(words[i], &parts);
	return instant_of(&parts);
}
