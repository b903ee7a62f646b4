/* Two databases of one desk, table by table: what the journal gives again,
 * beside what was written when it happened. */
#include "store/rows.h"

/* Rows that one has and the other has not; the first column is named. */
#define ONLY_IN(one, two, table, key, columns)                        \
	"SELECT " key " FROM (SELECT " columns " FROM " one "." table \
	" EXCEPT SELECT " columns " FROM " two "." table ") LIMIT 20"
#define TABLE(table, key, columns)                                    \
	{                                                             \
		table, ONLY_IN("main", "again", table, key, columns), \
			ONLY_IN("again", "main", table, key, columns) \
	}

/* Of an outgoing mail what is in no template: these change with the years. */
#define OUTBOX_COLUMNS                                          \
	"id, ticket, message, delivery, person, kind, purpose," \
	" template, recipient, message_id, resend_uncertain,"   \
	" created_at, state"

static const struct {
	const char *table;
	const char *missing; /* the journal does not give it */
	const char *added;   /* it gives what is not there */
} tables[] = {
	TABLE("ticket", "id", "*"),
	TABLE("tag", "ticket", "*"),
	TABLE("field", "ticket", "*"),
	TABLE("link", "ticket", "*"),
	TABLE("participant", "ticket", "*"),
	TABLE("person", "id", "*"),
	TABLE("address", "address", "*"),
	TABLE("message", "id", "*"),
	TABLE("clock", "ticket", "*"),
	TABLE("timer", "id", "*"),
	TABLE("reminder", "id", "*"),
	TABLE("notice", "id", "*"),
	TABLE("attachment", "message", "*"),
	TABLE("awaited", "message", "*"),
	TABLE("delivery", "id", "*"),
	TABLE("quarantine", "id", "*"),
	TABLE("counter", "name", "*"),
	TABLE("journal", "id", "*"),
	TABLE("sequence", "name", "*"),
	TABLE("raw", "sha256", "sha256, size"),
	TABLE("outbox", "id", OUTBOX_COLUMNS),
};

static bool
list(Store *store, const char *sql, const char *table, const char *what,
     GPtrArray *out_findings, GError **error)
{
	GError *trouble = NULL;
	g_autoptr(DbStatement) rows = db_query(store->db, error, sql, "");

	if (rows == NULL)
		return false;
	while (db_next(rows, &trouble)) {
		const char *name = db_text(rows, 0);

		g_ptr_array_add(out_findings,
		                g_strdup_printf("journal: %s %s: %s", table,
		                                name == NULL ? "-" : name,
		                                what));
	}
	if (trouble == NULL)
		return true;
	g_propagate_error(error, trouble);
	return false;
}

static bool
compare(Store *store, GPtrArray *out_findings, GError **error)
{
	for (unsigned i = 0; i < G_N_ELEMENTS(tables); i++)
		if (!list(store, tables[i].missing, tables[i].table,
		          "not as the journal tells it", out_findings, error) ||
		    !list(store, tables[i].added, tables[i].table,
		          "told by the journal, and not here", out_findings,
		          error))
			return false;
	return true;
}

bool
store_compare(Store *store, const char *again, GPtrArray *out_findings,
              GError **error)
{
	if (!db_run(store->db, error, "ATTACH $1 AS again", "t", again))
		return false;
	bool is_done = compare(store, out_findings, error);
	return db_run(store->db, is_done ? error : NULL, "DETACH again", "") &&
	       is_done;
}
