#include "message/charset.h"

#include <errno.h>
#include <string.h>

#include "base/text.h"

/* What mailers write, and what iconv calls it.  The name is compared in lower
 * case with blanks, quotes and the underscores of typos out of the way. */
typedef struct Alias {
	const char *written;
	const char *iconv;
} Alias;

static const Alias aliases[] = {
	{ "utf8", "UTF-8" },
	{ "utf-8-mac", "UTF-8" },
	{ "unicode-1-1-utf-8", "UTF-8" },
	{ "unicode-1-1-utf-7", "UTF-7" },
	{ "x-unicode-2-0-utf-7", "UTF-7" },
	{ "utf8mb4", "UTF-8" }, /* database programs */
	/* WHATWG encoding standard: every browser reads these so */
	{ "us-ascii", "WINDOWS-1252" },
	{ "ascii", "WINDOWS-1252" },
	{ "ansi_x3.4-1968", "WINDOWS-1252" },
	{ "ansi_x3.110-1983", "WINDOWS-1252" },
	{ "iso-8859-1", "WINDOWS-1252" },
	{ "iso8859-1", "WINDOWS-1252" },
	{ "iso88591", "WINDOWS-1252" },
	{ "iso_8859-1", "WINDOWS-1252" },
	{ "8859-1", "WINDOWS-1252" },
	{ "latin1", "WINDOWS-1252" },
	{ "latin-1", "WINDOWS-1252" },
	{ "l1", "WINDOWS-1252" },
	{ "cp1252", "WINDOWS-1252" },
	{ "ansi", "WINDOWS-1252" },
	{ "windows-1252http-equivcontent-type", "WINDOWS-1252" },
	{ "iso-8859-9", "WINDOWS-1254" },
	{ "latin5", "WINDOWS-1254" },
	{ "iso-8859-11", "WINDOWS-874" },
	{ "tis-620", "WINDOWS-874" },
	{ "windows-874", "CP874" },
	{ "x-windows-874", "CP874" },
	/* visual and logical order differ only in who lays the text out */
	{ "iso-8859-8-i", "ISO-8859-8" },
	{ "iso-8859-8-e", "ISO-8859-8" },
	{ "logical", "ISO-8859-8" },
	/* Korean: Outlook's name for what it really sends */
	{ "ks_c_5601-1987", "CP949" },
	{ "ks_c_5601", "CP949" },
	{ "ks_c_5601-1989", "CP949" },
	{ "ksc5601", "CP949" },
	{ "ksc_5601", "CP949" },
	{ "korean", "CP949" },
	{ "euc-kr", "CP949" },
	{ "windows-949", "CP949" },
	{ "5601", "CP949" },
	/* Chinese: the larger set reads the smaller */
	{ "gb2312", "GB18030" },
	{ "gb_2312-80", "GB18030" },
	{ "gbk", "GB18030" },
	{ "x-gbk", "GB18030" },
	{ "cp936", "GB18030" },
	{ "windows-936", "GB18030" },
	{ "euc-cn", "GB18030" },
	{ "hz-gb-2312", "HZ" }, /* not in glibc: read as ASCII, marks shown */
	{ "big5", "BIG5-HKSCS" },
	{ "big-5", "BIG5-HKSCS" },
	{ "x-x-big5", "BIG5-HKSCS" },
	{ "cn-big5", "BIG5-HKSCS" },
	{ "big5-hkscs", "BIG5-HKSCS" },
	/* Japanese */
	{ "shift_jis", "CP932" },
	{ "shift-jis", "CP932" },
	{ "sjis", "CP932" },
	{ "x-sjis", "CP932" },
	{ "windows-31j", "CP932" },
	{ "ms_kanji", "CP932" },
	{ "cp932", "CP932" },
	{ "x-euc-jp", "EUC-JP-MS" },
	{ "euc-jp", "EUC-JP-MS" },
	{ "iso-2022-jp", "ISO-2022-JP" },
	{ "csiso2022jp", "ISO-2022-JP" },
	{ "iso-2022-jp-ms", "ISO-2022-JP" },
	{ "cp50220", "ISO-2022-JP" },
	/* Cyrillic and others under old names */
	{ "koi8r", "KOI8-R" },
	{ "koi8u", "KOI8-U" },
	{ "koi8-ru", "KOI8-U" },
	{ "koi", "KOI8-R" },
	{ "x-cp1250", "WINDOWS-1250" },
	{ "x-cp1251", "WINDOWS-1251" },
	{ "cp1251", "WINDOWS-1251" },
	{ "win-1251", "WINDOWS-1251" },
	{ "cp-1251", "WINDOWS-1251" },
	{ "cp-850", "CP850" },
	{ "ibm850", "CP850" },
	{ "x-mac-roman", "MACINTOSH" },
	{ "x-mac-cyrillic", "MAC-CYRILLIC" },
	{ "x-mac-ce", "MAC-CENTRALEUROPE" },
	{ "macroman", "MACINTOSH" },
	{ "mac", "MACINTOSH" },
	{ "utf-16", "UTF-16" },
	{ "ucs-2", "UTF-16" },
	/* these say nothing */
	{ "unknown-8bit", NULL },
	{ "x-unknown", NULL },
	{ "unknown", NULL },
	{ "x-user-defined", NULL },
	{ "default_charset", NULL },
	{ "default", NULL },
	{ "%charset", NULL },
	{ "charset", NULL },
	{ "none", NULL },
	{ "binary", NULL },
	{ "8bit", NULL },
	{ "text", NULL },
	{ "", NULL },
};

/* iconv's names for sets whose octets below 0x80 are not all ASCII */
static const char *const not_ascii[] = { "UTF-7",    "UTF-16", "UTF-32",
	                                 "ISO-2022", "HZ",     "UCS",
	                                 "IBM",      "EBCDIC", "UTF7",
	                                 "CP037",    "IMAP" };

static void
bare_name(const char *name, char *bare)
{
	gsize length = 0;

	for (; *name != '\0' && length < CHARSET_NAME_MAX; name++)
		if (g_ascii_isgraph(*name) &&
		    strchr("\"';,<>()", *name) == NULL)
			bare[length++] = g_ascii_tolower(*name);
	bare[length] = '\0';
}

/* NULL: the name says nothing.  buffer is CHARSET_NAME_MAX + 1 long. */
static const char *
iconv_name(const char *name, char *buffer)
{
	if (name == NULL || strlen(name) > CHARSET_NAME_MAX)
		return NULL;
	bare_name(name, buffer);
	for (unsigned i = 0; i < G_N_ELEMENTS(aliases); i++)
		if (strcmp(aliases[i].written, buffer) == 0)
			return aliases[i].iconv;
	/* "iso-8859-15:1999" and such: what is behind the colon is a year */
	buffer[strcspn(buffer, ":")] = '\0';
	/* iconv reads options out of "//" */
	return strchr(buffer, '/') != NULL ? NULL : buffer;
}

static bool
is_ascii(const char *octets, gsize length)
{
	gsize i = 0;

	for (; i + 8 <= length; i += 8) {
		guint64 word;

		memcpy(&word, octets + i, 8);
		if (word & G_GUINT64_CONSTANT(0x8080808080808080))
			return false;
	}
	for (; i < length; i++)
		if (octets[i] & 0x80)
			return false;
	return true;
}

static bool
reads_ascii(const char *iconv)
{
	for (unsigned i = 0; iconv != NULL && i < G_N_ELEMENTS(not_ascii); i++)
		if (g_ascii_strncasecmp(iconv, not_ascii[i],
		                        strlen(not_ascii[i])) == 0)
			return false;
	return true;
}

static char *
ascii_copy(const char *octets, gsize length)
{
	char *copy = g_malloc(length + 1);

	memcpy(copy, octets, length);
	for (char *nul = copy;
	     (nul = memchr(nul, '\0', length - (gsize)(nul - copy)));)
		*nul = ' ';
	copy[length] = '\0';
	return copy;
}

/* Multi-octet sequences of text that stand against octets that are none. */
typedef struct Utf8Count {
	gsize sequences;
	gsize broken;
} Utf8Count;

static Utf8Count
count_utf8(const char *octets, gsize length)
{
	Utf8Count count = { 0, 0 };
	const char *end = octets + length;

	for (const char *at = octets; at < end;) {
		if ((*at & 0x80) == 0) {
			at++;
			continue;
		}
		gunichar c = g_utf8_get_char_validated(at, end - at);
		bool whole = c != (gunichar)-1 && c != (gunichar)-2;
		at = whole ? g_utf8_next_char(at) : at + 1;
		count.sequences += whole;
		count.broken += !whole;
	}
	return count;
}

/* Said to be UTF-8, or nothing said: a cut or damaged UTF-8 text keeps what is
 * good of it; what has hardly a good sequence is another charset. */
static char *
from_supposed_utf8(const char *octets, gsize length, bool is_said)
{
	Utf8Count count = count_utf8(octets, length);
	gsize weight = is_said ? 4 : 1;

	if (count.broken == 0 || count.sequences * weight <= count.broken)
		return text_from_octets(octets, (gssize)length);
	g_autofree char *copy = ascii_copy(octets, length);
	return g_utf8_make_valid(copy, (gssize)length);
}

/* Room for a step of iconv: no input octet becomes more than four. */
#define STEP_OCTETS 4096

static void
append_step(GString *out, const char *step, gsize size)
{
	for (gsize i = 0; i < size; i++)
		g_string_append_c(out, step[i] == '\0' ? ' ' : step[i]);
}

/* Vietnamese sets hold a letter back until they know its marks. */
static void
flush(GIConv iconv, GString *out)
{
	char step[STEP_OCTETS];
	char *put = step;
	gsize room = sizeof step;

	g_iconv(iconv, NULL, NULL, &put, &room);
	append_step(out, step, (gsize)(put - step));
}

/* Octets that do not convert become U+FFFD one by one. */
static char *
convert(GIConv iconv, const char *octets, gsize length, bool *exact)
{
	GString *out = g_string_sized_new(length + length / 4);
	char *in = (char *)(guintptr)octets;
	gsize left = length;

	while (left > 0) {
		char step[STEP_OCTETS];
		char *put = step;
		gsize room = sizeof step;
		gsize done = g_iconv(iconv, &in, &left, &put, &room);
		int why = errno;

		append_step(out, step, (gsize)(put - step));
		if (done != (gsize)-1 || (why == E2BIG && put > step))
			continue;
		*exact = false;
		g_string_append(out, "\xef\xbf\xbd");
		in++;
		left--;
	}
	flush(iconv, out);
	return g_string_free(out, FALSE);
}

/* ---- ISO-2022-JP ------------------------------------------------------------
 */

/* What an escape sequence (RFC 1468, JIS X 0201 and 0212) switches to, and how
 * its octets are written in EUC-JP, which iconv reads with the vendors' rows
 * that its ISO-2022-JP refuses. */
typedef enum JisSet {
	JIS_ASCII,
	JIS_KANJI,    /* two octets with the high bit set */
	JIS_MORE,     /* the same behind 0x8f */
	JIS_KATAKANA, /* one octet behind 0x8e */
} JisSet;

typedef struct JisEscape {
	const char *octets; /* behind ESC */
	JisSet set;
} JisEscape;

static const JisEscape jis_escapes[] = {
	{ "$B", JIS_KANJI },  { "$@", JIS_KANJI }, { "$(B", JIS_KANJI },
	{ "$(@", JIS_KANJI }, { "$(D", JIS_MORE }, { "(B", JIS_ASCII },
	{ "(J", JIS_ASCII },  { "(H", JIS_ASCII }, { "(I", JIS_KATAKANA },
};

/* The length of the escape at at (behind its ESC), 0 if it is none. */
static gsize
read_escape(const char *at, const char *end, JisSet *set)
{
	for (unsigned i = 0; i < G_N_ELEMENTS(jis_escapes); i++) {
		gsize length = strlen(jis_escapes[i].octets);

		if ((gsize)(end - at) >= length &&
		    memcmp(at, jis_escapes[i].octets, length) == 0) {
			*set = jis_escapes[i].set;
			return length;
		}
	}
	return 0;
}

static bool
is_jis_octet(char c)
{
	return c > 0x20 && c < 0x7f;
}

/* A line end returns to ASCII even where the escape for it was lost. */
static GString *
iso_2022_jp_to_euc(const char *octets, gsize length)
{
	GString *euc = g_string_sized_new(length);
	const char *end = octets + length;
	JisSet set = JIS_ASCII;

	for (const char *at = octets; at < end; at++) {
		gsize escape = *at == 0x1b ? read_escape(at + 1, end, &set) : 0;

		if (escape > 0) {
			at += escape;
			continue;
		}
		if (*at == '\n')
			set = JIS_ASCII;
		bool is_pair = set == JIS_KANJI || set == JIS_MORE;
		if (set == JIS_ASCII || !is_jis_octet(*at) ||
		    (is_pair && (at + 1 == end || !is_jis_octet(at[1])))) {
			g_string_append_c(euc, *at);
			continue;
		}
		if (set == JIS_MORE)
			g_string_append_c(euc, (char)0x8f);
		else if (set == JIS_KATAKANA)
			g_string_append_c(euc, (char)0x8e);
		g_string_append_c(euc, (char)(*at | 0x80));
		if (is_pair)
			g_string_append_c(euc, (char)(*++at | 0x80));
	}
	return euc;
}

static char *
from_named(const char *iconv, const char *octets, gsize length, bool *exact)
{
	if (strcmp(iconv, "ISO-2022-JP") == 0) {
		/* a set of seven bits: octets of eight are its sister's */
		if (!is_ascii(octets, length))
			return from_named("CP932", octets, length, exact);
		GString *euc = iso_2022_jp_to_euc(octets, length);
		char *text = from_named("EUC-JP-MS", euc->str, euc->len, exact);

		g_string_free(euc, TRUE);
		return text;
	}
	GIConv converter = g_iconv_open("UTF-8", iconv);

	if (converter == (GIConv)-1)
		return NULL;
	char *text = convert(converter, octets, length, exact);
	g_iconv_close(converter);
	if (g_utf8_validate(text, -1, NULL))
		return text;
	g_autofree char *invalid = text;
	return g_utf8_make_valid(invalid, -1);
}

/* The escapes of ISO-2022-JP in a text that names no charset. */
static bool
is_iso_2022_jp(const char *octets, gsize length)
{
	const char *end = octets + length;

	for (const char *at = octets;
	     (at = memchr(at, 0x1b, (gsize)(end - at))) != NULL; at++)
		if (end - at > 2 && at[1] == '$' &&
		    (at[2] == 'B' || at[2] == '@'))
			return true;
	return false;
}

static const char *
guess_name(const char *octets, gsize length)
{
	if (length >= 2 && (memcmp(octets, "\xff\xfe", 2) == 0 ||
	                    memcmp(octets, "\xfe\xff", 2) == 0))
		return "UTF-16";
	return is_iso_2022_jp(octets, length) ? "ISO-2022-JP" : NULL;
}

/* A text in a one-octet charset that reads as UTF-8 throughout is UTF-8: the
 * other reading would be a row of accented capitals and signs. */
static bool
is_lie(const char *iconv, const char *octets, gsize length)
{
	return strcmp(iconv, "WINDOWS-1252") == 0 &&
	       g_utf8_validate(octets, (gssize)length, NULL);
}

static char *
to_utf8(const char *iconv, const char *octets, gsize length, bool *exact)
{
	char *text = NULL;

	if (reads_ascii(iconv) && is_ascii(octets, length))
		return ascii_copy(octets, length);
	if (iconv != NULL && g_ascii_strcasecmp(iconv, "UTF-8") != 0 &&
	    !is_lie(iconv, octets, length))
		text = from_named(iconv, octets, length, exact);
	if (text != NULL)
		return text;
	*exact = g_utf8_validate(octets, (gssize)length, NULL);
	return from_supposed_utf8(octets, length, iconv != NULL);
}

char *
charset_to_utf8(const char *name, const char *octets, gsize length,
                bool *out_exact)
{
	char buffer[CHARSET_NAME_MAX + 1];
	const char *iconv = iconv_name(name, buffer);
	bool exact = true;
	char *text = NULL;

	if (iconv == NULL && length > 0)
		iconv = guess_name(octets, length);
	if (length > 0)
		text = to_utf8(iconv, octets, length, &exact);
	if (out_exact != NULL)
		*out_exact = exact;
	return text == NULL ? g_strdup("") : text;
}
