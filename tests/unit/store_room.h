/* A directory with a database for the tests of the store, and one event that
 * touches all its tables. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include <glib.h>
#include <sqlite3.h>

#include "store/store.h"

#define ROOM_NOW INT64_C(1774000000)

typedef struct Room {
	char *directory;
	char *path; /* of the database */
} Room;

/* with_database: store_create() has been done. */
Room *room_new(bool with_database);
/* Removes the directory and all that is in it. */
void room_free(Room *room);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Room, room_free)

/* All rows of one mail that opens ticket number (which must be the next one)
 * and is acknowledged; inside a transaction. */
bool room_write(Store *store, int64_t number, GError **error);
/* The same with begin and commit. */
bool room_write_event(Store *store, int64_t number, GError **error);

/* Raw SQL, as nobody but a test writes it; it must succeed. */
void room_sql(const Room *room, const char *sql);
/* The first column of the first row. */
int64_t room_number(const Room *room, const char *sql);
/* integrity_check says ok. */
bool room_is_sound(const Room *room);
