#include <errno.h>
#include <getopt.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <sysexits.h>
#include <unistd.h>

#include "base/error.h"
#include "base/json.h"

#include "intake/poll.h"

#include "cli/session.h"

/* A poller that died is started again after so long. */
#define RESTART_SECONDS 10

/* The write end of the pipe whose other end says that it is time to stop. */
static int stop_pipe[2] = { -1, -1 };

static void
on_stop(int signal_number)
{
	int kept = errno;

	(void)signal_number;
	if (write(stop_pipe[1], "", 1) < 0)
		_exit(EXIT_FAILURE);
	errno = kept;
}

static bool
set_signals(GError **error)
{
	struct sigaction stop = { .sa_handler = on_stop };
	struct sigaction ignore = { .sa_handler = SIG_IGN };

	if (pipe(stop_pipe) != 0)
		return error_set_errno(error, ERROR_LATER, "pipe");
	sigaction(SIGTERM, &stop, NULL);
	sigaction(SIGINT, &stop, NULL);
	sigaction(SIGPIPE, &ignore, NULL);
	return true;
}

static void
tell(const Context *context, const Inbox *mailbox, const PollTally *tally)
{
	if (context->json)
		json_print_line(stdout,
		                json_pack("{s:s, s:I, s:I, s:I}", "mailbox",
		                          mailbox->name, "mails",
		                          (json_int_t)tally->taken,
		                          "duplicates",
		                          (json_int_t)tally->duplicates, "left",
		                          (json_int_t)tally->left));
	else if (!context->quiet)
		printf("%s: %" G_GINT64_FORMAT " mails, %" G_GINT64_FORMAT
		       " of them known before\n",
		       mailbox->name, tally->taken, tally->duplicates);
	fflush(stdout);
}

static int
poll_one(const Context *context, const Desk *desk, const Inbox *mailbox,
         bool once)
{
	g_autoptr(GError) error = NULL;
	PollOptions options = { .once = once, .stop_fd = stop_pipe[0] };
	PollTally tally = { 0 };

	if (!poll_run(desk, mailbox, &options, &tally, &error)) {
		g_prefix_error(&error, "%s: ", mailbox->name);
		return session_fail(error);
	}
	if (once)
		tell(context, mailbox, &tally);
	return EXIT_SUCCESS;
}

/* ---- several mailboxes: a process each ---- */

static pid_t
start(const Context *context, const Desk *desk, const Inbox *mailbox, bool once)
{
	pid_t pid = fork();

	if (pid != 0)
		return pid;
	/* a stop of one is no stop of all */
	if (pipe(stop_pipe) != 0)
		_exit(EX_TEMPFAIL);
	_exit(poll_one(context, desk, mailbox, once));
}

static bool
is_stopping(int seconds)
{
	fd_set fds;
	struct timeval time = { .tv_sec = seconds };

	FD_ZERO(&fds);
	FD_SET(stop_pipe[0], &fds);
	return select(stop_pipe[0] + 1, &fds, NULL, NULL, &time) > 0;
}

static void
stop_all(const GArray *pids)
{
	for (unsigned i = 0; i < pids->len; i++)
		if (g_array_index(pids, pid_t, i) > 0)
			kill(g_array_index(pids, pid_t, i), SIGTERM);
}

static int
index_of(const GArray *pids, pid_t pid)
{
	for (unsigned i = 0; i < pids->len; i++)
		if (g_array_index(pids, pid_t, i) == pid)
			return (int)i;
	return -1;
}

/* Waits for all of them; the worst exit status.  With once false a poller that
 * ends before it is told to is started again. */
static int
mind(const Context *context, const Desk *desk, GArray *pids, bool once)
{
	unsigned left = pids->len;
	int worst = EXIT_SUCCESS;
	int status;

	while (left > 0) {
		pid_t pid = waitpid(-1, &status, 0);

		if (pid < 0 && errno == EINTR && is_stopping(0))
			stop_all(pids);
		int i = pid < 0 ? -1 : index_of(pids, pid);
		if (i < 0)
			continue;
		int code =
			WIFEXITED(status) ? WEXITSTATUS(status) : EXIT_FAILURE;
		g_array_index(pids, pid_t, i) = 0;
		if (once || is_stopping(RESTART_SECONDS)) {
			worst = MAX(worst, code);
			left--;
			if (!once)
				stop_all(pids);
		} else {
			g_array_index(pids, pid_t, i) =
				start(context, desk, desk->mailboxes->pdata[i],
			              once);
		}
	}
	return worst;
}

static int
poll_all(const Context *context, const Desk *desk, bool once)
{
	g_autoptr(GArray) pids = g_array_new(FALSE, FALSE, sizeof(pid_t));

	for (unsigned i = 0; i < desk->mailboxes->len; i++) {
		pid_t pid =
			start(context, desk, desk->mailboxes->pdata[i], once);

		if (pid > 0)
			g_array_append_val(pids, pid);
	}
	return mind(context, desk, pids, once);
}

static int
poll_mailboxes(const Context *context, const char *name, bool once)
{
	g_auto(Session) session = { NULL, NULL, NULL };
	g_autoptr(GError) error = NULL;

	if (!session_open_desk(&session, context, &error) ||
	    !set_signals(&error))
		return session_fail(error);
	const GPtrArray *mailboxes = session.desk->mailboxes;
	const Inbox *mailbox = desk_mailbox(session.desk, name);
	if (name != NULL && mailbox == NULL)
		error_set(&error, ERROR_NOT_FOUND, "%s: no such mailbox", name);
	else if (mailboxes->len == 0)
		error_set(&error, ERROR_CONFIG,
		          "no mailbox section in the configuration");
	if (error != NULL)
		return session_fail(error);
	if (mailbox == NULL && mailboxes->len == 1)
		mailbox = mailboxes->pdata[0];
	return mailbox == NULL ? poll_all(context, session.desk, once)
	                       : poll_one(context, session.desk, mailbox, once);
}

static int
run(Context *context, int argc, char **argv)
{
	static const struct option options[] = {
		{ "once", no_argument, NULL, 'o' },
		{ NULL, 0, NULL, 0 },
	};
	bool once = false;
	int option;

	while ((option = getopt_long(argc, argv, "", options, NULL)) != -1) {
		if (option != 'o')
			return session_usage(&cmd_poll);
		once = true;
	}
	if (argc - optind > 1)
		return session_usage(&cmd_poll);
	return poll_mailboxes(context, argv[optind], once);
}

const Command cmd_poll = { "poll", "[NAME] [--once]", run, false };
