#include "store_room.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>
#include <glib/gstdio.h>

Room *
room_new(bool with_database)
{
	Room *room = g_new0(Room, 1);

	/* no power is cut here, so memory will do where there is some */
	const char *place =
		g_access("/dev/shm", W_OK) == 0 ? "/dev/shm" : g_get_tmp_dir();
	room->directory = g_build_filename(place, "postigo-store-XXXXXX", NULL);
	room->directory = g_mkdtemp(room->directory);
	assert_non_null(room->directory);
	room->path = g_build_filename(room->directory, "desk.db", NULL);
	if (with_database)
		assert_true(store_create(room->path, NULL));
	return room;
}

void
room_free(Room *room)
{
	GDir *directory = g_dir_open(room->directory, 0, NULL);
	const char *name;

	while (directory != NULL && (name = g_dir_read_name(directory))) {
		g_autofree char *path =
			g_build_filename(room->directory, name, NULL);
		g_unlink(path);
	}
	if (directory != NULL)
		g_dir_close(directory);
	g_rmdir(room->directory);
	g_free(room->directory);
	g_free(room->path);
	g_free(room);
}

/* ---- one event ---- */

static bool
write_delivery(Store *store, int64_t number, Delivery *delivery, GError **error)
{
	g_autofree char *text = g_strdup_printf(
		"From: eva@kunde.example\r\nSubject: drucker %d\r\n\r\nhilfe",
		(int)number);
	g_autoptr(GBytes) octets = g_bytes_new(text, strlen(text));

	delivery->door = g_strdup("pipe");
	delivery->sha256 =
		g_compute_checksum_for_bytes(G_CHECKSUM_SHA256, octets);
	delivery->size = (int64_t)strlen(text);
	delivery->content_hash = g_strdup_printf("c%d", (int)number);
	delivery->message_id = g_strdup_printf("m%d@kunde", (int)number);
	delivery->envelope_sender = g_strdup("eva@kunde.example");
	delivery->received_at = ROOM_NOW;
	return store_raw_put(store, delivery->sha256, octets, error) &&
	       store_delivery_add(store, delivery, error);
}

static bool
write_person(Store *store, int64_t number, int64_t *out_id, GError **error)
{
	g_autofree char *address =
		g_strdup_printf("eva%d@kunde.example", (int)number);
	g_autoptr(Person) person =
		store_person_by_address(store, address, NULL);

	if (person == NULL) {
		person = g_new0(Person, 1);
		person->name = g_strdup("Eva");
		person->address = g_steal_pointer(&address);
		if (!store_person_add(store, person, error))
			return false;
	}
	*out_id = person->id;
	return true;
}

static bool
write_ticket(Store *store, int64_t number, int64_t person, GError **error)
{
	g_autoptr(Ticket) ticket = ticket_new();

	ticket->id = number;
	ticket->type = g_strdup("incident");
	ticket->priority = g_strdup("normal");
	ticket->queue = g_strdup("support");
	ticket->subject = g_strdup("drucker");
	ticket->requester = person;
	ticket->created_at = ticket->updated_at = ROOM_NOW;
	ticket->level = 1;
	g_ptr_array_add(ticket->tags, g_strdup("druck"));
	return store_ticket_add(store, ticket, error) &&
	       store_participant_add(store, number, person,
	                             PARTICIPANT_REQUESTER, error);
}

static bool
write_message(Store *store, Delivery *delivery, int64_t ticket, int64_t person,
              GError **error)
{
	g_autoptr(Message) message = message_new();
	MessageAttachment attachment = { g_strdup("bild.png"),
		                         g_strdup("image/png"),
		                         10,
		                         NULL,
		                         NULL,
		                         NULL };

	message->ticket = ticket;
	message->delivery = delivery->id;
	message->person = person;
	message->message_id = g_strdup(delivery->message_id);
	message->subject = g_strdup("drucker");
	message->text = g_strdup("die Druckerschwärze ist aus");
	message->from_address = g_strdup("eva@kunde.example");
	message->file_sha256 = g_strdup(delivery->sha256);
	message->date = message->received_at = ROOM_NOW;
	g_ptr_array_add(message->to, g_strdup("soporte@acme.example"));
	g_ptr_array_add(message->references, g_strdup("before@kunde"));
	g_array_append_val(message->attachments, attachment);
	if (!store_message_add(store, message, error))
		return false;
	delivery->state = DELIVERY_TICKETED;
	delivery->ticket = ticket;
	delivery->message = message->id;
	return store_delivery_settle(store, delivery, error);
}

static bool
write_outbox(Store *store, const Delivery *delivery, GError **error)
{
	g_autoptr(OutboxRow) row = outbox_row_new();

	if (!store_outbox_next(store, &row->id, error))
		return false;
	row->ticket = delivery->ticket;
	row->delivery = delivery->id;
	row->kind = g_strdup("mail");
	row->purpose = g_strdup("acknowledgement");
	row->template = g_strdup("ack");
	row->to = g_strdup("eva@kunde.example");
	row->message_id = g_strdup_printf("p.%d@acme", (int)row->id);
	row->envelope = g_strdup("");
	row->body = g_bytes_new_static("Subject: x\r\n\r\ny", 15);
	row->created_at = row->next_attempt_at = ROOM_NOW;
	return store_outbox_add(store, row, error);
}

static bool
write_journal(Store *store, int64_t ticket, const char *action, GError **error)
{
	JournalLine line = { 0,
		             ROOM_NOW,
		             (char *)(uintptr_t) "mail:eva@kunde.example",
		             (char *)(uintptr_t) "delivery:1",
		             ticket,
		             (char *)(uintptr_t)action };

	return store_journal_add(store, &line, error);
}

bool
room_write(Store *store, int64_t number, GError **error)
{
	g_autoptr(Delivery) delivery = delivery_new();
	int64_t person;

	return write_delivery(store, number, delivery, error) &&
	       write_person(store, number, &person, error) &&
	       write_ticket(store, number, person, error) &&
	       write_message(store, delivery, number, person, error) &&
	       write_outbox(store, delivery, error) &&
	       write_journal(store, number, "open ticket", error) &&
	       write_journal(store, number, "send acknowledgement", error);
}

bool
room_write_event(Store *store, int64_t number, GError **error)
{
	if (!store_begin(store, error))
		return false;
	if (!room_write(store, number, error)) {
		store_rollback(store);
		return false;
	}
	return store_commit(store, error);
}

/* ---- behind the store's back ---- */

static sqlite3 *
open_raw(const Room *room)
{
	sqlite3 *handle;

	assert_int_equal(sqlite3_open(room->path, &handle), SQLITE_OK);
	return handle;
}

void
room_sql(const Room *room, const char *sql)
{
	sqlite3 *handle = open_raw(room);
	char *why = NULL;

	if (sqlite3_exec(handle, sql, NULL, NULL, &why) != SQLITE_OK)
		fail_msg("%s: %s", sql, why);
	sqlite3_close(handle);
}

int64_t
room_number(const Room *room, const char *sql)
{
	sqlite3 *handle = open_raw(room);
	sqlite3_stmt *stmt;

	if (sqlite3_prepare_v2(handle, sql, -1, &stmt, NULL) != SQLITE_OK ||
	    sqlite3_step(stmt) != SQLITE_ROW)
		fail_msg("%s: %s", sql, sqlite3_errmsg(handle));
	int64_t number = sqlite3_column_int64(stmt, 0);
	sqlite3_finalize(stmt);
	sqlite3_close(handle);
	return number;
}

bool
room_is_sound(const Room *room)
{
	return room_number(room, "SELECT count(*) FROM pragma_integrity_check"
	                         " WHERE integrity_check = 'ok'") == 1;
}
