/* The rows of the knowledge base.
 *
 * As store.h, of which this is a part in a file of its own: same rules of
 * errors, ownership and transactions. */
#pragma once

#include "desk/article.h"
#include "desk/propose.h"

#include "store/store.h"

/* The number that the next article will have. */
bool store_article_next(Store *store, int64_t *out_id, GError **error);

/* Are there articles that may be proposed to requesters? */
bool store_has_proposable(Store *store, bool *out_has, GError **error);

/* Writes article with its id as its newest version, indexes its words, and
 * keeps the version; a new id is a new article. */
bool store_article_put(Store *store, const Article *article, const char *actor,
                       GError **error);

/* ERROR_NOT_FOUND. */
Article *store_article_get(Store *store, int64_t id, GError **error);

/* Title and text as an older version had them. */
typedef struct ArticleVersion {
	int version;
	int64_t at;
	char *actor;
	char *title;
	char *text;
} ArticleVersion;

void article_version_free(ArticleVersion *version);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(ArticleVersion, article_version_free)

/* Of ArticleVersion, oldest first. */
GPtrArray *store_article_versions(Store *store, int64_t id, GError **error);

/* NULL and 0 members do not restrict. */
typedef struct ArticleQuery {
	const char *state;
	const char *language;
	const char *category;
	const char *kind;
	int64_t original; /* the translations of that article */
} ArticleQuery;

/* Of Article, by id. */
GPtrArray *store_articles(Store *store, const ArticleQuery *query,
                          GError **error);

/* Fills in the question's counts. */
bool store_question_count(Store *store, Question *question, GError **error);

/* Articles of the question's language that share words with it, best of full
 * text first; only published ones for everybody unless all is wanted.  Of
 * Proposal, without confidence. */
GPtrArray *store_article_candidates(Store *store, const Question *question,
                                    bool all, GError **error);

/* kind: "proposed", "solved", "sent", "source"; twice is once. */
bool store_article_use(Store *store, int64_t article, int64_t ticket,
                       const char *kind, int64_t at, GError **error);
/* Ids (int64_t) of the articles with that use on the ticket, by id. */
GArray *store_articles_used(Store *store, int64_t ticket, const char *kind,
                            GError **error);
bool store_article_vote(Store *store, int64_t article, int64_t person, int vote,
                        int64_t at, GError **error);
