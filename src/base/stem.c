#include "base/stem.h"

#include <libstemmer.h>

#include "base/lazy.h"

struct Stemmer {
	struct sb_stemmer *snowball;
};

typedef struct StemTable {
	struct sb_stemmer *(*open)(const char *language, const char *charset);
	const sb_symbol *(*stem)(struct sb_stemmer *stemmer,
	                         const sb_symbol *word, int size);
	int (*length)(struct sb_stemmer *stemmer);
	void (*close)(struct sb_stemmer *stemmer);
} StemTable;

static const char *const sonames[] = { "libstemmer.so.0d", NULL };

static const LazyFunction functions[] = {
	{ "sb_stemmer_new", offsetof(StemTable, open) },
	{ "sb_stemmer_stem", offsetof(StemTable, stem) },
	{ "sb_stemmer_length", offsetof(StemTable, length) },
	{ "sb_stemmer_delete", offsetof(StemTable, close) },
	{ NULL, 0 },
};

/* NULL: the library is not on this machine */
static const StemTable *
stem_lazy(void)
{
	static StemTable table;

	static enum { UNTRIED, THERE, ABSENT } state;

	if (state == UNTRIED)
		state = lazy_load(sonames, functions, &table, NULL) ? THERE
		                                                    : ABSENT;
	return state == THERE ? &table : NULL;
}

Stemmer *
stemmer_new(const char *language)
{
	const StemTable *library = stem_lazy();
	struct sb_stemmer *snowball =
		library == NULL ? NULL : library->open(language, "UTF_8");

	if (snowball == NULL)
		return NULL;
	Stemmer *stemmer = g_new0(Stemmer, 1);
	stemmer->snowball = snowball;
	return stemmer;
}

void
stemmer_free(Stemmer *stemmer)
{
	const StemTable *library = stem_lazy();

	if (library == NULL || stemmer == NULL)
		return;
	library->close(stemmer->snowball);
	g_free(stemmer);
}

char *
stemmer_stem(Stemmer *stemmer, const char *word, size_t length)
{
	const StemTable *library = stem_lazy();

	if (library == NULL || stemmer == NULL)
		return g_strndup(word, length);
	const sb_symbol *stem =
		library->stem(stemmer->snowball, (const sb_symbol *)word,
	                      (int)length);
	if (stem == NULL)
		return g_strndup(word, length);
	return g_strndup((const char *)stem,
	                 (size_t)library->length(stemmer->snowball));
}
