/* The port of db.h on SQLite 3: the one file that knows it. */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include <sqlite3.h>

#include "base/error.h"

#include "store/db.h"

/* Writers come in turn under the lock file, so this only covers readers of
 * other programs and a hot journal. */
#define BUSY_MILLISECONDS 10000
/* "Post", in the header of the file: whose database it is */
#define APPLICATION_ID    0x506f7374

struct DbStatement {
	Db *db;
	sqlite3_stmt *stmt;
	bool is_in_use;
};

struct Db {
	sqlite3 *handle;
	char *path;
	GHashTable *statements; /* SQL text (literal) to DbStatement */
	bool is_dead;
};

/* ---- errors ---- */

/* What SQLite says, and whether the connection may go on (design section 5). */
static const struct {
	int code;
	ErrorCode means;
	bool kills;
	const char *why;
} reactions[] = {
	{ SQLITE_BUSY, ERROR_LATER, false, "the database is busy" },
	{ SQLITE_LOCKED, ERROR_LATER, false, "the database is locked" },
	{ SQLITE_FULL, ERROR_LATER, true, "the disk is full" },
	{ SQLITE_IOERR, ERROR_LATER, true, "the disk fails" },
	{ SQLITE_CORRUPT, ERROR_LATER, true, "the database is damaged" },
	{ SQLITE_NOTADB, ERROR_CONFIG, true, "not a database" },
	{ SQLITE_READONLY, ERROR_LATER, true, "the database is read-only" },
	{ SQLITE_CANTOPEN, ERROR_LATER, true, "the database cannot be opened" },
	{ SQLITE_NOMEM, ERROR_LATER, true, "out of memory" },
	{ SQLITE_CONSTRAINT, ERROR_REFUSED, false, "a rule of the database" },
};

static bool
fail(Db *db, GError **error)
{
	int code = sqlite3_errcode(db->handle) & 0xff;

	for (unsigned i = 0; i < G_N_ELEMENTS(reactions); i++) {
		if (reactions[i].code != code)
			continue;
		db->is_dead |= reactions[i].kills;
		return error_set(error, reactions[i].means, "%s: %s",
		                 reactions[i].why, sqlite3_errmsg(db->handle));
	}
	db->is_dead = true;
	return error_set(error, ERROR_LATER, "database: %s",
	                 sqlite3_errmsg(db->handle));
}

static bool
is_alive(Db *db, GError **error)
{
	if (db->is_dead)
		return error_set(error, ERROR_LATER,
		                 "the database failed before");
	return true;
}

/* ---- life ---- */

static void
statement_free(gpointer data)
{
	DbStatement *statement = data;

	sqlite3_finalize(statement->stmt);
	g_free(statement);
}

static const int open_flags[] = {
	[DB_READ] = SQLITE_OPEN_READWRITE, /* WAL readers write the -shm */
	[DB_WRITE] = SQLITE_OPEN_READWRITE,
	[DB_CREATE] = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE |
	              SQLITE_OPEN_EXCLUSIVE,
};

/* FULL, since the MTA forgets the mail once we say so.  Checkpoints are ours
 * (db_checkpoint): the first connection to a log forgets how far it was moved,
 * so SQLite's own would begin anew in each short process and never empty it. */
static const char settings[] = "PRAGMA synchronous=FULL;"
			       "PRAGMA foreign_keys=ON;"
			       "PRAGMA wal_autocheckpoint=0;"
			       "PRAGMA trusted_schema=OFF;"
			       "PRAGMA cell_size_check=ON;"
			       "PRAGMA temp_store=MEMORY;";

static bool
set_up(Db *db, DbMode mode, GError **error)
{
	sqlite3_busy_timeout(db->handle, BUSY_MILLISECONDS);
	/* the last to close would checkpoint, outside the lock that keeps
	 * checkpoints and writers apart; commits do it instead */
	sqlite3_db_config(db->handle, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1,
	                  NULL);
	sqlite3_db_config(db->handle, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
	if (!db_script(db, settings, error))
		return false;
	/* kept in the file, but a copy that was put back has lost it */
	return mode == DB_READ ||
	       db_script(db, "PRAGMA journal_mode=WAL;", error);
}

Db *
db_open(const char *path, DbMode mode, GError **error)
{
	g_autoptr(Db) db = g_new0(Db, 1);
	int flags = open_flags[mode] | SQLITE_OPEN_NOMUTEX |
	            SQLITE_OPEN_NOFOLLOW | SQLITE_OPEN_PRIVATECACHE;

	db->path = g_strdup(path);
	db->statements = g_hash_table_new_full(g_direct_hash, g_direct_equal,
	                                       NULL, statement_free);
	if (sqlite3_open_v2(path, &db->handle, flags, NULL) != SQLITE_OK) {
		fail(db, error);
		g_prefix_error(error, "%s: ", path);
		return NULL;
	}
	if (!set_up(db, mode, error)) {
		g_prefix_error(error, "%s: ", path);
		return NULL;
	}
	return g_steal_pointer(&db);
}

void
db_close(Db *db)
{
	if (db == NULL)
		return;
	g_hash_table_unref(db->statements);
	sqlite3_close(db->handle);
	g_free(db->path);
	g_free(db);
}

/* ---- statements ---- */

bool
db_script(Db *db, const char *sql, GError **error)
{
	if (!is_alive(db, error))
		return false;
	return sqlite3_exec(db->handle, sql, NULL, NULL, NULL) == SQLITE_OK ||
	       fail(db, error);
}

/* Kept by the address of the literal: the same place in the code asks again. */
static DbStatement *
prepare(Db *db, const char *sql, GError **error)
{
	DbStatement *statement = g_hash_table_lookup(db->statements, sql);

	if (statement != NULL)
		return statement;
	sqlite3_stmt *stmt;
	if (sqlite3_prepare_v3(db->handle, sql, -1, SQLITE_PREPARE_PERSISTENT,
	                       &stmt, NULL) != SQLITE_OK) {
		fail(db, error);
		return NULL;
	}
	statement = g_new0(DbStatement, 1);
	statement->db = db;
	statement->stmt = stmt;
	g_hash_table_insert(db->statements, (gpointer)(uintptr_t)sql,
	                    statement);
	return statement;
}

static int
bind_blob(sqlite3_stmt *stmt, int index, GBytes *bytes)
{
	gsize size;

	if (bytes == NULL)
		return sqlite3_bind_null(stmt, index);
	const void *data = g_bytes_get_data(bytes, &size);
	return sqlite3_bind_blob64(stmt, index, data == NULL ? "" : data, size,
	                           SQLITE_STATIC);
}

/* SQLite takes $1 for a name and numbers names by their first appearance, so
 * each value is bound by its name, never by its position. */
static int
bind_one(sqlite3_stmt *stmt, int position, char type, va_list *values)
{
	char name[16];

	snprintf(name, sizeof name, "$%d", position);
	int index = sqlite3_bind_parameter_index(stmt, name);
	switch (type) {
	case 'i':
		return sqlite3_bind_int64(stmt, index,
		                          va_arg(*values, int64_t));
	case 't':
		return sqlite3_bind_text(stmt, index,
		                         va_arg(*values, const char *), -1,
		                         SQLITE_STATIC);
	case 'b':
		return bind_blob(stmt, index, va_arg(*values, GBytes *));
	}
	g_assert_not_reached();
}

static DbStatement *
query(Db *db, GError **error, const char *sql, const char *types,
      va_list *values)
{
	if (!is_alive(db, error))
		return NULL;
	DbStatement *statement = prepare(db, sql, error);
	if (statement == NULL)
		return NULL;
	g_assert(!statement->is_in_use);
	for (int i = 0; types[i] != '\0'; i++)
		if (bind_one(statement->stmt, i + 1, types[i], values) !=
		    SQLITE_OK) {
			fail(db, error);
			return NULL;
		}
	statement->is_in_use = true;
	return statement;
}

DbStatement *
db_query(Db *db, GError **error, const char *sql, const char *types, ...)
{
	va_list values;

	va_start(values, types);
	DbStatement *statement = query(db, error, sql, types, &values);
	va_end(values);
	return statement;
}

bool
db_next(DbStatement *statement, GError **error)
{
	int result = sqlite3_step(statement->stmt);

	if (result == SQLITE_ROW)
		return true;
	if (result != SQLITE_DONE)
		fail(statement->db, error);
	return false;
}

void
db_done(DbStatement *statement)
{
	if (statement == NULL)
		return;
	sqlite3_reset(statement->stmt);
	sqlite3_clear_bindings(statement->stmt);
	statement->is_in_use = false;
}

bool
db_run(Db *db, GError **error, const char *sql, const char *types, ...)
{
	GError *trouble = NULL;
	va_list values;

	va_start(values, types);
	g_autoptr(DbStatement) statement =
		query(db, error, sql, types, &values);
	va_end(values);
	if (statement == NULL)
		return false;
	while (db_next(statement, &trouble))
		continue;
	if (trouble == NULL)
		return true;
	g_propagate_error(error, trouble);
	return false;
}

bool
db_number(Db *db, int64_t *out_number, GError **error, const char *sql,
          const char *types, ...)
{
	GError *trouble = NULL;
	va_list values;

	va_start(values, types);
	g_autoptr(DbStatement) statement =
		query(db, error, sql, types, &values);
	va_end(values);
	if (statement == NULL)
		return false;
	bool has_row = db_next(statement, &trouble);
	if (trouble != NULL) {
		g_propagate_error(error, trouble);
		return false;
	}
	*out_number = has_row ? db_int(statement, 0) : 0;
	return true;
}

/* ---- versions and transactions ---- */

bool
db_version(Db *db, int64_t *out_version, GError **error)
{
	int64_t owner;
	int64_t version;

	if (!db_number(db, &owner, error, "PRAGMA application_id", "") ||
	    !db_number(db, &version, error, "PRAGMA user_version", ""))
		return false;
	if (version != 0 && owner != APPLICATION_ID)
		return error_set(error, ERROR_CONFIG,
		                 "%s: another program's database", db->path);
	*out_version = version;
	return true;
}

/* PRAGMA takes no bound value; both numbers are ours. */
bool
db_mark_version(Db *db, unsigned version, GError **error)
{
	g_autofree char *marks = g_strdup_printf("PRAGMA application_id=%d;"
	                                         "PRAGMA user_version=%u;",
	                                         APPLICATION_ID, version);

	return db_script(db, marks, error);
}

bool
db_begin(Db *db, GError **error)
{
	return db_script(db, "BEGIN IMMEDIATE", error);
}

bool
db_commit(Db *db, GError **error)
{
	if (db_script(db, "COMMIT", error))
		return true;
	db_rollback(db);
	return false;
}

void
db_rollback(Db *db)
{
	if (sqlite3_get_autocommit(db->handle) == 0)
		sqlite3_exec(db->handle, "ROLLBACK", NULL, NULL, NULL);
}

/* ---- columns ---- */

int64_t
db_int(DbStatement *statement, int column)
{
	return sqlite3_column_int64(statement->stmt, column);
}

const char *
db_text(DbStatement *statement, int column)
{
	return (const char *)sqlite3_column_text(statement->stmt, column);
}

char *
db_dup(DbStatement *statement, int column)
{
	return g_strdup(db_text(statement, column));
}

GBytes *
db_blob(DbStatement *statement, int column)
{
	if (sqlite3_column_type(statement->stmt, column) == SQLITE_NULL)
		return NULL;
	const void *data = sqlite3_column_blob(statement->stmt, column);
	int size = sqlite3_column_bytes(statement->stmt, column);
	return g_bytes_new(data, (gsize)size);
}

/* ---- care ---- */

void
db_checkpoint(Db *db)
{
	if (db->is_dead)
		return;
	sqlite3_busy_timeout(db->handle, 0);
	sqlite3_wal_checkpoint_v2(db->handle, NULL, SQLITE_CHECKPOINT_TRUNCATE,
	                          NULL, NULL);
	sqlite3_busy_timeout(db->handle, BUSY_MILLISECONDS);
}

int64_t
db_log_octets(Db *db)
{
	g_autofree char *path = g_strconcat(db->path, "-wal", NULL);
	struct stat st;

	return stat(path, &st) == 0 ? st.st_size : 0;
}

bool
db_copy(Db *db, const char *path, GError **error)
{
	return db_run(db, error, "VACUUM INTO $1", "t", path);
}

/* A finding for each row: text, then its first column. */
static bool
add_rows(Db *db, GPtrArray *findings, const char *text, const char *sql,
         GError **error)
{
	GError *trouble = NULL;
	g_autoptr(DbStatement) rows = db_query(db, error, sql, "");

	if (rows == NULL)
		return false;
	while (db_next(rows, &trouble))
		g_ptr_array_add(findings, g_strdup_printf("%s%s", text,
		                                          db_text(rows, 0)));
	if (trouble != NULL)
		g_propagate_error(error, trouble);
	return trouble == NULL;
}

bool
db_check(Db *db, GPtrArray *out_findings, GError **error)
{
	g_autoptr(GError) trouble = NULL;

	if (add_rows(db, out_findings, "",
	             "SELECT * FROM pragma_integrity_check"
	             " WHERE integrity_check <> 'ok'",
	             &trouble) &&
	    add_rows(db, out_findings, "a row points at nothing: table ",
	             "SELECT \"table\" FROM pragma_foreign_key_check",
	             &trouble))
		return true;
	if ((sqlite3_errcode(db->handle) & 0xff) == SQLITE_CORRUPT) {
		g_ptr_array_add(out_findings, g_strdup(trouble->message));
		return true;
	}
	g_propagate_error(error, g_steal_pointer(&trouble));
	return false;
}
