#include "base/error.h"
#include "base/fault.h"
#include "base/log.h"

#include "intake/poll_private.h"

#define NUMBER "%" G_GINT64_FORMAT

void
poll_mail_clear(PollMail *mail)
{
	g_clear_pointer(&mail->key, g_free);
	g_clear_pointer(&mail->raw, g_bytes_unref);
	g_clear_pointer(&mail->missing, g_free);
}

static void
log_taken(const Poller *poller, const char *key, const Verdict *verdict)
{
	g_autofree char *delivery = g_strdup_printf(NUMBER, verdict->delivery);
	g_autofree char *ticket = g_strdup_printf(NUMBER, verdict->ticket);

	log_event(LOG_LEVEL_NOTICE, "fetched", "mailbox", poller->mailbox->name,
	          "key", key, "delivery", delivery, "state",
	          delivery_state_name(verdict->state), "ticket", ticket, NULL);
}

bool
poll_take(Poller *poller, const PollMail *mails, unsigned count, GError **error)
{
	Arrival arrivals[POLL_BATCH_MAILS];
	Verdict verdicts[POLL_BATCH_MAILS];

	g_assert(count <= POLL_BATCH_MAILS);
	if (count == 0)
		return true;
	for (unsigned i = 0; i < count; i++)
		arrivals[i] = (Arrival){
			.door = poller->door,
			.door_key = mails[i].key,
			.raw = mails[i].raw,
			.queue = poller->mailbox->queue,
			.is_untrusted = !poller->mailbox->is_trusted,
			.remark = mails[i].remark,
			.missing = mails[i].missing,
		};
	FAULT_POINT("poll.fetched");
	if (!clerk_receive(poller->clerk, arrivals, count, verdicts, error))
		return false;
	FAULT_POINT("poll.committed");
	for (unsigned i = 0; i < count; i++) {
		log_taken(poller, mails[i].key, &verdicts[i]);
		if (verdicts[i].state == DELIVERY_DUPLICATE)
			poller->tally.duplicates++;
	}
	poller->tally.taken += count;
	return true;
}

bool
poll_is_known(Poller *poller, const char *key, PollKnown *out_known,
              GError **error)
{
	bool has;
	int failures = 0;

	if (!ledger_has(poller->ledger, key, &has, error) ||
	    (!has && !ledger_failures(poller->ledger, key, &failures, error)))
		return false;
	*out_known = has                          ? POLL_TAKEN
	             : failures >= POLL_TRIES_MAX ? POLL_GIVEN_UP
	                                          : POLL_UNKNOWN;
	return true;
}

bool
poll_failed(Poller *poller, const char *key, const char *why, GError **error)
{
	int failures;

	log_event(LOG_LEVEL_ERROR, "not-fetched", "mailbox",
	          poller->mailbox->name, "key", key, "why", why, NULL);
	if (!ledger_add_failure(poller->ledger, key, &failures, error))
		return false;
	if (failures < POLL_TRIES_MAX)
		return true;
	poller->tally.left++;
	g_autofree char *subject =
		g_strdup_printf("Mailbox %s: a mail cannot be fetched",
	                        poller->mailbox->name);
	g_autofree char *text = g_strdup_printf(
		"The mail %s could not be fetched, %d times: %s.\n\nIt stays "
		"in the mailbox, and is not asked for again. The mails after "
		"it are fetched.\n",
		key, failures, why);
	poll_alarm(poller, subject, text);
	return true;
}

int64_t
poll_alarm(Poller *poller, const char *subject, const char *text)
{
	g_autoptr(GError) error = NULL;
	const Queue *queue =
		poller->mailbox->queue == NULL
			? poller->desk->queues->pdata[0]
			: desk_queue(poller->desk, poller->mailbox->queue);
	NewTicket alarm = { .desk = poller->desk,
		            .queue = queue,
		            .subject = subject,
		            .text = text };
	int64_t ticket =
		clerk_open_ticket(poller->clerk, &alarm, "system:poll", &error);

	log_event(LOG_LEVEL_ERROR, "alarm", "mailbox", poller->mailbox->name,
	          "subject", subject, "trouble",
	          error == NULL ? NULL : error->message, NULL);
	return ticket;
}

char *
poll_missing_words(const Poller *poller, int64_t octets)
{
	return g_strdup_printf("it has " NUMBER " octets, which is over the "
	                       "size limit, and only its beginning was "
	                       "fetched; the mail itself is still in the "
	                       "mailbox of %s",
	                       octets, poller->mailbox->user);
}
