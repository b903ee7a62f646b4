#include "clerk/batch.h"

#include "base/error.h"

#include "message/enclose.h"
#include "message/mailread.h"
#include "message/worker.h"

void
batch_release(Batch *batch)
{
	for (unsigned i = 0; i < batch->count; i++) {
		mail_free(batch->mails[i]);
		if (batch->enclosures[i] != NULL)
			g_ptr_array_unref(batch->enclosures[i]);
	}
	g_free(batch->mails);
	g_free(batch->enclosures);
}

static WorkerLimits
worker_limits(const Desk *desk)
{
	unsigned seconds = (unsigned)desk->limits.parse_seconds;

	return (WorkerLimits){ seconds, seconds * 2, WORKER_MEMORY_OCTETS };
}

/* Only an agent's attachments travel on, so only his are taken out. */
static void
take_enclosures(const Desk *desk, Batch *batch, unsigned i)
{
	const Mail *mail = batch->mails[i];
	WorkerLimits limits = worker_limits(desk);

	if (mail->attachments->len == 0 || batch->arrivals[i].is_import ||
	    desk_agent_for_address(desk, mail_from_address(mail)) == NULL)
		return;
	batch->enclosures[i] =
		enclose_attachments(mail, batch->arrivals[i].raw, &limits);
}

Batch
batch_new(const Arrival *arrivals, unsigned count)
{
	return (Batch){ arrivals, count, g_new0(Mail *, count),
		        g_new0(GPtrArray *, count) };
}

/* Over the limit: kept raw, and its header alone is read. */
static bool
is_too_big(const Desk *desk, GBytes *raw)
{
	return (int64_t)g_bytes_get_size(raw) > desk->limits.message_octets;
}

static bool
read_one(const Desk *desk, Batch *batch, unsigned i)
{
	GBytes *raw = batch->arrivals[i].raw;
	WorkerLimits limits = worker_limits(desk);

	if (is_too_big(desk, raw)) {
		batch->mails[i] = mail_read_bare(raw, "over the size limit");
		return true;
	}
	if (batch->arrivals[i].missing != NULL) {
		batch->mails[i] =
			mail_read_bare(raw, batch->arrivals[i].missing);
		return true;
	}
	return worker_read(&raw, 1, &limits, &batch->mails[i]);
}

/* One child for all of them, where none is too big or a beginning only. */
static bool
read_mails(const Desk *desk, Batch *batch)
{
	g_autofree GBytes **raws = g_new(GBytes *, batch->count);
	WorkerLimits limits = worker_limits(desk);
	bool has_big = false;

	for (unsigned i = 0; i < batch->count; i++) {
		raws[i] = batch->arrivals[i].raw;
		has_big |= is_too_big(desk, raws[i]) ||
		           batch->arrivals[i].missing != NULL;
	}
	if (!has_big)
		return worker_read(raws, batch->count, &limits, batch->mails);
	for (unsigned i = 0; i < batch->count; i++)
		if (!read_one(desk, batch, i))
			return false;
	return true;
}

bool
batch_read(Batch *batch, const Desk *desk, GError **error)
{
	if (!read_mails(desk, batch))
		return error_set(error, ERROR_LATER,
		                 "no process to read mail in");
	for (unsigned i = 0; i < batch->count; i++) {
		if (batch->arrivals[i].remark != NULL)
			mail_warn(batch->mails[i], "%s",
			          batch->arrivals[i].remark);
		take_enclosures(desk, batch, i);
	}
	return true;
}
