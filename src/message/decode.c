#include "message/decode.h"

#include <string.h>

typedef struct EncodingName {
	const char *name;
	Encoding encoding;
} EncodingName;

static const EncodingName names[] = {
	{ "7bit", ENCODING_NONE },
	{ "8bit", ENCODING_NONE },
	{ "7-bit", ENCODING_NONE },
	{ "8-bit", ENCODING_NONE },
	{ "binary", ENCODING_NONE },
	{ "", ENCODING_NONE },
	{ "base64", ENCODING_BASE64 },
	{ "base-64", ENCODING_BASE64 },
	{ "b64", ENCODING_BASE64 },
	{ "b", ENCODING_BASE64 },
	{ "quoted-printable", ENCODING_QUOTED },
	{ "quotedprintable", ENCODING_QUOTED },
	{ "quoted_printable", ENCODING_QUOTED },
	{ "qp", ENCODING_QUOTED },
	{ "q", ENCODING_QUOTED },
	{ "x-uuencode", ENCODING_UU },
	{ "x-uue", ENCODING_UU },
	{ "uuencode", ENCODING_UU },
	{ "uue", ENCODING_UU },
	{ "x-uu", ENCODING_UU },
};

/* The value is one token; mailers add quotes, ";" and comments. */
static Slice
encoding_token(Slice value)
{
	static const char around[] = " \t\r\n\"'<";

	while (value.length > 0 && *value.at != '\0' &&
	       strchr(around, *value.at) != NULL) {
		value.at++;
		value.length--;
	}
	gsize end = 0;
	while (end < value.length && (g_ascii_isalnum(value.at[end]) ||
	                              strchr("-_", value.at[end]) != NULL))
		end++;
	value.length = end;
	return value;
}

Encoding
encoding_from_name(Slice name, bool *out_known)
{
	Slice token = encoding_token(name);

	*out_known = true;
	for (unsigned i = 0; i < G_N_ELEMENTS(names); i++)
		if (strlen(names[i].name) == token.length &&
		    (token.length == 0 ||
		     g_ascii_strncasecmp(names[i].name, token.at,
		                         token.length) == 0))
			return names[i].encoding;
	*out_known = false;
	return ENCODING_NONE;
}

/* ---- base64 ----------------------------------------------------------------
 */

#define B64_NONE 64
#define B64_PAD  65

static const guint8 *
base64_table(void)
{
	static guint8 table[256];
	static const char alphabet[] =
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

	if (table['='] == B64_PAD)
		return table;
	memset(table, B64_NONE, sizeof table);
	for (guint8 i = 0; i < 64; i++)
		table[(guint8)alphabet[i]] = i;
	/* the URL alphabet of RFC 4648 section 5 turns up too */
	table['-'] = 62;
	table['_'] = 63;
	table['='] = B64_PAD;
	return table;
}

/* A group that may be cut by the end of a step. */
typedef struct Base64 {
	guint32 bits;
	unsigned count;
} Base64;

static gsize
finish_group(Base64 *group, char *out)
{
	gsize put = group->count == 3 ? 2 : group->count == 2 ? 1 : 0;
	guint32 bits = group->bits << (6 * (4 - group->count));

	if (group->count > 0 && put > 0) {
		out[0] = (char)(bits >> 16);
		if (put > 1)
			out[1] = (char)(bits >> 8);
	}
	*group = (Base64){ 0, 0 };
	return put;
}

/* Four octets of the alphabet in a row: nearly all there are. */
static bool
whole_group(const guint8 *table, const char *octets, guint32 *out)
{
	guint32 a = table[(guint8)octets[0]], b = table[(guint8)octets[1]];
	guint32 c = table[(guint8)octets[2]], d = table[(guint8)octets[3]];

	*out = a << 18 | b << 12 | c << 6 | d;
	return (a | b | c | d) < 64;
}

/* out has room for length octets; returns how many were put there */
static gsize
base64_step(Base64 *group, const char *octets, gsize length, char *out)
{
	const guint8 *table = base64_table();
	char *put = out;

	for (gsize i = 0; i < length; i++) {
		guint32 four;

		while (group->count == 0 && length - i >= 4 &&
		       whole_group(table, octets + i, &four)) {
			put[0] = (char)(four >> 16);
			put[1] = (char)(four >> 8);
			put[2] = (char)four;
			put += 3;
			i += 4;
		}
		if (i == length)
			break;
		guint8 code = table[(guint8)octets[i]];
		if (code < 64) {
			group->bits = group->bits << 6 | code;
			if (++group->count < 4)
				continue;
			put[0] = (char)(group->bits >> 16);
			put[1] = (char)(group->bits >> 8);
			put[2] = (char)group->bits;
			put += 3;
			*group = (Base64){ 0, 0 };
		} else if (code == B64_PAD) {
			put += finish_group(group, put);
		}
	}
	return (gsize)(put - out);
}

void
decode_base64(const char *octets, gsize length, GString *out)
{
	Base64 group = { 0, 0 };
	gsize before = out->len;

	g_string_set_size(out, before + length + 2);
	gsize put = base64_step(&group, octets, length, out->str + before);
	put += finish_group(&group, out->str + before + put);
	g_string_set_size(out, before + put);
}

/* ---- quoted-printable ------------------------------------------------------
 */

static int
hex_pair(const char *at)
{
	int high = g_ascii_xdigit_value(at[0]);
	int low = g_ascii_xdigit_value(at[1]);

	return high < 0 || low < 0 ? -1 : high * 16 + low;
}

/* at is on "=": a soft line break, blanks before its end forgiven.  NULL if it
 * is none. */
static const char *
soft_break(const char *at, const char *end)
{
	at++;
	while (at < end && (*at == ' ' || *at == '\t'))
		at++;
	if (at == end)
		return end;
	if (*at == '\r')
		return at + 1 < end && at[1] == '\n' ? at + 2 : at + 1;
	return *at == '\n' ? at + 1 : NULL;
}

void
decode_quoted(const char *octets, gsize length, GString *out)
{
	const char *end = octets + length;

	for (const char *at = octets; at < end;) {
		const char *mark = memchr(at, '=', (gsize)(end - at));

		if (mark == NULL)
			mark = end;
		g_string_append_len(out, at, mark - at);
		if (mark == end)
			return;
		int octet = end - mark > 2 ? hex_pair(mark + 1) : -1;
		const char *next = octet < 0 ? soft_break(mark, end) : mark + 3;
		if (octet >= 0)
			g_string_append_c(out, (char)octet);
		else if (next == NULL)
			g_string_append_c(out, '=');
		at = next == NULL ? mark + 1 : next;
	}
}

void
decode_q(const char *octets, gsize length, GString *out)
{
	for (gsize i = 0; i < length; i++) {
		char c = octets[i];
		int octet = c == '=' && length - i > 2
		                    ? hex_pair(octets + i + 1)
		                    : -1;
		if (octet >= 0) {
			c = (char)octet;
			i += 2;
		} else if (c == '_') {
			c = ' ';
		}
		g_string_append_c(out, c);
	}
}

/* ---- uuencode --------------------------------------------------------------
 */

static guint32
uu_value(Slice line, gsize i)
{
	/* blanks at the end of lines get lost, and they were zeros */
	return i < line.length ? (guint32)(line.at[i] - ' ') & 0x3f : 0;
}

void
decode_uu_line(Slice line, GString *out)
{
	if (line.length == 0)
		return;
	gsize count = (gsize)(line.at[0] - ' ') & 0x3f;
	gsize codes = (count + 2) / 3 * 4;

	/* a letter of text is no line of code */
	if (count == 0 || line.length + 3 < codes || line.length > codes + 3)
		return;
	for (gsize i = 1; count > 0; i += 4) {
		guint32 bits =
			uu_value(line, i) << 18 | uu_value(line, i + 1) << 12 |
			uu_value(line, i + 2) << 6 | uu_value(line, i + 3);
		char octets[3] = { (char)(bits >> 16), (char)(bits >> 8),
			           (char)bits };
		gsize put = MIN(count, (gsize)3);

		g_string_append_len(out, octets, (gssize)put);
		count -= put;
	}
}

/* a part that says it is uuencoded: begin and end lines are not of it */
static void
decode_uu(const char *octets, gsize length, GString *out)
{
	const char *end = octets + length;
	const char *next;

	for (const char *at = octets; at < end; at = next) {
		Slice line = scan_line(at, end, false, &next);

		if (line.length > 6 && memcmp(line.at, "begin ", 6) == 0)
			continue;
		decode_uu_line(line, out);
	}
}

/* ---- parts -----------------------------------------------------------------
 */

static gsize
base64_steps(Slice octets, DecodeSink take, void *sink)
{
	Base64 group = { 0, 0 };
	char step[DECODE_STEP + 2];
	gsize sum = 0;

	for (gsize at = 0; at < octets.length;) {
		gsize length = MIN(octets.length - at, (gsize)DECODE_STEP);
		gsize put = base64_step(&group, octets.at + at, length, step);

		at += length;
		if (at == octets.length)
			put += finish_group(&group, step + put);
		take(sink, step, put);
		sum += put;
	}
	return sum;
}

/* The step ends at the end of a line, so that no code is cut; a line longer
 * than a step is cut anyway. */
static gsize
line_step(Slice octets, gsize at)
{
	gsize length = MIN(octets.length - at, (gsize)DECODE_STEP);

	if (at + length == octets.length)
		return length;
	for (gsize i = length; i > length / 2; i--)
		if (octets.at[at + i - 1] == '\n')
			return i;
	return length;
}

static void
decode_step(Slice octets, Encoding encoding, GString *out)
{
	if (encoding == ENCODING_QUOTED)
		decode_quoted(octets.at, octets.length, out);
	else if (encoding == ENCODING_UU)
		decode_uu(octets.at, octets.length, out);
	else
		g_string_append_len(out, octets.at, (gssize)octets.length);
}

gsize
decode_steps(Slice octets, Encoding encoding, DecodeSink take, void *sink)
{
	if (encoding == ENCODING_BASE64)
		return base64_steps(octets, take, sink);
	if (encoding == ENCODING_NONE) {
		take(sink, octets.at, octets.length);
		return octets.length;
	}
	GString *step = g_string_new(NULL);
	gsize sum = 0;

	for (gsize at = 0; at < octets.length;) {
		gsize length = line_step(octets, at);

		g_string_truncate(step, 0);
		decode_step((Slice){ octets.at + at, length }, encoding, step);
		take(sink, step->str, step->len);
		sum += step->len;
		at += length;
	}
	g_string_free(step, TRUE);
	return sum;
}

static void
append_octets(void *sink, const char *octets, gsize length)
{
	g_string_append_len(sink, octets, (gssize)length);
}

GString *
decode_all_octets(Slice octets, Encoding encoding)
{
	GString *all = g_string_sized_new(octets.length);

	decode_steps(octets, encoding, append_octets, all);
	return all;
}
