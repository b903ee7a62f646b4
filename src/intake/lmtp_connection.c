#include "intake/lmtp_connection.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "intake/lmtp.h"

LmtpConnection *
lmtp_connection_new(int fd, const LmtpPolicy *policy, gint64 now)
{
	LmtpConnection *connection = g_new0(LmtpConnection, 1);

	connection->fd = fd;
	connection->session = lmtp_session_new(policy);
	connection->is_private = policy->is_private;
	connection->step_at = now;
	return connection;
}

static void
hang_up(LmtpConnection *connection)
{
	if (connection->fd >= 0)
		close(connection->fd);
	connection->fd = -1;
}

void
lmtp_connection_free(LmtpConnection *connection)
{
	if (connection == NULL)
		return;
	hang_up(connection);
	lmtp_session_free(connection->session);
	g_free(connection);
}

static bool
wants_input(const LmtpConnection *connection)
{
	return connection->filled < LMTP_INPUT_MAX &&
	       lmtp_session_mail(connection->session) == NULL &&
	       !lmtp_session_is_over(connection->session);
}

short
lmtp_connection_events(const LmtpConnection *connection)
{
	size_t left;

	lmtp_session_output(connection->session, &left);
	return (short)((wants_input(connection) ? POLLIN : 0) |
	               (left > 0 ? POLLOUT : 0));
}

/* ---- in and out ---- */

static bool
is_only_late(ssize_t result)
{
	return result < 0 && (errno == EAGAIN || errno == EINTR);
}

static void
fill(LmtpConnection *connection)
{
	ssize_t got =
		recv(connection->fd, connection->input + connection->filled,
	             LMTP_INPUT_MAX - connection->filled, 0);

	if (is_only_late(got))
		return;
	if (got <= 0)
		hang_up(connection);
	else
		connection->filled += (size_t)got;
}

static void
feed(LmtpConnection *connection)
{
	size_t used = lmtp_session_input(connection->session, connection->input,
	                                 connection->filled);

	connection->filled -= used;
	memmove(connection->input, connection->input + used,
	        connection->filled);
}

static void
flush(LmtpConnection *connection)
{
	size_t left;
	const char *output = lmtp_session_output(connection->session, &left);

	if (left == 0 || connection->fd < 0)
		return;
	ssize_t written = send(connection->fd, output, left, MSG_NOSIGNAL);
	if (written >= 0)
		lmtp_session_wrote(connection->session, (size_t)written);
	else if (!is_only_late(written))
		hang_up(connection);
}

/* Each command, and each step of a mail, gives new time. */
static void
note_steps(LmtpConnection *connection, gint64 now)
{
	unsigned steps = lmtp_session_steps(connection->session);

	if (steps != connection->steps)
		connection->step_at = now;
	connection->steps = steps;
	if (!lmtp_session_is_busy(connection->session))
		connection->mail_at = 0;
	else if (connection->mail_at == 0)
		connection->mail_at = now;
}

void
lmtp_connection_move(LmtpConnection *connection, short events, gint64 now)
{
	if ((events & (POLLIN | POLLHUP | POLLERR)) != 0) {
		if (wants_input(connection))
			fill(connection);
		else if ((events & (POLLHUP | POLLERR)) != 0)
			hang_up(connection);
	}
	if (connection->fd >= 0 || connection->filled > 0)
		feed(connection);
	flush(connection);
	note_steps(connection, now);
}

/* ---- slow clients ---- */

static bool
is_late(gint64 since, int seconds, gint64 now)
{
	return since != 0 && now - since > (gint64)seconds * G_USEC_PER_SEC;
}

void
lmtp_connection_watch(LmtpConnection *connection, gint64 now)
{
	if (lmtp_session_mail(connection->session) != NULL)
		return;
	bool is_idle = is_late(connection->step_at, LMTP_IDLE_SECONDS, now);
	if (!is_idle && !is_late(connection->mail_at, LMTP_MAIL_SECONDS, now))
		return;
	if (lmtp_session_is_over(connection->session)) {
		hang_up(connection); /* he does not even read */
		return;
	}
	lmtp_session_end(connection->session, "too slow");
	flush(connection);
	hang_up(connection);
}

bool
lmtp_connection_is_done(const LmtpConnection *connection)
{
	size_t left;

	if (connection->place == LMTP_PLACE_GIVEN)
		return false;
	if (connection->fd < 0)
		return true;
	lmtp_session_output(connection->session, &left);
	return lmtp_session_is_over(connection->session) && left == 0;
}
