#define _GNU_SOURCE /* accept4() */
#include "serve/status.h"

#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/error.h"
#include "base/io.h"
#include "base/json.h"

#define ANSWER_MAX     ((size_t)1 << 20)
#define ANSWER_SECONDS 10

char *
status_path(const Desk *desk)
{
	return g_strconcat(desk->database, ".status", NULL);
}

static json_t *
worker_json(const Crew *crew, const Worker *worker)
{
	g_autofree char *name = crew_worker_name(crew, worker);

	return json_pack("{s:s, s:o, s:o, s:i, s:b}", "name", name, "pid",
	                 worker->pid == 0 ? json_null()
	                                  : json_integer(worker->pid),
	                 "since", json_instant(worker->since), "restarts",
	                 (int)worker->restarts, "failing",
	                 worker->pid == 0 || worker->fails > 1);
}

static json_t *
state_json(const ServeState *state)
{
	const GPtrArray *workers = crew_workers(state->crew);
	json_t *list = json_array();

	for (unsigned i = 0; i < workers->len; i++)
		json_array_append_new(list, worker_json(state->crew,
		                                        workers->pdata[i]));
	return json_pack("{s:i, s:o, s:o, s:b, s:o}", "pid", (int)getpid(),
	                 "since", json_instant(state->since), "configuration",
	                 json_instant(state->read_at), "configuration_wrong",
	                 state->is_configuration_old, "processes", list);
}

/* The answer fits in the socket's buffer; who does not read loses it. */
void
status_answer(int fd, const ServeState *state)
{
	int client;

	while ((client = accept4(fd, NULL, NULL,
	                         SOCK_CLOEXEC | SOCK_NONBLOCK)) >= 0) {
		json_t *json = state_json(state);
		char *text = json_dumps(json, JSON_COMPACT);

		send(client, text, strlen(text), MSG_NOSIGNAL);
		free(text);
		json_decref(json);
		close(client);
	}
}

static int
connect_to(const char *path)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	struct timeval patience = { ANSWER_SECONDS, 0 };

	if (g_strlcpy(address.sun_path, path, sizeof address.sun_path) >=
	    sizeof address.sun_path)
		return -1;
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return -1;
	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
	if (connect(fd, (const struct sockaddr *)&address, sizeof address) == 0)
		return fd;
	close(fd);
	return -1;
}

char *
status_ask(const Desk *desk, GError **error)
{
	g_autofree char *path = status_path(desk);
	int fd = connect_to(path);

	if (fd < 0) {
		error_set(error, ERROR_UNAVAILABLE, "serve does not run");
		return NULL;
	}
	g_autoptr(GBytes) answer = io_read_all(fd, ANSWER_MAX, NULL);
	close(fd);
	if (answer == NULL || g_bytes_get_size(answer) == 0) {
		error_set(error, ERROR_UNAVAILABLE, "serve does not answer");
		return NULL;
	}
	return g_strndup(g_bytes_get_data(answer, NULL),
	                 g_bytes_get_size(answer));
}
