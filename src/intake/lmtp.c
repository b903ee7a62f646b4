#define _GNU_SOURCE /* accept4(), ppoll() */
#include "intake/lmtp.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/error.h"
#include "base/fault.h"
#include "base/io.h"
#include "base/log.h"

#include "intake/listen.h"
#include "intake/lmtp_connection.h"
#include "intake/receiver.h"

/* how often slow clients are looked for */
#define WATCH_SECONDS 1
/* no descriptors left: some will be given back */
#define REST_MS       100

typedef struct Door {
	const Desk *desk;
	const GPtrArray *listeners;
	LmtpPolicy policy;
	LmtpPolicy private_policy;
	GPtrArray *connections; /* of LmtpConnection */
	unsigned private_count;
	Receiver *receiver;
	LmtpConnection *given[RECEIVER_BATCH_MAX];
	unsigned given_count;
	GArray *polls; /* of struct pollfd, made anew each round */
	gint64 rest_until;
	bool is_closing;
} Door;

static volatile sig_atomic_t stop_signal;

static void
on_signal(int signal_number)
{
	stop_signal = signal_number;
}

char *
lmtp_private_path(const Desk *desk)
{
	return g_strconcat(desk->database, ".socket", NULL);
}

static bool
has_room(const Desk *desk)
{
	gint64 space = io_free_space(desk->database);

	return space < 0 || space >= desk->limits.free_octets;
}

/* ---- batches ---- */

static void
log_taken(const Offer *offer, const Verdict *verdict)
{
	g_autofree char *delivery =
		g_strdup_printf("%" G_GINT64_FORMAT, verdict->delivery);
	g_autofree char *ticket =
		g_strdup_printf("%" G_GINT64_FORMAT, verdict->ticket);

	log_event(LOG_LEVEL_NOTICE, "delivered", "door", offer->door,
	          "delivery", delivery, "state",
	          delivery_state_name(verdict->state), "ticket", ticket, NULL);
}

static Offer
offer_of(const LmtpConnection *connection)
{
	const LmtpMail *mail = lmtp_session_mail(connection->session);

	g_assert(mail != NULL);
	return (Offer){ mail->door, mail->door_key, mail->sender,
		        mail->recipients, mail->octets };
}

static void
answer(LmtpConnection *connection, const char *code, const char *text)
{
	connection->place = LMTP_PLACE_HERE;
	lmtp_session_answer(connection->session, code, text);
	lmtp_connection_move(connection, 0, g_get_monotonic_time());
}

static void
accept_given(Door *door, const Verdict *verdicts)
{
	for (unsigned i = 0; i < door->given_count; i++) {
		Offer offer = offer_of(door->given[i]);
		g_autofree char *text =
			g_strdup_printf("Kept as delivery %" G_GINT64_FORMAT,
		                        verdicts[i].delivery);

		log_taken(&offer, &verdicts[i]);
		answer(door->given[i], "250 2.0.0", text);
	}
}

/* One alone: it has its answer.  Several: each gets a try of its own. */
static void
defer_given(Door *door, const GError *error)
{
	bool is_alone = door->given_count == 1;

	log_event(LOG_LEVEL_ERROR, is_alone ? "deferred" : "batch-failed",
	          "why", error->message, NULL);
	for (unsigned i = 0; i < door->given_count; i++) {
		if (is_alone)
			answer(door->given[i], error_reply(error), "Not now");
		else
			door->given[i]->place = LMTP_PLACE_ALONE;
	}
}

static void
take_answer(Door *door)
{
	g_autoptr(GError) error = NULL;
	Verdict verdicts[RECEIVER_BATCH_MAX];
	bool has_died;

	if (receiver_take(door->receiver, verdicts, &has_died, &error)) {
		FAULT_POINT("lmtp.committed");
		accept_given(door, verdicts);
	} else {
		if (has_died && door->given_count == 1) {
			Offer offer = offer_of(door->given[0]);
			receiver_note_death(door->receiver, &offer);
		}
		defer_given(door, error);
	}
	door->given_count = 0;
}

static void
choose(Door *door, LmtpPlace place, unsigned max)
{
	for (unsigned i = 0;
	     i < door->connections->len && door->given_count < max; i++) {
		LmtpConnection *connection = door->connections->pdata[i];

		if (connection->place == place &&
		    lmtp_session_mail(connection->session) != NULL)
			door->given[door->given_count++] = connection;
	}
}

static void
give(Door *door)
{
	g_autoptr(GError) error = NULL;
	Offer offers[RECEIVER_BATCH_MAX];

	for (unsigned i = 0; i < door->given_count; i++) {
		door->given[i]->place = LMTP_PLACE_GIVEN;
		offers[i] = offer_of(door->given[i]);
	}
	FAULT_POINT("lmtp.give");
	if (receiver_give(door->receiver, offers, door->given_count, &error))
		return;
	defer_given(door, error);
	door->given_count = 0;
}

/* Those that must be tried alone come first, since they have waited longest. */
static void
give_next(Door *door)
{
	if (door->given_count > 0)
		return;
	choose(door, LMTP_PLACE_ALONE, 1);
	if (door->given_count == 0)
		choose(door, LMTP_PLACE_HERE, RECEIVER_BATCH_MAX);
	if (door->given_count > 0)
		give(door);
}

/* ---- connections ---- */

static bool
is_full(const Door *door, bool is_private)
{
	return is_private ? door->private_count >= LMTP_PRIVATE_MAX
	                  : door->connections->len - door->private_count >=
	                            LMTP_CONNECTIONS_MAX;
}

static void
turn_away(int fd)
{
	static const char words[] =
		"421 4.3.2 Too many connections, try again\r\n";

	send(fd, words, sizeof words - 1, MSG_NOSIGNAL);
	close(fd);
}

static void
welcome(Door *door, int fd, bool is_private, gint64 now)
{
	if (is_full(door, is_private)) {
		turn_away(fd);
		return;
	}
	LmtpConnection *connection = lmtp_connection_new(
		fd, is_private ? &door->private_policy : &door->policy, now);
	g_ptr_array_add(door->connections, connection);
	door->private_count += is_private;
	lmtp_connection_move(connection, 0, now);
}

static void
accept_all(Door *door, const Listener *listener, gint64 now)
{
	for (;;) {
		int fd = accept4(listener->fd, NULL, NULL,
		                 SOCK_CLOEXEC | SOCK_NONBLOCK);

		if (fd < 0 && (errno == EINTR || errno == ECONNABORTED))
			continue;
		if (fd < 0 && errno != EAGAIN)
			door->rest_until = now + REST_MS * 1000;
		if (fd < 0)
			return;
		welcome(door, fd, listener->is_private, now);
	}
}

static void
sweep(Door *door, gint64 now)
{
	for (unsigned i = door->connections->len; i-- > 0;) {
		LmtpConnection *connection = door->connections->pdata[i];

		lmtp_connection_watch(connection, now);
		if (!lmtp_connection_is_done(connection))
			continue;
		door->private_count -= connection->is_private;
		g_ptr_array_remove_index(door->connections, i);
	}
}

/* ---- the loop ---- */

static void
add_poll(Door *door, int fd, short events)
{
	struct pollfd poll_fd = { fd, events, 0 };

	g_array_append_val(door->polls, poll_fd);
}

/* The receiver, the listeners, the connections, in this order. */
static void
set_polls(Door *door, gint64 now)
{
	bool rests = door->is_closing || now < door->rest_until;

	g_array_set_size(door->polls, 0);
	add_poll(door, receiver_descriptor(door->receiver), POLLIN);
	for (unsigned i = 0; i < door->listeners->len; i++) {
		const Listener *listener = door->listeners->pdata[i];
		add_poll(door, rests ? -1 : listener->fd, POLLIN);
	}
	for (unsigned i = 0; i < door->connections->len; i++) {
		const LmtpConnection *connection = door->connections->pdata[i];
		add_poll(door, connection->fd,
		         lmtp_connection_events(connection));
	}
}

static bool
wait_for_events(Door *door, gint64 now)
{
	struct timespec watch = { WATCH_SECONDS, 0 };
	struct timespec rest = { 0, REST_MS * 1000000L };
	bool is_quiet = door->connections->len == 0 && door->given_count == 0;
	sigset_t none;

	sigemptyset(&none);
	int ready = ppoll((struct pollfd *)(void *)door->polls->data,
	                  door->polls->len,
	                  now < door->rest_until ? &rest
	                  : is_quiet             ? NULL
	                                         : &watch,
	                  &none);
	if (ready >= 0)
		return true;
	for (unsigned i = 0; i < door->polls->len; i++)
		g_array_index(door->polls, struct pollfd, i).revents = 0;
	return errno == EINTR;
}

static short
seen(const Door *door, unsigned i)
{
	return g_array_index(door->polls, struct pollfd, i).revents;
}

static void
act(Door *door, gint64 now)
{
	unsigned listeners = door->listeners->len;
	unsigned connections = door->connections->len;

	for (unsigned i = 0; i < connections; i++)
		if (seen(door, 1 + listeners + i) != 0)
			lmtp_connection_move(door->connections->pdata[i],
			                     seen(door, 1 + listeners + i),
			                     now);
	if (door->given_count > 0 &&
	    (seen(door, 0) != 0 || now > receiver_deadline(door->receiver)))
		take_answer(door);
	for (unsigned i = 0; i < listeners; i++)
		if (seen(door, 1 + i) != 0)
			accept_all(door, door->listeners->pdata[i], now);
}

/* Who sends is told; who has sent gets his answer first. */
static void
close_door(Door *door, gint64 now)
{
	door->is_closing = true;
	for (unsigned i = 0; i < door->connections->len; i++) {
		LmtpConnection *connection = door->connections->pdata[i];

		if (lmtp_session_mail(connection->session) != NULL)
			continue;
		lmtp_session_end(connection->session, "going down");
		lmtp_connection_move(connection, 0, now);
	}
}

static bool
go_round(Door *door)
{
	gint64 now = g_get_monotonic_time();

	if (stop_signal != 0)
		close_door(door, now);
	give_next(door);
	sweep(door, now);
	if (door->is_closing && door->connections->len == 0)
		return false;
	set_polls(door, now);
	if (!wait_for_events(door, now)) {
		log_event(LOG_LEVEL_ERROR, "door-failed", "why",
		          g_strerror(errno), NULL);
		stop_signal = 0;
		return false;
	}
	act(door, g_get_monotonic_time());
	return true;
}

static void
set_signals(void)
{
	static const int stops[] = { SIGTERM, SIGINT, SIGHUP };
	struct sigaction action = { .sa_handler = on_signal };
	struct sigaction ignore = { .sa_handler = SIG_IGN };
	sigset_t blocked;

	stop_signal = 0;
	sigemptyset(&blocked);
	for (unsigned i = 0; i < G_N_ELEMENTS(stops); i++) {
		sigaction(stops[i], &action, NULL);
		sigaddset(&blocked, stops[i]);
	}
	sigaction(SIGPIPE, &ignore, NULL);
	sigprocmask(SIG_BLOCK, &blocked, NULL);
}

static void
free_connection(gpointer connection)
{
	lmtp_connection_free(connection);
}

int
lmtp_run(const Desk *desk, const GPtrArray *listeners)
{
	g_autofree char *directory = g_path_get_dirname(desk->database);
	Door door = { .desk = desk, .listeners = listeners };

	door.policy = (LmtpPolicy){ desk, directory, false, has_room };
	door.private_policy = (LmtpPolicy){ desk, directory, true, has_room };
	door.connections = g_ptr_array_new_with_free_func(free_connection);
	door.polls = g_array_new(FALSE, FALSE, sizeof(struct pollfd));
	door.receiver = receiver_new(desk);
	set_signals();
	while (go_round(&door))
		;
	receiver_free(door.receiver);
	g_ptr_array_unref(door.connections);
	g_array_unref(door.polls);
	return stop_signal;
}
