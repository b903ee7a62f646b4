/* One way out: its server, its lanes, its pace, and whether it rests.
 *
 * A channel has the rows it claimed and has not begun yet; the next to begin is
 * the oldest of the domain with the fewest mails on their way, so that ten
 * thousand mails to one domain do not hold up one to another.  Trouble of the
 * channel rests it and touches no row; it is logged once when it begins and
 * once when it ends. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include <glib.h>

#include "desk/record.h"

#include "outbound/lane.h"
#include "outbound/reaction.h"

#define CHANNEL_ROWS_PER_LANE    16 /* claimed together */
#define CHANNEL_REST_SECONDS_MAX 900
/* Rows refused for good, one after the other: then it is not the rows (S-14).
 */
#define CHANNEL_REFUSALS_MAX     10

typedef struct ChannelSpec {
	const char *name; /* as in the rows; "" for the desk's own server */
	const LaneCarrier *carrier;
	const void *settings;
	const char *ehlo_name;
	unsigned lanes;
	unsigned rate; /* mails a minute; 0: no limit */
} ChannelSpec;

typedef struct Channel Channel;

/* What spec points at outlives the channel. */
Channel *channel_new(const ChannelSpec *spec);
void channel_free(Channel *channel);

const char *channel_name(const Channel *channel);
unsigned channel_lanes(const Channel *channel);

/* Rows claimed and not begun, of OutboxRow, oldest first; the caller may take
 * all of them out. */
GPtrArray *channel_waiting(Channel *channel);

/* A lane is free, it does not rest, and the pace allows a mail now. */
bool channel_may_begin(const Channel *channel);
/* The row to begin now, taken out of those that wait; NULL: none waits. */
OutboxRow *channel_next(Channel *channel);
/* Takes row; false: no process for it, and the row is the caller's. */
bool channel_begin(Channel *channel, OutboxRow *row, const SmtpMail *mail,
                   GError **error);

unsigned channel_busy(const Channel *channel);
/* Adds what to wait for (struct pollfd); false: a result is there already. */
bool channel_wait_for(const Channel *channel, GArray *out_fds);
/* Milliseconds until the pace allows the next; 0: now. */
int channel_pause(const Channel *channel);
/* A mail that is done, for the caller; NULL: none is yet. */
OutboxRow *channel_finished(Channel *channel, SmtpResult *out_result);

/* What came of a row, settled already, for the channel. */
void channel_note(Channel *channel, Reaction reaction, const OutboxRow *row);
/* Why it rests now; NULL: it does not.  Borrowed. */
const char *channel_rests(const Channel *channel);
/* The same, and its time is not over. */
bool channel_is_resting(const Channel *channel);

/* Nothing to do for a while: gives the links up. */
void channel_idle(Channel *channel);
