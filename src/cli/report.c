#include "cli/report.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/text.h"

#define COLUMNS_MAX      12
#define LAST_COLUMN_MIN  16
#define PAIR_KEY_COLUMNS 14

struct Table {
	const char *const *headings;
	unsigned columns;
	GPtrArray *cells; /* of char *, row by row */
};

static const char *const escapes[] = {
	[TONE_PLAIN] = "",       [TONE_BOLD] = "\033[1m",
	[TONE_DIM] = "\033[2m",  [TONE_GOOD] = "\033[32m",
	[TONE_BAD] = "\033[31m",
};

bool
report_has_colour(void)
{
	const char *no_colour = g_getenv("NO_COLOR");

	return (no_colour == NULL || *no_colour == '\0') &&
	       isatty(STDOUT_FILENO) &&
	       g_strcmp0(g_getenv("TERM"), "dumb") != 0;
}

char *
report_tone(Tone tone, const char *text)
{
	if (tone == TONE_PLAIN || !report_has_colour())
		return g_strdup(text);
	return g_strconcat(escapes[tone], text, "\033[0m", NULL);
}

Table *
table_new(const char *const *headings)
{
	Table *table = g_new0(Table, 1);

	table->headings = headings;
	table->columns = g_strv_length((char **)(uintptr_t)headings);
	table->cells = g_ptr_array_new_with_free_func(g_free);
	g_assert(table->columns <= COLUMNS_MAX);
	return table;
}

void
table_add(Table *table, ...)
{
	va_list texts;

	va_start(texts, table);
	for (unsigned i = 0; i < table->columns; i++) {
		const char *text = va_arg(texts, const char *);

		g_ptr_array_add(table->cells,
		                g_strdup(text == NULL ? "-" : text));
	}
	va_end(texts);
}

/* columns of the terminal; 0: no terminal, no limit */
static size_t
terminal_columns(void)
{
	struct winsize size;

	if (!isatty(STDOUT_FILENO) ||
	    ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0)
		return 0;
	return size.ws_col;
}

static void
measure(const Table *table, size_t *widths)
{
	for (unsigned i = 0; i < table->columns; i++)
		widths[i] = text_columns(table->headings[i]);
	for (unsigned i = 0; i < table->cells->len; i++) {
		size_t width = text_columns(table->cells->pdata[i]);
		unsigned column = i % table->columns;

		widths[column] = MAX(widths[column], width);
	}
}

/* the last column shrinks to what the terminal leaves */
static void
fit(const Table *table, size_t *widths)
{
	size_t left = terminal_columns();

	if (left == 0)
		return;
	for (unsigned i = 0; i + 1 < table->columns; i++)
		left = left > widths[i] + 2 ? left - widths[i] - 2 : 0;
	unsigned last = table->columns - 1;
	widths[last] = MIN(widths[last], MAX(left, LAST_COLUMN_MIN));
}

static void
print_cell(const char *text, size_t width, bool is_last, Tone tone)
{
	g_autofree char *cut = text_shorten(text, width);
	g_autofree char *toned = report_tone(tone, cut);
	size_t pad = is_last ? 0 : width - text_columns(cut) + 2;

	printf("%s%*s", toned, (int)pad, "");
	if (is_last)
		putchar('\n');
}

void
table_print(Table *table)
{
	size_t widths[COLUMNS_MAX];

	measure(table, widths);
	fit(table, widths);
	for (unsigned i = 0; i < table->columns; i++)
		print_cell(table->headings[i], widths[i],
		           i + 1 == table->columns, TONE_BOLD);
	for (unsigned i = 0; i < table->cells->len; i++) {
		unsigned column = i % table->columns;

		print_cell(table->cells->pdata[i], widths[column],
		           column + 1 == table->columns, TONE_PLAIN);
	}
	g_ptr_array_unref(table->cells);
	g_free(table);
}

char *
report_time(int64_t at)
{
	if (at == 0)
		return g_strdup("-");
	char *text = instant_to_text(at);
	text[10] = ' ';
	text[16] = '\0';
	return text;
}

void
report_pair(const char *key, const char *value)
{
	g_autofree char *toned = report_tone(TONE_DIM, key);
	size_t width = text_columns(key);
	int pad =
		width < PAIR_KEY_COLUMNS ? (int)(PAIR_KEY_COLUMNS - width) : 1;

	printf("%s%*s%s\n", toned, pad, "", value == NULL ? "-" : value);
}
