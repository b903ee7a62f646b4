/* All that a decision about a mail may look at, the time included.
 *
 * The clerk gathers it inside the transaction; the desk decides from it and
 * from nothing else.  Everything here is borrowed from the clerk's memory and
 * outlives the decision. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include <glib.h>

#include "desk/clocks.h"
#include "desk/desk.h"
#include "desk/evidence.h"
#include "desk/mail.h"
#include "desk/propose.h"
#include "desk/record.h"
#include "desk/ruling.h"
#include "desk/ticket.h"

/* What points at a ticket, in the order of design section 9. */
typedef enum WitnessKind {
	WITNESS_TOKEN,        /* reply token in a recipient address */
	WITNESS_OUR_ID,       /* In-Reply-To or References: an id of ours */
	WITNESS_MARKER,       /* the signed line of our mails, quoted */
	WITNESS_THEIR_ID,     /* ... : the id of a message that we accepted */
	WITNESS_SUBJECT,      /* [#123] */
	WITNESS_CONVERSATION, /* Thread-Index */
} WitnessKind;

const char *witness_name(WitnessKind kind);

typedef struct Witness {
	WitnessKind kind;
	const char *text;   /* as it stands in the mail */
	int64_t ticket;     /* after merges were followed */
	int64_t message;    /* of ours that it names; 0: none or not known */
	int64_t principal;  /* person it was given to; 0: not known */
	const char *author; /* who wrote the message of WITNESS_THEIR_ID */
	bool is_for_agents; /* it was in a mail to an agent */
	bool is_expired;
} Witness;

/* A link of a ticket, and how the other one stands. */
typedef struct Tie {
	char *kind;
	int64_t other;
	TicketState state;
} Tie;

/* An empty array of Tie that owns their words. */
GArray *ties_new(void);

/* A ticket that a witness names, and who takes part in it. */
typedef struct Candidate {
	Ticket *ticket;
	GPtrArray *participants; /* of Participant */
	unsigned messages;
	GArray *proposed; /* of int64_t: articles that were; NULL: not asked */
	/* for orders alone; NULL: not asked */
	GArray *ties;       /* of Tie */
	GArray *merged;     /* of int64_t: tickets that were merged into it */
	GPtrArray *history; /* of Message, in the order they came */
	GPtrArray *journal; /* of JournalLine: all that was done to it */
	ClockRow clocks[CLOCK_KINDS];
} Candidate;

void candidate_free(Candidate *candidate);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Candidate, candidate_free)

/* The answer to a query that orders name: "state:open queue:net". */
typedef struct TicketList {
	char *query;
	char *fault;        /* what is wrong with it; NULL: nothing */
	GPtrArray *tickets; /* of Ticket; NULL with a fault */
	bool is_cut;        /* there are more */
} TicketList;

void ticket_list_free(TicketList *list);

typedef enum SeenBefore {
	SEEN_NOT,
	SEEN_SAME,      /* the door offers it again, or another copy came */
	SEEN_TRUNCATED, /* this is the beginning of one that came whole */
	SEEN_LONGER,    /* one that came before was the beginning of this */
} SeenBefore;

typedef struct WaitingChild {
	int64_t message;
	int64_t ticket;
} WaitingChild;

/* Mails sent lately, against Limits. */
typedef struct Budgets {
	int64_t acknowledgements_to_sender_day;
	int64_t tickets_by_sender_hour;
	int64_t unproven_acknowledgements_hour;
	int64_t same_words_day; /* the sender wrote the same so often */
	bool was_agent_warned_today;
} Budgets;

/* What a filter program says of the mail: "spam.score" "7.3". */
typedef struct StatedFact {
	const char *name;
	const char *value;
} StatedFact;

typedef struct Facts {
	int64_t now;
	const Desk *desk;
	const Mail *mail;
	const char *words; /* the sender's own, orders of the header first;
	                      NULL: mail_own_words() */
	const char *envelope_sender; /* "" for <>; NULL: not known */
	bool is_import;              /* trust ids, tell nobody */
	const Queue *queue;          /* by recipient; never NULL */
	const char *queue_why;
	const char *echo_why; /* not NULL: our own mail came back */
	unsigned bad_tokens;  /* of the shape of ours, but not ours */
	unsigned hops;        /* Received fields */
	int times_in_hand;

	SeenBefore seen;
	const Delivery *other; /* for seen: which one */

	const char *from;     /* identity: the one From addr-spec, or NULL */
	const Person *sender; /* known by that address, or NULL */
	const Agent *agent;   /* whose address it is, or NULL */
	EvidenceLevel proven; /* E0 or E1, before tokens */
	const GPtrArray *proven_why; /* of char * */

	const GArray *witnesses;     /* of Witness, strongest first */
	const GPtrArray *candidates; /* of Candidate */
	const GArray *children;      /* of WaitingChild */
	const GPtrArray *lists;      /* of TicketList */
	int64_t next_ticket;
	Budgets budgets;

	const GPtrArray *proposals; /* of Proposal, the surest first; or NULL */

	const OutboxRow *reported; /* the mail of ours that a report is on */
	const char *reported_why;

	const GArray *stated;   /* of StatedFact, by the filters; or NULL */
	const Ruling *ruling;   /* what the rules say; NULL: there are none */
	const Candidate *thing; /* the ticket of the key that they link the
	                           mail to; or NULL */
	const char *banned_why; /* an earlier ruling on the sender, or NULL */
	const char *assignee;   /* agent id: whose turn it is; or NULL */
} Facts;

/* What the sender himself wrote. */
const char *facts_words(const Facts *facts);

/* NULL if no candidate has that number. */
const Candidate *facts_candidate(const Facts *facts, int64_t ticket);

/* Is that person (or address) requester or watcher of it?  NULL if not. */
const Participant *candidate_participant(const Candidate *candidate,
                                         const char *address);
const Participant *candidate_requester(const Candidate *candidate);
