/* The subcommands of `postigo kb`: what cmd_kb.c calls. */
#pragma once

#include "cli/session.h"

/* argv[0] is the subcommand's name; the result is the exit status. */
typedef int KbRun(const Context *context, int argc, char **argv);

/* ---- kb_look.c ---- */

KbRun kb_list, kb_show, kb_search, kb_diff, kb_report;

/* ---- kb_write.c ---- */

KbRun kb_add, kb_edit, kb_move;

/* ---- kb_files.c ---- */

KbRun kb_import, kb_export;

/* An article of a file, "-" for standard input; the message of an error
 * begins with the name. */
Article *kb_read_file(const char *path, GError **error);

/* The configuration, and the store for writing. */
Store *kb_open(Session *session, const Context *context, GError **error);
