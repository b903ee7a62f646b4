#include "serve/notify.h"

#include <fcntl.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#define SOCKETS_MAX 64

/* "@name" is a name without a file. */
static bool
read_address(const char *text, struct sockaddr_un *out, socklen_t *out_size)
{
	size_t length = text == NULL ? 0 : strlen(text);

	if (length < 2 || length >= sizeof out->sun_path ||
	    (*text != '/' && *text != '@'))
		return false;
	*out = (struct sockaddr_un){ .sun_family = AF_UNIX };
	memcpy(out->sun_path, text, length);
	if (*text == '@')
		out->sun_path[0] = '\0';
	*out_size =
		(socklen_t)(offsetof(struct sockaddr_un, sun_path) + length);
	return true;
}

void
notify_say(const char *words)
{
	struct sockaddr_un address;
	socklen_t size;

	if (!read_address(g_getenv("NOTIFY_SOCKET"), &address, &size))
		return;
	int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return;
	sendto(fd, words, strlen(words), MSG_NOSIGNAL,
	       (const struct sockaddr *)&address, size);
	close(fd);
}

static guint64
number(const char *name)
{
	const char *text = g_getenv(name);
	guint64 value = 0;

	if (text == NULL ||
	    !g_ascii_string_to_unsigned(text, 10, 1, G_MAXINT32, &value, NULL))
		return 0;
	return value;
}

static bool
is_for_us(const char *name)
{
	return number(name) == (guint64)getpid();
}

int
notify_watchdog_ms(void)
{
	if (g_getenv("WATCHDOG_PID") != NULL && !is_for_us("WATCHDOG_PID"))
		return 0;
	return (int)(number("WATCHDOG_USEC") / 1000);
}

unsigned
notify_take_sockets(void)
{
	static const char *const names[] = { "LISTEN_PID", "LISTEN_FDS",
		                             "LISTEN_FDNAMES" };
	unsigned count = is_for_us("LISTEN_PID")
	                         ? (unsigned)MIN(number("LISTEN_FDS"),
	                                         (guint64)SOCKETS_MAX)
	                         : 0;

	for (unsigned i = 0; i < count; i++) {
		int fd = NOTIFY_FIRST_FD + (int)i;

		fcntl(fd, F_SETFD, FD_CLOEXEC);
		fcntl(fd, F_SETFL, fcntl(fd, F_GETFL) | O_NONBLOCK);
	}
	for (unsigned i = 0; i < G_N_ELEMENTS(names); i++)
		g_unsetenv(names[i]);
	return count;
}
