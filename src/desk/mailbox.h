/* Can mail reach an address?  Good, soft or dead, with rest and wake.
 *
 * A failure makes an address soft: automatic mails to it rest for a day at
 * most, so that one report, forged or not, silences nobody (faults.md L-14).
 * Failures of several mails over several days make it dead: a week's rest, then
 * one mail tries again.  A mail from there, or a delivery, makes it good.  A
 * person's own answer is sent all the same.  Pure. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include <glib.h>

#define MAILBOX_SOFT_SECONDS  (INT64_C(24) * 3600)
#define MAILBOX_DEAD_SECONDS  (INT64_C(7) * 24 * 3600)
/* so many failures, over at least so long, and it is dead */
#define MAILBOX_DEAD_FAILURES 3
#define MAILBOX_DEAD_SPAN     (INT64_C(48) * 3600)
/* what lies so far back does not count any more */
#define MAILBOX_FORGET        (INT64_C(30) * 24 * 3600)

typedef enum MailboxState {
	MAILBOX_GOOD,
	MAILBOX_SOFT,
	MAILBOX_DEAD,
} MailboxState;

/* "good", "soft", "dead" */
const char *mailbox_state_name(MailboxState state);
bool mailbox_state_from_name(const char *name, MailboxState *out_state);

typedef struct Mailbox {
	char *address;
	MailboxState state;
	int failures;
	int64_t first_at;
	int64_t last_at;
	int64_t last_outbox; /* the mail that failed last */
	int64_t rests_until;
	char *reason;
} Mailbox;

void mailbox_free(Mailbox *mailbox);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Mailbox, mailbox_free)

/* Does a failure with that enhanced status ("5.1.1"; or NULL) or in our words
 * (design section 8; or NULL) speak of the address, and not of the mail or the
 * way there? */
bool mailbox_is_at_fault(const char *status, const char *reason);

/* A mail of ours, outbox, did not reach it for good.  A second report on the
 * same mail changes nothing: false. */
bool mailbox_fail(Mailbox *mailbox, int64_t outbox, const char *reason,
                  int64_t now);
