/* Tests: is it so? */
#include "sieve/words.h"

bool
holds_true(Run *run, const Node *node)
{
	(void)run;
	(void)node;
	return true;
}

bool
holds_false(Run *run, const Node *node)
{
	(void)run;
	(void)node;
	return false;
}

bool
holds_not(Run *run, const Node *node)
{
	return !test_holds(run, node->tests->pdata[0]);
}

bool
holds_any(Run *run, const Node *node)
{
	for (unsigned i = 0; i < node->tests->len; i++)
		if (test_holds(run, node->tests->pdata[i]))
			return true;
	return false;
}

bool
holds_all(Run *run, const Node *node)
{
	for (unsigned i = 0; i < node->tests->len; i++)
		if (!test_holds(run, node->tests->pdata[i]))
			return false;
	return true;
}

bool
holds_size(Run *run, const Node *node)
{
	const Mail *mail = run->input->mail;
	uint64_t size = mail == NULL ? 0 : (uint64_t)mail->size;

	return (node->flags & FLAG_OVER) != 0 ? size > node->number
	                                      : size < node->number;
}

/* ---- values ---- */

static GPtrArray *
values_new(void)
{
	return g_ptr_array_new_with_free_func((GDestroyNotify)value_free);
}

/* What stands under that name, fetched once where that can be; a new
 * reference. */
static GPtrArray *
values_of(Run *run, const Node *node, const Text *name)
{
	if (name->slot != SLOT_NONE && run->slots[name->slot] != NULL)
		return g_ptr_array_ref(run->slots[name->slot]);
	GPtrArray *values = values_new();
	g_autofree char *filled = run_fill(run, name, VARIABLE_OCTETS_MAX);
	void (*fetch)(Run *, const Node *, const char *, GPtrArray *) =
		node->word->fetch != NULL ? node->word->fetch : fetch_header;
	fetch(run, node, filled, values);
	if (name->slot != SLOT_NONE)
		run->slots[name->slot] = g_ptr_array_ref(values);
	return values;
}

bool
holds_exists(Run *run, const Node *node)
{
	for (unsigned i = 0; i < node->lists[0]->len; i++) {
		g_autoptr(GPtrArray) values =
			values_of(run, node, text_at(node->lists[0], i));

		if (values->len == 0)
			return false;
	}
	return true;
}

/* ---- values against keys ---- */

static const GArray *
keys_of(const Node *node)
{
	unsigned i = NODE_LISTS_MAX;

	while (node->lists[--i] == NULL)
		continue;
	return node->lists[i];
}

static bool
holds_pair(Run *run, const Node *node, Value *value, const Key *key)
{
	bool wants_groups =
		run->program->uses_groups && node->match == MATCH_MATCHES;

	if (node->match == MATCH_VALUE)
		return match_relation(value, key, node->relation,
		                      node->comparator);
	return match_key(value, key, node->match, node->comparator,
	                 wants_groups ? run->groups : NULL);
}

static bool
holds_key(Run *run, const Node *node, Value *value, const Text *text)
{
	if (text->key != NULL)
		return holds_pair(run, node, value, text->key);
	g_autofree char *filled = run_fill(run, text, VARIABLE_OCTETS_MAX);
	g_autoptr(Key) key = key_new(filled, node->match, node->comparator);
	return holds_pair(run, node, value, key);
}

static bool
holds_values(Run *run, const Node *node, const GPtrArray *values)
{
	const GArray *keys = keys_of(node);

	for (unsigned i = 0; i < values->len; i++)
		for (unsigned j = 0; j < keys->len; j++)
			if (holds_key(run, node, values->pdata[i],
			              text_at(keys, j)))
				return true;
	return false;
}

static bool
holds_count(Run *run, const Node *node, unsigned count)
{
	const GArray *keys = keys_of(node);

	for (unsigned i = 0; i < keys->len; i++) {
		g_autofree char *number =
			run_fill(run, text_at(keys, i), VARIABLE_OCTETS_MAX);

		if (match_count(count, number, node->relation))
			return true;
	}
	return false;
}

/* Of class, body and event, which have one name: none. */
static bool
holds_nameless(Run *run, const Node *node)
{
	g_autoptr(GPtrArray) values = values_new();

	node->word->fetch(run, node, "", values);
	return node->match == MATCH_COUNT ? holds_count(run, node, values->len)
	                                  : holds_values(run, node, values);
}

static bool
holds_named(Run *run, const Node *node)
{
	unsigned count = 0;

	for (unsigned i = 0; i < node->lists[0]->len; i++) {
		g_autoptr(GPtrArray) values =
			values_of(run, node, text_at(node->lists[0], i));

		count += values->len;
		if (node->match != MATCH_COUNT &&
		    holds_values(run, node, values))
			return true;
	}
	return node->match == MATCH_COUNT && holds_count(run, node, count);
}

bool
test_holds(Run *run, const Node *node)
{
	if (node->word->holds != NULL)
		return node->word->holds(run, node);
	return node->word->has_no_name ? holds_nameless(run, node)
	                               : holds_named(run, node);
}
