/* The parts of a mail: a tree of slices of its octets.
 *
 * Our own walk and not a library's, because the limits of design section 19
 * must hold while the tree is built (faults.md P-08), because an attached mail
 * must keep its exact octets, and because one deep or odd field must not be
 * able to end the process.  Nothing is decoded but an attached mail that came
 * encoded.  What exceeds a limit becomes one opaque leaf. */
#pragma once

#include <stdbool.h>

#include <glib.h>

#include "message/decode.h"
#include "message/scan.h"

/* RFC 2046 section 5.1.1 says 70; longer ones are seen */
#define MIME_BOUNDARY_MAX 4096

/* What the reader made of a part; every part begins as a file. */
typedef enum MimeRole {
	MIME_FILE,   /* an attachment, if it is a leaf or an attached mail */
	MIME_TEXT,   /* part of the readable text */
	MIME_SHADOW, /* another form of what is text or unpacked already */
} MimeRole;

typedef struct MimePart MimePart;

struct MimePart {
	MimeRole role;
	ScanHeader header;
	char *type;        /* lower case "text/plain"; never "" */
	bool has_type;     /* the mail says so itself */
	char *disposition; /* "attachment", "inline", another word, or NULL */
	Encoding encoding;
	Slice octets; /* header and body */
	Slice body;   /* still encoded */
	const MimePart *parent;
	unsigned level;
	GPtrArray *children; /* of MimePart *, owned; empty for a leaf */
};

typedef struct MimeTree {
	MimePart *root;
	GPtrArray *buffers; /* of GString *: what parts had to be decoded to */
	unsigned parts;
	bool too_deep;
	bool too_many;
	bool no_boundary; /* a multipart whose parts cannot be told apart */
	bool unknown_encoding; /* of some part */
} MimeTree;

/* Never NULL.  The slices point into octets, which must outlive the tree. */
MimeTree *mime_tree_new(const char *octets, gsize length);
void mime_tree_free(MimeTree *tree);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(MimeTree, mime_tree_free)

/* The value of a field of the part; at is NULL if there is none. */
Slice mime_field(const MimePart *part, const char *name);

bool mime_is(const MimePart *part, const char *type);
/* "multipart/" and such */
bool mime_is_a(const MimePart *part, const char *prefix);
bool mime_is_leaf(const MimePart *part);

/* The decoded octets of a leaf; for an attached mail, those of the mail.
 * Owned by the caller. */
GString *mime_decoded(const MimePart *part);

/* Reads octets (kept by the tree from now on) as a part of its own below
 * parent: the content of a signed mail. */
MimePart *mime_add_child(MimeTree *tree, MimePart *parent, GString *octets);
