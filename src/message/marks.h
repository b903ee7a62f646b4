/* Invisible characters by which html.c tells quote.c what the markup knew.
 *
 * HTML says where a quote or a signature begins; plain text does not.
 * html_to_text() writes these characters into its result at the start of the
 * line they speak of, quote_find_new_words() reads them and takes them out.
 * They are private-use code points of plane 16 that no font and no mailer is
 * known to use; what a stranger writes of them is dropped by both, so they can
 * mark nothing but the stranger's own words, and they never reach a Mail. */
#pragma once

#include <stdbool.h>

#include <glib.h>

typedef enum Mark {
	MARK_NONE = 0,
	/* from here to the end everything is old (Outlook's border line) */
	MARK_HISTORY = 0x10ff00,
	/* a container of attribution and quote (gmail_quote, yahoo_quoted) */
	MARK_QUOTE,
	MARK_QUOTE_END,
	/* "On ... wrote:" */
	MARK_ATTRIBUTION,
	MARK_ATTRIBUTION_END,
	/* a forwarded mail, its header block included */
	MARK_FORWARD,
	MARK_FORWARD_END,
	MARK_SIGNATURE,
	MARK_SIGNATURE_END,
	/* an indented block: a quote only if an attribution stands above it */
	MARK_INDENT,
	MARK_INDENT_END,
	MARK_LAST = MARK_INDENT_END,
} Mark;

/* The octets of each mark in UTF-8: F4 8F BC 80 and the ones behind it. */
#define MARK_OCTETS      4
#define MARK_FIRST_OCTET '\xf4'

static inline bool
mark_is(gunichar c)
{
	return c >= MARK_HISTORY && c <= MARK_LAST;
}

/* The mark at p (UTF-8, NUL-terminated), or MARK_NONE. */
static inline Mark
mark_at(const char *p)
{
	gunichar c;

	if (*p != MARK_FIRST_OCTET)
		return MARK_NONE;
	c = g_utf8_get_char(p);
	return mark_is(c) ? (Mark)c : MARK_NONE;
}
