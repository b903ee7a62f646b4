#include "message/param.h"

#include <string.h>

#include "base/text.h"

#include "message/charset.h"
#include "message/header.h"

static bool
is_space(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

/* One "name=value" of a field. */
typedef struct Param {
	Slice name; /* "filename", "filename*", "filename*0*" */
	Slice value;
	bool is_quoted;
} Param;

typedef struct ParamReader {
	const char *at;
	const char *end;
	unsigned count;
} ParamReader;

static void
skip(ParamReader *reader, const char *what)
{
	while (reader->at < reader->end && *reader->at != '\0' &&
	       strchr(what, *reader->at) != NULL)
		reader->at++;
}

static Slice
token(ParamReader *reader, const char *stops)
{
	const char *from = reader->at;

	while (reader->at < reader->end && *reader->at != '\0' &&
	       strchr(stops, *reader->at) == NULL)
		reader->at++;
	/* a NUL ends no token but is of none either */
	if (reader->at < reader->end && *reader->at == '\0' &&
	    reader->at == from)
		reader->at++;
	return (Slice){ from, (gsize)(reader->at - from) };
}

static Slice
without_blanks(Slice slice)
{
	while (slice.length > 0 && is_space(slice.at[slice.length - 1]))
		slice.length--;
	return slice;
}

/* reader->at is behind the first quote.  Without a closing one the value ends
 * as one without quotes would. */
static Slice
quoted(ParamReader *reader)
{
	const char *from = reader->at;

	for (const char *at = from; at < reader->end; at++) {
		if (*at == '\\' && at + 1 < reader->end &&
		    (at[1] == '"' || at[1] == '\\'))
			at++;
		else if (*at == '"') {
			reader->at = at + 1;
			return (Slice){ from, (gsize)(at - from) };
		}
	}
	return without_blanks(token(reader, ";\r\n"));
}

/* "name=my file.pdf": a value without quotes runs to the semicolon, unless what
 * follows a blank is another parameter. */
static Slice
unquoted(ParamReader *reader)
{
	const char *from = reader->at;
	const char *stop = NULL;

	for (; reader->at < reader->end && *reader->at != ';'; reader->at++) {
		if (is_space(*reader->at) &&
		    (reader->at == from || !is_space(reader->at[-1])))
			stop = reader->at;
		/* "=?utf-8?..?=" is no parameter, and neither is base64 */
		else if (*reader->at == '=' && stop != NULL &&
		         reader->at - stop > 2 && stop[1] != '=' &&
		         g_ascii_isalpha(reader->at[-1])) {
			reader->at = stop;
			break;
		}
	}
	return without_blanks((Slice){ from, (gsize)(reader->at - from) });
}

static bool
next_param(ParamReader *reader, Param *param)
{
	while (reader->at < reader->end && reader->count < PARAM_MAX) {
		skip(reader, "; \t\r\n");
		param->name = token(reader, "=; \t\r\n");
		skip(reader, " \t\r\n");
		if (reader->at >= reader->end || *reader->at != '=')
			continue;
		reader->at++;
		reader->count++;
		skip(reader, " \t\r\n");
		param->is_quoted =
			reader->at < reader->end && *reader->at == '"';
		if (param->is_quoted)
			reader->at++;
		param->value =
			param->is_quoted ? quoted(reader) : unquoted(reader);
		return true;
	}
	return false;
}

static ParamReader
params_of(Slice field)
{
	ParamReader reader = { field.at, field.at + field.length, 0 };
	/* "name=x" alone, with no value before it, is a parameter too */
	const char *equals =
		field.length == 0 ? NULL : memchr(field.at, '=', field.length);
	const char *end = equals == NULL ? reader.end : equals;

	skip(&reader, " \t\r\n");
	const char *from = reader.at;
	Slice main = token(&reader, "; \t\r\n");
	if (main.at + main.length > end)
		reader.at = from;
	return reader;
}

static bool
is_main_char(char c)
{
	return g_ascii_isalnum(c) || (c != '\0' && strchr("/-+._!#$&^", c));
}

/* reader->at is on a blank: "text / plain" is one word, "text/plain charset=x"
 * two. */
static bool
main_goes_on(ParamReader *reader, const GString *main)
{
	skip(reader, " \t\r\n");
	if (reader->at == reader->end)
		return false;
	return *reader->at == '/' || g_str_has_suffix(main->str, "/");
}

char *
param_main(Slice field)
{
	if (field.at == NULL)
		return g_strdup("");
	ParamReader reader = { field.at, field.at + field.length, 0 };
	GString *main = g_string_new(NULL);

	skip(&reader, " \t\r\n\"'");
	while (reader.at < reader.end) {
		if (is_main_char(*reader.at))
			g_string_append_c(main, g_ascii_tolower(*reader.at++));
		else if (!is_space(*reader.at) || !main_goes_on(&reader, main))
			break;
	}
	if (reader.at < reader.end && *reader.at == '=')
		g_string_truncate(main, 0);
	return g_string_free(main, FALSE);
}

/* ---- values ----------------------------------------------------------------
 */

/* Windows clients write paths: only quotes and backslashes are escaped. */
static void
append_value(GString *out, const Param *param)
{
	Slice value = param->value;

	for (gsize i = 0; i < value.length; i++) {
		if (param->is_quoted && value.at[i] == '\\' &&
		    i + 1 < value.length &&
		    (value.at[i + 1] == '"' || value.at[i + 1] == '\\'))
			i++;
		g_string_append_c(out, value.at[i]);
	}
}

static bool
is_name(Slice name, const char *text)
{
	return name.length == strlen(text) &&
	       g_ascii_strncasecmp(name.at, text, name.length) == 0;
}

GString *
param_raw(Slice field, const char *name)
{
	Param param;

	if (field.at == NULL)
		return NULL;
	ParamReader reader = params_of(field);
	while (next_param(&reader, &param)) {
		if (!is_name(param.name, name))
			continue;
		GString *value = g_string_new(NULL);
		append_value(value, &param);
		return value;
	}
	return NULL;
}

/* ---- RFC 2231 --------------------------------------------------------------
 */

typedef struct Section {
	bool is_there;
	bool is_encoded;
	Param param;
} Section;

/* "filename*0*" of "filename": section 0, encoded; "filename*": 0, encoded.
 * false if the name is another one or no such form. */
static bool
read_section(Slice name, const char *wanted, unsigned *number, bool *encoded)
{
	gsize length = strlen(wanted);
	const char *end = name.at + name.length;

	if (name.length <= length || name.at[length] != '*' ||
	    g_ascii_strncasecmp(name.at, wanted, length) != 0)
		return false;
	const char *at = name.at + length + 1;
	*number = 0;
	*encoded = at == end;
	for (; at < end && g_ascii_isdigit(*at) && *number < PARAM_MAX; at++)
		*number = *number * 10 + (unsigned)(*at - '0');
	if (at < end && *at == '*') {
		*encoded = true;
		at++;
	}
	return at == end && *number < PARAM_MAX;
}

static bool
find_sections(Slice field, const char *name, Section *sections)
{
	ParamReader reader = params_of(field);
	Param param;
	bool any = false;

	while (next_param(&reader, &param)) {
		unsigned number;
		bool encoded;

		if (!read_section(param.name, name, &number, &encoded) ||
		    sections[number].is_there)
			continue;
		sections[number] = (Section){ true, encoded, param };
		any = true;
	}
	return any;
}

static void
append_percent(GString *out, const char *octets, gsize length)
{
	for (gsize i = 0; i < length; i++) {
		int high = i + 2 < length ? g_ascii_xdigit_value(octets[i + 1])
		                          : -1;
		int low = i + 2 < length ? g_ascii_xdigit_value(octets[i + 2])
		                         : -1;
		if (octets[i] == '%' && high >= 0 && low >= 0) {
			g_string_append_c(out, (char)(high * 16 + low));
			i += 2;
		} else {
			g_string_append_c(out, octets[i]);
		}
	}
}

/* "utf-8'en'...": the charset, and what is behind the second quote. */
static char *
take_charset(GString *value)
{
	char *first = strchr(value->str, '\'');
	char *second = first == NULL ? NULL : strchr(first + 1, '\'');

	if (second == NULL)
		return NULL;
	char *charset = g_strndup(value->str, (gsize)(first - value->str));
	g_string_erase(value, 0, second + 1 - value->str);
	return charset;
}

static void
append_section(GString *out, const Section *section, char **charset)
{
	GString *value = g_string_new(NULL);

	append_value(value, &section->param);
	if (section->is_encoded && *charset == NULL)
		*charset = take_charset(value);
	if (section->is_encoded)
		append_percent(out, value->str, value->len);
	else
		g_string_append_len(out, value->str, (gssize)value->len);
	g_string_free(value, TRUE);
}

static char *
joined_sections(const Section *sections, const char *hint)
{
	GString *octets = g_string_new(NULL);
	g_autofree char *charset = NULL;
	bool encoded = false;

	for (unsigned i = 0; i < PARAM_MAX; i++) {
		if (!sections[i].is_there)
			continue;
		encoded |= sections[i].is_encoded;
		append_section(octets, &sections[i], &charset);
	}
	g_autofree char *text = NULL;
	if (encoded)
		text = charset_to_utf8(charset, octets->str, octets->len, NULL);
	else
		text = header_decode((Slice){ octets->str, octets->len }, hint);
	g_string_free(octets, TRUE);
	/* percent codes around encoded words, seen from web mailers */
	if (strstr(text, "=?") != NULL)
		return header_decode((Slice){ text, strlen(text) }, hint);
	return text_clean_line(text);
}

char *
param_text(Slice field, const char *name, const char *hint)
{
	Section sections[PARAM_MAX] = { 0 };

	if (field.at == NULL)
		return NULL;
	if (memchr(field.at, '*', field.length) != NULL &&
	    find_sections(field, name, sections))
		return joined_sections(sections, hint);
	GString *raw = param_raw(field, name);
	if (raw == NULL)
		return NULL;
	char *text = header_decode((Slice){ raw->str, raw->len }, hint);
	g_string_free(raw, TRUE);
	return text;
}
