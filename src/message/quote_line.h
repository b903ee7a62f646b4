/* A mail's text as lines, each with what it is.
 *
 * First step of finding the new words: the marks of html.c are taken out, the
 * text is cut into lines, and each line gets a kind by the tables and by its
 * neighbours (wrapped attributions, header blocks).  Which lines are new is
 * decided in quote.c. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include <glib.h>

#include "message/quote_tables.h"

typedef enum LineKind {
	LINE_EMPTY,
	LINE_TEXT,
	LINE_QUOTE,       /* "> ..." */
	LINE_ATTRIBUTION, /* "On ... wrote:", or a line of it */
	LINE_SEPARATOR,   /* "-----Original Message-----" */
	LINE_FORWARD,     /* "----- Forwarded message -----" */
	LINE_HEADER,      /* of a block "From: ... Subject: ..." */
	LINE_MARKER,      /* our own "[p.TICKET.SEQ.MAC]" */
	LINE_DASHES,      /* nothing but dashes, underlines ... */
	LINE_TAGLINE,     /* "Sent from my iPhone" */
	LINE_SIGNATURE,   /* signature or legal footer */
	LINE_HISTORY,     /* old, by the markup or the decision */
} LineKind;

typedef enum LineFlag {
	LINE_IN_ATTRIBUTION = 1 << 0, /* what the markup said of it */
	LINE_IN_CONTAINER = 1 << 1,
	LINE_IN_FORWARD = 1 << 2,
	LINE_IN_SIGNATURE = 1 << 3,
	LINE_IN_INDENT = 1 << 4,
	LINE_STARTS_HISTORY = 1 << 5,
	LINE_STARTS_CONTAINER = 1 << 6,
	LINE_STRONG = 1 << 7,      /* attribution that needs no quote below */
	LINE_BLOCK_START = 1 << 8, /* first line of a header block */
	LINE_LONG = 1 << 9,        /* over QUOTE_MARKER_OCTETS_MAX */
	LINE_HAS_MARKER = 1 << 10, /* our own, quoted or not */
} LineFlag;

typedef struct Line {
	const char *start;   /* in QuoteLines.text, not terminated */
	const char *content; /* behind the quote marks */
	const char *folded;  /* of the content */
	uint32_t length;
	uint16_t flags; /* of LineFlag */
	uint8_t depth;  /* of ">", at most 255 */
	uint8_t kind;   /* LineKind */
} Line;

typedef struct QuoteLines {
	char *text; /* the readable text, without marks */
	bool cut;   /* it was longer than MAIL_TEXT_OCTETS_MAX */
	GStringChunk *folds;
	GArray *lines; /* of Line */
} QuoteLines;

/* marked_text: as for quote_find_new_words().  Owned by the caller. */
QuoteLines *quote_lines_new(const char *marked_text);
void quote_lines_free(QuoteLines *all);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(QuoteLines, quote_lines_free)

static inline Line *
quote_line(const QuoteLines *all, guint i)
{
	return &g_array_index(all->lines, Line, i);
}

/* The next line from i on, below end, that is not empty; end if there is none.
 */
guint quote_next_line(const QuoteLines *all, guint i, guint end);

/* Behind the header block that begins at i. */
guint quote_block_end(const QuoteLines *all, guint i);
