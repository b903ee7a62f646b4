/* Attachments: names made safe, sizes and digests of the decoded octets.
 *
 * A name is for people to read, never a path: files are known by their digest.
 * Even so it is made harmless after it was normalised, since a check before
 * that can be passed by (faults.md X-09): no directories, no leading dot, no
 * device names, no characters that hide or reorder; unique in its mail. */
#pragma once

#include <glib.h>

#include "desk/mail.h"

#include "message/mime.h"

/* octets of a name; what is longer is cut, its extension kept */
#define ATTACH_NAME_MAX      200
#define ATTACH_EXTENSION_MAX 16

typedef struct AttachList AttachList;

/* hint is the charset of raw names, or NULL; borrowed, as mail is. */
AttachList *attach_list_new(Mail *mail, const char *hint);
void attach_list_free(AttachList *list);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(AttachList, attach_list_free)

/* Every leaf and attached mail below part whose role is MIME_FILE, in order. */
void attach_parts(AttachList *list, const MimePart *part);

/* A file that was found inside something else (TNEF, uuencode); name (valid
 * UTF-8) and type may be NULL. */
void attach_file(AttachList *list, const char *name, const char *type,
                 Slice octets);

/* The name a part gives itself, decoded but not made safe; NULL if none.
 * Owned by the caller. */
char *attach_name_of(const MimePart *part, const char *hint);

/* text (clean, one line) as a harmless file name; NULL if nothing is left of
 * it.  Owned by the caller. */
char *attach_safe_name(const char *text);
