/* How good are the proposals?  120 articles, 150 questions that one of them
 * answers (written apart from them, in Spanish and English), 100 mails that
 * none answers.  The bars: the right article among two for 85 of 100
 * questions; a proposal for at most 5 of 100 others.  Beside it, plain BM25
 * over the same words, which has no idea when to be silent.
 *
 * A line of the files: language|article|subject||text (the subject may be
 * missing); of the others: language|subject||text. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <glib.h>
#include <glib/gstdio.h>

#include "base/io.h"

#include "desk/propose.h"

#include "store/articles.h"

#define RECALL_MIN    0.85
#define PROPOSALS_BAR 0.05
#define FILE_MAX      (1 << 20)

typedef struct Figures {
	unsigned asked;
	unsigned found;       /* the right one among the proposals */
	unsigned plain_found; /* ... among the first two of plain BM25 */
	unsigned proposed;    /* anything at all */
} Figures;

typedef struct Bench {
	Store *store;
	GHashTable *numbers; /* "vpn.en" to article id */
	bool is_verbose;
} Bench;

static void
must(bool is_good, const GError *error)
{
	if (is_good)
		return;
	printf("Bail out! %s\n", error == NULL ? "?" : error->message);
	exit(EXIT_FAILURE);
}

static char *
read_text(const char *path)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(GBytes) octets = io_read_file(path, FILE_MAX, &error);

	must(octets != NULL, error);
	return g_strndup(g_bytes_get_data(octets, NULL),
	                 g_bytes_get_size(octets));
}

static void
put_article(Bench *bench, const char *directory, const char *name, int64_t id)
{
	g_autoptr(GError) error = NULL;
	g_autofree char *path = g_build_filename(directory, name, NULL);
	g_autofree char *text = read_text(path);
	g_autoptr(Article) article = article_from_text(text, &error);

	must(article != NULL, error);
	article->id = id;
	article->version = 1;
	must(store_article_put(bench->store, article, "test", &error), error);
	g_hash_table_insert(bench->numbers,
	                    g_strndup(name, strlen(name) - strlen(".md")),
	                    GINT_TO_POINTER(id));
}

static void
put_articles(Bench *bench, const char *directory)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(GDir) entries = g_dir_open(directory, 0, &error);
	const char *name;
	int64_t id = 0;

	must(entries != NULL, error);
	must(store_begin(bench->store, &error), error);
	while ((name = g_dir_read_name(entries)) != NULL)
		put_article(bench, directory, name, ++id);
	must(store_commit(bench->store, &error), error);
	printf("# %d articles\n", (int)id);
}

static bool
has_article(const GPtrArray *proposals, unsigned among, int64_t id)
{
	for (unsigned i = 0; i < proposals->len && i < among; i++)
		if (((Proposal *)proposals->pdata[i])->article == id)
			return true;
	return false;
}

static void
ask(Bench *bench, const char *language, const char *words, int64_t expected,
    Figures *figures)
{
	g_autoptr(GError) error = NULL;
	const char *parting = strstr(words, "||");
	g_autofree char *subject =
		parting == NULL ? NULL
				: g_strndup(words, (size_t)(parting - words));
	g_autoptr(Question) question =
		question_new(subject, parting == NULL ? words : parting + 2,
	                     NULL, language);

	must(store_question_count(bench->store, question, &error), error);
	g_autoptr(GPtrArray) found =
		store_article_candidates(bench->store, question, false, &error);
	must(found != NULL, error);
	bool is_plain = has_article(found, PROPOSALS_MAX, expected);
	proposals_weigh(found, question, PROPOSALS_MAX,
	                bench->is_verbose ? 0 : PROPOSAL_CONFIDENCE);
	if (bench->is_verbose)
		printf("# %d %s %.3f %.3f %s\n",
		       expected == 0                                 ? -1
		       : has_article(found, 1, expected)             ? 1
		       : has_article(found, PROPOSALS_MAX, expected) ? 2
		                                                     : 0,
		       question->language,
		       found->len > 0
		               ? ((Proposal *)found->pdata[0])->confidence
		               : 0,
		       found->len > 1
		               ? ((Proposal *)found->pdata[1])->confidence
		               : 0,
		       words);
	figures->asked++;
	figures->found += has_article(found, PROPOSALS_MAX, expected);
	figures->plain_found += is_plain;
	figures->proposed += found->len > 0;
}

static Figures
ask_all(Bench *bench, const char *path, bool is_answered)
{
	g_autofree char *text = read_text(path);
	g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
	Figures figures = { 0, 0, 0, 0 };

	for (unsigned i = 0; lines[i] != NULL && *lines[i] != '\0'; i++) {
		g_auto(GStrv) parts =
			g_strsplit(lines[i], "|", is_answered ? 3 : 2);
		int64_t expected = 0;

		if (is_answered) {
			g_autofree char *name =
				g_strdup_printf("%s.%s", parts[1], parts[0]);
			expected = GPOINTER_TO_INT(
				g_hash_table_lookup(bench->numbers, name));
			must(expected != 0, NULL);
		}
		ask(bench, parts[0], parts[is_answered ? 2 : 1], expected,
		    &figures);
	}
	return figures;
}

static void
judge(unsigned number, bool is_good, const char *sentence)
{
	printf("%sok %u - %s\n", is_good ? "" : "not ", number, sentence);
}

int
main(int argc, char **argv)
{
	g_autoptr(GError) error = NULL;
	g_autofree char *here = g_build_filename(g_getenv("srcdir") == NULL
	                                                 ? "."
	                                                 : g_getenv("srcdir"),
	                                         "tests", "kb", NULL);
	g_autofree char *articles = g_build_filename(here, "articles", NULL);
	g_autofree char *answered =
		g_build_filename(here, "questions.txt", NULL);
	g_autofree char *others = g_build_filename(here, "others.txt", NULL);
	g_autofree char *directory = g_dir_make_tmp("kb-XXXXXX", &error);
	must(directory != NULL, error);
	g_autofree char *path = g_build_filename(directory, "kb.db", NULL);
	Bench bench = { .is_verbose = argc > 1 };

	(void)argv;
	must(store_create(path, &error), error);
	bench.store = store_open(path, STORE_WRITE, &error);
	must(bench.store != NULL, error);
	bench.numbers =
		g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	printf("1..2\n");
	put_articles(&bench, articles);
	Figures right = ask_all(&bench, answered, true);
	Figures wrong = ask_all(&bench, others, false);
	double recall = (double)right.found / right.asked;
	double needless = (double)wrong.proposed / wrong.asked;
	printf("# %u questions: recall at %d is %.3f (plain BM25 %.3f)\n",
	       right.asked, PROPOSALS_MAX, recall,
	       (double)right.plain_found / right.asked);
	printf("# %u other mails: a proposal for %.3f\n", wrong.asked,
	       needless);
	judge(1, recall >= RECALL_MIN, "the right article is among two");
	judge(2, needless <= PROPOSALS_BAR, "other mails get no proposal");
	store_close(bench.store);
	g_hash_table_unref(bench.numbers);
	g_autofree char *remove = g_strdup_printf("rm -r '%s'", directory);
	return system(remove) == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
