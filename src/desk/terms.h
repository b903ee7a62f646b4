/* Words of a text as a search sees them: folded, without the words that every
 * text has, cut to their stems.
 *
 * "Las impresoras no imprimen" and "mi impresora no imprime" have the same
 * terms.  Where there are no stems for a
 * language (base/stem.h), words stay whole and still match themselves. */
#pragma once

#include <glib.h>

/* Words looked at in one text; what follows adds nothing to a search. */
#define TERMS_WORDS_MAX     20000
/* A longer word is no word. */
#define TERM_CHARACTERS_MAX 40

/* The terms of text in the order of their words, with repeats; language is
 * "es", "en", "pt" ..., or NULL for "not known" (English stems).  Of char *,
 * owned by the caller. */
GPtrArray *terms_of(const char *text, const char *language);

/* The same, with blanks between; owned by the caller. */
char *terms_text(const char *text, const char *language);

/* The language of a text, by its small words; fallback (may be NULL) where
 * they do not tell.  Borrowed. */
const char *terms_language(const char *text, const char *fallback);
