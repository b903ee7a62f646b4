#include "clerk/apply_part.h"

static bool
improve_person(const ApplyPlace *place, Person *person, const char *name,
               const char *agent, GError **error)
{
	bool has_name = person->name != NULL && *person->name != '\0';

	if ((has_name || name == NULL || *name == '\0') &&
	    g_strcmp0(person->agent, agent) == 0)
		return true;
	if (!has_name && name != NULL) {
		g_free(person->name);
		person->name = g_strdup(name);
	}
	g_free(person->agent);
	person->agent = g_strdup(agent);
	return store_person_update(place->store, person, error);
}

/* Who is an agent is said by the configuration alone, each time anew. */
int64_t
apply_person_id(const ApplyPlace *place, const char *address, const char *name,
                GError **error)
{
	GError *trouble = NULL;
	const Agent *agent = desk_agent_for_address(place->desk, address);
	const char *agent_id = agent == NULL ? NULL : agent->id;
	g_autoptr(Person) known =
		store_person_by_address(place->store, address, &trouble);

	if (trouble != NULL) {
		g_propagate_error(error, trouble);
		return 0;
	}
	if (known != NULL)
		return improve_person(place, known, name, agent_id, error)
		               ? known->id
		               : 0;
	g_autoptr(Person) person = g_new0(Person, 1);
	person->name = g_strdup(name);
	person->address = g_ascii_strdown(address, -1);
	person->language = g_strdup(agent == NULL ? NULL : agent->language);
	person->agent = g_strdup(agent_id);
	return store_person_add(place->store, person, error) ? person->id : 0;
}

bool
apply_person(Applying *a)
{
	return apply_person_id(a->place, apply_value(a, "address"),
	                       apply_value(a, "name"), a->error) != 0;
}

bool
apply_watch(Applying *a)
{
	ParticipantKind kind = PARTICIPANT_WATCHER;
	int64_t person = apply_person_id(a->place, apply_value(a, "address"),
	                                 NULL, a->error);

	if (person == 0)
		return false;
	participant_kind_from_name(apply_value(a, "kind"), &kind);
	return store_participant_add(a->place->store, apply_number(a, "ticket"),
	                             person, kind, a->error);
}

bool
apply_unwatch(Applying *a)
{
	int64_t person = apply_person_id(a->place, apply_value(a, "address"),
	                                 NULL, a->error);

	return person != 0 &&
	       store_participant_remove(a->place->store,
	                                apply_number(a, "ticket"), person,
	                                a->error);
}
