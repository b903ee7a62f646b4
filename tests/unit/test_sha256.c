#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <glib.h>

#include "base/sha256.h"

static char *
by_glib(const guint8 *octets, gsize length)
{
	return g_compute_checksum_for_data(G_CHECKSUM_SHA256, octets, length);
}

static guint8 *
some_octets(gsize length)
{
	guint8 *octets = g_malloc(length + 1);

	for (gsize i = 0; i < length; i++)
		octets[i] = (guint8)(i * 167 + i / 256);
	return octets;
}

static void
agrees_with_glib_at_every_length(void **state)
{
	g_autofree guint8 *octets = some_octets(400);

	(void)state;
	for (gsize length = 0; length <= 400; length++) {
		g_autofree char *ours = sha256_hex(octets, length);
		g_autofree char *theirs = by_glib(octets, length);

		assert_string_equal(ours, theirs);
	}
}

static void
is_the_same_in_steps_of_any_size(void **state)
{
	g_autofree guint8 *octets = some_octets(1000);
	g_autofree char *whole = sha256_hex(octets, 1000);

	(void)state;
	for (gsize step = 1; step < 200; step++) {
		Sha256 *sum = sha256_new();

		for (gsize at = 0; at < 1000; at += step)
			sha256_update(sum, octets + at, MIN(step, 1000 - at));
		g_autofree char *stepped = sha256_finish(sum);
		assert_string_equal(stepped, whole);
	}
}

static void
gives_the_digest_of_the_standard(void **state)
{
	g_autofree char *digest = sha256_hex("abc", 3);

	(void)state;
	assert_string_equal(digest, "ba7816bf8f01cfea414140de5dae2223"
	                            "b00361a396177a9cb410ff61f20015ad");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(gives_the_digest_of_the_standard),
		cmocka_unit_test(agrees_with_glib_at_every_length),
		cmocka_unit_test(is_the_same_in_steps_of_any_size),
	};

	return cmocka_run_group_tests_name("sha256", tests, NULL, NULL);
}
