/* The small words of each language, which every text has: they say which
 * language it is, and nothing about what it is about. */
#pragma once

typedef struct SmallWords {
	const char *language;
	const char *stemmer; /* Snowball's name of it */
	const char *words;   /* folded, between blanks, sorted for nobody */
} SmallWords;

/* Ends with a NULL language. */
extern const SmallWords small_words[];

/* Folded, between blanks: greetings and politeness, in all the languages. */
extern const char polite_words[];
