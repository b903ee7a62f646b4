#include "message/html_tables.h"

#include <stdlib.h>
#include <string.h>

typedef struct ElementRow {
	const char *name;
	HtmlElement kind;
} ElementRow;

/* sorted by name */
static const ElementRow elements[] = {
	{ "a", HTML_LINK },          { "address", HTML_LINE },
	{ "applet", HTML_SKIP },     { "article", HTML_LINE },
	{ "aside", HTML_LINE },      { "blockquote", HTML_QUOTE },
	{ "body", HTML_LINE },       { "br", HTML_BREAK },
	{ "caption", HTML_LINE },    { "center", HTML_LINE },
	{ "dd", HTML_LINE },         { "dir", HTML_LIST },
	{ "div", HTML_LINE },        { "dl", HTML_PARAGRAPH },
	{ "dt", HTML_LINE },         { "fieldset", HTML_LINE },
	{ "figcaption", HTML_LINE }, { "figure", HTML_LINE },
	{ "footer", HTML_LINE },     { "form", HTML_LINE },
	{ "h1", HTML_PARAGRAPH },    { "h2", HTML_PARAGRAPH },
	{ "h3", HTML_PARAGRAPH },    { "h4", HTML_PARAGRAPH },
	{ "h5", HTML_PARAGRAPH },    { "h6", HTML_PARAGRAPH },
	{ "head", HTML_SKIP },       { "header", HTML_LINE },
	{ "hr", HTML_RULE },         { "img", HTML_IMAGE },
	{ "legend", HTML_LINE },     { "li", HTML_ITEM },
	{ "main", HTML_LINE },       { "menu", HTML_LIST },
	{ "nav", HTML_LINE },        { "object", HTML_SKIP },
	{ "ol", HTML_NUMBERED },     { "p", HTML_PARAGRAPH },
	{ "pre", HTML_PRE },         { "script", HTML_SKIP },
	{ "section", HTML_LINE },    { "select", HTML_SKIP },
	{ "style", HTML_SKIP },      { "svg", HTML_SKIP },
	{ "table", HTML_TABLE },     { "td", HTML_CELL },
	{ "template", HTML_SKIP },   { "textarea", HTML_PRE },
	{ "th", HTML_HEADING_CELL }, { "title", HTML_SKIP },
	{ "tr", HTML_ROW },          { "ul", HTML_LIST },
	{ "xml", HTML_SKIP },
};

static int
by_name(const void *name, const void *row)
{
	return strcmp(name, ((const ElementRow *)row)->name);
}

HtmlElement
html_element(const char *name)
{
	const ElementRow *row = bsearch(name, elements, G_N_ELEMENTS(elements),
	                                sizeof(elements[0]), by_name);

	return row == NULL ? HTML_INLINE : row->kind;
}

typedef struct MarkRow {
	const char *element; /* NULL: any */
	const char *attribute;
	HtmlMatch match;
	const char *value;
	Mark mark;
} MarkRow;

/* From the markup that each client writes; the first row that fits counts. */
static const MarkRow marks[] = {
	/* Gmail, and the many that write the same (K-9, BlueMail, Superhuman)
	 */
	{ NULL, "class", MATCH_WORD, "gmail_attr", MARK_ATTRIBUTION },
	{ "div", "class", MATCH_WORD, "gmail_quote", MARK_QUOTE },
	{ NULL, "class", MATCH_WORD, "gmail_signature", MARK_SIGNATURE },
	{ NULL, "class", MATCH_WORD, "gmail_signature_prefix", MARK_SIGNATURE },
	/* Outlook on the web, Outlook.com, Hotmail, the new Outlook */
	{ NULL, "id", MATCH_IS, "divRplyFwdMsg", MARK_HISTORY },
	{ NULL, "id", MATCH_IS, "appendonsend", MARK_HISTORY },
	{ "hr", "id", MATCH_IS, "stopSpelling", MARK_HISTORY },
	{ NULL, "id", MATCH_IS, "mail-editor-reference-message-container",
	  MARK_HISTORY },
	{ NULL, "class", MATCH_WORD, "ms-outlook-mobile-reference-message",
	  MARK_HISTORY },
	{ NULL, "id", MATCH_IS, "ms-outlook-mobile-signature", MARK_SIGNATURE },
	{ "div", "id", MATCH_IS, "Signature", MARK_SIGNATURE },
	/* Outlook for Windows: the line above From/Sent/To/Subject.  The
	 * mobile Outlook and Windows Mail write the same style. */
	{ "div", "style", MATCH_CONTAINS, "border-top:solid", MARK_HISTORY },
	{ "div", "style", MATCH_CONTAINS, "border-top: solid", MARK_HISTORY },
	{ "div", "style", MATCH_CONTAINS, "border-top:1pt solid",
	  MARK_HISTORY },
	{ "a", "name", MATCH_IS, "_____replyseparator", MARK_HISTORY },
	{ "div", "class", MATCH_WORD, "OutlookMessageHeader", MARK_HISTORY },
	/* Outlook for Mac */
	{ NULL, "id", MATCH_IS, "OLK_SRC_BODY_SECTION", MARK_HISTORY },
	{ NULL, "id", MATCH_IS, "MAC_OUTLOOK_SIGNATURE", MARK_SIGNATURE },
	/* Thunderbird, SeaMonkey, Betterbird */
	{ NULL, "class", MATCH_WORD, "moz-cite-prefix", MARK_ATTRIBUTION },
	{ NULL, "class", MATCH_WORD, "moz-email-headers-table", MARK_NONE },
	{ NULL, "class", MATCH_WORD, "moz-forward-container", MARK_FORWARD },
	{ NULL, "class", MATCH_WORD, "moz-signature", MARK_SIGNATURE },
	/* Yahoo: the class carries a prefix per composition */
	{ "div", "class", MATCH_CONTAINS, "yahoo_quoted", MARK_QUOTE },
	{ NULL, "class", MATCH_WORD, "yahoo-signature", MARK_SIGNATURE },
	/* Proton Mail, Tuta */
	{ "div", "class", MATCH_WORD, "protonmail_quote", MARK_QUOTE },
	{ NULL, "class", MATCH_WORD, "protonmail_signature_block",
	  MARK_SIGNATURE },
	{ NULL, "class", MATCH_WORD, "tutanota_quote", MARK_QUOTE },
	/* Apple Mail for macOS and iOS */
	{ NULL, "id", MATCH_IS, "AppleMailSignature", MARK_SIGNATURE },
	{ NULL, "class", MATCH_WORD, "AppleOriginalContents", MARK_QUOTE },
	/* Zimbra */
	{ NULL, "data-marker", MATCH_IS, "__DIVIDER__", MARK_HISTORY },
	{ "hr", "id", MATCH_IS, "zwchr", MARK_HISTORY },
	{ NULL, "data-marker", MATCH_IS, "__SIG_PRE__", MARK_SIGNATURE },
	/* Zoho */
	{ "div", "class", MATCH_WORD, "zmail_extra", MARK_QUOTE },
	/* NetEase (163.com) */
	{ NULL, "id", MATCH_IS, "isReplyContent", MARK_QUOTE },
	{ NULL, "id", MATCH_IS, "isForwardContent", MARK_FORWARD },
	{ NULL, "id", MATCH_IS, "spnEditorSign", MARK_SIGNATURE },
	/* GMX, WEB.DE, mail.com */
	{ "div", "name", MATCH_IS, "quote", MARK_QUOTE },
	/* mail.ru */
	{ "div", "class", MATCH_WORD, "mail-quote-collapse", MARK_QUOTE },
	/* Roundcube */
	{ NULL, "id", MATCH_IS, "reply-intro", MARK_ATTRIBUTION },
	{ NULL, "id", MATCH_IS, "_rc_sig", MARK_SIGNATURE },
	/* Spark */
	{ NULL, "name", MATCH_IS, "messageReplySection", MARK_QUOTE },
	{ NULL, "name", MATCH_IS, "messageSignatureSection", MARK_SIGNATURE },
	/* Airmail */
	{ NULL, "id", MATCH_PREFIX, "bloop_sign", MARK_SIGNATURE },
	/* Canary Mail */
	{ NULL, "id", MATCH_IS, "CanarySig", MARK_SIGNATURE },
	/* Samsung Email */
	{ NULL, "id", MATCH_IS, "composer_signature", MARK_SIGNATURE },
	/* Front, Missive, Freshdesk */
	{ NULL, "class", MATCH_WORD, "front-signature", MARK_SIGNATURE },
	{ NULL, "class", MATCH_WORD, "missive_quote", MARK_QUOTE },
	{ NULL, "class", MATCH_WORD, "freshdesk_quote", MARK_QUOTE },
	/* Evolution */
	{ NULL, "class", MATCH_WORD, "-x-evo-signature-wrapper",
	  MARK_SIGNATURE },
};

static const struct {
	Mark mark;
	Mark end;
} mark_ends[] = {
	{ MARK_QUOTE, MARK_QUOTE_END },
	{ MARK_ATTRIBUTION, MARK_ATTRIBUTION_END },
	{ MARK_FORWARD, MARK_FORWARD_END },
	{ MARK_SIGNATURE, MARK_SIGNATURE_END },
	{ MARK_INDENT, MARK_INDENT_END },
};

const char *
html_attribute(const char *const *attributes, const char *name)
{
	for (; attributes != NULL && attributes[0] != NULL; attributes += 2)
		if (strcmp(attributes[0], name) == 0)
			return attributes[1];
	return NULL;
}

static bool
has_word(const char *value, const char *word)
{
	size_t length = strlen(word);

	for (const char *p = value; *p != '\0';) {
		size_t size = strcspn(p, " \t\r\n");

		if (size == length && memcmp(p, word, length) == 0)
			return true;
		p += size;
		p += strspn(p, " \t\r\n");
	}
	return false;
}

static bool
contains(const char *value, const char *part)
{
	size_t length = strlen(part);

	for (const char *p = value; *p != '\0'; p++)
		if (g_ascii_strncasecmp(p, part, length) == 0)
			return true;
	return false;
}

static bool
value_fits(const MarkRow *row, const char *value)
{
	switch (row->match) {
	case MATCH_IS:
		return strcmp(value, row->value) == 0;
	case MATCH_WORD:
		return has_word(value, row->value);
	case MATCH_PREFIX:
		return g_str_has_prefix(value, row->value);
	case MATCH_CONTAINS:
		return contains(value, row->value);
	}
	g_assert_not_reached();
}

Mark
html_mark(const char *element, const char *const *attributes)
{
	if (attributes == NULL)
		return MARK_NONE;
	for (size_t i = 0; i < G_N_ELEMENTS(marks); i++) {
		const MarkRow *row = &marks[i];

		if (row->element != NULL && strcmp(row->element, element) != 0)
			continue;
		const char *value = html_attribute(attributes, row->attribute);
		if (value != NULL && value_fits(row, value))
			return row->mark;
	}
	return MARK_NONE;
}

Mark
html_mark_end(Mark mark)
{
	for (size_t i = 0; i < G_N_ELEMENTS(mark_ends); i++)
		if (mark_ends[i].mark == mark)
			return mark_ends[i].end;
	return MARK_NONE;
}

/* Values of a blockquote's class that clients write around a quote.  Gmail's
 * own is not among them: its quote button writes it around new words. */
static const char *const quote_classes[] = {
	"protonmail_quote",
	"tutanota_quote",
	"front-blockquote",
	"freshdesk_quote",
	"yahoo_quoted",
	"mail-quote-collapse",
	"cite",
	"cite2",
};

static bool
has_quote_class(const char *class)
{
	for (size_t i = 0; i < G_N_ELEMENTS(quote_classes); i++)
		if (has_word(class, quote_classes[i]))
			return true;
	return false;
}

bool
html_is_quote(const char *const *attributes)
{
	const char *type = html_attribute(attributes, "type");
	const char *class = html_attribute(attributes, "class");
	const char *style = html_attribute(attributes, "style");
	const char *id = html_attribute(attributes, "id");

	if (type != NULL && g_ascii_strcasecmp(type, "cite") == 0)
		return true;
	if (html_attribute(attributes, "cite") != NULL)
		return true; /* cite="mid:..." (Mozilla) */
	if (class != NULL && has_quote_class(class))
		return true;
	if (id != NULL && (strcmp(id, "blockquote_zmail") == 0 ||
	                   strcmp(id, "isReplyContent") == 0))
		return true;
	if (class != NULL && has_word(class, "gmail_quote"))
		return false;
	/* Zimbra, mail.ru, Outlook's web clients: a bar at the left */
	return style != NULL && contains(style, "border-left") &&
	       !contains(style, "border-left:none") &&
	       !contains(style, "border-left: none");
}

bool
html_is_hidden(const char *style)
{
	return style != NULL && (contains(style, "display:none") ||
	                         contains(style, "display: none") ||
	                         contains(style, "mso-hide:all") ||
	                         contains(style, "visibility:hidden"));
}

bool
html_is_tight(const char *const *attributes)
{
	const char *class = html_attribute(attributes, "class");
	const char *style = html_attribute(attributes, "style");

	if (class != NULL && (g_str_has_prefix(class, "Mso") ||
	                      g_str_has_prefix(class, "x_Mso") ||
	                      has_word(class, "elementToProof")))
		return true;
	return style != NULL &&
	       (contains(style, "margin:0") || contains(style, "margin: 0"));
}
