#include "message/miscoded.h"

#include <stdbool.h>
#include <string.h>

/* a line of code is not shorter, unless it is the last */
#define CODE_OCTETS_MIN 16
/* of a line of words, apart from a URL */
#define WORD_OCTETS_MAX 40

static bool
is_code_octet(char c)
{
	return g_ascii_isalnum(c) || c == '+' || c == '/' || c == '=';
}

static gsize
code_octets(Slice line)
{
	gsize i = 0;

	while (i < line.length && is_code_octet(line.at[i]))
		i++;
	return i;
}

static Slice
trimmed(Slice line)
{
	while (line.length > 0 && g_ascii_isspace(*line.at))
		line.at++, line.length--;
	while (line.length > 0 && g_ascii_isspace(line.at[line.length - 1]))
		line.length--;
	return line;
}

static bool
is_code(Slice line)
{
	return code_octets(line) == line.length && line.length > 0 &&
	       (line.length >= CODE_OCTETS_MIN ||
	        line.at[line.length - 1] == '=');
}

/* three words at least, and none as long as code is */
static bool
is_words(Slice line)
{
	gsize blanks = 0, word = 0;

	for (gsize i = 0; i < line.length; i++) {
		bool blank = line.at[i] == ' ' || line.at[i] == '\t';

		blanks += blank && word > 0;
		word = blank ? 0 : word + is_code_octet(line.at[i]);
		if (word > WORD_OCTETS_MAX)
			return false;
	}
	return blanks >= 2;
}

/* "-- ", "____": what footers begin with */
static bool
is_rule(Slice line)
{
	gsize i = 0;

	while (i < line.length && strchr("-_=*", line.at[i]) != NULL &&
	       line.at[i] != '\0')
		i++;
	return i >= 2 && i == line.length;
}

static bool
ends_code(Slice line)
{
	return line.length == 0 || line.at[line.length - 1] == '=';
}

gsize
miscoded_code_length(Slice body)
{
	const char *end = body.at + body.length;
	const char *next;
	bool is_over = true; /* the line above is blank or ends the code */
	bool has_code = false;

	for (const char *at = body.at; at < end; at = next) {
		Slice line = trimmed(scan_line(at, end, false, &next));

		if (!has_code && is_words(line))
			return 0;
		if (has_code && is_over && (is_words(line) || is_rule(line)))
			return (gsize)(at - body.at);
		has_code |= is_code(line);
		is_over = ends_code(line);
	}
	return body.length;
}
