#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>

#include <glib/gstdio.h>

#include "base/clock.h"
#include "base/error.h"
#include "base/json.h"

#include "message/markdown.h"

#include "clerk/knowledge.h"

#include "cli/kb.h"
#include "cli/report.h"

#define FOUND_MAX 10

/* an article that nobody touched for so long may be wrong by now */
#define STALE_SECONDS  (INT64_C(365) * 86400)
/* so many proposals, and it never helped */
#define DEAD_PROPOSALS 10

static json_t *
keywords_json(const char *keywords)
{
	json_t *list = json_array();
	g_auto(GStrv) parts =
		g_strsplit(keywords == NULL ? "" : keywords, ",", -1);

	for (unsigned i = 0; parts[i] != NULL; i++)
		if (*g_strstrip(parts[i]) != '\0')
			json_array_append_new(list, json_text(parts[i]));
	return list;
}

static json_t *
number_or_null(int64_t number)
{
	return number == 0 ? json_null() : json_integer(number);
}

static json_t *
article_json(const Article *article)
{
	json_t *json = json_object();

	json_object_set_new(json, "id", json_integer(article->id));
	json_object_set_new(json, "version", json_integer(article->version));
	json_object_set_new(json, "title", json_text(article->title));
	json_object_set_new(json, "language", json_text(article->language));
	json_object_set_new(json, "category", json_text(article->category));
	json_object_set_new(json, "keywords", keywords_json(article->keywords));
	json_object_set_new(json, "kind", json_text(article->kind));
	json_object_set_new(json, "state",
	                    json_text(article_state_name(article->state)));
	json_object_set_new(json, "visibility", json_text(article->visibility));
	json_object_set_new(json, "source", number_or_null(article->source));
	json_object_set_new(json, "translation_of",
	                    number_or_null(article->original));
	json_object_set_new(json, "created", json_instant(article->created_at));
	json_object_set_new(json, "updated", json_instant(article->updated_at));
	json_object_set_new(json, "proposed", json_integer(article->proposed));
	json_object_set_new(json, "solved", json_integer(article->solved));
	json_object_set_new(json, "votes_up", json_integer(article->votes_up));
	json_object_set_new(json, "votes_down",
	                    json_integer(article->votes_down));
	return json;
}

/* ---- list ---- */

static const struct {
	const char *key;
	size_t offset;
} query_keys[] = {
	{ "state", offsetof(ArticleQuery, state) },
	{ "language", offsetof(ArticleQuery, language) },
	{ "category", offsetof(ArticleQuery, category) },
	{ "kind", offsetof(ArticleQuery, kind) },
};

static bool
read_query_word(ArticleQuery *query, const char *word, GError **error)
{
	const char *colon = strchr(word, ':');
	size_t length = colon == NULL ? 0 : (size_t)(colon - word);

	for (unsigned i = 0; i < G_N_ELEMENTS(query_keys); i++) {
		const char *key = query_keys[i].key;

		if (strlen(key) != length || strncmp(key, word, length) != 0)
			continue;
		*(const char **)(gpointer)((char *)query +
		                           query_keys[i].offset) = colon + 1;
		return true;
	}
	return error_set(error, ERROR_USAGE,
	                 "%s: not state:, language:, category: or kind:", word);
}

static void
print_articles(const Context *context, const GPtrArray *articles)
{
	static const char *const headings[] = { "ID",      "STATE",  "LANG",
		                                "UPDATED", "HELPED", "TITLE",
		                                NULL };
	Table *table = context->json ? NULL : table_new(headings);

	for (unsigned i = 0; i < articles->len; i++) {
		const Article *article = articles->pdata[i];

		if (context->json) {
			json_print_line(stdout, article_json(article));
			continue;
		}
		g_autofree char *id =
			g_strdup_printf("%" G_GINT64_FORMAT, article->id);
		g_autofree char *updated = report_time(article->updated_at);
		g_autofree char *helped =
			g_strdup_printf("%d/%d", article->solved,
		                        article->proposed);
		table_add(table, id, article_state_name(article->state),
		          article->language, updated, helped, article->title);
	}
	if (table != NULL)
		table_print(table);
}

int
kb_list(const Context *context, int argc, char **argv)
{
	g_auto(Session) session = { NULL, NULL, NULL };
	g_autoptr(GError) error = NULL;
	ArticleQuery query = { 0 };

	for (int i = 1; i < argc; i++)
		if (!read_query_word(&query, argv[i], &error))
			return session_fail(error);
	if (!session_open_store(&session, context, &error))
		return session_fail(error);
	g_autoptr(GPtrArray) articles =
		store_articles(session.store, &query, &error);
	if (articles == NULL)
		return session_fail(error);
	print_articles(context, articles);
	return EXIT_SUCCESS;
}

/* ---- show ---- */

static void
print_article(const Article *article, const char *form)
{
	g_autofree char *words = form == NULL ? article_to_text(article)
	                         : strcmp(form, "--html") == 0
	                                 ? markdown_to_html(article->text)
	                                 : markdown_to_text(article->text);

	fputs(words, stdout);
	if (!g_str_has_suffix(words, "\n"))
		putchar('\n');
}

static void
print_article_json(const Article *article)
{
	json_t *json = article_json(article);

	json_object_set_new(json, "text", json_text(article->text));
	json_print_line(stdout, json);
}

int
kb_show(const Context *context, int argc, char **argv)
{
	g_auto(Session) session = { NULL, NULL, NULL };
	g_autoptr(GError) error = NULL;
	const char *form = argc > 2 ? argv[1] : NULL;
	int64_t id;

	if (form != NULL && strcmp(form, "--html") != 0 &&
	    strcmp(form, "--text") != 0) {
		error_set(&error, ERROR_USAGE, "%s: not --html or --text",
		          form);
		return session_fail(error);
	}
	if (!session_number(argv[argc - 1], &id, &error) ||
	    !session_open_store(&session, context, &error))
		return session_fail(error);
	g_autoptr(Article) article =
		store_article_get(session.store, id, &error);
	if (article == NULL)
		return session_fail(error);
	if (context->json)
		print_article_json(article);
	else
		print_article(article, form);
	return EXIT_SUCCESS;
}

/* ---- search ---- */

static void
print_found(const Context *context, const GPtrArray *found)
{
	static const char *const headings[] = { "ID", "SURE", "LANG", "TITLE",
		                                NULL };
	Table *table = context->json ? NULL : table_new(headings);

	for (unsigned i = 0; i < found->len; i++) {
		const Proposal *proposal = found->pdata[i];

		if (context->json) {
			json_print_line(stdout,
			                json_pack("{s:I, s:f, s:s, s:s}", "id",
			                          (json_int_t)proposal->article,
			                          "confidence",
			                          proposal->confidence,
			                          "language",
			                          proposal->language, "title",
			                          proposal->title));
			continue;
		}
		g_autofree char *id =
			g_strdup_printf("%" G_GINT64_FORMAT, proposal->article);
		g_autofree char *sure =
			g_strdup_printf("%.2f", proposal->confidence);
		table_add(table, id, sure, proposal->language, proposal->title);
	}
	if (table != NULL)
		table_print(table);
}

int
kb_search(const Context *context, int argc, char **argv)
{
	g_auto(Session) session = { NULL, NULL, NULL };
	g_autoptr(GError) error = NULL;

	(void)argc;
	if (!session_open_store(&session, context, &error))
		return session_fail(error);
	g_autofree char *words = g_strjoinv(" ", argv + 1);
	g_autoptr(GPtrArray) found =
		knowledge_ask(session.store, NULL, words, NULL, NULL, true,
	                      FOUND_MAX, 0, &error);
	if (found == NULL)
		return session_fail(error);
	print_found(context, found);
	return found->len > 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}

/* ---- diff ---- */

static const ArticleVersion *
version_among(const GPtrArray *versions, const char *text, int fallback,
              GError **error)
{
	int64_t wanted = fallback;

	if (text != NULL && !session_number(text, &wanted, error))
		return NULL;
	for (unsigned i = 0; i < versions->len; i++) {
		const ArticleVersion *version = versions->pdata[i];

		if (version->version == wanted)
			return version;
	}
	error_set(error, ERROR_NOT_FOUND, "no version %" G_GINT64_FORMAT,
	          wanted);
	return NULL;
}

static bool
write_version(const char *directory, const ArticleVersion *version,
              char **out_name, GError **error)
{
	*out_name = g_strdup_printf("version-%d", version->version);
	g_autofree char *path = g_build_filename(directory, *out_name, NULL);
	g_autofree char *text =
		g_strdup_printf("# %s\n\n%s\n", version->title, version->text);

	return g_file_set_contents(path, text, -1, error);
}

static void
remove_version(const char *directory, const char *name)
{
	g_autofree char *path =
		name == NULL ? NULL : g_build_filename(directory, name, NULL);

	if (path != NULL)
		g_unlink(path);
}

/* By diff(1), whose output everybody can read. */
static bool
print_difference(const ArticleVersion *from, const ArticleVersion *to,
                 GError **error)
{
	g_autofree char *directory = g_dir_make_tmp("postigo-XXXXXX", error);
	g_autofree char *old = NULL;
	g_autofree char *new = NULL;

	if (directory == NULL)
		return false;
	char diff[] = "diff";
	char option[] = "-u";
	bool is_done = write_version(directory, from, &old, error) &&
	               write_version(directory, to, &new, error);
	char *arguments[] = { diff, option, old, new, NULL };
	is_done = is_done &&
	          g_spawn_sync(directory, arguments, NULL, G_SPAWN_SEARCH_PATH,
	                       NULL, NULL, NULL, NULL, NULL, error);
	remove_version(directory, old);
	remove_version(directory, new);
	g_rmdir(directory);
	return is_done;
}

int
kb_diff(const Context *context, int argc, char **argv)
{
	g_auto(Session) session = { NULL, NULL, NULL };
	g_autoptr(GError) error = NULL;
	int64_t id;

	if (!session_number(argv[1], &id, &error) ||
	    !session_open_store(&session, context, &error))
		return session_fail(error);
	g_autoptr(Article) article =
		store_article_get(session.store, id, &error);
	if (article == NULL)
		return session_fail(error);
	g_autoptr(GPtrArray) versions =
		store_article_versions(session.store, id, &error);
	if (versions == NULL)
		return session_fail(error);
	const ArticleVersion *from =
		version_among(versions, argc > 2 ? argv[2] : NULL,
	                      MAX(1, article->version - 1), &error);
	const ArticleVersion *to =
		from == NULL
			? NULL
			: version_among(versions, argc > 3 ? argv[3] : NULL,
	                                article->version, &error);
	fflush(stdout);
	return to != NULL && print_difference(from, to, &error)
	               ? EXIT_SUCCESS
	               : session_fail(error);
}

/* ---- report: what an editor should look at ---- */

static const char *
worry_of(const Article *article, int64_t now)
{
	if (article->state == ARTICLE_REVIEW)
		return "waits for review";
	if (article->state != ARTICLE_PUBLISHED)
		return NULL;
	if (article->votes_down > article->votes_up)
		return "more say it did not help";
	if (article->proposed >= DEAD_PROPOSALS && article->solved == 0)
		return "often proposed, never solved";
	if (now - article->updated_at > STALE_SECONDS)
		return "not touched for a year";
	return NULL;
}

static void
report_worry(const Context *context, Table *table, const Article *article,
             const char *worry)
{
	if (context->json) {
		json_t *json = article_json(article);

		json_object_set_new(json, "worry", json_text(worry));
		json_print_line(stdout, json);
		return;
	}
	g_autofree char *id = g_strdup_printf("%" G_GINT64_FORMAT, article->id);
	table_add(table, id, worry, article->title);
}

int
kb_report(const Context *context, int argc, char **argv)
{
	static const char *const headings[] = { "ID", "WHY", "TITLE", NULL };
	const ArticleQuery all = { 0 };
	g_auto(Session) session = { NULL, NULL, NULL };
	g_autoptr(GError) error = NULL;
	int64_t now = clock_now();

	(void)argc;
	(void)argv;
	if (!session_open_store(&session, context, &error))
		return session_fail(error);
	g_autoptr(GPtrArray) articles =
		store_articles(session.store, &all, &error);
	if (articles == NULL)
		return session_fail(error);
	Table *table = context->json ? NULL : table_new(headings);
	for (unsigned i = 0; i < articles->len; i++) {
		const char *worry = worry_of(articles->pdata[i], now);

		if (worry != NULL)
			report_worry(context, table, articles->pdata[i], worry);
	}
	if (table != NULL)
		table_print(table);
	return EXIT_SUCCESS;
}
