#include "message/flowed.h"

#include <string.h>

#include <glib.h>

typedef struct Line {
	gsize depth;
	const char *text; /* behind quote marks and stuffing */
	gsize length;
	bool is_soft;
} Line;

/* RFC 3676 section 4.1 to 4.5, in the order they are to be applied */
static Line
read_line(const char *at, gsize length)
{
	Line line = { 0, at, length, false };

	while (line.length > 0 && *line.text == '>') {
		line.depth++;
		line.text++;
		line.length--;
	}
	if (line.length > 0 && *line.text == ' ') {
		line.text++;
		line.length--;
	}
	bool is_separator =
		line.length == 3 && memcmp(line.text, "-- ", 3) == 0;
	line.is_soft = line.length > 0 && line.text[line.length - 1] == ' ' &&
	               !is_separator;
	return line;
}

static void
start_line(GString *out, const Line *line)
{
	for (gsize i = 0; i < line->depth; i++)
		g_string_append_c(out, '>');
	if (line->depth > 0 && line->length > 0)
		g_string_append_c(out, ' ');
}

char *
flowed_to_text(const char *text, bool delsp)
{
	GString *out = g_string_sized_new(strlen(text));
	bool open = false;
	gsize depth = 0;

	for (const char *at = text; *at != '\0';) {
		gsize length = strcspn(at, "\n");
		Line line = read_line(at, length);
		bool is_separator =
			line.length == 3 && memcmp(line.text, "-- ", 3) == 0;

		/* a paragraph ends where the depth changes (section 4.5) */
		if (open && (depth != line.depth || is_separator)) {
			g_string_append_c(out, '\n');
			open = false;
		}
		if (!open)
			start_line(out, &line);
		gsize kept = line.length - (line.is_soft && delsp);
		g_string_append_len(out, line.text, (gssize)kept);
		open = line.is_soft;
		depth = line.depth;
		at += length;
		if (*at == '\n' && !open)
			g_string_append_c(out, '\n');
		at += *at == '\n';
	}
	return g_string_free(out, FALSE);
}
