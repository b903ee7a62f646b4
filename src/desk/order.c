#include "desk/order.h"

#include <string.h>

#include "base/text.h"

typedef struct Reading {
	const OrderPlace *place;
	EvidenceLevel level;
	Orders *orders;
	Plan *before;
	Plan *after;
	const char *impact; /* as ordered; NULL: not */
	const char *urgency;
	bool sets_priority;
} Reading;

typedef struct OrderKind OrderKind;

/* Checks the argument and adds the actions; the effect in words, or NULL with
 * *out_fault set.  Both owned by the caller. */
typedef char *(*OrderEffect)(Reading *reading, const OrderKind *kind,
                             const char *argument, char **out_fault);

struct OrderKind {
	const char *word;
	const char *argument; /* as shown in the help; "" takes none */
	OrderEffect effect;
	const char *field; /* what it sets, where it sets one */
	const char *value; /* fixed value, where it has one */
	const char *help;
	EvidenceLevel needs; /* faults.md 4.2 */
};

/* ---- effects ---- */

static void
set_field(Reading *reading, Plan *plan, const char *field, const char *value)
{
	plan_add(plan, ACTION_SET, "ticket",
	         plan_number(plan, reading->place->ticket->id), "field", field,
	         "value", value, NULL);
}

static char *
words_of(const char *const *words)
{
	GString *list = g_string_new(words[0]);

	for (words++; *words != NULL; words++)
		g_string_append_printf(list, ", %s", *words);
	return g_string_free(list, FALSE);
}

static void
note_word(Reading *reading, const char *field, const char *word)
{
	if (strcmp(field, "impact") == 0)
		reading->impact = word;
	else if (strcmp(field, "urgency") == 0)
		reading->urgency = word;
	else if (strcmp(field, "priority") == 0)
		reading->sets_priority = true;
}

/* a field with a fixed vocabulary: priority, type, impact, urgency */
static char *
order_word(Reading *reading, const OrderKind *kind, const char *argument,
           char **out_fault)
{
	const char *const *words = ticket_field_words(kind->field);

	for (unsigned i = 0; words[i] != NULL; i++)
		if (g_ascii_strcasecmp(words[i], argument) == 0) {
			set_field(reading, reading->before, kind->field,
			          words[i]);
			note_word(reading, kind->field, words[i]);
			return g_strdup_printf("%s is %s", kind->field,
			                       words[i]);
		}
	g_autofree char *list = words_of(words);
	*out_fault = g_strdup_printf("%s is one of %s", kind->field, list);
	return NULL;
}

/* Impact and urgency both known, by order or before: the matrix gives the
 * priority, unless one is ordered as well. */
static void
follow_matrix(Reading *reading)
{
	const Ticket *ticket = reading->place->ticket;
	const char *impact =
		reading->impact != NULL ? reading->impact : ticket->impact;
	const char *urgency =
		reading->urgency != NULL ? reading->urgency : ticket->urgency;
	const char *priority = ticket_priority_from(impact, urgency);

	if ((reading->impact != NULL || reading->urgency != NULL) &&
	    !reading->sets_priority && priority != NULL)
		set_field(reading, reading->before, "priority", priority);
}

static char *
order_state(Reading *reading, const OrderKind *kind, const char *argument,
            char **out_fault)
{
	const Ticket *ticket = reading->place->ticket;
	g_autofree char *name =
		g_ascii_strdown(kind->value != NULL ? kind->value : argument,
	                        -1);
	TicketState state;

	if (!ticket_state_from_name(name, &state) || state == STATE_MERGED) {
		*out_fault =
			g_strdup("state is one of new, open, pending, hold, "
		                 "resolved, closed");
		return NULL;
	}
	if (!ticket_move_is_allowed(ticket->type, ticket->state, state)) {
		*out_fault =
			g_strdup_printf("a ticket that is %s cannot become %s",
		                        ticket_state_name(ticket->state), name);
		return NULL;
	}
	set_field(reading, reading->after, "state", name);
	return g_strdup_printf("state is %s", name);
}

static char *
order_assign(Reading *reading, const OrderKind *kind, const char *argument,
             char **out_fault)
{
	const Agent *agent = reading->place->agent;
	const char *name = kind->value != NULL ? kind->value : argument;

	if (strcmp(name, "nobody") == 0) {
		set_field(reading, reading->before, "owner", "");
		return g_strdup("nobody owns the ticket");
	}
	if (strcmp(name, "me") != 0)
		agent = desk_agent(reading->place->desk, name);
	if (agent == NULL) {
		*out_fault = g_strdup_printf("there is no agent “%s”", name);
		return NULL;
	}
	set_field(reading, reading->before, "owner", agent->id);
	return g_strdup_printf("%s owns the ticket", agent->id);
}

static char *
order_queue(Reading *reading, const OrderKind *kind, const char *argument,
            char **out_fault)
{
	const Queue *queue = desk_queue(reading->place->desk, argument);

	if (queue == NULL) {
		*out_fault =
			g_strdup_printf("there is no queue “%s”", argument);
		return NULL;
	}
	set_field(reading, reading->before, kind->field, queue->name);
	if (queue->team != NULL)
		set_field(reading, reading->before, "team", queue->team);
	return g_strdup_printf("queue is %s", queue->name);
}

static char *
order_team(Reading *reading, const OrderKind *kind, const char *argument,
           char **out_fault)
{
	const Team *team = desk_team(reading->place->desk, argument);

	if (team == NULL) {
		*out_fault = g_strdup_printf("there is no team “%s”", argument);
		return NULL;
	}
	set_field(reading, reading->before, kind->field, team->name);
	return g_strdup_printf("team is %s", team->name);
}

/* longest tag, field name; a stranger to the desk does not set them */
#define TAG_OCTETS_MAX   64
#define VALUE_OCTETS_MAX 1024

static bool
is_tag(const char *tag)
{
	return *tag != '\0' && strlen(tag) <= TAG_OCTETS_MAX;
}

static char *
order_tag(Reading *reading, const OrderKind *kind, const char *argument,
          char **out_fault)
{
	g_auto(GStrv) tags = g_strsplit_set(argument, " ,", -1);
	const char *ticket =
		plan_number(reading->before, reading->place->ticket->id);

	unsigned count = 0;

	for (unsigned i = 0; tags[i] != NULL; i++) {
		bool is_removed = tags[i][0] == '-';
		const char *tag = tags[i] + (is_removed || tags[i][0] == '+');

		if (*tags[i] == '\0')
			continue;
		if (!is_tag(tag)) {
			*out_fault = g_strdup_printf("“%s” is no tag", tags[i]);
			return NULL;
		}
		plan_add(reading->before,
		         is_removed ? ACTION_UNTAG : ACTION_TAG, "ticket",
		         ticket, "tag", tag, NULL);
		count++;
	}
	if (count == 0) {
		*out_fault = g_strdup_printf("/%s wants %s", kind->word,
		                             kind->argument);
		return NULL;
	}
	return g_strdup_printf("%s: %s", kind->word, argument);
}

static char *
order_field(Reading *reading, const OrderKind *kind, const char *argument,
            char **out_fault)
{
	const char *equals = strchr(argument, '=');

	if (equals == NULL || equals == argument ||
	    equals - argument > TAG_OCTETS_MAX ||
	    strlen(equals) > VALUE_OCTETS_MAX) {
		*out_fault =
			g_strdup_printf("/%s wants name=value", kind->word);
		return NULL;
	}
	g_autofree char *name = g_strndup(argument, (gsize)(equals - argument));
	plan_add(reading->before, ACTION_FIELD, "ticket",
	         plan_number(reading->before, reading->place->ticket->id),
	         "name", g_strstrip(name), "value", equals + 1, NULL);
	return g_strdup_printf("field %s is %s", name, equals + 1);
}

static char *
order_note(Reading *reading, const OrderKind *kind, const char *argument,
           char **out_fault)
{
	(void)kind;
	(void)argument;
	(void)out_fault;
	reading->orders->wants_note = true;
	return g_strdup("the text is a note for agents");
}

static char *
order_reply(Reading *reading, const OrderKind *kind, const char *argument,
            char **out_fault)
{
	(void)kind;
	(void)argument;
	(void)out_fault;
	reading->orders->wants_reply = true;
	return g_strdup("the text goes to the requester");
}

static const OrderKind order_kinds[] = {
	{ "note", "", order_note, NULL, NULL,
	  "the text below is for agents only", EVIDENCE_E3 },
	{ "reply", "", order_reply, NULL, NULL,
	  "the text below goes to the requester", EVIDENCE_E3 },
	{ "take", "", order_assign, "owner", "me", "you own the ticket",
	  EVIDENCE_E3 },
	{ "assign", "AGENT|me|nobody", order_assign, "owner", NULL,
	  "who owns the ticket", EVIDENCE_E3 },
	/* E4 once confirmations by mail give it (doc/violations.md) */
	{ "queue", "QUEUE", order_queue, "queue", NULL, "move it to a queue",
	  EVIDENCE_E3 },
	{ "team", "TEAM", order_team, "team", NULL, "give it to a team",
	  EVIDENCE_E3 },
	{ "priority", "low|normal|high|urgent", order_word, "priority", NULL,
	  "its priority", EVIDENCE_E3 },
	{ "impact", "low|medium|high", order_word, "impact", NULL, "its impact",
	  EVIDENCE_E3 },
	{ "urgency", "low|medium|high", order_word, "urgency", NULL,
	  "its urgency", EVIDENCE_E3 },
	{ "type", "incident|request|problem|change", order_word, "type", NULL,
	  "its type", EVIDENCE_E3 },
	{ "tag", "+TAG -TAG ...", order_tag, NULL, NULL,
	  "add and take off tags", EVIDENCE_E3 },
	{ "field", "NAME=VALUE", order_field, NULL, NULL, "a field of its own",
	  EVIDENCE_E3 },
	{ "state", "STATE", order_state, "state", NULL, "its state",
	  EVIDENCE_E3 },
	{ "hold", "", order_state, "state", "hold", "waiting for a third party",
	  EVIDENCE_E3 },
	{ "resolve", "", order_state, "state", "resolved",
	  "solved; may come back", EVIDENCE_E3 },
	{ "close", "", order_state, "state", "closed", "close it",
	  EVIDENCE_E3 },
	{ "reopen", "", order_state, "state", "open", "open it again",
	  EVIDENCE_E3 },
};

/* ---- reading ---- */

static const OrderKind *
find_kind(const char *word)
{
	for (unsigned i = 0; i < G_N_ELEMENTS(order_kinds); i++)
		if (g_ascii_strcasecmp(order_kinds[i].word, word) == 0)
			return &order_kinds[i];
	return NULL;
}

/* what is wrong with an order before its effect is asked; NULL: nothing */
static char *
order_fault(const OrderKind *kind, const char *argument, EvidenceLevel level)
{
	if (level < kind->needs)
		return g_strdup_printf("/%s needs evidence %s, this mail has "
		                       "%s",
		                       kind->word, evidence_name(kind->needs),
		                       evidence_name(level));
	if (strlen(argument) > ORDER_ARGUMENT_OCTETS_MAX)
		return g_strdup_printf("/%s is too long", kind->word);
	if (*kind->argument == '\0' && *argument != '\0')
		return g_strdup_printf("/%s takes no argument", kind->word);
	if (*kind->argument != '\0' && *argument == '\0')
		return g_strdup_printf("/%s wants %s", kind->word,
		                       kind->argument);
	return NULL;
}

static void
keep_order(Orders *orders, const char *line, const char *effect, bool is_good)
{
	g_autofree char *shown = text_shorten(line, ORDER_COLUMNS_MAX);
	Order order = {
		.text = g_string_chunk_insert(orders->strings, shown),
		.effect = g_string_chunk_insert(orders->strings, effect),
		.is_good = is_good,
	};

	g_array_append_val(orders->list, order);
	orders->is_good &= is_good;
}

static char *
no_such_order(const char *word)
{
	g_autofree char *shown = text_shorten(word, ORDER_COLUMNS_MAX);

	return g_strdup_printf("there is no order /%s", shown);
}

/* line begins with "/" */
static void
read_line(Reading *reading, const char *line)
{
	g_autofree char *copy = g_strdup(line + 1);
	g_autofree char *fault = NULL;
	g_autofree char *effect = NULL;
	char *argument = copy + strcspn(copy, " \t");

	if (*argument != '\0')
		*argument++ = '\0';
	g_strstrip(argument);
	const OrderKind *kind = find_kind(copy);
	if (kind == NULL)
		fault = no_such_order(copy);
	else
		fault = order_fault(kind, argument, reading->level);
	if (fault == NULL)
		effect = kind->effect(reading, kind, argument, &fault);
	keep_order(reading->orders, line, effect != NULL ? effect : fault,
	           effect != NULL);
}

static bool
is_order(const char *line)
{
	return line[0] == '/' && g_ascii_isalpha(line[1]);
}

bool
orders_begin(const char *text)
{
	while (g_ascii_isspace(*text))
		text++;
	return is_order(text);
}

static void
refuse_more(Orders *orders, const char *line)
{
	g_autofree char *fault =
		g_strdup_printf("more than %d orders", ORDERS_MAX);

	keep_order(orders, line, fault, false);
}

/* All orders at the top; the rest of the text, blank lines between skipped. */
static const char *
read_lines(Reading *reading, const char *text)
{
	const char *at = text;

	for (;;) {
		size_t length = strcspn(at, "\n");
		g_autofree char *line = g_strndup(at, length);
		bool is_last = at[length] == '\0';

		g_strstrip(line);
		if (*line != '\0' && !is_order(line))
			return at;
		if (reading->orders->list->len == ORDERS_MAX && *line != '\0') {
			refuse_more(reading->orders, line);
			return at;
		}
		if (*line != '\0')
			read_line(reading, line);
		at += length + (is_last ? 0 : 1);
		if (is_last)
			return at;
	}
}

static void
check_together(Orders *orders)
{
	if (orders->wants_note && orders->wants_reply)
		keep_order(
			orders, "/note /reply",
			"a text is for agents or for the requester, not both",
			false);
}

Orders *
orders_read(const char *text, const OrderPlace *place, EvidenceLevel level,
            Plan *before, Plan *after)
{
	Orders *orders = g_new0(Orders, 1);
	unsigned before_count = before->actions->len;
	unsigned after_count = after->actions->len;

	orders->strings = g_string_chunk_new(1024);
	orders->list = g_array_new(FALSE, FALSE, sizeof(Order));
	orders->is_good = true;
	Reading reading = { .place = place,
		            .level = level,
		            .orders = orders,
		            .before = before,
		            .after = after };
	const char *rest = read_lines(&reading, text);
	g_autofree char *trimmed = g_strstrip(g_strdup(rest));
	orders->rest = g_string_chunk_insert(orders->strings, trimmed);
	check_together(orders);
	follow_matrix(&reading);
	if (!orders->is_good) {
		g_array_set_size(before->actions, before_count);
		g_array_set_size(after->actions, after_count);
	}
	return orders;
}

void
orders_free(Orders *orders)
{
	if (orders == NULL)
		return;
	g_string_chunk_free(orders->strings);
	g_array_unref(orders->list);
	g_free(orders);
}

char *
orders_help(void)
{
	GString *help = g_string_new(NULL);

	for (unsigned i = 0; i < G_N_ELEMENTS(order_kinds); i++) {
		const OrderKind *kind = &order_kinds[i];
		g_autofree char *usage =
			g_strconcat("/", kind->word,
		                    *kind->argument == '\0' ? "" : " ",
		                    kind->argument, NULL);

		g_string_append_printf(help, "%-36s %s\n", usage, kind->help);
	}
	return g_string_free(help, FALSE);
}

void
orders_refuse(Orders *orders, const char *text, const char *why)
{
	keep_order(orders, text, why, false);
}
