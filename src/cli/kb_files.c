/* Articles as files of a directory, so that a git repository can be their
 * source: export writes them, import takes them back.  A file that has the
 * number of an article is its new version; one without a number becomes an
 * article, and its file is given the number. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <glib/gstdio.h>

#include "base/error.h"
#include "base/io.h"
#include "base/json.h"

#include "clerk/knowledge.h"

#include "cli/kb.h"

Article *
kb_read_file(const char *path, GError **error)
{
	gsize size;
	g_autoptr(GBytes) octets =
		strcmp(path, "-") == 0
			? io_read_all(STDIN_FILENO, ARTICLE_OCTETS_MAX, error)
			: io_read_file(path, ARTICLE_OCTETS_MAX, error);

	if (octets == NULL) {
		g_prefix_error(error, "%s: ", path);
		return NULL;
	}
	const char *data = g_bytes_get_data(octets, &size);
	g_autofree char *text = g_strndup(data == NULL ? "" : data, size);
	Article *article = article_from_text(text, error);
	if (article == NULL)
		g_prefix_error(error, "%s: ", path);
	return article;
}

Store *
kb_open(Session *session, const Context *context, GError **error)
{
	if (!session_open_desk(session, context, error))
		return NULL;
	return store_open(session->desk->database, STORE_WRITE, error);
}

static int
by_name(gconstpointer a, gconstpointer b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* *.md of a directory, by name; README.md tells of the directory. */
static bool
add_directory(GPtrArray *files, const char *path, GError **error)
{
	g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func(g_free);
	g_autoptr(GDir) entries = g_dir_open(path, 0, NULL);
	const char *name;

	if (entries == NULL)
		return error_set(error, ERROR_NOT_FOUND,
		                 "%s: cannot be read as a directory", path);
	while ((name = g_dir_read_name(entries)) != NULL)
		if (g_str_has_suffix(name, ".md") &&
		    g_ascii_strcasecmp(name, "README.md") != 0)
			g_ptr_array_add(names, g_strdup(name));
	g_ptr_array_sort(names, by_name);
	for (unsigned i = 0; i < names->len; i++)
		g_ptr_array_add(files,
		                g_build_filename(path, names->pdata[i], NULL));
	return true;
}

/* All are read before the first is kept: a wrong file changes nothing. */
static GPtrArray *
read_files(const GPtrArray *files, GError **error)
{
	g_autoptr(GPtrArray) articles =
		g_ptr_array_new_with_free_func((GDestroyNotify)article_free);

	for (unsigned i = 0; i < files->len; i++) {
		Article *article = kb_read_file(files->pdata[i], error);

		if (article == NULL)
			return NULL;
		g_ptr_array_add(articles, article);
	}
	return g_steal_pointer(&articles);
}

static bool
write_article(const char *path, const Article *article, GError **error)
{
	g_autofree char *text = article_to_text(article);

	return io_write_file(path, 0644, text, strlen(text), error);
}

typedef struct Counts {
	int added;
	int changed;
} Counts;

static bool
keep_file(const Session *session, Store *store, const char *path,
          Article *article, Counts *counts, GError **error)
{
	g_autofree char *actor = session_actor();
	bool had_number = article->id != 0;
	bool is_new;

	if (!knowledge_put(session->desk, store, article, actor, &is_new,
	                   error)) {
		g_prefix_error(error, "%s: ", path);
		return false;
	}
	counts->added += is_new;
	counts->changed += !is_new;
	return had_number || write_article(path, article, error);
}

static bool
find_files(GPtrArray *files, char *const *paths, GError **error)
{
	for (; *paths != NULL; paths++) {
		if (!g_file_test(*paths, G_FILE_TEST_IS_DIR))
			g_ptr_array_add(files, g_strdup(*paths));
		else if (!add_directory(files, *paths, error))
			return false;
	}
	return true;
}

int
kb_import(const Context *context, int argc, char **argv)
{
	g_auto(Session) session = { NULL, NULL, NULL };
	g_autoptr(GError) error = NULL;
	g_autoptr(GPtrArray) files = g_ptr_array_new_with_free_func(g_free);
	Counts counts = { 0, 0 };

	(void)argc;
	if (!find_files(files, argv + 1, &error))
		return session_fail(error);
	g_autoptr(GPtrArray) articles = read_files(files, &error);
	if (articles == NULL)
		return session_fail(error);
	g_autoptr(Store) store = kb_open(&session, context, &error);
	if (store == NULL)
		return session_fail(error);
	for (unsigned i = 0; i < files->len; i++)
		if (!keep_file(&session, store, files->pdata[i],
		               articles->pdata[i], &counts, &error))
			return session_fail(error);
	if (context->json)
		json_print_line(stdout,
		                json_pack("{s:i, s:i}", "added", counts.added,
		                          "known", counts.changed));
	else if (!context->quiet)
		printf("%d articles added, %d known before\n", counts.added,
		       counts.changed);
	return EXIT_SUCCESS;
}

int
kb_export(const Context *context, int argc, char **argv)
{
	const ArticleQuery all = { 0 };
	g_auto(Session) session = { NULL, NULL, NULL };
	g_autoptr(GError) error = NULL;

	(void)argc;
	if (!session_open_store(&session, context, &error))
		return session_fail(error);
	g_autoptr(GPtrArray) articles =
		store_articles(session.store, &all, &error);
	if (articles == NULL)
		return session_fail(error);
	if (g_mkdir_with_parents(argv[1], 0755) != 0) {
		error_set_errno(&error, ERROR_IO, "%s", argv[1]);
		return session_fail(error);
	}
	for (unsigned i = 0; i < articles->len; i++) {
		g_autofree char *name = article_file_name(articles->pdata[i]);
		g_autofree char *path = g_build_filename(argv[1], name, NULL);

		if (!write_article(path, articles->pdata[i], &error))
			return session_fail(error);
	}
	return EXIT_SUCCESS;
}
