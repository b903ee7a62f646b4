/* What the files of the orders share: an order's kind, and one mail's orders
 * while they are read.
 *
 * order.c reads lines, order_table.c has one row an order, order_*.c the
 * effects.  A new order is a row of the table, an effect declared here and
 * written in the file of its theme. */
#pragma once

#include "desk/order.h"

/* One mail's orders while they are read. */
typedef struct Reading {
	const OrderPlace *place;
	EvidenceLevel level;
	Orders *orders;
	Plan *before;       /* attributes */
	Plan *after;        /* states */
	const char *impact; /* as ordered; NULL: not */
	const char *urgency;
	bool sets_priority;
	bool has_split;
} Reading;

typedef struct OrderKind OrderKind;

/* Checks the argument and adds the actions to reading->before or ->after; the
 * effect in words, or NULL with *out_fault set.  Both owned by the caller. */
typedef char *(*OrderEffect)(Reading *reading, const OrderKind *kind,
                             const char *argument, char **out_fault);

struct OrderKind {
	const char *word;
	/* as shown in the help; "" takes none, "[...]" may be left out */
	const char *argument;
	OrderEffect effect;
	EvidenceLevel needs; /* faults.md 4.2 */
	const char *field;   /* what it sets, where it sets one */
	const char *value;   /* fixed value, where it has one */
	OrderAsk asks;
	const char *help;
	const char *ayuda; /* the help in Spanish */
};

/* NULL: there is no order of that word (any case). */
const OrderKind *order_kind_find(const char *word);

/* One of two literals, so that formats stay checked: what an agent is told is
 * in his language, English where it is not Spanish. */
#define ORDER_SAY(reading, english, spanish) \
	(order_is_spanish((reading)->place) ? (spanish) : (english))

bool order_is_spanish(const OrderPlace *place);

/* Adds a set action on the ticket of the order to plan. */
void order_set(Reading *reading, Plan *plan, const char *field,
               const char *value);

/* Impact and urgency both known, by order or before: the matrix gives the
 * priority, unless one is ordered as well.  Asked once, after all orders. */
void order_follow_matrix(Reading *reading);

/* The candidate of that number; NULL: no such ticket. */
const Candidate *order_candidate(const Reading *reading, int64_t ticket);

/* The number of the order's own ticket, as a value. */
const char *order_ticket(Reading *reading, Plan *plan);

/* ---- effects ---- */

/* order_field.c */
char *order_word(Reading *, const OrderKind *, const char *, char **);
char *order_assign(Reading *, const OrderKind *, const char *, char **);
char *order_queue(Reading *, const OrderKind *, const char *, char **);
char *order_team(Reading *, const OrderKind *, const char *, char **);
char *order_tag(Reading *, const OrderKind *, const char *, char **);
char *order_field(Reading *, const OrderKind *, const char *, char **);

/* order_state.c */
char *order_state(Reading *, const OrderKind *, const char *, char **);

/* order_clock.c */
char *order_ack(Reading *, const OrderKind *, const char *, char **);
char *order_escalate(Reading *, const OrderKind *, const char *, char **);
char *order_sla(Reading *, const OrderKind *, const char *, char **);

/* order_time.c */
char *order_pending(Reading *, const OrderKind *, const char *, char **);
char *order_remind(Reading *, const OrderKind *, const char *, char **);
char *order_spent(Reading *, const OrderKind *, const char *, char **);

/* order_ticket.c */
char *order_merge(Reading *, const OrderKind *, const char *, char **);
char *order_unmerge(Reading *, const OrderKind *, const char *, char **);
char *order_split(Reading *, const OrderKind *, const char *, char **);
char *order_link(Reading *, const OrderKind *, const char *, char **);
char *order_spam(Reading *, const OrderKind *, const char *, char **);

/* order_people.c */
char *order_cc(Reading *, const OrderKind *, const char *, char **);
char *order_requester(Reading *, const OrderKind *, const char *, char **);
char *order_for(Reading *, const OrderKind *, const char *, char **);

/* order_undo.c */
char *order_undo(Reading *, const OrderKind *, const char *, char **);

/* order_answer.c */
char *order_try(Reading *, const OrderKind *, const char *, char **);
char *order_status(Reading *, const OrderKind *, const char *, char **);
char *order_show(Reading *, const OrderKind *, const char *, char **);
char *order_list(Reading *, const OrderKind *, const char *, char **);
char *order_help(Reading *, const OrderKind *, const char *, char **);

/* order_text.c */
char *order_note(Reading *, const OrderKind *, const char *, char **);
char *order_reply(Reading *, const OrderKind *, const char *, char **);
