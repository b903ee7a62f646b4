#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>

#include <glib/gstdio.h>

#include "base/error.h"
#include "base/io.h"
#include "base/json.h"

#include "clerk/knowledge.h"

#include "cli/kb.h"

static const char fallback_editor[] = "editor";

static void
tell(const Context *context, const Article *article)
{
	if (context->json)
		json_print_line(stdout, json_pack("{s:I}", "id",
		                                  (json_int_t)article->id));
	else if (!context->quiet)
		printf("article %" G_GINT64_FORMAT ": %s\n", article->id,
		       article->title);
}

static bool
put(const Context *context, const Session *session, Store *store,
    Article *article, GError **error)
{
	g_autofree char *actor = session_actor();
	bool is_new;

	if (!knowledge_put(session->desk, store, article, actor, &is_new,
	                   error))
		return false;
	tell(context, article);
	return true;
}

/* add: from files, or from standard input. */
int
kb_add(const Context *context, int argc, char **argv)
{
	static char from_input[] = "-";
	char *input[] = { from_input, NULL };
	char **paths = argc > 1 ? argv + 1 : input;
	g_auto(Session) session = { NULL, NULL, NULL };
	g_autoptr(GError) error = NULL;
	g_autoptr(Store) store = kb_open(&session, context, &error);

	if (store == NULL)
		return session_fail(error);
	for (; *paths != NULL; paths++) {
		g_autoptr(Article) article = kb_read_file(*paths, &error);

		if (article == NULL)
			return session_fail(error);
		article->id = 0;
		if (!put(context, &session, store, article, &error))
			return session_fail(error);
	}
	return EXIT_SUCCESS;
}

/* ---- edit ---- */

static bool
run_editor(const char *path, GError **error)
{
	const char *editor = g_getenv("VISUAL");
	g_autofree char *quoted = g_shell_quote(path);
	int status;

	if (editor == NULL)
		editor = g_getenv("EDITOR");
	if (editor == NULL)
		editor = fallback_editor;
	g_autofree char *line = g_strdup_printf("%s %s", editor, quoted);
	char shell[] = "/bin/sh";
	char option[] = "-c";
	char *arguments[] = { shell, option, line, NULL };
	return g_spawn_sync(NULL, arguments, NULL, G_SPAWN_CHILD_INHERITS_STDIN,
	                    NULL, NULL, NULL, NULL, &status, error) &&
	       g_spawn_check_wait_status(status, error);
}

/* Where the editor leaves a text that cannot be read, it stays there, and the
 * error says so. */
static Article *
edited(const Article *article, GError **error)
{
	g_autofree char *text = article_to_text(article);
	g_autofree char *path = NULL;
	int fd = g_file_open_tmp("postigo-article-XXXXXX.md", &path, error);

	if (fd < 0)
		return NULL;
	bool is_written = io_write_all(fd, text, strlen(text), error);
	g_close(fd, NULL);
	if (!is_written || !run_editor(path, error))
		return NULL;
	Article *changed = kb_read_file(path, error);
	if (changed != NULL)
		g_unlink(path);
	return changed;
}

int
kb_edit(const Context *context, int argc, char **argv)
{
	g_auto(Session) session = { NULL, NULL, NULL };
	g_autoptr(GError) error = NULL;
	int64_t id;

	if (!session_number(argv[1], &id, &error))
		return session_fail(error);
	g_autoptr(Store) store = kb_open(&session, context, &error);
	if (store == NULL)
		return session_fail(error);
	g_autoptr(Article) before = store_article_get(store, id, &error);
	if (before == NULL)
		return session_fail(error);
	g_autoptr(Article) after = argc > 2 ? kb_read_file(argv[2], &error)
	                                    : edited(before, &error);
	if (after == NULL)
		return session_fail(error);
	after->id = id;
	return put(context, &session, store, after, &error)
	               ? EXIT_SUCCESS
	               : session_fail(error);
}

/* ---- draft, review, publish, retire ---- */

static const struct {
	const char *word;
	ArticleState state;
} words_for_moves[] = {
	{ "draft", ARTICLE_DRAFT },
	{ "review", ARTICLE_REVIEW },
	{ "publish", ARTICLE_PUBLISHED },
	{ "retire", ARTICLE_RETIRED },
};

static ArticleState
state_of(const char *word)
{
	for (unsigned i = 0; i < G_N_ELEMENTS(words_for_moves); i++)
		if (strcmp(words_for_moves[i].word, word) == 0)
			return words_for_moves[i].state;
	g_assert_not_reached();
}

int
kb_move(const Context *context, int argc, char **argv)
{
	g_auto(Session) session = { NULL, NULL, NULL };
	g_autoptr(GError) error = NULL;
	g_autofree char *actor = session_actor();
	ArticleState state = state_of(argv[0]);
	g_autoptr(Store) store = kb_open(&session, context, &error);

	if (store == NULL)
		return session_fail(error);
	for (int i = 1; i < argc; i++) {
		int64_t id;

		if (!session_number(argv[i], &id, &error) ||
		    !knowledge_move(session.desk, store, id, state, actor,
		                    &error))
			return session_fail(error);
	}
	return EXIT_SUCCESS;
}
