#include "intake/listen.h"

#include <errno.h>
#include <netdb.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/error.h"
#include "base/place.h"

#define SOCKET_FLAGS (SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK)

static void
free_listener(gpointer data)
{
	Listener *listener = data;

	close(listener->fd);
	g_free(listener->place);
	g_free(listener->path);
	g_free(listener);
}

GPtrArray *
listeners_new(void)
{
	return g_ptr_array_new_with_free_func(free_listener);
}

/* Takes fd. */
static Listener *
add(GPtrArray *listeners, int fd, const char *place)
{
	Listener *listener = g_new0(Listener, 1);

	listener->fd = fd;
	listener->place = g_strdup(place);
	g_ptr_array_add(listeners, listener);
	return listener;
}

void
listeners_adopt(GPtrArray *listeners, int fd)
{
	add(listeners, fd, NULL);
}

void
listeners_drop(GPtrArray *listeners, const char *place)
{
	for (unsigned i = 0; i < listeners->len; i++) {
		const Listener *listener = listeners->pdata[i];

		if (g_strcmp0(listener->place, place) != 0)
			continue;
		if (listener->path != NULL)
			unlink(listener->path);
		g_ptr_array_remove_index(listeners, i);
		return;
	}
}

void
listeners_remove(const GPtrArray *listeners)
{
	for (unsigned i = 0; i < listeners->len; i++) {
		const Listener *listener = listeners->pdata[i];

		if (listener->path != NULL)
			unlink(listener->path);
	}
}

/* ---- Unix sockets ---- */

static bool
is_answered(const struct sockaddr_un *address)
{
	int fd = socket(AF_UNIX, SOCKET_FLAGS, 0);
	bool answers = connect(fd, (const struct sockaddr *)address,
	                       sizeof *address) == 0 ||
	               errno == EAGAIN;

	close(fd);
	return answers;
}

static bool
bind_path(int fd, const struct sockaddr_un *address, mode_t mode,
          GError **error)
{
	mode_t mask = umask(~mode & 0777);
	int result =
		bind(fd, (const struct sockaddr *)address, sizeof *address);
	int why = errno;

	umask(mask);
	errno = why;
	return (result == 0 && listen(fd, LISTEN_BACKLOG) == 0) ||
	       error_set_errno(error, ERROR_CONFIG, "%s", address->sun_path);
}

/* Only a socket is removed, whatever the configuration says. */
static bool
make_way(const struct sockaddr_un *address, GError **error)
{
	struct stat st;

	if (lstat(address->sun_path, &st) != 0)
		return true;
	if (!S_ISSOCK(st.st_mode))
		return error_set(error, ERROR_CONFIG,
		                 "%s: is there, and no "
		                 "socket",
		                 address->sun_path);
	if (is_answered(address))
		return error_set(error, ERROR_UNAVAILABLE,
		                 "%s: somebody listens there already",
		                 address->sun_path);
	unlink(address->sun_path);
	return true;
}

static bool
listen_path(GPtrArray *listeners, const char *path, bool is_private,
            GError **error)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };

	if (g_strlcpy(address.sun_path, path, sizeof address.sun_path) >=
	    sizeof address.sun_path)
		return error_set(error, ERROR_CONFIG,
		                 "%s: too long for a socket (%zu octets)", path,
		                 sizeof address.sun_path - 1);
	if (!make_way(&address, error))
		return false;
	int fd = socket(AF_UNIX, SOCKET_FLAGS, 0);
	if (fd < 0)
		return error_set_errno(error, ERROR_LATER, "%s", path);
	if (!bind_path(fd, &address,
	               is_private ? LISTEN_PRIVATE_MODE : LISTEN_MODE, error)) {
		close(fd);
		return false;
	}
	Listener *listener = add(listeners, fd, path);
	listener->path = g_strdup(path);
	listener->is_private = is_private;
	return true;
}

/* ---- TCP ---- */

static int
listen_address(const struct addrinfo *info)
{
	int fd = socket(info->ai_family, SOCKET_FLAGS, info->ai_protocol);
	int on = 1;

	if (fd < 0)
		return -1;
	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
	if (bind(fd, info->ai_addr, info->ai_addrlen) == 0 &&
	    listen(fd, LISTEN_BACKLOG) == 0)
		return fd;
	int why = errno;
	close(fd);
	errno = why;
	return -1;
}

static bool
listen_host(GPtrArray *listeners, const char *place, GError **error)
{
	struct addrinfo hints = { .ai_socktype = SOCK_STREAM,
		                  .ai_flags = AI_PASSIVE | AI_NUMERICSERV };
	struct addrinfo *info = NULL;
	g_autofree char *host = NULL;
	unsigned port;

	if (!place_split(place, &host, &port))
		return error_set(error, ERROR_CONFIG, "%s: no host:port",
		                 place);
	g_autofree char *service = g_strdup_printf("%u", port);
	int result = getaddrinfo(host, service, &hints, &info);
	if (result != 0)
		return error_set(error, ERROR_CONFIG, "%s: %s", place,
		                 gai_strerror(result));
	int fd = listen_address(info);
	freeaddrinfo(info);
	if (fd < 0)
		return error_set_errno(error,
		                       errno == EADDRINUSE ? ERROR_UNAVAILABLE
		                                           : ERROR_CONFIG,
		                       "%s", place);
	add(listeners, fd, place);
	return true;
}

bool
listeners_add(GPtrArray *listeners, const char *place, bool is_private,
              GError **error)
{
	return place_is_path(place) || is_private
	               ? listen_path(listeners, place, is_private, error)
	               : listen_host(listeners, place, error);
}
