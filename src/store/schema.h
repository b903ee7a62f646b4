/* The numbered steps from an empty database to the newest, made of
 * schema/NNN-*.sql by the makefile.  Each is one transaction; user_version
 * tells how many a database has seen.  A step that was released never changes.
 */
#pragma once

#define SCHEMA_STEPS 7

extern const char *const schema_steps[SCHEMA_STEPS];
