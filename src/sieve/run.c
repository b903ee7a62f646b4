/* A program on one mail: commands in order, and variables. */
#include <string.h>

#include "sieve/words.h"

static void run_commands(Run *run, const GPtrArray *commands, bool is_inside);

/* ---- variables ---- */

static const char *
value_of(const Run *run, const char *name)
{
	gpointer number;

	if (g_ascii_isdigit(*name)) {
		unsigned group = (unsigned)(*name - '0');
		return group < run->groups->len ? run->groups->pdata[group]
		                                : "";
	}
	number = g_hash_table_lookup(run->program->names, name);
	if (number == NULL)
		return "";
	const char *value = run->variables[GPOINTER_TO_UINT(number) - 1];
	return value == NULL ? "" : value;
}

/* At most limit octets, and no half character. */
static void
cut(GString *text, size_t limit)
{
	if (text->len <= limit)
		return;
	while (limit > 0 && (text->str[limit] & 0xC0) == 0x80)
		limit--;
	g_string_truncate(text, limit);
}

/* The reference at at: its value to out; where it ends, or NULL if there is
 * none. */
static const char *
fill_one(const Run *run, const char *at, GString *out)
{
	size_t length = strspn(at + 2, G_CSET_a_2_z G_CSET_A_2_Z "_0123456789");

	if (at[1] != '{' || length == 0 || at[2 + length] != '}')
		return NULL;
	g_autofree char *name = g_ascii_strdown(at + 2, (gssize)length);
	g_string_append(out, value_of(run, name));
	return at + length + 3;
}

char *
run_fill(const Run *run, const Text *text, size_t limit)
{
	g_autoptr(GString) out = g_string_new(NULL);
	const char *at = text->text;

	if (!text->varies)
		return g_strdup(text->text);
	while (*at != '\0' && out->len <= limit) {
		const char *behind = *at == '$' ? fill_one(run, at, out) : NULL;

		if (behind == NULL)
			g_string_append_c(out, *at++);
		else
			at = behind;
	}
	cut(out, limit);
	return g_string_free(g_steal_pointer(&out), FALSE);
}

/* ---- set and its modifiers (RFC 5229 section 4.1) ---- */

static char *
change_first(const char *value, char *(*change)(const char *, gssize))
{
	const char *rest = *value == '\0' ? value : g_utf8_next_char(value);
	g_autofree char *first = change(value, rest - value);

	return g_strconcat(first, rest, NULL);
}

static char *
quote_wildcards(const char *value)
{
	GString *out = g_string_new(NULL);

	for (; *value != '\0'; value++) {
		if (strchr("*?\\", *value) != NULL)
			g_string_append_c(out, '\\');
		g_string_append_c(out, *value);
	}
	return g_string_free(out, FALSE);
}

static char *
length_of(const char *value)
{
	return g_strdup_printf("%ld", g_utf8_strlen(value, -1));
}

static char *
lower(const char *value)
{
	return g_utf8_strdown(value, -1);
}

static char *
upper(const char *value)
{
	return g_utf8_strup(value, -1);
}

static char *
lower_first(const char *value)
{
	return change_first(value, g_utf8_strdown);
}

static char *
upper_first(const char *value)
{
	return change_first(value, g_utf8_strup);
}

/* by their precedence, the highest first */
static const struct {
	NodeFlag flag;
	char *(*change)(const char *value);
} modifiers[] = {
	{ FLAG_LOWER, lower },
	{ FLAG_UPPER, upper },
	{ FLAG_LOWERFIRST, lower_first },
	{ FLAG_UPPERFIRST, upper_first },
	{ FLAG_QUOTEWILDCARD, quote_wildcards },
	{ FLAG_LENGTH, length_of },
};

void
act_set(Run *run, const Node *node)
{
	g_autofree char *name =
		g_ascii_strdown(text_at(node->lists[0], 0)->text, -1);
	unsigned number =
		GPOINTER_TO_UINT(
			g_hash_table_lookup(run->program->names, name)) -
		1;
	char *value =
		run_fill(run, text_at(node->lists[1], 0), VARIABLE_OCTETS_MAX);

	for (unsigned i = 0; i < G_N_ELEMENTS(modifiers); i++) {
		if ((node->flags & modifiers[i].flag) == 0)
			continue;
		char *changed = modifiers[i].change(value);
		g_free(value);
		value = changed;
	}
	GString *kept = g_string_new(value);
	cut(kept, VARIABLE_OCTETS_MAX);
	g_free(value);
	g_free(run->variables[number]);
	run->variables[number] = g_string_free(kept, FALSE);
}

/* ---- commands ---- */

static void
add_entry(Run *run, RulingKind kind, const char *value, const char *more)
{
	RulingEntry entry = { kind, value, more, run->line, run->asks_ticket };

	if (run->ruling->entries->len < RULING_ENTRIES_MAX)
		ruling_add(run->ruling, &entry);
}

static void
act(Run *run, const Node *node)
{
	const Word *word = node->word;
	g_autofree char *more =
		node->lists[1] == NULL
			? NULL
			: run_fill(run, text_at(node->lists[1], 0),
	                           RULING_OCTETS_MAX);

	if (word->act != NULL) {
		word->act(run, node);
		return;
	}
	if (node->lists[0] == NULL)
		add_entry(run, word->ruling, NULL, NULL);
	for (unsigned i = 0; node->lists[0] != NULL && i < node->lists[0]->len;
	     i++) {
		g_autofree char *value =
			run_fill(run, text_at(node->lists[0], i),
		                 RULING_OCTETS_MAX);

		add_entry(run, word->ruling, value, more);
	}
}

static void
run_block(Run *run, const Node *branch, bool asks_ticket)
{
	unsigned line = run->line;
	bool asked_before = run->asks_ticket;

	run->line = branch->place.line;
	run->asks_ticket |= asks_ticket;
	run_commands(run, branch->block, true);
	run->line = line;
	run->asks_ticket = asked_before;
}

static bool
continues(const GPtrArray *commands, unsigned i)
{
	if (i == commands->len)
		return false;
	const Node *node = commands->pdata[i];
	return node->word->role == ROLE_ELSIF || node->word->role == ROLE_ELSE;
}

/* if, elsif and else from commands[i] on: the first that holds is done. */
static void
run_branches(Run *run, const GPtrArray *commands, unsigned i)
{
	bool asks_ticket = false;

	do {
		const Node *node = commands->pdata[i++];

		asks_ticket |= node->asks_ticket;
		if (node->word->role == ROLE_ELSE ||
		    test_holds(run, node->tests->pdata[0])) {
			run_block(run, node, asks_ticket);
			return;
		}
	} while (continues(commands, i));
}

static void
run_command(Run *run, const GPtrArray *commands, unsigned i)
{
	const Node *node = commands->pdata[i];

	switch (node->word->role) {
	case ROLE_IF:
		run_branches(run, commands, i);
		break;
	case ROLE_STOP:
		add_entry(run, RULING_STOP, NULL, NULL);
		run->is_stopped = true;
		break;
	case ROLE_ACTION:
		act(run, node);
		break;
	case ROLE_REQUIRE:
	case ROLE_ELSIF:
	case ROLE_ELSE:
	case ROLE_TEST:
		break;
	}
}

static void
run_commands(Run *run, const GPtrArray *commands, bool is_inside)
{
	for (unsigned i = 0; i < commands->len && !run->is_stopped; i++) {
		const Node *node = commands->pdata[i];

		if (!is_inside)
			run->line = node->place.line;
		run_command(run, commands, i);
	}
}

/* ---- all of it ---- */

static void
run_release(Run *run)
{
	for (unsigned i = 0; i < g_hash_table_size(run->program->slots); i++)
		g_clear_pointer(&run->slots[i], g_ptr_array_unref);
	for (unsigned i = 0; i < g_hash_table_size(run->program->names); i++)
		g_free(run->variables[i]);
	g_free(run->slots);
	g_free(run->variables);
	g_ptr_array_unref(run->groups);
}

Ruling *
sieve_run(const Program *program, const SieveInput *input)
{
	Run run = {
		.program = program,
		.input = input,
		.ruling = ruling_new(program->file),
		.slots = g_new0(GPtrArray *, g_hash_table_size(program->slots)),
		.variables = g_new0(char *, g_hash_table_size(program->names)),
		.groups = g_ptr_array_new_with_free_func(g_free),
	};

	run_commands(&run, program->commands, false);
	run_release(&run);
	return run.ruling;
}
