/* Octets that come in pieces: in memory while they are few, afterwards in a
 * file without a name.
 *
 * A door does not know how large a mail will be, and many come at a time; so
 * each holds at most SPOOL_MEMORY_OCTETS of its mail in memory, and a crash
 * leaves no file behind. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include <glib.h>

#define SPOOL_MEMORY_OCTETS ((size_t)64 << 10)

typedef struct Spool Spool;

/* The file, if there will be one, is made in directory (borrowed). */
Spool *spool_new(const char *directory);
/* For who does not know at first: before more than SPOOL_MEMORY_OCTETS. */
void spool_set_directory(Spool *spool, const char *directory);
void spool_free(Spool *spool);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Spool, spool_free)

/* ERROR_LATER if the file cannot be made or written; the spool then holds less
 * than it was given. */
bool spool_append(Spool *spool, const void *octets, size_t size,
                  GError **error);

size_t spool_size(const Spool *spool);

/* What is in memory, borrowed until the next call; NULL if it is in a file. */
const void *spool_memory(const Spool *spool);

/* The descriptor of the file, borrowed; -1 if all is in memory. */
int spool_descriptor(const Spool *spool);

/* The first size octets of a file as octets that are read when they are looked
 * at; fd may be closed afterwards.  ERROR_LATER. */
GBytes *spool_map(int fd, size_t size, GError **error);
