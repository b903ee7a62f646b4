/* Text that people and databases can be given: valid UTF-8, no controls.
 *
 * Everything that comes out of a mail passes text_clean_line() or
 * text_clean_block() once, in message/, and is trusted to be clean above it.
 * Results are owned by the caller (g_free) unless the type is const. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include <glib.h>

/* Octets to valid UTF-8: kept if valid already; else read as windows-1252
 * where that has no hole, else with U+FFFD for each bad octet.  NULs become
 * spaces.  length as for g_utf8_validate: -1 means to the NUL. */
char *text_from_octets(const char *octets, gssize length);

/* One line: controls (C0, DEL, C1, U+2028, U+2029) become spaces, bidi
 * controls and zero-width characters that hide text are dropped, runs of
 * blanks become one space, ends trimmed.  text must be valid UTF-8. */
char *text_clean_line(const char *text);

/* Many lines: CR LF, CR, NEL, U+2028 and U+2029 become LF; of the controls only
 * LF and TAB stay; what text_clean_line() drops is dropped.  text must be valid
 * UTF-8. */
char *text_clean_block(const char *text);

/* For comparing as people do: compatibility forms, marks dropped, case folded
 * ("Señal CAÍDA" and "senal caida" are equal). */
char *text_fold(const char *text);

/* At most columns terminal columns, the last one a "…" if cut. */
char *text_shorten(const char *text, size_t columns);

/* Columns on a terminal: wide characters 2, combining ones 0. */
size_t text_columns(const char *text);

/* ASCII case only, as protocols compare.  NULL equals NULL only. */
bool text_equal_ascii(const char *a, const char *b);

/* text with each line longer than columns folded at blanks; a word longer
 * than the line stays whole.  prefix goes before each line ("> " or ""). */
char *text_wrap(const char *text, size_t columns, const char *prefix);
