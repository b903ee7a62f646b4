#include "store/articles.h"

#include "base/error.h"

#include "desk/terms.h"

#include "store/rows.h"

/* candidates that are weighed */
#define CANDIDATES_MAX 12

/* Rows of the index that one question may touch: the rarest words come first,
 * and a word that half of the articles have finds nothing. */
#define MATCHES_MAX 4000

#define ARTICLE_COLUMNS                                                        \
	"SELECT a.id, a.version, a.title, a.language, a.category, a.keywords," \
	" a.kind, a.state, a.visibility, a.text, a.source, a.original,"        \
	" a.created_at, a.updated_at,"                                         \
	" (SELECT count(*) FROM article_use u WHERE u.article = a.id"          \
	"  AND u.kind = 'proposed'),"                                          \
	" (SELECT count(*) FROM article_use u WHERE u.article = a.id"          \
	"  AND u.kind = 'solved'),"                                            \
	" (SELECT count(*) FROM article_vote v WHERE v.article = a.id"         \
	"  AND v.vote > 0),"                                                   \
	" (SELECT count(*) FROM article_vote v WHERE v.article = a.id"         \
	"  AND v.vote < 0)"                                                    \
	" FROM article a "

static Article *
read_article(DbStatement *row)
{
	Article *article = g_new0(Article, 1);

	article->id = db_int(row, 0);
	article->version = (int)db_int(row, 1);
	article->title = db_dup(row, 2);
	article->language = db_dup(row, 3);
	article->category = db_dup(row, 4);
	article->keywords = db_dup(row, 5);
	article->kind = db_dup(row, 6);
	article_state_from_name(db_text(row, 7), &article->state);
	article->visibility = db_dup(row, 8);
	article->text = db_dup(row, 9);
	article->source = db_int(row, 10);
	article->original = db_int(row, 11);
	article->created_at = db_int(row, 12);
	article->updated_at = db_int(row, 13);
	article->proposed = (int)db_int(row, 14);
	article->solved = (int)db_int(row, 15);
	article->votes_up = (int)db_int(row, 16);
	article->votes_down = (int)db_int(row, 17);
	return article;
}

bool
store_article_next(Store *store, int64_t *out_id, GError **error)
{
	return rows_sequence_peek(store, "article", out_id, error);
}

#define PROPOSABLE                                               \
	"a.state = 'published' AND a.visibility = 'public' AND " \
	"a.kind <> 'procedure'"

bool
store_has_proposable(Store *store, bool *out_has, GError **error)
{
	int64_t has = 0;

	if (!db_number(store->db, &has, error,
	               "SELECT EXISTS (SELECT 1 FROM article a"
	               " WHERE " PROPOSABLE ")",
	               ""))
		return false;
	*out_has = has != 0;
	return true;
}

static bool
put_row(Store *store, const Article *article, GError **error)
{
	return db_run(store->db, error,
	              "INSERT INTO article (id, version, title, language,"
	              " category, keywords, kind, state, visibility, text,"
	              " source, original, created_at, updated_at)"
	              " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10,"
	              " NULLIF($11, 0), NULLIF($12, 0), $13, $14)"
	              " ON CONFLICT (id) DO UPDATE SET version = $2,"
	              " title = $3, language = $4, category = $5,"
	              " keywords = $6, kind = $7, state = $8, visibility = $9,"
	              " text = $10, source = NULLIF($11, 0),"
	              " original = NULLIF($12, 0), updated_at = $14",
	              "iittttttttiiii", article->id, (int64_t)article->version,
	              article->title, article->language, article->category,
	              article->keywords, article->kind,
	              article_state_name(article->state), article->visibility,
	              article->text, article->source, article->original,
	              article->created_at, article->updated_at);
}

static bool
put_words(Store *store, const Article *article, GError **error)
{
	g_autofree char *title = terms_text(article->title, article->language);
	g_autofree char *keywords =
		terms_text(article->keywords == NULL ? "" : article->keywords,
	                   article->language);
	g_autofree char *text = terms_text(article->text, article->language);

	return db_run(store->db, error,
	              "DELETE FROM article_search WHERE rowid = $1", "i",
	              article->id) &&
	       db_run(store->db, error,
	              "INSERT INTO article_search (rowid, title, keywords,"
	              " text) VALUES ($1, $2, $3, $4)",
	              "ittt", article->id, title, keywords, text);
}

static bool
put_version(Store *store, const Article *article, const char *actor,
            GError **error)
{
	return db_run(store->db, error,
	              "INSERT INTO article_version (article, version, at,"
	              " actor, title, text) VALUES ($1, $2, $3, $4, $5, $6)"
	              " ON CONFLICT DO NOTHING",
	              "iiittt", article->id, (int64_t)article->version,
	              article->updated_at, actor, article->title,
	              article->text);
}

bool
store_article_put(Store *store, const Article *article, const char *actor,
                  GError **error)
{
	return rows_sequence_take(store, "article", article->id, error) &&
	       put_row(store, article, error) &&
	       put_words(store, article, error) &&
	       put_version(store, article, actor, error);
}

Article *
store_article_get(Store *store, int64_t id, GError **error)
{
	GError *trouble = NULL;
	g_autoptr(DbStatement) rows =
		db_query(store->db, &trouble, ARTICLE_COLUMNS "WHERE a.id = $1",
	                 "i", id);

	if (rows != NULL && db_next(rows, &trouble))
		return read_article(rows);
	if (trouble == NULL)
		error_set(&trouble, ERROR_NOT_FOUND,
		          "no article %" G_GINT64_FORMAT, id);
	g_propagate_error(error, trouble);
	return NULL;
}

void
article_version_free(ArticleVersion *version)
{
	if (version == NULL)
		return;
	g_free(version->actor);
	g_free(version->title);
	g_free(version->text);
	g_free(version);
}

GPtrArray *
store_article_versions(Store *store, int64_t id, GError **error)
{
	GError *trouble = NULL;
	g_autoptr(GPtrArray) list = g_ptr_array_new_with_free_func(
		(GDestroyNotify)article_version_free);
	g_autoptr(DbStatement) rows =
		db_query(store->db, error,
	                 "SELECT version, at, actor, title, text"
	                 " FROM article_version WHERE article = $1"
	                 " ORDER BY version",
	                 "i", id);

	if (rows == NULL)
		return NULL;
	while (db_next(rows, &trouble)) {
		ArticleVersion *version = g_new0(ArticleVersion, 1);

		version->version = (int)db_int(rows, 0);
		version->at = db_int(rows, 1);
		version->actor = db_dup(rows, 2);
		version->title = db_dup(rows, 3);
		version->text = db_dup(rows, 4);
		g_ptr_array_add(list, version);
	}
	if (trouble != NULL) {
		g_propagate_error(error, trouble);
		return NULL;
	}
	return g_steal_pointer(&list);
}

GPtrArray *
store_articles(Store *store, const ArticleQuery *query, GError **error)
{
	GError *trouble = NULL;
	g_autoptr(GPtrArray) list =
		g_ptr_array_new_with_free_func((GDestroyNotify)article_free);
	g_autoptr(DbStatement) rows =
		db_query(store->db, error,
	                 ARTICLE_COLUMNS "WHERE ($1 IS NULL OR a.state = $1)"
	                                 " AND ($2 IS NULL OR a.language = $2)"
	                                 " AND ($3 IS NULL OR a.category = $3)"
	                                 " AND ($4 IS NULL OR a.kind = $4)"
	                                 " AND ($5 = 0 OR a.original = $5)"
	                                 " ORDER BY a.id",
	                 "tttti", query->state, query->language,
	                 query->category, query->kind, query->original);

	if (rows == NULL)
		return NULL;
	while (db_next(rows, &trouble))
		g_ptr_array_add(list, read_article(rows));
	if (trouble != NULL) {
		g_propagate_error(error, trouble);
		return NULL;
	}
	return g_steal_pointer(&list);
}

/* ---- questions ---- */

bool
store_question_count(Store *store, Question *question, GError **error)
{
	if (!db_number(store->db, &question->articles, error,
	               "SELECT count(*) FROM article", ""))
		return false;
	for (unsigned i = 0; i < question->terms->len; i++) {
		QuestionTerm *term =
			&g_array_index(question->terms, QuestionTerm, i);

		term->articles = 0;
		if (!db_number(store->db, &term->articles, error,
		               "SELECT doc FROM article_term WHERE term = $1",
		               "t", term->term))
			return false;
	}
	question_weigh(question);
	return true;
}

/* The rarest words, until together they would touch too many rows; terms are
 * letters and digits only, so quotes are all they need. */
static char *
query_of(const Question *question)
{
	g_autoptr(GString) query = g_string_new(NULL);
	int64_t matches = 0;

	for (unsigned i = 0; i < question->terms->len; i++) {
		const QuestionTerm *term =
			&g_array_index(question->terms, QuestionTerm, i);

		if (term->articles == 0 ||
		    (matches > 0 && matches + term->articles > MATCHES_MAX))
			continue;
		matches += term->articles;
		g_string_append_printf(query, "%s\"%s\"",
		                       query->len > 0 ? " OR " : "",
		                       term->term);
	}
	return query->len == 0 ? NULL : g_strdup(query->str);
}

static Proposal *
read_proposal(DbStatement *row)
{
	Proposal *proposal = g_new0(Proposal, 1);

	proposal->article = db_int(row, 0);
	proposal->title = db_dup(row, 1);
	proposal->language = db_dup(row, 2);
	proposal->title_terms = db_dup(row, 3);
	proposal->keyword_terms = db_dup(row, 4);
	proposal->text_terms = db_dup(row, 5);
	return proposal;
}

GPtrArray *
store_article_candidates(Store *store, const Question *question, bool all,
                         GError **error)
{
	GError *trouble = NULL;
	g_autoptr(GPtrArray) list =
		g_ptr_array_new_with_free_func((GDestroyNotify)proposal_free);
	g_autofree char *query = query_of(question);

	if (query == NULL)
		return g_steal_pointer(&list);
	g_autoptr(DbStatement) rows =
		db_query(store->db, error,
	                 "SELECT a.id, a.title, a.language, s.title,"
	                 " s.keywords, s.text FROM article_search s"
	                 " JOIN article a ON a.id = s.rowid"
	                 " WHERE article_search MATCH $1"
	                 " AND ($2 IS NULL OR a.language = $2)"
	                 " AND ($3 <> 0 OR (" PROPOSABLE "))"
	                 " ORDER BY bm25(article_search, 5.0, 4.0, 1.0)"
	                 " LIMIT $4",
	                 "ttii", query, question->language, (int64_t)all,
	                 (int64_t)CANDIDATES_MAX);
	if (rows == NULL)
		return NULL;
	while (db_next(rows, &trouble))
		g_ptr_array_add(list, read_proposal(rows));
	if (trouble != NULL) {
		g_propagate_error(error, trouble);
		return NULL;
	}
	return g_steal_pointer(&list);
}

/* ---- uses and votes ---- */

bool
store_article_use(Store *store, int64_t article, int64_t ticket,
                  const char *kind, int64_t at, GError **error)
{
	return db_run(store->db, error,
	              "INSERT INTO article_use (article, ticket, kind, at)"
	              " VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING",
	              "iiti", article, ticket, kind, at);
}

GArray *
store_articles_used(Store *store, int64_t ticket, const char *kind,
                    GError **error)
{
	GError *trouble = NULL;
	g_autoptr(GArray) ids = g_array_new(FALSE, FALSE, sizeof(int64_t));
	g_autoptr(DbStatement) rows =
		db_query(store->db, error,
	                 "SELECT article FROM article_use WHERE ticket = $1"
	                 " AND kind = $2 ORDER BY article",
	                 "it", ticket, kind);

	if (rows == NULL)
		return NULL;
	while (db_next(rows, &trouble)) {
		int64_t id = db_int(rows, 0);

		g_array_append_val(ids, id);
	}
	if (trouble != NULL) {
		g_propagate_error(error, trouble);
		return NULL;
	}
	return g_steal_pointer(&ids);
}

bool
store_article_vote(Store *store, int64_t article, int64_t person, int vote,
                   int64_t at, GError **error)
{
	return db_run(store->db, error,
	              "INSERT INTO article_vote (article, person, vote, at)"
	              " VALUES ($1, $2, $3, $4) ON CONFLICT (article, person)"
	              " DO UPDATE SET vote = $3, at = $4",
	              "iiii", article, person, (int64_t)vote, at);
}
