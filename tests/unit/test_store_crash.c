/* Each write, sync and truncation that SQLite makes fails in turn, once and
 * for ever, or is the last thing the process does; so is each statement of each
 * step of the schema.  After it the database is sound and the event is there
 * whole or not at all. */
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/error.h"

#include "store/schema.h"

#include "store_room.h"

/* ---- a disk that fails ---- */

typedef enum Manner { FAIL_ONCE, FAIL_FOREVER, FAIL_KILL } Manner;

static struct {
	int at; /* which call fails, from 1; 0: none */
	int count;
	Manner manner;
	int code;
} plan;

static sqlite3_vfs shim;
static sqlite3_io_methods methods[2];
static const sqlite3_io_methods *real;

/* Counts one more call on the disk; SQLITE_OK: let it pass. */
static int
call(void)
{
	if (plan.at == 0)
		return SQLITE_OK;
	plan.count++;
	bool is_hit = plan.manner == FAIL_FOREVER ? plan.count >= plan.at
	                                          : plan.count == plan.at;
	if (is_hit && plan.manner == FAIL_KILL)
		kill(getpid(), SIGKILL);
	return is_hit ? plan.code : SQLITE_OK;
}

static int
shim_write(sqlite3_file *file, const void *data, int size, sqlite3_int64 at)
{
	int code = call();

	return code == SQLITE_OK ? real->xWrite(file, data, size, at) : code;
}

static int
shim_sync(sqlite3_file *file, int flags)
{
	int code = call();

	return code == SQLITE_OK ? real->xSync(file, flags) : code;
}

static int
shim_truncate(sqlite3_file *file, sqlite3_int64 size)
{
	int code = call();

	return code == SQLITE_OK ? real->xTruncate(file, size) : code;
}

static int
shim_open(sqlite3_vfs *vfs, const char *name, sqlite3_file *file, int flags,
          int *out_flags)
{
	sqlite3_vfs *unix_vfs = vfs->pAppData;
	int code = unix_vfs->xOpen(unix_vfs, name, file, flags, out_flags);

	if (code != SQLITE_OK || file->pMethods == NULL)
		return code;
	/* databases and logs are locked differently and written alike */
	bool is_main = (flags & SQLITE_OPEN_MAIN_DB) != 0;
	real = file->pMethods;
	methods[is_main] = *real;
	methods[is_main].xWrite = shim_write;
	methods[is_main].xSync = shim_sync;
	methods[is_main].xTruncate = shim_truncate;
	file->pMethods = &methods[is_main];
	return SQLITE_OK;
}

static void
shim_install(void)
{
	sqlite3_vfs *unix_vfs = sqlite3_vfs_find(NULL);

	shim = *unix_vfs;
	shim.zName = "failing";
	shim.pAppData = unix_vfs;
	shim.xOpen = shim_open;
	assert_int_equal(sqlite3_vfs_register(&shim, 1), SQLITE_OK);
}

/* ---- one event on it ---- */

static bool
write_first(const Room *room, GError **error)
{
	g_autoptr(Store) store = store_open(room->path, STORE_WRITE, error);

	return store != NULL && room_write_event(store, 1, error);
}

/* Whole or not at all; then the source offers it again. */
static void
check_after(const Room *room, bool was_accepted, const char *what)
{
	plan.at = 0;
	if (!room_is_sound(room))
		fail_msg("%s: not sound", what);
	int64_t tickets = room_number(room, "SELECT count(*) FROM ticket");
	if (was_accepted && tickets != 1)
		fail_msg("%s: accepted and lost", what);
	int64_t parts = room_number(
		room, "SELECT (SELECT count(*) FROM delivery"
		      " WHERE state = 'ticketed') + (SELECT count(*) FROM raw)"
		      " + (SELECT count(*) FROM message)"
		      " + (SELECT count(*) FROM outbox)"
		      " + (SELECT count(*) FROM journal)");
	if (parts != tickets * 6)
		fail_msg("%s: %d tickets, but %d other rows", what,
		         (int)tickets, (int)parts);
	g_autoptr(Store) store = store_open(room->path, STORE_WRITE, NULL);
	g_autoptr(GPtrArray) findings = g_ptr_array_new_with_free_func(g_free);
	if (store == NULL || !room_write_event(store, tickets + 1, NULL) ||
	    !store_fsck(store, findings, NULL))
		fail_msg("%s: does not go on", what);
	if (findings->len > 0)
		fail_msg("%s: %s", what, (char *)findings->pdata[0]);
}

/* Until a run has passed without meeting the failure. */
static int
fail_everywhere(Manner manner, int code)
{
	for (int at = 1;; at++) {
		g_autoptr(Room) room = room_new(true);
		g_autoptr(GError) error = NULL;
		g_autofree char *what =
			g_strdup_printf("call %d, error %d", at, code);

		memset(&plan, 0, sizeof plan);
		plan.at = at;
		plan.manner = manner;
		plan.code = code;
		bool is_done = write_first(room, &error);
		bool was_met = plan.count >= at;
		if (!is_done && error->code != ERROR_LATER)
			fail_msg("%s: answered with code %d: %s", what,
			         error->code, error->message);
		check_after(room, is_done, what);
		if (!was_met)
			return at - 1;
	}
}

static void
each_call_fails(void **state)
{
	static const int codes[] = { SQLITE_IOERR_WRITE, SQLITE_IOERR_FSYNC,
		                     SQLITE_FULL };

	(void)state;
	for (unsigned i = 0; i < G_N_ELEMENTS(codes); i++) {
		assert_in_range(fail_everywhere(FAIL_ONCE, codes[i]), 3, 500);
		assert_in_range(fail_everywhere(FAIL_FOREVER, codes[i]), 3,
		                500);
	}
}

/* C-06: after one failed sync nothing more is accepted on that connection,
 * and others do not wait for it. */
static void
a_failed_connection_is_dead(void **state)
{
	(void)state;
	g_autoptr(Room) room = room_new(true);
	g_autoptr(Store) store = store_open(room->path, STORE_WRITE, NULL);
	g_autoptr(GError) error = NULL;

	memset(&plan, 0, sizeof plan);
	plan.at = 1;
	plan.code = SQLITE_IOERR_FSYNC;
	assert_false(room_write_event(store, 1, NULL));
	plan.at = 0;
	assert_false(room_write_event(store, 1, &error));
	assert_int_equal(error->code, ERROR_LATER);
	assert_true(write_first(room, NULL));
}

/* A whole child that is killed; true if it came to its end before. */
static bool
survives(bool (*work)(const Room *room, GError **error), const Room *room)
{
	int status;
	pid_t child = fork();

	if (child == 0)
		_exit(work(room, NULL) ? 0 : 1);
	assert_int_equal(waitpid(child, &status, 0), child);
	if (WIFSIGNALED(status))
		return false;
	assert_int_equal(status, 0);
	return true;
}

static void
killed_at_each_call(void **state)
{
	(void)state;
	for (int at = 1;; at++) {
		g_autoptr(Room) room = room_new(true);
		g_autofree char *what = g_strdup_printf("killed at %d", at);

		memset(&plan, 0, sizeof plan);
		plan.at = at;
		plan.manner = FAIL_KILL;
		bool is_done = survives(write_first, room);
		check_after(room, is_done, what);
		if (!is_done)
			continue;
		assert_true(at > 3);
		return;
	}
}

/* ---- the schema ---- */

static int statements_left; /* until the plug is pulled; 0: never */

static int
count_statement(unsigned kind, void *context, void *stmt, void *text)
{
	(void)kind;
	(void)context;
	(void)stmt;
	(void)text;
	if (statements_left > 0 && --statements_left == 0)
		kill(getpid(), SIGKILL);
	return 0;
}

static int
watch(sqlite3 *handle, const char **out_why, const void *thunk)
{
	(void)out_why;
	(void)thunk;
	return sqlite3_trace_v2(handle, SQLITE_TRACE_STMT, count_statement,
	                        NULL);
}

/* The database as the first n steps made it, with one row in it. */
static void
make_version(const Room *room, unsigned version)
{
	g_autofree char *mark =
		g_strdup_printf("PRAGMA application_id=0x506f7374;"
	                        "PRAGMA user_version=%u",
	                        version);

	room_sql(room, "PRAGMA journal_mode=WAL");
	for (unsigned step = 0; step < version; step++)
		room_sql(room, schema_steps[step]);
	room_sql(room, mark);
	room_sql(room, "INSERT INTO note VALUES ('old', 'kept')");
}

static bool
open_it(const Room *room, GError **error)
{
	g_autoptr(Store) store = store_open(room->path, STORE_WRITE, error);

	return store != NULL;
}

static bool
create_it(const Room *room, GError **error)
{
	return store_create(room->path, error);
}

static void
check_upgraded(const Room *room)
{
	statements_left = 0;
	assert_true(room_is_sound(room));
	assert_true(open_it(room, NULL));
	assert_int_equal(room_number(room, "PRAGMA user_version"),
	                 SCHEMA_STEPS);
	assert_true(room_is_sound(room));
	assert_int_equal(room_number(room, "SELECT count(*) FROM note"
	                                   " WHERE text = 'kept'"),
	                 1);
}

static void
upgrades_killed_at_each_statement(void **state)
{
	bool is_done = false;

	(void)state;
	for (unsigned version = 1; version < SCHEMA_STEPS;
	     version++, is_done = false)
		for (int at = 1; !is_done; at++) {
			g_autoptr(Room) room = room_new(false);

			make_version(room, version);
			statements_left = at;
			is_done = survives(open_it, room);
			check_upgraded(room);
		}
}

static void
creation_killed_at_each_statement(void **state)
{
	bool is_done = false;

	(void)state;
	for (int at = 1; !is_done; at++) {
		g_autoptr(Room) room = room_new(false);

		statements_left = at;
		is_done = survives(create_it, room);
		statements_left = 0;
		bool is_there = g_file_test(room->path, G_FILE_TEST_EXISTS);
		assert_int_equal(is_there, is_done);
		assert_true(is_done || create_it(room, NULL));
		assert_true(open_it(room, NULL));
	}
}

/* U-04 */
static void
a_newer_database_is_refused(void **state)
{
	(void)state;
	g_autoptr(Room) room = room_new(true);
	g_autoptr(GError) error = NULL;

	room_sql(room, "PRAGMA user_version=999");
	assert_false(open_it(room, &error));
	assert_int_equal(error->code, ERROR_CONFIG);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_call_fails),
		cmocka_unit_test(a_failed_connection_is_dead),
		cmocka_unit_test(killed_at_each_call),
		cmocka_unit_test(upgrades_killed_at_each_statement),
		cmocka_unit_test(creation_killed_at_each_statement),
		cmocka_unit_test(a_newer_database_is_refused),
	};

	sqlite3_auto_extension((void (*)(void))(uintptr_t)watch);
	shim_install();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
