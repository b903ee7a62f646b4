#include "store/store.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/error.h"
#include "base/fault.h"
#include "base/io.h"

#include "store/rows.h"
#include "store/schema.h"

/* ---- the place ---- */

/* The path with its directory's links resolved, so that the files beside the
 * database are named alike however it was reached; owned by the caller. */
static char *
real_path(const char *path, GError **error)
{
	g_autofree char *directory = g_path_get_dirname(path);
	g_autofree char *name = g_path_get_basename(path);
	char *resolved = realpath(directory, NULL);

	if (resolved == NULL) {
		error_set_errno(error, ERROR_CONFIG, "database %s", path);
		return NULL;
	}
	char *real = g_build_filename(resolved, name, NULL);
	free(resolved);
	return real;
}

/* Whoever may write beside the database may put another one, or another log,
 * in its place; not even a sticky directory helps against the log. */
static bool
check_directory(const char *path, GError **error)
{
	g_autofree char *directory = g_path_get_dirname(path);
	struct stat st;

	if (stat(directory, &st) != 0)
		return error_set_errno(error, ERROR_CONFIG, "%s", directory);
	if ((st.st_mode & (S_IWGRP | S_IWOTH)) != 0)
		return error_set(error, ERROR_CONFIG,
		                 "%s: others may write in the database's "
		                 "directory",
		                 directory);
	return true;
}

/* faults.md C-16.  Root may look at anybody's. */
static bool
check_file(const char *path, struct stat *out_st, GError **error)
{
	if (lstat(path, out_st) != 0)
		return error_set_errno(error, ERROR_CONFIG, "database %s",
		                       path);
	if (!S_ISREG(out_st->st_mode))
		return error_set(error, ERROR_CONFIG,
		                 "database %s: a link or no file", path);
	if (geteuid() != 0 && out_st->st_uid != geteuid())
		return error_set(error, ERROR_CONFIG,
		                 "database %s: it belongs to another user",
		                 path);
	if ((out_st->st_mode & (S_IWGRP | S_IWOTH)) != 0)
		return error_set(error, ERROR_CONFIG,
		                 "database %s: others may write it", path);
	return true;
}

/* ---- the lock ---- */

/* Writers of all processes come in the order of the kernel's queue, and no
 * checkpoint runs beside one: SQLite before 3.51.3 can damage the WAL there. */
static bool
lock(Store *store, GError **error)
{
	int result;

	FAULT_POINT("store.lock");
	do
		result = flock(store->lock_fd, LOCK_EX);
	while (result != 0 && errno == EINTR);
	if (result != 0)
		return error_set_errno(error, ERROR_LATER, "%s.lock",
		                       store->path);
	store->is_locked = true;
	FAULT_POINT("store.locked");
	return true;
}

static void
unlock(Store *store)
{
	if (store->is_locked)
		flock(store->lock_fd, LOCK_UN);
	store->is_locked = false;
}

static int
open_lock_file(const Store *store, GError **error)
{
	g_autofree char *path = g_strconcat(store->path, ".lock", NULL);
	int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);

	if (fd < 0)
		error_set_errno(error, ERROR_LATER, "%s", path);
	return fd;
}

static bool
open_lock(Store *store, GError **error)
{
	store->lock_fd = open_lock_file(store, error);
	return store->lock_fd >= 0;
}

/* What root makes belongs to the desk's user, who must open it too. */
static bool
give_lock(Store *store, const struct stat *database, GError **error)
{
	struct stat st;

	if (geteuid() != 0 || fstat(store->lock_fd, &st) != 0 ||
	    st.st_uid == database->st_uid)
		return true;
	return fchown(store->lock_fd, database->st_uid, database->st_gid) ==
	               0 ||
	       error_set_errno(error, ERROR_LATER, "%s.lock", store->path);
}

/* A file system on which two may hold the lock at once (some network ones)
 * would damage the database (faults.md G-08). */
static bool
test_lock(Store *store, GError **error)
{
	if (flock(store->lock_fd, LOCK_SH | LOCK_NB) != 0)
		return errno == EWOULDBLOCK ||
		       error_set_errno(error, ERROR_CONFIG, "%s.lock",
		                       store->path);
	int second = open_lock_file(store, error);
	if (second < 0)
		return false;
	bool is_held = flock(second, LOCK_EX | LOCK_NB) != 0;
	close(second);
	flock(store->lock_fd, LOCK_UN);
	return is_held ||
	       error_set(error, ERROR_CONFIG,
	                 "%s.lock: locks do not work on its file system",
	                 store->path);
}

/* ---- schema ---- */

static bool
run_step(Store *store, unsigned step, GError **error)
{
	FAULT_POINT("store.upgrade");
	if (!db_begin(store->db, error))
		return false;
	if (db_script(store->db, schema_steps[step], error) &&
	    db_mark_version(store->db, step + 1, error) &&
	    db_commit(store->db, error))
		return true;
	db_rollback(store->db);
	g_prefix_error(error, "schema step %u: ", step + 1);
	return false;
}

static bool
upgrade(Store *store, GError **error)
{
	int64_t version;

	if (!db_version(store->db, &version, error))
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

	if (!db_version(store->db, &version, error))
		return false;
	if (version == SCHEMA_STEPS)
		return true;
	if (version <= 0)
		return error_set(error, ERROR_CONFIG, "%s: no Postigo database",
		                 store->path);
	if (version > SCHEMA_STEPS)
		return error_set(error, ERROR_CONFIG,
		                 "%s: made by a newer Postigo (schema %d, this "
		                 "one knows %d)",
		                 store->path, (int)version, SCHEMA_STEPS);
	if (mode == STORE_READ)
		return error_set(error, ERROR_LATER,
		                 "%s: its schema is older; any writing command "
		                 "upgrades it",
		                 store->path);
	bool is_upgraded = lock(store, error) && upgrade(store, error);
	unlock(store);
	return is_upgraded;
}

/* ---- life ---- */

static Store *
store_new(const char *path, GError **error)
{
	g_autofree char *real = real_path(path, error);

	if (real == NULL)
		return NULL;
	Store *store = g_new0(Store, 1);
	store->path = g_steal_pointer(&real);
	store->lock_fd = -1;
	return store;
}

static void
unlink_database(const char *path)
{
	static const char *const suffixes[] = { "", "-wal", "-shm",
		                                "-journal" };

	for (unsigned i = 0; i < G_N_ELEMENTS(suffixes); i++) {
		g_autofree char *file = g_strconcat(path, suffixes[i], NULL);
		unlink(file);
	}
}

static bool
sync_file(const char *path, int flags, GError **error)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | flags);

	if (fd < 0)
		return error_set_errno(error, ERROR_LATER, "%s", path);
	int result = fsync(fd);
	int why = errno;
	close(fd);
	errno = why;
	return result == 0 || error_set_errno(error, ERROR_LATER, "%s", path);
}

/* Gives a finished file its name: it is there whole, or not at all. */
static bool
publish(const char *temporary, const char *path, GError **error)
{
	g_autofree char *directory = g_path_get_dirname(path);

	if (!sync_file(temporary, 0, error))
		return false;
	if (rename(temporary, path) != 0)
		return error_set_errno(error, ERROR_LATER, "%s", path);
	return sync_file(directory, O_DIRECTORY, error);
}

static bool
build(Store *store, const char *temporary, GError **error)
{
	unlink_database(temporary);
	store->db = db_open(temporary, DB_CREATE, error);
	if (store->db == NULL || !upgrade(store, error))
		return false;
	db_checkpoint(store->db);
	/* without its log the file must be whole */
	bool is_whole =
		db_log_octets(store->db) == 0 ||
		error_set(error, ERROR_LATER,
	                  "%s: its log could not be emptied", temporary);
	g_clear_pointer(&store->db, db_close);
	return is_whole;
}

static bool
create(Store *store, GError **error)
{
	g_autofree char *temporary = g_strconcat(store->path, ".new", NULL);

	if (!check_directory(store->path, error) || !open_lock(store, error) ||
	    !lock(store, error))
		return false;
	if (g_file_test(store->path, G_FILE_TEST_EXISTS))
		return error_set(error, ERROR_REFUSED, "%s is there already",
		                 store->path);
	bool is_made = build(store, temporary, error) &&
	               publish(temporary, store->path, error);
	unlink_database(temporary);
	return is_made;
}

bool
store_create(const char *path, GError **error)
{
	g_autoptr(Store) store = store_new(path, error);

	if (store == NULL)
		return false;
	mode_t mask = umask(077);
	bool is_made = create(store, error);
	umask(mask);
	return is_made;
}

Store *
store_open(const char *path, StoreMode mode, GError **error)
{
	g_autoptr(Store) store = store_new(path, error);
	struct stat st;

	if (store == NULL || !check_file(store->path, &st, error) ||
	    !check_directory(store->path, error))
		return NULL;
	if (!open_lock(store, error) || !give_lock(store, &st, error) ||
	    (mode == STORE_WRITE && !test_lock(store, error)))
		return NULL;
	store->db = db_open(store->path,
	                    mode == STORE_READ ? DB_READ : DB_WRITE, error);
	if (store->db == NULL || !check_version(store, mode, error))
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
	g_assert(!store->is_locked);
	if (!lock(store, error))
		return false;
	if (!db_begin(store->db, error)) {
		unlock(store);
		return false;
	}
	FAULT_POINT("store.begun");
	return true;
}

/* A log that is longer is emptied after a commit, under the lock.  Short, since
 * a process that opens it alone reads it through. */
#define LOG_OCTETS_MAX (INT64_C(1) << 20)

bool
store_commit(Store *store, GError **error)
{
	FAULT_POINT("store.commit");
	bool is_done = db_commit(store->db, error);
	FAULT_POINT("store.committed");
	if (is_done && db_log_octets(store->db) > LOG_OCTETS_MAX)
		db_checkpoint(store->db);
	unlock(store);
	FAULT_POINT("store.unlocked");
	return is_done;
}

void
store_rollback(Store *store)
{
	db_rollback(store->db);
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

/* A copy that a crash leaves behind has the temporary name (faults.md C-18). */
bool
store_backup(Store *store, const char *path, GError **error)
{
	g_autofree char *temporary = g_strconcat(path, ".tmp", NULL);

	if (g_file_test(path, G_FILE_TEST_EXISTS))
		return error_set(error, ERROR_REFUSED, "%s is there already",
		                 path);
	unlink(temporary);
	mode_t mask = umask(077);
	bool is_copied = db_copy(store->db, temporary, error);
	umask(mask);
	FAULT_POINT("store.copied");
	if (is_copied && publish(temporary, path, error))
		return true;
	unlink(temporary);
	return false;
}

/* ---- rows ---- */

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
