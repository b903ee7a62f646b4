/* HTML to text that reads like a mail.
 *
 * Made from the events of libxml2's HTML parser, without a tree, in time
 * linear in the input.  Lists, tables, links, preformatted text and quotes
 * ("> ") are kept; script, style, head, comments and what is hidden are not.
 * Where the markup tells where a quote, a forwarded mail or a signature
 * begins, the text has a mark (message/marks.h) for message/quote.h. */
#pragma once

#include <glib.h>

/* Input behind this is not read. */
#define HTML_OCTETS_MAX      1048576
/* A longer tag loses its attributes: libxml2 needs the square of their
 * number.  Images inside the mail (data: URLs) are the honest case. */
#define HTML_TAG_OCTETS_MAX  16384
/* Deeper quotes and lists are shown at this depth. */
#define HTML_QUOTE_DEPTH_MAX 20
#define HTML_LIST_DEPTH_MAX  10
/* A longer link is not shown. */
#define HTML_LINK_OCTETS_MAX 500
/* Output stops here. */
#define HTML_TEXT_OCTETS_MAX 2097152

/* html is valid UTF-8 of length octets, NULs allowed.  The result is clean
 * (text_clean_block) but for the marks; owned by the caller, never NULL. */
char *html_to_text(const char *html, gsize length);
