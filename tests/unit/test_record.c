#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>
#include <glib.h>

#include "base/error.h"

#include "message/mailread.h"
#include "message/record.h"

static const char sample[] =
	"From: Ana <a@b.example>\nTo: c@d.example\nSubject: s\n"
	"Message-ID: <i@b.example>\nReferences: <r@b.example>\n"
	"Content-Type: multipart/mixed; boundary=m\n\n--m\n\nwords\n-- \nAna\n"
	"--m\nContent-Type: application/pdf; name=a.pdf\n\nx\n--m--\n";

static GBytes *
sample_record(void)
{
	g_autoptr(GBytes) raw = g_bytes_new_static(sample, strlen(sample));
	g_autoptr(Mail) mail = mail_read(raw);

	return record_pack(mail);
}

static void
gives_back_what_was_packed(void **state)
{
	g_autoptr(GBytes) record = sample_record();
	g_autoptr(Mail) mail = record_unpack(record, NULL);
	g_autoptr(GBytes) again = record_pack(mail);

	(void)state;
	assert_true(g_bytes_equal(record, again));
	assert_string_equal(mail_address(mail->from, 0)->name, "Ana");
	assert_string_equal(mail->message_id, "i@b.example");
	assert_string_equal(g_ptr_array_index(mail->references, 0),
	                    "r@b.example");
	assert_string_equal(
		g_array_index(mail->attachments, MailAttachment, 0).name,
		"a.pdf");
}

static void
refuses_a_record_that_was_cut_anywhere(void **state)
{
	g_autoptr(GBytes) record = sample_record();
	gsize size = g_bytes_get_size(record);

	(void)state;
	for (gsize length = 0; length < size; length++) {
		g_autoptr(GBytes) cut =
			g_bytes_new_from_bytes(record, 0, length);
		g_autoptr(GError) error = NULL;

		assert_null(record_unpack(cut, &error));
		assert_int_equal(error->code, ERROR_MALFORMED);
	}
}

static void
refuses_what_follows_a_record(void **state)
{
	g_autoptr(GBytes) record = sample_record();
	GByteArray *longer = g_byte_array_new();

	(void)state;
	g_byte_array_append(longer, g_bytes_get_data(record, NULL),
	                    (guint)g_bytes_get_size(record));
	g_byte_array_append(longer, (const guint8 *)"", 1);
	g_autoptr(GBytes) octets = g_byte_array_free_to_bytes(longer);
	assert_null(record_unpack(octets, NULL));
}

static void
refuses_strings_that_are_not_clean(void **state)
{
	static const char *const subjects[] = { "a\nb", "a\x01", "\xff",
		                                "a\x7f" };

	(void)state;
	for (unsigned i = 0; i < G_N_ELEMENTS(subjects); i++) {
		g_autoptr(Mail) mail = mail_new();

		mail->subject = subjects[i];
		g_autoptr(GBytes) record = record_pack(mail);
		assert_null(record_unpack(record, NULL));
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(gives_back_what_was_packed),
		cmocka_unit_test(refuses_a_record_that_was_cut_anywhere),
		cmocka_unit_test(refuses_what_follows_a_record),
		cmocka_unit_test(refuses_strings_that_are_not_clean),
	};

	return cmocka_run_group_tests_name("record", tests, NULL, NULL);
}
