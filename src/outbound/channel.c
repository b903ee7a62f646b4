#include "outbound/channel.h"

#include <poll.h>
#include <string.h>

#include "base/clock.h"
#include "base/log.h"

#include "outbound/backoff.h"

typedef struct Slot {
	Lane *lane;
	OutboxRow *row; /* that it has in hand, or NULL */
} Slot;

struct Channel {
	ChannelSpec spec;
	Slot *slots;
	GPtrArray *waiting;
	char *why; /* it rests; NULL: it does not */
	int64_t rests_until;
	int faults;      /* one after the other */
	int refusals;    /* of rows, one after the other */
	int64_t pace_at; /* monotonic microseconds: not before */
};

Channel *
channel_new(const ChannelSpec *spec)
{
	Channel *channel = g_new0(Channel, 1);
	unsigned lanes = MAX(spec->lanes, 1);

	channel->spec = *spec;
	channel->spec.lanes = lanes;
	channel->slots = g_new0(Slot, lanes);
	channel->waiting =
		g_ptr_array_new_with_free_func((GDestroyNotify)outbox_row_free);
	for (unsigned i = 0; i < lanes; i++)
		channel->slots[i].lane = lane_new(spec->carrier, spec->settings,
		                                  spec->ehlo_name, lanes > 1);
	return channel;
}

void
channel_free(Channel *channel)
{
	if (channel == NULL)
		return;
	for (unsigned i = 0; i < channel->spec.lanes; i++) {
		lane_free(channel->slots[i].lane);
		outbox_row_free(channel->slots[i].row);
	}
	g_ptr_array_unref(channel->waiting);
	g_free(channel->slots);
	g_free(channel->why);
	g_free(channel);
}

const char *
channel_name(const Channel *channel)
{
	return channel->spec.name;
}

unsigned
channel_lanes(const Channel *channel)
{
	return channel->spec.lanes;
}

GPtrArray *
channel_waiting(Channel *channel)
{
	return channel->waiting;
}

/* ---- which row, when ---- */

static Slot *
free_slot(const Channel *channel)
{
	for (unsigned i = 0; i < channel->spec.lanes; i++)
		if (channel->slots[i].row == NULL)
			return &channel->slots[i];
	return NULL;
}

unsigned
channel_busy(const Channel *channel)
{
	unsigned busy = 0;

	for (unsigned i = 0; i < channel->spec.lanes; i++)
		busy += channel->slots[i].row != NULL;
	return busy;
}

int
channel_pause(const Channel *channel)
{
	int64_t left = channel->pace_at - g_get_monotonic_time();

	return left <= 0 ? 0 : (int)((left + 999) / 1000);
}

bool
channel_may_begin(const Channel *channel)
{
	return free_slot(channel) != NULL && !channel_is_resting(channel) &&
	       channel_pause(channel) == 0;
}

static const char *
domain_of(const OutboxRow *row)
{
	const char *at = strrchr(row->to, '@');

	return at == NULL ? row->to : at + 1;
}

static unsigned
on_their_way(const Channel *channel, const char *domain)
{
	unsigned count = 0;

	for (unsigned i = 0; i < channel->spec.lanes; i++)
		if (channel->slots[i].row != NULL &&
		    g_ascii_strcasecmp(domain_of(channel->slots[i].row),
		                       domain) == 0)
			count++;
	return count;
}

OutboxRow *
channel_next(Channel *channel)
{
	unsigned best = 0;
	unsigned fewest = UINT_MAX;

	if (channel->waiting->len == 0)
		return NULL;
	for (unsigned i = 0; i < channel->waiting->len && fewest > 0; i++) {
		const OutboxRow *row = channel->waiting->pdata[i];
		unsigned count = on_their_way(channel, domain_of(row));

		if (count < fewest) {
			best = i;
			fewest = count;
		}
	}
	return g_ptr_array_steal_index(channel->waiting, best);
}

/* Not more mails a minute than the server wants. */
static void
keep_pace(Channel *channel)
{
	int64_t now = g_get_monotonic_time();

	if (channel->spec.rate > 0)
		channel->pace_at = MAX(channel->pace_at, now) +
		                   60 * G_USEC_PER_SEC / channel->spec.rate;
}

bool
channel_begin(Channel *channel, OutboxRow *row, const SmtpMail *mail,
              GError **error)
{
	Slot *slot = free_slot(channel);

	g_assert(slot != NULL);
	if (!lane_start(slot->lane, mail, error))
		return false;
	keep_pace(channel);
	slot->row = row;
	return true;
}

bool
channel_wait_for(const Channel *channel, GArray *out_fds)
{
	for (unsigned i = 0; i < channel->spec.lanes; i++) {
		const Slot *slot = &channel->slots[i];
		struct pollfd poll_fd = { .fd = lane_fd(slot->lane),
			                  .events = POLLIN };

		if (slot->row == NULL)
			continue;
		if (poll_fd.fd < 0)
			return false;
		g_array_append_val(out_fds, poll_fd);
	}
	return true;
}

static bool
is_ready(const Slot *slot)
{
	struct pollfd poll_fd = { .fd = lane_fd(slot->lane), .events = POLLIN };

	return poll_fd.fd < 0 || poll(&poll_fd, 1, 0) > 0;
}

OutboxRow *
channel_finished(Channel *channel, SmtpResult *out_result)
{
	for (unsigned i = 0; i < channel->spec.lanes; i++) {
		Slot *slot = &channel->slots[i];

		if (slot->row == NULL || !is_ready(slot))
			continue;
		lane_finish(slot->lane, out_result);
		return g_steal_pointer(&slot->row);
	}
	return NULL;
}

/* ---- rest ---- */

static const char *
name_to_log(const Channel *channel)
{
	return *channel->spec.name == '\0' ? "smtp" : channel->spec.name;
}

/* Several lanes meet the same trouble together: it counts once. */
static void
rest(Channel *channel, const char *why)
{
	if (channel_is_resting(channel))
		return;
	if (channel->why == NULL)
		log_event(LOG_LEVEL_ERROR, "channel-paused", "why", why,
		          "channel", name_to_log(channel), NULL);
	g_free(channel->why);
	channel->why = g_strdup(why);
	channel->rests_until =
		clock_now() +
		MIN(backoff_delay(++channel->faults), CHANNEL_REST_SECONDS_MAX);
}

static void
resume(Channel *channel)
{
	if (channel->why != NULL)
		log_event(LOG_LEVEL_NOTICE, "channel-resumed", "channel",
		          name_to_log(channel), NULL);
	g_clear_pointer(&channel->why, g_free);
	channel->faults = 0;
}

void
channel_note(Channel *channel, Reaction reaction, const OutboxRow *row)
{
	if (reaction == REACTION_PAUSE || reaction == REACTION_PAUSE_BEHIND) {
		rest(channel, row->last_error);
		return;
	}
	resume(channel);
	channel->refusals =
		reaction == REACTION_FAIL ? channel->refusals + 1 : 0;
	if (channel->refusals < CHANNEL_REFUSALS_MAX)
		return;
	g_autofree char *why =
		g_strdup_printf("%d mails in a row were refused, the last: %s",
	                        channel->refusals, row->last_error);
	channel->refusals = 0;
	rest(channel, why);
}

const char *
channel_rests(const Channel *channel)
{
	return channel->why;
}

bool
channel_is_resting(const Channel *channel)
{
	return channel->why != NULL && clock_now() < channel->rests_until;
}

void
channel_idle(Channel *channel)
{
	for (unsigned i = 0; i < channel->spec.lanes; i++)
		lane_rest(channel->slots[i].lane);
}
