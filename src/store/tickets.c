#include <string.h>

#include "base/error.h"

#include "store/rows.h"

#define TICKET_COLUMNS                                                     \
	"SELECT t.id, t.state, t.type, t.priority, t.impact, t.urgency,"   \
	" t.queue, t.team, t.owner, t.level, t.subject, t.language,"       \
	" t.requester, p.name, p.address, t.created_at, t.updated_at,"     \
	" t.resolved_at, t.closed_at, t.merged_into, t.sla, t.is_unproven" \
	" FROM ticket t LEFT JOIN person p ON p.id = t.requester "

static Ticket *
read_ticket(DbStatement *row)
{
	Ticket *ticket = ticket_new();

	ticket->id = db_int(row, 0);
	ticket_state_from_name(db_text(row, 1), &ticket->state);
	ticket->type = db_dup(row, 2);
	ticket->priority = db_dup(row, 3);
	ticket->impact = db_dup(row, 4);
	ticket->urgency = db_dup(row, 5);
	ticket->queue = db_dup(row, 6);
	ticket->team = db_dup(row, 7);
	ticket->owner = db_dup(row, 8);
	ticket->level = (int)db_int(row, 9);
	ticket->subject = db_dup(row, 10);
	ticket->language = db_dup(row, 11);
	ticket->requester = db_int(row, 12);
	ticket->requester_name = db_dup(row, 13);
	ticket->requester_address = db_dup(row, 14);
	ticket->created_at = db_int(row, 15);
	ticket->updated_at = db_int(row, 16);
	ticket->resolved_at = db_int(row, 17);
	ticket->closed_at = db_int(row, 18);
	ticket->merged_into = db_int(row, 19);
	ticket->sla = db_dup(row, 20);
	ticket->is_unproven = db_int(row, 21) != 0;
	return ticket;
}

/* ---- tags and fields ---- */

static bool
read_tags(Store *store, Ticket *ticket, GError **error)
{
	GError *trouble = NULL;
	g_autoptr(DbStatement) rows =
		db_query(store->db, error,
	                 "SELECT tag FROM tag WHERE ticket = $1 ORDER BY tag",
	                 "i", ticket->id);

	if (rows == NULL)
		return false;
	while (db_next(rows, &trouble))
		g_ptr_array_add(ticket->tags, db_dup(rows, 0));
	if (trouble != NULL)
		g_propagate_error(error, trouble);
	return trouble == NULL;
}

static bool
read_fields(Store *store, Ticket *ticket, GError **error)
{
	GError *trouble = NULL;
	g_autoptr(DbStatement) rows = db_query(
		store->db, error,
		"SELECT name, value FROM field WHERE ticket = $1 ORDER BY name",
		"i", ticket->id);

	if (rows == NULL)
		return false;
	while (db_next(rows, &trouble)) {
		TicketField field = { db_dup(rows, 0), db_dup(rows, 1) };
		g_array_append_val(ticket->fields, field);
	}
	if (trouble != NULL)
		g_propagate_error(error, trouble);
	return trouble == NULL;
}

bool
store_tag(Store *store, int64_t ticket, const char *tag, bool is_set,
          GError **error)
{
	if (!is_set)
		return db_run(store->db, error,
		              "DELETE FROM tag WHERE ticket = $1 AND tag = $2",
		              "it", ticket, tag);
	return db_run(store->db, error,
	              "INSERT INTO tag (ticket, tag) VALUES ($1, $2)"
	              " ON CONFLICT DO NOTHING",
	              "it", ticket, tag);
}

bool
store_field(Store *store, int64_t ticket, const char *name, const char *value,
            GError **error)
{
	if (value == NULL)
		return db_run(
			store->db, error,
			"DELETE FROM field WHERE ticket = $1 AND name = $2",
			"it", ticket, name);
	return db_run(
		store->db, error,
		"INSERT INTO field (ticket, name, value) VALUES ($1, $2, $3)"
		" ON CONFLICT (ticket, name) DO UPDATE SET value = $3",
		"itt", ticket, name, value);
}

/* ---- tickets ---- */

bool
store_ticket_next(Store *store, int64_t *out_id, GError **error)
{
	return rows_sequence_peek(store, "ticket", out_id, error);
}

static bool
write_lists(Store *store, const Ticket *ticket, GError **error)
{
	for (unsigned i = 0; i < ticket->tags->len; i++)
		if (!store_tag(store, ticket->id, ticket->tags->pdata[i], true,
		               error))
			return false;
	for (unsigned i = 0; i < ticket->fields->len; i++) {
		const TicketField *field =
			&g_array_index(ticket->fields, TicketField, i);
		if (!store_field(store, ticket->id, field->name, field->value,
		                 error))
			return false;
	}
	return true;
}

bool
store_ticket_add(Store *store, const Ticket *ticket, GError **error)
{
	return db_run(store->db, error,
	              "INSERT INTO ticket (id, state, type, priority, queue, level,"
	              " created_at, updated_at)"
	              " VALUES ($1, 'new', $2, $3, $4, $5, $6, $6)",
	              "itttii", ticket->id, ticket->type, ticket->priority,
	              ticket->queue, (int64_t)ticket->level,
	              ticket->created_at) &&
	       store_ticket_update(store, ticket, error) &&
	       write_lists(store, ticket, error) &&
	       rows_sequence_take(store, "ticket", ticket->id, error);
}

bool
store_ticket_update(Store *store, const Ticket *ticket, GError **error)
{
	return db_run(
		store->db, error,
		"UPDATE ticket SET state = $2, type = $3, priority = $4,"
		" impact = $5, urgency = $6, queue = $7, team = $8, owner = $9,"
		" level = $10, subject = $11, language = $12,"
		" requester = NULLIF($13, 0), updated_at = $14,"
		" resolved_at = $15, closed_at = $16,"
		" merged_into = NULLIF($17, 0), sla = $18, is_unproven = $19"
		" WHERE id = $1",
		"itttttttt"
		"ittiiiiiti",
		ticket->id, ticket_state_name(ticket->state), ticket->type,
		ticket->priority, ticket->impact, ticket->urgency,
		ticket->queue, ticket->team, ticket->owner,
		(int64_t)ticket->level, ticket->subject, ticket->language,
		ticket->requester, ticket->updated_at, ticket->resolved_at,
		ticket->closed_at, ticket->merged_into, ticket->sla,
		(int64_t)ticket->is_unproven);
}

static Ticket *
first_ticket(Store *store, int64_t id, GError **error)
{
	GError *trouble = NULL;
	g_autoptr(DbStatement) rows =
		db_query(store->db, &trouble, TICKET_COLUMNS "WHERE t.id = $1",
	                 "i", id);

	if (rows != NULL && db_next(rows, &trouble))
		return read_ticket(rows);
	if (trouble == NULL)
		error_set(&trouble, ERROR_NOT_FOUND,
		          "no ticket %" G_GINT64_FORMAT, id);
	g_propagate_error(error, trouble);
	return NULL;
}

Ticket *
store_ticket_get(Store *store, int64_t id, GError **error)
{
	g_autoptr(Ticket) ticket = first_ticket(store, id, error);

	if (ticket == NULL || !read_tags(store, ticket, error) ||
	    !read_fields(store, ticket, error))
		return NULL;
	return g_steal_pointer(&ticket);
}

bool
store_count_tickets(Store *store, const char *requester, int64_t since,
                    int64_t *out_count, GError **error)
{
	g_autofree char *folded = g_ascii_strdown(requester, -1);

	return db_number(store->db, out_count, error,
	                 "SELECT count(*) FROM ticket t"
	                 " JOIN address a ON a.person = t.requester"
	                 " WHERE a.address = $1 AND t.created_at >= $2",
	                 "ti", folded, since);
}

/* ---- links ---- */

static void
link_free(gpointer data)
{
	TicketLink *link = data;

	g_free(link->kind);
	g_free(link);
}

GPtrArray *
store_links(Store *store, int64_t ticket, GError **error)
{
	GError *trouble = NULL;
	g_autoptr(GPtrArray) list = g_ptr_array_new_with_free_func(link_free);
	g_autoptr(DbStatement) rows =
		db_query(store->db, error,
	                 "SELECT kind, other FROM link WHERE ticket = $1"
	                 " ORDER BY kind, other",
	                 "i", ticket);

	if (rows == NULL)
		return NULL;
	while (db_next(rows, &trouble)) {
		TicketLink *link = g_new0(TicketLink, 1);

		link->kind = db_dup(rows, 0);
		link->ticket = db_int(rows, 1);
		g_ptr_array_add(list, link);
	}
	if (trouble != NULL) {
		g_propagate_error(error, trouble);
		return NULL;
	}
	return g_steal_pointer(&list);
}

bool
store_link_add(Store *store, int64_t ticket, const char *kind, int64_t other,
               GError **error)
{
	return db_run(
		store->db, error,
		"INSERT INTO link (ticket, kind, other) VALUES ($1, $2, $3)"
		" ON CONFLICT DO NOTHING",
		"iti", ticket, kind, other);
}

bool
store_link_remove(Store *store, int64_t ticket, const char *kind, int64_t other,
                  GError **error)
{
	return db_run(store->db, error,
	              "DELETE FROM link WHERE ticket = $1 AND kind = $2"
	              " AND other = $3",
	              "iti", ticket, kind, other);
}

/* ---- list ---- */

/* "new open" as " new open ", so that a state is found between blanks */
static char *
state_set(const char *const *states)
{
	if (states == NULL)
		return NULL;
	g_autofree char *inner = g_strjoinv(" ", (char **)(uintptr_t)states);
	return g_strdup_printf(" %s ", inner);
}

#define WHERE_QUERY                                                            \
	"WHERE ($1 IS NULL OR $1 LIKE '% ' || t.state || ' %')"                \
	" AND ($2 IS NULL OR t.queue = $2) AND ($3 IS NULL OR t.team = $3)"    \
	" AND ($4 IS NULL OR coalesce(t.owner, '') = $4)"                      \
	" AND ($5 IS NULL OR p.address = $5)"                                  \
	" AND ($6 IS NULL OR EXISTS (SELECT 1 FROM tag g"                      \
	"      WHERE g.ticket = t.id AND g.tag = $6))"                         \
	" AND ($7 IS NULL OR t.type = $7) AND ($8 IS NULL OR t.priority = $8)" \
	" AND t.created_at >= $9 "                                             \
	" AND ($11 IS NULL OR ($11 = 'yes') = EXISTS (SELECT 1 FROM clock k"   \
	"      WHERE k.ticket = t.id AND k.state = 'running'"                  \
	"      AND k.due_at < $12)) "
#define LIMIT_QUERY       " ORDER BY t.id LIMIT $10"
#define SQL_WITHOUT_WORDS TICKET_COLUMNS WHERE_QUERY LIMIT_QUERY
#define SQL_WITH_WORDS \
	TICKET_COLUMNS WHERE_QUERY " AND " SEARCH_CONDITION LIMIT_QUERY

static GPtrArray *
bare_tickets(DbStatement *rows, GError **error)
{
	GError *trouble = NULL;
	g_autoptr(GPtrArray) list =
		g_ptr_array_new_with_free_func((GDestroyNotify)ticket_free);

	if (rows == NULL)
		return NULL;
	while (db_next(rows, &trouble))
		g_ptr_array_add(list, read_ticket(rows));
	if (trouble != NULL) {
		g_propagate_error(error, trouble);
		return NULL;
	}
	return g_steal_pointer(&list);
}

static GPtrArray *
find_tickets(Store *store, const TicketQuery *query, GError **error)
{
	g_autofree char *states = state_set(query->states);
	g_autofree char *words =
		query->words == NULL ? NULL : search_query(query->words);
	bool has_words = words != NULL;
	int64_t limit = query->limit == 0 ? -1 : query->limit;
	g_autoptr(DbStatement) rows =
		db_query(store->db, error,
	                 has_words ? SQL_WITH_WORDS : SQL_WITHOUT_WORDS,
	                 has_words ? "ttttttttiitit" : "ttttttttiiti", states,
	                 query->queue, query->team, query->owner,
	                 query->requester, query->tag, query->type,
	                 query->priority, query->created_since, limit,
	                 query->overdue, query->now, words);

	return bare_tickets(rows, error);
}

GPtrArray *
store_tickets(Store *store, const TicketQuery *query, GError **error)
{
	g_autoptr(GPtrArray) list = find_tickets(store, query, error);

	for (unsigned i = 0; list != NULL && i < list->len; i++)
		if (!read_tags(store, list->pdata[i], error) ||
		    !read_fields(store, list->pdata[i], error))
			return NULL;
	return g_steal_pointer(&list);
}
