/* "state:open queue:network owner:ana tag:vpn text...": what `list` asks. */
#pragma once

#include <glib.h>

#include "store/store.h"

/* A TicketQuery with the memory it points into. */
typedef struct Query {
	TicketQuery query;
	GPtrArray *states; /* NULL-terminated when read */
	GString *words;
} Query;

/* Reads the words of the command line; ERROR_USAGE for a key that is unknown
 * or a value that cannot be. */
Query *query_read(char *const *words, GError **error);
/* All of them words to look for, none of them a key. */
Query *query_of_words(char *const *words);
void query_free(Query *query);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Query, query_free)
