/* Text folded for the phrases of report_tables.h. */
#pragma once

#include <glib.h>

/* Runs of blanks, newlines and no-break spaces become one space, ASCII letters
 * lower case; other letters stay, so that the result is never longer.  length
 * -1: to the NUL.  The caller frees it. */
char *report_fold(const char *text, gssize length);

/* Appends text so folded, but with its capitals, and without blanks at its
 * ends. */
void report_append_flat(GString *flat, const char *text, size_t length);
