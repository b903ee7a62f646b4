#include "clerk/gather_part.h"

#define HOUR INT64_C(3600)
#define DAY  INT64_C(86400)

bool
gather_sender(Gathering *g)
{
	GError *trouble = NULL;
	/* two authors are nobody's proof and nobody's part (P-03, A-10) */
	const char *from =
		g->mail->from->len == 1 ? mail_from_address(g->mail) : NULL;

	g->facts->from = from;
	g->facts->agent = desk_agent_for_address(g->place->desk, from);
	g->facts->proven =
		g->arrival->is_untrusted
			? EVIDENCE_E0
			: evidence_from_results(g->mail, &g->place->desk->trust,
	                                        g->gathered->why);
	if (from == NULL)
		return true;
	g->gathered->sender =
		store_person_by_address(g->place->store, from, &trouble);
	g->facts->sender = g->gathered->sender;
	if (trouble == NULL)
		return true;
	g_propagate_error(g->error, trouble);
	return false;
}

static bool
was_warned_today(Gathering *g)
{
	if (g->facts->agent == NULL)
		return false;
	g_autofree char *name =
		g_strdup_printf("agent-warned:%s", g->facts->agent->id);
	g_autofree char *at = store_note_get(g->place->store, name, NULL);
	return at != NULL &&
	       g->place->now - g_ascii_strtoll(at, NULL, 10) < DAY;
}

/* Whoever may get the acknowledgement is counted, so that Reply-To cannot
 * spread them (L-12). */
static bool
count_acknowledgements(Gathering *g, const MailAddress *receiver)
{
	Budgets *budgets = &g->facts->budgets;
	int64_t sent;

	if (receiver == NULL)
		return true;
	OutboxCount lately = { .purpose = "acknowledgement",
		               .to = receiver->address,
		               .since = g->place->now - DAY };
	if (!store_count_outbox(g->place->store, &lately, &sent, g->error))
		return false;
	budgets->acknowledgements_to_sender_day =
		MAX(budgets->acknowledgements_to_sender_day, sent);
	return true;
}

bool
gather_budgets(Gathering *g)
{
	Budgets *budgets = &g->facts->budgets;
	int64_t an_hour_ago = g->place->now - HOUR;
	const char *from = mail_from_address(g->mail);
	OutboxCount unproven = { .purpose = "acknowledgement",
		                 .template = "ack-unproven",
		                 .since = an_hour_ago };

	budgets->was_agent_warned_today = was_warned_today(g);
	if (from == NULL || g->arrival->is_import)
		return true;
	if (!store_count_words(g->place->store, from, mail_own_words(g->mail),
	                       g->place->now - DAY, &budgets->same_words_day,
	                       g->error))
		return false;
	return count_acknowledgements(g, mail_address(g->mail->from, 0)) &&
	       count_acknowledgements(g, mail_address(g->mail->reply_to, 0)) &&
	       store_count_outbox(g->place->store, &unproven,
	                          &budgets->unproven_acknowledgements_hour,
	                          g->error) &&
	       store_count_tickets(g->place->store, from, an_hour_ago,
	                           &budgets->tickets_by_sender_hour, g->error);
}
