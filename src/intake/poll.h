/* Mail fetched from a mailbox elsewhere, by IMAP or POP3.
 *
 * A mail is committed by the clerk before the server hears that we are done
 * with it, and what was committed is known by its door key (account, epoch and
 * UID), so that a link that dies at any moment costs nothing and a mail that is
 * offered again makes nothing (faults.md M-01, M-02).  What is fetched is
 * decided by that ledger alone, never by what people have read (M-03).  Once a
 * day all that is in the mailbox is compared with it.
 *
 * One process a mailbox.  Trouble is waited out with growing patience, and told
 * once, as a ticket. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include <glib.h>

#include "desk/desk.h"

#include "clerk/clerk.h"

/* A mail that could not be fetched so often is left where it is, and told. */
#define POLL_TRIES_MAX      3
/* So many failures in a row are told. */
#define POLL_ALARM_FAILURES 3
#define POLL_SWEEP_SECONDS  86400
/* One batch: one parser child, one transaction. */
#define POLL_BATCH_MAILS    64
#define POLL_BATCH_OCTETS   ((size_t)16 << 20)
/* What is fetched of a mail that is over Limits.message_octets. */
#define POLL_STUB_OCTETS    65536

typedef struct PollOptions {
	bool once;   /* one look, then the end */
	int stop_fd; /* readable when the process is to stop; -1: never */
	/* Shortens the waits of tests; 0: the usual. */
	int idle_ms;
	int total_ms;
} PollOptions;

typedef struct PollTally {
	int64_t taken;      /* mails committed */
	int64_t duplicates; /* of them, known by their content */
	int64_t left;       /* mails that could not be fetched */
} PollTally;

/* Looks once, or again and again until it is to stop.  false with once only:
 * the look failed.  ERROR_UNAVAILABLE, ERROR_REFUSED (login, folder),
 * ERROR_LATER (ours), ERROR_CONFIG. */
bool poll_run(const Desk *desk, const Inbox *mailbox,
              const PollOptions *options, PollTally *out_tally, GError **error);
