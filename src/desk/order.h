/* Orders: the lines "/word arguments" at the top of an agent's mail.
 *
 * One table (order_table.c) knows each order's word, argument, effect and the
 * help that is mailed back.  Reading and checking are apart from doing: if any
 * order is unknown or wrong, nothing is done and nothing leaves (design 13). */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include <glib.h>

#include "desk/clocks.h"
#include "desk/evidence.h"
#include "desk/facts.h"
#include "desk/plan.h"
#include "desk/ticket.h"

/* Limits of one mail: what is over them is a fault, and nothing is done. */
#define ORDERS_MAX                50
#define ORDER_ARGUMENT_OCTETS_MAX 2048
/* an order is told back in at most so many columns */
#define ORDER_COLUMNS_MAX         200

/* The field whose value is an order, as if it stood above the text. */
#define ORDER_FIELD "X-Postigo-Command"

typedef struct Order {
	const char *text;   /* the line as it was written, shortened */
	const char *effect; /* what it does, or what is wrong with it */
	bool is_good;
} Order;

/* The most a mail of orders is answered with. */
#define ORDERS_ANSWER_OCTETS_MAX 65536

typedef struct Orders {
	GStringChunk *strings;
	GArray *list;        /* of Order */
	const char *rest;    /* the text below the orders, trimmed */
	bool is_good;        /* none is unknown or wrong */
	bool wants_note;     /* /note: the rest is for agents only */
	bool wants_reply;    /* /reply */
	bool is_silent;      /* the requester is not told of a new state */
	bool wants_try;      /* /try: only tell what would be done */
	EvidenceLevel needs; /* of all orders together; E0 without any */
	GString *answer;     /* what was asked for: /list, /show, /help ... */
	unsigned acts;       /* orders that change something */
} Orders;

void orders_free(Orders *orders);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Orders, orders_free)

/* What an order may look at. */
typedef struct OrderPlace {
	const Desk *desk;
	const Ticket *ticket; /* NULL: orders for no ticket (/list, /help) */
	const GPtrArray *candidates; /* of Candidate: the tickets that orders
	                                name, and ticket itself; or NULL */
	const GPtrArray *lists;      /* of TicketList, or NULL */
	const char *actor;    /* as the journal calls him, for /undo; or NULL */
	int64_t answered;     /* the message that is answered; 0: not known */
	int64_t next_ticket;  /* number of the next new one; 0: not asked */
	bool may_confirm;     /* what lacks evidence waits for a confirmation */
	const Agent *agent;   /* who gives it; NULL: the operator */
	const char *language; /* of what he is told; NULL: English */
	int64_t now;
	const ClockRow *clocks; /* CLOCK_KINDS of the ticket; NULL: not known */
} OrderPlace;

/* Reads the orders at the top of text, and checks each one against level, how
 * well it is proven who gives it (faults.md 4.2).  For good orders
 * the actions go to before (attributes) and after (states), so that the caller
 * can put the message between them; with a wrong one nothing is added. */
Orders *orders_read(const char *text, const OrderPlace *place,
                    EvidenceLevel level, Plan *before, Plan *after);

/* What the orders of a text look at beyond their own ticket. */
typedef enum OrderAsk {
	ORDER_ASKS_NOTHING,
	ORDER_ASKS_TICKET,  /* the number in its argument */
	ORDER_ASKS_LIST,    /* its argument is a query */
	ORDER_ASKS_JOURNAL, /* of its own ticket */
} OrderAsk;

typedef void (*OrderAsked)(OrderAsk ask, const char *argument, void *data);

/* Calls asked for each order at the top of text that asks for something. */
void orders_asked(const char *text, OrderAsked asked, void *data);

/* The first number in text, "#12" and "12" alike; 0: none. */
int64_t order_number(const char *text);

/* Is the first line of text that is not blank an order? */
bool orders_begin(const char *text);

/* Makes them refused as a whole, for a reason that lies outside of them. */
void orders_refuse(Orders *orders, const char *text, const char *why);

/* One line per order, with its argument and what it does, in that language
 * (NULL: English); owned by the caller. */
char *orders_help(const char *language);
