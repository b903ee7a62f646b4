#include "desk/subject.h"

#include "clerk/gather_part.h"
#include "clerk/knowledge.h"

/* What a person asks, he asks at the beginning. */
#define QUESTION_OCTETS_MAX 4096

/* Only a new ticket of somebody whose address is proven is told of articles:
 * an acknowledgement to others has fixed words (L-12). */
static bool
is_a_question(const Gathering *g)
{
	return g->mail->class == MAIL_PERSON && !g->facts->is_import &&
	       g->facts->agent == NULL && g->facts->proven >= EVIDENCE_E1 &&
	       g->gathered->candidates->len == 0;
}

bool
gather_articles(Gathering *g)
{
	const Desk *desk = g->place->desk;
	const char *words =
		g->mail->reply != NULL ? g->mail->reply : g->mail->text;
	bool has;

	if (!is_a_question(g))
		return true;
	if (!store_has_proposable(g->place->store, &has, g->error))
		return false;
	if (!has)
		return true;
	g_autofree char *subject =
		subject_bare(g->mail->subject, desk->subject_tags);
	g_autofree char *cut =
		g_strndup(words == NULL ? "" : words, QUESTION_OCTETS_MAX);
	g_autofree char *valid = g_utf8_make_valid(cut, -1);
	g->gathered->proposals =
		knowledge_ask(g->place->store, subject, valid, NULL,
	                      desk->language, false, PROPOSALS_MAX,
	                      PROPOSAL_CONFIDENCE, g->error);
	g->facts->proposals = g->gathered->proposals;
	return g->gathered->proposals != NULL;
}
