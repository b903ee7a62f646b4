/* A ticket, the words for its states, and the table of allowed moves. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include <glib.h>

typedef enum TicketState {
	STATE_NEW, /* nobody has answered yet */
	STATE_OPEN,
	STATE_PENDING,  /* waiting for the requester */
	STATE_HOLD,     /* waiting for a third party */
	STATE_RESOLVED, /* answered; the requester may still say no */
	STATE_CLOSED,
	STATE_MERGED, /* lives on in another ticket */
} TicketState;

const char *ticket_state_name(TicketState state);
bool ticket_state_from_name(const char *name, TicketState *out_state);

/* May a ticket of that type go from one state to the other?  Staying where it
 * is is always allowed. */
bool ticket_move_is_allowed(const char *type, TicketState from, TicketState to);

/* Nobody works on it: resolved, closed or merged. */
bool ticket_state_is_done(TicketState state);

/* The words allowed for a field with a fixed vocabulary ("type", "priority",
 * "impact", "urgency", "state"), NULL-terminated; NULL for any other field. */
const char *const *ticket_field_words(const char *field);

/* The matrix of impact and urgency ("low", "medium", "high" each) to a
 * priority ("low", "normal", "high", "urgent"); NULL if a word is unknown. */
const char *ticket_priority_from(const char *impact, const char *urgency);

typedef struct TicketField {
	char *name;
	char *value;
} TicketField;

/* Strings are owned, valid UTF-8, NULL when not set. */
typedef struct Ticket {
	int64_t id;
	TicketState state;
	char *type;
	char *priority;
	char *impact;
	char *urgency;
	char *queue;
	char *team;
	char *owner; /* agent id */
	int level;
	char *subject;
	char *language;
	int64_t requester; /* person id */
	char *requester_name;
	char *requester_address;
	int64_t created_at;
	int64_t updated_at;
	int64_t resolved_at; /* 0: not */
	int64_t closed_at;   /* 0: not */
	int64_t merged_into; /* 0: not */
	char *sla;
	GPtrArray *tags;  /* of char * */
	GArray *fields;   /* of TicketField, custom fields */
	bool is_unproven; /* opened by a mail of E0 */
} Ticket;

Ticket *ticket_new(void);
void ticket_free(Ticket *ticket);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Ticket, ticket_free)

bool ticket_has_tag(const Ticket *ticket, const char *tag);
