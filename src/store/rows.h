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

/* An outgoing mail without its body; ERROR_NOT_FOUND. */
OutboxRow *rows_outbox_head(Store *store, int64_t id, GError **error);

/* Full text, the one part that databases do differently.  Add indexes the
 * subject and text that the message's row has; remove is called before they
 * change. */
#define SEARCH_CHARACTERS_MAX "1048576"
bool search_add(Store *store, int64_t message, GError **error);
bool search_remove(Store *store, int64_t message, GError **error);
/* The user's words as a query in which none is an operator; NULL where
 * nothing is left to look for. */
char *search_query(const char *words);
/* The condition on ticket t with the query as value $13. */
#define SEARCH_CONDITION                                        \
	"t.id IN (SELECT m.ticket FROM message m WHERE m.id IN" \
	" (SELECT rowid FROM search WHERE search MATCH $13))"
/* Adds a finding where the index does not agree with itself. */
bool search_check(Store *store, GPtrArray *out_findings, GError **error);
