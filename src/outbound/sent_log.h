/* What was begun and what was sent, in a flat file beside the database.
 *
 * A line "ID TIME begun" before a mail is handed to the server, a line
 * "ID MESSAGE-ID TIME DIGEST" after its 250; both are written at once and on
 * the disk (fsync) before the rows are settled.  A process that is killed
 * leaves all its lines, so what it never began is known to be unsent; after a
 * power cut the last lines may be missing, and nothing is known
 * (sender.c tells the two apart).  A database that is restored from a backup
 * leaves rows that look unsent; those whose line stands here are not sent again
 * (faults.md 3.6).  The digest is of the mail's octets, since ids begin again
 * after a restore: another mail under an old id is sent.
 *
 * The settling transaction keeps the file's length in the database, and a lease
 * the length at its beginning, so that only what came behind has to be read at
 * the start. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include <glib.h>

#include "desk/record.h"

/* Read again from so far before the kept length, for whatever another program
 * may have done to the file. */
#define SENT_LOG_OVERLAP  16384
#define SENT_LOG_LINE_MAX 1024

typedef struct SentLog SentLog;

/* Opens or makes the file and reads it from from (or a little before). ERROR_IO
 * on failure. */
SentLog *sent_log_open(const char *path, int64_t from, GError **error);
void sent_log_close(SentLog *log);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SentLog, sent_log_close)

/* Its length now. */
int64_t sent_log_length(const SentLog *log);

/* Adds a line; it is there for all who open the file, not yet on the disk. */
bool sent_log_begin(SentLog *log, int64_t id, int64_t at, GError **error);
/* The row has its body. */
bool sent_log_add(SentLog *log, const OutboxRow *row, int64_t at,
                  GError **error);
/* Has all lines on the disk before it returns. */
bool sent_log_sync(SentLog *log, GError **error);

/* Was this very mail (id, Message-ID and octets) among the lines read at the
 * start?  The row has its body. */
bool sent_log_has(const SentLog *log, const OutboxRow *row);

/* Is there such a line of this id among them? */
bool sent_log_names(const SentLog *log, int64_t id);

/* Was it begun behind that place, among the lines read at the start? */
bool sent_log_was_begun(const SentLog *log, int64_t id, int64_t since);
