/* The header scanner and the readers of single fields on any octets. */
#include <stdint.h>
#include <string.h>

#include <glib.h>

#include "message/address.h"
#include "message/header.h"
#include "message/param.h"
#include "message/scan.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
check_line(const char *line)
{
	g_assert_true(g_utf8_validate(line, -1, NULL));
	for (const char *c = line; *c != '\0'; c++)
		g_assert_true((unsigned char)*c >= 0x20);
}

static void
read_value(Slice value)
{
	g_autoptr(Mail) mail = mail_new();
	g_autoptr(GPtrArray) ids = g_ptr_array_new_with_free_func(g_free);
	g_autofree char *text = header_decode(value, "iso-8859-2");
	g_autofree char *name = param_text(value, "filename", NULL);
	g_autofree char *main = param_main(value);

	address_list_read(mail, mail->to, value, NULL);
	g_assert_cmpuint(mail->to->len, <=, MAIL_ADDRESSES_MAX);
	for (unsigned i = 0; i < mail->to->len; i++) {
		check_line(mail_address(mail->to, i)->name);
		check_line(mail_address(mail->to, i)->address);
	}
	header_ids(value, MAIL_REFERENCES_MAX, ids);
	for (unsigned i = 0; i < ids->len; i++)
		check_line(g_ptr_array_index(ids, i));
	g_assert_true(header_date(value) >= 0);
	check_line(text);
	check_line(main);
	if (name != NULL)
		check_line(name);
}

static void
check_inside(Slice slice, const char *octets, size_t size)
{
	g_assert_true(slice.at >= octets);
	g_assert_true(slice.at + slice.length <= octets + size);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	/* a copy of its own, so that reading one octet too far is seen */
	g_autofree char *octets = g_memdup2(data, size);
	const char *at = octets == NULL ? "" : octets;
	ScanHeader header;

	scan_header(at, size, SCAN_MAIL, &header);
	g_assert_cmpuint(header.body, <=, size);
	g_assert_cmpuint(header.fields->len, <=, MAIL_FIELDS_MAX);
	for (unsigned i = 0; i < header.fields->len; i++) {
		const ScanField *field =
			&g_array_index(header.fields, ScanField, i);

		check_inside(field->name, at, size);
		check_inside(field->value, at, size);
		read_value(field->value);
	}
	g_autofree char *digest = scan_content_hash(at, size, &header);

	g_assert_cmpuint(strlen(digest), ==, 64);
	scan_header_release(&header);
	return 0;
}
