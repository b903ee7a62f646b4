#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>
#include <glib.h>
#include <glib/gstdio.h>

#include "base/error.h"
#include "base/io.h"

static char *directory;

static int
make_directory(void **state)
{
	(void)state;
	directory = g_dir_make_tmp("postigo-io-XXXXXX", NULL);
	return directory == NULL;
}

static int
remove_directory(void **state)
{
	(void)state;
	/* fails if a temporary file was left behind */
	int left = g_rmdir(directory);
	g_free(directory);
	return left;
}

static void
a_file_is_written_whole_and_read_back(void **state)
{
	g_autofree char *path = g_build_filename(directory, "a", NULL);
	g_autoptr(GError) error = NULL;
	struct stat st;

	(void)state;
	umask(022);
	assert_true(io_write_file(path, 0600, "a\0b", 3, &error));
	assert_true(io_write_file(path, 0600, "second", 6, &error));
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0600);
	g_autoptr(GBytes) bytes = io_read_file(path, 6, &error);
	assert_non_null(bytes);
	assert_int_equal(g_bytes_get_size(bytes), 6);
	assert_memory_equal(g_bytes_get_data(bytes, NULL), "second", 6);
	g_unlink(path);
}

static void
more_than_the_cap_is_too_big(void **state)
{
	g_autofree char *path = g_build_filename(directory, "a", NULL);
	g_autoptr(GError) error = NULL;

	(void)state;
	assert_true(io_write_file(path, 0600, "second", 6, NULL));
	assert_null(io_read_file(path, 5, &error));
	assert_int_equal(error->code, ERROR_TOO_BIG);
	g_unlink(path);
}

static void
what_is_not_there_is_not_found(void **state)
{
	g_autofree char *path = g_build_filename(directory, "none", NULL);
	g_autofree char *deep = g_build_filename(directory, "none", "a", NULL);
	g_autoptr(GError) error = NULL;
	g_autoptr(GError) other = NULL;

	(void)state;
	assert_null(io_read_file(path, 5, &error));
	assert_int_equal(error->code, ERROR_NOT_FOUND);
	assert_false(io_write_file(deep, 0600, "a", 1, &other));
	assert_int_equal(other->code, ERROR_IO);
	assert_int_equal(io_free_space(path), -1);
	assert_true(io_free_space(directory) >= 0);
}

static void
an_early_end_comes_later(void **state)
{
	g_autoptr(GError) error = NULL;
	char room[8] = "";
	int ends[2];

	(void)state;
	assert_int_equal(pipe(ends), 0);
	assert_true(io_write_all(ends[1], "abcdef", 6, &error));
	close(ends[1]);
	assert_true(io_read_exactly(ends[0], room, 4, &error));
	assert_string_equal(room, "abcd");
	assert_false(io_read_exactly(ends[0], room, 4, &error));
	assert_int_equal(error->code, ERROR_LATER);
	close(ends[0]);
}

/* A million octets through a pipe of 64 KiB, written by a child. */
static void
short_reads_and_writes_do_not_show(void **state)
{
	g_autoptr(GError) error = NULL;
	g_autofree char *data = g_strnfill(1000000, 'x');
	int ends[2];

	(void)state;
	assert_int_equal(pipe(ends), 0);
	pid_t child = fork();
	if (child == 0) {
		close(ends[0]);
		_exit(io_write_all(ends[1], data, 1000000, NULL) ? 0 : 1);
	}
	close(ends[1]);
	g_autoptr(GBytes) bytes = io_read_all(ends[0], 1000000, &error);
	close(ends[0]);
	assert_non_null(bytes);
	assert_int_equal(g_bytes_get_size(bytes), 1000000);
}

static void
a_full_disk_is_an_error(void **state)
{
	g_autoptr(GError) error = NULL;
	int fd = open("/dev/full", O_WRONLY);

	(void)state;
	if (fd < 0)
		skip();
	assert_false(io_write_all(fd, "a", 1, &error));
	assert_int_equal(error->code, ERROR_IO);
	close(fd);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_file_is_written_whole_and_read_back),
		cmocka_unit_test(more_than_the_cap_is_too_big),
		cmocka_unit_test(what_is_not_there_is_not_found),
		cmocka_unit_test(an_early_end_comes_later),
		cmocka_unit_test(short_reads_and_writes_do_not_show),
		cmocka_unit_test(a_full_disk_is_an_error),
	};

	return cmocka_run_group_tests_name("io", tests, make_directory,
	                                   remove_directory);
}
