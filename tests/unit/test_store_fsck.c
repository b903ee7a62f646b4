/* Corruptions, planted one at a time by raw SQL: each is found under its
 * name. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>
#include <glib/gstdio.h>

#include "store_room.h"

/* Two tickets, each with its mail, acknowledgement and journal. */
static Room *
sound_room(void)
{
	g_autoptr(Room) room = room_new(true);
	g_autoptr(Store) store = store_open(room->path, STORE_WRITE, NULL);

	assert_non_null(store);
	assert_true(room_write_event(store, 1, NULL));
	assert_true(room_write_event(store, 2, NULL));
	return g_steal_pointer(&room);
}

static GPtrArray *
findings_of(const Room *room)
{
	g_autoptr(GPtrArray) findings = g_ptr_array_new_with_free_func(g_free);
	g_autoptr(GError) error = NULL;
	g_autoptr(Store) store = store_open(room->path, STORE_READ, &error);

	if (store == NULL || !store_fsck(store, findings, &error))
		fail_msg("%s", error->message);
	return g_steal_pointer(&findings);
}

static const struct {
	const char *name;
	const char *plant;
	const char *finding; /* how it begins */
} corruptions[] = {
	{ "I1 a raw mail is gone",
	  "DELETE FROM raw WHERE sha256 ="
	  " (SELECT sha256 FROM delivery WHERE id = 1)",
	  "I1: delivery 1: its raw mail is missing" },
	{ "I1 C-19 an octet of a raw mail was changed",
	  "UPDATE raw SET octets = CAST(replace(CAST(octets AS TEXT), 'hilfe',"
	  " 'hulfe') AS BLOB) WHERE id = 1",
	  "I1: raw mail " },
	{ "I2 one content opened two tickets",
	  "UPDATE delivery SET content_hash = 'c1' WHERE id = 2",
	  "I2: delivery 2: a second ticket" },
	{ "I2 one delivery became two messages",
	  "UPDATE message SET delivery = 1 WHERE id = 2",
	  "I2: delivery 1: became two messages" },
	{ "I3 a delivery without an end",
	  "UPDATE delivery SET state = NULL"
	  " WHERE id = 1",
	  "I3: delivery 1: is in no terminal state" },
	{ "I3 a ticketed delivery without its message",
	  "UPDATE delivery SET message = NULL WHERE id = 1",
	  "I3: delivery 1: its ticket has no message" },
	{ "I3 a ticketed delivery with its message elsewhere",
	  "UPDATE delivery SET ticket = 2 WHERE id = 1",
	  "I3: delivery 1: its message is in another ticket" },
	{ "I3 quarantined, but held nowhere",
	  "UPDATE delivery SET state = 'quarantined' WHERE id = 1",
	  "I3: delivery 1: quarantined" },
	{ "I3 a duplicate of nothing",
	  "UPDATE delivery SET state = 'duplicate-of' WHERE id = 1",
	  "I3: delivery 1: a copy of nothing" },
	{ "I4 a machine was acknowledged",
	  "UPDATE message SET class = 'auto-reply' WHERE id = 1",
	  "I4: outgoing mail 1: an automatic answer to a machine" },
	{ "I4 the null sender was acknowledged",
	  "UPDATE delivery SET envelope_sender = '' WHERE id = 2",
	  "I4: outgoing mail 2: an automatic answer to the null sender" },
	{ "I6 a stranger's words are public in a ticket of others",
	  "UPDATE message SET is_unproven = 1, ticket = 1 WHERE id = 2",
	  "I6: message 2" },
	{ "I8 an outgoing mail that no journal line tells of",
	  "DROP TRIGGER journal_is_append_only_d;"
	  "DELETE FROM journal WHERE ticket = 2 AND action LIKE 'send %'",
	  "I8: outgoing mail 2: its journal line" },
	{ "I8 sent, but not settled",
	  "UPDATE outbox SET state = 'sent', attempts = 1 WHERE id = 1",
	  "I8: outgoing mail 1: sent, but not settled" },
	{ "I8 sent without a try",
	  "UPDATE outbox SET state = 'sent', settled_at = 5 WHERE id = 1",
	  "I8: outgoing mail 1: never tried" },
	{ "I8 sending without a lease",
	  "UPDATE outbox SET state = 'sending' WHERE id = 1",
	  "I8: outgoing mail 1: leased" },
	{ "I8 a number that will be given again",
	  "UPDATE sequence SET last = 1 WHERE name = 'outbox'",
	  "I8: outgoing mail 2: its number" },
	{ "I10 an answer across tickets",
	  "UPDATE message SET parent = 1 WHERE id = 2",
	  "I10: message 2: its parent" },
	{ "I10 a letter with another ticket's message",
	  "UPDATE outbox SET message = 2 WHERE id = 1",
	  "I10: outgoing mail 1: carries" },
	{ "I10 a note that went to the requester",
	  "UPDATE message SET is_internal = 1 WHERE id = 1;"
	  "UPDATE outbox SET message = 1, person = 1 WHERE id = 1",
	  "I10: outgoing mail 1: an internal note" },
	{ "a closed ticket without its time",
	  "UPDATE ticket SET state = 'closed' WHERE id = 1",
	  "ticket: ticket 1: its times" },
	{ "an open ticket that was closed",
	  "UPDATE ticket SET state = 'open', closed_at = 7 WHERE id = 1",
	  "ticket: ticket 1: its times" },
	{ "merged into nothing",
	  "UPDATE ticket SET state = 'merged' WHERE id = 1",
	  "ticket: ticket 1: merged into nothing" },
	{ "merged in a circle of three",
	  "INSERT INTO ticket SELECT 3, state, type, priority, impact,"
	  " urgency, queue, team, owner, level, subject, language, requester,"
	  " created_at, updated_at, resolved_at, closed_at, 1, sla,"
	  " is_unproven FROM ticket WHERE id = 1;"
	  "UPDATE ticket SET state = 'merged';"
	  "UPDATE ticket SET merged_into = 2 WHERE id = 1;"
	  "UPDATE ticket SET merged_into = 3 WHERE id = 2",
	  "ticket: ticket 1: merged in a circle" },
	{ "a requester who takes no part",
	  "DELETE FROM participant WHERE ticket = 1",
	  "ticket: ticket 1: its requester" },
	{ "a ticket number that will be given again",
	  "UPDATE sequence SET last = 1 WHERE name = 'ticket'",
	  "ticket: ticket 2: its number" },
	{ "a message that the search does not know",
	  "INSERT INTO search (search, rowid, subject, text)"
	  " SELECT 'delete', id, subject, text FROM message WHERE id = 1",
	  "search: message 1: cannot be found" },
	{ "words of a message that is not there",
	  "INSERT INTO search (rowid, subject, text) VALUES (77, 'a', 'b')",
	  "search: message 77" },
	{ "an address that leads to another person",
	  "UPDATE address SET person = 2 WHERE person = 1",
	  "person: person 1" },
	{ "a row that points at nothing",
	  "PRAGMA foreign_keys = OFF; UPDATE link SET other = 1;"
	  "INSERT INTO link VALUES (1, 'related', 99)",
	  "database: a row points at nothing: table link" },
	{ "an index that lacks a row",
	  "PRAGMA writable_schema = ON; UPDATE sqlite_schema SET sql ="
	  " 'CREATE INDEX message_ticket ON message(ticket) WHERE id > 1'"
	  " WHERE name = 'message_ticket'",
	  "database: " },
};

static bool
is_found(const GPtrArray *findings, const char *start)
{
	for (unsigned i = 0; i < findings->len; i++)
		if (g_str_has_prefix(findings->pdata[i], start))
			return true;
	return false;
}

static void
finds_what_was_planted(void **state)
{
	(void)state;
	for (unsigned i = 0; i < G_N_ELEMENTS(corruptions); i++) {
		g_autoptr(Room) room = sound_room();

		room_sql(room, corruptions[i].plant);
		g_autoptr(GPtrArray) findings = findings_of(room);
		if (!is_found(findings, corruptions[i].finding))
			fail_msg("%s: not found; %u findings, first: %s",
			         corruptions[i].name, findings->len,
			         findings->len == 0
			                 ? "none"
			                 : (char *)findings->pdata[0]);
	}
}

static void
finds_nothing_in_a_sound_desk(void **state)
{
	(void)state;
	g_autoptr(Room) room = sound_room();
	g_autoptr(GPtrArray) findings = findings_of(room);

	if (findings->len > 0)
		fail_msg("%s", (char *)findings->pdata[0]);
}

/* C-11: octets of a leaf are turned. */
static void
finds_a_damaged_page(void **state)
{
	(void)state;
	g_autoptr(Room) room = sound_room();
	g_autoptr(GPtrArray) findings = NULL;

	room_sql(room, "PRAGMA wal_checkpoint(TRUNCATE)");
	int64_t page = room_number(
		room,
		"SELECT rootpage FROM sqlite_schema WHERE name = 'journal'");
	FILE *file = g_fopen(room->path, "r+b");
	assert_non_null(file);
	fseek(file, (long)(page - 1) * 4096 + 3, SEEK_SET);
	fwrite("\xff\xff\xff\xff\xff\xff", 6, 1, file);
	fclose(file);
	findings = findings_of(room);
	assert_true(is_found(findings, "database: "));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(finds_nothing_in_a_sound_desk),
		cmocka_unit_test(finds_what_was_planted),
		cmocka_unit_test(finds_a_damaged_page),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
