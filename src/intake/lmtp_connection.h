/* A connection of the LMTP door: a socket, a session, and how long it may
 * wait. */
#pragma once

#include <stdbool.h>

#include <glib.h>

#include "intake/lmtp_session.h"

#define LMTP_INPUT_MAX ((size_t)16 << 10) /* read ahead of the session */

/* Where its mail is. */
typedef enum LmtpPlace {
	LMTP_PLACE_HERE,  /* none, or it waits to be given away */
	LMTP_PLACE_ALONE, /* waits to be given away alone */
	LMTP_PLACE_GIVEN, /* the clerk has it */
} LmtpPlace;

typedef struct LmtpConnection {
	int fd; /* -1: the client is gone, and only its mail is waited for */
	LmtpSession *session;
	LmtpPlace place;
	bool is_private;
	char input[LMTP_INPUT_MAX];
	size_t filled;
	unsigned steps;
	gint64 step_at; /* monotonic microseconds */
	gint64 mail_at; /* since when it is busy; 0: it is not */
} LmtpConnection;

/* fd is owned; policy is borrowed. */
LmtpConnection *lmtp_connection_new(int fd, const LmtpPolicy *policy,
                                    gint64 now);
void lmtp_connection_free(LmtpConnection *connection);

/* What to poll(2) its socket for. */
short lmtp_connection_events(const LmtpConnection *connection);

/* What poll(2) said: reads, feeds, writes.  Called with 0 too, after an answer.
 */
void lmtp_connection_move(LmtpConnection *connection, short events, gint64 now);

/* Ends a client that is too slow. */
void lmtp_connection_watch(LmtpConnection *connection, gint64 now);

/* It is of no more use. */
bool lmtp_connection_is_done(const LmtpConnection *connection);
