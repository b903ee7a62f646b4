/* The main of a fuzz target where no fuzzer is linked: runs the target on each
 * of its seeds, tests/fuzz/seeds/NAME/ for fuzz_NAME, or on the files it is
 * given, and speaks TAP.  A fault ends it, which the harness sees. */
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>

#include <glib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
replay(const char *path, unsigned number)
{
	g_autofree char *octets = NULL;
	gsize size = 0;
	bool read = g_file_get_contents(path, &octets, &size, NULL);

	if (read)
		LLVMFuzzerTestOneInput((const uint8_t *)octets, size);
	g_print("%sok %u - %s\n", read ? "" : "not ", number, path);
}

static int
compare(const void *a, const void *b)
{
	return g_strcmp0(*(char *const *)a, *(char *const *)b);
}

static GPtrArray *
seeds_of(const char *program)
{
	GPtrArray *paths = g_ptr_array_new_with_free_func(g_free);
	const char *top = g_getenv("srcdir");
	g_autofree char *name = g_path_get_basename(program);
	const char *target = g_str_has_prefix(name, "fuzz_") ? name + 5 : name;
	g_autofree char *folder =
		g_build_filename(top == NULL ? "." : top, "tests", "fuzz",
	                         "seeds", target, NULL);
	g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);

	for (const char *entry;
	     dir != NULL && (entry = g_dir_read_name(dir)) != NULL;)
		g_ptr_array_add(paths, g_build_filename(folder, entry, NULL));
	g_ptr_array_sort(paths, compare);
	return paths;
}

int
main(int argc, char **argv)
{
	g_autoptr(GPtrArray) paths =
		argc > 1 ? g_ptr_array_new_with_free_func(g_free)
			 : seeds_of(argv[0]);

	for (int i = 1; i < argc; i++)
		g_ptr_array_add(paths, g_strdup(argv[i]));
	for (unsigned i = 0; i < paths->len; i++)
		replay(g_ptr_array_index(paths, i), i + 1);
	g_print("1..%u\n", paths->len);
	/* a target without seeds tests nothing */
	return paths->len > 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
