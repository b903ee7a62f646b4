/* What orders look at: other tickets, links, lists, the journal. */
#include <string.h>

#include "base/error.h"

#include "clerk/gather_part.h"
#include "clerk/query.h"

/* Lines that one /list is answered with. */
#define LISTED_MAX 100
/* Tickets that one mail's orders may name, and lists. */
#define NAMED_MAX  20

/* ---- one ticket ---- */

static bool
add_tie(Store *store, GArray *ties, const TicketLink *link, GError **error)
{
	g_autoptr(Ticket) other = store_ticket_get(store, link->ticket, error);

	if (other == NULL)
		return false;
	Tie tie = { g_strdup(link->kind), link->ticket, other->state };
	g_array_append_val(ties, tie);
	return true;
}

static bool
load_ties(Store *store, Candidate *candidate, GError **error)
{
	g_autoptr(GPtrArray) links =
		store_links(store, candidate->ticket->id, error);

	if (links == NULL)
		return false;
	candidate->ties = ties_new();
	for (unsigned i = 0; i < links->len; i++)
		if (!add_tie(store, candidate->ties, links->pdata[i], error))
			return false;
	return true;
}

bool
gather_for_orders(Store *store, Candidate *candidate, bool wants_journal,
                  GError **error)
{
	int64_t ticket = candidate->ticket->id;

	if (candidate->ties == NULL) {
		candidate->merged = g_array_new(FALSE, FALSE, sizeof(int64_t));
		candidate->history = store_messages(store, ticket, error);
		if (candidate->history == NULL ||
		    !store_merged(store, ticket, candidate->merged, error) ||
		    !load_ties(store, candidate, error))
			return false;
	}
	if (wants_journal && candidate->journal == NULL)
		candidate->journal = store_journal(store, ticket, NULL, error);
	return !wants_journal || candidate->journal != NULL;
}

/* ---- lists ---- */

static bool
fill_list(Store *store, TicketList *list, Query *query, int64_t limit,
          GError **error)
{
	query->query.limit = limit + 1;
	list->tickets = store_tickets(store, &query->query, error);
	if (list->tickets == NULL)
		return false;
	list->is_cut = (int64_t)list->tickets->len > limit;
	if (list->is_cut)
		g_ptr_array_set_size(list->tickets, (int)limit);
	return true;
}

TicketList *
gather_list(Store *store, const char *text, int64_t limit, GError **error)
{
	g_auto(GStrv) words = g_strsplit_set(text, " \t", -1);
	GError *trouble = NULL;
	g_autoptr(Query) query = query_read(words, &trouble);
	TicketList *list = g_new0(TicketList, 1);

	list->query = g_strdup(text);
	if (query == NULL) {
		list->fault = g_strdup(trouble->message);
		g_error_free(trouble);
		return list;
	}
	if (fill_list(store, list, query, limit, error))
		return list;
	ticket_list_free(list);
	return NULL;
}

/* ---- all that a text names ---- */

typedef struct Naming {
	Store *store;
	GPtrArray *candidates;
	GPtrArray *lists;
	unsigned count;
	bool wants_journal;
	bool has_failed;
	GError **error;
} Naming;

static bool
is_known(const Naming *naming, int64_t ticket)
{
	for (unsigned i = 0; i < naming->candidates->len; i++) {
		const Candidate *candidate = naming->candidates->pdata[i];

		if (candidate->ticket->id == ticket)
			return true;
	}
	return false;
}

/* A number that no ticket has is the order's fault, not an error. */
static void
name_ticket(Naming *naming, int64_t ticket)
{
	GError *trouble = NULL;

	if (ticket == 0 || is_known(naming, ticket))
		return;
	Candidate *candidate =
		gather_candidate(naming->store, ticket, &trouble);
	if (candidate != NULL) {
		g_ptr_array_add(naming->candidates, candidate);
	} else if (g_error_matches(trouble, POSTIGO_ERROR, ERROR_NOT_FOUND)) {
		g_error_free(trouble);
	} else {
		naming->has_failed = true;
		g_propagate_error(naming->error, trouble);
	}
}

static void
name_list(Naming *naming, const char *query)
{
	TicketList *list =
		gather_list(naming->store, query, LISTED_MAX, naming->error);

	if (list != NULL)
		g_ptr_array_add(naming->lists, list);
	else
		naming->has_failed = true;
}

static void
hear(OrderAsk ask, const char *argument, void *data)
{
	Naming *naming = data;

	if (naming->has_failed || naming->count++ >= NAMED_MAX)
		return;
	if (ask == ORDER_ASKS_TICKET)
		name_ticket(naming, order_number(argument));
	else if (ask == ORDER_ASKS_LIST)
		name_list(naming, argument);
	else if (ask == ORDER_ASKS_JOURNAL)
		naming->wants_journal = true;
}

bool
gather_named(Store *store, const char *text, GPtrArray *candidates,
             GPtrArray *lists, GError **error)
{
	Naming naming = { .store = store,
		          .candidates = candidates,
		          .lists = lists,
		          .error = error };

	orders_asked(text, hear, &naming);
	for (unsigned i = 0; !naming.has_failed && i < candidates->len; i++)
		naming.has_failed =
			!gather_for_orders(store, candidates->pdata[i],
		                           naming.wants_journal, error);
	return !naming.has_failed;
}

/* ---- by mail ---- */

/* "X-Postigo-Command: /close", one a field, before the words of the mail. */
static const char *
words_with_header(Gathering *g)
{
	g_autoptr(GString) words = g_string_new(NULL);
	const GArray *fields = g->mail->fields;
	unsigned count = 0;

	for (unsigned i = 0; i < fields->len && count < ORDERS_MAX; i++) {
		const MailField *field = &g_array_index(fields, MailField, i);

		if (g_ascii_strcasecmp(field->name, ORDER_FIELD) != 0)
			continue;
		g_string_append_printf(words, "%s%s\n",
		                       *field->value == '/' ? "" : "/",
		                       field->value);
		count++;
	}
	if (count == 0)
		return mail_own_words(g->mail);
	g_string_append(words, mail_own_words(g->mail));
	return gather_keep(g, g_strdup(words->str));
}

bool
gather_orders(Gathering *g)
{
	if (g->facts->agent == NULL || g->arrival->is_import)
		return true;
	g->facts->words = words_with_header(g);
	return gather_named(g->place->store, g->facts->words,
	                    g->gathered->candidates, g->gathered->lists,
	                    g->error);
}
