/* Old mail, read from files: single mails, mboxes, Maildirs, folders of any of
 * them.  What is read is handed over one mail at a time, in the order of the
 * names; nothing is changed or removed. */
#pragma once

#include <stdbool.h>

#include <glib.h>

/* A file of more than this is refused with a fault, not read. */
#define ARCHIVE_OCTETS_MAX ((gsize)2 << 30)

/* Takes the mail (borrowed); false ends the reading. */
typedef bool (*ArchiveTaker)(GBytes *mail, void *data, GError **error);

/* false: a path cannot be read (ERROR_NOT_FOUND), or the taker said so. */
bool archive_read(const char *path, ArchiveTaker take, void *data,
                  GError **error);
