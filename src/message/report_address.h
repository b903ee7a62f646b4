/* Addresses as they stand in reports: between words, in brackets, encoded. */
#pragma once

#include <glib.h>

#define REPORT_ADDRESS_OCTETS_MAX 320

/* The first addr-spec in [text, end), with *out_at where it stands and
 * *out_after behind it; NULL if there is none.  Its domain is lower case; the
 * caller frees it.  Linear in the length. */
char *report_address_in(const char *text, const char *end, const char **out_at,
                        const char **out_after);

/* The address of a recipient field of RFC 3464 section 2.3: "rfc822; a@b",
 * "utf-8;..." (RFC 6533), with or without type, brackets and xtext.  An
 * address of another kind ("x400;") gives NULL unless an addr-spec stands in
 * it.  The caller frees it. */
char *report_address_of_field(const char *value);

/* xtext of RFC 3461 section 4 decoded, where every "+" begins an octet that
 * needed it; else a copy.  The caller frees it. */
char *report_xtext(const char *text);
