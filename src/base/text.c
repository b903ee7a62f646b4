#include "base/text.h"

#include <string.h>

/* windows-1252 leaves these five undefined; a text that has them is not it */
static bool
is_windows_1252(const unsigned char *octets, size_t length)
{
	for (size_t i = 0; i < length; i++)
		if (octets[i] == 0x81 || octets[i] == 0x8d ||
		    octets[i] == 0x8f || octets[i] == 0x90 || octets[i] == 0x9d)
			return false;
	return true;
}

static char *
without_nuls(const char *octets, size_t length)
{
	char *copy = g_strndup("", length + 1);

	for (size_t i = 0; i < length; i++)
		copy[i] = octets[i] == '\0' ? ' ' : octets[i];
	copy[length] = '\0';
	return copy;
}

char *
text_from_octets(const char *octets, gssize length)
{
	size_t size = length < 0 ? strlen(octets) : (size_t)length;
	g_autofree char *copy = without_nuls(octets, size);

	if (g_utf8_validate(copy, (gssize)size, NULL))
		return g_steal_pointer(&copy);
	if (is_windows_1252((const unsigned char *)copy, size)) {
		char *text = g_convert(copy, (gssize)size, "UTF-8",
		                       "WINDOWS-1252", NULL, NULL, NULL);
		if (text != NULL)
			return text;
	}
	return g_utf8_make_valid(copy, (gssize)size);
}

static bool
is_control(gunichar c)
{
	return c < 0x20 || (c >= 0x7f && c < 0xa0) || c == 0x2028 ||
	       c == 0x2029;
}

/* characters that reorder or hide what is written (mailsploit, X-09) */
static bool
is_deceiving(gunichar c)
{
	return c == 0x00ad || c == 0x061c || c == 0x180e || c == 0x200b ||
	       c == 0x200e || c == 0x200f || (c >= 0x202a && c <= 0x202e) ||
	       (c >= 0x2060 && c <= 0x2064) || (c >= 0x2066 && c <= 0x2069) ||
	       c == 0xfeff || (c >= 0xfff9 && c <= 0xfffb) ||
	       (c >= 0xe0000 && c <= 0xe007f);
}

/* The octets from p on that are printable ASCII: most of any text, and clean
 * as they stand. */
static size_t
plain_run(const char *p)
{
	const char *start = p;

	while (*p >= ' ' && *p < 0x7f)
		p++;
	return (size_t)(p - start);
}

/* the same without blanks */
static size_t
word_run(const char *p)
{
	const char *start = p;

	while (*p > ' ' && *p < 0x7f)
		p++;
	return (size_t)(p - start);
}

char *
text_clean_line(const char *text)
{
	GString *clean = g_string_sized_new(strlen(text));

	for (const char *p = text; *p != '\0'; p = g_utf8_next_char(p)) {
		size_t run = word_run(p);

		g_string_append_len(clean, p, (gssize)run);
		p += run;
		if (*p == '\0')
			break;
		gunichar c = g_utf8_get_char(p);
		if (is_deceiving(c))
			continue;
		if (c != ' ' && !is_control(c))
			g_string_append_unichar(clean, c);
		else if (clean->len > 0 && clean->str[clean->len - 1] != ' ')
			g_string_append_c(clean, ' ');
	}
	if (clean->len > 0 && clean->str[clean->len - 1] == ' ')
		g_string_truncate(clean, clean->len - 1);
	return g_string_free(clean, FALSE);
}

/* NEL and the separators of Unicode end a line as LF does */
static bool
is_line_end(gunichar c)
{
	return c == '\n' || c == 0x85 || c == 0x2028 || c == 0x2029;
}

char *
text_clean_block(const char *text)
{
	GString *clean = g_string_sized_new(strlen(text));

	for (const char *p = text; *p != '\0'; p = g_utf8_next_char(p)) {
		size_t run = plain_run(p);

		g_string_append_len(clean, p, (gssize)run);
		p += run;
		if (*p == '\0')
			break;
		gunichar c = g_utf8_get_char(p);
		if (c == '\r') {
			if (p[1] != '\n')
				g_string_append_c(clean, '\n');
		} else if (is_line_end(c)) {
			g_string_append_c(clean, '\n');
		} else if (c == '\t') {
			g_string_append_c(clean, '\t');
		} else if (!is_control(c) && !is_deceiving(c)) {
			g_string_append_unichar(clean, c);
		}
	}
	return g_string_free(clean, FALSE);
}

static bool
is_ascii(const char *text)
{
	for (; *text != '\0'; text++)
		if ((unsigned char)*text >= 0x80)
			return false;
	return true;
}

char *
text_fold(const char *text)
{
	/* what the tables of Unicode say of ASCII, without asking them */
	if (is_ascii(text))
		return g_ascii_strdown(text, -1);
	g_autofree char *apart = g_utf8_normalize(text, -1, G_NORMALIZE_ALL);

	if (apart == NULL)
		return g_strdup("");
	GString *bare = g_string_sized_new(strlen(apart));
	for (const char *p = apart; *p != '\0'; p = g_utf8_next_char(p)) {
		gunichar c = g_utf8_get_char(p);

		if (g_unichar_type(c) != G_UNICODE_NON_SPACING_MARK)
			g_string_append_unichar(bare, c);
	}
	g_autofree char *joined = g_string_free(bare, FALSE);
	return g_utf8_casefold(joined, -1);
}

static size_t
columns_of(gunichar c)
{
	if (g_unichar_iszerowidth(c))
		return 0;
	return g_unichar_iswide(c) ? 2 : 1;
}

size_t
text_columns(const char *text)
{
	size_t columns = 0;

	for (const char *p = text; *p != '\0'; p = g_utf8_next_char(p))
		columns += columns_of(g_utf8_get_char(p));
	return columns;
}

char *
text_shorten(const char *text, size_t columns)
{
	const char *cut = text;
	size_t width = 0;

	if (text_columns(text) <= columns)
		return g_strdup(text);
	for (const char *p = text; *p != '\0'; p = g_utf8_next_char(p)) {
		width += columns_of(g_utf8_get_char(p));
		if (width + 1 > columns)
			break;
		cut = g_utf8_next_char(p);
	}
	g_autofree char *kept = g_strndup(text, (gsize)(cut - text));
	return g_strconcat(kept, columns > 0 ? "…" : "", NULL);
}

bool
text_equal_ascii(const char *a, const char *b)
{
	if (a == NULL || b == NULL)
		return a == b;
	return g_ascii_strcasecmp(a, b) == 0;
}

static void
wrap_line(GString *out, const char *line, size_t columns, const char *prefix)
{
	g_auto(GStrv) words = g_strsplit(line, " ", -1);
	size_t at = 0;

	g_string_append(out, prefix);
	for (size_t i = 0; words[i] != NULL; i++) {
		size_t width = text_columns(words[i]);

		if (i > 0 && at > 0 && at + 1 + width > columns) {
			g_string_append_printf(out, "\n%s", prefix);
			at = 0;
		} else if (i > 0) {
			g_string_append_c(out, ' ');
			at++;
		}
		g_string_append(out, words[i]);
		at += width;
	}
}

char *
text_wrap(const char *text, size_t columns, const char *prefix)
{
	g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
	GString *out = g_string_new(NULL);

	for (size_t i = 0; lines[i] != NULL; i++) {
		if (i > 0)
			g_string_append_c(out, '\n');
		if (text_columns(lines[i]) <= columns)
			g_string_append_printf(out, "%s%s", prefix, lines[i]);
		else
			wrap_line(out, lines[i], columns, prefix);
	}
	return g_string_free(out, FALSE);
}
