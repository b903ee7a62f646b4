/* The one linear look at HTML before libxml2 sees it.
 *
 * libxml2 needs the square of the attributes of a tag, reads to the end of the
 * mail for a quote or a comment that is not closed, and knows no CDATA.  Here
 * comments, declarations, script and style are dropped, tags over
 * HTML_TAG_OCTETS_MAX lose their attributes, and a "<" that opens no tag
 * becomes "&lt;", so that nothing a sender wrote disappears (X-06, P-14). */
#pragma once

#include <glib.h>

/* At most HTML_OCTETS_MAX octets of html are read.  Owned by the caller. */
GString *html_input_clean(const char *html, gsize length);
