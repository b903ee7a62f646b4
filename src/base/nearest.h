/* What was meant: the known word that a mistyped one is nearest to. */
#pragma once

/* The nearest of words (NULL-terminated) to word, or NULL if none is near
 * enough to be what was meant. */
const char *nearest_word(const char *word, const char *const *words);
