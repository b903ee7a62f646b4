#include <stdio.h>
#include <stdlib.h>

#include "base/json.h"

#include "cli/report.h"
#include "cli/session.h"

static json_t *
message_json(const Message *message)
{
	json_t *json = json_object();

	json_object_set_new(json, "message_id", json_text(message->message_id));
	json_object_set_new(json, "file_sha256",
	                    json_text(message->file_sha256));
	json_object_set_new(json, "ticket", json_integer(message->ticket));
	json_object_set_new(json, "parent",
	                    message->parent == 0
	                            ? json_null()
	                            : json_integer(message->parent));
	json_object_set_new(json, "direction",
	                    json_text(direction_name(message->direction)));
	json_object_set_new(json, "class",
	                    json_text(mail_class_name(message->class)));
	json_object_set_new(json, "received",
	                    json_instant(message->received_at));
	return json;
}

static void
print_table(const GPtrArray *messages)
{
	static const char *const headings[] = { "TICKET",    "RECEIVED",
		                                "DIRECTION", "CLASS",
		                                "FROM",      "MESSAGE-ID",
		                                NULL };
	Table *table = table_new(headings);

	for (unsigned i = 0; i < messages->len; i++) {
		const Message *message = messages->pdata[i];
		g_autofree char *ticket =
			g_strdup_printf("%" G_GINT64_FORMAT, message->ticket);
		g_autofree char *received = report_time(message->received_at);

		table_add(table, ticket, received,
		          direction_name(message->direction),
		          mail_class_name(message->class),
		          message->from_address, message->message_id);
	}
	table_print(table);
}

static int
run(Context *context, int argc, char **argv)
{
	g_auto(Session) session = { NULL, NULL, NULL };
	g_autoptr(GError) error = NULL;

	(void)argv;
	if (argc != 1)
		return session_usage(&cmd_messages);
	if (!session_open_store(&session, context, &error))
		return session_fail(error);
	g_autoptr(GPtrArray) messages =
		store_messages_all(session.store, &error);
	if (messages == NULL)
		return session_fail(error);
	if (!context->json)
		print_table(messages);
	for (unsigned i = 0; context->json && i < messages->len; i++)
		json_print_line(stdout, message_json(messages->pdata[i]));
	return EXIT_SUCCESS;
}

const Command cmd_messages = { "messages", "", run, false };
