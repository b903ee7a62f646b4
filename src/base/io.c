#include "base/io.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "base/error.h"

#define READ_STEP 65536

gssize
io_read_some(int fd, void *data, size_t size)
{
	gssize got;

	do
		got = read(fd, data, size);
	while (got < 0 && errno == EINTR);
	return got;
}

/* How much fd is likely to give: room for it at once spares growing. */
static guint
expected_octets(int fd, size_t cap)
{
	struct stat file;

	if (fstat(fd, &file) != 0 || !S_ISREG(file.st_mode) || file.st_size < 0)
		return 0;
	return (guint)MIN(MIN((size_t)file.st_size, cap), (size_t)G_MAXINT);
}

GBytes *
io_read_all(int fd, size_t cap, GError **error)
{
	g_autoptr(GByteArray) all =
		g_byte_array_sized_new(expected_octets(fd, cap));
	guint8 step[READ_STEP];

	for (;;) {
		gssize got = io_read_some(fd, step, sizeof step);

		if (got < 0) {
			error_set_errno(error, ERROR_LATER, "read");
			return NULL;
		}
		if (got == 0)
			break;
		if (all->len + (size_t)got > cap) {
			error_set(error, ERROR_TOO_BIG,
			          "more than %" G_GSIZE_FORMAT " octets", cap);
			return NULL;
		}
		g_byte_array_append(all, step, (guint)got);
	}
	return g_byte_array_free_to_bytes(g_steal_pointer(&all));
}

GBytes *
io_read_file(const char *path, size_t cap, GError **error)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);

	if (fd < 0) {
		error_set_errno(error, ERROR_NOT_FOUND, "%s", path);
		return NULL;
	}
	GBytes *bytes = io_read_all(fd, cap, error);
	close(fd);
	if (bytes == NULL)
		g_prefix_error(error, "%s: ", path);
	return bytes;
}

bool
io_write_all(int fd, const void *data, size_t size, GError **error)
{
	const guint8 *at = data;

	while (size > 0) {
		gssize put = write(fd, at, size);

		if (put < 0 && errno == EINTR)
			continue;
		if (put <= 0)
			return error_set_errno(error, ERROR_IO, "write");
		at += put;
		size -= (size_t)put;
	}
	return true;
}

static bool
sync_directory_of(const char *path, GError **error)
{
	g_autofree char *directory = g_path_get_dirname(path);
	int fd = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (fd < 0 || fsync(fd) != 0) {
		error_set_errno(error, ERROR_IO, "%s", directory);
		if (fd >= 0)
			close(fd);
		return false;
	}
	close(fd);
	return true;
}

static bool
write_and_sync(int fd, const void *data, size_t size, GError **error)
{
	if (!io_write_all(fd, data, size, error))
		return false;
	if (fsync(fd) != 0)
		return error_set_errno(error, ERROR_IO, "fsync");
	return true;
}

bool
io_write_file(const char *path, unsigned mode, const void *data, size_t size,
              GError **error)
{
	g_autofree char *temporary =
		g_strdup_printf("%s.tmp.%d", path, getpid());
	int fd = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC,
	              (mode_t)mode);

	if (fd < 0)
		return error_set_errno(error, ERROR_IO, "%s", temporary);
	bool written = write_and_sync(fd, data, size, error);
	if (close(fd) != 0 && written)
		written = error_set_errno(error, ERROR_IO, "close");
	if (written && rename(temporary, path) != 0)
		written = error_set_errno(error, ERROR_IO, "rename");
	if (!written) {
		unlink(temporary);
		g_prefix_error(error, "%s: ", path);
		return false;
	}
	return sync_directory_of(path, error);
}

bool
io_read_exactly(int fd, void *data, size_t size, GError **error)
{
	guint8 *at = data;

	while (size > 0) {
		gssize got = io_read_some(fd, at, size);

		if (got < 0)
			return error_set_errno(error, ERROR_LATER, "read");
		if (got == 0)
			return error_set(error, ERROR_LATER, "early end");
		at += got;
		size -= (size_t)got;
	}
	return true;
}

gint64
io_free_space(const char *path)
{
	struct statvfs fs;

	if (statvfs(path, &fs) != 0)
		return -1;
	return (gint64)fs.f_bavail * (gint64)fs.f_frsize;
}
