#include "message/html_input.h"

#include <stdbool.h>
#include <string.h>

#include "message/html.h"

/* elements whose content is not text; all of it goes */
static const char *const raw_elements[] = { "script", "style" };

typedef struct Scan {
	const char *at;
	const char *end;
	GString *out;
	bool hopeless; /* a tag or comment never ended: the rest is text */
	bool unclosed[G_N_ELEMENTS(raw_elements)]; /* no end of it ahead */
	/* where the last search for each ended, so that none is repeated */
	const char *next_double;
	const char *next_single;
} Scan;

static const char *
find(const char *from, const char *end, const char *what)
{
	const char *hit = g_strstr_len(from, end - from, what);

	return hit == NULL ? end : hit;
}

/* the closing quote behind from, or end; remembers it for the next question */
static const char *
closing_quote(Scan *scan, const char *from, char quote)
{
	const char **next =
		quote == '"' ? &scan->next_double : &scan->next_single;

	if (*next < from) {
		const char *hit =
			memchr(from, quote, (size_t)(scan->end - from));
		*next = hit == NULL ? scan->end : hit;
	}
	return *next;
}

/* Behind the tag that begins at at: its ">", or the "<" of the next tag where
 * that was forgotten; end if it never ends. */
static const char *
end_of_tag(Scan *scan, const char *at)
{
	bool value = false;

	for (const char *p = at + 1; p < scan->end; p++) {
		if (*p == '>' || *p == '<')
			return p;
		if (value && (*p == '"' || *p == '\'')) {
			p = closing_quote(scan, p + 1, *p);
			if (p >= scan->end)
				return scan->end;
		}
		value = *p == '=' || (value && g_ascii_isspace(*p));
	}
	return scan->end;
}

static size_t
name_length(const char *name, const char *end)
{
	const char *p = name;

	while (p < end && (g_ascii_isalnum(*p) || *p == ':' || *p == '-'))
		p++;
	return (size_t)(p - name);
}

static bool
name_is(const char *name, size_t length, const char *wanted)
{
	return length == strlen(wanted) &&
	       g_ascii_strncasecmp(name, wanted, length) == 0;
}

/* behind "</name", or NULL: that element is never closed */
static const char *
end_of_raw(const char *from, const char *end, const char *name)
{
	size_t length = strlen(name);

	for (const char *p = from; p < end; p++) {
		p = find(p, end, "</");
		if ((size_t)(end - p) < length + 2)
			return NULL;
		if (g_ascii_strncasecmp(p + 2, name, length) == 0)
			return p + 2 + length;
	}
	return NULL;
}

/* a script or style from its start tag on; false: at is none */
static bool
drop_raw(Scan *scan, const char *name, size_t length, const char *behind)
{
	for (size_t i = 0; i < G_N_ELEMENTS(raw_elements); i++) {
		if (!name_is(name, length, raw_elements[i]))
			continue;
		const char *close = scan->unclosed[i]
		                            ? NULL
		                            : end_of_raw(behind, scan->end,
		                                         raw_elements[i]);
		const char *gt =
			close == NULL ? NULL : find(close, scan->end, ">");
		/* unclosed: only the tag goes, what follows may be words */
		scan->unclosed[i] = close == NULL;
		scan->at = gt == NULL ? behind : gt + (gt < scan->end);
		return true;
	}
	return false;
}

static void
literal(Scan *scan)
{
	g_string_append(scan->out, "&lt;");
	scan->at++;
}

/* "<!-- -->", "<!DOCTYPE ...>", "<![if ...]>", "<?xml ...>" */
static void
drop_declaration(Scan *scan)
{
	bool comment =
		scan->end - scan->at >= 4 && memcmp(scan->at, "<!--", 4) == 0;
	bool cdata = scan->end - scan->at >= 9 &&
	             memcmp(scan->at, "<![CDATA[", 9) == 0;
	const char *stop = comment ? "-->" : ">";

	if (cdata) {
		scan->at += 9;
		return;
	}
	const char *hit = find(scan->at + (comment ? 2 : 1), scan->end, stop);
	if (hit == scan->end) {
		scan->hopeless = true;
		literal(scan);
		return;
	}
	scan->at = hit + strlen(stop);
}

static void
copy_tag(Scan *scan, const char *stop)
{
	size_t slash = scan->at[1] == '/' ? 1 : 0;
	size_t length = (size_t)(stop - scan->at);

	if (length > HTML_TAG_OCTETS_MAX) {
		const char *name = scan->at + 1 + slash;
		length = 1 + slash + name_length(name, stop);
	}
	g_string_append_len(scan->out, scan->at, (gssize)length);
	g_string_append_c(scan->out, '>');
	scan->at = stop + (*stop == '>');
}

static void
scan_tag(Scan *scan)
{
	const char *name = scan->at + 1;
	const char *stop = end_of_tag(scan, scan->at);

	if (stop == scan->end) {
		scan->hopeless = true;
		literal(scan);
		return;
	}
	if (!drop_raw(scan, name, name_length(name, scan->end), stop + 1))
		copy_tag(scan, stop);
}

/* "<ana@example.com>", "<https://...>", "</3": words, not tags */
static bool
opens_tag(const Scan *scan)
{
	const char *name = scan->at + 1;

	if (name < scan->end && *name == '/')
		name++;
	size_t length = name_length(name, scan->end);
	const char *behind = name + length;
	if (length == 0 || !g_ascii_isalpha(*name) || behind[-1] == ':')
		return false;
	return behind >= scan->end || strchr("@.+_", *behind) == NULL;
}

static void
scan_bracket(Scan *scan)
{
	char next = scan->end - scan->at > 1 ? scan->at[1] : '\0';

	if (scan->hopeless)
		literal(scan);
	else if (next == '!' || next == '?')
		drop_declaration(scan);
	else if (opens_tag(scan))
		scan_tag(scan);
	else
		literal(scan);
}

GString *
html_input_clean(const char *html, gsize length)
{
	gsize size = MIN(length, HTML_OCTETS_MAX);

	while (size < length && size > 0 && (html[size] & 0xc0) == 0x80)
		size--;
	Scan scan = { .at = html,
		      .end = html + size,
		      .out = g_string_sized_new(size + 1) };
	while (scan.at < scan.end) {
		if (*scan.at == '<') {
			scan_bracket(&scan);
		} else {
			g_string_append_c(scan.out,
			                  *scan.at == '\0' ? ' ' : *scan.at);
			scan.at++;
		}
	}
	return scan.out;
}
