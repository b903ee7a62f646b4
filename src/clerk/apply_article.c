#include "base/error.h"

#include "store/articles.h"

#include "clerk/apply_part.h"

static void
fill_words(const Applying *a, Article *article)
{
	g_free(article->kind);
	g_free(article->visibility);
	article->kind = g_strdup(apply_value(a, "kind"));
	article->visibility = g_strdup(apply_value(a, "visibility"));
	article->title = g_strdup(apply_value(a, "title"));
	article->language = g_strdup(apply_value(a, "language"));
	article->category = g_strdup(apply_value(a, "category"));
	article->keywords = g_strdup(apply_value(a, "keywords"));
	article->text = g_strdup(apply_value(a, "text"));
}

bool
apply_article(Applying *a)
{
	g_autoptr(Article) article = article_new();

	article->id = apply_number(a, "article");
	article->version = (int)apply_number(a, "version");
	article->source = apply_number(a, "source");
	article->original = apply_number(a, "original");
	article->created_at = article->updated_at = a->place->now;
	article_state_from_name(apply_value(a, "state"), &article->state);
	fill_words(a, article);
	return store_article_put(a->place->store, article, a->event->actor,
	                         a->error);
}

bool
apply_use(Applying *a)
{
	return store_article_use(a->place->store, apply_number(a, "article"),
	                         apply_number(a, "ticket"),
	                         apply_value(a, "kind"), a->place->now,
	                         a->error);
}

bool
apply_vote(Applying *a)
{
	int64_t person = apply_person_id(a->place, apply_value(a, "address"),
	                                 NULL, a->error);

	return person != 0 &&
	       store_article_vote(a->place->store, apply_number(a, "article"),
	                          person, (int)apply_number(a, "vote"),
	                          a->place->now, a->error);
}
