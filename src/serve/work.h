/* What the processes of serve do: one row a kind.
 *
 * A process has its own copy of the configuration and opens for itself what it
 * needs; it ends with 0 when it was asked to (SIGTERM). */
#pragma once

#include <glib.h>

#include "desk/desk.h"

typedef struct WorkKind {
	const char *name;
	/* How many of them that desk needs. */
	unsigned (*count)(const Desk *desk);
	/* What the index-th is called beside the name; NULL: nothing. */
	const char *(*title)(const Desk *desk, unsigned index);
	/* listeners (of Listener) are for who serves a door.  The exit status.
	 */
	int (*run)(Desk *desk, const GPtrArray *listeners, unsigned index);
	bool needs_listeners;
} WorkKind;

/* In the order of starting; they are stopped in the opposite order.  NULL
 * behind the last. */
const WorkKind *work_kind_at(unsigned i);
