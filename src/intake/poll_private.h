/* What the files of the fetcher share. */
#pragma once

#include "clerk/ledger.h"

#include "intake/poll.h"
#include "intake/wire.h"

typedef enum PollAfter {
	POLL_FLAG,
	POLL_KEEP,
	POLL_DELETE,
	POLL_MOVE,
} PollAfter;

typedef struct Poller {
	const Desk *desk;
	const Inbox *mailbox;
	const PollOptions *options;
	Clerk *clerk;
	Ledger *ledger;
	InboxState state;
	PollTally tally;
	GUri *uri;
	WirePeer peer;
	char *folder; /* UTF-8 */
	char *door;   /* "imap:inbox" */
	PollAfter after;
	const char *after_folder; /* of POLL_MOVE */
	bool is_pop3;
	bool is_tls; /* from the beginning */
} Poller;

/* A mail that was fetched. */
typedef struct PollMail {
	char *key; /* the door's */
	GBytes *raw;
	char *missing; /* as in Arrival */
	const char *remark;
} PollMail;

void poll_mail_clear(PollMail *mail);

/* All in one transaction; of count at most POLL_BATCH_MAILS. */
bool poll_take(Poller *poller, const PollMail *mails, unsigned count,
               GError **error);

/* Is it to be fetched?  Not if it was taken in, or has failed too often. */
typedef enum PollKnown { POLL_UNKNOWN, POLL_TAKEN, POLL_GIVEN_UP } PollKnown;

bool poll_is_known(Poller *poller, const char *key, PollKnown *out_known,
                   GError **error);

/* It could not be fetched: counted, and at last told. */
bool poll_failed(Poller *poller, const char *key, const char *why,
                 GError **error);

/* Opens a ticket about the mailbox; its number, or 0: it could not be. */
int64_t poll_alarm(Poller *poller, const char *subject, const char *text);

/* An alarm's ticket (0: there is none) is told that it is over. */
void poll_call_off(Poller *poller, int64_t *alarm);

/* A connection, secured as the configuration says, and the secret to log in
 * with (owned by the caller); NULL with ERROR_CONFIG or ERROR_UNAVAILABLE. */
Wire *poll_connect(Poller *poller, GError **error);
char *poll_secret(const Poller *poller, GError **error);

/* The stub's words for a mail of so many octets; owned by the caller. */
char *poll_missing_words(const Poller *poller, int64_t octets);

/* One look; with IMAP and IDLE it lasts until something goes wrong or the
 * process is to stop. */
bool poll_imap(Poller *poller, GError **error);
bool poll_pop3(Poller *poller, GError **error);

/* A look went well: remembered, and an alarm is called off. */
bool poll_looked(Poller *poller, GError **error);
bool poll_is_stopping(const Poller *poller);
