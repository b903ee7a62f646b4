/* Rows in, values out: the one user of SQL.
 *
 * A Store is one connection to the desk's database, used by one process that
 * does not fork while it holds it.  Reading needs no transaction; every change
 * is made between store_begin() and store_commit().  All changes of one event
 * are in one transaction, which begins IMMEDIATE under the advisory lock
 * (flock on DATABASE.lock), so that writers of all processes come in turn and
 * no checkpoint runs beside a writer (the WAL-reset fault, faults.md 0.1.5).
 *
 * Errors: ERROR_LATER where the database is busy, full, or the disk is failing
 * (the caller answers "later" and ends; it never tries again in place);
 * ERROR_CONFIG where the file is no Postigo database or a newer one;
 * ERROR_NOT_FOUND where a row was asked for by its id.  A function that returns
 * a pointer or array returns NULL on error; "none found" is a NULL value with
 * no error set, or an empty array.  Returned values belong to the caller.
 * Message-IDs are without <>; addresses are compared in lower case. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include <glib.h>

#include "desk/budget.h"
#include "desk/mailbox.h"
#include "desk/record.h"
#include "desk/ticket.h"

typedef struct Store Store;

typedef enum StoreMode {
	STORE_READ,  /* never writes; does not upgrade the schema */
	STORE_WRITE, /* upgrades the schema on opening, one transaction a step
	              */
} StoreMode;

/* ---- life ------------------------------------------------------------------
 */

/* A new database with the newest schema, mode 0600; ERROR_REFUSED if the file
 * is there already. */
bool store_create(const char *path, GError **error);

Store *store_open(const char *path, StoreMode mode, GError **error);
void store_close(Store *store);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Store, store_close)

bool store_begin(Store *store, GError **error);
/* A commit that fails has rolled back. */
bool store_commit(Store *store, GError **error);
void store_rollback(Store *store);

/* ERROR_LATER if fewer than free_octets are left on the database's disk. */
bool store_check_space(Store *store, int64_t free_octets, GError **error);

/* Keeps a ballast file of that size beside the database, or gives it up so
 * that closing transactions have room (faults.md C-08). */
bool store_ballast(Store *store, int64_t octets, GError **error);

/* ---- raw mail and deliveries ------------------------------------------------
 */

/* Keeps the octets, compressed where that helps; the same octets are kept
 * once.  sha256 is theirs, hexadecimal. */
bool store_raw_put(Store *store, const char *sha256, GBytes *octets,
                   GError **error);
/* ERROR_NOT_FOUND if they are not there; checked against sha256. */
GBytes *store_raw_get(Store *store, const char *sha256, GError **error);

/* Fills delivery->id. */
bool store_delivery_add(Store *store, Delivery *delivery, GError **error);
/* Writes state, ticket, message, other, reason of the row with its id. */
bool store_delivery_settle(Store *store, const Delivery *delivery,
                           GError **error);
Delivery *store_delivery_get(Store *store, int64_t id, GError **error);
Delivery *store_delivery_by_key(Store *store, const char *door_key,
                                GError **error);
/* Those with that content hash, or (message_id not NULL) that Message-ID,
 * received at or after since, oldest first; of Delivery. */
GPtrArray *store_deliveries_like(Store *store, const char *content_hash,
                                 const char *message_id, int64_t since,
                                 GError **error);
/* All deliveries with that Message-ID, or all if NULL, oldest first. */
GPtrArray *store_deliveries(Store *store, const char *message_id,
                            GError **error);

/* A mail whose process died over it is counted by its digest, so that the
 * third time it is set aside.  Take counts one more death in a
 * small transaction of its own; times tells the count, 0 for nearly all;
 * release forgets it, inside a transaction. */
bool store_hand_take(Store *store, const char *sha256, GError **error);
bool store_hand_times(Store *store, const char *sha256, int *out_times,
                      GError **error);
bool store_hand_release(Store *store, const char *sha256, GError **error);

/* ---- people ---- */

/* NULL without error: nobody has that address. */
Person *store_person_by_address(Store *store, const char *address,
                                GError **error);
Person *store_person_get(Store *store, int64_t id, GError **error);
/* Adds him with his address and fills person->id. */
bool store_person_add(Store *store, Person *person, GError **error);
/* Writes name, language, agent, token_epoch. */
bool store_person_update(Store *store, const Person *person, GError **error);
bool store_address_add(Store *store, int64_t person, const char *address,
                       GError **error);

/* Of Participant, requester first. */
GPtrArray *store_participants(Store *store, int64_t ticket, GError **error);
bool store_participant_add(Store *store, int64_t ticket, int64_t person,
                           ParticipantKind kind, GError **error);
bool store_participant_remove(Store *store, int64_t ticket, int64_t person,
                              GError **error);

/* ---- tickets ---- */

/* The number that the next ticket will have; only inside a transaction does
 * the answer hold. */
bool store_ticket_next(Store *store, int64_t *out_id, GError **error);
/* With the id it carries; tags and fields are written too. */
bool store_ticket_add(Store *store, const Ticket *ticket, GError **error);
/* Writes every column of the row; tags and fields are not touched. */
bool store_ticket_update(Store *store, const Ticket *ticket, GError **error);
/* ERROR_NOT_FOUND if there is none. */
Ticket *store_ticket_get(Store *store, int64_t id, GError **error);
bool store_tag(Store *store, int64_t ticket, const char *tag, bool is_set,
               GError **error);
/* value NULL removes the field. */
bool store_field(Store *store, int64_t ticket, const char *name,
                 const char *value, GError **error);

typedef struct TicketLink {
	char *kind; /* "duplicate", "parent", "child", "depends", "caused-by",
	               "related", "follows" */
	int64_t ticket;
} TicketLink;

/* Of TicketLink. */
GPtrArray *store_links(Store *store, int64_t ticket, GError **error);
bool store_link_add(Store *store, int64_t ticket, const char *kind,
                    int64_t other, GError **error);

bool store_link_remove(Store *store, int64_t ticket, const char *kind,
                       int64_t other, GError **error);

/* Moves all messages of ticket to target, whose watchers its participants
 * become; ticket is merged from now on. */
bool store_merge(Store *store, int64_t ticket, int64_t target, GError **error);
/* Takes the merge of ticket back: what it moved, and its state. */
bool store_unmerge(Store *store, int64_t ticket, GError **error);
/* Adds the numbers (int64_t) of the tickets merged into target, lowest first.
 */
bool store_merged(Store *store, int64_t target, GArray *out_tickets,
                  GError **error);

/* ---- reminders ---- */

bool store_reminder_add(Store *store, const Reminder *reminder, GError **error);
/* Of Reminder, those waiting whose time has come, the oldest first. */
GPtrArray *store_reminders_due(Store *store, int64_t now, int64_t limit,
                               GError **error);
bool store_reminder_fired(Store *store, int64_t id, GError **error);
/* When the next will be due; 0: none waits. */
bool store_reminder_next(Store *store, int64_t *out_at, GError **error);
/* Those of a ticket and kind that still wait. */
bool store_reminder_cancel(Store *store, int64_t ticket, const char *kind,
                           GError **error);

/* What `list` asks; NULL and 0 members do not restrict. */
typedef struct TicketQuery {
	const char *const *states; /* any of; NULL: all */
	const char *queue;
	const char *team;
	const char *owner; /* "" asks for those without an owner */
	const char *requester;
	const char *tag;
	const char *type;
	const char *priority;
	const char *words;   /* full text, all of them, quoted by the store */
	const char *overdue; /* "yes", "no": has a promise that is broken now */
	int64_t now;         /* for overdue */
	int64_t created_since;
	int64_t limit; /* 0: all */
} TicketQuery;

/* Of Ticket, by id. */
GPtrArray *store_tickets(Store *store, const TicketQuery *query,
                         GError **error);

/* Tickets whose requester has that address, created at or after since. */
bool store_count_tickets(Store *store, const char *requester, int64_t since,
                         int64_t *out_count, GError **error);

/* ---- messages ---- */

/* Fills message->id; indexes text for search; remembers the references whose
 * message has not come yet. */
bool store_message_add(Store *store, Message *message, GError **error);
/* Writes ticket, parent, is_internal, is_unproven (move, join, admit). */
bool store_message_update(Store *store, const Message *message, GError **error);
/* Writes what the mail itself says (delivery, subject, text, reply, class,
 * date, digest, conversation, attachments) over the message with its id: the
 * whole copy of a mail that came cut short. */
bool store_message_replace(Store *store, const Message *message,
                           GError **error);
Message *store_message_get(Store *store, int64_t id, GError **error);
/* Of Message, in the order they came. */
GPtrArray *store_messages(Store *store, int64_t ticket, GError **error);
/* All messages of all tickets; text and reply are NULL. */
GPtrArray *store_messages_all(Store *store, GError **error);
/* With that Message-ID, newest first; text and reply are NULL. */
GPtrArray *store_messages_by_id(Store *store, const char *message_id,
                                GError **error);
GPtrArray *store_messages_by_conversation(Store *store,
                                          const char *conversation,
                                          GError **error);
/* Those that named message_id before it came and have no parent yet. */
GPtrArray *store_messages_awaiting(Store *store, const char *message_id,
                                   GError **error);

/* How often that address wrote exactly these words since then. */
bool store_count_words(Store *store, const char *address, const char *words,
                       int64_t since, int64_t *out_count, GError **error);

/* ---- outbox ---- */

/* The id that the next outgoing mail will have (it is in its Message-ID); never
 * used twice, not even after a row was purged. */
bool store_outbox_next(Store *store, int64_t *out_id, GError **error);
/* With the id it carries.  One row per (delivery, to, purpose) where delivery
 * is not 0: a second one is ERROR_REFUSED. */
bool store_outbox_add(Store *store, const OutboxRow *row, GError **error);
/* body included; ERROR_NOT_FOUND. */
OutboxRow *store_outbox_get(Store *store, int64_t id, GError **error);
/* Of OutboxRow without body, by id; ticket 0: all; state NULL: all. */
GPtrArray *store_outbox(Store *store, int64_t ticket, const char *state,
                        GError **error);

typedef struct OutboxClaim {
	const char *channel; /* NULL: the desk's own server */
	const char *owner;
	int64_t now;
	int64_t until;
	unsigned count;
} OutboxClaim;

/* Leases up to count of the channel's oldest rows that are due (queued or
 * deferred with next_attempt_at <= now; sending with an expired lease becomes
 * uncertain first, and is due only if resend_uncertain); state sending,
 * attempts + 1.  A transaction of its own, committed before it returns, and
 * none where nothing is due.  Of OutboxRow without body. */
GPtrArray *store_outbox_claim(Store *store, const OutboxClaim *claim,
                              GError **error);
/* Gives a leased row back as if it had not been claimed; inside a transaction.
 */
bool store_outbox_unclaim(Store *store, int64_t id, GError **error);
/* Writes state, next_attempt_at, last_error, last_reply, settled_at of a row
 * and ends its lease; inside a transaction. */
bool store_outbox_settle(Store *store, const OutboxRow *row, GError **error);

typedef struct BudgetQuestion {
	const char *to;
	int64_t ticket; /* 0: none */
	int64_t now;
} BudgetQuestion;

/* What went out lately; is_agent is not touched. */
bool store_budget_use(Store *store, const BudgetQuestion *question,
                      BudgetUse *out, GError **error);

/* A mail that was not even written.  All borrowed. */
typedef struct Withheld {
	int64_t at;
	int64_t ticket;
	const char *to;
	const char *agent; /* whose address it is, or NULL */
	const char *purpose;
	const char *template;
	const char *reason;
} Withheld;

bool store_withheld_add(Store *store, const Withheld *withheld, GError **error);

/* An address that mail did not reach; *out NULL: it is good. */
bool store_mailbox_get(Store *store, const char *address, Mailbox **out,
                       GError **error);
bool store_mailbox_put(Store *store, const Mailbox *mailbox, GError **error);
/* It is good again. */
bool store_mailbox_forget(Store *store, const char *address, GError **error);

/* Mails queued since then; NULL and 0 members do not restrict. */
typedef struct OutboxCount {
	const char *purpose;
	const char *template;
	const char *to;
	int64_t ticket;
	int64_t since;
} OutboxCount;

bool store_count_outbox(Store *store, const OutboxCount *count,
                        int64_t *out_count, GError **error);

/* ---- journal, quarantine, counters ---- */

bool store_journal_add(Store *store, const JournalLine *line, GError **error);
/* Of JournalLine, in order; ticket 0: all; event NULL: all. */
GPtrArray *store_journal(Store *store, int64_t ticket, const char *event,
                         GError **error);
/* The first count lines after that id, in order. */
GPtrArray *store_journal_after(Store *store, int64_t id, int64_t count,
                               GError **error);
/* The id that the next line will have; only inside a transaction. */
bool store_journal_next(Store *store, int64_t *out_id, GError **error);

/* Fills quarantined->id. */
bool store_quarantine_add(Store *store, Quarantined *quarantined,
                          GError **error);
Quarantined *store_quarantine_get(Store *store, int64_t id, GError **error);
/* Of Quarantined, by id; state NULL: all. */
GPtrArray *store_quarantine(Store *store, const char *state, GError **error);
bool store_quarantine_settle(Store *store, int64_t id, const char *state,
                             GError **error);

/* A named counter (foreign bounces ...): adds and tells the new value. */
bool store_counter_add(Store *store, const char *name, int64_t by,
                       int64_t *out_value, GError **error);
/* A named small text (notices told once a day ...); NULL without error: none.
 */
char *store_note_get(Store *store, const char *name, GError **error);
bool store_note_set(Store *store, const char *name, const char *text,
                    GError **error);

/* ---- care ---- */

/* A copy of the database that is there whole or not at all. */
bool store_backup(Store *store, const char *path, GError **error);

/* Checks the invariants of doc/invariants.md that the rows can show; adds one
 * sentence per finding to out_findings (of char *), each beginning with the
 * invariant's name ("I1: ...").  false only if it could not look. */
bool store_fsck(Store *store, GPtrArray *out_findings, GError **error);

/* What is not the same in the database at path again, which the journal of this
 * one was played into; a sentence each ("journal: ticket 12: ..."). */
bool store_compare(Store *store, const char *again, GPtrArray *out_findings,
                   GError **error);
