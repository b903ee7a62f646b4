#include "outbound/curl_lazy.h"

#include "base/lazy.h"

/* Debian has two flavours of one ABI; either will do. */
static const char *const sonames[] = {
	"libcurl-gnutls.so.4",
	"libcurl.so.4",
	NULL,
};

static const LazyFunction functions[] = {
	{ "curl_easy_init", offsetof(CurlTable, init) },
	{ "curl_easy_setopt", offsetof(CurlTable, setopt) },
	{ "curl_easy_perform", offsetof(CurlTable, perform) },
	{ "curl_easy_getinfo", offsetof(CurlTable, getinfo) },
	{ "curl_easy_send", offsetof(CurlTable, send) },
	{ "curl_easy_recv", offsetof(CurlTable, recv) },
	{ "curl_easy_cleanup", offsetof(CurlTable, cleanup) },
	{ "curl_easy_strerror", offsetof(CurlTable, strerror) },
	{ NULL, 0 },
};

const CurlTable *
curl_lazy(GError **error)
{
	static CurlTable table;
	static bool is_filled;

	if (!is_filled && !lazy_load(sonames, functions, &table, error))
		return NULL;
	is_filled = true;
	return &table;
}
