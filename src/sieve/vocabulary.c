#include "sieve/vocabulary.h"

#include <string.h>

#include "base/nearest.h"

#include "desk/evidence.h"

#define FIELD_PREFIX "field."

static const char *const envelope_parts[] = { "from", "to", NULL };
static const char *const date_parts[] = {
	"year",   "month", "day",     "date",  "julian", "hour",    "minute",
	"second", "time",  "iso8601", "std11", "zone",   "weekday", NULL
};
static const char *const ticket_fields[] = {
	"created", "id",       "impact", "is-new",    "language", "level",
	"owner",   "priority", "queue",  "requester", "sla",      "state",
	"subject", "tag",      "team",   "type",      "urgency",  NULL
};
static const char *const sender_questions[] = { "address", "agent",    "domain",
	                                        "known",   "language", "level",
	                                        "name",    "role",     NULL };
static const char *const events[] = { "created",   "updated",  "resolved",
	                              "closed",    "reopened", "assigned",
	                              "escalated", "warned",   "breached",
	                              NULL };
static const char *const link_words[] = { "key", NULL };

static GPtrArray *
list_of(const char *const *words)
{
	GPtrArray *list = g_ptr_array_new();

	for (; words != NULL && *words != NULL; words++)
		g_ptr_array_add(list, (gpointer)(uintptr_t)*words);
	return list;
}

static GPtrArray *
classes(void)
{
	GPtrArray *list = g_ptr_array_new();

	for (MailClass class = MAIL_PERSON; class <= MAIL_OWN; class ++)
		g_ptr_array_add(list,
		                (gpointer)(uintptr_t)mail_class_name(class));
	return list;
}

static GPtrArray *
queues(const Desk *desk)
{
	GPtrArray *list = g_ptr_array_new();

	for (unsigned i = 0; i < desk->queues->len; i++)
		g_ptr_array_add(
			list, (gpointer)(uintptr_t)((const Queue *)desk->queues
		                                            ->pdata[i])
				      ->name);
	return list;
}

static GPtrArray *
teams(const Desk *desk)
{
	GPtrArray *list = g_ptr_array_new();

	for (unsigned i = 0; i < desk->teams->len; i++)
		g_ptr_array_add(list,
		                (gpointer)(uintptr_t)((const Team *)desk->teams
		                                              ->pdata[i])
		                        ->name);
	return list;
}

static GPtrArray *
agents(const Desk *desk)
{
	GPtrArray *list = g_ptr_array_new();

	g_ptr_array_add(list, (gpointer)(uintptr_t) "nobody");
	for (unsigned i = 0; i < desk->agents->len; i++)
		g_ptr_array_add(
			list, (gpointer)(uintptr_t)((const Agent *)desk->agents
		                                            ->pdata[i])
				      ->id);
	return list;
}

/* what: "no WHAT is called X" */
static const struct {
	const char *name;
	const char *what;
	const char *const *words;            /* those, or */
	GPtrArray *(*of_desk)(const Desk *); /* those of the desk */
} vocabularies[] = {
	{ "envelope", "part of the envelope", envelope_parts, NULL },
	{ "date", "part of a date", date_parts, NULL },
	{ "ticket", "field of a ticket", ticket_fields, NULL },
	{ "sender", "question about a sender", sender_questions, NULL },
	{ "event", "event", events, NULL },
	{ "link", "kind of link of a rule", link_words, NULL },
	{ "queue", "queue", NULL, queues },
	{ "team", "team", NULL, teams },
	{ "agent", "agent", NULL, agents },
};

static char *
fault_of(const char *what, const char *text, GPtrArray *list)
{
	for (unsigned i = 0; i < list->len; i++)
		if (strcmp(list->pdata[i], text) == 0)
			return NULL;
	g_ptr_array_add(list, NULL);
	const char *near = nearest_word(text, (const char *const *)list->pdata);
	if (near != NULL)
		return g_strdup_printf(
			"no %s is called \"%s\"; did you mean \"%s\"?", what,
			text, near);
	if (list->len > 12)
		return g_strdup_printf("no %s is called \"%s\"", what, text);
	g_autofree char *all = g_strjoinv("\", \"", (char **)list->pdata);
	return g_strdup_printf("no %s is called \"%s\"; there are \"%s\"", what,
	                       text, all);
}

static char *
address_fault(const char *text)
{
	if (address_can_receive(text))
		return NULL;
	return g_strdup_printf("\"%s\" is no address that mail can go to",
	                       text);
}

char *
vocabulary_fault(const char *vocabulary, const char *text, const Desk *desk)
{
	g_autoptr(GPtrArray) list = NULL;
	const char *what = vocabulary;

	if (strcmp(vocabulary, "address") == 0)
		return address_fault(text);
	if (strcmp(vocabulary, "ticket") == 0 &&
	    g_str_has_prefix(text, FIELD_PREFIX))
		return NULL;
	for (unsigned i = 0; i < G_N_ELEMENTS(vocabularies); i++) {
		if (strcmp(vocabularies[i].name, vocabulary) != 0)
			continue;
		what = vocabularies[i].what;
		if (vocabularies[i].words != NULL)
			list = list_of(vocabularies[i].words);
		else if (desk != NULL)
			list = vocabularies[i].of_desk(desk);
		else
			return NULL;
	}
	if (strcmp(vocabulary, "class") == 0) {
		what = "class of mail";
		list = classes();
	} else if (list == NULL) {
		list = list_of(ticket_field_words(vocabulary));
	}
	return fault_of(what, text, list);
}
