/* The LMTP door: one loop, many connections, one transaction for the mails that
 * are complete at the same time.
 *
 * The loop only moves octets (lmtp_session.h); the clerk works in a process of
 * his own (receiver.h).  While he has a batch, mails that become complete wait
 * and are the next one.  A batch that fails is tried again mail by mail, so
 * that one bad mail does not hold others; only what is committed is answered
 * with 250. */
#pragma once

#include <stdbool.h>

#include <glib.h>

#include "desk/desk.h"

#define LMTP_CONNECTIONS_MAX 100
/* of this desk's own processes, which must not wait for a full door */
#define LMTP_PRIVATE_MAX     50
/* without a whole command, or LMTP_STEP_OCTETS of a mail */
#define LMTP_IDLE_SECONDS    300
#define LMTP_MAIL_SECONDS    3600

/* The name of the socket of this desk's own processes; owned by the caller. */
char *lmtp_private_path(const Desk *desk);

/* Serves the listeners (of Listener, borrowed) until SIGTERM, SIGINT or SIGHUP
 * comes, and returns which: by then every mail in hand has its answer.  0: the
 * loop itself failed. */
int lmtp_run(const Desk *desk, const GPtrArray *listeners);
