/* What agents order of whole tickets: merge, split, link, remind ... */
#include "clerk/apply_part.h"

bool
apply_unlink(Applying *a)
{
	return store_link_remove(a->place->store, apply_number(a, "ticket"),
	                         apply_value(a, "kind"),
	                         apply_number(a, "other"), a->error);
}

bool
apply_merge(Applying *a)
{
	return store_merge(a->place->store, apply_number(a, "ticket"),
	                   apply_number(a, "into"), a->error);
}

bool
apply_unmerge(Applying *a)
{
	return store_unmerge(a->place->store, apply_number(a, "ticket"),
	                     a->error);
}

bool
apply_split(Applying *a)
{
	g_autoptr(Message) message =
		store_message_get(a->place->store, apply_number(a, "message"),
	                          a->error);

	if (message == NULL)
		return false;
	message->ticket = apply_number(a, "ticket");
	message->parent = 0;
	return store_message_update(a->place->store, message, a->error);
}

static bool
take_part(Applying *a, int64_t ticket, int64_t former, int64_t person)
{
	Store *store = a->place->store;

	return (former == 0 ||
	        store_participant_remove(store, ticket, former, a->error)) &&
	       store_participant_remove(store, ticket, person, a->error) &&
	       store_participant_add(store, ticket, person,
	                             PARTICIPANT_REQUESTER, a->error);
}

bool
apply_requester(Applying *a)
{
	int64_t person = apply_person_id(a->place, apply_value(a, "address"),
	                                 NULL, a->error);
	g_autoptr(Ticket) ticket =
		store_ticket_get(a->place->store, apply_number(a, "ticket"),
	                         a->error);

	if (person == 0 || ticket == NULL)
		return false;
	int64_t former = ticket->requester;
	ticket->requester = person;
	ticket->updated_at = a->place->now;
	return take_part(a, ticket->id, former, person) &&
	       store_ticket_update(a->place->store, ticket, a->error);
}

bool
apply_remind(Applying *a)
{
	Reminder reminder = {
		.ticket = apply_number(a, "ticket"),
		.kind = (char *)(uintptr_t)apply_value(a, "kind"),
		.due_at = apply_number(a, "due"),
		.agent = (char *)(uintptr_t)apply_value(a, "agent"),
		.text = (char *)(uintptr_t)apply_value(a, "text"),
	};

	return store_reminder_add(a->place->store, &reminder, a->error);
}

bool
apply_forget(Applying *a)
{
	return store_reminder_cancel(a->place->store, apply_number(a, "ticket"),
	                             apply_value(a, "kind"), a->error);
}

bool
apply_reminded(Applying *a)
{
	return store_reminder_fired(a->place->store,
	                            apply_number(a, "reminder"), a->error);
}
