#include "message/report_fold.h"

#include <stdbool.h>
#include <string.h>

/* octets of the blank at p, or 0 */
static size_t
blank_at(const char *p, const char *end)
{
	if (g_ascii_isspace(*p))
		return 1;
	return end - p >= 2 && memcmp(p, "\xc2\xa0", 2) == 0 ? 2 : 0;
}

void
report_append_flat(GString *flat, const char *text, size_t length)
{
	const char *end = text + length;
	bool gap = false;
	size_t start = flat->len;

	for (const char *p = text; p < end;) {
		size_t blank = blank_at(p, end);

		if (blank > 0) {
			gap = flat->len > start;
			p += blank;
			continue;
		}
		if (gap)
			g_string_append_c(flat, ' ');
		gap = false;
		g_string_append_c(flat, *p++);
	}
}

char *
report_fold(const char *text, gssize length)
{
	GString *flat = g_string_new(NULL);

	report_append_flat(flat, text,
	                   length < 0 ? strlen(text) : (size_t)length);
	g_string_ascii_down(flat);
	return g_string_free(flat, FALSE);
}
