#include "desk/record.h"

static const char *const kind_names[] = {
	[PARTICIPANT_REQUESTER] = "requester",
	[PARTICIPANT_WATCHER] = "watcher",
};

static const char *const direction_names[] = {
	[DIRECTION_IN] = "in",
	[DIRECTION_OUT] = "out",
	[DIRECTION_NOTE] = "note",
};

static const char *const delivery_names[] = {
	[DELIVERY_TICKETED] = "ticketed",
	[DELIVERY_APPENDED] = "appended",
	[DELIVERY_COMMANDED] = "command-done",
	[DELIVERY_BOUNCE] = "bounce-recorded",
	[DELIVERY_FOREIGN] = "foreign-bounce",
	[DELIVERY_SUPPRESSED] = "suppressed-auto",
	[DELIVERY_DUPLICATE] = "duplicate-of",
	[DELIVERY_SUPERSEDED] = "superseded-by",
	[DELIVERY_QUARANTINED] = "quarantined",
	[DELIVERY_SHUNTED] = "shunted",
};

static const char *const outbox_names[] = {
	[OUTBOX_QUEUED] = "queued",       [OUTBOX_SENDING] = "sending",
	[OUTBOX_SENT] = "sent",           [OUTBOX_DEFERRED] = "deferred",
	[OUTBOX_FAILED] = "failed",       [OUTBOX_UNCERTAIN] = "uncertain",
	[OUTBOX_CANCELLED] = "cancelled",
};

static bool
find_name(const char *const *names, unsigned count, const char *name,
          unsigned *out_index)
{
	for (unsigned i = 0; i < count; i++)
		if (g_strcmp0(names[i], name) == 0) {
			*out_index = i;
			return true;
		}
	return false;
}

const char *
participant_kind_name(ParticipantKind kind)
{
	return kind_names[kind];
}

bool
participant_kind_from_name(const char *name, ParticipantKind *out_kind)
{
	return find_name(kind_names, G_N_ELEMENTS(kind_names), name, out_kind);
}

const char *
direction_name(Direction direction)
{
	return direction_names[direction];
}

bool
direction_from_name(const char *name, Direction *out_direction)
{
	return find_name(direction_names, G_N_ELEMENTS(direction_names), name,
	                 out_direction);
}

const char *
delivery_state_name(DeliveryState state)
{
	return delivery_names[state];
}

bool
delivery_state_from_name(const char *name, DeliveryState *out_state)
{
	return find_name(delivery_names, G_N_ELEMENTS(delivery_names), name,
	                 out_state);
}

const char *
outbox_state_name(OutboxState state)
{
	return outbox_names[state];
}

bool
outbox_state_from_name(const char *name, OutboxState *out_state)
{
	return find_name(outbox_names, G_N_ELEMENTS(outbox_names), name,
	                 out_state);
}

void
person_free(Person *person)
{
	if (person == NULL)
		return;
	g_free(person->name);
	g_free(person->address);
	g_free(person->language);
	g_free(person->agent);
	g_free(person);
}

void
participant_free(Participant *participant)
{
	if (participant == NULL)
		return;
	g_free(participant->name);
	g_free(participant->address);
	g_free(participant->language);
	g_free(participant);
}

static void
attachment_release(gpointer data)
{
	MessageAttachment *attachment = data;

	g_free(attachment->name);
	g_free(attachment->type);
	g_free(attachment->sha256);
	g_free(attachment->disposition);
	g_free(attachment->content_id);
}

Message *
message_new(void)
{
	Message *message = g_new0(Message, 1);

	message->to = g_ptr_array_new_with_free_func(g_free);
	message->references = g_ptr_array_new_with_free_func(g_free);
	message->attachments =
		g_array_new(FALSE, TRUE, sizeof(MessageAttachment));
	g_array_set_clear_func(message->attachments, attachment_release);
	return message;
}

void
message_free(Message *message)
{
	if (message == NULL)
		return;
	g_free(message->message_id);
	g_free(message->from_name);
	g_free(message->from_address);
	g_free(message->subject);
	g_free(message->text);
	g_free(message->reply);
	g_free(message->file_sha256);
	g_free(message->conversation);
	g_ptr_array_unref(message->to);
	g_ptr_array_unref(message->references);
	g_array_unref(message->attachments);
	g_free(message);
}

Delivery *
delivery_new(void)
{
	Delivery *delivery = g_new0(Delivery, 1);

	delivery->recipients = g_ptr_array_new_with_free_func(g_free);
	return delivery;
}

void
delivery_free(Delivery *delivery)
{
	if (delivery == NULL)
		return;
	g_free(delivery->door);
	g_free(delivery->door_key);
	g_free(delivery->sha256);
	g_free(delivery->content_hash);
	g_free(delivery->message_id);
	g_free(delivery->envelope_sender);
	g_free(delivery->reason);
	g_ptr_array_unref(delivery->recipients);
	g_free(delivery);
}

OutboxRow *
outbox_row_new(void)
{
	return g_new0(OutboxRow, 1);
}

void
outbox_row_free(OutboxRow *row)
{
	if (row == NULL)
		return;
	g_free(row->kind);
	g_free(row->channel);
	g_free(row->purpose);
	g_free(row->template);
	g_free(row->to);
	g_free(row->from);
	g_free(row->subject);
	g_free(row->message_id);
	g_free(row->envelope);
	g_clear_pointer(&row->body, g_bytes_unref);
	g_free(row->lease_owner);
	g_free(row->last_error);
	g_free(row->last_reply);
	g_free(row);
}

void
journal_line_free(JournalLine *line)
{
	if (line == NULL)
		return;
	g_free(line->actor);
	g_free(line->event);
	g_free(line->action);
	g_free(line);
}

Quarantined *
quarantined_new(void)
{
	return g_new0(Quarantined, 1);
}

void
quarantined_free(Quarantined *quarantined)
{
	if (quarantined == NULL)
		return;
	g_free(quarantined->from);
	g_free(quarantined->to);
	g_free(quarantined->subject);
	g_free(quarantined->reason);
	g_free(quarantined->state);
	g_free(quarantined);
}

void
reminder_free(Reminder *reminder)
{
	if (reminder == NULL)
		return;
	g_free(reminder->kind);
	g_free(reminder->agent);
	g_free(reminder->text);
	g_free(reminder);
}
