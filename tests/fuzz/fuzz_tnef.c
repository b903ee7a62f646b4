/* TNEF, packed rich text and CMS wrappers on any octets: the three binary
 * formats that strangers can send. */
#include <stdint.h>

#include <glib.h>

#include "message/crypto.h"
#include "message/rtf.h"
#include "message/tnef.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
read_rtf(const char *octets, gsize length)
{
	bool is_html;
	g_autofree char *text = rtf_to_text(octets, length, &is_html);

	g_assert_true(g_utf8_validate(text, -1, NULL));
}

static void
read_packed(const char *octets, gsize length)
{
	GString *rtf = rtf_decompress(octets, length);

	if (rtf == NULL)
		return;
	read_rtf(rtf->str, rtf->len);
	g_string_free(rtf, TRUE);
}

static void
read_signed(const char *octets, gsize length)
{
	GString *content = crypto_signed_content(octets, length);

	if (content != NULL)
		g_string_free(content, TRUE);
}

static void
read_tnef(const char *octets, gsize length)
{
	g_autoptr(Tnef) tnef = tnef_read(octets, length);

	if (tnef == NULL)
		return;
	g_assert_cmpuint(tnef->files->len, <=, TNEF_FILES_MAX);
	for (unsigned i = 0; i < tnef->files->len; i++) {
		const TnefFile *file = g_ptr_array_index(tnef->files, i);

		g_assert_true(file->name == NULL ||
		              g_utf8_validate(file->name, -1, NULL));
		g_assert_true(file->octets.length <= length);
	}
	if (tnef->rtf != NULL)
		read_rtf(tnef->rtf->str, tnef->rtf->len);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	g_autofree char *octets = g_memdup2(data, size);
	const char *at = octets == NULL ? "" : octets;

	read_tnef(at, size);
	read_packed(at, size);
	read_rtf(at, size);
	read_signed(at, size);
	return 0;
}
