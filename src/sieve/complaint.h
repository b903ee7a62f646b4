/* What is wrong with a script: all of it, each with its place. */
#pragma once

#include <glib.h>

/* more than that help nobody */
#define COMPLAINTS_MAX 100

typedef struct ScriptPlace {
	unsigned line;   /* from 1 */
	unsigned column; /* from 1, in characters; a tab is one */
} ScriptPlace;

typedef struct Complaints {
	GArray *list; /* of Complaint (complaint.c) */
} Complaints;

Complaints *complaints_new(void);
void complaints_free(Complaints *complaints);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Complaints, complaints_free)

void complain_at(Complaints *complaints, ScriptPlace place, const char *format,
                 ...) G_GNUC_PRINTF(3, 4);

/* Appends "file:line:column: why" (char *) each to out, by their places. */
void complaints_tell(const Complaints *complaints, const char *file,
                     GPtrArray *out);
