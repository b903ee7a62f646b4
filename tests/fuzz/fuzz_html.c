/* html_to_text, and the new words of what it makes, on any octets. */
#include <stdint.h>
#include <string.h>

#include <glib.h>

#include "base/text.h"

#include "desk/mail.h"

#include "message/html.h"
#include "message/quote.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	g_autofree char *html =
		text_from_octets((const char *)data, (gssize)size);
	g_autofree char *text = html_to_text(html, strlen(html));
	g_autofree char *clean = text_clean_block(text);
	g_autoptr(Mail) mail = mail_new();

	g_assert(strcmp(text, clean) == 0);
	quote_find_new_words(mail, text);
	g_assert(strlen(mail->text) <= strlen(text));
	return 0;
}
