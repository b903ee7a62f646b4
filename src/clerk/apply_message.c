#include <string.h>

#include "desk/thread.h"

#include "clerk/apply_part.h"

static void
copy_attachments(Message *message, const Mail *mail)
{
	g_array_set_size(message->attachments, 0);
	for (unsigned i = 0; i < mail->attachments->len; i++) {
		const MailAttachment *from =
			&g_array_index(mail->attachments, MailAttachment, i);
		MessageAttachment to = {
			.name = g_strdup(from->name),
			.type = g_strdup(from->type),
			.size = from->size,
			.sha256 = g_strdup(from->sha256),
			.disposition = g_strdup(from->disposition),
			.content_id = g_strdup(from->content_id),
		};

		g_array_append_val(message->attachments, to);
	}
}

static void
copy_ids(GPtrArray *to, const GPtrArray *from)
{
	for (unsigned i = 0; i < from->len; i++)
		g_ptr_array_add(to, g_strdup(from->pdata[i]));
}

static void
copy_addresses(GPtrArray *to, const GArray *from)
{
	for (unsigned i = 0; i < from->len; i++)
		g_ptr_array_add(to, g_strdup(mail_address(from, i)->address));
}

/* A mail that could not be read says so where its words would stand. */
static char *
text_of(const Mail *mail)
{
	unsigned last = mail->warnings->len;

	if (!mail->is_bare || last == 0)
		return g_strdup(mail->text);
	return g_strdup_printf("[This mail could not be read: %s. What came of "
	                       "it is kept: postigo raw %s]",
	                       (const char *)mail->warnings->pdata[last - 1],
	                       mail->sha256);
}

/* what comes of the mail, and what its whole copy replaces later */
static void
copy_content(Message *message, const Mail *mail)
{
	message->subject = g_strdup(mail->subject);
	message->text = text_of(mail);
	message->reply = g_strdup(mail->reply);
	message->class = mail->class;
	message->date = mail->date;
	message->file_sha256 = g_strdup(mail->sha256);
	message->conversation = thread_conversation(mail);
	copy_attachments(message, mail);
}

static void
copy_mail(Message *message, const ApplyEvent *event)
{
	copy_content(message, event->mail);
	copy_addresses(message->to, event->mail->to);
	copy_ids(message->references, event->mail->in_reply_to);
	copy_ids(message->references, event->mail->references);
	message->delivery = event->delivery->id;
}

/* Words that are in no mail, or not in this form. */
static void
copy_text(Message *message, const char *text)
{
	g_free(message->reply);
	message->reply = g_strdup(text);
	if (message->text == NULL)
		message->text = g_strdup(text);
}

static bool
fill_author(Applying *a, Message *message)
{
	const char *address = apply_value(a, "by");

	message->from_name = g_strdup(apply_value(a, "name"));
	message->from_address = g_strdup(address);
	if (address == NULL)
		return true;
	message->person = apply_person_id(a->place, address,
	                                  apply_value(a, "name"), a->error);
	return message->person != 0;
}

static bool
touch(Applying *a, int64_t ticket_id)
{
	g_autoptr(Ticket) ticket =
		store_ticket_get(a->place->store, ticket_id, a->error);

	if (ticket == NULL)
		return false;
	ticket->updated_at = a->place->now;
	return store_ticket_update(a->place->store, ticket, a->error);
}

bool
apply_message(Applying *a)
{
	g_autoptr(Message) message = message_new();

	message->ticket = apply_number(a, "ticket");
	message->parent = apply_number(a, "parent");
	direction_from_name(apply_value(a, "direction"), &message->direction);
	message->is_internal =
		strcmp(apply_value(a, "visibility"), "internal") == 0;
	message->is_unproven = strcmp(apply_value(a, "proof"), "unproven") == 0;
	message->message_id = g_strdup(apply_value(a, "message-id"));
	message->received_at = a->place->now;
	if (a->event->mail != NULL)
		copy_mail(message, a->event);
	if (apply_value(a, "text") != NULL)
		copy_text(message, apply_value(a, "text"));
	if (!fill_author(a, message) ||
	    !store_message_add(a->place->store, message, a->error))
		return false;
	a->event->message = message->id;
	if (a->event->delivery != NULL)
		a->event->delivery->message = message->id;
	/* who writes and proves it has a mailbox */
	if (message->direction == DIRECTION_IN && !message->is_unproven &&
	    message->from_address != NULL &&
	    !store_mailbox_forget(a->place->store, message->from_address,
	                          a->error))
		return false;
	return touch(a, message->ticket);
}

/* Nobody wrote it: the journal says which rule did. */
bool
apply_note(Applying *a)
{
	g_autoptr(Message) note = message_new();

	note->ticket = apply_number(a, "ticket");
	note->direction = DIRECTION_NOTE;
	note->is_internal = true;
	note->received_at = a->place->now;
	note->text = g_strdup(apply_value(a, "text"));
	note->reply = g_strdup(note->text);
	return store_message_add(a->place->store, note, a->error) &&
	       touch(a, note->ticket);
}

static bool
supersede(Applying *a, int64_t delivery_id)
{
	g_autoptr(Delivery) old =
		store_delivery_get(a->place->store, delivery_id, a->error);

	if (old == NULL)
		return false;
	old->state = DELIVERY_SUPERSEDED;
	old->other = a->event->delivery->id;
	return store_delivery_settle(a->place->store, old, a->error);
}

bool
apply_replace(Applying *a)
{
	g_autoptr(Message) message = message_new();

	message->id = apply_number(a, "message");
	message->delivery = a->event->delivery->id;
	copy_content(message, a->event->mail);
	a->event->message = message->id;
	a->event->delivery->message = message->id;
	return store_message_replace(a->place->store, message, a->error) &&
	       supersede(a, apply_number(a, "delivery"));
}

bool
apply_join(Applying *a)
{
	int64_t from = apply_number(a, "from");
	int64_t to = apply_number(a, "ticket");

	if (from != to && !store_merge(a->place->store, from, to, a->error))
		return false;
	g_autoptr(Message) child =
		store_message_get(a->place->store, apply_number(a, "message"),
	                          a->error);
	if (child == NULL)
		return false;
	child->parent = a->event->message;
	return store_message_update(a->place->store, child, a->error);
}
