#include "serve/crew.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"

#include "intake/listen.h"

#define STOP_LOOK_MS 20

struct Crew {
	GPtrArray *workers;
	Desk *desk;
	const GPtrArray *listeners;
};

Crew *
crew_new(void)
{
	Crew *crew = g_new0(Crew, 1);

	crew->workers = g_ptr_array_new_with_free_func(g_free);
	return crew;
}

void
crew_free(Crew *crew)
{
	if (crew == NULL)
		return;
	g_ptr_array_unref(crew->workers);
	g_free(crew);
}

const GPtrArray *
crew_workers(const Crew *crew)
{
	return crew->workers;
}

char *
crew_worker_name(const Crew *crew, const Worker *worker)
{
	const char *title = worker->kind->title(crew->desk, worker->index);

	return title == NULL
	               ? g_strdup(worker->kind->name)
	               : g_strdup_printf("%s %s", worker->kind->name, title);
}

/* ---- a process ---- */

static void
plain_signals(void)
{
	static const int signals[] = { SIGTERM, SIGINT, SIGHUP, SIGCHLD,
		                       SIGPIPE };
	sigset_t none;

	for (unsigned i = 0; i < G_N_ELEMENTS(signals); i++)
		signal(signals[i], SIG_DFL);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
}

/* Standard streams, the lock of serve (it holds as long as one of us lives)
 * and, for a door, its listeners. */
static void
become(const Crew *crew, const Worker *worker, pid_t parent)
{
	g_autofree char *name =
		g_strconcat("postigo-", worker->kind->name, NULL);

	prctl(PR_SET_PDEATHSIG, SIGTERM);
	if (getppid() != parent)
		_exit(EXIT_FAILURE);
	prctl(PR_SET_NAME, name);
	plain_signals();
	if (worker->kind->needs_listeners)
		return;
	for (unsigned i = 0; i < crew->listeners->len; i++) {
		const Listener *listener = crew->listeners->pdata[i];
		close(listener->fd);
	}
}

static void
log_worker(const Crew *crew, const Worker *worker, const char *event)
{
	g_autofree char *name = crew_worker_name(crew, worker);
	g_autofree char *pid = g_strdup_printf("%d", (int)worker->pid);

	log_event(LOG_LEVEL_NOTICE, event, "process", name, "pid", pid, NULL);
}

static gint64
patience(const Worker *worker)
{
	unsigned doublings = MIN(worker->fails, 7U);

	return worker->fails == 0 ? 0
	                          : MIN((gint64)1 << (doublings - 1),
	                                (gint64)CREW_PATIENCE_MAX);
}

static void
start(Crew *crew, Worker *worker)
{
	pid_t parent = getpid();
	pid_t pid = fork();

	if (pid == 0) {
		become(crew, worker, parent);
		exit(worker->kind->run(crew->desk, crew->listeners,
		                       worker->index));
	}
	worker->start_at = g_get_monotonic_time();
	worker->since = clock_now();
	if (pid < 0) {
		log_event(LOG_LEVEL_ERROR, "cannot-start", "why",
		          g_strerror(errno), NULL);
		worker->fails++;
		worker->start_at += patience(worker) * G_USEC_PER_SEC;
		return;
	}
	worker->pid = pid;
	log_worker(crew, worker, "started");
}

static char *
end_text(int status)
{
	return WIFSIGNALED(status)
	               ? g_strdup_printf("signal %d", WTERMSIG(status))
	               : g_strdup_printf("status %d", WEXITSTATUS(status));
}

static void
note_end(const Crew *crew, Worker *worker, int status)
{
	g_autofree char *name = crew_worker_name(crew, worker);
	g_autofree char *end = end_text(status);
	gint64 now = g_get_monotonic_time();

	log_event(LOG_LEVEL_ERROR, "process-ended", "process", name, "by", end,
	          NULL);
	if (now - worker->start_at >
	    (gint64)CREW_STEADY_SECONDS * G_USEC_PER_SEC)
		worker->fails = 0;
	worker->last_status = status;
	worker->pid = 0;
	worker->restarts++;
	worker->start_at = now + patience(worker) * G_USEC_PER_SEC;
	worker->fails++;
}

/* ---- all of them ---- */

void
crew_start(Crew *crew, Desk *desk, const GPtrArray *listeners)
{
	crew->desk = desk;
	crew->listeners = listeners;
	g_ptr_array_set_size(crew->workers, 0);
	for (unsigned k = 0; work_kind_at(k) != NULL; k++) {
		const WorkKind *kind = work_kind_at(k);

		for (unsigned i = 0; i < kind->count(desk); i++) {
			Worker *worker = g_new0(Worker, 1);

			worker->kind = kind;
			worker->index = i;
			g_ptr_array_add(crew->workers, worker);
			start(crew, worker);
		}
	}
}

static Worker *
find(const Crew *crew, pid_t pid)
{
	for (unsigned i = 0; i < crew->workers->len; i++) {
		Worker *worker = crew->workers->pdata[i];

		if (worker->pid == pid)
			return worker;
	}
	return NULL;
}

void
crew_look(Crew *crew)
{
	gint64 now = g_get_monotonic_time();
	int status;
	pid_t pid;

	while ((pid = waitpid(-1, &status, WNOHANG)) > 0) {
		Worker *worker = find(crew, pid);
		if (worker != NULL)
			note_end(crew, worker, status);
	}
	for (unsigned i = 0; i < crew->workers->len; i++) {
		Worker *worker = crew->workers->pdata[i];
		if (worker->pid == 0 && worker->start_at <= now)
			start(crew, worker);
	}
}

int
crew_wait_ms(const Crew *crew)
{
	gint64 now = g_get_monotonic_time();
	int wait = -1;

	for (unsigned i = 0; i < crew->workers->len; i++) {
		const Worker *worker = crew->workers->pdata[i];
		gint64 left = (worker->start_at - now) / 1000 + 1;

		if (worker->pid == 0 && (wait < 0 || left < wait))
			wait = (int)MAX(left, (gint64)0);
	}
	return wait;
}

static bool
any_runs(const Crew *crew, const WorkKind *kind)
{
	bool is_any = false;

	for (unsigned i = 0; i < crew->workers->len; i++) {
		Worker *worker = crew->workers->pdata[i];

		if (worker->kind != kind || worker->pid == 0)
			continue;
		if (waitpid(worker->pid, &worker->last_status, WNOHANG) == 0)
			is_any = true;
		else
			worker->pid = 0;
	}
	return is_any;
}

static void
signal_kind(const Crew *crew, const WorkKind *kind, int signal_number)
{
	for (unsigned i = 0; i < crew->workers->len; i++) {
		const Worker *worker = crew->workers->pdata[i];

		if (worker->kind == kind && worker->pid != 0)
			kill(worker->pid, signal_number);
	}
}

static void
stop_kind(const Crew *crew, const WorkKind *kind)
{
	gint64 until = g_get_monotonic_time() +
	               (gint64)CREW_STOP_SECONDS * G_USEC_PER_SEC;

	signal_kind(crew, kind, SIGTERM);
	while (any_runs(crew, kind)) {
		if (g_get_monotonic_time() > until)
			signal_kind(crew, kind, SIGKILL);
		poll(NULL, 0, STOP_LOOK_MS);
	}
}

void
crew_stop(Crew *crew)
{
	unsigned kinds = 0;

	while (work_kind_at(kinds) != NULL)
		kinds++;
	while (kinds-- > 0)
		stop_kind(crew, work_kind_at(kinds));
}
