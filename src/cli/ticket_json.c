#include "cli/ticket_json.h"

#include <string.h>

#include "base/clock.h"
#include "base/json.h"

#include "store/clocks.h"

static json_t *
tags_json(const Ticket *ticket)
{
	json_t *tags = json_array();

	for (unsigned i = 0; i < ticket->tags->len; i++)
		json_array_append_new(tags, json_text(ticket->tags->pdata[i]));
	return tags;
}

static json_t *
fields_json(const Ticket *ticket)
{
	json_t *fields = json_object();

	for (unsigned i = 0; i < ticket->fields->len; i++) {
		const TicketField *field =
			&g_array_index(ticket->fields, TicketField, i);

		json_object_set_new(fields, field->name,
		                    json_text(field->value));
	}
	return fields;
}

static json_t *
due_json(void)
{
	return json_pack("{s:n, s:n, s:n}", "first_response", "next_response",
	                 "resolution");
}

json_t *
ticket_json(const Ticket *ticket)
{
	json_t *json = json_object();

	json_object_set_new(json, "id", json_integer(ticket->id));
	json_object_set_new(json, "type", json_text(ticket->type));
	json_object_set_new(json, "state",
	                    json_text(ticket_state_name(ticket->state)));
	json_object_set_new(json, "priority", json_text(ticket->priority));
	json_object_set_new(json, "impact", json_text(ticket->impact));
	json_object_set_new(json, "urgency", json_text(ticket->urgency));
	json_object_set_new(json, "queue", json_text(ticket->queue));
	json_object_set_new(json, "team", json_text(ticket->team));
	json_object_set_new(json, "owner", json_text(ticket->owner));
	json_object_set_new(json, "level", json_integer(ticket->level));
	json_object_set_new(json, "subject", json_text(ticket->subject));
	json_object_set_new(json, "requester",
	                    json_text(ticket->requester_address));
	json_object_set_new(json, "created", json_instant(ticket->created_at));
	json_object_set_new(json, "updated", json_instant(ticket->updated_at));
	json_object_set_new(json, "resolved",
	                    json_instant(ticket->resolved_at));
	json_object_set_new(json, "closed", json_instant(ticket->closed_at));
	json_object_set_new(json, "sla", json_text(ticket->sla));
	json_object_set_new(json, "due", due_json());
	json_object_set_new(json, "breached", json_array());
	json_object_set_new(json, "tags", tags_json(ticket));
	json_object_set_new(json, "fields", fields_json(ticket));
	return json;
}

static json_t *
attachments_json(const Message *message)
{
	json_t *list = json_array();

	for (unsigned i = 0; i < message->attachments->len; i++) {
		const MessageAttachment *attachment =
			&g_array_index(message->attachments, MessageAttachment,
		                       i);
		json_t *json = json_object();

		json_object_set_new(json, "name", json_text(attachment->name));
		json_object_set_new(json, "type", json_text(attachment->type));
		json_object_set_new(json, "size",
		                    json_integer(attachment->size));
		json_object_set_new(json, "sha256",
		                    json_text(attachment->sha256));
		json_object_set_new(json, "disposition",
		                    json_text(attachment->disposition));
		json_object_set_new(json, "content_id",
		                    json_text(attachment->content_id));
		json_array_append_new(list, json);
	}
	return list;
}

/* How the mails that carry an answer fare, the worst of them. */
static json_t *
delivery_json(const GPtrArray *outbox, const Message *message)
{
	const OutboxRow *worst = NULL;

	for (unsigned i = 0; i < outbox->len; i++) {
		const OutboxRow *row = outbox->pdata[i];

		if (row->message == message->id &&
		    g_strcmp0(row->purpose, "reply") == 0 &&
		    (worst == NULL || row->state > worst->state))
			worst = row;
	}
	return worst == NULL ? json_null()
	                     : json_text(outbox_state_name(worst->state));
}

static json_t *
message_json(const Message *message, const GPtrArray *outbox)
{
	json_t *json = json_object();

	json_object_set_new(json, "id", json_integer(message->id));
	json_object_set_new(json, "message_id", json_text(message->message_id));
	json_object_set_new(json, "direction",
	                    json_text(direction_name(message->direction)));
	json_object_set_new(json, "from", json_text(message->from_address));
	json_object_set_new(json, "to", json_texts(message->to));
	json_object_set_new(json, "date", json_instant(message->date));
	json_object_set_new(json, "received",
	                    json_instant(message->received_at));
	json_object_set_new(json, "class",
	                    json_text(mail_class_name(message->class)));
	json_object_set_new(json, "visibility",
	                    json_text(message->is_internal ? "internal"
	                                                   : "public"));
	json_object_set_new(json, "subject", json_text(message->subject));
	json_object_set_new(json, "text", json_text(message->text));
	json_object_set_new(json, "reply", json_text(message->reply));
	json_object_set_new(json, "attachments", attachments_json(message));
	json_object_set_new(json, "delivery", delivery_json(outbox, message));
	return json;
}

static json_t *
messages_json(Store *store, int64_t ticket, GError **error)
{
	g_autoptr(GPtrArray) messages = store_messages(store, ticket, error);
	g_autoptr(GPtrArray) outbox =
		messages == NULL ? NULL
				 : store_outbox(store, ticket, NULL, error);

	if (outbox == NULL)
		return NULL;
	json_t *list = json_array();
	for (unsigned i = 0; i < messages->len; i++)
		json_array_append_new(list,
		                      message_json(messages->pdata[i], outbox));
	return list;
}

static json_t *
links_json(Store *store, int64_t ticket, GError **error)
{
	g_autoptr(GPtrArray) links = store_links(store, ticket, error);

	if (links == NULL)
		return NULL;
	json_t *list = json_array();
	for (unsigned i = 0; i < links->len; i++) {
		const TicketLink *link = links->pdata[i];
		json_t *json = json_object();

		json_object_set_new(json, "kind", json_text(link->kind));
		json_object_set_new(json, "ticket", json_integer(link->ticket));
		json_array_append_new(list, json);
	}
	return list;
}

static json_t *
watchers_json(Store *store, int64_t ticket, GError **error)
{
	g_autoptr(GPtrArray) all = store_participants(store, ticket, error);

	if (all == NULL)
		return NULL;
	json_t *list = json_array();
	for (unsigned i = 0; i < all->len; i++) {
		const Participant *participant = all->pdata[i];

		if (participant->kind == PARTICIPANT_WATCHER)
			json_array_append_new(list,
			                      json_text(participant->address));
	}
	return list;
}

static json_t *
events_json(Store *store, int64_t ticket, GError **error)
{
	g_autoptr(GPtrArray) lines = store_journal(store, ticket, NULL, error);

	if (lines == NULL)
		return NULL;
	json_t *list = json_array();
	for (unsigned i = 0; i < lines->len; i++) {
		const JournalLine *line = lines->pdata[i];
		json_t *json = json_object();
		size_t word = strcspn(line->action, " ");
		g_autofree char *action = g_strndup(line->action, word);

		json_object_set_new(json, "at", json_instant(line->at));
		json_object_set_new(json, "actor", json_text(line->actor));
		json_object_set_new(json, "action", json_text(action));
		json_object_set_new(json, "text", json_text(line->action));
		json_array_append_new(list, json);
	}
	return list;
}

/* Sets key to value, or tells that there is none. */
static bool
set_part(json_t *json, const char *key, json_t *value)
{
	return value != NULL && json_object_set_new(json, key, value) == 0;
}

/* "first-response" as a key */
static char *
key_of(ClockKind kind)
{
	return g_strdelimit(g_strdup(clock_name(kind)), "-", '_');
}

bool
ticket_json_set_clocks(json_t *json, Store *store, const Ticket *ticket,
                       GError **error)
{
	ClockRow rows[CLOCK_KINDS];
	int64_t now = clock_now();

	if (!store_clocks(store, ticket->id, rows, error))
		return false;
	json_t *due = json_object_get(json, "due");
	json_t *breached = json_object_get(json, "breached");
	for (unsigned i = 0; i < CLOCK_KINDS; i++) {
		g_autofree char *key = key_of((ClockKind)i);
		if (rows[i].state == CLOCK_RUNNING)
			json_object_set_new(due, key,
			                    json_instant(rows[i].due_at));
		if (clock_row_is_breached(&rows[i], now))
			json_array_append_new(breached, json_text(key));
	}
	return true;
}

static json_t *
timers_json(Store *store, int64_t ticket, GError **error)
{
	g_autoptr(GArray) timers = store_timers(store, ticket, error);

	if (timers == NULL)
		return NULL;
	json_t *list = json_array();
	for (unsigned i = 0; i < timers->len; i++) {
		const TimerRow *timer = &g_array_index(timers, TimerRow, i);
		json_t *json = json_object();

		json_object_set_new(json, "kind", json_text(timer->kind));
		json_object_set_new(json, "stage", json_text(timer->stage));
		json_object_set_new(json, "due", json_instant(timer->due_at));
		json_object_set_new(json, "state", json_text(timer->state));
		json_array_append_new(list, json);
	}
	return list;
}

json_t *
ticket_json_whole(Store *store, const Ticket *ticket, GError **error)
{
	json_t *json = ticket_json(ticket);
	int64_t id = ticket->id;

	if (!ticket_json_set_clocks(json, store, ticket, error) ||
	    !set_part(json, "messages", messages_json(store, id, error)) ||
	    !set_part(json, "links", links_json(store, id, error)) ||
	    !set_part(json, "watchers", watchers_json(store, id, error)) ||
	    !set_part(json, "timers", timers_json(store, id, error)) ||
	    !set_part(json, "events", events_json(store, id, error))) {
		json_decref(json);
		return NULL;
	}
	json_object_set_new(json, "merged_into",
	                    ticket->merged_into == 0
	                            ? json_null()
	                            : json_integer(ticket->merged_into));
	return json;
}
