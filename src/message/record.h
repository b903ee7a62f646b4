/* A Mail as octets, to cross the pipe from the parser's child.
 *
 * The child is not trusted: a mail may have taken it over.  So unpacking checks
 * every length, count and enumerator, and that every string is clean UTF-8 as
 * desk/mail.h promises; a record that breaks a promise is refused whole.  The
 * digests and the size do not cross: the parent takes them himself. */
#pragma once

#include <glib.h>

#include "desk/mail.h"

/* more than a mail within the limits of desk/mail.h can come to */
#define RECORD_OCTETS_MAX (32 << 20)

/* Never fails; a record over RECORD_OCTETS_MAX is refused by its reader. */
GBytes *record_pack(const Mail *mail);

/* ERROR_MALFORMED if it is not a record of a Mail. */
Mail *record_unpack(GBytes *record, GError **error);
