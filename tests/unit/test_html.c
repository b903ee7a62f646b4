/* HTML to text: structure kept, marks where the markup tells, limits. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "message/html.h"
#include "message/html_input.h"
#include "message/marks.h"

typedef struct Case {
	const char *name;
	const char *html;
	const char *text; /* marks as in mark_names */
} Case;

static const char *const mark_names[] = {
	"{HISTORY}",      "{QUOTE}",   "{/QUOTE}",   "{ATTRIBUTION}",
	"{/ATTRIBUTION}", "{FORWARD}", "{/FORWARD}", "{SIGNATURE}",
	"{/SIGNATURE}",   "{INDENT}",  "{/INDENT}",
};

static char *
shown(const char *html)
{
	g_autofree char *text = html_to_text(html, strlen(html));
	GString *out = g_string_new(NULL);

	for (const char *p = text; *p != '\0'; p++) {
		Mark mark = mark_at(p);

		if (mark == MARK_NONE) {
			g_string_append_c(out, *p);
			continue;
		}
		g_string_append(out, mark_names[mark - MARK_HISTORY]);
		p += MARK_OCTETS - 1;
	}
	return g_string_free(out, FALSE);
}

static void
check(const Case *cases, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		g_autofree char *text = shown(cases[i].html);

		if (strcmp(text, cases[i].text) != 0)
			print_error("%s:\n%s\nwanted\n%s\n", cases[i].name,
			            text, cases[i].text);
		assert_string_equal(text, cases[i].text);
	}
}

#define CHECK(table) check(table, G_N_ELEMENTS(table))

static const Case structure[] = {
	{ "P-14 text without any tag", "hola", "hola" },
	{ "P-14 no <html>, no <body>", "<b>hola</b> mundo", "hola mundo" },
	{ "nothing", "", "" },
	{ "only white space", " \n\t ", "" },
	{ "white space is one blank", "a \n\t  b", "a b" },
	{ "entities", "a &lt;b&gt; &amp; c&nbsp;d &euro; &#241;",
	  "a <b> & c d € ñ" },
	{ "paragraphs", "<p>a</p><p>b</p>", "a\n\nb" },
	{ "divisions", "<div>a</div><div>b</div>", "a\nb" },
	{ "Gmail's empty line", "<div>a</div><div><br></div><div>b</div>",
	  "a\n\nb" },
	{ "line breaks", "a<br>b<br><br>c", "a\nb\n\nc" },
	{ "a break at the end of a division is none", "<div>a<br></div>b",
	  "a\nb" },
	{ "Word's paragraphs are lines",
	  "<p class=MsoNormal>a</p><p class=MsoNormal>b</p>", "a\nb" },
	{ "Word's empty paragraph is an empty line",
	  "<p class=MsoNormal>a</p><p class=MsoNormal>&nbsp;</p><p class=MsoNormal>b</p>",
	  "a\n\nb" },
	{ "paragraphs without a margin are lines",
	  "<p style=\"margin:0\">a</p><p style=\"margin:0\">b</p>", "a\nb" },
	{ "not more than two empty lines", "a<br><br><br><br><br>b",
	  "a\n\n\nb" },
	{ "headings", "<h1>a</h1>b", "a\n\nb" },
	{ "a list", "<ul><li>a<li>b</ul>c", "- a\n- b\n\nc" },
	{ "a numbered list", "<ol><li>a</li><li>b</li></ol>", "1. a\n2. b" },
	{ "lists in lists", "<ol><li>a<ul><li>b</ul><li>c</ol>",
	  "1. a\n  - b\n2. c" },
	{ "preformatted text", "<pre>a  b\n  c\n\nd</pre>e",
	  "a  b\n  c\n\nd\ne" },
	{ "a table of data",
	  "<table border=1><tr><th>a<th>b<tr><td>1<td>2</table>",
	  "a | b\n1 | 2" },
	{ "a table of layout",
	  "<table><tr><td>a</td><td>b</td></tr><tr><td>c</td></tr></table>",
	  "a\tb\nc" },
	{ "Outlook's table of paragraphs",
	  "<table border=1><tr><td><p>a</p></td><td><p>b</p></td></tr></table>",
	  "a | b" },
	{ "cells of several lines stand below each other",
	  "<table><tr><td>a<br>b</td><td>c</td></tr></table>", "a\nb\nc" },
	{ "a rule", "a<hr>b",
	  "a\n----------------------------------------\nb" },
	{ "bare words are no paragraph", "a<div>b</div>c", "a\nb\nc" },
	{ "head behind body", "<body>a<head><title>t</title></head>b", "ab" },
	{ "a link", "<a href=\"https://example.com/x\">here</a>",
	  "here <https://example.com/x>" },
	{ "a link that says itself",
	  "<a href=\"https://example.com/\">example.com</a>", "example.com" },
	{ "a mail address", "<a href=\"mailto:a@example.com\">Ana</a>",
	  "Ana <a@example.com>" },
	{ "a mail address that says itself",
	  "<a href=\"mailto:a@example.com?subject=x\">a@example.com</a>",
	  "a@example.com" },
	{ "X-06 no javascript", "<a href=\"javascript:alert(1)\">x</a>", "x" },
	{ "an image with words", "<img src=x alt=\"Plano\">", "Plano" },
	{ "an image without", "a<img src=x>b", "ab" },
	{ "CDATA", "<![CDATA[a]]> b", "a]]> b" },
};

static const Case dropped[] = {
	{ "X-06 script", "a<script>x('<b>')</script>b", "ab" },
	{ "X-06 style in the body", "a<style>p{color:red}</style>b", "ab" },
	{ "X-06 svg", "a<svg><text>x</text></svg>b", "ab" },
	{ "head and title", "<head><title>t</title></head><body>a", "a" },
	{ "comments", "a<!-- <b>x</b> -->b", "ab" },
	{ "Outlook's conditional comments",
	  "a<!--[if mso]><p>x</p><![endif]-->b", "ab" },
	{ "Outlook's other conditionals keep their content",
	  "a<![if !supportLists]>-<![endif]>b", "a-b" },
	{ "what is hidden", "a<span style=\"display:none\">x</span>b", "ab" },
	{ "X-06 marks of a stranger",
	  "a&#x10ff00;b\xf4\x8f\xbc\x81"
	  "c",
	  "abc" },
	{ "a script that never ends hides nothing", "<script>a", "a" },
	{ "a comment that never ends hides nothing", "a <!-- b", "a <!-- b" },
	{ "a tag that never ends hides nothing", "a <b c", "a <b c" },
	{ "a quote that never ends hides nothing", "a <p title=\"b c",
	  "a <p title=\"b c" },
	{ "an address in angle brackets is no tag",
	  "Ana <ana@example.com> wrote", "Ana <ana@example.com> wrote" },
	{ "a link in angle brackets is no tag", "see <https://example.com/>",
	  "see <https://example.com/>" },
	{ "a heart", "I <3 you", "I <3 you" },
	{ "less and more", "1 < 2 > 0", "1 < 2 > 0" },
	{ "a tag forgotten to close", "a <b <i>c</i>", "a c" },
	{ "a > in a quoted attribute", "<p title=\"a > b\">c</p>", "c" },
};

static const Case clients[] = {
	{ "Gmail",
	  "hi<div class=\"gmail_quote\"><div class=\"gmail_attr\">On x Ana wrote:<br></div><blockquote class=\"gmail_quote\">old</blockquote></div>",
	  "hi\n{QUOTE}{ATTRIBUTION}On x Ana wrote:\n\n{/ATTRIBUTION}{INDENT}> old" },
	{ "Thunderbird",
	  "<p>hi</p><div class=\"moz-cite-prefix\">On x Ana wrote:<br></div><blockquote type=\"cite\" cite=\"mid:a@b\">old</blockquote>new",
	  "hi\n\n{ATTRIBUTION}On x Ana wrote:\n\n{/ATTRIBUTION}> old\n\nnew" },
	{ "Thunderbird's signature",
	  "hi<pre class=\"moz-signature\">-- \nAna</pre>",
	  "hi\n{SIGNATURE}--\nAna" },
	{ "Apple Mail",
	  "hi<div><blockquote type=\"cite\"><div>On x, Ana wrote:</div><div>old</div></blockquote></div>",
	  "hi\n\n> On x, Ana wrote:\n> old" },
	{ "Outlook for Windows",
	  "<p class=MsoNormal>hi</p><div style='border:none;border-top:solid #E1E1E1 1.0pt'><p class=MsoNormal><b>From:</b> Ana</p></div>",
	  "hi\n{HISTORY}From: Ana" },
	{ "Outlook on the web",
	  "hi<div id=\"divRplyFwdMsg\"><b>From:</b> Ana</div>",
	  "hi\n{HISTORY}From: Ana" },
	{ "Yahoo",
	  "hi<div id=\"ydp1yahoo_quoted_1\" class=\"ydp1yahoo_quoted\">old</div>",
	  "hi\n{QUOTE}old" },
	{ "Proton Mail",
	  "hi<div class=\"protonmail_quote\">On x Ana wrote:<br><blockquote class=\"protonmail_quote\">old</blockquote></div>",
	  "hi\n{QUOTE}On x Ana wrote:\n\n> old" },
	{ "GMX", "hi<div name=\"quote\">old</div>", "hi\n{QUOTE}old" },
	{ "an indented block", "hi<blockquote>mine</blockquote>there",
	  "hi\n\n{INDENT}> mine\n\n{/INDENT}there" },
	{ "Gmail's quote button",
	  "hi<blockquote class=\"gmail_quote\" style=\"border-left:1px\">mine</blockquote>",
	  "hi\n\n{INDENT}> mine" },
	{ "quotes in quotes",
	  "<blockquote type=cite>a<blockquote type=cite>b</blockquote>c</blockquote>",
	  "> a\n>\n> > b\n>\n> c" },
};

static void
structure_is_kept(void **state G_GNUC_UNUSED)
{
	CHECK(structure);
}

static void
what_is_no_text_is_dropped(void **state G_GNUC_UNUSED)
{
	CHECK(dropped);
}

static void
clients_leave_marks(void **state G_GNUC_UNUSED)
{
	CHECK(clients);
}

static char *
repeated(const char *piece, gsize size)
{
	GString *all = g_string_sized_new(size + 64);

	while (all->len < size)
		g_string_append(all, piece);
	return g_string_free(all, FALSE);
}

/* each is 4 MiB of the same; a square anywhere would take minutes */
static const char *const bombs[] = {
	"<div>",      "<blockquote>", "<ul><li>", "<a",
	"<a ",        "<!--",         "<script>", "<a b=\"",
	"<a b='<\" ", "</p>",         "&#",       "<td>",
	"<a href=x>", "<![",          "< ",       "<p title=\">\">",
	"a<br>",      "<a b=<\"",     "\xc3\xa9", "<font a b c d e f>",
};

static void
bombs_are_bounded(void **state G_GNUC_UNUSED)
{
	for (size_t i = 0; i < G_N_ELEMENTS(bombs); i++) {
		g_autofree char *html = repeated(bombs[i], 4 << 20);
		gint64 start = g_get_monotonic_time();
		g_autofree char *text = html_to_text(html, strlen(html));
		gint64 spent = g_get_monotonic_time() - start;

		assert_true(g_utf8_validate(text, -1, NULL));
		assert_true(strlen(text) <= 2 * HTML_TEXT_OCTETS_MAX);
		/* generous: a square takes minutes, sanitizers ten times */
		if (spent > 20 * G_USEC_PER_SEC)
			print_error("%s\n", bombs[i]);
		assert_true(spent <= 20 * G_USEC_PER_SEC);
	}
}

static void
a_huge_tag_loses_its_attributes(void **state G_GNUC_UNUSED)
{
	g_autofree char *data = repeated("QUJD", HTML_TAG_OCTETS_MAX);
	g_autofree char *html = g_strdup_printf(
		"a<img alt=\"x\" src=\"data:image/png;base64,%s\">b", data);
	g_autoptr(GString) input = html_input_clean(html, strlen(html));

	assert_string_equal(input->str, "a<img>b");
}

static void
input_over_the_limit_is_cut_between_characters(void **state G_GNUC_UNUSED)
{
	g_autofree char *html = repeated("\xe2\x82\xac", 2 * HTML_OCTETS_MAX);
	g_autofree char *text = html_to_text(html, strlen(html));

	assert_true(strlen(text) > HTML_OCTETS_MAX - 4);
	assert_true(strlen(text) <= HTML_OCTETS_MAX);
	assert_true(g_utf8_validate(text, -1, NULL));
}

static void
nuls_are_blanks(void **state G_GNUC_UNUSED)
{
	g_autofree char *text = html_to_text("a\0b", 3);

	assert_string_equal(text, "a b");
}

/* characters that cross the border of two pushes stay whole */
static void
long_text_stays_whole(void **state G_GNUC_UNUSED)
{
	for (gsize shift = 0; shift < 4; shift++) {
		g_autofree char *words = repeated("\xe2\x82\xac", 50000);
		g_autofree char *html =
			g_strconcat("xxxx" + shift, "<b>", words, "</b>", NULL);
		g_autofree char *text = html_to_text(html, strlen(html));
		g_autofree char *wanted =
			g_strconcat("xxxx" + shift, words, NULL);

		assert_string_equal(text, wanted);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(structure_is_kept),
		cmocka_unit_test(what_is_no_text_is_dropped),
		cmocka_unit_test(clients_leave_marks),
		cmocka_unit_test(bombs_are_bounded),
		cmocka_unit_test(a_huge_tag_loses_its_attributes),
		cmocka_unit_test(
			input_over_the_limit_is_cut_between_characters),
		cmocka_unit_test(nuls_are_blanks),
		cmocka_unit_test(long_text_stays_whole),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
