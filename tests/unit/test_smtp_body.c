#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>
#include <glib.h>

#include "outbound/smtp_body.h"

typedef struct Case {
	const char *sentence;
	const char *body;
	const char *wire;
} Case;

static const Case cases[] = {
	{ "S-09 nothing at all", "", ".\r\n" },
	{ "S-09 a CR", "\r", "\r\n.\r\n" },
	{ "S-09 a line end", "\r\n", "\r\n.\r\n" },
	{ "S-09 a line end and a dot", "\r\n.", "\r\n..\r\n.\r\n" },
	{ "S-09 a line end, a dot, a CR", "\r\n.\r", "\r\n..\r\n.\r\n" },
	{ "S-09 the end of data itself", "\r\n.\r\n", "\r\n..\r\n.\r\n" },
	{ "S-09 a dot at the very start", ".a\r\n", "..a\r\n.\r\n" },
	{ "S-09 two dots", "..\r\n", "...\r\n.\r\n" },
	{ "S-09 a dot inside a line", "a.b\r\n", "a.b\r\n.\r\n" },
	{ "S-10 LF . LF", "a\n.\nb\n", "a\r\n..\r\nb\r\n.\r\n" },
	{ "S-10 LF . CR LF", "a\n.\r\nb", "a\r\n..\r\nb\r\n.\r\n" },
	{ "S-10 CR . CR", "a\r.\rb", "a\r\n..\r\nb\r\n.\r\n" },
	{ "S-10 a bare CR", "a\rb\r\n", "a\r\nb\r\n.\r\n" },
	{ "S-10 CR CR LF", "a\r\r\nb", "a\r\n\r\nb\r\n.\r\n" },
	{ "S-10 LF CR", "a\n\rb", "a\r\n\r\nb\r\n.\r\n" },
};

/* The wire form made step octets at a time. */
static GString *
make(const char *data, size_t size, size_t step)
{
	g_autoptr(GBytes) octets = g_bytes_new_static(data, size);
	GString *out = g_string_new(NULL);
	SmtpBody body;

	smtp_body_init(&body, octets);
	while (!body.is_done)
		smtp_body_step(&body, out, step);
	return out;
}

static void
line_ends_and_dots_are_ours(void **state)
{
	(void)state;
	for (unsigned i = 0; i < G_N_ELEMENTS(cases); i++)
		for (size_t step = 1; step < 10; step++) {
			g_autoptr(GString) wire =
				make(cases[i].body, strlen(cases[i].body),
			             step);

			print_message("# %s, %zu at a time\n",
			              cases[i].sentence, step);
			assert_string_equal(wire->str, cases[i].wire);
		}
}

/* What a server makes of it: up to CR LF . CR LF, one dot taken off. */
static GString *
read_back(const GString *wire)
{
	GString *body = g_string_new(NULL);
	const char *at = wire->str;

	while (strcmp(at, ".\r\n") != 0) {
		const char *end = strstr(at, "\r\n");

		assert_non_null(end);
		at += *at == '.';
		g_string_append_len(body, at, end + 2 - at);
		at = end + 2;
	}
	return body;
}

/* curl lost the last dot of bodies that ended on the edge of its buffer. */
static void
s09_bodies_of_every_size_near_an_edge_arrive_equal(void **state)
{
	static const size_t sizes[] = { 16383, 16384,           16385, 32767,
		                        32768, 32769,           65535, 65536,
		                        65537, 10 * 1024 * 1024 };
	static const char *const ends[] = { "\r\n", ".\r\n", "\r\n.\r\n" };

	(void)state;
	for (unsigned i = 0; i < G_N_ELEMENTS(sizes); i++)
		for (unsigned j = 0; j < G_N_ELEMENTS(ends); j++) {
			g_autoptr(GString) body = g_string_new(NULL);
			size_t length = strlen(ends[j]);

			while (body->len + length < sizes[i])
				g_string_append_c(body,
				                  ".x"[body->len % 3 == 0]);
			g_string_append(body, ends[j]);
			g_autoptr(GString) wire =
				make(body->str, body->len, 32 * 1024);
			g_autoptr(GString) back = read_back(wire);
			assert_int_equal(back->len, body->len);
			assert_memory_equal(back->str, body->str, body->len);
		}
}

static void
octets_are_counted_as_the_size_extension_does(void **state)
{
	static const struct {
		const char *body;
		unsigned size;
		bool is_eight_bit;
	} counts[] = {
		{ "", 0, false },
		{ "a", 3, false },
		{ "a\r\n.\r\n", 6, false },
		{ "a\nb\n", 6, false },
		{ "\xc3\xb1\r\n", 4, true },
	};

	(void)state;
	for (unsigned i = 0; i < G_N_ELEMENTS(counts); i++) {
		g_autoptr(GBytes) octets =
			g_bytes_new_static(counts[i].body,
		                           strlen(counts[i].body));
		bool is_eight_bit;

		assert_int_equal(smtp_body_count(octets, &is_eight_bit),
		                 counts[i].size);
		assert_int_equal(is_eight_bit, counts[i].is_eight_bit);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(line_ends_and_dots_are_ours),
		cmocka_unit_test(
			s09_bodies_of_every_size_near_an_edge_arrive_equal),
		cmocka_unit_test(octets_are_counted_as_the_size_extension_does),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
