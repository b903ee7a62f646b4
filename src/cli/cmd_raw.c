/* The octets of a mail as they came: what is asked for when something reads
 * oddly, and the way to get at what could not be read. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/error.h"
#include "base/io.h"

#include "cli/session.h"

#define SHA256_DIGITS 64

static bool
is_digest(const char *text)
{
	return strlen(text) == SHA256_DIGITS &&
	       strspn(text, "0123456789abcdef") == SHA256_DIGITS;
}

/* The digest of the newest mail with that Message-ID; owned. */
static char *
digest_of(Store *store, const char *message_id, GError **error)
{
	g_autofree char *id = g_strdup(message_id);

	g_strdelimit(id, "<>", ' ');
	g_strstrip(id);
	g_autoptr(GPtrArray) found = store_deliveries(store, id, error);
	if (found == NULL)
		return NULL;
	if (found->len == 0) {
		error_set(error, ERROR_NOT_FOUND,
		          "%s: no mail with that id came", id);
		return NULL;
	}
	const Delivery *newest = found->pdata[found->len - 1];
	return g_strdup(newest->sha256);
}

static bool
print_raw(Store *store, const char *name, GError **error)
{
	g_autofree char *digest = is_digest(name)
	                                  ? g_strdup(name)
	                                  : digest_of(store, name, error);
	gsize size;

	if (digest == NULL)
		return false;
	g_autoptr(GBytes) octets = store_raw_get(store, digest, error);
	if (octets == NULL)
		return false;
	const void *data = g_bytes_get_data(octets, &size);
	return io_write_all(STDOUT_FILENO, data, size, error);
}

static int
run(Context *context, int argc, char **argv)
{
	g_auto(Session) session = { NULL, NULL, NULL };
	g_autoptr(GError) error = NULL;

	if (argc != 2)
		return session_usage(&cmd_raw);
	if (!session_open_store(&session, context, &error) ||
	    !print_raw(session.store, argv[1], &error))
		return session_fail(error);
	return EXIT_SUCCESS;
}

const Command cmd_raw = { "raw", "MESSAGE-ID|SHA256", run, false };
