/* Files and descriptors: whole, capped, durable. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include <glib.h>

/* One read, EINTR invisible: octets, 0 at the end, -1 with errno. */
gssize io_read_some(int fd, void *data, size_t size);

/* Reads fd to its end.  More than cap octets is ERROR_TOO_BIG (what was read
 * is dropped), a read error ERROR_LATER.  EINTR and short reads are invisible.
 */
GBytes *io_read_all(int fd, size_t cap, GError **error);

/* The same for a file; ERROR_NOT_FOUND if it cannot be opened. */
GBytes *io_read_file(const char *path, size_t cap, GError **error);

bool io_write_all(int fd, const void *data, size_t size, GError **error);

/* Writes a new file so that it is there whole or not at all: temporary name,
 * write, fsync, rename, fsync of the directory.  ERROR_IO on failure. */
bool io_write_file(const char *path, unsigned mode, const void *data,
                   size_t size, GError **error);

/* Reads exactly size octets; false with ERROR_LATER at an early end. */
bool io_read_exactly(int fd, void *data, size_t size, GError **error);

/* Octets free for us on the file system of path; -1 if it cannot be told. */
gint64 io_free_space(const char *path);
