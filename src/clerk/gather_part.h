/* What the files gather_*.c share: one mail's gathering.
 *
 * Each adds what it is in charge of to gathered and its facts; false means that
 * error is set, and that the store could not be asked. */
#pragma once

#include "clerk/gather.h"

typedef struct Gathering {
	const GatherPlace *place;
	const Arrival *arrival;
	const Mail *mail;
	Gathered *gathered;
	Facts *facts;
	GError **error;
} Gathering;

/* text, owned by the gathering from now on. */
const char *gather_keep(Gathering *gathering, char *text);

/* The candidate, loaded once; NULL without error: there is no such ticket. */
const Candidate *gather_load(Gathering *gathering, int64_t ticket,
                             GError **error);

/* ---- gather_address.c: whom the mail is for, and what reports say ---- */

void gather_recipients(Gathering *gathering);
void gather_queue(Gathering *gathering);
void gather_echo(Gathering *gathering);
void gather_reported(Gathering *gathering);

/* ---- gather_witness.c: what points at a ticket ---- */

bool gather_witnesses(Gathering *gathering);
/* To where a merged ticket lives on. */
bool gather_followed(Gathering *gathering, int64_t *ticket);
/* Messages that waited for this mail: it is their parent. */
bool gather_children(Gathering *gathering);

/* ---- gather_seen.c: did it come before? ---- */

bool gather_seen(Gathering *gathering);

/* ---- gather_order.c: what an agent's orders look at ---- */

bool gather_orders(Gathering *gathering);

/* ---- gather_sender.c: who wrote, how well it is proven, his budgets ---- */

bool gather_sender(Gathering *gathering);
bool gather_budgets(Gathering *gathering);

/* ---- gather_rules.c: what the rules say, once all else is known ---- */

bool gather_rules(Gathering *gathering);

/* ---- gather_article.c ---- */

/* What the knowledge base has to say to a person's first mail. */
bool gather_articles(Gathering *gathering);
