#include <string.h>

#include "base/error.h"

#include "clerk/apply_part.h"

static bool
fill_requester(Applying *a, Ticket *ticket)
{
	const char *address = apply_value(a, "requester");

	if (address == NULL)
		return true;
	ticket->requester = apply_person_id(a->place, address, NULL, a->error);
	return ticket->requester != 0;
}

bool
apply_open(Applying *a)
{
	g_autoptr(Ticket) ticket = ticket_new();

	ticket->id = apply_number(a, "ticket");
	ticket->state = STATE_NEW;
	ticket->type = g_strdup(apply_value(a, "type"));
	ticket->priority = g_strdup(apply_value(a, "priority"));
	ticket->queue = g_strdup(apply_value(a, "queue"));
	ticket->team = g_strdup(apply_value(a, "team"));
	ticket->level = (int)apply_number(a, "level");
	ticket->subject = g_strdup(apply_value(a, "subject"));
	ticket->language = g_strdup(apply_value(a, "language"));
	ticket->created_at = ticket->updated_at = a->place->now;
	ticket->sla = g_strdup(apply_value(a, "sla"));
	ticket->is_unproven = apply_value(a, "unproven") != NULL;
	return fill_requester(a, ticket) &&
	       store_ticket_add(a->place->store, ticket, a->error);
}

bool
apply_state(Ticket *ticket, const char *name, int64_t now)
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

bool
apply_set(Applying *a)
{
	const char *field = apply_value(a, "field");
	const char *text = apply_value(a, "value");
	g_autoptr(Ticket) ticket =
		store_ticket_get(a->place->store, apply_number(a, "ticket"),
	                         a->error);

	if (ticket == NULL)
		return false;
	bool is_set = strcmp(field, "state") == 0
	                      ? apply_state(ticket, text, a->place->now)
	                      : set_text(ticket, field, text);
	if (!is_set)
		return error_set(a->error, ERROR_MALFORMED, "no field %s",
		                 field);
	if (strcmp(field, "team") == 0)
		follow_team(a->place->desk, ticket);
	ticket->updated_at = a->place->now;
	return store_ticket_update(a->place->store, ticket, a->error);
}

bool
apply_tag(Applying *a)
{
	return store_tag(a->place->store, apply_number(a, "ticket"),
	                 apply_value(a, "tag"), a->action->kind == ACTION_TAG,
	                 a->error);
}

bool
apply_field(Applying *a)
{
	const char *text = apply_value(a, "value");

	return store_field(a->place->store, apply_number(a, "ticket"),
	                   apply_value(a, "name"),
	                   text == NULL || *text == '\0' ? NULL : text,
	                   a->error);
}

bool
apply_link(Applying *a)
{
	return store_link_add(a->place->store, apply_number(a, "ticket"),
	                      apply_value(a, "kind"), apply_number(a, "other"),
	                      a->error);
}
