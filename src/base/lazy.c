#include "base/lazy.h"

#include <dlfcn.h>
#include <string.h>

#include "base/error.h"

static void *
open_any(const char *const *sonames)
{
	void *library = NULL;

	for (; library == NULL && *sonames != NULL; sonames++)
		library = dlopen(*sonames, RTLD_NOW | RTLD_LOCAL);
	return library;
}

bool
lazy_load(const char *const *sonames, const LazyFunction *functions,
          void *table, GError **error)
{
	void *library = open_any(sonames);

	if (library == NULL)
		return error_set(error, ERROR_UNAVAILABLE, "%s", dlerror());
	for (; functions->name != NULL; functions++) {
		void *function = dlsym(library, functions->name);

		if (function == NULL)
			return error_set(error, ERROR_UNAVAILABLE, "%s",
			                 dlerror());
		/* POSIX lets dlsym()'s pointer hold a function's address */
		memcpy((char *)table + functions->offset, &function,
		       sizeof function);
	}
	return true;
}
