/* Articles as files, and the terms that a search compares. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "base/error.h"

#include "desk/article.h"
#include "desk/propose.h"
#include "desk/terms.h"

static void
a_file_comes_back_as_it_was(void **state)
{
	static const char file[] = "---\n"
				   "id: 7\n"
				   "translation-of: 3\n"
				   "title: No imprime\n"
				   "language: es\n"
				   "category: impresión\n"
				   "keywords: impresora, cola\n"
				   "kind: known-error\n"
				   "visibility: agents\n"
				   "state: review\n"
				   "---\n"
				   "Apague y encienda.\n\n- uno\n- dos\n";
	g_autoptr(GError) error = NULL;
	g_autoptr(Article) article = article_from_text(file, &error);

	(void)state;
	assert_null(error);
	assert_int_equal(article->id, 7);
	assert_int_equal(article->original, 3);
	assert_int_equal(article->state, ARTICLE_REVIEW);
	g_autofree char *again = article_to_text(article);
	assert_string_equal(again, file);
}

static void
without_a_head_the_first_heading_is_the_title(void **state)
{
	g_autoptr(Article) article =
		article_from_text("# The dock\n\nPull the plug.\n", NULL);

	(void)state;
	assert_string_equal(article->title, "The dock");
	assert_string_equal(article->visibility, "public");
	assert_int_equal(article->state, ARTICLE_DRAFT);
}

static void
a_wrong_file_is_told_with_its_line(void **state)
{
	static const struct {
		const char *file;
		const char *why;
	} cases[] = {
		{ "---\ntitle: a\ncolour: red\n---\nx\n",
		  "line 3: colour: no such key" },
		{ "---\ntitle a\n---\nx\n", "line 2: not \"key: value\"" },
		{ "---\ntitle: a\n",
		  "line 1: no second \"---\" ends the head" },
		{ "---\ntitle: a\nid: x\n---\nx\n",
		  "line 3: id: not a number" },
		{ "---\ntitle: a\nstate: lost\n---\nx\n",
		  "line 3: state: not draft, review, published or retired" },
		{ "---\ntitle: a\nkind: poem\n---\nx\n",
		  "kind poem: not article, procedure or known-error" },
		{ "---\ntitle: a\n---\n", "it has no text" },
		{ "", "it has no title" },
	};

	(void)state;
	for (unsigned i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autoptr(GError) error = NULL;

		assert_null(article_from_text(cases[i].file, &error));
		assert_true(
			g_error_matches(error, POSTIGO_ERROR, ERROR_MALFORMED));
		assert_string_equal(error->message, cases[i].why);
	}
}

static void
a_file_name_is_number_and_title(void **state)
{
	g_autoptr(Article) article =
		article_from_text("# ¿Por qué no imprime la impresora?\n\nx\n",
	                          NULL);

	(void)state;
	article->id = 12;
	g_autofree char *name = article_file_name(article);
	assert_string_equal(name, "012-por-que-no-imprime-la-impresora.md");
}

static void
terms_are_stems_without_the_small_words(void **state)
{
	static const struct {
		const char *a;
		const char *b;
		const char *language;
	} same[] = {
		{ "Las impresoras no imprimen", "impresora imprime", "es" },
		{ "la instalación", "INSTALACION", "es" },
		{ "the printers are printing", "printer print", "en" },
		{ "as impressões", "impressoes", "pt" },
	};

	(void)state;
	for (unsigned i = 0; i < G_N_ELEMENTS(same); i++) {
		g_autofree char *a = terms_text(same[i].a, same[i].language);
		g_autofree char *b = terms_text(same[i].b, same[i].language);

		assert_string_equal(a, b);
	}
}

static void
the_small_words_tell_the_language(void **state)
{
	(void)state;
	assert_string_equal(terms_language("no puedo entrar en la red", "en"),
	                    "es");
	assert_string_equal(terms_language("I can not get in to the net", "es"),
	                    "en");
	assert_string_equal(terms_language("ich kann mich nicht mehr anmelden",
	                                   "en"),
	                    "de");
	assert_string_equal(terms_language("je ne peux pas ouvrir le fichier",
	                                   "en"),
	                    "fr");
	assert_string_equal(terms_language("não consigo abrir o meu e-mail",
	                                   "en"),
	                    "pt");
	assert_string_equal(terms_language("VPN", "pt"), "pt");
}

static Proposal *
proposal_of(int64_t id, const char *title, const char *keywords)
{
	Proposal *proposal = g_new0(Proposal, 1);

	proposal->article = id;
	proposal->title_terms = terms_text(title, "en");
	proposal->keyword_terms = terms_text(keywords, "en");
	return proposal;
}

static void
the_rare_word_decides_and_silence_is_an_answer(void **state)
{
	g_autoptr(GPtrArray) found =
		g_ptr_array_new_with_free_func((GDestroyNotify)proposal_free);
	g_autoptr(Question) question =
		question_new("printer jammed", "the sheet is stuck", "en",
	                     NULL);
	g_autoptr(Question) other =
		question_new(NULL, "the lift is stuck with a bicycle in it",
	                     "en", NULL);

	(void)state;
	question->articles = other->articles = 100;
	for (unsigned i = 0; i < other->terms->len; i++) {
		QuestionTerm *term =
			&g_array_index(other->terms, QuestionTerm, i);

		term->articles = strcmp(term->term, "stuck") == 0 ? 5 : 0;
	}
	g_ptr_array_add(found, proposal_of(1, "The printer does not print",
	                                   "printer, queue"));
	g_ptr_array_add(found, proposal_of(2, "Remove a paper jam",
	                                   "paper, jam, stuck, printer"));
	proposals_weigh(found, question, 2, PROPOSAL_CONFIDENCE);
	assert_int_equal(found->len, 2);
	assert_int_equal(((Proposal *)found->pdata[0])->article, 2);
	proposals_weigh(found, other, 2, PROPOSAL_CONFIDENCE);
	assert_int_equal(found->len, 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_file_comes_back_as_it_was),
		cmocka_unit_test(without_a_head_the_first_heading_is_the_title),
		cmocka_unit_test(a_wrong_file_is_told_with_its_line),
		cmocka_unit_test(a_file_name_is_number_and_title),
		cmocka_unit_test(terms_are_stems_without_the_small_words),
		cmocka_unit_test(the_small_words_tell_the_language),
		cmocka_unit_test(
			the_rare_word_decides_and_silence_is_an_answer),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
