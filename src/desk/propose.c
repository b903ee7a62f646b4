#include "desk/propose.h"

#include <math.h>
#include <string.h>

#include "desk/terms.h"

/* a question's weight: what is said in the subject is what it is about */
#define SUBJECT_WEIGHT 2.0
#define TEXT_WEIGHT    1.0

/* how much a word counts by where the article has it: the author chose the
 * title's and the keywords with care, the text's are there by chance */
#define NAMED_TWICE_SHARE 1.0 /* in both title and keywords */
#define NAMED_SHARE       0.8 /* in one of them */
#define TEXT_SHARE        0.2

/* a word that no article has is often a name or a number: it counts a little
 * less against the candidate than a word that another article has */
#define UNKNOWN_SHARE 0.7

/* One rare word in common is little; so much of it (sum of rarities) is two
 * thirds of certainty. */
#define EVIDENCE_ENOUGH 3.0

/* Long questions tell stories: their share of matched words counts less than
 * in proportion. */
#define SHARE_EXPONENT 0.6

static void
question_term_clear(void *data)
{
	QuestionTerm *term = data;

	g_free(term->term);
}

static void
add_terms(Question *question, const char *text, double weight,
          GHashTable *places)
{
	g_autoptr(GPtrArray) terms = terms_of(text, question->language);
	g_autoptr(GHashTable) seen = g_hash_table_new(g_str_hash, g_str_equal);

	for (unsigned i = 0; i < terms->len; i++) {
		const char *word = terms->pdata[i];
		gpointer place;

		if (!g_hash_table_add(seen, (gpointer)(uintptr_t)word))
			continue;
		if (g_hash_table_lookup_extended(places, word, NULL, &place)) {
			g_array_index(question->terms, QuestionTerm,
			              GPOINTER_TO_UINT(place))
				.weight += weight;
			continue;
		}
		QuestionTerm term = { g_strdup(word), weight, 0 };
		g_hash_table_insert(places, g_strdup(word),
		                    GUINT_TO_POINTER(question->terms->len));
		g_array_append_val(question->terms, term);
	}
}

Question *
question_new(const char *subject, const char *text, const char *language,
             const char *fallback)
{
	Question *question = g_new0(Question, 1);
	g_autoptr(GHashTable) places =
		g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	g_autofree char *all = g_strconcat(subject == NULL ? "" : subject, "\n",
	                                   text == NULL ? "" : text, NULL);

	if (language == NULL)
		language = terms_language(all, fallback);
	question->language = g_strdup(language);
	question->terms = g_array_new(FALSE, FALSE, sizeof(QuestionTerm));
	g_array_set_clear_func(question->terms, question_term_clear);
	if (subject != NULL)
		add_terms(question, subject, SUBJECT_WEIGHT, places);
	if (text != NULL)
		add_terms(question, text, TEXT_WEIGHT, places);
	return question;
}

void
question_free(Question *question)
{
	if (question == NULL)
		return;
	g_free(question->language);
	g_array_unref(question->terms);
	g_free(question);
}

/* ---- weights ---- */

/* A young knowledge base cannot know which words are rare: its few articles
 * are taken for a part of that many. */
#define ARTICLES_MIN 100

/* BM25's own measure of how rare a word is. */
static double
rarity(const Question *question, const QuestionTerm *term)
{
	double all = (double)MAX(question->articles, ARTICLES_MIN);
	double with = (double)term->articles;

	return log(1 + (all - with + 0.5) / (with + 0.5));
}

static int
by_worth(gconstpointer a, gconstpointer b, gpointer data)
{
	const Question *question = data;
	const QuestionTerm *left = a;
	const QuestionTerm *right = b;
	double difference = rarity(question, right) * right->weight -
	                    rarity(question, left) * left->weight;

	return difference > 0 ? 1 : difference < 0 ? -1 : 0;
}

void
question_weigh(Question *question)
{
	g_array_sort_with_data(question->terms, by_worth, question);
	if (question->terms->len > QUESTION_TERMS_MAX)
		g_array_set_size(question->terms, QUESTION_TERMS_MAX);
}

/* ---- confidence ---- */

static GHashTable *
set_of(const char *terms)
{
	GHashTable *set =
		g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	g_auto(GStrv) words = g_strsplit(terms == NULL ? "" : terms, " ", -1);

	for (unsigned i = 0; words[i] != NULL; i++)
		if (*words[i] != '\0')
			g_hash_table_add(set, g_strdup(words[i]));
	return set;
}

typedef struct Words {
	GHashTable *title;
	GHashTable *keywords;
	GHashTable *text;
} Words;

static double
share_of(const Words *words, const char *term)
{
	bool is_keyword = g_hash_table_contains(words->keywords, term);
	bool is_in_title = g_hash_table_contains(words->title, term);

	if (is_keyword && is_in_title)
		return NAMED_TWICE_SHARE;
	if (is_keyword || is_in_title)
		return NAMED_SHARE;
	return g_hash_table_contains(words->text, term) ? TEXT_SHARE : 0;
}

/* Without one keyword in common there is no confidence at all. */
static double
weigh(const Question *question, const Words *words)
{
	double all = 0;
	double shared = 0;
	double evidence = 0;
	bool is_named = false;

	for (unsigned i = 0; i < question->terms->len; i++) {
		const QuestionTerm *term =
			&g_array_index(question->terms, QuestionTerm, i);
		double rare = rarity(question, term);
		double share = share_of(words, term->term);

		all += rare * term->weight *
		       (term->articles == 0 ? UNKNOWN_SHARE : 1);
		shared += rare * term->weight * share;
		evidence += rare * share;
		if (g_hash_table_contains(words->keywords, term->term))
			is_named = true;
	}
	if (!is_named || all <= 0)
		return 0;
	return pow(shared / all, SHARE_EXPONENT) *
	       (1 - exp(-evidence / EVIDENCE_ENOUGH));
}

static double
confidence_of(const Question *question, const Proposal *proposal)
{
	g_autoptr(GHashTable) title = set_of(proposal->title_terms);
	g_autoptr(GHashTable) keywords = set_of(proposal->keyword_terms);
	g_autoptr(GHashTable) text = set_of(proposal->text_terms);
	const Words words = { title, keywords, text };

	return weigh(question, &words);
}

static int
by_confidence(gconstpointer a, gconstpointer b)
{
	const Proposal *left = *(Proposal *const *)a;
	const Proposal *right = *(Proposal *const *)b;

	return left->confidence < right->confidence   ? 1
	       : left->confidence > right->confidence ? -1
	                                              : 0;
}

void
proposals_weigh(GPtrArray *proposals, const Question *question, unsigned max,
                double least)
{
	unsigned kept = 0;

	for (unsigned i = 0; i < proposals->len; i++) {
		Proposal *proposal = proposals->pdata[i];

		proposal->confidence = confidence_of(question, proposal);
	}
	g_ptr_array_sort(proposals, by_confidence);
	while (kept < proposals->len && kept < max &&
	       ((Proposal *)proposals->pdata[kept])->confidence >= least)
		kept++;
	g_ptr_array_set_size(proposals, (int)kept);
}

void
proposal_free(Proposal *proposal)
{
	if (proposal == NULL)
		return;
	g_free(proposal->title);
	g_free(proposal->language);
	g_free(proposal->title_terms);
	g_free(proposal->keyword_terms);
	g_free(proposal->text_terms);
	g_free(proposal);
}
