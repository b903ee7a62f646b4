#include "desk/scrub.h"

#include <string.h>

#include <glib.h>

#include "base/token.h"

#define MAC_LENGTH 20

static size_t
base32_length(const char *text, size_t most)
{
	size_t length = 0;

	while (length < most && (g_ascii_isalpha(text[length]) ||
	                         (text[length] >= '2' && text[length] <= '7')))
		length++;
	return length;
}

static size_t
digits_and_dot(const char *text)
{
	size_t length = strspn(text, "0123456789");

	return length > 0 && length < 20 && text[length] == '.' ? length + 1
	                                                        : 0;
}

/* Of "p.12.3.MAC", t and v as well; 0 if it is none. */
static size_t
name_length(const char *text)
{
	if (*text == '\0' || strchr("pPtTvV", *text) == NULL || text[1] != '.')
		return 0;
	size_t ticket = digits_and_dot(text + 2);
	size_t seq = ticket == 0 ? 0 : digits_and_dot(text + 2 + ticket);
	size_t length = 2 + ticket + seq;
	if (seq == 0 || base32_length(text + length, MAC_LENGTH) < MAC_LENGTH)
		return 0;
	return length + MAC_LENGTH;
}

/* Of "+TOKEN" or "+v.12.3.MAC" before an "@". */
static size_t
extension_length(const char *text)
{
	if (*text != '+')
		return 0;
	size_t length = name_length(text + 1);
	if (length == 0 &&
	    base32_length(text + 1, TOKEN_LENGTH) == TOKEN_LENGTH)
		length = TOKEN_LENGTH;
	return length > 0 && text[1 + length] == '@' ? 1 + length : 0;
}

static size_t
bracket_length(const char *text)
{
	size_t length = *text == '[' ? name_length(text + 1) : 0;

	return length > 0 && text[1 + length] == ']' ? length + 2 : 0;
}

static size_t
secret_length(const char *text, char before)
{
	size_t length = extension_length(text);

	if (length == 0)
		length = bracket_length(text);
	if (length == 0 && !g_ascii_isalnum(before))
		length = name_length(text);
	return length;
}

char *
scrub_text(const char *text)
{
	GString *clean = g_string_sized_new(strlen(text));
	char before = ' ';

	while (*text != '\0') {
		size_t length = secret_length(text, before);
		if (length > 0) {
			text += length;
			continue;
		}
		before = *text;
		g_string_append_c(clean, *text++);
	}
	return g_string_free(clean, FALSE);
}
