/* The words by which mail clients speak of older mails, in forty languages.
 *
 * Rows are written as clients write them and compared after text_fold(), so
 * accents, case and full-width forms do not matter.  Each table says where its
 * rows come from.  Adding a language is adding rows. */
#pragma once

#include <stdbool.h>

#include <glib.h>

/* How a word of a table must stand in the text. */
typedef enum WordPlace {
	WORD_WHOLE, /* blanks or punctuation on both sides */
	WORD_STEM,  /* only in front of it: endings follow ("napisał(a)") */
	WORD_PART,  /* anywhere: scripts without blanks */
} WordPlace;

/* Folded text: length octets of it, or only its first QUOTE_PREFIX_OCTETS if
 * it is longer than QUOTE_MARKER_OCTETS_MAX.  Blanks at the ends are gone.
 * Owned by the caller. */
char *quote_fold(const char *text, gsize length);

/* ---- "On ... wrote:" ---- */

/* A verb of an attribution line stands in folded. */
bool quote_has_verb(const char *folded);
/* ... and is its last word. */
bool quote_ends_with_verb(const char *folded);

/* folded begins with the first words of an attribution ("on", "w dniu"):
 * their length in octets, 0 if it does not. */
gsize quote_lead_in(const char *folded);
/* The same for words that need no verb behind them ("zitat von"). */
gsize quote_lead_verb(const char *folded);

/* ---- "-----Original Message-----" ---- */

typedef enum SeparatorKind {
	SEPARATOR_NONE,
	SEPARATOR_REPLY,
	SEPARATOR_FORWARD,
	SEPARATOR_ABOVE, /* "please reply above this line" */
} SeparatorKind;

SeparatorKind quote_separator(const char *folded);

/* ---- "From: ..." ---- */

typedef enum HeaderRole {
	HEADER_NONE,
	HEADER_FROM,
	HEADER_DATE,
	HEADER_TO,
	HEADER_SUBJECT,
	HEADER_CC,
	HEADER_OTHER,
} HeaderRole;

/* folded begins with a header name and a colon; *out_value (may be NULL) is
 * behind the colon. */
HeaderRole quote_header(const char *folded, const char **out_value);

/* ---- what telephones and lawyers add ---- */

bool quote_is_tagline(const char *folded);
bool quote_is_legal(const char *folded);
/* the footer of a mailing list or of another desk's notification */
bool quote_is_list_footer(const char *folded);

/* "fwd:", "wg:", "rv:" at the beginning of a folded subject */
bool quote_is_forward_prefix(const char *folded);

/* ---- shapes ---- */

/* The octets of the dash, underline, asterisk ... that p begins with, or 0. */
gsize quote_dash(const char *p);
