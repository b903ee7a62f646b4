/* Outlook's rich text, as far as words go.
 *
 * PR_RTF_COMPRESSED (MS-OXRTFCP) out of its packing, and RTF to text or, where
 * it only wraps HTML (MS-OXRTFEX), back to that HTML.  Layout, pictures and
 * fields are dropped. */
#pragma once

#include <stdbool.h>

#include <glib.h>

/* unpacked; a packed octet can become eight or nine */
#define RTF_OCTETS_MAX (8 << 20)
/* braces in braces; deeper ones are read at this depth */
#define RTF_DEPTH_MAX  100

/* NULL if it is neither of the two packings.  Owned by the caller. */
GString *rtf_decompress(const char *octets, gsize length);

/* UTF-8, owned by the caller.  *out_html: it is HTML, not text. */
char *rtf_to_text(const char *rtf, gsize length, bool *out_html);
