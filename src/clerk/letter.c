#include "clerk/letter.h"

#include <string.h>

#include "base/io.h"
#include "base/text.h"

#include "desk/notice.h"

#include "message/compose.h"

#include "clerk/gather.h"
#include "clerk/values.h"

/* Where orders are written that are of no one ticket (design section 13). */
#define CONTROL_EXTENSION "control"

/* What one letter is made of; all owned. */
typedef struct Letter {
	const ApplyPlace *place;
	const Action *action;
	const ApplyEvent *event;
	const Queue *queue;
	Ticket *ticket;
	Message *message;   /* that it tells of, or NULL */
	GPtrArray *history; /* of Message, the whole ticket */
	Person *person;     /* the receiver */
	int64_t seq;        /* its number in the outbox */
	char *name;         /* "p.TICKET.SEQ.MAC" */
} Letter;

static void
letter_release(Letter *letter)
{
	ticket_free(letter->ticket);
	message_free(letter->message);
	g_clear_pointer(&letter->history, g_ptr_array_unref);
	person_free(letter->person);
	g_free(letter->name);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Letter, letter_release)

static const char *
value(const Letter *letter, const char *key)
{
	return action_value(letter->action, key);
}

/* ---- purposes ---- */

/* How a mail of each purpose is marked and sent (faults.md 3.6, 3.9): whether a
 * person wrote it, what Auto-Submitted says, whether the envelope sender is
 * null, and whether a doubtful one is sent again. */
static const struct {
	const char *purpose;
	const char *auto_submitted; /* NULL: a person's words */
	bool has_null_sender;
	bool resends_uncertain;
} purposes[] = {
	{ "acknowledgement", "auto-replied", true, false },
	{ "reply", NULL, false, true },
	{ "notify", "auto-generated", false, false },
	{ "transcript", "auto-replied", false, true },
	{ "escalation", "auto-generated", false, false },
	{ "digest", "auto-generated", false, false },
	{ "survey", "auto-generated", false, false },
	{ "self-service", "auto-replied", false, true },
	{ "failure", "auto-generated", false, true },
};

static unsigned
purpose_of(const Letter *letter)
{
	const char *purpose = value(letter, "purpose");

	for (unsigned i = 0; i < G_N_ELEMENTS(purposes); i++)
		if (strcmp(purposes[i].purpose, purpose) == 0)
			return i;
	g_assert_not_reached();
}

static bool
is_for_agent(const Letter *letter)
{
	return g_strcmp0(value(letter, "scope"), "agent") == 0;
}

/* ---- what goes in ---- */

static bool
load_person(Letter *letter, GError **error)
{
	int64_t id = apply_person_id(letter->place, value(letter, "to"),
	                             value(letter, "name"), error);

	if (id == 0)
		return false;
	letter->person = store_person_get(letter->place->store, id, error);
	return letter->person != NULL;
}

static bool
load(Letter *letter, GError **error)
{
	Store *store = letter->place->store;
	int64_t ticket = action_number(letter->action, "ticket");

	/* a digest is of no one ticket */
	letter->ticket = ticket == 0 ? ticket_new()
	                             : store_ticket_get(store, ticket, error);
	if (letter->ticket == NULL || !load_person(letter, error))
		return false;
	letter->history = ticket == 0 ? g_ptr_array_new()
	                              : store_messages(store, ticket, error);
	if (letter->history == NULL)
		return false;
	if (letter->event->message != 0) {
		letter->message =
			store_message_get(store, letter->event->message, error);
		if (letter->message == NULL)
			return false;
	}
	letter->queue = desk_queue(letter->place->desk, letter->ticket->queue);
	if (letter->queue == NULL) /* taken out of the configuration since */
		letter->queue = letter->place->desk->queues->pdata[0];
	if (!store_outbox_next(store, &letter->seq, error))
		return false;
	letter->name = name_write(letter->place->ring, NAME_POST, ticket,
	                          letter->seq, letter->place->desk->domain);
	return true;
}

/* ---- addresses ---- */

static const char *
desk_address(const Letter *letter)
{
	const Desk *desk = letter->place->desk;

	if (desk->smtp.from != NULL)
		return desk->smtp.from;
	return letter->queue->addresses[0] != NULL ? letter->queue->addresses[0]
	                                           : desk->address;
}

/* user+extension@domain of the queue; owned by the caller */
static char *
extended_address(const Letter *letter, const char *extension)
{
	const char *address = letter->queue->addresses[0] != NULL
	                              ? letter->queue->addresses[0]
	                              : letter->place->desk->address;
	const char *at = strrchr(address, '@');

	g_assert(at != NULL);
	g_autofree char *local = g_strndup(address, (gsize)(at - address));
	return g_strdup_printf("%s+%s%s", local, extension, at);
}

static char *
reply_address(const Letter *letter)
{
	const Desk *desk = letter->place->desk;

	if (letter->ticket->id == 0)
		return extended_address(letter, CONTROL_EXTENSION);
	int64_t span = is_for_agent(letter) ? AGENT_TOKEN_SECONDS
	                                    : REQUESTER_TOKEN_SECONDS;
	ReplyToken token = {
		.ticket = (uint32_t)letter->ticket->id,
		.principal = (uint32_t)letter->person->id,
		.scope = is_for_agent(letter) ? TOKEN_AGENT : TOKEN_COMMENT,
		.expires_at = letter->place->now + span,
	};
	g_autofree char *text =
		token_write(letter->place->ring, &token, desk->domain,
	                    letter->person->token_epoch);

	return extended_address(letter, text);
}

static char *
envelope_sender(const Letter *letter)
{
	if (purposes[purpose_of(letter)].has_null_sender)
		return g_strdup("");
	g_autofree char *name =
		name_write(letter->place->ring, NAME_VERP, letter->ticket->id,
	                   letter->seq, letter->place->desk->domain);
	return extended_address(letter, name);
}

/* An agent's name is as configured, whatever his mail client writes. */
static const char *
author_name(const Letter *letter)
{
	const Message *message = letter->message;
	const Agent *agent =
		message == NULL ? NULL
				: desk_agent_for_address(letter->place->desk,
	                                                 message->from_address);

	if (agent != NULL && agent->name != NULL)
		return agent->name;
	return message == NULL ? NULL : message->from_name;
}

/* "Ana Díaz via Soporte" for an agent's words, else the desk's name. */
static char *
sender_name(const Letter *letter)
{
	const Desk *desk = letter->place->desk;
	const char *author = author_name(letter);

	if (purposes[purpose_of(letter)].auto_submitted != NULL ||
	    author == NULL || *author == '\0')
		return g_strdup(desk->name);
	return g_strdup_printf("%s via %s", author, desk->name);
}

/* ---- threads ---- */

/* The stable root first, so that a client keeps the ticket together even where
 * the ids between were rewritten. */
static GPtrArray *
reference_ids(const Letter *letter)
{
	const Desk *desk = letter->place->desk;
	GPtrArray *ids = g_ptr_array_new_with_free_func(g_free);
	g_autofree char *root = name_write(letter->place->ring, NAME_THREAD,
	                                   letter->ticket->id, 0, desk->domain);

	if (letter->ticket->id == 0)
		return ids;
	g_ptr_array_add(ids, g_strdup_printf("%s@%s", root, desk->domain));
	for (unsigned i = 0; i < letter->history->len; i++) {
		const Message *message = letter->history->pdata[i];

		if (message->message_id != NULL && !message->is_internal &&
		    message->direction == DIRECTION_IN)
			g_ptr_array_add(ids, g_strdup(message->message_id));
	}
	return ids;
}

/* The id that it answers: as the plan says, or the last that the requester's
 * side wrote. */
static const char *
answered_id(const Letter *letter, const GPtrArray *references)
{
	const char *id = value(letter, "in-reply-to");

	if (references->len == 0)
		return id;
	if (id == NULL)
		return references->pdata[0];
	return *id != '\0' ? id : references->pdata[references->len - 1];
}

/* ---- marks ---- */

static void
add_field(GArray *fields, const char *name, char *text)
{
	OutgoingField field = { name, text };

	g_array_append_val(fields, field);
}

static void
clear_field(gpointer data)
{
	OutgoingField *field = data;

	g_free((char *)(uintptr_t)field->value);
}

/* What keeps machines from answering, and tells our own mail (3.9, design 17).
 */
static GArray *
mark_fields(const Letter *letter)
{
	const Desk *desk = letter->place->desk;
	const char *automatic = purposes[purpose_of(letter)].auto_submitted;
	GArray *fields = g_array_new(TRUE, FALSE, sizeof(OutgoingField));
	g_autofree char *mac =
		keyring_sign(letter->place->ring, "instance", desk->domain);

	g_array_set_clear_func(fields, clear_field);
	if (letter->ticket->id != 0)
		add_field(fields, "X-Postigo-Ticket",
		          g_strdup_printf("%" G_GINT64_FORMAT,
		                          letter->ticket->id));
	add_field(fields, "X-Postigo-Instance",
	          g_strdup_printf("%s.%s", desk->domain, mac));
	if (automatic != NULL) {
		add_field(fields, "Auto-Submitted", g_strdup(automatic));
		add_field(fields, "X-Auto-Response-Suppress", g_strdup("All"));
		add_field(fields, "Precedence", g_strdup("bulk"));
	}
	if (is_for_agent(letter))
		add_field(fields, "List-Id",
		          g_strdup_printf("<%s.%s>", letter->queue->name,
		                          desk->domain));
	return fields;
}

/* An agent's attachments travel on with his answer. */
static GArray *
carried_attachments(const Letter *letter)
{
	const ApplyEvent *event = letter->event;
	GArray *list = g_array_new(TRUE, FALSE, sizeof(OutgoingFile));

	if (event->enclosures == NULL ||
	    strcmp(value(letter, "purpose"), "reply") != 0)
		return list;
	for (unsigned i = 0; i < event->enclosures->len; i++) {
		const MailAttachment *attachment =
			&g_array_index(event->mail->attachments, MailAttachment,
		                       i);
		OutgoingFile carried = {
			.name = attachment->name,
			.type = attachment->type,
			.octets = event->enclosures->pdata[i],
		};

		g_array_append_val(list, carried);
	}
	return list;
}

/* ---- the mail ---- */

/* The administrator's own templates, of the queue first, read while one mail is
 * rendered. */
typedef struct OwnTexts {
	const char *directory; /* NULL: there are none */
	const char *queue;
	GPtrArray *read; /* of char * */
} OwnTexts;

static const char *
read_text(OwnTexts *own, const char *path)
{
	g_autoptr(GBytes) bytes = io_read_file(path, TEMPLATE_SOURCE_MAX, NULL);
	gsize size;

	if (bytes == NULL)
		return NULL;
	const char *data = g_bytes_get_data(bytes, &size);
	char *text = text_from_octets(data == NULL ? "" : data, (gssize)size);
	g_ptr_array_add(own->read, text);
	return text;
}

static const char *
own_text(const char *path, void *data)
{
	OwnTexts *own = data;

	if (own->directory == NULL)
		return NULL;
	g_autofree char *of_queue =
		g_build_filename(own->directory, own->queue, path, NULL);
	g_autofree char *of_desk = g_build_filename(own->directory, path, NULL);
	const char *text = read_text(own, of_queue);
	return text != NULL ? text : read_text(own, of_desk);
}

static bool
render(const Letter *letter, Notice *notice, GError **error)
{
	ValuesSource source = {
		.desk = letter->place->desk,
		.store = letter->place->store,
		.action = letter->action,
		.event = letter->event,
		.queue = letter->queue,
		.ticket = letter->ticket,
		.message = letter->message,
		.person = letter->person,
		.messages = letter->history->len,
		.marker = letter->name,
		.now = letter->place->now,
	};
	g_autofree char *reply_to = reply_address(letter);
	source.reply_to = reply_to;
	g_autoptr(TemplateValue) values = values_for_letter(&source, error);
	OwnTexts own = {
		.directory = letter->place->desk->templates,
		.queue = letter->queue->name,
		.read = g_ptr_array_new_with_free_func(g_free),
	};
	const TemplateLoader loader = { own_text, &own,
		                        letter->place->desk->language };
	bool is_rendered =
		values != NULL &&
		notice_render(&loader, value(letter, "template"),
	                      value(letter, "language"), values, notice, error);

	g_ptr_array_unref(own.read);
	return is_rendered;
}

static GBytes *
compose(const Letter *letter, const Notice *notice, const char *subject,
        GError **error)
{
	g_autofree char *from_name = sender_name(letter);
	g_autofree char *reply_to = reply_address(letter);
	g_autofree char *message_id =
		g_strdup_printf("%s@%s", letter->name,
	                        letter->place->desk->domain);
	g_autoptr(GPtrArray) references = reference_ids(letter);
	const char *answered = answered_id(letter, references);
	g_autoptr(GArray) fields = mark_fields(letter);
	g_autoptr(GArray) files = carried_attachments(letter);
	g_ptr_array_add(references, NULL);
	g_autofree const char **chain =
		compose_references((const char *const *)references->pdata);
	Outgoing outgoing = {
		.from_name = from_name,
		.from_address = desk_address(letter),
		/* not the person's: to an unproven sender none of his words
		 * go, his name is one (L-12) */
		.to_name = value(letter, "name"),
		.to_address = letter->person->address,
		.reply_to = reply_to,
		.message_id = message_id,
		.in_reply_to = answered,
		.references = chain,
		.date = letter->place->now,
		.subject = subject,
		.fields = (const OutgoingField *)(gpointer)fields->data,
		.text = notice->text,
		.html = notice->html,
		.files = (const OutgoingFile *)(gpointer)files->data,
	};

	return compose_mail(&outgoing, error);
}

static OutboxRow *
finished_row(const Letter *letter, const char *subject, GBytes *body)
{
	const ApplyEvent *event = letter->event;
	OutboxRow *row = outbox_row_new();

	row->id = letter->seq;
	row->ticket = letter->ticket->id;
	row->message = event->message;
	row->delivery = event->cause;
	row->person = letter->person->id;
	row->kind = g_strdup("mail");
	row->purpose = g_strdup(value(letter, "purpose"));
	row->template = g_strdup(value(letter, "template"));
	row->to = g_strdup(letter->person->address);
	row->from = g_strdup(desk_address(letter));
	row->subject = g_strdup(subject);
	row->message_id = g_strdup_printf("%s@%s", letter->name,
	                                  letter->place->desk->domain);
	row->envelope = envelope_sender(letter);
	row->body = g_bytes_ref(body);
	row->state = OUTBOX_QUEUED;
	row->resend_uncertain = purposes[purpose_of(letter)].resends_uncertain;
	row->created_at = row->next_attempt_at = letter->place->now;
	return row;
}

OutboxRow *
letter_write(const ApplyPlace *place, const Action *action,
             const ApplyEvent *event, GError **error)
{
	g_auto(Letter)
		letter = { .place = place, .action = action, .event = event };
	g_auto(Notice) notice = { NULL, NULL, NULL };

	if (!load(&letter, error) || !render(&letter, &notice, error))
		return NULL;
	const char *subject = value(&letter, "subject") != NULL
	                              ? value(&letter, "subject")
	                              : notice.subject;
	g_autoptr(GBytes) body = compose(&letter, &notice, subject, error);
	return body == NULL ? NULL : finished_row(&letter, subject, body);
}
