/* mail_read() on any octets: what desk/mail.h promises holds, and the mail
 * survives the pipe. */
#include <stdint.h>
#include <string.h>

#include <glib.h>

#include "message/mailread.h"
#include "message/record.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
check_views(const Mail *mail)
{
	g_assert_cmpuint(strlen(mail->text), <=, MAIL_TEXT_OCTETS_MAX);
	g_assert_cmpuint(strlen(mail->sha256), ==, 64);
	g_assert_cmpuint(strlen(mail->content_hash), ==, 64);
	g_assert_cmpuint(mail->attachments->len, <=, MAIL_PARTS_MAX);
	for (unsigned i = 0; i < mail->attachments->len; i++) {
		const MailAttachment *one =
			&g_array_index(mail->attachments, MailAttachment, i);

		g_assert_true(one->name == NULL || *one->name != '.');
		g_assert_true(one->name == NULL ||
		              strchr(one->name, '/') == NULL);
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	g_autoptr(GBytes) raw = g_bytes_new(data, size);
	g_autoptr(Mail) mail = mail_read(raw);
	g_autoptr(Mail) bare = mail_read_bare(raw, "fuzzed");
	g_autoptr(GBytes) record = record_pack(mail);
	g_autoptr(GError) error = NULL;
	/* the reader checks that every string is clean */
	g_autoptr(Mail) again = record_unpack(record, &error);

	g_assert_no_error(error);
	g_autoptr(GBytes) record_again = record_pack(again);
	g_assert_true(g_bytes_equal(record, record_again));
	g_assert_cmpstr(mail->content_hash, ==, bare->content_hash);
	check_views(mail);
	return 0;
}
