/* Which articles answer a question, and how sure that is.
 *
 * A full text search finds candidates and puts them in an order; it does not
 * say whether the first one is any good, and a wrong proposal in an
 * acknowledgement costs more trust than a right one earns.  So each candidate
 * gets a confidence between 0 and 1 from what the question and the article
 * share: rare words weigh more than common ones (inverse document frequency),
 * words of title and keywords more than those of the text, and words of the
 * question that no article has speak against all of them. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include <glib.h>

/* An acknowledgement proposes so many, and none below that confidence: the
 * figures are measured by tests/kb. */
#define PROPOSALS_MAX       2
#define PROPOSAL_CONFIDENCE 0.32

/* Terms of a question that are looked at, rarest first. */
#define QUESTION_TERMS_MAX 24

typedef struct QuestionTerm {
	char *term;
	double weight;    /* 2 in the subject, 1 in the text, 3 in both */
	int64_t articles; /* how many have it */
} QuestionTerm;

typedef struct Question {
	char *language;
	GArray *terms;    /* of QuestionTerm */
	int64_t articles; /* how many there are */
} Question;

/* language NULL: by its words, else fallback.  subject and text may be NULL.
 * The counts of articles are the caller's to fill in. */
Question *question_new(const char *subject, const char *text,
                       const char *language, const char *fallback);
void question_free(Question *question);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Question, question_free)

/* To be called when the counts are there: drops all but the
 * QUESTION_TERMS_MAX rarest. */
void question_weigh(Question *question);

typedef struct Proposal {
	int64_t article;
	char *title;
	char *language;
	char *title_terms; /* as terms_text() gave them; so the next two */
	char *keyword_terms;
	char *text_terms;
	double confidence;
} Proposal;

void proposal_free(Proposal *proposal);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Proposal, proposal_free)

/* Fills in the confidence of each (of Proposal), sorts them by it, and drops
 * all but the first max and those below least. */
void proposals_weigh(GPtrArray *proposals, const Question *question,
                     unsigned max, double least);
