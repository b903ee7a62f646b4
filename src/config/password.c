#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdint.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/error.h"

#include "config/config.h"

#define PASSWORD_OUTPUT_MAX   4096
#define PASSWORD_SECONDS_MAX  30
#define MICROSECONDS_A_SECOND 1000000

/* All that fd gives until its end, at most size - 1 octets and until deadline
 * (monotonic).  false: too late, too much, or a failure. */
static bool
read_until(int fd, char *output, size_t size, gint64 deadline)
{
	struct pollfd poll_fd = { .fd = fd, .events = POLLIN };
	size_t used = 0;

	while (used < size) {
		gint64 left = (deadline - g_get_monotonic_time()) / 1000;
		int ready = left <= 0 ? 0 : poll(&poll_fd, 1, (int)left);
		if (ready < 0 && errno == EINTR)
			continue;
		if (ready <= 0)
			return false;
		ssize_t got = read(fd, output + used, size - used);
		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0) {
			output[used] = '\0';
			return got == 0;
		}
		used += (size_t)got;
	}
	return false;
}

static bool
ended_well(GPid child)
{
	int status;

	while (waitpid(child, &status, 0) < 0)
		if (errno != EINTR)
			return false;
	return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

char *
config_run_password_command(const char *const *command, GError **error)
{
	g_autoptr(GError) why = NULL;
	char output[PASSWORD_OUTPUT_MAX];
	GPid child;
	int fd;

	/* no shell: what stands in the list is what the program is given */
	g_auto(GStrv) argv = g_strdupv((char **)(uintptr_t)command);
	if (!g_spawn_async_with_pipes(NULL, argv, NULL,
	                              G_SPAWN_SEARCH_PATH |
	                                      G_SPAWN_DO_NOT_REAP_CHILD,
	                              NULL, NULL, &child, NULL, &fd, NULL,
	                              &why)) {
		error_set(error, ERROR_CONFIG, "password_command: %s",
		          why->message);
		return NULL;
	}
	gint64 deadline = g_get_monotonic_time() +
	                  PASSWORD_SECONDS_MAX * MICROSECONDS_A_SECOND;
	bool is_read = read_until(fd, output, sizeof(output), deadline);
	close(fd);
	if (!is_read)
		kill(child, SIGKILL);
	if (!ended_well(child) || !is_read) {
		error_set(error, ERROR_CONFIG,
		          "password_command: %s gave no password", argv[0]);
		return NULL;
	}
	output[strcspn(output, "\r\n")] = '\0';
	if (*output == '\0' || !g_utf8_validate(output, -1, NULL)) {
		error_set(error, ERROR_CONFIG,
		          "password_command: the first line of %s is no "
		          "password",
		          argv[0]);
		return NULL;
	}
	return g_strdup(output);
}

bool
config_take_password(Desk *desk, GError **error)
{
	if (*desk->smtp.password_command == NULL)
		return true;
	g_autofree char *password =
		config_run_password_command(desk->smtp.password_command, error);
	if (password == NULL)
		return false;
	desk->smtp.password = desk_keep(desk, password);
	return true;
}
