/* What was sent, in a flat file beside the database.
 *
 * One line per mail, "ID MESSAGE-ID TIME DIGEST", on the disk (fsync) before
 * the row is settled.  A database that is restored from a backup, or a crash
 * between the server's 250 and the commit, leaves rows that look unsent; those
 * whose line stands here are not sent again (faults.md 3.6).  The digest is of
 * the mail's octets, since ids begin again after a restore: another mail under
 * an old id is sent.
 *
 * The settling transaction keeps the file's length in the database, so that
 * only what came behind it has to be read at the start. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include <glib.h>

#include "desk/record.h"

/* Read again from so far before the kept length: other senders may have written
 * lines there whose rows were not settled. */
#define SENT_LOG_OVERLAP  16384
#define SENT_LOG_LINE_MAX 1024

typedef struct SentLog SentLog;

/* Opens or makes the file; known is the length that the database knows.
 * ERROR_IO on failure. */
SentLog *sent_log_open(const char *path, int64_t known, GError **error);
void sent_log_close(SentLog *log);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SentLog, sent_log_close)

/* Adds a line and has it on the disk before it returns; *out_length is the
 * file's length behind it.  The row has its body. */
bool sent_log_add(SentLog *log, const OutboxRow *row, int64_t at,
                  int64_t *out_length, GError **error);

/* Was this very mail (id, Message-ID and octets) among the lines read at the
 * start?  The row has its body. */
bool sent_log_has(const SentLog *log, const OutboxRow *row);

/* Is there a line of this id among them? */
bool sent_log_names(const SentLog *log, int64_t id);
