#include "message/inline.h"

#include <string.h>

#include "base/text.h"

#include "message/decode.h"

static void
file_free(void *data)
{
	InlineFile *file = data;

	g_free(file->name);
	g_string_free(file->octets, TRUE);
	g_free(file);
}

static InlineFile *
file_new(const char *name, gsize length)
{
	InlineFile *file = g_new0(InlineFile, 1);

	g_autofree char *valid = text_from_octets(name, (gssize)length);
	file->name = text_clean_line(valid);
	file->octets = g_string_new(NULL);
	return file;
}

static bool
starts(Slice line, const char *word)
{
	gsize length = strlen(word);

	return line.length >= length && memcmp(line.at, word, length) == 0;
}

/* "begin 644 name": three or four octal digits (POSIX uuencode) */
static bool
is_uu_begin(Slice line, Slice *out_name)
{
	if (!starts(line, "begin ") || line.length < 11)
		return false;
	const char *at = line.at + 6;
	const char *end = line.at + line.length;
	const char *digits = at;
	while (at < end && *at >= '0' && *at <= '7')
		at++;
	if (at - digits < 3 || at - digits > 4 || at == end || *at != ' ')
		return false;
	*out_name = (Slice){ at + 1, (gsize)(end - at - 1) };
	return true;
}

/* at is behind the begin line.  Returns what is behind the end line, or NULL if
 * this is no file: it has no code, or no end. */
static const char *
read_uu(const char *at, const char *end, GString *octets)
{
	const char *next;

	for (; at < end; at = next) {
		Slice line = scan_line(at, end, false, &next);
		gsize before = octets->len;

		if (line.length == 3 && memcmp(line.at, "end", 3) == 0)
			return octets->len > 0 ? next : NULL;
		decode_uu_line(line, octets);
		/* only the last line of code is empty */
		if (octets->len == before && line.length > 0 &&
		    *line.at != '`' && *line.at != ' ')
			return NULL;
	}
	return NULL;
}

/* "=ybegin line=128 size=123 name=x" (yEnc 1.3): the name is the rest */
static bool
is_yenc_begin(Slice line, Slice *out_name)
{
	if (!starts(line, "=ybegin "))
		return false;
	g_autofree char *text = g_strndup(line.at, line.length);
	const char *name = strstr(text, " name=");
	if (name == NULL || strstr(text, " line=") == NULL)
		return false;
	gsize offset = (gsize)(name - text) + strlen(" name=");
	*out_name = (Slice){ line.at + offset, line.length - offset };
	return true;
}

static void
decode_yenc_line(Slice line, GString *octets)
{
	for (gsize i = 0; i < line.length; i++) {
		guint8 c = (guint8)line.at[i];

		if (c == '=' && i + 1 < line.length)
			c = (guint8)((guint8)line.at[++i] - 64);
		g_string_append_c(octets, (char)(guint8)(c - 42));
	}
}

static const char *
read_yenc(const char *at, const char *end, GString *octets)
{
	const char *next;

	for (; at < end; at = next) {
		Slice line = scan_line(at, end, false, &next);

		if (starts(line, "=yend"))
			return next;
		if (!starts(line, "=ypart "))
			decode_yenc_line(line, octets);
	}
	return NULL;
}

/* The file that begins with this line, or NULL; *next is moved behind it. */
static InlineFile *
read_file(Slice line, const char *end, const char **next)
{
	Slice name;
	bool is_uu = is_uu_begin(line, &name);

	if (!is_uu && !is_yenc_begin(line, &name))
		return NULL;
	InlineFile *file = file_new(name.at, name.length);
	const char *behind = is_uu ? read_uu(*next, end, file->octets)
	                           : read_yenc(*next, end, file->octets);
	if (behind == NULL) {
		file_free(file);
		return NULL;
	}
	*next = behind;
	return file;
}

static bool
has_begin(const GString *text)
{
	return strstr(text->str, "begin ") != NULL;
}

GPtrArray *
inline_take(GString *text)
{
	GPtrArray *files = g_ptr_array_new_with_free_func(file_free);
	const char *end = text->str + text->len;
	const char *next;

	if (!has_begin(text))
		return files;
	GString *rest = g_string_sized_new(text->len);
	unsigned failures = 0;
	for (const char *at = text->str; at < end; at = next) {
		Slice line = scan_line(at, end, false, &next);
		InlineFile *file = NULL;
		bool may_be =
			files->len + failures < INLINE_FILES_MAX &&
			(starts(line, "begin ") || starts(line, "=ybegin "));

		if (may_be)
			file = read_file(line, end, &next);
		failures += may_be && file == NULL;
		if (file != NULL)
			g_ptr_array_add(files, file);
		else
			g_string_append_len(rest, at, next - at);
	}
	g_string_assign(text, "");
	g_string_append_len(text, rest->str, (gssize)rest->len);
	g_string_free(rest, TRUE);
	return files;
}
