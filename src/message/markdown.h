/* Markdown to what a mail can carry: HTML by cmark (CommonMark), and a text
 * of that HTML.
 *
 * An author's raw HTML and links that are programs are left out.  Where cmark
 * is not installed the HTML is the Markdown between <pre>, and the text is the
 * Markdown itself: both can still be read. */
#pragma once

/* HTML without a page around it; owned by the caller. */
char *markdown_to_html(const char *markdown);

/* Text for a fixed font: emphasis without its marks, links with their
 * address, lists and quotes as they were; owned by the caller. */
char *markdown_to_text(const char *markdown);
