/* Full text by FTS5, without a copy of the text: the message has it. */
#include "base/error.h"

#include "store/rows.h"

#define INDEXED                                                   \
	"id, subject, substr(text, 1, " SEARCH_CHARACTERS_MAX ")" \
	" FROM message WHERE id = $1"

bool
search_add(Store *store, int64_t message, GError **error)
{
	return db_run(store->db, error,
	              "INSERT INTO search (rowid, subject, text)"
	              " SELECT " INDEXED,
	              "i", message);
}

/* A contentless index forgets words only if it is told which. */
bool
search_remove(Store *store, int64_t message, GError **error)
{
	return db_run(store->db, error,
	              "INSERT INTO search (search, rowid, subject, text)"
	              " SELECT 'delete', " INDEXED,
	              "i", message);
}

char *
search_query(const char *words)
{
	g_auto(GStrv) parts = g_strsplit_set(words, " \t\r\n", -1);
	g_autoptr(GString) quoted = g_string_new(NULL);

	for (unsigned i = 0; parts[i] != NULL; i++) {
		if (*parts[i] == '\0')
			continue;
		g_auto(GStrv) halves = g_strsplit(parts[i], "\"", -1);
		g_autofree char *doubled = g_strjoinv("\"\"", halves);
		g_string_append_printf(quoted, "%s\"%s\"",
		                       quoted->len > 0 ? " " : "", doubled);
	}
	return quoted->len == 0 ? NULL : g_strdup(quoted->str);
}

bool
search_check(Store *store, GPtrArray *out_findings, GError **error)
{
	g_autoptr(GError) why = NULL;

	if (!store_begin(store, error))
		return false;
	if (!db_run(store->db, &why,
	            "INSERT INTO search (search) VALUES ('integrity-check')",
	            ""))
		g_ptr_array_add(out_findings,
		                g_strdup_printf("search: the index is damaged:"
		                                " %s",
		                                why->message));
	store_rollback(store);
	return true;
}
