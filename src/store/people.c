#include "base/error.h"

#include "store/rows.h"

#define PERSON_COLUMNS                                                       \
	"SELECT p.id, p.name, p.address, p.language, p.agent, p.token_epoch" \
	" FROM person p "

static Person *
read_person(DbStatement *row)
{
	Person *person = g_new0(Person, 1);

	person->id = db_int(row, 0);
	person->name = db_dup(row, 1);
	person->address = db_dup(row, 2);
	person->language = db_dup(row, 3);
	person->agent = db_dup(row, 4);
	person->token_epoch = (uint32_t)db_int(row, 5);
	return person;
}

Person *
store_person_by_address(Store *store, const char *address, GError **error)
{
	g_autofree char *folded = g_ascii_strdown(address, -1);
	g_autoptr(DbStatement) rows =
		db_query(store->db, error,
	                 PERSON_COLUMNS "JOIN address a ON a.person = p.id"
	                                " WHERE a.address = $1",
	                 "t", folded);

	if (rows == NULL || !db_next(rows, error))
		return NULL;
	return read_person(rows);
}

Person *
store_person_get(Store *store, int64_t id, GError **error)
{
	GError *trouble = NULL;
	g_autoptr(DbStatement) rows =
		db_query(store->db, &trouble, PERSON_COLUMNS "WHERE p.id = $1",
	                 "i", id);

	if (rows != NULL && db_next(rows, &trouble))
		return read_person(rows);
	if (trouble == NULL)
		error_set(&trouble, ERROR_NOT_FOUND,
		          "no person %" G_GINT64_FORMAT, id);
	g_propagate_error(error, trouble);
	return NULL;
}

bool
store_address_add(Store *store, int64_t person, const char *address,
                  GError **error)
{
	g_autofree char *folded = g_ascii_strdown(address, -1);

	return db_run(store->db, error,
	              "INSERT INTO address (address, person) VALUES ($1, $2)",
	              "ti", folded, person);
}

bool
store_person_add(Store *store, Person *person, GError **error)
{
	if (!db_number(store->db, &person->id, error,
	               "INSERT INTO person (name, address, language, agent,"
	               " token_epoch) VALUES ($1, $2, $3, $4, $5) RETURNING id",
	               "tttti", person->name, person->address, person->language,
	               person->agent, (int64_t)person->token_epoch))
		return false;
	return store_address_add(store, person->id, person->address, error);
}

bool
store_person_update(Store *store, const Person *person, GError **error)
{
	return db_run(store->db, error,
	              "UPDATE person SET name = $2, language = $3, agent = $4,"
	              " token_epoch = $5 WHERE id = $1",
	              "ittti", person->id, person->name, person->language,
	              person->agent, (int64_t)person->token_epoch);
}

/* ---- who takes part ---- */

static Participant *
read_participant(DbStatement *row)
{
	Participant *participant = g_new0(Participant, 1);

	participant->person = db_int(row, 0);
	participant_kind_from_name(db_text(row, 1), &participant->kind);
	participant->name = db_dup(row, 2);
	participant->address = db_dup(row, 3);
	participant->language = db_dup(row, 4);
	return participant;
}

GPtrArray *
store_participants(Store *store, int64_t ticket, GError **error)
{
	GError *trouble = NULL;
	g_autoptr(GPtrArray) list = g_ptr_array_new_with_free_func(
		(GDestroyNotify)participant_free);
	g_autoptr(DbStatement) rows = db_query(
		store->db, error,
		"SELECT t.person, t.kind, p.name, p.address, p.language"
		" FROM participant t JOIN person p ON p.id = t.person"
		" WHERE t.ticket = $1 ORDER BY t.kind, t.person",
		"i", ticket);

	if (rows == NULL)
		return NULL;
	while (db_next(rows, &trouble))
		g_ptr_array_add(list, read_participant(rows));
	if (trouble != NULL) {
		g_propagate_error(error, trouble);
		return NULL;
	}
	return g_steal_pointer(&list);
}

bool
store_participant_add(Store *store, int64_t ticket, int64_t person,
                      ParticipantKind kind, GError **error)
{
	return db_run(store->db, error,
	              "INSERT INTO participant (ticket, person, kind)"
	              " VALUES ($1, $2, $3) ON CONFLICT DO NOTHING",
	              "iit", ticket, person, participant_kind_name(kind));
}

bool
store_participant_remove(Store *store, int64_t ticket, int64_t person,
                         GError **error)
{
	return db_run(
		store->db, error,
		"DELETE FROM participant WHERE ticket = $1 AND person = $2",
		"ii", ticket, person);
}
