/* "On Monday, Ana wrote:" in its many shapes.
 *
 * A line is not compared with patterns but weighed: a first word ("on", "el"),
 * a date, an address, a verb, a colon.  So an unknown client or an unusual
 * date still counts, and no pattern can be made to backtrack. */
#pragma once

#include <stdbool.h>

#include <glib.h>

typedef enum AttributionShape {
	ATTRIBUTION_NONE,
	/* only if a quote stands below: "Ana wrote:" */
	ATTRIBUTION_WEAK,
	/* complete, but it may have begun a line earlier: "Ana <a@x> wrote:" */
	ATTRIBUTION_NAMED,
	/* complete with its beginning: "On ...", "23 mar ..." */
	ATTRIBUTION_STRONG,
} AttributionShape;

/* folded: one or several lines of text joined with blanks (quote_fold). */
AttributionShape attribution_shape(const char *folded);

/* A line could be the end of an attribution: worth joining with others. */
bool attribution_may_end(const char *folded);

/* Where an attribution begins inside the raw line ("thanks On Wed, 4 Apr 2012
 * at 3:59 PM, bob@x wrote:"): its offset in octets, 0 if it does not. */
gsize attribution_inside(const char *line, gsize length);
