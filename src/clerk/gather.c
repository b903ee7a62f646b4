#include "clerk/gather.h"

#include "base/error.h"

#include "store/articles.h"
#include "store/clocks.h"

#include "clerk/gather_part.h"

/* ---- candidates ---- */

Candidate *
gather_candidate(Store *store, int64_t ticket, GError **error)
{
	g_autoptr(Candidate) candidate = g_new0(Candidate, 1);

	candidate->ticket = store_ticket_get(store, ticket, error);
	if (candidate->ticket == NULL ||
	    !store_clocks(store, ticket, candidate->clocks, error))
		return NULL;
	candidate->participants = store_participants(store, ticket, error);
	if (candidate->participants == NULL)
		return NULL;
	candidate->proposed =
		store_articles_used(store, ticket, "proposed", error);
	return candidate->proposed == NULL ? NULL : g_steal_pointer(&candidate);
}

const char *
gather_keep(Gathering *g, char *text)
{
	g_ptr_array_add(g->gathered->owned_texts, text);
	return text;
}

const Candidate *
gather_load(Gathering *g, int64_t ticket, GError **error)
{
	const Candidate *known = facts_candidate(g->facts, ticket);
	GError *trouble = NULL;

	if (known != NULL)
		return known;
	Candidate *candidate =
		gather_candidate(g->place->store, ticket, &trouble);
	if (candidate == NULL) {
		if (g_error_matches(trouble, POSTIGO_ERROR, ERROR_NOT_FOUND))
			g_clear_error(&trouble);
		else
			g_propagate_error(error, trouble);
		return NULL;
	}
	g_ptr_array_add(g->gathered->candidates, candidate);
	return candidate;
}

/* ---- all of it ---- */

static Gathered *
gathered_new(const GatherPlace *place, const Arrival *arrival, const Mail *mail)
{
	Gathered *gathered = g_new0(Gathered, 1);

	gathered->owned_texts = g_ptr_array_new_with_free_func(g_free);
	gathered->why = g_ptr_array_new_with_free_func(g_free);
	gathered->witnesses = g_array_new(FALSE, TRUE, sizeof(Witness));
	gathered->candidates =
		g_ptr_array_new_with_free_func((GDestroyNotify)candidate_free);
	gathered->lists = g_ptr_array_new_with_free_func(
		(GDestroyNotify)ticket_list_free);
	gathered->children = g_array_new(FALSE, TRUE, sizeof(WaitingChild));
	gathered->recipients = g_ptr_array_new_with_free_func(g_free);
	gathered->facts = (Facts){
		.now = place->now,
		.desk = place->desk,
		.mail = mail,
		.envelope_sender = arrival->sender,
		.is_import = arrival->is_import,
		.proven_why = gathered->why,
		.witnesses = gathered->witnesses,
		.candidates = gathered->candidates,
		.children = gathered->children,
		.lists = gathered->lists,
		.hops = mail_field_count(mail, "Received"),
	};
	return gathered;
}

Gathered *
gather_on_mail(const GatherPlace *place, const Arrival *arrival,
               const Mail *mail, GError **error)
{
	g_autoptr(Gathered) gathered = gathered_new(place, arrival, mail);
	Gathering g = {
		place, arrival, mail, gathered, &gathered->facts, error
	};

	gather_recipients(&g);
	gather_queue(&g);
	gather_echo(&g);
	gather_reported(&g);
	if (!store_hand_times(place->store, mail->sha256,
	                      &gathered->facts.times_in_hand, error) ||
	    !gather_sender(&g) || !gather_seen(&g) || !gather_witnesses(&g) ||
	    !gather_children(&g) || !gather_budgets(&g) || !gather_orders(&g) ||
	    !gather_articles(&g) ||
	    !store_ticket_next(place->store, &gathered->facts.next_ticket,
	                       error) ||
	    !gather_rules(&g))
		return NULL;
	if (gathered->reported != NULL &&
	    gather_load(&g, gathered->reported->ticket, error) == NULL &&
	    error != NULL && *error != NULL)
		return NULL;
	return g_steal_pointer(&gathered);
}

bool
gathered_add_candidate(Gathered *gathered, Store *store, int64_t ticket,
                       GError **error)
{
	if (facts_candidate(&gathered->facts, ticket) != NULL)
		return true;
	Candidate *candidate = gather_candidate(store, ticket, error);
	if (candidate == NULL)
		return false;
	g_ptr_array_add(gathered->candidates, candidate);
	return true;
}

void
gathered_free(Gathered *gathered)
{
	if (gathered == NULL)
		return;
	g_ptr_array_unref(gathered->owned_texts);
	g_ptr_array_unref(gathered->why);
	g_array_unref(gathered->witnesses);
	g_ptr_array_unref(gathered->candidates);
	g_array_unref(gathered->children);
	g_ptr_array_unref(gathered->lists);
	g_ptr_array_unref(gathered->recipients);
	delivery_free(gathered->other);
	person_free(gathered->sender);
	outbox_row_free(gathered->reported);
	g_clear_pointer(&gathered->proposals, g_ptr_array_unref);
	ruling_free(gathered->ruling);
	g_free(gathered);
}
