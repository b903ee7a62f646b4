/* The narrow port to a database: what a driver must offer, and no more.
 *
 * One set of portable SQL goes through it ($1, $2 ... for values, RETURNING, ON
 * CONFLICT); only full text search and row claiming differ between databases.
 * Statements are prepared once a connection and kept.  SQL is always a literal:
 * values are bound, never printed into it (faults.md X-03; a fitness test
 * looks). After a serious error the connection is dead: every later call fails.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include <glib.h>

typedef struct Db Db;
typedef struct DbStatement DbStatement;

typedef enum DbMode { DB_READ, DB_WRITE, DB_CREATE } DbMode;

/* ERROR_NOT_FOUND, ERROR_CONFIG (not a database), ERROR_REFUSED (there
 * already), ERROR_LATER. */
Db *db_open(const char *path, DbMode mode, GError **error);
void db_close(Db *db);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Db, db_close)

/* Which step of the schema the database has seen, 0 for an empty one;
 * ERROR_CONFIG if it is some other program's.  Mark writes it, inside the
 * step's transaction. */
bool db_version(Db *db, int64_t *out_version, GError **error);
bool db_mark_version(Db *db, unsigned version, GError **error);

/* A transaction that writes from the start.  A commit that fails has rolled
 * back.  Rolling back works on a dead connection too, and without one open. */
bool db_begin(Db *db, GError **error);
bool db_commit(Db *db, GError **error);
void db_rollback(Db *db);

/* Several statements without values: a step of the schema. */
bool db_script(Db *db, const char *sql, GError **error);

/* Prepares (or takes the kept one) and binds: types has a letter a value, i for
 * int64_t, t for const char * (NULL allowed), b for GBytes * (NULL allowed).
 * End it with db_done(). */
DbStatement *db_query(Db *db, GError **error, const char *sql,
                      const char *types, ...);
/* The next row; false at the end, and on an error. */
bool db_next(DbStatement *statement, GError **error);
void db_done(DbStatement *statement);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(DbStatement, db_done)

/* A statement that gives no rows. */
bool db_run(Db *db, GError **error, const char *sql, const char *types, ...);
/* The first column of its first row, or fallback without a row. */
bool db_number(Db *db, int64_t *out_number, GError **error, const char *sql,
               const char *types, ...);

/* Columns of the row at hand, from 0. */
int64_t db_int(DbStatement *statement, int column);
const char *db_text(DbStatement *statement, int column); /* borrowed, or NULL */
char *db_dup(DbStatement *statement, int column);        /* owned, or NULL */
GBytes *db_blob(DbStatement *statement, int column);     /* owned, or NULL */

/* Moves the log into the database and empties it, unless somebody reads; never
 * waits.  Its failure loses nothing: the log stays. */
void db_checkpoint(Db *db);
/* How long the log is; 0 without one. */
int64_t db_log_octets(Db *db);

/* A consistent copy in a new file; not durable before it is synced. */
bool db_copy(Db *db, const char *path, GError **error);
/* The database's own view of its health: adds a sentence per fault found. */
bool db_check(Db *db, GPtrArray *out_findings, GError **error);
