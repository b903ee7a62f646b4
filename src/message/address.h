/* Address lists as people and programs really write them.
 *
 * RFC 5322 section 3.4 with its obsolete forms, and what is outside of it:
 * missing quotes and brackets, ";" between addresses, groups without end, raw
 * octets, encoded words inside quotes, "Bob bob@example.com", a whole address
 * inside an encoded word.  One pass, no recursion, so nested groups and
 * comments cost nothing (faults.md P-03, P-11). */
#pragma once

#include <glib.h>

#include "desk/mail.h"

#include "message/scan.h"

/* octets of an addr-spec; what is longer is no address */
#define ADDRESS_OCTETS_MAX 1024

/* Appends to list (of MailAddress, strings kept by mail) until it has
 * MAIL_ADDRESSES_MAX; more are warned of.  hint: charset of raw octets. */
void address_list_read(Mail *mail, GArray *list, Slice value, const char *hint);
