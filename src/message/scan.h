/* Our own bounded scanner of header blocks, and the digests of a mail.
 *
 * It looks at octets only: it decodes nothing, allocates nothing that the mail
 * could choose the size of, and never goes back.  It is what is left when the
 * reader proper died of a mail, and what the reader itself stands on.  All
 * slices point into the octets given and live as long as they do.
 *
 * What it forgives: a byte order mark, blank lines and mbox "From " lines on
 * top, blanks before the colon, a line that is no field between fields (kept as
 * a continuation), a missing blank line before the body, and CR, LF or CR LF as
 * ends of lines. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include <glib.h>

/* a longer one is no name: the octets of a line (RFC 5322 section 2.1.1) */
#define SCAN_NAME_MAX 998

typedef struct Slice {
	const char *at; /* not terminated; may hold NULs */
	gsize length;
} Slice;

typedef struct ScanField {
	Slice name;
	Slice value; /* as it stands, folds and all, blanks at the ends cut */
} ScanField;

typedef struct ScanHeader {
	GArray *fields; /* of ScanField */
	gsize body;     /* where the body begins; at most the length given */
	bool is_cut;    /* over MAIL_FIELDS_MAX or one of the octet limits */
	bool has_junk;  /* a line that is no field stood among the fields */
	bool is_open;   /* no blank line before the body */
} ScanHeader;

typedef enum ScanPlace {
	SCAN_MAIL, /* the top of a mail: marks, blank and "From " lines may lead
	            */
	SCAN_PART, /* a part: a blank line at once means no header */
} ScanPlace;

/* Never fails: a mail without header has no fields and body 0. */
void scan_header(const char *octets, gsize length, ScanPlace place,
                 ScanHeader *out_header);
void scan_header_release(ScanHeader *header);

/* The value of the first field of that name (ASCII case); at is NULL if there
 * is none. */
Slice scan_find(const ScanHeader *header, const char *name);

/* The next line from at: its octets without the end of line; *next is the
 * first octet after it.  With lone_cr a CR alone ends a line too. */
Slice scan_line(const char *at, const char *end, bool lone_cr,
                const char **next);

/* Whether CR alone ends lines here: there is no LF at all. */
bool scan_has_lone_cr(const char *octets, gsize length);

/* Hexadecimal, owned by the caller. */
char *scan_sha256(const char *octets, gsize length);

/* Of the canonical mail (design section 5): Message-ID, From, Date and Subject
 * with folds and runs of blanks as one space, then the body with LF as the end
 * of lines and without blank lines at its end.  Trace fields do not count, so
 * the same mail has the same digest by whatever way it came. */
char *scan_content_hash(const char *octets, gsize length,
                        const ScanHeader *header);
