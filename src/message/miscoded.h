/* Text that says it is base64 and is not, or not to its end.
 *
 * Scripts label plain text so, and list servers and virus scanners put their
 * lines below the code of others.  Decoded with the rest such words become
 * noise, and what they said is lost. */
#pragma once

#include "message/scan.h"

/* The octets of body that are code: all of them, none, or those above the
 * words that somebody added. */
gsize miscoded_code_length(Slice body);
