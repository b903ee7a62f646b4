/* Takes what only the receiver of a mail may hold out of words that travel on.
 *
 * A reply token or a signed name quoted in an answer would let whoever reads
 * it write as somebody else (faults.md A-23, 4.4), so whatever has their shape
 * goes, ours or not: support+TOKEN@acme.example becomes support@acme.example,
 * and [p.12.3.MAC] becomes nothing. */
#pragma once

/* Owned by the caller. */
char *scrub_text(const char *text);
