#define _GNU_SOURCE /* initgroups() */
#include "serve/ground.h"

#include <fcntl.h>
#include <grp.h>
#include <poll.h>
#include <pwd.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/error.h"

#include "intake/listen.h"
#include "intake/lmtp.h"

#include "serve/notify.h"
#include "serve/status.h"

#define LOCK_LOOK_MS 100

/* ---- the lock ---- */

static bool
lock_waited(int fd)
{
	for (int waited = 0; waited < GROUND_LOCK_MS; waited += LOCK_LOOK_MS) {
		if (flock(fd, LOCK_EX | LOCK_NB) == 0)
			return true;
		poll(NULL, 0, LOCK_LOOK_MS);
	}
	return false;
}

static bool
take_lock(Ground *ground, const Desk *desk, GError **error)
{
	g_autofree char *path = g_strconcat(desk->database, ".serve", NULL);

	ground->lock_fd =
		open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (ground->lock_fd < 0)
		return error_set_errno(error, ERROR_CONFIG, "%s", path);
	return lock_waited(ground->lock_fd) ||
	       error_set(error, ERROR_UNAVAILABLE,
	                 "%s: another serve of this desk runs", path);
}

/* ---- the sockets ---- */

static bool
listen_all(Ground *ground, const Desk *desk, GError **error)
{
	g_autofree char *own = lmtp_private_path(desk);
	g_autofree char *status = status_path(desk);
	unsigned given = notify_take_sockets();

	for (unsigned i = 0; i < given; i++)
		listeners_adopt(ground->listeners, NOTIFY_FIRST_FD + (int)i);
	for (const char *const *place = desk->lmtp.listen;
	     *place != NULL && given == 0; place++)
		if (!listeners_add(ground->listeners, *place, false, error))
			return false;
	return listeners_add(ground->listeners, own, true, error) &&
	       listeners_add(ground->status, status, true, error);
}

static bool
has_place(const Desk *desk, const char *place)
{
	return g_strv_contains(desk->lmtp.listen, place);
}

bool
ground_change(Ground *ground, const Desk *from, const Desk *to, GError **error)
{
	g_autoptr(GPtrArray) fresh = listeners_new();

	if (strcmp(from->database, to->database) != 0)
		return error_set(error, ERROR_CONFIG,
		                 "another database needs a restart");
	for (const char *const *place = to->lmtp.listen; *place != NULL;
	     place++)
		if (!has_place(from, *place) &&
		    !listeners_add(fresh, *place, false, error))
			return false;
	for (const char *const *place = from->lmtp.listen; *place != NULL;
	     place++)
		if (!has_place(to, *place))
			listeners_drop(ground->listeners, *place);
	while (fresh->len > 0)
		g_ptr_array_add(ground->listeners,
		                g_ptr_array_steal_index(fresh, 0));
	return true;
}

/* ---- the user ---- */

static void
give_sockets(const GPtrArray *listeners, const struct passwd *user)
{
	for (unsigned i = 0; i < listeners->len; i++) {
		const Listener *listener = listeners->pdata[i];

		if (listener->path != NULL &&
		    lchown(listener->path, user->pw_uid, user->pw_gid) != 0)
			return;
	}
}

static bool
become_owner(Ground *ground, const Desk *desk, GError **error)
{
	struct stat st;

	if (geteuid() != 0 || stat(desk->database, &st) != 0 || st.st_uid == 0)
		return true;
	const struct passwd *user = getpwuid(st.st_uid);
	if (user == NULL)
		return error_set(error, ERROR_CONFIG,
		                 "%s: its owner is no user", desk->database);
	give_sockets(ground->listeners, user);
	give_sockets(ground->status, user);
	if (fchown(ground->lock_fd, user->pw_uid, user->pw_gid) != 0 ||
	    initgroups(user->pw_name, user->pw_gid) != 0 ||
	    setgid(user->pw_gid) != 0 || setuid(user->pw_uid) != 0)
		return error_set_errno(error, ERROR_CONFIG, "become %s",
		                       user->pw_name);
	return true;
}

bool
ground_take(Ground *ground, const Desk *desk, GError **error)
{
	*ground = (Ground){ -1, listeners_new(), listeners_new() };
	return take_lock(ground, desk, error) &&
	       listen_all(ground, desk, error) &&
	       become_owner(ground, desk, error);
}

void
ground_clear(Ground *ground)
{
	listeners_remove(ground->listeners);
	listeners_remove(ground->status);
	g_clear_pointer(&ground->listeners, g_ptr_array_unref);
	g_clear_pointer(&ground->status, g_ptr_array_unref);
	if (ground->lock_fd >= 0)
		close(ground->lock_fd);
	ground->lock_fd = -1;
}
