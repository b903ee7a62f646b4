#include "clerk/knowledge.h"

#include "base/clock.h"
#include "base/error.h"

#include "desk/decide.h"

#include "clerk/apply.h"

static bool
check_original(Store *store, const Article *article, GError **error)
{
	if (article->original == 0)
		return true;
	g_autoptr(Article) original =
		store_article_get(store, article->original, error);
	if (original == NULL)
		return false;
	if (original->id == article->id || original->original != 0)
		return error_set(error, ERROR_REFUSED,
		                 "article %" G_GINT64_FORMAT
		                 " is no original that could be translated",
		                 article->original);
	if (g_strcmp0(original->language, article->language) == 0)
		return error_set(error, ERROR_REFUSED,
		                 "a translation is in another language than "
		                 "article %" G_GINT64_FORMAT ", which is in %s",
		                 original->id, original->language);
	return true;
}

static Article *
find_before(Store *store, int64_t id, GError **error)
{
	GError *trouble = NULL;
	Article *before =
		id == 0 ? NULL : store_article_get(store, id, &trouble);

	if (trouble == NULL)
		return before;
	if (g_error_matches(trouble, POSTIGO_ERROR, ERROR_NOT_FOUND))
		g_error_free(trouble);
	else
		g_propagate_error(error, trouble);
	return NULL;
}

static bool
put(const Desk *desk, Store *store, const Article *before,
    const Article *article, const char *actor, GError **error)
{
	ApplyPlace place = { desk, NULL, store, clock_now() };
	ApplyEvent event = { .actor = actor, .event = "order" };
	g_autoptr(Plan) plan = decide_on_article(before, article, NULL, error);

	return plan != NULL && apply_plan(&place, plan, &event, error);
}

static bool
put_in_transaction(const Desk *desk, Store *store, Article *article,
                   const char *actor, bool *out_is_new, GError **error)
{
	GError *trouble = NULL;
	g_autoptr(Article) before = find_before(store, article->id, &trouble);

	if (trouble != NULL) {
		g_propagate_error(error, trouble);
		return false;
	}
	if (article->language == NULL)
		article->language = g_strdup(desk->language);
	if (before != NULL && !article->is_state_given)
		article->state = before->state;
	*out_is_new = before == NULL;
	if (article->id == 0 && !store_article_next(store, &article->id, error))
		return false;
	return check_original(store, article, error) &&
	       put(desk, store, before, article, actor, error);
}

bool
knowledge_put(const Desk *desk, Store *store, Article *article,
              const char *actor, bool *out_is_new, GError **error)
{
	if (!store_begin(store, error))
		return false;
	if (!put_in_transaction(desk, store, article, actor, out_is_new,
	                        error)) {
		store_rollback(store);
		return false;
	}
	return store_commit(store, error);
}

bool
knowledge_move(const Desk *desk, Store *store, int64_t id, ArticleState state,
               const char *actor, GError **error)
{
	g_autoptr(Article) article = store_article_get(store, id, error);
	bool ignored;

	if (article == NULL)
		return false;
	article->state = state;
	article->is_state_given = true;
	return knowledge_put(desk, store, article, actor, &ignored, error);
}

/* ---- questions ---- */

static GPtrArray *
ask(Store *store, Question *question, bool all, GError **error)
{
	if (!store_question_count(store, question, error))
		return NULL;
	if (question->articles == 0)
		return g_ptr_array_new_with_free_func(
			(GDestroyNotify)proposal_free);
	return store_article_candidates(store, question, all, error);
}

GPtrArray *
knowledge_ask(Store *store, const char *subject, const char *text,
              const char *language, const char *fallback, bool all,
              unsigned max, double least, GError **error)
{
	g_autoptr(Question) question =
		question_new(subject, text, language, fallback);
	g_autoptr(GPtrArray) found = ask(store, question, all, error);

	if (found == NULL)
		return NULL;
	proposals_weigh(found, question, max, least);
	return g_steal_pointer(&found);
}
