#include "desk/ticket.h"

static const char *const state_names[] = {
	[STATE_NEW] = "new",           [STATE_OPEN] = "open",
	[STATE_PENDING] = "pending",   [STATE_HOLD] = "hold",
	[STATE_RESOLVED] = "resolved", [STATE_CLOSED] = "closed",
	[STATE_MERGED] = "merged",     NULL,
};

static const char *const types[] = { "incident", "request", "problem", "change",
	                             NULL };
static const char *const priorities[] = { "low", "normal", "high", "urgent",
	                                  NULL };
static const char *const degrees[] = { "low", "medium", "high", NULL };

static const struct {
	const char *field;
	const char *const *words;
} vocabularies[] = {
	{ "state", state_names },   { "type", types },
	{ "priority", priorities }, { "impact", degrees },
	{ "urgency", degrees },
};

/* rows: impact, columns: urgency, both low to high (ITIL's usual matrix) */
static const char *const priority_matrix[3][3] = {
	{ "low", "low", "normal" },
	{ "low", "normal", "high" },
	{ "normal", "high", "urgent" },
};

#define TO(state) (1u << (state))
#define WORKING   (TO(STATE_OPEN) | TO(STATE_PENDING) | TO(STATE_HOLD))
#define ENDING    (TO(STATE_RESOLVED) | TO(STATE_CLOSED) | TO(STATE_MERGED))

/* from: where it may go.  NULL is every type without a row of its own. */
static const struct {
	const char *type;
	unsigned to[G_N_ELEMENTS(state_names) - 1];
} moves[] = {
	{ NULL,
	  { [STATE_NEW] = WORKING | ENDING,
	    [STATE_OPEN] = WORKING | ENDING,
	    [STATE_PENDING] = WORKING | ENDING,
	    [STATE_HOLD] = WORKING | ENDING,
	    [STATE_RESOLVED] = WORKING | ENDING,
	    [STATE_CLOSED] = TO(STATE_OPEN) | TO(STATE_MERGED),
	    [STATE_MERGED] = TO(STATE_OPEN) } },
};

const char *
ticket_state_name(TicketState state)
{
	return state_names[state];
}

static int
index_of(const char *const *words, const char *word)
{
	for (int i = 0; words[i] != NULL; i++)
		if (g_strcmp0(words[i], word) == 0)
			return i;
	return -1;
}

bool
ticket_state_from_name(const char *name, TicketState *out_state)
{
	int found = index_of(state_names, name);

	if (found < 0)
		return false;
	*out_state = (TicketState)found;
	return true;
}

bool
ticket_move_is_allowed(const char *type, TicketState from, TicketState to)
{
	const unsigned *allowed = moves[0].to;

	for (unsigned i = 1; i < G_N_ELEMENTS(moves); i++)
		if (g_strcmp0(moves[i].type, type) == 0)
			allowed = moves[i].to;
	return from == to || (allowed[from] & TO(to)) != 0;
}

bool
ticket_state_is_done(TicketState state)
{
	return (TO(state) & ENDING) != 0;
}

const char *const *
ticket_field_words(const char *field)
{
	for (unsigned i = 0; i < G_N_ELEMENTS(vocabularies); i++)
		if (g_strcmp0(vocabularies[i].field, field) == 0)
			return vocabularies[i].words;
	return NULL;
}

const char *
ticket_priority_from(const char *impact, const char *urgency)
{
	int row = index_of(degrees, impact);
	int column = index_of(degrees, urgency);

	return row < 0 || column < 0 ? NULL : priority_matrix[row][column];
}

static void
field_release(gpointer data)
{
	TicketField *field = data;

	g_free(field->name);
	g_free(field->value);
}

Ticket *
ticket_new(void)
{
	Ticket *ticket = g_new0(Ticket, 1);

	ticket->tags = g_ptr_array_new_with_free_func(g_free);
	ticket->fields = g_array_new(FALSE, TRUE, sizeof(TicketField));
	g_array_set_clear_func(ticket->fields, field_release);
	return ticket;
}

void
ticket_free(Ticket *ticket)
{
	if (ticket == NULL)
		return;
	g_free(ticket->type);
	g_free(ticket->priority);
	g_free(ticket->impact);
	g_free(ticket->urgency);
	g_free(ticket->queue);
	g_free(ticket->team);
	g_free(ticket->owner);
	g_free(ticket->subject);
	g_free(ticket->language);
	g_free(ticket->requester_name);
	g_free(ticket->requester_address);
	g_free(ticket->sla);
	g_ptr_array_unref(ticket->tags);
	g_array_unref(ticket->fields);
	g_free(ticket);
}

bool
ticket_has_tag(const Ticket *ticket, const char *tag)
{
	for (unsigned i = 0; i < ticket->tags->len; i++)
		if (g_strcmp0(ticket->tags->pdata[i], tag) == 0)
			return true;
	return false;
}
