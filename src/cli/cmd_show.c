#include <stdio.h>
#include <stdlib.h>

#include "base/json.h"
#include "base/text.h"

#include "cli/report.h"
#include "cli/session.h"
#include "cli/ticket_json.h"

#define TEXT_COLUMNS 76

static void
print_head(const Ticket *ticket)
{
	g_autofree char *title =
		g_strdup_printf("#%" G_GINT64_FORMAT " %s", ticket->id,
	                        ticket->subject == NULL ? "" : ticket->subject);
	g_autofree char *toned = report_tone(TONE_BOLD, title);
	g_autofree char *created = report_time(ticket->created_at);
	g_autofree char *updated = report_time(ticket->updated_at);

	puts(toned);
	report_pair("state", ticket_state_name(ticket->state));
	report_pair("type", ticket->type);
	report_pair("priority", ticket->priority);
	report_pair("queue", ticket->queue);
	report_pair("team", ticket->team);
	report_pair("owner", ticket->owner);
	report_pair("requester", ticket->requester_address);
	report_pair("created", created);
	report_pair("updated", updated);
	if (ticket->is_unproven)
		report_pair("proof", "opened by an unproven sender");
}

static void
print_lists(const Ticket *ticket)
{
	for (unsigned i = 0; i < ticket->tags->len; i++)
		report_pair("tag", ticket->tags->pdata[i]);
	for (unsigned i = 0; i < ticket->fields->len; i++) {
		const TicketField *field =
			&g_array_index(ticket->fields, TicketField, i);
		report_pair(field->name, field->value);
	}
}

static void
print_attachments(const Message *message)
{
	for (unsigned i = 0; i < message->attachments->len; i++) {
		const MessageAttachment *attachment =
			&g_array_index(message->attachments, MessageAttachment,
		                       i);

		printf("  + %s (%s, %" G_GINT64_FORMAT " octets)\n",
		       attachment->name == NULL ? "-" : attachment->name,
		       attachment->type, attachment->size);
	}
}

static void
print_message(const Message *message)
{
	g_autofree char *at = report_time(message->received_at);
	g_autofree char *line = g_strdup_printf(
		"%s  %s  %s%s%s", at, direction_name(message->direction),
		message->from_address == NULL ? "-" : message->from_address,
		message->is_internal ? "  internal" : "",
		message->is_unproven ? "  unproven" : "");
	g_autofree char *toned =
		report_tone(message->is_internal ? TONE_DIM : TONE_GOOD, line);
	const char *words = message->reply != NULL && *message->reply != '\0'
	                            ? message->reply
	                            : message->text;
	g_autofree char *text =
		text_wrap(words == NULL ? "" : words, TEXT_COLUMNS, "  ");

	printf("\n%s\n%s\n", toned, text);
	print_attachments(message);
}

static bool
print_whole(Store *store, const Ticket *ticket, GError **error)
{
	g_autoptr(GPtrArray) messages =
		store_messages(store, ticket->id, error);

	if (messages == NULL)
		return false;
	print_head(ticket);
	print_lists(ticket);
	if (ticket->merged_into != 0)
		printf("merged into #%" G_GINT64_FORMAT "\n",
		       ticket->merged_into);
	for (unsigned i = 0; i < messages->len; i++)
		print_message(messages->pdata[i]);
	return true;
}

static bool
print_json(Store *store, const Ticket *ticket, GError **error)
{
	json_t *json = ticket_json_whole(store, ticket, error);

	if (json == NULL)
		return false;
	json_print_line(stdout, json);
	return true;
}

static int
run(Context *context, int argc, char **argv)
{
	g_auto(Session) session = { NULL, NULL, NULL };
	g_autoptr(GError) error = NULL;
	int64_t id;

	if (argc != 2)
		return session_usage(&cmd_show);
	if (!session_number(argv[1], &id, &error) ||
	    !session_open_store(&session, context, &error))
		return session_fail(error);
	g_autoptr(Ticket) ticket = store_ticket_get(session.store, id, &error);
	if (ticket == NULL)
		return session_fail(error);
	bool is_printed = context->json
	                          ? print_json(session.store, ticket, &error)
	                          : print_whole(session.store, ticket, &error);
	return is_printed ? EXIT_SUCCESS : session_fail(error);
}

const Command cmd_show = { "show", "TICKET", run, false };
