/* Orders that set what a ticket is: words, people, teams, tags, fields. */
#include <string.h>

#include "desk/order_kind.h"

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
char *
order_word(Reading *reading, const OrderKind *kind, const char *argument,
           char **out_fault)
{
	const char *const *words = ticket_field_words(kind->field);

	for (unsigned i = 0; words[i] != NULL; i++)
		if (g_ascii_strcasecmp(words[i], argument) == 0) {
			order_set(reading, reading->before, kind->field,
			          words[i]);
			note_word(reading, kind->field, words[i]);
			return g_strdup_printf(ORDER_SAY(reading, "%s is %s",
			                                 "%s es %s"),
			                       kind->field, words[i]);
		}
	g_autofree char *list = words_of(words);
	*out_fault = g_strdup_printf(ORDER_SAY(reading, "%s is one of %s",
	                                       "%s es una de: %s"),
	                             kind->field, list);
	return NULL;
}

/* Impact and urgency both known, by order or before: the matrix gives the
 * priority, unless one is ordered as well. */
void
order_follow_matrix(Reading *reading)
{
	const Ticket *ticket = reading->place->ticket;
	const char *impact =
		reading->impact != NULL ? reading->impact : ticket->impact;
	const char *urgency =
		reading->urgency != NULL ? reading->urgency : ticket->urgency;
	const char *priority = ticket_priority_from(impact, urgency);

	if ((reading->impact != NULL || reading->urgency != NULL) &&
	    !reading->sets_priority && priority != NULL)
		order_set(reading, reading->before, "priority", priority);
}

char *
order_assign(Reading *reading, const OrderKind *kind, const char *argument,
             char **out_fault)
{
	const Agent *agent = reading->place->agent;
	const char *name = kind->value != NULL ? kind->value : argument;

	if (strcmp(name, "nobody") == 0) {
		order_set(reading, reading->before, "owner", "");
		return g_strdup(ORDER_SAY(reading, "nobody owns the ticket",
		                          "el caso no es de nadie"));
	}
	if (strcmp(name, "me") != 0)
		agent = desk_agent(reading->place->desk, name);
	if (agent == NULL) {
		*out_fault = g_strdup_printf(ORDER_SAY(reading,
		                                       "there is no agent “%s”",
		                                       "no hay agente “%s”"),
		                             name);
		return NULL;
	}
	order_set(reading, reading->before, "owner", agent->id);
	return g_strdup_printf(ORDER_SAY(reading, "%s owns the ticket",
	                                 "el caso es de %s"),
	                       agent->id);
}

char *
order_queue(Reading *reading, const OrderKind *kind, const char *argument,
            char **out_fault)
{
	const Queue *queue = desk_queue(reading->place->desk, argument);

	if (queue == NULL) {
		*out_fault = g_strdup_printf(ORDER_SAY(reading,
		                                       "there is no queue “%s”",
		                                       "no hay cola “%s”"),
		                             argument);
		return NULL;
	}
	order_set(reading, reading->before, kind->field, queue->name);
	if (queue->team != NULL)
		order_set(reading, reading->before, "team", queue->team);
	return g_strdup_printf(ORDER_SAY(reading, "queue is %s",
	                                 "la cola es %s"),
	                       queue->name);
}

char *
order_team(Reading *reading, const OrderKind *kind, const char *argument,
           char **out_fault)
{
	const Team *team = desk_team(reading->place->desk, argument);

	if (team == NULL) {
		*out_fault = g_strdup_printf(ORDER_SAY(reading,
		                                       "there is no team “%s”",
		                                       "no hay equipo “%s”"),
		                             argument);
		return NULL;
	}
	order_set(reading, reading->before, kind->field, team->name);
	return g_strdup_printf(ORDER_SAY(reading, "team is %s",
	                                 "el equipo es %s"),
	                       team->name);
}

/* longest tag, field name; a stranger to the desk does not set them */
#define TAG_OCTETS_MAX   64
#define VALUE_OCTETS_MAX 1024

static bool
is_tag(const char *tag)
{
	return *tag != '\0' && strlen(tag) <= TAG_OCTETS_MAX;
}

char *
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
			*out_fault = g_strdup_printf(
				ORDER_SAY(reading, "“%s” is no tag",
			                  "“%s” no es etiqueta"),
				tags[i]);
			return NULL;
		}
		plan_add(reading->before,
		         is_removed ? ACTION_UNTAG : ACTION_TAG, "ticket",
		         ticket, "tag", tag, NULL);
		count++;
	}
	if (count == 0) {
		*out_fault = g_strdup_printf(ORDER_SAY(reading, "/%s wants %s",
		                                       "/%s quiere %s"),
		                             kind->word, kind->argument);
		return NULL;
	}
	return g_strdup_printf("%s: %s", kind->word, argument);
}

char *
order_field(Reading *reading, const OrderKind *kind, const char *argument,
            char **out_fault)
{
	const char *equals = strchr(argument, '=');

	if (equals == NULL || equals == argument ||
	    equals - argument > TAG_OCTETS_MAX ||
	    strlen(equals) > VALUE_OCTETS_MAX) {
		*out_fault =
			g_strdup_printf(ORDER_SAY(reading,
		                                  "/%s wants name=value",
		                                  "/%s quiere nombre=valor"),
		                        kind->word);
		return NULL;
	}
	g_autofree char *name = g_strndup(argument, (gsize)(equals - argument));
	plan_add(reading->before, ACTION_FIELD, "ticket",
	         plan_number(reading->before, reading->place->ticket->id),
	         "name", g_strstrip(name), "value", equals + 1, NULL);
	return g_strdup_printf(ORDER_SAY(reading, "field %s is %s",
	                                 "el campo %s es %s"),
	                       name, equals + 1);
}
