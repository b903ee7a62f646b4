/* What the rules say of the mail, once all else is known; and whose turn it is
 * in the team that it then goes to. */
#include <string.h>

#include "desk/assign.h"
#include "desk/thread.h"

#include "clerk/gather_part.h"

/* a key is the name of a row */
#define KEY_OCTETS_MAX 300

static bool
failed(Gathering *g, GError *trouble)
{
	if (trouble == NULL)
		return false;
	g_propagate_error(g->error, trouble);
	return true;
}

static bool
ask_ban(Gathering *g)
{
	GError *trouble = NULL;

	if (g->facts->from == NULL)
		return true;
	g_autofree char *name = ruling_ban_note(g->facts->from);
	char *why = store_note_get(g->place->store, name, &trouble);
	if (why != NULL)
		g->facts->banned_why = gather_keep(g, why);
	return !failed(g, trouble);
}

/* ---- the ruling ---- */

static void
run(Gathering *g)
{
	g_autoptr(Thread) thread = thread_find(g->facts);
	bool is_known = thread->outcome == THREAD_TICKET;
	SieveInput input = {
		.facts = g->facts,
		.mail = g->mail,
		.envelope_sender = g->arrival->sender,
		.envelope_recipients = g->arrival->recipients,
		.queue = g->facts->queue->name,
		.ticket = is_known ? thread->candidate->ticket : NULL,
		.now = g->place->now,
	};

	g->gathered->ruling = sieve_run(g->place->rules, &input);
	g->facts->ruling = g->gathered->ruling;
}

/* The rules know better than the address where it belongs. */
static void
follow_queue(Gathering *g)
{
	const RulingEntry *ruled = ruling_last(g->facts->ruling, RULING_QUEUE);
	const Queue *queue =
		ruled == NULL ? NULL : desk_queue(g->place->desk, ruled->value);

	if (queue == NULL)
		return;
	g->facts->queue = queue;
	g->facts->queue_why =
		gather_keep(g, g_strdup_printf("a rule says so: %s:%u",
	                                       g->facts->ruling->file,
	                                       ruled->line));
}

static bool
find_thing(Gathering *g)
{
	const RulingEntry *link = ruling_last(g->facts->ruling, RULING_LINK);
	GError *trouble = NULL;

	if (link == NULL || strlen(link->more) > KEY_OCTETS_MAX)
		return true;
	g_autofree char *name = ruling_key_note(link->more);
	g_autofree char *number =
		store_note_get(g->place->store, name, &trouble);
	if (number == NULL)
		return !failed(g, trouble);
	int64_t ticket = g_ascii_strtoll(number, NULL, 10);
	if (!gather_followed(g, &ticket))
		return false;
	g->facts->thing = gather_load(g, ticket, &trouble);
	return !failed(g, trouble);
}

/* ---- the turn ---- */

static bool
count_loads(Gathering *g, const Team *team, GArray *loads)
{
	static const char *const open[] = { "new", "open", "pending", "hold",
		                            NULL };

	for (const char *const *id = team->members; *id != NULL; id++) {
		AgentLoad load = { .agent = *id };
		TicketQuery query = { .states = open, .owner = *id };
		g_autoptr(GPtrArray) tickets =
			store_tickets(g->place->store, &query, g->error);

		if (tickets == NULL)
			return false;
		load.open = tickets->len;
		g_array_append_val(loads, load);
	}
	return true;
}

/* The tags that the rules give are the skills that the ticket asks for. */
static GPtrArray *
skills_of(const Ruling *ruling)
{
	GPtrArray *skills = g_ptr_array_new();

	for (unsigned i = 0; ruling != NULL && i < ruling->entries->len; i++) {
		const RulingEntry *entry = ruling_entry(ruling, i);

		if (entry->kind == RULING_TAG)
			g_ptr_array_add(skills,
			                (gpointer)(uintptr_t)entry->value);
	}
	return skills;
}

static bool
take_turn(Gathering *g)
{
	const RulingEntry *ruled = ruling_last(g->facts->ruling, RULING_TEAM);
	const Team *team =
		desk_team(g->place->desk,
	                  ruled == NULL ? g->facts->queue->team : ruled->value);
	g_autoptr(GArray) loads = g_array_new(FALSE, FALSE, sizeof(AgentLoad));
	GError *trouble = NULL;

	if (!assign_is_wanted(team))
		return true;
	if (strcmp(team->assign, "least-loaded") == 0 &&
	    !count_loads(g, team, loads))
		return false;
	g_autoptr(GPtrArray) skills = skills_of(g->facts->ruling);
	g_autofree char *name = assign_note_name(team->name);
	g_autofree char *last = store_note_get(g->place->store, name, &trouble);
	Turn turn = { g->place->desk, team, last, loads, skills };
	g->facts->assignee = assign_turn(&turn);
	return !failed(g, trouble);
}

bool
gather_rules(Gathering *g)
{
	if (g->facts->seen != SEEN_NOT || g->facts->is_import ||
	    g->facts->echo_why != NULL)
		return true;
	if (!ask_ban(g))
		return false;
	if (g->place->rules != NULL)
		run(g);
	follow_queue(g);
	return find_thing(g) && take_turn(g);
}
