#include "store/store.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/error.h"
#include "base/fault.h"
#include "base/io.h"

#include "store/rows.h"
#include "store/schema.h"

/* ---- the lock
 * ------------------------------------------------------------------- */

/* Writers of all processes come in the order of the kernel's queue, and no
 * checkpoint runs beside one: SQLite before 3.51.3 can damage the WAL there. */
static bool
lock(Store *store, GError **error)
{
	int result;

	do
		result = flock(store->lock_fd, LOCK_EX);
	while (result != 0 && errno == EINTR);
	if (result != 0)
		return error_set_errno(error, ERROR_LATER, "%s.lock",
		                       store->path);
	store->is_locked = true;
	return true;
}

static void
unlock(Store *store)
{
	if (store->is_locked)
		flock(store->lock_fd, LOCK_UN);
	store->is_locked = false;
}

static bool
open_lock(Store *store, GError **error)
{
	g_autofree char *path = g_strconcat(store->path, ".lock", NULL);

	store->lock_fd =
		open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
	return store->lock_fd >= 0 ||
	       error_set_errno(error, ERROR_LATER, "%s", path);
}

/* ---- schema
 * ---------------------------------------------------------------------- */

static bool
read_version(Store *store, int64_t *out_version, GError **error)
{
	return db_number(store->db, out_version, error, "PRAGMA user_version",
	                 "");
}

static bool
run_step(Store *store, unsigned step, GError **error)
{
	g_autofree char *mark = NULL;

	FAULT_POINT("store.upgrade");
	/* PRAGMA takes no bound value; the number is ours */
	mark = g_strdup_printf("PRAGMA user_version=%u", step + 1);
	if (!db_script(store->db, "BEGIN IMMEDIATE", error))
		return false;
	if (db_script(store->db, schema_steps[step], error) &&
	    db_script(store->db, mark, error) &&
	    db_script(store->db, "COMMIT", error))
		return true;
	if (db_in_transaction(store->db))
		db_script(store->db, "ROLLBACK", NULL);
	return false;
}

static bool
upgrade(Store *store, GError **error)
{
	int64_t version;

	if (!read_version(store, &version, error))
		return false;
	for (unsigned step = (unsigned)version; step < SCHEMA_STEPS; step++)
		if (!run_step(store, step, error))
			return false;
	return true;
}

/* A newer database is refused: this program does not know what it means. */
static bool
check_version(Store *store, StoreMode mode, GError **error)
{
	int64_t version;

	if (!read_version(store, &version, error))
		return false;
	if (version > SCHEMA_STEPS)
		return error_set(error, ERROR_CONFIG,
		                 "%s: made by a newer Postigo (schema %d, this "
		                 "one knows %d)",
		                 store->path, (int)version, SCHEMA_STEPS);
	if (version == SCHEMA_STEPS)
		return true;
	if (mode == STORE_READ)
		return error_set(error, ERROR_LATER,
		                 "%s: its schema is older; any writing command "
		                 "upgrades it",
		                 store->path);
	bool is_upgraded = lock(store, error) && upgrade(store, error);
	unlock(store);
	return is_upgraded;
}

/* ---- life
 * ------------------------------------------------------------------------- */

static Store *
store_new(const char *path)
{
	Store *store = g_new0(Store, 1);

	store->path = g_strdup(path);
	store->lock_fd = -1;
	return store;
}

bool
store_create(const char *path, GError **error)
{
	g_autoptr(Store) store = store_new(path);

	if (g_file_test(path, G_FILE_TEST_EXISTS))
		return error_set(error, ERROR_REFUSED, "%s is there already",
		                 path);
	mode_t mask = umask(077);
	bool is_made = open_lock(store, error) && lock(store, error);
	if (is_made)
		store->db = db_open(path, DB_CREATE, error);
	is_made = is_made && store->db != NULL && upgrade(store, error);
	unlock(store);
	umask(mask);
	return is_made;
}

/* Others who may write beside the database may put another in its place. */
static bool
check_place(const char *path, GError **error)
{
	g_autofree char *directory = g_path_get_dirname(path);
	struct stat st;

	if (stat(path, &st) != 0)
		return error_set_errno(error, ERROR_CONFIG, "database %s",
		                       path);
	if ((st.st_mode & S_IWOTH) != 0)
		return error_set(error, ERROR_CONFIG,
		                 "database %s: everybody may write it", path);
	if (stat(directory, &st) != 0)
		return error_set_errno(error, ERROR_CONFIG, "%s", directory);
	if ((st.st_mode & S_IWOTH) != 0 && (st.st_mode & S_ISVTX) == 0)
		return error_set(error, ERROR_CONFIG,
		                 "%s: everybody may write in the database's "
		                 "directory",
		                 directory);
	return true;
}

Store *
store_open(const char *path, StoreMode mode, GError **error)
{
	g_autoptr(Store) store = store_new(path);

	if (!check_place(path, error))
		return NULL;
	store->db =
		db_open(path, mode == STORE_READ ? DB_READ : DB_WRITE, error);
	if (store->db == NULL || !open_lock(store, error) ||
	    !check_version(store, mode, error))
		return NULL;
	return g_steal_pointer(&store);
}

void
store_close(Store *store)
{
	if (store == NULL)
		return;
	db_close(store->db);
	if (store->lock_fd >= 0)
		close(store->lock_fd);
	g_free(store->path);
	g_free(store);
}

bool
store_begin(Store *store, GError **error)
{
	FAULT_POINT("store.lock");
	if (!lock(store, error))
		return false;
	if (!db_script(store->db, "BEGIN IMMEDIATE", error)) {
		unlock(store);
		return false;
	}
	FAULT_POINT("store.begun");
	return true;
}

/* A log that is longer is emptied after a commit, under the lock.  Short, since
 * a process that opens it alone reads it through. */
#define LOG_OCTETS_MAX (INT64_C(1) << 20)

static void
shorten_log(Store *store)
{
	g_autofree char *path = g_strconcat(store->path, "-wal", NULL);
	struct stat st;

	if (stat(path, &st) == 0 && st.st_size > LOG_OCTETS_MAX)
		db_checkpoint(store->db);
}

bool
store_commit(Store *store, GError **error)
{
	FAULT_POINT("store.commit");
	bool is_done = db_script(store->db, "COMMIT", error);
	FAULT_POINT("store.committed");
	if (is_done)
		shorten_log(store);
	else
		store_rollback(store);
	unlock(store);
	FAULT_POINT("store.unlocked");
	return is_done;
}

void
store_rollback(Store *store)
{
	if (db_in_transaction(store->db))
		db_script(store->db, "ROLLBACK", NULL);
	unlock(store);
}

bool
store_check_space(Store *store, int64_t free_octets, GError **error)
{
	int64_t free_now = io_free_space(store->path);

	if (free_now < 0 || free_now >= free_octets)
		return true;
	return error_set(error, ERROR_LATER,
	                 "%s: %" G_GINT64_FORMAT
	                 " octets free, %" G_GINT64_FORMAT " are kept free",
	                 store->path, free_now, free_octets);
}

bool
store_ballast(Store *store, int64_t octets, GError **error)
{
	g_autofree char *path = g_strconcat(store->path, ".ballast", NULL);

	if (octets == 0) {
		if (unlink(path) != 0 && errno != ENOENT)
			return error_set_errno(error, ERROR_IO, "%s", path);
		return true;
	}
	int fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (fd < 0)
		return error_set_errno(error, ERROR_IO, "%s", path);
	int result = posix_fallocate(fd, 0, octets);
	close(fd);
	errno = result;
	return result == 0 || error_set_errno(error, ERROR_IO, "%s", path);
}

bool
store_backup(Store *store, const char *path, GError **error)
{
	g_autofree char *temporary = g_strconcat(path, ".tmp", NULL);

	if (g_file_test(path, G_FILE_TEST_EXISTS))
		return error_set(error, ERROR_REFUSED, "%s is there already",
		                 path);
	unlink(temporary);
	mode_t mask = umask(077);
	bool is_copied =
		db_run(store->db, error, "VACUUM INTO $1", "t", temporary);
	umask(mask);
	if (is_copied && rename(temporary, path) != 0)
		is_copied = error_set_errno(error, ERROR_IO, "%s", path);
	if (!is_copied)
		unlink(temporary);
	return is_copied;
}

/* ---- rows
 * ----------------------------------------------------------------------------
 */

char *
rows_join(const GPtrArray *strings)
{
	GString *text = g_string_new(NULL);

	for (unsigned i = 0; i < strings->len; i++)
		g_string_append_printf(text, "%s%s", i == 0 ? "" : "\n",
		                       (const char *)strings->pdata[i]);
	return g_string_free(text, FALSE);
}

void
rows_split(const char *text, GPtrArray *strings)
{
	if (text == NULL || *text == '\0')
		return;
	g_auto(GStrv) parts = g_strsplit(text, "\n", -1);
	for (unsigned i = 0; parts[i] != NULL; i++)
		g_ptr_array_add(strings, g_strdup(parts[i]));
}

bool
rows_sequence_peek(Store *store, const char *name, int64_t *out_next,
                   GError **error)
{
	return db_number(store->db, out_next, error,
	                 "SELECT last + 1 FROM sequence WHERE name = $1", "t",
	                 name);
}

bool
rows_sequence_take(Store *store, const char *name, int64_t taken,
                   GError **error)
{
	return db_run(
		store->db, error,
		"UPDATE sequence SET last = $2 WHERE name = $1 AND last < $2",
		"ti", name, taken);
}
