/* What the desk's rules say of a mail, as actions.
 *
 * A quarantine holds before any ticket is asked for; a key joins the mails of
 * one monitored thing; the rest are attributes of the ticket that the mail
 * opens or belongs to. */
#include <string.h>

#include "desk/case.h"
#include "desk/notify.h"

static const char *
why_of(Case *c, const RulingEntry *entry)
{
	return plan_format(c->plan, "%s:%u", c->facts->ruling->file,
	                   entry->line);
}

static const char *
value_of(const Facts *facts, RulingKind kind)
{
	const RulingEntry *entry = ruling_last(facts->ruling, kind);

	return entry == NULL ? NULL : entry->value;
}

/* ---- held ---- */

bool
case_is_banned(Case *c)
{
	const Facts *facts = c->facts;

	if (facts->banned_why == NULL || facts->agent != NULL)
		return false;
	case_quarantine(c, 0,
	                plan_format(c->plan, "a banned sender: %s",
	                            facts->banned_why));
	return true;
}

static void
ban(Case *c, const RulingEntry *entry)
{
	if (c->facts->from == NULL || c->facts->agent != NULL)
		return;
	g_autofree char *name = ruling_ban_note(c->facts->from);
	plan_add(c->plan, ACTION_REMEMBER, "name", name, "text",
	         why_of(c, entry), NULL);
}

bool
case_is_held_by_rule(Case *c)
{
	const Ruling *ruling = c->facts->ruling;
	const RulingEntry *banning = ruling_last(ruling, RULING_BAN);
	const RulingEntry *holding = ruling_last(ruling, RULING_QUARANTINE);

	if (banning == NULL && holding == NULL)
		return false;
	if (banning != NULL)
		ban(c, banning);
	case_quarantine(c, 0,
	                holding != NULL ? plan_format(c->plan, "%s (%s)",
	                                              holding->value,
	                                              why_of(c, holding))
	                                : plan_format(c->plan, "banned (%s)",
	                                              why_of(c, banning)));
	return true;
}

/* ---- attributes ---- */

/* One ticket while the rules are obeyed. */
typedef struct Obeying {
	Case *c;
	int64_t ticket;
	const Ticket *known; /* NULL: the mail opens it */
	const RulingEntry *entry;
} Obeying;

static void
set(const Obeying *o, const char *field, const char *value)
{
	case_set(o->c, o->ticket, field, value, why_of(o->c, o->entry));
}

/* The words of the rules that are fields of the ticket. */
static const char *const fields[RULING_KINDS] = {
	[RULING_QUEUE] = "queue", [RULING_PRIORITY] = "priority",
	[RULING_TYPE] = "type",   [RULING_ASSIGN] = "owner",
	[RULING_TEAM] = "team",   [RULING_SLA] = "sla",
};

/* What the opening carries already (case_open_ticket). */
static bool
is_opened_with(const Obeying *o)
{
	RulingKind kind = o->entry->kind;

	return o->known == NULL &&
	       (kind == RULING_QUEUE || kind == RULING_PRIORITY ||
	        kind == RULING_TYPE || kind == RULING_TEAM);
}

static void
obey_field(const Obeying *o)
{
	const RulingEntry *entry = o->entry;
	const char *value = entry->value;

	if (entry->kind == RULING_ASSIGN && strcmp(value, "nobody") == 0)
		value = "";
	if (is_opened_with(o) ||
	    ruling_last(o->c->facts->ruling, entry->kind) != entry)
		return;
	set(o, fields[entry->kind], value);
}

static void
obey_tag(const Obeying *o)
{
	plan_add(o->c->plan,
	         o->entry->kind == RULING_TAG ? ACTION_TAG : ACTION_UNTAG,
	         "ticket", plan_number(o->c->plan, o->ticket), "tag",
	         o->entry->value, "why", why_of(o->c, o->entry), NULL);
}

static void
obey_custom(const Obeying *o)
{
	plan_add(o->c->plan, ACTION_FIELD, "ticket",
	         plan_number(o->c->plan, o->ticket), "name", o->entry->value,
	         "value", o->entry->more, "why", why_of(o->c, o->entry), NULL);
}

static void
obey_watch(const Obeying *o)
{
	Plan *plan = o->c->plan;
	const char *address = o->entry->value;

	if (!address_can_receive(address) ||
	    desk_owns_address(o->c->facts->desk, address))
		return;
	plan_add(plan, ACTION_PERSON, "address", address, NULL);
	plan_add(plan, ACTION_WATCH, "ticket", plan_number(plan, o->ticket),
	         "address", address, "kind", "watcher", "why",
	         why_of(o->c, o->entry), NULL);
}

static void
obey_note(const Obeying *o)
{
	plan_add(o->c->plan, ACTION_NOTE, "ticket",
	         plan_number(o->c->plan, o->ticket), "text", o->entry->value,
	         "why", why_of(o->c, o->entry), NULL);
}

static void
obey_resolve(const Obeying *o)
{
	const Ticket *known = o->known;

	if (known == NULL ||
	    !ticket_move_is_allowed(known->type, known->state, STATE_RESOLVED))
		return;
	case_set(o->c, o->ticket, "state", "resolved",
	         plan_format(o->c->plan, "%s (%s)", o->entry->value,
	                     why_of(o->c, o->entry)));
}

/* An answer to a mail for a ticket that is there; the one that opens it is
 * answered instead of acknowledged (case_open_ticket). */
static void
obey_answer(const Obeying *o)
{
	const Facts *facts = o->c->facts;

	if (o->known == NULL || facts->from == NULL || facts->agent != NULL ||
	    facts->mail->class != MAIL_PERSON || !facts_may_answer(facts) ||
	    facts->budgets.acknowledgements_to_sender_day >=
	            facts->desk->limits.acknowledgements_per_sender_day)
		return;
	About about = about_of(o->known);
	Cause cause = { .purpose = "acknowledgement",
		        .template = o->entry->value,
		        .in_reply_to = facts->mail->message_id,
		        .why = why_of(o->c, o->entry) };
	Receiver to = { .address = facts->from,
		        .language = facts->sender == NULL
		                            ? NULL
		                            : facts->sender->language,
		        .scope = "comment" };
	notify_receiver(o->c->plan, facts->desk, &about, &to, &cause);
}

/* A rule that fires on each mail of a thing says the key on each. */
static void
obey_link(const Obeying *o)
{
	g_autofree char *name = ruling_key_note(o->entry->more);

	if (o->known == NULL)
		plan_add(o->c->plan, ACTION_REMEMBER, "name", name, "text",
		         plan_number(o->c->plan, o->ticket), NULL);
}

static void (*const obey[RULING_KINDS])(const Obeying *) = {
	[RULING_QUEUE] = obey_field,   [RULING_PRIORITY] = obey_field,
	[RULING_TYPE] = obey_field,    [RULING_ASSIGN] = obey_field,
	[RULING_TEAM] = obey_field,    [RULING_SLA] = obey_field,
	[RULING_TAG] = obey_tag,       [RULING_UNTAG] = obey_tag,
	[RULING_FIELD] = obey_custom,  [RULING_WATCH] = obey_watch,
	[RULING_NOTE] = obey_note,     [RULING_RESOLVE] = obey_resolve,
	[RULING_ANSWER] = obey_answer, [RULING_LINK] = obey_link,
};

void
case_obey(Case *c, int64_t ticket, const Ticket *known)
{
	const Ruling *ruling = c->facts->ruling;

	for (unsigned i = 0; ruling != NULL && i < ruling->entries->len; i++) {
		Obeying o = { c, ticket, known, ruling_entry(ruling, i) };

		if (obey[o.entry->kind] != NULL &&
		    (known == NULL || ruling_holds_later(o.entry)))
			obey[o.entry->kind](&o);
	}
}

const char *
case_ruled(Case *c, RulingKind kind, const char *fallback)
{
	const char *value = value_of(c->facts, kind);

	return value == NULL ? fallback : value;
}

/* ---- one monitored thing, one ticket ---- */

static void
update_thing(Case *c, const Ticket *ticket, bool recovers)
{
	MessageForm form = { "in", "public",
		             c->facts->proven >= EVIDENCE_E1 ? "proven"
		                                             : "unproven",
		             "the rules link it to this ticket" };
	bool comes_back = !recovers && ticket_state_is_done(ticket->state);
	About about = about_of(ticket);
	Cause cause = { .purpose = "notify",
		        .template = "new-ticket",
		        .actor = c->facts->from,
		        .why = "it is there again" };

	case_add_message(c, ticket->id, &form);
	if (comes_back)
		case_set(c, ticket->id, "state", "open", "it is there again");
	case_obey(c, ticket->id, ticket);
	if (comes_back)
		notify_agents(c->plan, c->facts->desk, &about, &cause);
	case_settle(c, DELIVERY_APPENDED, ticket->id, 0,
	            recovers ? "a recovery" : "the same thing again");
}

bool
case_is_thing(Case *c)
{
	const Candidate *thing = c->facts->thing;
	bool recovers = ruling_last(c->facts->ruling, RULING_RESOLVE) != NULL;

	if (ruling_last(c->facts->ruling, RULING_LINK) == NULL)
		return false;
	if (thing != NULL && thing->ticket->state != STATE_CLOSED)
		update_thing(c, thing->ticket, recovers);
	else if (recovers)
		case_settle(c, DELIVERY_SUPPRESSED, 0, 0,
		            "a recovery, and no ticket is open on it");
	else
		case_open_ticket(c, thing == NULL ? 0 : thing->ticket->id,
		                 plan_format(c->plan, "the rules link it to %s",
		                             ruling_last(c->facts->ruling,
		                                         RULING_LINK)
		                                     ->more));
	return true;
}
