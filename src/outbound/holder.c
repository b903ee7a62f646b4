#include "outbound/holder.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <glib.h>

#include "base/io.h"

#define BOOT_FILE       "/proc/sys/kernel/random/boot_id"
#define BOOT_OCTETS_MAX 64
#define BOOT_UNKNOWN    "?"

/* All owned; host NULL: not a holder's name. */
typedef struct Holder {
	char *host;
	char *boot;
	int64_t position;
	pid_t pid;
} Holder;

static void
holder_clear(Holder *holder)
{
	g_free(holder->host);
	g_free(holder->boot);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Holder, holder_clear)

static char *
boot_now(void)
{
	g_autoptr(GBytes) bytes =
		io_read_file(BOOT_FILE, BOOT_OCTETS_MAX, NULL);

	if (bytes == NULL)
		return g_strdup(BOOT_UNKNOWN);
	char *boot = g_strndup(g_bytes_get_data(bytes, NULL),
	                       g_bytes_get_size(bytes));
	return g_strstrip(boot);
}

static Holder
parse(const char *owner)
{
	Holder holder = { NULL, NULL, 0, 0 };
	const char *colon = owner == NULL ? NULL : strrchr(owner, ':');

	if (colon == NULL)
		return holder;
	g_autofree char *place = g_strndup(owner, (gsize)(colon - owner));
	g_auto(GStrv) words = g_strsplit(place, "/", 3);
	if (g_strv_length(words) != 3)
		return holder;
	holder.host = g_strdup(words[0]);
	holder.boot = g_strdup(words[1]);
	holder.position = g_ascii_strtoll(words[2], NULL, 10);
	holder.pid = (pid_t)strtol(colon + 1, NULL, 10);
	return holder;
}

char *
holder_name(int64_t position)
{
	g_autofree char *boot = boot_now();

	return g_strdup_printf("%s/%s/%" G_GINT64_FORMAT ":%d",
	                       g_get_host_name(), boot, position,
	                       (int)getpid());
}

static bool
is_this_boot(const Holder *holder)
{
	g_autofree char *boot = boot_now();

	return strcmp(boot, BOOT_UNKNOWN) != 0 &&
	       strcmp(boot, holder->boot) == 0;
}

bool
holder_is_dead(const char *owner)
{
	g_auto(Holder) holder = parse(owner);

	if (holder.host == NULL || holder.pid <= 0 ||
	    strcmp(holder.host, g_get_host_name()) != 0)
		return false;
	return holder.pid == getpid() ||
	       (kill(holder.pid, 0) != 0 && errno == ESRCH);
}

int64_t
holder_position(const char *owner)
{
	g_auto(Holder) holder = parse(owner);

	return MAX(0, holder.position);
}

bool
holder_may_have_begun(const char *owner, const SentLog *log, int64_t id)
{
	g_auto(Holder) holder = parse(owner);

	return holder.host == NULL || !is_this_boot(&holder) ||
	       holder.position > sent_log_length(log) ||
	       sent_log_was_begun(log, id, holder.position);
}
