#include "message/report_address.h"

#include <stdbool.h>
#include <string.h>

#include "base/text.h"

/* ASCII only: in running text of Chinese or Japanese, words stand right
 * before and behind an address.  Fields are read whole. */
static bool
is_local(char c)
{
	return g_ascii_isalnum(c) ||
	       (c != '\0' && strchr(".!#$%&'*+-/=?^_`{|}~", c) != NULL);
}

static bool
is_domain(char c)
{
	return g_ascii_isalnum(c) || c == '.' || c == '-' || c == '_';
}

/* What is written right before an address without a blank: X.400's
 * dda:SMTP=a@b, a quotation mark, a bullet. */
static const char *
without_prefix(const char *start, const char *at)
{
	static const char *const prefixes[] = { "smtp=", "'", "`", "*", "--" };

	for (size_t i = 0; i < G_N_ELEMENTS(prefixes); i++) {
		size_t length = strlen(prefixes[i]);

		if (at - start > (ptrdiff_t)length &&
		    g_ascii_strncasecmp(start, prefixes[i], length) == 0)
			start += length;
	}
	return start;
}

static const char *
domain_end(const char *at, const char *end)
{
	const char *p = at + 1;

	while (p < end && is_domain(*p))
		p++;
	while (p > at + 1 && (p[-1] == '.' || p[-1] == '-' || p[-1] == '_'))
		p--;
	return p;
}

static char *
address_at(const char *text, const char *at, const char *end,
           const char **out_at, const char **out_after)
{
	const char *start = at;
	const char *after = domain_end(at, end);

	while (start > text && is_local(start[-1]))
		start--;
	start = without_prefix(start, at);
	if (start == at || after == at + 1 ||
	    memchr(at, '.', (size_t)(after - at)) == NULL ||
	    after - start > REPORT_ADDRESS_OCTETS_MAX)
		return NULL;
	*out_at = start;
	*out_after = after;
	g_autofree char *local = g_strndup(start, (gsize)(at - start));
	g_autofree char *domain = g_ascii_strdown(at, (gssize)(after - at));
	return g_strconcat(local, domain, NULL);
}

char *
report_address_in(const char *text, const char *end, const char **out_at,
                  const char **out_after)
{
	const char *from = text;

	while (from < end) {
		const char *at = memchr(from, '@', (size_t)(end - from));

		if (at == NULL)
			return NULL;
		char *address = address_at(from, at, end, out_at, out_after);
		if (address != NULL)
			return address;
		from = at + 1;
	}
	return NULL;
}

static int
octet_of(const char *hex)
{
	if (!g_ascii_isxdigit(hex[0]) || g_ascii_islower(hex[0]) ||
	    !g_ascii_isxdigit(hex[1]) || g_ascii_islower(hex[1]))
		return -1;
	return g_ascii_xdigit_value(hex[0]) * 16 + g_ascii_xdigit_value(hex[1]);
}

/* Only "+" and "=" are printable and must be encoded; a control has no
 * business in an address or an envelope id.  So "user+tag@" stays. */
static bool
is_xtext(const char *text)
{
	const char *p = strchr(text, '+');

	for (; p != NULL; p = strchr(p + 1, '+')) {
		int octet = octet_of(p + 1);

		if (octet != '+' && octet != '=')
			return false;
	}
	return true;
}

char *
report_xtext(const char *text)
{
	GString *decoded = g_string_new(NULL);

	if (!is_xtext(text)) {
		g_string_assign(decoded, text);
		return g_string_free(decoded, FALSE);
	}
	for (const char *p = text; *p != '\0'; p++) {
		if (*p != '+') {
			g_string_append_c(decoded, *p);
			continue;
		}
		g_string_append_c(decoded, (char)octet_of(p + 1));
		p += 2;
	}
	/* the codes can stand for any octet */
	g_autofree char *octets = g_string_free(decoded, FALSE);
	g_autofree char *valid = text_from_octets(octets, -1);
	return text_clean_line(valid);
}

/* RFC 6533 section 3: \x{HEX} for what does not fit into ASCII. */
static char *
utf8_address(const char *text)
{
	GString *decoded = g_string_new(NULL);

	for (const char *p = text; *p != '\0';) {
		char *after = NULL;
		guint64 c = 0;

		if (strncmp(p, "\\x{", 3) == 0)
			c = g_ascii_strtoull(p + 3, &after, 16);
		if (after != NULL && *after == '}' && c >= 0x20 &&
		    c <= 0x10ffff && g_unichar_validate((gunichar)c)) {
			g_string_append_unichar(decoded, (gunichar)c);
			p = after + 1;
		} else {
			g_string_append_c(decoded, *p++);
		}
	}
	return g_string_free(decoded, FALSE);
}

static bool
has_type(const char *value, const char *semicolon, const char *type)
{
	g_autofree char *before = g_strndup(value, (gsize)(semicolon - value));

	return text_equal_ascii(g_strstrip(before), type);
}

/* value without blanks, brackets and quotes around it, or NULL if blanks or
 * more brackets are left in it */
static char *
bare(const char *value)
{
	g_autofree char *text = text_clean_line(value);
	size_t length = strlen(text);
	size_t start = 0;

	while (start < length && strchr("<\"' ", text[start]) != NULL)
		start++;
	while (length > start && strchr(">\"' ", text[length - 1]) != NULL)
		length--;
	char *name = g_strndup(text + start, length - start);
	if (*name == '\0' || strpbrk(name, " <>\"") != NULL ||
	    strlen(name) > REPORT_ADDRESS_OCTETS_MAX)
		g_clear_pointer(&name, g_free);
	return name;
}

static char *
with_lower_domain(char *address)
{
	for (char *p = strrchr(address, '@'); p != NULL && *p != '\0'; p++)
		*p = g_ascii_tolower(*p);
	return address;
}

char *
report_address_of_field(const char *value)
{
	const char *semicolon = strchr(value, ';');
	const char *at = NULL, *after = NULL;
	g_autofree char *text = NULL;

	if (semicolon == NULL)
		text = g_strdup(value);
	else if (has_type(value, semicolon, "utf-8"))
		text = utf8_address(semicolon + 1);
	else
		text = report_xtext(semicolon + 1);
	g_autofree char *name = bare(text);
	bool is_mail = semicolon == NULL ||
	               has_type(value, semicolon, "rfc822") ||
	               has_type(value, semicolon, "utf-8");

	/* a local name is all that some tell */
	if (name != NULL && is_mail)
		return with_lower_domain(g_steal_pointer(&name));
	return report_address_in(text, text + strlen(text), &at, &after);
}
