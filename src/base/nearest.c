#include "base/nearest.h"

#include <string.h>

#include <glib.h>

#define WORD_MAX 40

/* Insertions, deletions, replacements and swaps of neighbours. */
static unsigned
distance(const char *a, const char *b)
{
	unsigned rows[3][WORD_MAX + 1];
	size_t width = strlen(b);

	for (unsigned j = 0; j <= width; j++)
		rows[1][j] = j;
	for (unsigned i = 1; i <= strlen(a); i++) {
		unsigned *row = rows[(i + 1) % 3];
		const unsigned *above = rows[i % 3];
		const unsigned *second = rows[(i + 2) % 3];
		row[0] = i;
		for (unsigned j = 1; j <= width; j++) {
			unsigned cost = a[i - 1] != b[j - 1];
			row[j] = MIN(MIN(above[j], row[j - 1]) + 1,
			             above[j - 1] + cost);
			if (i > 1 && j > 1 && a[i - 1] == b[j - 2] &&
			    a[i - 2] == b[j - 1])
				row[j] = MIN(row[j], second[j - 2] + 1);
		}
	}
	return rows[(strlen(a) + 1) % 3][width];
}

const char *
nearest_word(const char *word, const char *const *words)
{
	const char *best = NULL;
	unsigned best_distance = (unsigned)MIN(strlen(word) / 3 + 1, 3) + 1;

	if (strlen(word) > WORD_MAX)
		return NULL;
	for (; *words != NULL; words++) {
		if (strlen(*words) > WORD_MAX)
			continue;
		unsigned d = distance(word, *words);
		if (d < best_distance) {
			best = *words;
			best_distance = d;
		}
	}
	return best;
}
