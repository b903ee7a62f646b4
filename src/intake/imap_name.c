#include "intake/imap_name.h"

#include <string.h>

#include <glib.h>

static const char digits[] =
	"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+,";

#define SIX_BITS 0x3f

/* Bits that wait for a digit of their own. */
typedef struct Shift {
	GString *out;
	guint32 bits;
	unsigned count;
	bool is_open; /* behind an "&" */
} Shift;

static void
add_unit(Shift *shift, gunichar2 unit)
{
	if (!shift->is_open)
		g_string_append_c(shift->out, '&');
	shift->is_open = true;
	shift->bits = shift->bits << 16 | unit;
	for (shift->count += 16; shift->count >= 6; shift->count -= 6)
		g_string_append_c(
			shift->out,
			digits[shift->bits >> (shift->count - 6) & SIX_BITS]);
}

static void
close_shift(Shift *shift)
{
	if (!shift->is_open)
		return;
	if (shift->count > 0)
		g_string_append_c(
			shift->out,
			digits[shift->bits << (6 - shift->count) & SIX_BITS]);
	g_string_append_c(shift->out, '-');
	shift->is_open = false;
	shift->bits = 0;
	shift->count = 0;
}

static void
add_character(Shift *shift, gunichar c)
{
	if (c >= 0x10000) {
		add_unit(shift, (gunichar2)(0xd800 + ((c - 0x10000) >> 10)));
		add_unit(shift, (gunichar2)(0xdc00 + ((c - 0x10000) & 0x3ff)));
	} else {
		add_unit(shift, (gunichar2)c);
	}
}

char *
imap_name_encode(const char *name)
{
	Shift shift = { .out = g_string_new(NULL) };

	for (const char *at = name; *at != '\0'; at = g_utf8_next_char(at)) {
		gunichar c = g_utf8_get_char(at);

		if (c < ' ' || c > '~') {
			add_character(&shift, c);
			continue;
		}
		close_shift(&shift);
		g_string_append_c(shift.out, (char)c);
		if (c == '&')
			g_string_append_c(shift.out, '-');
	}
	close_shift(&shift);
	return g_string_free(shift.out, FALSE);
}

bool
imap_can_quote(const char *text)
{
	for (; *text != '\0'; text++)
		if (*text < ' ' || *text > '~')
			return false;
	return true;
}

char *
imap_quote(const char *text)
{
	GString *quoted = g_string_new("\"");

	for (; *text != '\0'; text++) {
		if (*text == '"' || *text == '\\')
			g_string_append_c(quoted, '\\');
		g_string_append_c(quoted, *text);
	}
	g_string_append_c(quoted, '"');
	return g_string_free(quoted, FALSE);
}
