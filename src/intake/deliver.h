/* One mail on standard input, for an MTA's pipe (design section 4).
 *
 * A small parent holds the octets and a child works on them.  The parent says
 * 0 once the child has committed, and 75 in every other case: trouble, doubt,
 * death of the child, too long.  Only 0 and 75 mean the same to every MTA
 * (faults.md 1.2), and nothing is ever printed, since Exim takes any output for
 * a failure. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include <glib.h>

#include "desk/desk.h"

#include "clerk/clerk.h"

/* what the parent takes; a mail over Limits.message_octets is still taken,
 * kept raw and not read */
#define DELIVER_OCTETS_MAX ((size_t)512 << 20)

/* Well before any MTA's patience: Postfix bounces after 1000 s. */
#define DELIVER_SECONDS 30

typedef struct DeliverOptions {
	/* Loads the configuration, in the child: owned by the caller. */
	Desk *(*load)(const char *path, GError **error);
	const char *config_path;
	const char *sender;            /* envelope; NULL: not known */
	const char *const *recipients; /* envelope; may be empty */
} DeliverOptions;

/* 0 or 75 (EX_TEMPFAIL). */
int deliver_standard_input(const DeliverOptions *options);
