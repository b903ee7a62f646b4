/* Words cut to their stems, by Snowball (libstemmer), which is loaded when the
 * first word is. */
#pragma once

#include <stddef.h>

#include <glib.h>

typedef struct Stemmer Stemmer;

/* language as Snowball calls it: "spanish".  NULL: there is none for it, or
 * the library is not on this machine. */
Stemmer *stemmer_new(const char *language);
void stemmer_free(Stemmer *stemmer);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Stemmer, stemmer_free)

/* The stem of a folded word of length octets; the word itself where stemmer is
 * NULL.  Owned by the caller. */
char *stemmer_stem(Stemmer *stemmer, const char *word, size_t length);
