/* The desk's own templates: the files of the folder that "templates" names.
 *
 * Read once, into memory; what cannot be read is as if it were not there, for
 * a notification must go (faults.md G-06).  `postigo check` says what is wrong
 * with them. */
#pragma once

#include "desk/notice.h"

#define OVERRIDES_FILE_MAX  TEMPLATE_SOURCE_MAX
#define OVERRIDES_FILES_MAX 1000

typedef struct Overrides Overrides;

/* folder may be NULL: there are none.  outer, which lives as long, is where
 * what is not in it is looked for: the desk's, for a queue's folder; or NULL.
 * Never NULL. */
Overrides *overrides_load(const char *folder, Overrides *outer);
void overrides_free(Overrides *overrides);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Overrides, overrides_free)

/* A loader for notice_render(), which lives as long as overrides; language is
 * the desk's, borrowed. */
TemplateLoader overrides_loader(Overrides *overrides, const char *language);

/* Appends "file:line: why" (char *, owned by out_faults) for each template that
 * does not compile, that asks for a value that there is not, or that replaces
 * nothing and is nobody's part. */
void overrides_check(Overrides *overrides, GPtrArray *out_faults);
