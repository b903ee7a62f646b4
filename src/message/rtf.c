#include "message/rtf.h"

#include <stdlib.h>
#include <string.h>

#include "message/charset.h"

/* ---- packing (MS-OXRTFCP section 2.1) ---- */

#define MAGIC_PACKED  0x75465a4cu /* "LZFu" */
#define MAGIC_PLAIN   0x414c454du /* "MELA" */
#define HEADER_OCTETS 16
#define WINDOW        4096

static const char first_window[] =
	"{\\rtf1\\ansi\\mac\\deff0\\deftab720{\\fonttbl;}{\\f0\\fnil \\froman "
	"\\fswiss \\fmodern \\fscript \\fdecor MS Sans SerifSymbolArialTimes "
	"New RomanCourier{\\colortbl\\red0\\green0\\blue0\r\n\\par \\pard\\plain"
	"\\f0\\fs20\\b\\i\\u\\tab\\tx";

static guint32
number_at(const guint8 *at)
{
	return (guint32)at[0] | (guint32)at[1] << 8 | (guint32)at[2] << 16 |
	       (guint32)at[3] << 24;
}

typedef struct Unpacker {
	guint8 window[WINDOW];
	gsize put; /* where the next octet goes */
	GString *out;
} Unpacker;

static void
put_octet(Unpacker *unpacker, guint8 octet)
{
	unpacker->window[unpacker->put] = octet;
	unpacker->put = (unpacker->put + 1) % WINDOW;
	g_string_append_c(unpacker->out, (char)octet);
}

/* a reference of 12 bits of offset and 4 of length; false at the end mark */
static bool
put_reference(Unpacker *unpacker, const guint8 *at)
{
	gsize offset = (gsize)at[0] << 4 | at[1] >> 4;
	gsize length = (gsize)(at[1] & 0xf) + 2;

	if (offset == unpacker->put)
		return false;
	for (gsize i = 0; i < length; i++)
		put_octet(unpacker, unpacker->window[(offset + i) % WINDOW]);
	return true;
}

static void
unpack(Unpacker *unpacker, const guint8 *at, const guint8 *end)
{
	while (at < end && unpacker->out->len < RTF_OCTETS_MAX) {
		guint8 control = *at++;

		for (int bit = 0; bit < 8 && at < end; bit++) {
			bool is_reference = control >> bit & 1;

			if (!is_reference) {
				put_octet(unpacker, *at++);
				continue;
			}
			if (end - at < 2 || !put_reference(unpacker, at))
				return;
			at += 2;
		}
	}
}

GString *
rtf_decompress(const char *octets, gsize length)
{
	const guint8 *at = (const guint8 *)octets;

	if (length < HEADER_OCTETS)
		return NULL;
	guint32 magic = number_at(at + 8);
	if (magic == MAGIC_PLAIN)
		return g_string_new_len(octets + HEADER_OCTETS,
		                        (gssize)(length - HEADER_OCTETS));
	if (magic != MAGIC_PACKED)
		return NULL;
	Unpacker unpacker = { .out = g_string_new(NULL) };
	unpacker.put = sizeof first_window - 1;
	memset(unpacker.window, ' ', sizeof unpacker.window);
	memcpy(unpacker.window, first_window, unpacker.put);
	unpack(&unpacker, at + HEADER_OCTETS, at + length);
	return unpacker.out;
}

/* ---- RTF to text ---- */

/* What an open brace keeps to give back when it closes. */
typedef struct Group {
	bool skipped;      /* a destination that is no text */
	bool html_tag;     /* its content is HTML itself */
	bool only_rtf;     /* \htmlrtf: not part of the HTML */
	unsigned fallback; /* characters that stand for one \u (\uc) */
} Group;

typedef struct RtfReader {
	const char *at;
	const char *end;
	Group groups[RTF_DEPTH_MAX];
	gsize depth; /* may be more than there is room for */
	bool is_html;
	bool begins;   /* at the first word of a group */
	unsigned skip; /* characters of a fallback yet to come */
	char codepage[16];
	GString *octets; /* in codepage, not yet characters */
	GString *out;
} RtfReader;

static Group *
group(RtfReader *reader)
{
	return &reader->groups[MIN(reader->depth, (gsize)RTF_DEPTH_MAX - 1)];
}

static bool
is_silent(RtfReader *reader)
{
	Group *now = group(reader);

	if (now->skipped)
		return true;
	return reader->is_html && !now->html_tag && now->only_rtf;
}

static void
flush(RtfReader *reader)
{
	if (reader->octets->len == 0)
		return;
	g_autofree char *text =
		charset_to_utf8(reader->codepage, reader->octets->str,
	                        reader->octets->len, NULL);
	g_string_append(reader->out, text);
	g_string_truncate(reader->octets, 0);
}

static void
put_char(RtfReader *reader, char c)
{
	if (reader->skip > 0)
		reader->skip--;
	else if (!is_silent(reader))
		g_string_append_c(reader->octets, c);
}

static void
put_unicode(RtfReader *reader, int value)
{
	gunichar c = (gunichar)(value < 0 ? value + 65536 : value);

	reader->skip = group(reader)->fallback;
	if (is_silent(reader) || c == 0 || c > 0xffff ||
	    (c >= 0xd800 && c < 0xe000))
		return;
	flush(reader);
	g_string_append_unichar(reader->out, c);
}

/* Words that stand for text, in text and in HTML. */
typedef struct RtfWord {
	const char *word;
	const char *text;
	const char *html;
} RtfWord;

static const RtfWord words[] = {
	{ "par", "\n", "\n" },
	{ "line", "\n", "\n" },
	{ "row", "\n", "" },
	{ "cell", "\t", "" },
	{ "tab", "\t", "\t" },
	{ "lquote", "\u2018", "&lsquo;" },
	{ "rquote", "\u2019", "&rsquo;" },
	{ "ldblquote", "\u201c", "&ldquo;" },
	{ "rdblquote", "\u201d", "&rdquo;" },
	{ "bullet", "\u2022", "&bull;" },
	{ "endash", "\u2013", "&ndash;" },
	{ "emdash", "\u2014", "&mdash;" },
};

/* Destinations that hold no text of the document. */
static const char *const destinations[] = {
	"fonttbl",   "colortbl",     "stylesheet", "info",    "pict",
	"header",    "footer",       "headerl",    "headerr", "footerl",
	"footerr",   "listtable",    "fldinst",    "object",  "themedata",
	"datastore", "latentstyles", "generator",  "pntext",
};

static bool
is_destination(const char *word)
{
	for (unsigned i = 0; i < G_N_ELEMENTS(destinations); i++)
		if (strcmp(destinations[i], word) == 0)
			return true;
	return false;
}

static void
put_word(RtfReader *reader, const char *word)
{
	for (unsigned i = 0; i < G_N_ELEMENTS(words); i++) {
		if (strcmp(words[i].word, word) != 0 || is_silent(reader))
			continue;
		flush(reader);
		g_string_append(reader->out, reader->is_html ? words[i].html
		                                             : words[i].text);
	}
}

static void
obey(RtfReader *reader, const char *word, int value, bool has_value)
{
	Group *now = group(reader);

	if (strcmp(word, "u") == 0 && has_value)
		put_unicode(reader, value);
	else if (strcmp(word, "uc") == 0)
		now->fallback = (unsigned)CLAMP(value, 0, 16);
	else if (strcmp(word, "ansicpg") == 0 && value > 0 && value < 65002)
		g_snprintf(reader->codepage, sizeof reader->codepage,
		           value == 65001 ? "UTF-8" : "CP%d", value);
	else if (strcmp(word, "fromhtml") == 0)
		reader->is_html = true;
	else if (strcmp(word, "htmlrtf") == 0)
		now->only_rtf = !has_value || value != 0;
	else if (strcmp(word, "htmltag") == 0)
		now->html_tag = true, now->skipped = false;
	else if (reader->begins && is_destination(word))
		now->skipped = true;
	else
		put_word(reader, word);
}

/* longer control words are none */
#define WORD_MAX 32

/* at is behind the backslash, on a letter */
static void
take_word(RtfReader *reader)
{
	char word[WORD_MAX + 1];
	gsize length = 0;
	int value = 0;
	bool negative = false;
	const char *at = reader->at;

	while (at < reader->end && g_ascii_isalpha(*at)) {
		if (length < WORD_MAX)
			word[length++] = *at;
		at++;
	}
	word[length] = '\0';
	negative = at < reader->end && *at == '-';
	at += negative;
	const char *digits = at;
	for (; at < reader->end && g_ascii_isdigit(*at); at++)
		if (value < 1000000)
			value = value * 10 + (*at - '0');
	bool has_value = at > digits;
	if (at < reader->end && *at == ' ')
		at++;
	reader->at = at;
	obey(reader, word, negative ? -value : value, has_value);
}

static void
take_hex(RtfReader *reader)
{
	/* reader->at is behind "\'" */
	int high = reader->end - reader->at < 2
	                   ? -1
	                   : g_ascii_xdigit_value(reader->at[0]);
	int low = high < 0 ? -1 : g_ascii_xdigit_value(reader->at[1]);

	if (low < 0)
		return;
	reader->at += 2;
	put_char(reader, (char)(high * 16 + low));
}

static void
take_control(RtfReader *reader)
{
	if (reader->at >= reader->end)
		return;
	char c = *reader->at;
	if (g_ascii_isalpha(c)) {
		take_word(reader);
		reader->begins = false;
		return;
	}
	reader->at++;
	if (c == '\'')
		take_hex(reader);
	else if (c == '*' && reader->begins)
		/* a destination that may be unknown is not text */
		group(reader)->skipped = true;
	else if (c == '~')
		put_char(reader, ' ');
	else if (c == '\n' || c == '\r')
		put_word(reader, "par");
	else if (strchr("\\{}", c) != NULL)
		put_char(reader, c);
	reader->begins = c == '*';
}

static void
open_group(RtfReader *reader)
{
	Group outer = *group(reader);

	outer.html_tag = false;
	reader->depth++;
	*group(reader) = outer;
	reader->begins = true;
}

static void
take_one(RtfReader *reader)
{
	char c = *reader->at++;

	switch (c) {
	case '\\':
		take_control(reader);
		return;
	case '{':
		open_group(reader);
		return;
	case '}':
		reader->depth -= reader->depth > 0;
		reader->skip = 0;
		return;
	case '\r':
	case '\n':
	case '\0':
		return;
	default:
		reader->begins = false;
		put_char(reader, c);
	}
}

char *
rtf_to_text(const char *rtf, gsize length, bool *out_html)
{
	RtfReader reader = { .at = rtf,
		             .end = rtf + length,
		             .codepage = "CP1252",
		             .octets = g_string_new(NULL),
		             .out = g_string_new(NULL) };

	reader.groups[0].fallback = 1;
	while (reader.at < reader.end && reader.out->len < RTF_OCTETS_MAX)
		take_one(&reader);
	flush(&reader);
	g_string_free(reader.octets, TRUE);
	*out_html = reader.is_html;
	return g_string_free(reader.out, FALSE);
}
