/* Orders about whole tickets: merge, split, link, throw away. */
#include <string.h>

#include "desk/order_kind.h"

static char *
no_such_ticket(Reading *reading, const char *argument)
{
	return g_strdup_printf(ORDER_SAY(reading, "there is no other ticket %s",
	                                 "no hay otro caso %s"),
	                       argument);
}

/* The other ticket that an argument names; NULL and the fault. */
static const Candidate *
other_ticket(Reading *reading, const char *argument, char **out_fault)
{
	int64_t number = order_number(argument);
	const Candidate *other = order_candidate(reading, number);

	if (other == NULL || other->ticket->id == reading->place->ticket->id) {
		*out_fault = no_such_ticket(reading, argument);
		return NULL;
	}
	return other;
}

char *
order_merge(Reading *reading, const OrderKind *kind, const char *argument,
            char **out_fault)
{
	const Candidate *other = other_ticket(reading, argument, out_fault);
	Plan *plan = reading->after;

	(void)kind;
	if (other == NULL)
		return NULL;
	if (other->ticket->state == STATE_MERGED ||
	    reading->place->ticket->state == STATE_MERGED) {
		*out_fault = g_strdup(
			ORDER_SAY(reading, "one of the two was merged already",
		                  "uno de los dos ya se fusionó"));
		return NULL;
	}
	plan_add(plan, ACTION_MERGE, "ticket", order_ticket(reading, plan),
	         "into", plan_number(plan, other->ticket->id), "why",
	         "by order", NULL);
	return g_strdup_printf(
		ORDER_SAY(reading, "merged into ticket %" G_GINT64_FORMAT,
	                  "fusionado con el caso %" G_GINT64_FORMAT),
		other->ticket->id);
}

/* the merge that is taken back: the one named, or the last */
static int64_t
merged_ticket(const Candidate *here, int64_t number)
{
	const GArray *merged = here == NULL ? NULL : here->merged;

	for (unsigned i = 0; merged != NULL && i < merged->len; i++) {
		int64_t ticket =
			g_array_index(merged, int64_t, merged->len - 1 - i);

		if (number == 0 || ticket == number)
			return ticket;
	}
	return 0;
}

char *
order_unmerge(Reading *reading, const OrderKind *kind, const char *argument,
              char **out_fault)
{
	const Candidate *here =
		order_candidate(reading, reading->place->ticket->id);
	int64_t ticket = merged_ticket(here, order_number(argument));
	Plan *plan = reading->after;

	(void)kind;
	if (ticket == 0) {
		*out_fault = g_strdup(
			ORDER_SAY(reading,
		                  "nothing was merged into this ticket",
		                  "nada se fusionó con este caso"));
		return NULL;
	}
	plan_add(plan, ACTION_UNMERGE, "ticket", plan_number(plan, ticket),
	         "from", order_ticket(reading, plan), "why", "by order", NULL);
	return g_strdup_printf(
		ORDER_SAY(reading, "ticket %" G_GINT64_FORMAT " is on its own",
	                  "el caso %" G_GINT64_FORMAT " vuelve a estar solo"),
		ticket);
}

/* The message that goes: the one named, the one answered, the last that came
 * from outside.  The first of a ticket stays. */
static const Message *
message_to_split(const Reading *reading, const Candidate *here, int64_t number)
{
	const Message *last = NULL;
	int64_t wanted = number != 0 ? number : reading->place->answered;

	for (unsigned i = 1; here->history != NULL && i < here->history->len;
	     i++) {
		const Message *message = here->history->pdata[i];

		if (message->id == wanted)
			return message;
		if (message->direction == DIRECTION_IN)
			last = message;
	}
	return number == 0 ? last : NULL;
}

static void
open_for(Reading *reading, const Message *message, const char *number)
{
	const Ticket *ticket = reading->place->ticket;
	Plan *plan = reading->after;
	const char *subject =
		message->subject != NULL ? message->subject : ticket->subject;

	plan_add(plan, ACTION_OPEN, "ticket", number, "queue", ticket->queue,
	         "type", ticket->type, "priority", ticket->priority, "team",
	         ticket->team, "level", plan_number(plan, ticket->level),
	         "language", ticket->language, "requester",
	         message->from_address, "subject", subject, "why",
	         "split by order", NULL);
	if (message->from_address != NULL)
		plan_add(plan, ACTION_WATCH, "ticket", number, "address",
		         message->from_address, "kind", "requester", NULL);
	plan_add(plan, ACTION_SPLIT, "ticket", number, "message",
	         plan_number(plan, message->id), "from",
	         order_ticket(reading, plan), NULL);
	plan_add(plan, ACTION_LINK, "ticket", number, "kind", "related",
	         "other", order_ticket(reading, plan), NULL);
	plan_add(plan, ACTION_LINK, "ticket", order_ticket(reading, plan),
	         "kind", "related", "other", number, NULL);
}

char *
order_split(Reading *reading, const OrderKind *kind, const char *argument,
            char **out_fault)
{
	const OrderPlace *place = reading->place;
	const Candidate *here = order_candidate(reading, place->ticket->id);
	const Message *message =
		here == NULL ? NULL
			     : message_to_split(reading, here,
	                                        order_number(argument));

	(void)kind;
	if (message == NULL || place->next_ticket == 0 || reading->has_split) {
		*out_fault = g_strdup(ORDER_SAY(
			reading,
			"one message a mail, and not the first of the ticket",
			"un mensaje por correo, y no el primero del caso"));
		return NULL;
	}
	reading->has_split = true;
	open_for(reading, message,
	         plan_number(reading->after, place->next_ticket));
	return g_strdup_printf(ORDER_SAY(reading,
	                                 "message %" G_GINT64_FORMAT
	                                 " is ticket %" G_GINT64_FORMAT,
	                                 "el mensaje %" G_GINT64_FORMAT
	                                 " es el caso %" G_GINT64_FORMAT),
	                       message->id, place->next_ticket);
}

/* Each kind of link, and what it is from the other side. */
static const struct {
	const char *kind;
	const char *back;
} link_kinds[] = {
	{ "duplicate", "duplicate" }, { "parent", "child" },
	{ "child", "parent" },        { "depends", NULL },
	{ "caused-by", NULL },        { "related", "related" },
};

static int
link_kind(const char *word)
{
	for (unsigned i = 0; i < G_N_ELEMENTS(link_kinds); i++)
		if (g_ascii_strcasecmp(link_kinds[i].kind, word) == 0)
			return (int)i;
	return -1;
}

static bool
is_tied(const Candidate *from, const char *kind, int64_t to)
{
	for (unsigned i = 0; from->ties != NULL && i < from->ties->len; i++) {
		const Tie *tie = &g_array_index(from->ties, Tie, i);

		if (tie->other == to && strcmp(tie->kind, kind) == 0)
			return true;
	}
	return false;
}

static void
add_link(Reading *reading, int64_t ticket, const char *kind, int64_t other)
{
	Plan *plan = reading->before;

	if (kind != NULL)
		plan_add(plan, ACTION_LINK, "ticket", plan_number(plan, ticket),
		         "kind", kind, "other", plan_number(plan, other), "why",
		         "by order", NULL);
}

char *
order_link(Reading *reading, const OrderKind *kind, const char *argument,
           char **out_fault)
{
	size_t length = strcspn(argument, " \t");
	g_autofree char *word = g_strndup(argument, length);
	int row = link_kind(word);

	(void)kind;
	if (row < 0) {
		*out_fault = g_strdup_printf(
			"%s: duplicate, parent, child, depends, caused-by, "
			"related",
			ORDER_SAY(reading, "a link is one of",
		                  "un enlace es uno de"));
		return NULL;
	}
	const Candidate *other =
		other_ticket(reading, argument + length, out_fault);
	int64_t here = reading->place->ticket->id;
	if (other == NULL)
		return NULL;
	if (is_tied(other, link_kinds[row].kind, here) &&
	    link_kinds[row].back != link_kinds[row].kind) {
		*out_fault = g_strdup(
			ORDER_SAY(reading,
		                  "the other ticket has that link to this one",
		                  "el otro caso ya tiene ese enlace con este"));
		return NULL;
	}
	add_link(reading, here, link_kinds[row].kind, other->ticket->id);
	add_link(reading, other->ticket->id, link_kinds[row].back, here);
	return g_strdup_printf("%s: %" G_GINT64_FORMAT, link_kinds[row].kind,
	                       other->ticket->id);
}

char *
order_spam(Reading *reading, const OrderKind *kind, const char *argument,
           char **out_fault)
{
	Plan *plan = reading->before;

	(void)argument;
	reading->orders->is_silent = true;
	plan_add(plan, ACTION_TAG, "ticket", order_ticket(reading, plan), "tag",
	         "spam", NULL);
	return order_state(reading, kind, "", out_fault);
}
