/* quote_find_new_words on any text.
 *
 * Input: a line that is the subject, then the text, marks of html.c allowed. */
#include <stdint.h>
#include <string.h>

#include <glib.h>

#include "base/text.h"

#include "desk/mail.h"

#include "message/marks.h"
#include "message/quote.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
check_view(const char *view)
{
	g_assert(g_utf8_validate(view, -1, NULL));
	for (const char *p = view; *p != '\0'; p++)
		g_assert(mark_at(p) == MARK_NONE);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	g_autofree char *raw =
		text_from_octets((const char *)data, (gssize)size);
	g_autofree char *clean = text_clean_block(raw);
	g_auto(GStrv) parts = g_strsplit(clean, "\n", 2);
	g_autoptr(Mail) mail = mail_new();
	const char *text = parts[0] != NULL && parts[1] != NULL ? parts[1] : "";

	mail->subject = mail_keep(mail, parts[0] == NULL ? "" : parts[0]);
	quote_find_new_words(mail, text);
	check_view(mail->text);
	check_view(mail->reply);
	if (mail->signature != NULL)
		check_view(mail->signature);
	if (mail->forwarded != NULL) {
		check_view(mail->forwarded->before);
		check_view(mail->forwarded->embedded);
	}
	/* a view adds at most a line end for each line it leaves out */
	g_assert(strlen(mail->reply) <= 2 * strlen(mail->text) + 2);
	return 0;
}
