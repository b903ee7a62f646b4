/* The knowledge base: articles in, proposals out, each change a transaction
 * with its journal line. */
#pragma once

#include "desk/article.h"
#include "desk/desk.h"
#include "desk/propose.h"

#include "store/articles.h"

/* Keeps article: a new one if its id is 0 or unknown (it is filled in), else
 * the next version of that one; is_new says which.  A language that is not
 * given is the desk's.  A translation must be of an article in another
 * language.  ERROR_REFUSED, ERROR_NOT_FOUND. */
bool knowledge_put(const Desk *desk, Store *store, Article *article,
                   const char *actor, bool *out_is_new, GError **error);

/* Moves an article to another state. */
bool knowledge_move(const Desk *desk, Store *store, int64_t id,
                    ArticleState state, const char *actor, GError **error);

/* The articles that answer a question, best first (of Proposal): at most max,
 * none below least.  all: drafts and those for agents too.  In language, or
 * the question's own where it is NULL, or fallback where it does not tell. */
GPtrArray *knowledge_ask(Store *store, const char *subject, const char *text,
                         const char *language, const char *fallback, bool all,
                         unsigned max, double least, GError **error);
