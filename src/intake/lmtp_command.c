#include "intake/lmtp_command.h"

#include <string.h>

static const struct {
	const char *word;
	LmtpVerb verb;
} verbs[] = {
	{ "LHLO", LMTP_LHLO }, { "MAIL", LMTP_MAIL }, { "RCPT", LMTP_RCPT },
	{ "DATA", LMTP_DATA }, { "BDAT", LMTP_BDAT }, { "RSET", LMTP_RSET },
	{ "NOOP", LMTP_NOOP }, { "VRFY", LMTP_VRFY }, { "QUIT", LMTP_QUIT },
	{ "HELO", LMTP_HELO }, { "EHLO", LMTP_HELO },
};

static const char *
past_blanks(const char *text)
{
	return text + strspn(text, " \t");
}

LmtpVerb
lmtp_verb(const char *line, const char **out_rest)
{
	size_t length = strcspn(line, " \t");

	*out_rest = past_blanks(line + length);
	for (unsigned i = 0; i < G_N_ELEMENTS(verbs); i++)
		if (strlen(verbs[i].word) == length &&
		    g_ascii_strncasecmp(line, verbs[i].word, length) == 0)
			return verbs[i].verb;
	return LMTP_UNKNOWN;
}

/* ---- paths ---- */

/* Where the > of the path is that begins behind text's <; NULL: nowhere.  A
 * quoted local part may hold one. */
static const char *
path_end(const char *text)
{
	bool is_quoted = false;

	for (; *text != '\0'; text++) {
		if (*text == '\\' && is_quoted && text[1] != '\0')
			text++;
		else if (*text == '"')
			is_quoted = !is_quoted;
		else if (*text == '>' && !is_quoted)
			return text;
		else if ((unsigned char)*text < 0x20 || *text == 0x7f ||
		         ((*text == '<' || *text == ' ') && !is_quoted))
			return NULL;
	}
	return NULL;
}

/* "@a,@b:ana@example.org": the route is to be ignored (RFC 5321 appendix C). */
static const char *
past_route(const char *text, const char *end)
{
	const char *colon = memchr(text, ':', (size_t)(end - text));

	return *text == '@' && colon != NULL ? colon + 1 : text;
}

static bool
has_address_shape(const char *address)
{
	const char *at = strrchr(address, '@');

	return *address == '\0' ||
	       g_ascii_strcasecmp(address, "postmaster") == 0 ||
	       (at != NULL && at != address && at[1] != '\0');
}

static char **
split_params(const char *text)
{
	char **params = g_strsplit(text, " ", LMTP_PARAMS_MAX + 1);
	unsigned kept = 0;

	for (unsigned i = 0; params[i] != NULL; i++) {
		if (*params[i] != '\0')
			params[kept++] = params[i];
		else
			g_free(params[i]);
	}
	params[kept] = NULL;
	return params;
}

bool
lmtp_path_read(LmtpPath *path, const char *word, const char *text)
{
	size_t length = strlen(word);

	if (g_ascii_strncasecmp(text, word, length) != 0)
		return false;
	text = past_blanks(text + length);
	const char *end = *text == '<' ? path_end(text + 1) : NULL;
	if (end == NULL || end - text > LMTP_PATH_MAX ||
	    (end[1] != ' ' && end[1] != '\0'))
		return false;
	text = past_route(text + 1, end);
	g_autofree char *address = g_strndup(text, (size_t)(end - text));
	if (!has_address_shape(address) || !g_utf8_validate(address, -1, NULL))
		return false;
	path->address = g_steal_pointer(&address);
	path->params = split_params(end + 1);
	return true;
}

void
lmtp_path_clear(LmtpPath *path)
{
	g_clear_pointer(&path->address, g_free);
	g_clear_pointer(&path->params, g_strfreev);
}

const char *
lmtp_param(const char *param, const char *name)
{
	size_t length = strlen(name);

	if (g_ascii_strncasecmp(param, name, length) != 0)
		return NULL;
	if (param[length] == '=')
		return param + length + 1;
	return param[length] == '\0' ? param + length : NULL;
}

/* ---- xtext ---- */

static bool
is_plain(unsigned char c)
{
	return c > 0x20 && c < 0x7f && c != '+' && c != '=';
}

char *
lmtp_xtext_read(const char *text)
{
	g_autoptr(GString) out = g_string_new(NULL);

	for (; *text != '\0'; text++) {
		if (is_plain((unsigned char)*text)) {
			g_string_append_c(out, *text);
			continue;
		}
		if (*text != '+' || !g_ascii_isxdigit(text[1]) ||
		    !g_ascii_isxdigit(text[2]))
			return NULL;
		int value = g_ascii_xdigit_value(text[1]) * 16 +
		            g_ascii_xdigit_value(text[2]);
		if (value == 0)
			return NULL;
		g_string_append_c(out, (char)value);
		text += 2;
	}
	return g_string_free(g_steal_pointer(&out), FALSE);
}

char *
lmtp_xtext_write(const char *text)
{
	GString *out = g_string_new(NULL);

	for (; *text != '\0'; text++) {
		unsigned char c = (unsigned char)*text;

		if (is_plain(c))
			g_string_append_c(out, (char)c);
		else
			g_string_append_printf(out, "+%02X", c);
	}
	return g_string_free(out, FALSE);
}
