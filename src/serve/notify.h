/* The words between systemd and a service (sd_notify(3), sd_listen_fds(3)),
 * without its library: a datagram out, three variables in.
 *
 * Without systemd nothing happens. */
#pragma once

#include <stdbool.h>

#include <glib.h>

/* "READY=1", "STOPPING=1" ...; several lines are several words. */
void notify_say(const char *words);

/* How often "WATCHDOG=1" is expected, in milliseconds; 0: not at all. */
int notify_watchdog_ms(void);

/* How many sockets we were started with; they are NOTIFY_FIRST_FD and the next
 * ones, and close on exec from now on.  The variables are gone afterwards. */
#define NOTIFY_FIRST_FD 3
unsigned notify_take_sockets(void);
