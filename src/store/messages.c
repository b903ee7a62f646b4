#include "base/error.h"

#include "store/rows.h"

/* all but the two long texts, which come last where they are wanted */
#define MESSAGE_COLUMNS                                                \
	"SELECT id, ticket, parent, delivery, direction, is_internal," \
	" is_unproven, message_id, person, from_name, from_address,"   \
	" recipients, subject, class, date, received_at, file_sha256," \
	" conversation "
#define LONG_COLUMNS ", text, reply "

enum { COLUMN_TEXT = 18, COLUMN_REPLY };

static Message *
read_message(DbStatement *row, bool has_texts)
{
	Message *message = message_new();

	message->id = db_int(row, 0);
	message->ticket = db_int(row, 1);
	message->parent = db_int(row, 2);
	message->delivery = db_int(row, 3);
	direction_from_name(db_text(row, 4), &message->direction);
	message->is_internal = db_int(row, 5) != 0;
	message->is_unproven = db_int(row, 6) != 0;
	message->message_id = db_dup(row, 7);
	message->person = db_int(row, 8);
	message->from_name = db_dup(row, 9);
	message->from_address = db_dup(row, 10);
	rows_split(db_text(row, 11), message->to);
	message->subject = db_dup(row, 12);
	mail_class_from_name(db_text(row, 13), &message->class);
	message->date = db_int(row, 14);
	message->received_at = db_int(row, 15);
	message->file_sha256 = db_dup(row, 16);
	message->conversation = db_dup(row, 17);
	if (has_texts) {
		message->text = db_dup(row, COLUMN_TEXT);
		message->reply = db_dup(row, COLUMN_REPLY);
	}
	return message;
}

/* ---- attachments, references ---- */

static bool
read_attachments(Store *store, Message *message, GError **error)
{
	GError *trouble = NULL;
	g_autoptr(DbStatement) rows = db_query(
		store->db, error,
		"SELECT name, type, size, sha256, disposition, content_id"
		" FROM attachment WHERE message = $1 ORDER BY position",
		"i", message->id);

	if (rows == NULL)
		return false;
	while (db_next(rows, &trouble)) {
		MessageAttachment attachment = {
			db_dup(rows, 0), db_dup(rows, 1), db_int(rows, 2),
			db_dup(rows, 3), db_dup(rows, 4), db_dup(rows, 5),
		};
		g_array_append_val(message->attachments, attachment);
	}
	if (trouble != NULL)
		g_propagate_error(error, trouble);
	return trouble == NULL;
}

static bool
write_attachments(Store *store, const Message *message, GError **error)
{
	for (unsigned i = 0; i < message->attachments->len; i++) {
		const MessageAttachment *attachment =
			&g_array_index(message->attachments, MessageAttachment,
		                       i);

		if (!db_run(store->db, error,
		            "INSERT INTO attachment (message, position, name, type,"
		            " size, sha256, disposition, content_id)"
		            " VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
		            "iittittt", message->id, (int64_t)i,
		            attachment->name, attachment->type,
		            attachment->size, attachment->sha256,
		            attachment->disposition, attachment->content_id))
			return false;
	}
	return true;
}

static bool
is_known_id(Store *store, const char *message_id, int64_t *out_count,
            GError **error)
{
	return db_number(store->db, out_count, error,
	                 "SELECT count(*) FROM message WHERE message_id = $1",
	                 "t", message_id);
}

/* Only ids that no message has: a later one that has it is the parent. */
static bool
write_awaited(Store *store, const Message *message, GError **error)
{
	for (unsigned i = 0; i < message->references->len; i++) {
		const char *id = message->references->pdata[i];
		int64_t known;

		if (!is_known_id(store, id, &known, error))
			return false;
		if (known == 0 &&
		    !db_run(store->db, error,
		            "INSERT INTO awaited (message_id, message)"
		            " VALUES ($1, $2) ON CONFLICT DO NOTHING",
		            "ti", id, message->id))
			return false;
	}
	return true;
}

/* ---- messages ---- */

static bool
insert_message(Store *store, Message *message, GError **error)
{
	g_autofree char *recipients = rows_join(message->to);

	return db_number(
		store->db, &message->id, error,
		"INSERT INTO message (ticket, parent, delivery, direction,"
		" is_internal, is_unproven, message_id, person, from_name,"
		" from_address, recipients, subject, text, reply, class, date,"
		" received_at, file_sha256, conversation) VALUES ($1,"
		" NULLIF($2, 0), NULLIF($3, 0), $4, $5, $6, $7, NULLIF($8, 0),"
		" $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19)"
		" RETURNING id",
		"iiitiitittttttt"
		"iitt",
		message->ticket, message->parent, message->delivery,
		direction_name(message->direction),
		(int64_t)message->is_internal, (int64_t)message->is_unproven,
		message->message_id, message->person, message->from_name,
		message->from_address, recipients, message->subject,
		message->text, message->reply, mail_class_name(message->class),
		message->date, message->received_at, message->file_sha256,
		message->conversation);
}

bool
store_message_add(Store *store, Message *message, GError **error)
{
	if (!insert_message(store, message, error))
		return false;
	return write_attachments(store, message, error) &&
	       write_awaited(store, message, error) &&
	       search_add(store, message->id, error);
}

bool
store_message_update(Store *store, const Message *message, GError **error)
{
	return db_run(store->db, error,
	              "UPDATE message SET ticket = $2, parent = NULLIF($3, 0),"
	              " is_internal = $4, is_unproven = $5 WHERE id = $1",
	              "iiiii", message->id, message->ticket, message->parent,
	              (int64_t)message->is_internal,
	              (int64_t)message->is_unproven);
}

bool
store_message_replace(Store *store, const Message *message, GError **error)
{
	return search_remove(store, message->id, error) &&
	       db_run(store->db, error,
	              "UPDATE message SET delivery = NULLIF($2, 0), subject = $3,"
	              " text = $4, reply = $5, class = $6, date = $7,"
	              " file_sha256 = $8, conversation = $9 WHERE id = $1",
	              "iittttitt", message->id, message->delivery,
	              message->subject, message->text, message->reply,
	              mail_class_name(message->class), message->date,
	              message->file_sha256, message->conversation) &&
	       db_run(store->db, error,
	              "DELETE FROM attachment WHERE message = $1", "i",
	              message->id) &&
	       write_attachments(store, message, error) &&
	       search_add(store, message->id, error);
}

static GPtrArray *
all_messages(DbStatement *rows, bool has_texts, GError **error)
{
	GError *trouble = NULL;

	if (rows == NULL)
		return NULL;
	g_autoptr(GPtrArray) list =
		g_ptr_array_new_with_free_func((GDestroyNotify)message_free);
	while (db_next(rows, &trouble))
		g_ptr_array_add(list, read_message(rows, has_texts));
	if (trouble != NULL) {
		g_propagate_error(error, trouble);
		return NULL;
	}
	return g_steal_pointer(&list);
}

static GPtrArray *
with_attachments(Store *store, GPtrArray *list, GError **error)
{
	g_autoptr(GPtrArray) messages = list;

	for (unsigned i = 0; messages != NULL && i < messages->len; i++)
		if (!read_attachments(store, messages->pdata[i], error))
			return NULL;
	return g_steal_pointer(&messages);
}

static GPtrArray *
messages_with_id(Store *store, int64_t id, GError **error)
{
	g_autoptr(DbStatement) rows = db_query(store->db, error,
	                                       MESSAGE_COLUMNS LONG_COLUMNS
	                                       "FROM message WHERE id = $1",
	                                       "i", id);

	return all_messages(rows, true, error);
}

Message *
store_message_get(Store *store, int64_t id, GError **error)
{
	g_autoptr(GPtrArray) found =
		with_attachments(store, messages_with_id(store, id, error),
	                         error);

	if (found == NULL)
		return NULL;
	if (found->len == 0) {
		error_set(error, ERROR_NOT_FOUND,
		          "no message %" G_GINT64_FORMAT, id);
		return NULL;
	}
	return g_ptr_array_steal_index(found, 0);
}

static GPtrArray *
messages_of(Store *store, int64_t ticket, GError **error)
{
	g_autoptr(DbStatement) rows =
		db_query(store->db, error,
	                 MESSAGE_COLUMNS LONG_COLUMNS
	                 "FROM message WHERE ticket = $1 ORDER BY id",
	                 "i", ticket);

	return all_messages(rows, true, error);
}

GPtrArray *
store_messages(Store *store, int64_t ticket, GError **error)
{
	return with_attachments(store, messages_of(store, ticket, error),
	                        error);
}

GPtrArray *
store_messages_all(Store *store, GError **error)
{
	g_autoptr(DbStatement) rows =
		db_query(store->db, error,
	                 MESSAGE_COLUMNS "FROM message ORDER BY id", "");

	return all_messages(rows, false, error);
}

GPtrArray *
store_messages_by_id(Store *store, const char *message_id, GError **error)
{
	g_autoptr(DbStatement) rows =
		db_query(store->db, error,
	                 MESSAGE_COLUMNS "FROM message WHERE message_id = $1"
	                                 " ORDER BY id DESC",
	                 "t", message_id);

	return all_messages(rows, false, error);
}

GPtrArray *
store_messages_by_conversation(Store *store, const char *conversation,
                               GError **error)
{
	g_autoptr(DbStatement) rows =
		db_query(store->db, error,
	                 MESSAGE_COLUMNS "FROM message WHERE conversation = $1"
	                                 " ORDER BY id DESC",
	                 "t", conversation);

	return all_messages(rows, false, error);
}

GPtrArray *
store_messages_awaiting(Store *store, const char *message_id, GError **error)
{
	g_autoptr(DbStatement) rows =
		db_query(store->db, error,
	                 MESSAGE_COLUMNS
	                 "FROM message WHERE parent IS NULL AND id IN"
	                 " (SELECT message FROM awaited"
	                 "  WHERE message_id = $1) ORDER BY id",
	                 "t", message_id);

	return all_messages(rows, false, error);
}
