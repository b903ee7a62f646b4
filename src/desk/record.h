/* The other things a desk keeps, one value each: people, messages, deliveries,
 * outgoing mails, journal lines, quarantined mails.
 *
 * store/ gives and takes them; the desk looks at them.  Strings are owned by
 * the value, valid UTF-8 and NULL when absent.  An id of 0 means "none" or
 * "not stored yet". */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include <glib.h>

#include "desk/mail.h"

typedef struct Person {
	int64_t id;
	char *name;
	char *address; /* the one that mail goes to, lower case */
	char *language;
	char *agent;          /* agent id, for people who are agents */
	uint32_t token_epoch; /* raising it revokes his reply tokens */
} Person;

void person_free(Person *person);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Person, person_free)

typedef enum ParticipantKind {
	PARTICIPANT_REQUESTER,
	PARTICIPANT_WATCHER,
} ParticipantKind;

const char *participant_kind_name(ParticipantKind kind);
bool participant_kind_from_name(const char *name, ParticipantKind *out_kind);

typedef struct Participant {
	int64_t person;
	ParticipantKind kind;
	char *name;
	char *address;
	char *language;
} Participant;

void participant_free(Participant *participant);

typedef enum Direction {
	DIRECTION_IN,
	DIRECTION_OUT,
	DIRECTION_NOTE
} Direction;

/* "in", "out", "note" */
const char *direction_name(Direction direction);
bool direction_from_name(const char *name, Direction *out_direction);

typedef struct MessageAttachment {
	char *name;
	char *type;
	int64_t size;
	char *sha256;
	char *disposition;
	char *content_id;
} MessageAttachment;

/* One article of a ticket. */
typedef struct Message {
	int64_t id;
	int64_t ticket;
	int64_t parent;   /* the message it answers */
	int64_t delivery; /* that brought it; 0: written at the terminal */
	Direction direction;
	bool is_internal; /* for agents only */
	bool is_unproven; /* below E1: shown to agents, goes to nobody else */
	char *message_id; /* without <> */
	int64_t person;   /* who wrote it */
	char *from_name;
	char *from_address;
	GPtrArray *to; /* of char *, addresses */
	char *subject;
	char *text;
	char *reply;
	MailClass class;
	int64_t date;
	int64_t received_at;
	char *file_sha256;   /* of the raw mail, NULL without one */
	char *conversation;  /* Thread-Index up to its 22nd octet, hex; or NULL
	                      */
	GArray *attachments; /* of MessageAttachment */
	GPtrArray *references; /* of char *: ids it names and whose message has
	                          not come yet; only for store_message_add */
} Message;

Message *message_new(void);
void message_free(Message *message);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Message, message_free)

/* Where a delivery ended (faults.md I3: there is no "dropped"). */
typedef enum DeliveryState {
	DELIVERY_TICKETED,   /* opened a ticket */
	DELIVERY_APPENDED,   /* became a message of one */
	DELIVERY_COMMANDED,  /* only orders, obeyed or refused */
	DELIVERY_BOUNCE,     /* a report on a mail of ours */
	DELIVERY_FOREIGN,    /* a report on a mail that we never sent */
	DELIVERY_SUPPRESSED, /* a machine's mail, or our own echo: kept, quiet
	                      */
	DELIVERY_DUPLICATE,  /* of another delivery */
	DELIVERY_SUPERSEDED, /* the truncated copy of a later one (C-12) */
	DELIVERY_QUARANTINED,
	DELIVERY_SHUNTED, /* could not be read; bare ticket */
} DeliveryState;

const char *delivery_state_name(DeliveryState state);
bool delivery_state_from_name(const char *name, DeliveryState *out_state);

typedef struct Delivery {
	int64_t id;
	char *door;     /* "pipe", "lmtp", "imap:inbox", "import", "terminal" */
	char *door_key; /* the door's own id of it, unique; NULL for a pipe */
	char *sha256;   /* of the raw octets */
	int64_t size;
	char *content_hash;
	char *message_id;
	char *envelope_sender; /* "" for <>; NULL: not known */
	GPtrArray *recipients; /* of char *, envelope recipients */
	int64_t received_at;
	DeliveryState state;
	int64_t ticket;
	int64_t message;
	int64_t other; /* the delivery this one duplicates or was superseded by
	                */
	char *reason;
} Delivery;

Delivery *delivery_new(void);
void delivery_free(Delivery *delivery);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Delivery, delivery_free)

typedef enum OutboxState {
	OUTBOX_QUEUED,
	OUTBOX_SENDING,
	OUTBOX_SENT,
	OUTBOX_DEFERRED,
	OUTBOX_FAILED,
	OUTBOX_UNCERTAIN, /* the link died after the dot: nobody can say */
	OUTBOX_CANCELLED,
} OutboxState;

const char *outbox_state_name(OutboxState state);
bool outbox_state_from_name(const char *name, OutboxState *out_state);

/* One mail to one recipient; body and Message-ID never change (I8). */
typedef struct OutboxRow {
	int64_t id;
	int64_t ticket;
	int64_t message;  /* of the ticket, that it carries; or 0 */
	int64_t delivery; /* the event that caused it; or 0 */
	int64_t person;   /* the receiver */
	char *kind;       /* "mail", "webhook" */
	char *channel;    /* "" or NULL: the desk's own server */
	char *purpose;    /* "acknowledgement", "reply", "notify" ... */
	char *template;   /* name of the template it was made of */
	char *to;
	char *from;
	char *subject;
	char *message_id; /* without <> */
	char *envelope;   /* sender; "" for <> */
	GBytes *body;     /* the finished mail, CRLF; NULL in listings */
	OutboxState state;
	bool resend_uncertain; /* at least once (a person's answer), not at most
	                        */
	int attempts;
	int64_t created_at;
	int64_t next_attempt_at;
	char *lease_owner;
	int64_t lease_until;
	int64_t settled_at;
	char *last_error;
	char *last_reply;
} OutboxRow;

OutboxRow *outbox_row_new(void);
void outbox_row_free(OutboxRow *row);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(OutboxRow, outbox_row_free)

typedef struct JournalLine {
	int64_t id;
	int64_t at;
	char *actor; /* "mail:ana@x", "operator:root", "system" */
	char *event; /* "delivery:12", "order", "send", "tick" */
	int64_t ticket;
	char *action; /* the action's text (desk/plan.h) */
} JournalLine;

void journal_line_free(JournalLine *line);

/* What the desk is to come back to. */
typedef struct Reminder {
	int64_t id;
	int64_t ticket;
	char *kind; /* "pending": its wait ends; "remind": an agent asked */
	int64_t due_at;
	char *agent; /* who asked; NULL: the operator */
	char *text;
} Reminder;

void reminder_free(Reminder *reminder);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Reminder, reminder_free)

typedef struct Quarantined {
	int64_t id;
	int64_t delivery;
	int64_t ticket; /* that it wanted to reach; or 0 */
	int64_t received_at;
	char *from;
	char *to;
	char *subject;
	char *reason;
	char *state; /* "held", "released", "dropped" */
} Quarantined;

Quarantined *quarantined_new(void);
void quarantined_free(Quarantined *quarantined);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Quarantined, quarantined_free)
