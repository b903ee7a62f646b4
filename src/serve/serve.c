#include "serve/serve.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/error.h"
#include "base/io.h"
#include "base/log.h"

#include "intake/listen.h"

#include "serve/crew.h"
#include "serve/ground.h"
#include "serve/notify.h"
#include "serve/status.h"

#define PID_FILE_MODE 0644

typedef struct Serve {
	const ServeOptions *options;
	Desk *desk;
	Crew *crew;
	Ground ground;
	ServeState state;
	int signal_fd;
	bool is_stopping;
} Serve;

/* ---- signals ---- */

static int
take_signals(void)
{
	static const int signals[] = { SIGTERM, SIGINT, SIGHUP, SIGCHLD };
	struct sigaction ignore = { .sa_handler = SIG_IGN };
	sigset_t set;

	sigemptyset(&set);
	for (unsigned i = 0; i < G_N_ELEMENTS(signals); i++)
		sigaddset(&set, signals[i]);
	sigprocmask(SIG_BLOCK, &set, NULL);
	sigaction(SIGPIPE, &ignore, NULL);
	return signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
}

static void
keep_old(Serve *serve, const GError *error)
{
	serve->state.is_configuration_old = true;
	log_event(LOG_LEVEL_ERROR, "old-configuration-kept", "why",
	          error->message, NULL);
}

/* The doors stay open meanwhile: who connects waits for the next process. */
static void
reload(Serve *serve)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(Desk) desk =
		serve->options->load(serve->options->config_path, &error);

	if (desk == NULL ||
	    !ground_change(&serve->ground, serve->desk, desk, &error)) {
		keep_old(serve, error);
		return;
	}
	notify_say("RELOADING=1");
	crew_stop(serve->crew);
	desk_free(serve->desk);
	serve->desk = g_steal_pointer(&desk);
	serve->state.is_configuration_old = false;
	serve->state.read_at = clock_now();
	crew_start(serve->crew, serve->desk, serve->ground.listeners);
	log_event(LOG_LEVEL_NOTICE, "configuration-read", NULL);
	notify_say("READY=1");
}

static void
take_signal(Serve *serve)
{
	struct signalfd_siginfo info;

	while (read(serve->signal_fd, &info, sizeof info) ==
	       (ssize_t)sizeof info) {
		if (info.ssi_signo == SIGHUP)
			reload(serve);
		else if (info.ssi_signo != SIGCHLD)
			serve->is_stopping = true;
	}
}

/* ---- the loop ---- */

static int
sooner(int a_ms, int b_ms)
{
	if (a_ms < 0 || b_ms < 0)
		return MAX(a_ms, b_ms);
	return MIN(a_ms, b_ms);
}

static void
go_round(Serve *serve, int watchdog_ms)
{
	const Listener *status = serve->ground.status->pdata[0];
	struct pollfd polls[] = { { serve->signal_fd, POLLIN, 0 },
		                  { status->fd, POLLIN, 0 } };
	int watch_ms = watchdog_ms > 0 ? watchdog_ms / 2 : -1;

	if (poll(polls, G_N_ELEMENTS(polls),
	         sooner(watch_ms, crew_wait_ms(serve->crew))) > 0) {
		if (polls[0].revents != 0)
			take_signal(serve);
		if (polls[1].revents != 0)
			status_answer(status->fd, &serve->state);
	}
	if (!serve->is_stopping)
		crew_look(serve->crew);
	if (watchdog_ms > 0)
		notify_say("WATCHDOG=1");
}

static bool
write_pid(const char *path, GError **error)
{
	g_autofree char *line = g_strdup_printf("%d\n", (int)getpid());

	return path == NULL ||
	       io_write_file(path, PID_FILE_MODE, line, strlen(line), error);
}

static void
supervise(Serve *serve)
{
	int watchdog_ms = notify_watchdog_ms();

	serve->state.since = serve->state.read_at = clock_now();
	crew_start(serve->crew, serve->desk, serve->ground.listeners);
	log_event(LOG_LEVEL_NOTICE, "serving", "desk", serve->desk->name, NULL);
	notify_say("READY=1\nSTATUS=serving");
	while (!serve->is_stopping)
		go_round(serve, watchdog_ms);
	notify_say("STOPPING=1");
	log_event(LOG_LEVEL_NOTICE, "stopping", NULL);
	crew_stop(serve->crew);
}

bool
serve_run(const ServeOptions *options, GError **error)
{
	g_autoptr(Crew) crew = crew_new();
	Serve serve = { .options = options,
		        .crew = crew,
		        .state = { .crew = crew } };

	serve.desk = options->load(options->config_path, error);
	if (serve.desk == NULL)
		return false;
	serve.signal_fd = take_signals();
	bool is_ready = ground_take(&serve.ground, serve.desk, error) &&
	                write_pid(options->pid_file, error);
	if (is_ready)
		supervise(&serve);
	ground_clear(&serve.ground);
	if (is_ready && options->pid_file != NULL)
		unlink(options->pid_file);
	close(serve.signal_fd);
	desk_free(serve.desk);
	return is_ready;
}
