/* Orders that ask: what would happen, how things stand, what there is. */
#include <string.h>

#include "base/text.h"

#include "desk/order_kind.h"
#include "desk/when.h"

/* of each message that /show tells */
#define SHOWN_OCTETS_MAX    4096
#define SUBJECT_COLUMNS_MAX 60

char *
order_try(Reading *reading, const OrderKind *kind, const char *argument,
          char **out_fault)
{
	(void)kind;
	(void)argument;
	(void)out_fault;
	reading->orders->wants_try = true;
	return g_strdup(ORDER_SAY(reading, "nothing is done, only told",
	                          "no se hace nada, solo se cuenta"));
}

static const char *
or_dash(const char *text)
{
	return text == NULL || *text == '\0' ? "-" : text;
}

/* One ticket, one line. */
static void
append_line(GString *answer, const Ticket *ticket)
{
	g_autofree char *subject =
		text_shorten(or_dash(ticket->subject), SUBJECT_COLUMNS_MAX);

	g_string_append_printf(answer,
	                       "%6" G_GINT64_FORMAT "  %-8s %-6s %-10s %s\n",
	                       ticket->id, ticket_state_name(ticket->state),
	                       ticket->priority, or_dash(ticket->owner),
	                       subject);
}

static void
append_facts(Reading *reading, const Candidate *candidate)
{
	const OrderPlace *place = reading->place;
	const Ticket *ticket = candidate->ticket;
	GString *answer = reading->orders->answer;
	g_autofree char *created =
		when_text(ticket->created_at, place->desk->timezone);

	append_line(answer, ticket);
	g_string_append_printf(answer, "        %s, %s, %s, %s\n",
	                       ticket->queue, or_dash(ticket->team),
	                       or_dash(ticket->requester_address), created);
	for (unsigned i = 0;
	     candidate->ties != NULL && i < candidate->ties->len; i++) {
		const Tie *tie = &g_array_index(candidate->ties, Tie, i);

		g_string_append_printf(answer,
		                       "        %s %" G_GINT64_FORMAT " (%s)\n",
		                       tie->kind, tie->other,
		                       ticket_state_name(tie->state));
	}
}

char *
order_status(Reading *reading, const OrderKind *kind, const char *argument,
             char **out_fault)
{
	const Candidate *here =
		order_candidate(reading, reading->place->ticket->id);

	(void)kind;
	(void)argument;
	(void)out_fault;
	if (here != NULL)
		append_facts(reading, here);
	return g_strdup(ORDER_SAY(reading, "see below", "vea abajo"));
}

static void
append_message(Reading *reading, const Message *message)
{
	GString *answer = reading->orders->answer;
	g_autofree char *at =
		when_text(message->received_at, reading->place->desk->timezone);
	const char *words = message->reply != NULL && *message->reply != '\0'
	                            ? message->reply
	                            : message->text;
	g_autofree char *cut =
		g_strndup(words == NULL ? "" : words, SHOWN_OCTETS_MAX);
	g_autofree char *shown = g_utf8_make_valid(cut, -1);

	g_string_append_printf(answer,
	                       "\n-- %" G_GINT64_FORMAT ", %s, %s, %s\n%s\n",
	                       message->id, direction_name(message->direction),
	                       or_dash(message->from_address), at, shown);
}

/* An agent sees the tickets of his own teams and his own; others' at E4
 * (faults.md 4.2). */
static bool
may_see(const Reading *reading, const Ticket *ticket)
{
	const OrderPlace *place = reading->place;
	const Team *team = desk_team(place->desk, ticket->team);

	if (place->agent == NULL || reading->level >= EVIDENCE_E4 ||
	    (place->ticket != NULL && place->ticket->id == ticket->id) ||
	    g_strcmp0(ticket->owner, place->agent->id) == 0)
		return true;
	return team != NULL && g_strv_contains(team->members, place->agent->id);
}

char *
order_show(Reading *reading, const OrderKind *kind, const char *argument,
           char **out_fault)
{
	int64_t number = order_number(argument);
	const Candidate *candidate = order_candidate(reading, number);

	(void)kind;
	if (candidate == NULL || !may_see(reading, candidate->ticket)) {
		*out_fault = g_strdup_printf(
			ORDER_SAY(reading, "there is no ticket %s for you",
		                  "no hay caso %s para usted"),
			argument);
		return NULL;
	}
	append_facts(reading, candidate);
	for (unsigned i = 0;
	     candidate->history != NULL && i < candidate->history->len &&
	     reading->orders->answer->len < ORDERS_ANSWER_OCTETS_MAX;
	     i++)
		append_message(reading, candidate->history->pdata[i]);
	return g_strdup(ORDER_SAY(reading, "see below", "vea abajo"));
}

static const TicketList *
list_of(const Reading *reading, const char *query)
{
	const GPtrArray *lists = reading->place->lists;

	for (unsigned i = 0; lists != NULL && i < lists->len; i++) {
		const TicketList *list = lists->pdata[i];

		if (strcmp(list->query, query) == 0)
			return list;
	}
	return NULL;
}

static unsigned
append_list(Reading *reading, const TicketList *list)
{
	GString *answer = reading->orders->answer;
	unsigned count = 0;

	for (unsigned i = 0; i < list->tickets->len; i++) {
		const Ticket *ticket = list->tickets->pdata[i];

		if (!may_see(reading, ticket) ||
		    answer->len > ORDERS_ANSWER_OCTETS_MAX)
			continue;
		append_line(answer, ticket);
		count++;
	}
	if (list->is_cut)
		g_string_append(answer, "   ...\n");
	return count;
}

char *
order_list(Reading *reading, const OrderKind *kind, const char *argument,
           char **out_fault)
{
	const TicketList *list = list_of(reading, argument);

	(void)kind;
	if (list == NULL || list->fault != NULL) {
		*out_fault = g_strdup(list == NULL ? argument : list->fault);
		return NULL;
	}
	unsigned count = append_list(reading, list);
	return g_strdup_printf(ORDER_SAY(reading, "%u tickets, see below",
	                                 "%u casos, vea abajo"),
	                       count);
}

char *
order_help(Reading *reading, const OrderKind *kind, const char *argument,
           char **out_fault)
{
	g_autofree char *help = orders_help(reading->place->language);

	(void)kind;
	(void)argument;
	(void)out_fault;
	g_string_append(reading->orders->answer, help);
	return g_strdup(ORDER_SAY(reading, "see below", "vea abajo"));
}
