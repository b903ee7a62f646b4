#include "desk/mailbox.h"

#include <string.h>

static const char *const names[] = {
	[MAILBOX_GOOD] = "good",
	[MAILBOX_SOFT] = "soft",
	[MAILBOX_DEAD] = "dead",
};

const char *
mailbox_state_name(MailboxState state)
{
	return names[state];
}

bool
mailbox_state_from_name(const char *name, MailboxState *out_state)
{
	for (unsigned i = 0; i < G_N_ELEMENTS(names); i++)
		if (strcmp(names[i], name) == 0) {
			*out_state = (MailboxState)i;
			return true;
		}
	return false;
}

void
mailbox_free(Mailbox *mailbox)
{
	if (mailbox == NULL)
		return;
	g_free(mailbox->address);
	g_free(mailbox->reason);
	g_free(mailbox);
}

/* RFC 3463: 5.1.x is the address, 5.2.x the mailbox; a mail too long for it
 * (5.2.3) is the mail's fault. */
static bool
is_of_address(const char *status)
{
	return g_str_has_prefix(status, "5.1.") ||
	       (g_str_has_prefix(status, "5.2.") &&
	        strcmp(status, "5.2.3") != 0);
}

static const char *const reasons[] = { "user-unknown", "mailbox-disabled",
	                               "mailbox-full", "domain-unknown" };

bool
mailbox_is_at_fault(const char *status, const char *reason)
{
	for (unsigned i = 0; reason != NULL && i < G_N_ELEMENTS(reasons); i++)
		if (strcmp(reasons[i], reason) == 0)
			return true;
	return status != NULL && is_of_address(status);
}

bool
mailbox_fail(Mailbox *mailbox, int64_t outbox, const char *reason, int64_t now)
{
	if (mailbox->failures > 0 && outbox <= mailbox->last_outbox)
		return false;
	if (mailbox->failures == 0 || now - mailbox->last_at > MAILBOX_FORGET) {
		mailbox->failures = 0;
		mailbox->first_at = now;
	}
	mailbox->failures++;
	mailbox->last_at = now;
	mailbox->last_outbox = outbox;
	g_free(mailbox->reason);
	mailbox->reason = g_strdup(reason);
	bool is_dead = mailbox->failures >= MAILBOX_DEAD_FAILURES &&
	               now - mailbox->first_at >= MAILBOX_DEAD_SPAN;
	mailbox->state = is_dead ? MAILBOX_DEAD : MAILBOX_SOFT;
	mailbox->rests_until =
		now + (is_dead ? MAILBOX_DEAD_SECONDS : MAILBOX_SOFT_SECONDS);
	return true;
}
