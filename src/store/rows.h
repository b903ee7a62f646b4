/* What the files of this folder share: the connection, and small row habits. */
#pragma once

#include "store/db.h"
#include "store/store.h"

struct Store {
	Db *db;
	char *path;
	int lock_fd;
	bool is_locked;
};

/* "a\nb" of a list of strings, and back; owned by the caller. */
char *rows_join(const GPtrArray *strings);
void rows_split(const char *text, GPtrArray *strings);

/* Numbers the next of a sequence without taking it, and takes one. */
bool rows_sequence_peek(Store *store, const char *name, int64_t *out_next,
                        GError **error);
bool rows_sequence_take(Store *store, const char *name, int64_t taken,
                        GError **error);
