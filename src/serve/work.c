#include "serve/work.h"

#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/signalfd.h>
#include <sysexits.h>

#include "base/clock.h"
#include "base/error.h"
#include "base/log.h"

#include "store/store.h"

#include "clerk/clerk.h"

#include "intake/lmtp.h"
#include "intake/poll.h"
#include "outbound/sender.h"

#include "config/config.h"

#define SEND_POLL_MS     1000
/* another process may start an earlier timer meanwhile */
#define TICK_SECONDS_MAX 30

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

static void
watch_for_stop(void)
{
	struct sigaction stop = { .sa_handler = on_stop };
	struct sigaction ignore = { .sa_handler = SIG_IGN };

	sigaction(SIGTERM, &stop, NULL);
	sigaction(SIGINT, &stop, NULL);
	sigaction(SIGPIPE, &ignore, NULL);
}

static int
end_with(const GError *error)
{
	log_event(LOG_LEVEL_ERROR, "ended", "why", error->message, NULL);
	return error_exit_status(error);
}

static unsigned
always_one(const Desk *desk)
{
	(void)desk;
	return 1;
}

static const char *
no_title(const Desk *desk, unsigned index)
{
	(void)desk;
	(void)index;
	return NULL;
}

/* ---- lmtp ---- */

static int
run_lmtp(Desk *desk, const GPtrArray *listeners, unsigned index)
{
	(void)index;
	return lmtp_run(desk, listeners) == 0 ? EX_OSERR : EXIT_SUCCESS;
}

/* ---- send ---- */

static unsigned
one_if_mail_is_sent(const Desk *desk)
{
	return desk->smtp.url == NULL ? 0 : 1;
}

static void
log_row(const OutboxRow *row)
{
	g_autofree char *id = g_strdup_printf("%" G_GINT64_FORMAT, row->id);

	log_event(LOG_LEVEL_NOTICE, "sent", "id", id, "state",
	          outbox_state_name(row->state), "to", row->to, "why",
	          row->last_error != NULL ? row->last_error : row->last_reply,
	          NULL);
}

static bool
send_due(Sender *sender, GError **error)
{
	for (;;) {
		GError *trouble = NULL;
		g_autoptr(OutboxRow) row = sender_next(sender, &trouble);

		if (trouble != NULL) {
			g_propagate_error(error, trouble);
			return false;
		}
		if (row == NULL)
			return true;
		log_row(row);
	}
}

static int
keep_sending(Sender *sender)
{
	g_autoptr(GError) error = NULL;

	while (!is_stopping) {
		if (!send_due(sender, &error))
			return end_with(error);
		sender_idle(sender);
		if (!is_stopping)
			poll(NULL, 0, SEND_POLL_MS);
	}
	return EXIT_SUCCESS;
}

static int
run_send(Desk *desk, const GPtrArray *listeners, unsigned index)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(Clerk) clerk = clerk_new(desk, &error);

	(void)listeners;
	(void)index;
	watch_for_stop();
	if (clerk == NULL || !config_take_password(desk, &error))
		return end_with(error);
	g_autoptr(Store) store =
		store_open(desk->database, STORE_WRITE, &error);
	if (store == NULL)
		return end_with(error);
	g_autoptr(Sender) sender = sender_new(store, desk, clerk, &error);
	if (sender == NULL)
		return end_with(error);
	sender_stop_when(sender, stops);
	return keep_sending(sender);
}

/* ---- poll ---- */

static unsigned
one_a_mailbox(const Desk *desk)
{
	return desk->mailboxes->len;
}

static const char *
mailbox_name(const Desk *desk, unsigned index)
{
	const Inbox *mailbox = desk->mailboxes->pdata[index];

	return mailbox->name;
}

/* The poller waits in poll(2), where a stop must be something to read. */
static int
stop_as_descriptor(void)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGINT);
	sigprocmask(SIG_BLOCK, &set, NULL);
	return signalfd(-1, &set, SFD_CLOEXEC);
}

static int
run_poll(Desk *desk, const GPtrArray *listeners, unsigned index)
{
	g_autoptr(GError) error = NULL;
	const Inbox *mailbox = desk->mailboxes->pdata[index];
	PollTally tally = { 0 };

	(void)listeners;
	watch_for_stop();
	PollOptions options = { .stop_fd = stop_as_descriptor() };
	return poll_run(desk, mailbox, &options, &tally, &error)
	               ? EXIT_SUCCESS
	               : end_with(error);
}

/* ---- tick ---- */

static int64_t
seconds_until(int64_t at)
{
	return at == 0 ? TICK_SECONDS_MAX
	               : CLAMP(at - clock_now(), 1, TICK_SECONDS_MAX);
}

static int
run_tick(Desk *desk, const GPtrArray *listeners, unsigned index)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(Clerk) clerk = clerk_new(desk, &error);
	TickResult result;

	(void)listeners;
	(void)index;
	watch_for_stop();
	while (clerk != NULL && !is_stopping) {
		/* a rehearsal's clock jumps by design */
		TickOptions options = { clock_is_fixed() ? -1 : clock_boot(),
			                false };

		if (!clerk_tick(clerk, &options, &result, &error))
			break;
		if (!is_stopping)
			poll(NULL, 0,
			     (int)seconds_until(result.next_at) * 1000);
	}
	return error == NULL ? EXIT_SUCCESS : end_with(error);
}

static const WorkKind kinds[] = {
	{ "lmtp", always_one, no_title, run_lmtp, true },
	{ "poll", one_a_mailbox, mailbox_name, run_poll, false },
	{ "tick", always_one, no_title, run_tick, false },
	{ "send", one_if_mail_is_sent, no_title, run_send, false },
};

const WorkKind *
work_kind_at(unsigned i)
{
	return i < G_N_ELEMENTS(kinds) ? &kinds[i] : NULL;
}
