#include "clerk/apply.h"

#include <string.h>

#include "base/error.h"
#include "base/fault.h"
#include "base/log.h"

#include "desk/thread.h"

#include "clerk/letter.h"

typedef struct Applying {
	const ApplyPlace *place;
	ApplyEvent *event;
	const Action *action;
	GError **error;
} Applying;

static const char *
value(const Applying *a, const char *key)
{
	return action_value(a->action, key);
}

static int64_t
number(const Applying *a, const char *key)
{
	return action_number(a->action, key);
}

/* ---- people ---- */

static bool
improve_person(const ApplyPlace *place, Person *person, const char *name,
               const char *agent, GError **error)
{
	bool has_name = person->name != NULL && *person->name != '\0';

	if ((has_name || name == NULL || *name == '\0') &&
	    g_strcmp0(person->agent, agent) == 0)
		return true;
	if (!has_name && name != NULL) {
		g_free(person->name);
		person->name = g_strdup(name);
	}
	g_free(person->agent);
	person->agent = g_strdup(agent);
	return store_person_update(place->store, person, error);
}

/* Who is an agent is said by the configuration alone, each time anew. */
int64_t
apply_person_id(const ApplyPlace *place, const char *address, const char *name,
                GError **error)
{
	GError *trouble = NULL;
	const Agent *agent = desk_agent_for_address(place->desk, address);
	const char *agent_id = agent == NULL ? NULL : agent->id;
	g_autoptr(Person) known =
		store_person_by_address(place->store, address, &trouble);

	if (trouble != NULL) {
		g_propagate_error(error, trouble);
		return 0;
	}
	if (known != NULL)
		return improve_person(place, known, name, agent_id, error)
		               ? known->id
		               : 0;
	g_autoptr(Person) person = g_new0(Person, 1);
	person->name = g_strdup(name);
	person->address = g_ascii_strdown(address, -1);
	person->language = g_strdup(agent == NULL ? NULL : agent->language);
	person->agent = g_strdup(agent_id);
	return store_person_add(place->store, person, error) ? person->id : 0;
}

static bool
apply_person(Applying *a)
{
	return apply_person_id(a->place, value(a, "address"), value(a, "name"),
	                       a->error) != 0;
}

static bool
apply_watch(Applying *a)
{
	ParticipantKind kind = PARTICIPANT_WATCHER;
	int64_t person =
		apply_person_id(a->place, value(a, "address"), NULL, a->error);

	if (person == 0)
		return false;
	participant_kind_from_name(value(a, "kind"), &kind);
	return store_participant_add(a->place->store, number(a, "ticket"),
	                             person, kind, a->error);
}

static bool
apply_unwatch(Applying *a)
{
	int64_t person =
		apply_person_id(a->place, value(a, "address"), NULL, a->error);

	return person != 0 &&
	       store_participant_remove(a->place->store, number(a, "ticket"),
	                                person, a->error);
}

/* ---- tickets ---- */

static bool
fill_requester(Applying *a, Ticket *ticket)
{
	const char *address = value(a, "requester");

	if (address == NULL)
		return true;
	ticket->requester = apply_person_id(a->place, address, NULL, a->error);
	return ticket->requester != 0;
}

static bool
apply_open(Applying *a)
{
	g_autoptr(Ticket) ticket = ticket_new();

	ticket->id = number(a, "ticket");
	ticket->state = STATE_NEW;
	ticket->type = g_strdup(value(a, "type"));
	ticket->priority = g_strdup(value(a, "priority"));
	ticket->queue = g_strdup(value(a, "queue"));
	ticket->team = g_strdup(value(a, "team"));
	ticket->level = (int)number(a, "level");
	ticket->subject = g_strdup(value(a, "subject"));
	ticket->language = g_strdup(value(a, "language"));
	ticket->created_at = ticket->updated_at = a->place->now;
	ticket->is_unproven = value(a, "unproven") != NULL;
	return fill_requester(a, ticket) &&
	       store_ticket_add(a->place->store, ticket, a->error);
}

static bool
set_state(Ticket *ticket, const char *name, int64_t now)
{
	if (!ticket_state_from_name(name, &ticket->state))
		return false;
	bool is_done = ticket_state_is_done(ticket->state);
	if (!is_done)
		ticket->resolved_at = ticket->closed_at = 0;
	if (is_done && ticket->resolved_at == 0)
		ticket->resolved_at = now;
	if (ticket->state == STATE_CLOSED && ticket->closed_at == 0)
		ticket->closed_at = now;
	return true;
}

/* fields that are plain texts */
static const struct {
	const char *name;
	size_t offset;
} text_fields[] = {
	{ "type", offsetof(Ticket, type) },
	{ "priority", offsetof(Ticket, priority) },
	{ "impact", offsetof(Ticket, impact) },
	{ "urgency", offsetof(Ticket, urgency) },
	{ "queue", offsetof(Ticket, queue) },
	{ "team", offsetof(Ticket, team) },
	{ "owner", offsetof(Ticket, owner) },
	{ "subject", offsetof(Ticket, subject) },
	{ "language", offsetof(Ticket, language) },
	{ "sla", offsetof(Ticket, sla) },
};

static bool
set_text(Ticket *ticket, const char *field, const char *text)
{
	for (unsigned i = 0; i < G_N_ELEMENTS(text_fields); i++) {
		if (strcmp(text_fields[i].name, field) != 0)
			continue;
		char **at = (char **)(gpointer)((char *)ticket +
		                                text_fields[i].offset);
		g_free(*at);
		*at = *text == '\0' ? NULL : g_strdup(text);
		return true;
	}
	return false;
}

static void
follow_team(const Desk *desk, Ticket *ticket)
{
	const Team *team = desk_team(desk, ticket->team);

	if (team != NULL)
		ticket->level = team->level;
}

static bool
apply_set(Applying *a)
{
	const char *field = value(a, "field");
	const char *text = value(a, "value");
	g_autoptr(Ticket) ticket =
		store_ticket_get(a->place->store, number(a, "ticket"),
	                         a->error);

	if (ticket == NULL)
		return false;
	bool is_set = strcmp(field, "state") == 0
	                      ? set_state(ticket, text, a->place->now)
	                      : set_text(ticket, field, text);
	if (!is_set)
		return error_set(a->error, ERROR_MALFORMED, "no field %s",
		                 field);
	if (strcmp(field, "team") == 0)
		follow_team(a->place->desk, ticket);
	ticket->updated_at = a->place->now;
	return store_ticket_update(a->place->store, ticket, a->error);
}

static bool
apply_tag(Applying *a)
{
	return store_tag(a->place->store, number(a, "ticket"), value(a, "tag"),
	                 a->action->kind == ACTION_TAG, a->error);
}

static bool
apply_field(Applying *a)
{
	const char *text = value(a, "value");

	return store_field(a->place->store, number(a, "ticket"),
	                   value(a, "name"),
	                   text == NULL || *text == '\0' ? NULL : text,
	                   a->error);
}

static bool
apply_link(Applying *a)
{
	return store_link_add(a->place->store, number(a, "ticket"),
	                      value(a, "kind"), number(a, "other"), a->error);
}

/* ---- messages ---- */

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
	return g_strdup_printf("[This mail could not be read: %s. It is kept "
	                       "whole: postigo raw %s]",
	                       (const char *)mail->warnings->pdata[last - 1],
	                       mail->sha256);
}

/* what comes of the mail, and what its whole copy replaces later */
static void
copy_content(Message *message, const ApplyEvent *event)
{
	const Mail *mail = event->mail;
	const char *words =
		event->orders == NULL ? mail->reply : event->orders->rest;

	message->subject = g_strdup(mail->subject);
	message->text = text_of(mail);
	message->reply = g_strdup(words);
	message->class = mail->class;
	message->date = mail->date;
	message->file_sha256 = g_strdup(mail->sha256);
	message->conversation = thread_conversation(mail);
	copy_attachments(message, mail);
}

static void
copy_mail(Message *message, const ApplyEvent *event)
{
	copy_content(message, event);
	copy_addresses(message->to, event->mail->to);
	copy_ids(message->references, event->mail->in_reply_to);
	copy_ids(message->references, event->mail->references);
	message->delivery = event->delivery->id;
}

static void
copy_text(Message *message, const ApplyEvent *event)
{
	message->text = g_strdup(event->text);
	message->reply = g_strdup(event->text);
}

static bool
fill_author(Applying *a, Message *message)
{
	const char *address = value(a, "by");

	message->from_name = g_strdup(value(a, "name"));
	message->from_address = g_strdup(address);
	if (address == NULL)
		return true;
	message->person =
		apply_person_id(a->place, address, value(a, "name"), a->error);
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

static bool
apply_message(Applying *a)
{
	g_autoptr(Message) message = message_new();

	message->ticket = number(a, "ticket");
	message->parent = number(a, "parent");
	direction_from_name(value(a, "direction"), &message->direction);
	message->is_internal = strcmp(value(a, "visibility"), "internal") == 0;
	message->is_unproven = strcmp(value(a, "proof"), "unproven") == 0;
	message->message_id = g_strdup(value(a, "message-id"));
	message->received_at = a->place->now;
	if (a->event->mail != NULL)
		copy_mail(message, a->event);
	else
		copy_text(message, a->event);
	if (!fill_author(a, message) ||
	    !store_message_add(a->place->store, message, a->error))
		return false;
	a->event->message = message->id;
	if (a->event->delivery != NULL)
		a->event->delivery->message = message->id;
	return touch(a, message->ticket);
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

static bool
apply_replace(Applying *a)
{
	g_autoptr(Message) message = message_new();

	message->id = number(a, "message");
	message->delivery = a->event->delivery->id;
	copy_content(message, a->event);
	a->event->message = message->id;
	a->event->delivery->message = message->id;
	return store_message_replace(a->place->store, message, a->error) &&
	       supersede(a, number(a, "delivery"));
}

static bool
move_messages(Applying *a, int64_t from, int64_t to)
{
	g_autoptr(GPtrArray) messages =
		store_messages(a->place->store, from, a->error);

	if (messages == NULL)
		return false;
	for (unsigned i = 0; i < messages->len; i++) {
		Message *message = messages->pdata[i];

		message->ticket = to;
		if (!store_message_update(a->place->store, message, a->error))
			return false;
	}
	return true;
}

static bool
merge(Applying *a, int64_t from, int64_t to)
{
	g_autoptr(Ticket) ticket =
		store_ticket_get(a->place->store, from, a->error);

	if (ticket == NULL || !move_messages(a, from, to))
		return false;
	set_state(ticket, "merged", a->place->now);
	ticket->merged_into = to;
	ticket->updated_at = a->place->now;
	return store_ticket_update(a->place->store, ticket, a->error);
}

static bool
apply_join(Applying *a)
{
	int64_t from = number(a, "from");
	int64_t to = number(a, "ticket");

	if (from != to && !merge(a, from, to))
		return false;
	g_autoptr(Message) child =
		store_message_get(a->place->store, number(a, "message"),
	                          a->error);
	if (child == NULL)
		return false;
	child->parent = a->event->message;
	return store_message_update(a->place->store, child, a->error);
}

static bool
write_journal(const ApplyPlace *place, const ApplyEvent *event,
              const Action *action, GError **error)
{
	g_autofree char *text = action_to_text(action);
	bool has_ticket = action->kind != ACTION_PERSON &&
	                  action->kind != ACTION_COUNT &&
	                  action->kind != ACTION_REMEMBER;
	JournalLine line = {
		.at = place->now,
		.actor = (char *)(uintptr_t)event->actor,
		.event = (char *)(uintptr_t)event->event,
		.ticket = has_ticket ? action_number(action, "ticket") : 0,
		.action = text,
	};

	return store_journal_add(place->store, &line, error);
}

/* ---- out, held, noted ---- */

/* A letter that can never be written (an address of a shape that mail cannot
 * go to) must not hold up the mail that asks for it: the journal tells. */
static bool
pass_over(Applying *a, const GError *trouble)
{
	g_autoptr(Plan) plan = plan_new();

	plan_add(plan, ACTION_UNDELIVERED, "ticket", value(a, "ticket"),
	         "address", value(a, "to"), "action", "failed", "reason",
	         trouble->message, NULL);
	log_event(LOG_LEVEL_ERROR, "letter-not-written", "to", value(a, "to"),
	          "why", trouble->message, NULL);
	return write_journal(a->place, a->event, plan_action(plan, 0),
	                     a->error);
}

static bool
apply_send(Applying *a)
{
	GError *trouble = NULL;
	g_autoptr(OutboxRow) row =
		letter_write(a->place, a->action, a->event, &trouble);

	if (row != NULL)
		return store_outbox_add(a->place->store, row, a->error);
	if (!g_error_matches(trouble, POSTIGO_ERROR, ERROR_MALFORMED) &&
	    !g_error_matches(trouble, POSTIGO_ERROR, ERROR_TOO_BIG)) {
		g_propagate_error(a->error, trouble);
		return false;
	}
	bool is_noted = pass_over(a, trouble);
	g_error_free(trouble);
	return is_noted;
}

static bool
apply_undelivered(Applying *a)
{
	g_autoptr(OutboxRow) row =
		store_outbox_get(a->place->store, number(a, "outbox"),
	                         a->error);

	if (row == NULL)
		return false;
	if (g_strcmp0(value(a, "action"), "failed") != 0)
		return true;
	row->state = OUTBOX_FAILED;
	row->settled_at = a->place->now;
	g_free(row->last_error);
	row->last_error =
		g_strdup_printf("%s: %s", value(a, "address"),
	                        value(a, "reason") != NULL ? value(a, "reason")
	                                                   : "not delivered");
	return store_outbox_settle(a->place->store, row, a->error);
}

static bool
apply_quarantine(Applying *a)
{
	g_autoptr(Quarantined) held = quarantined_new();
	const Mail *mail = a->event->mail;
	const MailAddress *to = mail_address(mail->to, 0);

	held->delivery = a->event->delivery->id;
	held->ticket = number(a, "ticket");
	held->received_at = a->place->now;
	held->from = g_strdup(mail_from_address(mail));
	held->to = g_strdup(to == NULL ? NULL : to->address);
	held->subject = g_strdup(mail->subject);
	held->reason = g_strdup(value(a, "reason"));
	held->state = g_strdup("held");
	return store_quarantine_add(a->place->store, held, a->error);
}

static bool
apply_release(Applying *a)
{
	return store_quarantine_settle(a->place->store, number(a, "quarantine"),
	                               value(a, "state"), a->error);
}

static bool
apply_count(Applying *a)
{
	int64_t ignored;

	return store_counter_add(a->place->store, value(a, "name"),
	                         number(a, "by"), &ignored, a->error);
}

static bool
apply_remember(Applying *a)
{
	return store_note_set(a->place->store, value(a, "name"),
	                      value(a, "text"), a->error);
}

static bool
apply_settle(Applying *a)
{
	Delivery *delivery = a->event->delivery;

	delivery_state_from_name(value(a, "state"), &delivery->state);
	delivery->ticket = number(a, "ticket");
	delivery->other = number(a, "other");
	g_free(delivery->reason);
	delivery->reason = g_strdup(value(a, "why"));
	return store_delivery_settle(a->place->store, delivery, a->error);
}

static bool (*const apply_kinds[ACTION_KINDS])(Applying *) = {
	[ACTION_PERSON] = apply_person,
	[ACTION_OPEN] = apply_open,
	[ACTION_MESSAGE] = apply_message,
	[ACTION_REPLACE] = apply_replace,
	[ACTION_JOIN] = apply_join,
	[ACTION_SET] = apply_set,
	[ACTION_TAG] = apply_tag,
	[ACTION_UNTAG] = apply_tag,
	[ACTION_FIELD] = apply_field,
	[ACTION_LINK] = apply_link,
	[ACTION_WATCH] = apply_watch,
	[ACTION_UNWATCH] = apply_unwatch,
	[ACTION_SEND] = apply_send,
	[ACTION_UNDELIVERED] = apply_undelivered,
	[ACTION_QUARANTINE] = apply_quarantine,
	[ACTION_RELEASE] = apply_release,
	[ACTION_COUNT] = apply_count,
	[ACTION_REMEMBER] = apply_remember,
	[ACTION_SETTLE] = apply_settle,
};

bool
apply_plan(const ApplyPlace *place, const Plan *plan, ApplyEvent *event,
           GError **error)
{
	for (unsigned i = 0; i < plan->actions->len; i++) {
		const Action *action = plan_action(plan, i);
		Applying a = { place, event, action, error };

		FAULT_POINT("clerk.action");
		if (!write_journal(place, event, action, error))
			return false;
		if (!apply_kinds[action->kind](&a)) {
			g_prefix_error(error,
			               "%s: ", action_name(action->kind));
			return false;
		}
	}
	return true;
}
