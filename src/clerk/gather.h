/* The store's answers, made into Facts.
 *
 * A Gathered owns all that its facts point at.  It is made inside the
 * transaction in which the plan will be applied. */
#pragma once

#include "base/token.h"

#include "desk/facts.h"
#include "desk/mail.h"

#include "store/store.h"

#include "clerk/clerk.h"

#include "sieve/sieve.h"

/* The same octets or the same content within this time are the same mail. */
#define SAME_MAIL_SECONDS (INT64_C(7) * 86400)

/* Reply tokens and names of ours in mails to agents and to others stand for
 * that long (faults.md 4.4). */
#define AGENT_TOKEN_SECONDS     (INT64_C(14) * 86400)
#define REQUESTER_TOKEN_SECONDS (INT64_C(90) * 86400)

/* Ids looked up, from the right (peers.md 4.1). */
#define REFERENCES_ASKED_MAX 32

typedef struct Gathered {
	Facts facts;
	GPtrArray *owned_texts; /* of char * */
	GPtrArray *why;         /* of char * */
	GArray *witnesses;
	GPtrArray *candidates;
	GArray *children;
	GPtrArray *lists; /* of TicketList */
	GPtrArray
		*recipients; /* of char *: all that may be an address of ours */
	Delivery *other;
	Person *sender;
	OutboxRow *reported;
	Ruling *ruling;
	GPtrArray *proposals; /* of Proposal, or NULL */
} Gathered;

typedef struct GatherPlace {
	const Desk *desk;
	const KeyRing *ring;
	Store *store;
	int64_t now;
	const Program *rules; /* NULL: there are none */
} GatherPlace;

Gathered *gather_on_mail(const GatherPlace *place, const Arrival *arrival,
                         const Mail *mail, GError **error);
void gathered_free(Gathered *gathered);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Gathered, gathered_free)

/* One more candidate, that no witness named; ERROR_NOT_FOUND. */
bool gathered_add_candidate(Gathered *gathered, Store *store, int64_t ticket,
                            GError **error);

/* A ticket with its participants; ERROR_NOT_FOUND. */
Candidate *gather_candidate(Store *store, int64_t ticket, GError **error);

/* What orders look at: links, merges, messages; the journal where asked. */
bool gather_for_orders(Store *store, Candidate *candidate, bool wants_journal,
                       GError **error);
/* The answer to a query of at most limit tickets; an unknown key is a fault of
 * the list, not an error.  NULL: error. */
TicketList *gather_list(Store *store, const char *query, int64_t limit,
                        GError **error);
/* All that the orders of text look at, but for what candidates has already:
 * named tickets are added to it, answers of queries to lists. */
bool gather_named(Store *store, const char *text, GPtrArray *candidates,
                  GPtrArray *lists, GError **error);
