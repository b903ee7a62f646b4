/* Looking at things: aligned tables for people, colour only on a terminal. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include <glib.h>

/* A table that is printed when all its rows are known.  The last column takes
 * what is left of the terminal's width; on a pipe nothing is cut. */
typedef struct Table Table;

/* headings: NULL-terminated, borrowed for the table's life. */
Table *table_new(const char *const *headings);
/* As many texts as there are headings; NULL prints as "-". */
void table_add(Table *table, ...);
/* Prints and frees. */
void table_print(Table *table);

typedef enum Tone { TONE_PLAIN, TONE_BOLD, TONE_DIM, TONE_GOOD, TONE_BAD } Tone;

/* Whether standard output is a terminal that wants colour ($NO_COLOR). */
bool report_has_colour(void);
/* text between the tone's escape sequences, or alone; owned by the caller. */
char *report_tone(Tone tone, const char *text);

/* "2026-03-29 00:59" in UTC, "-" for 0; owned by the caller. */
char *report_time(int64_t at);

/* "key   value" lines with the keys aligned. */
void report_pair(const char *key, const char *value);
