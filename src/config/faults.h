/* The faults of a configuration, each with its place; all of them are found in
 * one pass and told in the order of the files. */
#pragma once

#include <glib.h>

/* More are counted, not kept: a binary given as a configuration. */
#define FAULTS_MAX 200

typedef struct Place {
	const char *file; /* as it is told: the path that was opened */
	unsigned line;    /* from 1; 0: the file as a whole */
} Place;

typedef struct Faults Faults;

Faults *faults_new(void);
void faults_free(Faults *faults);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Faults, faults_free)

/* place.file is borrowed and outlives faults. */
void faults_add(Faults *faults, Place place, const char *format, ...)
	G_GNUC_PRINTF(3, 4);
unsigned faults_count(const Faults *faults);

/* "file:line: why" each, appended to out as char *, owned by out. */
void faults_tell(Faults *faults, GPtrArray *out);
