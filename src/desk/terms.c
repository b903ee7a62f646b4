#include "desk/terms.h"

#include <string.h>

#include "base/stem.h"
#include "base/text.h"

#include "desk/terms_tables.h"

/* fewer small words than this say nothing about the language */
#define SMALL_WORDS_MIN 2

static const SmallWords *
small_words_of(const char *language)
{
	const SmallWords *english = small_words;

	for (const SmallWords *row = small_words; row->language != NULL;
	     row++) {
		if (language != NULL &&
		    g_ascii_strncasecmp(row->language, language, 2) == 0)
			return row;
		if (strcmp(row->language, "en") == 0)
			english = row;
	}
	return english;
}

static bool
is_among(const char *words, const char *word, size_t length)
{
	char key[TERM_CHARACTERS_MAX * 4 + 3];

	key[0] = ' ';
	memcpy(key + 1, word, length);
	key[length + 1] = ' ';
	key[length + 2] = '\0';
	return strstr(words, key) != NULL;
}

/* ---- words ---- */

/* The next run of letters and digits at or after *at; false at the end. */
static bool
next_word(const char **at, const char **out_word, size_t *out_length)
{
	const char *s = *at;

	while (*s != '\0' && !g_unichar_isalnum(g_utf8_get_char(s)))
		s = g_utf8_next_char(s);
	*out_word = s;
	while (*s != '\0' && g_unichar_isalnum(g_utf8_get_char(s)))
		s = g_utf8_next_char(s);
	*out_length = (size_t)(s - *out_word);
	*at = s;
	return *out_length > 0;
}

static bool
is_a_term(const SmallWords *language, const char *word, size_t length)
{
	return length <= (size_t)TERM_CHARACTERS_MAX * 4 &&
	       g_utf8_strlen(word, (gssize)length) <= TERM_CHARACTERS_MAX &&
	       (length > 1 || !g_ascii_isalnum(*word)) &&
	       !is_among(language->words, word, length) &&
	       !is_among(polite_words, word, length);
}

GPtrArray *
terms_of(const char *text, const char *language)
{
	const SmallWords *row = small_words_of(language);
	g_autoptr(Stemmer) stemmer = stemmer_new(row->stemmer);
	GPtrArray *terms = g_ptr_array_new_with_free_func(g_free);
	g_autofree char *folded = text_fold(text);
	const char *at = folded;
	const char *word;
	size_t length;

	for (unsigned i = 0;
	     i < TERMS_WORDS_MAX && next_word(&at, &word, &length); i++)
		if (is_a_term(row, word, length))
			g_ptr_array_add(terms,
			                stemmer_stem(stemmer, word, length));
	return terms;
}

char *
terms_text(const char *text, const char *language)
{
	g_autoptr(GPtrArray) terms = terms_of(text, language);

	g_ptr_array_add(terms, NULL);
	return g_strjoinv(" ", (char **)terms->pdata);
}

/* ---- which language ---- */

static unsigned
count_small_words(const SmallWords *row, const char *folded)
{
	const char *at = folded;
	const char *word;
	size_t length;
	unsigned count = 0;

	for (unsigned i = 0;
	     i < TERMS_WORDS_MAX && next_word(&at, &word, &length); i++)
		if (length <= TERM_CHARACTERS_MAX &&
		    is_among(row->words, word, length))
			count++;
	return count;
}

const char *
terms_language(const char *text, const char *fallback)
{
	g_autofree char *folded = text_fold(text);
	const char *best = fallback;
	unsigned most = SMALL_WORDS_MIN - 1;
	bool is_tie = false;

	for (const SmallWords *row = small_words; row->language != NULL;
	     row++) {
		unsigned count = count_small_words(row, folded);

		is_tie = count == most ? true : count < most && is_tie;
		if (count > most) {
			best = row->language;
			most = count;
		}
	}
	return is_tie ? fallback : best;
}
