#define _GNU_SOURCE /* O_TMPFILE */
#include "base/spool.h"

#include <fcntl.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/error.h"
#include "base/io.h"

#define SPOOL_MODE 0600

struct Spool {
	const char *directory;
	GByteArray *memory; /* NULL once there is a file */
	size_t size;
	int fd;
};

Spool *
spool_new(const char *directory)
{
	Spool *spool = g_new0(Spool, 1);

	spool->directory = directory;
	spool->memory = g_byte_array_new();
	spool->fd = -1;
	return spool;
}

void
spool_set_directory(Spool *spool, const char *directory)
{
	spool->directory = directory;
}

void
spool_free(Spool *spool)
{
	if (spool == NULL)
		return;
	g_clear_pointer(&spool->memory, g_byte_array_unref);
	if (spool->fd >= 0)
		close(spool->fd);
	g_free(spool);
}

/* Some file systems know no files without a name. */
static int
open_nameless(const char *directory)
{
	int fd = open(directory, O_TMPFILE | O_RDWR | O_CLOEXEC, SPOOL_MODE);

	if (fd >= 0)
		return fd;
	g_autofree char *name =
		g_build_filename(directory, ".postigo-XXXXXX", NULL);
	fd = g_mkstemp_full(name, O_RDWR | O_CLOEXEC, SPOOL_MODE);
	if (fd >= 0)
		unlink(name);
	return fd;
}

static bool
move_to_file(Spool *spool, GError **error)
{
	spool->fd = open_nameless(spool->directory);
	if (spool->fd < 0)
		return error_set_errno(error, ERROR_LATER, "%s: a new file",
		                       spool->directory);
	bool is_written = io_write_all(spool->fd, spool->memory->data,
	                               spool->memory->len, error);
	g_clear_pointer(&spool->memory, g_byte_array_unref);
	return is_written;
}

bool
spool_append(Spool *spool, const void *octets, size_t size, GError **error)
{
	if (spool->memory != NULL &&
	    spool->memory->len + size > SPOOL_MEMORY_OCTETS &&
	    !move_to_file(spool, error))
		return false;
	if (spool->memory != NULL)
		g_byte_array_append(spool->memory, octets, (guint)size);
	else if (!io_write_all(spool->fd, octets, size, error))
		return false;
	spool->size += size;
	return true;
}

size_t
spool_size(const Spool *spool)
{
	return spool->size;
}

const void *
spool_memory(const Spool *spool)
{
	if (spool->memory == NULL)
		return NULL;
	return spool->size == 0 ? (const void *)"" : spool->memory->data;
}

int
spool_descriptor(const Spool *spool)
{
	return spool->fd;
}

typedef struct Mapping {
	void *octets;
	size_t size;
} Mapping;

static void
unmap(void *data)
{
	Mapping *mapping = data;

	munmap(mapping->octets, mapping->size);
	g_free(mapping);
}

GBytes *
spool_map(int fd, size_t size, GError **error)
{
	if (size == 0)
		return g_bytes_new_static("", 0);
	void *octets = mmap(NULL, size, PROT_READ, MAP_PRIVATE, fd, 0);
	if (octets == MAP_FAILED) {
		error_set_errno(error, ERROR_LATER, "mmap");
		return NULL;
	}
	Mapping *mapping = g_new(Mapping, 1);
	*mapping = (Mapping){ octets, size };
	return g_bytes_new_with_free_func(octets, size, unmap, mapping);
}
