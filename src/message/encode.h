/* Text and octets into the seven bits of a mail: transfer encodings, header
 * fields, words and parameters.  decode.h is the way back.
 *
 * Everything is appended to out with CR LF, in lines of at most 78 columns
 * where the content has a place to break and never over 998 (RFC 5322 section
 * 2.1.1).  Text is valid UTF-8.  In a header, controls become spaces
 * (text_clean_line), so that no value can begin a field of its own (faults.md
 * */
#pragma once

#include <stdbool.h>

#include <glib.h>

#define ENCODE_COLUMNS 76

/* RFC 2045 section 6.7; LF in text ends a line.  A line is never ".", never
 * begins with "From " or "--=_" (compose.c's boundaries). */
void encode_quoted(GString *out, const char *text);

/* RFC 2045 section 6.8. */
void encode_base64(GString *out, const void *octets, gsize size);

/* Can stand as it is: ASCII, short lines, nothing that mail servers change. */
bool encode_is_plain(const char *text);

/* "Name: value" with RFC 2047 where it is needed. */
void encode_field(GString *out, const char *name, const char *value);

/* "Name: Display Name <user@domain>"; name may be NULL or "".  ERROR_MALFORMED
 * for an address that cannot be one; a domain of other letters is written in
 * ASCII (IDNA), a local part of other letters as it is (RFC 6532). */
bool encode_address_field(GString *out, const char *field, const char *name,
                          const char *address, GError **error);

/* A Message-ID that can be written: ASCII without spaces and angle brackets,
 * at most 900 octets. */
bool encode_is_id(const char *id);

/* "Name: <id> <id>"; ids are without <>.  Those that cannot be written, as
 * other people's may be (faults.md P-05), are left out, and the field with
 * them if none is left. */
void encode_ids_field(GString *out, const char *field, const char *const *ids);

/* ";\r\n\tname=value", by RFC 2231 where that is needed.  name is short and
 * ours (faults.md P-12). */
void encode_parameter(GString *out, const char *name, const char *value);
