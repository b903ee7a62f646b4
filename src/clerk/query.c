#include "clerk/query.h"

#include <string.h>

#include "base/clock.h"
#include "base/error.h"

/* keys that ask for a field as it is */
static const struct {
	const char *key;
	size_t offset;
} plain_keys[] = {
	{ "queue", offsetof(TicketQuery, queue) },
	{ "team", offsetof(TicketQuery, team) },
	{ "owner", offsetof(TicketQuery, owner) },
	{ "requester", offsetof(TicketQuery, requester) },
	{ "tag", offsetof(TicketQuery, tag) },
	{ "type", offsetof(TicketQuery, type) },
	{ "priority", offsetof(TicketQuery, priority) },
};

static bool
take_plain(Query *query, const char *key, const char *value)
{
	for (unsigned i = 0; i < G_N_ELEMENTS(plain_keys); i++) {
		if (strcmp(plain_keys[i].key, key) != 0)
			continue;
		const char **at =
			(const char **)(gpointer)((char *)&query->query +
		                                  plain_keys[i].offset);
		*at = strcmp(value, "nobody") == 0 ? "" : value;
		return true;
	}
	return false;
}

static bool
take_state(Query *query, const char *value, GError **error)
{
	TicketState state;

	if (!ticket_state_from_name(value, &state))
		return error_set(error, ERROR_USAGE, "state:%s: no such state",
		                 value);
	g_ptr_array_add(query->states,
	                (gpointer)(uintptr_t)ticket_state_name(state));
	return true;
}

static bool
take_overdue(Query *query, const char *value, GError **error)
{
	bool is_yes = strcmp(value, "yes") == 0;

	if (!is_yes && strcmp(value, "no") != 0)
		return error_set(error, ERROR_USAGE,
		                 "overdue:%s: neither yes nor no", value);
	query->query.overdue = is_yes ? "yes" : "no";
	query->query.now = clock_now();
	return true;
}

static bool
take_pair(Query *query, const char *word, const char *colon, GError **error)
{
	g_autofree char *key = g_strndup(word, (gsize)(colon - word));

	if (strcmp(key, "state") == 0)
		return take_state(query, colon + 1, error);
	if (take_plain(query, key, colon + 1))
		return true;
	if (strcmp(key, "overdue") == 0)
		return take_overdue(query, colon + 1, error);
	return error_set(error, ERROR_USAGE,
	                 "%s: no such key (state, queue, team, "
	                 "owner, requester, tag, type, priority, overdue)",
	                 key);
}

static void
add_word(Query *query, const char *word)
{
	if (query->words->len > 0)
		g_string_append_c(query->words, ' ');
	g_string_append(query->words, word);
}

static bool
take_word(Query *query, const char *word, GError **error)
{
	const char *colon = strchr(word, ':');

	if (colon != NULL && colon != word && colon[1] != '\0')
		return take_pair(query, word, colon, error);
	add_word(query, word);
	return true;
}

static Query *
query_new(void)
{
	Query *query = g_new0(Query, 1);

	query->states = g_ptr_array_new();
	query->words = g_string_new(NULL);
	return query;
}

static void
finish(Query *query)
{
	if (query->states->len > 0) {
		g_ptr_array_add(query->states, NULL);
		query->query.states = (const char *const *)query->states->pdata;
	}
	if (query->words->len > 0)
		query->query.words = query->words->str;
}

Query *
query_read(char *const *words, GError **error)
{
	g_autoptr(Query) query = query_new();

	for (; *words != NULL; words++)
		if (!take_word(query, *words, error))
			return NULL;
	finish(query);
	return g_steal_pointer(&query);
}

Query *
query_of_words(char *const *words)
{
	Query *query = query_new();

	for (; *words != NULL; words++)
		add_word(query, *words);
	finish(query);
	return query;
}

void
query_free(Query *query)
{
	if (query == NULL)
		return;
	g_ptr_array_unref(query->states);
	g_string_free(query->words, TRUE);
	g_free(query);
}
