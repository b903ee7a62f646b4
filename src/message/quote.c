#include "message/quote.h"

#include <string.h>

#include "message/marks.h"

/* the text without its marks, and not longer than a Mail may be */
static char *
without_marks(const char *marked)
{
	GString *text = g_string_sized_new(strlen(marked));

	for (const char *p = marked; *p != '\0';) {
		const char *next = g_utf8_next_char(p);

		if (mark_at(p) == MARK_NONE)
			g_string_append_len(text, p, (gssize)(next - p));
		p = next;
	}
	return g_string_free(text, FALSE);
}

static gsize
cut_at(const char *text, gsize most)
{
	while (most > 0 && (text[most] & 0xc0) == 0x80)
		most--;
	return most;
}

void
quote_find_new_words(Mail *mail, const char *marked_text)
{
	g_autofree char *text = without_marks(marked_text);

	if (strlen(text) > MAIL_TEXT_OCTETS_MAX) {
		mail_warn(mail, "text cut at %d octets", MAIL_TEXT_OCTETS_MAX);
		text[cut_at(text, MAIL_TEXT_OCTETS_MAX)] = '\0';
	}
	mail->text = mail_keep(mail, text);
	mail->reply = mail->text;
}
