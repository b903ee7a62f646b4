/* What html.c knows of elements and of the marks that mail clients leave. */
#pragma once

#include "message/marks.h"

typedef enum HtmlElement {
	HTML_INLINE = 0,
	HTML_LINE,      /* begins and ends a line */
	HTML_PARAGRAPH, /* with a blank line around */
	HTML_BREAK,
	HTML_RULE,
	HTML_PRE,
	HTML_QUOTE,
	HTML_LIST,
	HTML_NUMBERED,
	HTML_ITEM,
	HTML_TABLE,
	HTML_ROW,
	HTML_CELL,
	HTML_HEADING_CELL,
	HTML_LINK,
	HTML_IMAGE,
	HTML_SKIP, /* no text for people in it */
} HtmlElement;

/* name in lower case, as libxml2 gives it */
HtmlElement html_element(const char *name);

typedef enum HtmlMatch {
	MATCH_IS,       /* the whole value */
	MATCH_WORD,     /* one of the words of class="..." */
	MATCH_PREFIX,   /* the value begins so */
	MATCH_CONTAINS, /* anywhere in the value, ASCII case */
} HtmlMatch;

/* The mark that opens at this element, or MARK_NONE; attributes as libxml2
 * gives them (name, value, ..., NULL), may be NULL. */
Mark html_mark(const char *element, const char *const *attributes);

/* What closes it: MARK_NONE for MARK_HISTORY. */
Mark html_mark_end(Mark mark);

/* A blockquote that a client put around what it quotes (false: it may be the
 * sender's own indented words). */
bool html_is_quote(const char *const *attributes);

/* display:none and its relatives */
bool html_is_hidden(const char *style);

/* Outlook and Word write each line as a paragraph without a margin. */
bool html_is_tight(const char *const *attributes);

/* NULL if there is none */
const char *html_attribute(const char *const *attributes, const char *name);
