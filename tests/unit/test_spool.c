#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>
#include <glib.h>

#include "base/spool.h"

static const struct {
	const char *sentence;
	size_t size;
	const char *directory; /* NULL: it must not be asked for */
	bool is_held;
} cases[] = {
	{ "nothing at all", 0, NULL, true },
	{ "a short one asks for no place", 4711, NULL, true },
	{ "the longest that fits in memory", SPOOL_MEMORY_OCTETS, NULL, true },
	{ "one octet more goes into a file", SPOOL_MEMORY_OCTETS + 1, "/tmp",
	  true },
	{ "R-01 a long one", (size_t)3 << 20, "/tmp", true },
	{ "the place is not there", (size_t)3 << 20, "/nonexistent/place",
	  false },
};

static guint8 *
noise(size_t size)
{
	guint8 *octets = g_malloc(size + 1);

	for (size_t i = 0; i < size; i++)
		octets[i] = (guint8)(i * 7 + i / 251);
	return octets;
}

/* In pieces, none of which is as long as the one before. */
static bool
fill(Spool *spool, const guint8 *octets, size_t size, const char *directory)
{
	size_t piece = 65536;

	for (size_t at = 0; at<size; at += piece, piece -= piece> 2) {
		size_t count = MIN(piece, size - at);

		if (at + count > SPOOL_MEMORY_OCTETS)
			spool_set_directory(spool, directory);
		if (!spool_append(spool, octets + at, count, NULL))
			return false;
		if (count < piece)
			break;
	}
	return true;
}

static void
check_held(const Spool *spool, const guint8 *octets, size_t size)
{
	const void *memory = spool_memory(spool);
	g_autoptr(GBytes) held =
		memory != NULL ? g_bytes_new_static(memory, size)
			       : spool_map(spool_descriptor(spool), size, NULL);

	assert_int_equal(spool_size(spool), size);
	assert_int_equal(memory == NULL, size > SPOOL_MEMORY_OCTETS);
	assert_non_null(held);
	if (size > 0)
		assert_memory_equal(g_bytes_get_data(held, NULL), octets, size);
}

static void
check(unsigned i)
{
	g_autofree guint8 *octets = noise(cases[i].size);
	g_autoptr(Spool) spool = spool_new(NULL);
	bool is_held = fill(spool, octets, cases[i].size, cases[i].directory);

	assert_int_equal(is_held, cases[i].is_held);
	if (is_held)
		check_held(spool, octets, cases[i].size);
}

static void
mails_are_held_whole(void **state)
{
	(void)state;
	for (unsigned i = 0; i < G_N_ELEMENTS(cases); i++) {
		print_message("# %s\n", cases[i].sentence);
		check(i);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(mails_are_held_whole),
	};

	return cmocka_run_group_tests_name("spool", tests, NULL, NULL);
}
