#include "outbound/curl_lazy.h"

#include <dlfcn.h>
#include <string.h>

#include "base/error.h"

/* Debian has two flavours of one ABI; either will do. */
static const char *const sonames[] = {
	"libcurl-gnutls.so.4",
	"libcurl.so.4",
};

static const struct {
	const char *name;
	size_t offset;
} functions[] = {
	{ "curl_easy_init", offsetof(CurlTable, init) },
	{ "curl_easy_setopt", offsetof(CurlTable, setopt) },
	{ "curl_easy_perform", offsetof(CurlTable, perform) },
	{ "curl_easy_getinfo", offsetof(CurlTable, getinfo) },
	{ "curl_easy_send", offsetof(CurlTable, send) },
	{ "curl_easy_recv", offsetof(CurlTable, recv) },
	{ "curl_easy_cleanup", offsetof(CurlTable, cleanup) },
	{ "curl_easy_strerror", offsetof(CurlTable, strerror) },
};

static void *
open_any(void)
{
	void *library = NULL;

	for (unsigned i = 0; library == NULL && i < G_N_ELEMENTS(sonames); i++)
		library = dlopen(sonames[i], RTLD_NOW | RTLD_LOCAL);
	return library;
}

static bool
fill(CurlTable *table, GError **error)
{
	void *library = open_any();

	if (library == NULL)
		return error_set(error, ERROR_UNAVAILABLE,
		                 "libcurl cannot be loaded: %s", dlerror());
	for (unsigned i = 0; i < G_N_ELEMENTS(functions); i++) {
		void *function = dlsym(library, functions[i].name);

		if (function == NULL)
			return error_set(error, ERROR_UNAVAILABLE,
			                 "libcurl has no %s",
			                 functions[i].name);
		/* POSIX lets dlsym()'s pointer hold a function's address */
		memcpy((char *)table + functions[i].offset, &function,
		       sizeof function);
	}
	return true;
}

const CurlTable *
curl_lazy(GError **error)
{
	static CurlTable table;
	static bool is_filled;

	if (!is_filled && !fill(&table, error))
		return NULL;
	is_filled = true;
	return &table;
}
