/* What the desk knows under a name: of the ticket, the sender, the filters. */
#include <stddef.h>
#include <string.h>

#include "base/text.h"

#include "desk/thread.h"

#include "sieve/words.h"

#define FIELD_PREFIX "field."

static void
add(GPtrArray *out, const char *text)
{
	if (text != NULL)
		g_ptr_array_add(out, value_new(text));
}

static void
add_number(GPtrArray *out, int64_t number)
{
	g_ptr_array_add(out, value_new_take(g_strdup_printf("%" G_GINT64_FORMAT,
	                                                    number)));
}

/* ---- the ticket ---- */

static const struct {
	const char *name;
	size_t offset;
} ticket_texts[] = {
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
	{ "requester", offsetof(Ticket, requester_address) },
};

static bool
add_ticket_text(const Ticket *ticket, const char *name, GPtrArray *out)
{
	for (unsigned i = 0; i < G_N_ELEMENTS(ticket_texts); i++) {
		if (!text_equal_ascii(ticket_texts[i].name, name))
			continue;
		add(out,
		    *(char *const *)(const void *)((const char *)ticket +
		                                   ticket_texts[i].offset));
		return true;
	}
	return false;
}

static void
add_custom_field(const Ticket *ticket, const char *name, GPtrArray *out)
{
	for (unsigned i = 0; i < ticket->fields->len; i++) {
		const TicketField *field =
			&g_array_index(ticket->fields, TicketField, i);

		if (text_equal_ascii(field->name, name))
			add(out, field->value);
	}
}

static void
add_ticket(const Ticket *ticket, const char *name, GPtrArray *out)
{
	if (add_ticket_text(ticket, name, out))
		return;
	if (g_str_has_prefix(name, FIELD_PREFIX))
		add_custom_field(ticket, name + strlen(FIELD_PREFIX), out);
	else if (text_equal_ascii(name, "state"))
		add(out, ticket_state_name(ticket->state));
	else if (text_equal_ascii(name, "id"))
		add_number(out, ticket->id);
	else if (text_equal_ascii(name, "level"))
		add_number(out, ticket->level);
	else if (text_equal_ascii(name, "created"))
		add_number(out, ticket->created_at);
	for (unsigned i = 0;
	     text_equal_ascii(name, "tag") && i < ticket->tags->len; i++)
		add(out, ticket->tags->pdata[i]);
}

void
fetch_ticket(Run *run, const Node *node, const char *name, GPtrArray *out)
{
	const SieveInput *input = run->input;

	(void)node;
	if (text_equal_ascii(name, "is-new"))
		add(out, input->ticket == NULL ? "yes" : "no");
	else if (input->ticket != NULL)
		add_ticket(input->ticket, name, out);
	else if (text_equal_ascii(name, "queue"))
		add(out, input->queue);
}

/* ---- what filters state ---- */

void
fetch_fact(Run *run, const Node *node, const char *name, GPtrArray *out)
{
	const Facts *facts = run->input->facts;

	(void)node;
	for (unsigned i = 0;
	     facts != NULL && facts->stated != NULL && i < facts->stated->len;
	     i++) {
		const StatedFact *fact =
			&g_array_index(facts->stated, StatedFact, i);

		if (text_equal_ascii(fact->name, name))
			add(out, fact->value);
	}
}

/* ---- mail and sender ---- */

void
fetch_class(Run *run, const Node *node, const char *name, GPtrArray *out)
{
	(void)node;
	(void)name;
	if (run->input->mail != NULL)
		add(out, mail_class_name(run->input->mail->class));
}

void
fetch_event(Run *run, const Node *node, const char *name, GPtrArray *out)
{
	(void)node;
	(void)name;
	add(out, run->input->event);
}

static const char *
role_of(const SieveInput *input, const char *from)
{
	const Ticket *ticket = input->ticket;

	if (input->facts != NULL && input->facts->agent != NULL)
		return "agent";
	if (ticket != NULL && from != NULL &&
	    g_strcmp0(ticket->requester_address, from) == 0)
		return "requester";
	return input->facts != NULL && input->facts->sender != NULL
	               ? "correspondent"
	               : "stranger";
}

static void
add_sender_address(const char *from, const char *name, GPtrArray *out)
{
	if (from == NULL)
		return;
	if (text_equal_ascii(name, "address"))
		add(out, from);
	const char *at = strrchr(from, '@');
	if (text_equal_ascii(name, "domain") && at != NULL)
		add(out, at + 1);
}

void
fetch_sender(Run *run, const Node *node, const char *name, GPtrArray *out)
{
	const SieveInput *input = run->input;
	const Facts *facts = input->facts;
	const char *from =
		input->mail == NULL ? NULL : mail_from_address(input->mail);
	const MailAddress *first =
		input->mail == NULL ? NULL : mail_address(input->mail->from, 0);

	(void)node;
	add_sender_address(from, name, out);
	if (text_equal_ascii(name, "role"))
		add(out, role_of(input, from));
	else if (text_equal_ascii(name, "name") && first != NULL)
		add(out, first->name);
	else if (facts == NULL)
		return;
	else if (text_equal_ascii(name, "level"))
		add(out, evidence_name(facts->proven));
	else if (text_equal_ascii(name, "known"))
		add(out, facts->sender != NULL ? "yes" : "no");
	else if (text_equal_ascii(name, "language") && facts->sender != NULL)
		add(out, facts->sender->language);
	else if (text_equal_ascii(name, "agent") && facts->agent != NULL)
		add(out, facts->agent->id);
}
