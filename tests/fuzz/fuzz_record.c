/* record_unpack() on any octets: refused, or a Mail that packs to the same. */
#include <stdint.h>

#include <glib.h>

#include "message/record.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	g_autoptr(GBytes) record = g_bytes_new(data, size);
	g_autoptr(GError) error = NULL;
	g_autoptr(Mail) mail = record_unpack(record, &error);

	g_assert_true((mail == NULL) == (error != NULL));
	if (mail == NULL)
		return 0;
	g_autoptr(GBytes) again = record_pack(mail);
	g_assert_true(g_bytes_equal(record, again));
	return 0;
}
