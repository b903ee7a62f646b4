/* Somebody wrote an article, or moved it on. */
#include "base/error.h"

#include "desk/decide.h"

/* from, to: what is retired comes back as a draft */
static const bool moves[][ARTICLE_RETIRED + 1] = {
	[ARTICLE_DRAFT] = { true, true, true, true },
	[ARTICLE_REVIEW] = { true, true, true, true },
	[ARTICLE_PUBLISHED] = { true, true, true, true },
	[ARTICLE_RETIRED] = { true, false, false, true },
};

static void
add_article(Plan *plan, const Article *before, const Article *after,
            const char *why)
{
	bool is_new_version =
		before == NULL || !article_words_equal(before, after);
	int version = before == NULL ? 1 : before->version + is_new_version;

	plan_add(plan, ACTION_ARTICLE, "article", plan_number(plan, after->id),
	         "version", plan_number(plan, version), "state",
	         article_state_name(after->state), "kind", after->kind,
	         "visibility", after->visibility, "language", after->language,
	         "category", after->category, "keywords", after->keywords,
	         "source",
	         after->source == 0 ? NULL : plan_number(plan, after->source),
	         "original",
	         after->original == 0 ? NULL
	                              : plan_number(plan, after->original),
	         "title", after->title, "text", after->text, "why", why, NULL);
}

static bool
is_unchanged(const Article *before, const Article *after)
{
	return before->state == after->state &&
	       before->source == after->source &&
	       before->original == after->original &&
	       article_words_equal(before, after);
}

Plan *
decide_on_article(const Article *before, const Article *after, const char *why,
                  GError **error)
{
	if (before != NULL && !moves[before->state][after->state]) {
		error_set(error, ERROR_REFUSED,
		          "article %" G_GINT64_FORMAT
		          " is %s: make it a draft first",
		          after->id, article_state_name(before->state));
		return NULL;
	}
	Plan *plan = plan_new();
	if (before == NULL || !is_unchanged(before, after))
		add_article(plan, before, after, why);
	if (before == NULL && after->source != 0)
		plan_add(plan, ACTION_USE, "ticket",
		         plan_number(plan, after->source), "article",
		         plan_number(plan, after->id), "kind", "source", "why",
		         "it was made of this ticket", NULL);
	return plan;
}
