/* A configuration file: a Desk or faults, never both and never neither; and
 * what the scanner lets pass, libconfuse reads (fill.c asserts it). */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "config/config.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static char *path;

static void
remove_file(void)
{
	unlink(path);
	g_free(path);
}

static int
open_file(void)
{
	int fd = g_file_open_tmp("postigo-fuzz-config-XXXXXX", &path, NULL);

	if (fd < 0)
		abort();
	atexit(remove_file);
	return fd;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static int fd = -1;

	if (fd < 0)
		fd = open_file();
	if (ftruncate(fd, 0) != 0 || pwrite(fd, data, size, 0) != (ssize_t)size)
		abort();
	g_autoptr(GPtrArray) faults = g_ptr_array_new_with_free_func(g_free);
	g_autoptr(Desk) desk = config_load(path, faults);
	if ((desk == NULL) != (faults->len > 0))
		abort();
	for (unsigned i = 0; i < faults->len; i++)
		if (!g_str_has_prefix(faults->pdata[i], path) &&
		    strstr(faults->pdata[i], "more faults") == NULL &&
		    g_strstr_len((const char *)data, (gssize)size, "include") ==
		            NULL)
			abort();
	return 0;
}
