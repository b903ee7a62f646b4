#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>

#include "base/json.h"

#include "outbound/sender.h"

#include "cli/outbox_json.h"
#include "cli/session.h"
#include "config/config.h"

#define POLL_MS 1000

static volatile sig_atomic_t is_stopping;

static void
on_stop(int signal_number)
{
	(void)signal_number;
	is_stopping = 1;
}

static bool
stops(void)
{
	return is_stopping != 0;
}

/* A stop waits for the mail at hand; a server that hangs up is no reason to
 * die. */
static void
set_signals(void)
{
	struct sigaction stop = { .sa_handler = on_stop };
	struct sigaction ignore = { .sa_handler = SIG_IGN };

	sigaction(SIGTERM, &stop, NULL);
	sigaction(SIGINT, &stop, NULL);
	sigaction(SIGPIPE, &ignore, NULL);
}

static void
print_row(const Context *context, const OutboxRow *row)
{
	const char *detail =
		row->last_error != NULL ? row->last_error : row->last_reply;

	if (context->json)
		json_print_line(stdout, outbox_json(row));
	else if (!context->quiet)
		printf("%-9s %" G_GINT64_FORMAT " to %s: %s\n",
		       outbox_state_name(row->state), row->id, row->to,
		       detail == NULL ? "-" : detail);
	fflush(stdout);
}

/* Sends what is due; false: an error of ours. */
static bool
send_due(const Context *context, Sender *sender, GError **error)
{
	for (;;) {
		GError *trouble = NULL;
		g_autoptr(OutboxRow) row = sender_next(sender, &trouble);

		if (trouble != NULL) {
			g_propagate_error(error, trouble);
			return false;
		}
		if (row == NULL)
			break;
		print_row(context, row);
	}
	return true;
}

static bool
keep_sending(const Context *context, Sender *sender, GError **error)
{
	while (!is_stopping) {
		if (!send_due(context, sender, error))
			return false;
		sender_idle(sender);
		if (!is_stopping)
			poll(NULL, 0, POLL_MS);
	}
	return true;
}

static int
run_sender(const Context *context, const Session *session, bool once)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(Sender) sender = sender_new(session->store, session->desk,
	                                      session->clerk, &error);

	if (sender == NULL)
		return session_fail(error);
	sender_stop_when(sender, stops);
	bool ok = once ? send_due(context, sender, &error)
	               : keep_sending(context, sender, &error);
	if (!ok)
		return session_fail(error);
	return once && sender_rests(sender) != NULL ? EX_UNAVAILABLE
	                                            : EXIT_SUCCESS;
}

static int
run(Context *context, int argc, char **argv)
{
	g_auto(Session) session = { NULL, NULL, NULL };
	g_autoptr(GError) error = NULL;
	bool once = argc == 2 && strcmp(argv[1], "--once") == 0;

	if (argc > 1 && !once)
		return session_usage(&cmd_send);
	set_signals();
	if (!session_open_clerk(&session, context, &error) ||
	    !config_take_password(session.desk, &error))
		return session_fail(error);
	session.store = store_open(session.desk->database, STORE_WRITE, &error);
	if (session.store == NULL)
		return session_fail(error);
	return run_sender(context, &session, once);
}

const Command cmd_send = { "send", "[--once]", run, false };
