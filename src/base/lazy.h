/* A library that is loaded when it is first needed.
 *
 * `postigo deliver` is the same binary as all the rest and runs once a mail;
 * libraries that most mails do not need, and the sender's, would cost it more
 * time than its work (doc/decisions/002-one-binary.md). */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include <glib.h>

typedef struct LazyFunction {
	const char *name; /* in the library */
	size_t offset;    /* of a function pointer in the caller's table */
} LazyFunction;

/* Opens the first of sonames (NULL-terminated) that is there and fills table
 * with its functions; the list ends with a NULL name.  The library stays.
 * ERROR_UNAVAILABLE: it is not on this machine, or too old. */
bool lazy_load(const char *const *sonames, const LazyFunction *functions,
               void *table, GError **error);
