#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/json.h"

#include "cli/report.h"
#include "cli/session.h"

static GPtrArray *
actions_of(Store *store, const Delivery *delivery, GError **error)
{
	g_autofree char *event =
		g_strdup_printf("delivery:%" G_GINT64_FORMAT, delivery->id);

	return store_journal(store, 0, event, error);
}

static void
print_json(const Delivery *delivery, const GPtrArray *lines)
{
	json_t *json = json_object();
	json_t *plan = json_array();

	for (unsigned i = 0; i < lines->len; i++)
		json_array_append_new(
			plan, json_text(((const JournalLine *)lines->pdata[i])
		                                ->action));
	json_object_set_new(json, "message_id",
	                    json_text(delivery->message_id));
	json_object_set_new(json, "delivery", json_integer(delivery->id));
	json_object_set_new(json, "received",
	                    json_instant(delivery->received_at));
	json_object_set_new(json, "door", json_text(delivery->door));
	json_object_set_new(json, "file_sha256", json_text(delivery->sha256));
	json_object_set_new(json, "state",
	                    json_text(delivery_state_name(delivery->state)));
	json_object_set_new(json, "ticket",
	                    delivery->ticket == 0
	                            ? json_null()
	                            : json_integer(delivery->ticket));
	json_object_set_new(json, "why", json_text(delivery->reason));
	json_object_set_new(json, "plan", plan);
	json_print_line(stdout, json);
}

static void
print_text(const Delivery *delivery, const GPtrArray *lines)
{
	g_autofree char *at = report_time(delivery->received_at);
	g_autofree char *ticket =
		delivery->ticket == 0 ? NULL
				      : g_strdup_printf("#%" G_GINT64_FORMAT,
	                                                delivery->ticket);

	report_pair("received", at);
	report_pair("door", delivery->door);
	report_pair("became", delivery_state_name(delivery->state));
	report_pair("ticket", ticket);
	report_pair("because", delivery->reason);
	for (unsigned i = 0; i < lines->len; i++)
		printf("  %s\n",
		       ((const JournalLine *)lines->pdata[i])->action);
}

static bool
print_delivery(Store *store, const Delivery *delivery, bool is_json,
               GError **error)
{
	g_autoptr(GPtrArray) lines = actions_of(store, delivery, error);

	if (lines == NULL)
		return false;
	(is_json ? print_json : print_text)(delivery, lines);
	return true;
}

static int
run(Context *context, int argc, char **argv)
{
	g_auto(Session) session = { NULL, NULL, NULL };
	g_autoptr(GError) error = NULL;

	if (argc != 2)
		return session_usage(&cmd_why);
	g_autofree char *id = g_strdup(argv[1]);
	g_strdelimit(id, "<>", ' ');
	g_strstrip(id);
	if (!session_open_store(&session, context, &error))
		return session_fail(error);
	g_autoptr(GPtrArray) deliveries =
		store_deliveries(session.store, id, &error);
	if (deliveries == NULL)
		return session_fail(error);
	if (deliveries->len == 0) {
		error_set(&error, ERROR_NOT_FOUND,
		          "%s: no mail with that id came", id);
		return session_fail(error);
	}
	for (unsigned i = 0; i < deliveries->len; i++)
		if (!print_delivery(session.store, deliveries->pdata[i],
		                    context->json, &error))
			return session_fail(error);
	return EXIT_SUCCESS;
}

const Command cmd_why = { "why", "MESSAGE-ID", run, false };
