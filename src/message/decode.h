/* Transfer encodings, undone without complaint (faults.md P-10).
 *
 * Garbage is skipped, missing or misplaced padding forgiven, whatever can be
 * read is.  Output is never longer than the input.  Decoders append to out. */
#pragma once

#include <stdbool.h>

#include <glib.h>

#include "message/scan.h"

typedef enum Encoding {
	ENCODING_NONE, /* 7bit, 8bit, binary, and what we do not know */
	ENCODING_BASE64,
	ENCODING_QUOTED,
	ENCODING_UU,
} Encoding;

/* Of a Content-Transfer-Encoding; *out_known is false for a name that is none
 * of ours ("16-bit"), which means NONE. */
Encoding encoding_from_name(Slice name, bool *out_known);

/* RFC 2045 section 6.8; padding in the middle ends a group, not the text. */
void decode_base64(const char *octets, gsize length, GString *out);

/* RFC 2045 section 6.7. */
void decode_quoted(const char *octets, gsize length, GString *out);

/* The Q of RFC 2047: "_" is a space. */
void decode_q(const char *octets, gsize length, GString *out);

/* One line of uuencode; appends nothing if it is none. */
void decode_uu_line(Slice line, GString *out);

/* A sink takes decoded octets in steps of at most DECODE_STEP. */
#define DECODE_STEP 65536
typedef void (*DecodeSink)(void *sink, const char *octets, gsize length);

/* The octets of a part in steps, so that a large one need not be in memory
 * twice.  Returns how many there were. */
gsize decode_steps(Slice octets, Encoding encoding, DecodeSink take,
                   void *sink);

/* All of them at once. */
GString *decode_all_octets(Slice octets, Encoding encoding);
