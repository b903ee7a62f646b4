/* From phrases to a program: is each word known, allowed, and complete? */
#include <string.h>

#include "base/nearest.h"

#include "sieve/program.h"
#include "sieve/sieve.h"
#include "sieve/syntax.h"
#include "sieve/vocabulary.h"

typedef struct Loading {
	const Script *script;
	Program *program;
	Complaints *complaints;
	GHashTable *required; /* names of capabilities */
	bool has_begun;       /* a command other than require was there */
} Loading;

static Node *load_node(Loading *loading, const Phrase *phrase, bool is_test);
static GPtrArray *load_commands(Loading *loading, const GPtrArray *phrases);

/* ---- life ---- */

static void
clear_text(gpointer text)
{
	key_free(((Text *)text)->key);
}

static GArray *
texts_new(void)
{
	GArray *texts = g_array_new(FALSE, FALSE, sizeof(Text));

	g_array_set_clear_func(texts, clear_text);
	return texts;
}

static void
node_free(gpointer data)
{
	Node *node = data;

	for (unsigned i = 0; i < NODE_LISTS_MAX; i++)
		g_clear_pointer(&node->lists[i], g_array_unref);
	g_clear_pointer(&node->extra, g_array_unref);
	g_clear_pointer(&node->tests, g_ptr_array_unref);
	g_clear_pointer(&node->block, g_ptr_array_unref);
	g_free(node);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC(Node, node_free)

static Program *
program_new(const char *file)
{
	Program *program = g_new0(Program, 1);

	program->file = g_strdup(file);
	program->strings = g_string_chunk_new(4096);
	program->slots =
		g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	program->names =
		g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	program->lines = g_array_new(FALSE, FALSE, sizeof(unsigned));
	return program;
}

void
program_free(Program *program)
{
	if (program == NULL)
		return;
	g_clear_pointer(&program->commands, g_ptr_array_unref);
	g_hash_table_unref(program->slots);
	g_hash_table_unref(program->names);
	g_array_unref(program->lines);
	g_string_chunk_free(program->strings);
	g_free(program->file);
	g_free(program);
}

const GArray *
program_lines(const Program *program)
{
	return program->lines;
}

/* ---- names that are nobody's ---- */

static void
complain_unknown(Loading *loading, const Phrase *phrase, bool is_test)
{
	const char *kind = is_test ? "test" : "command";
	const char *instead = word_elsewhere(phrase->name);
	const char *near = nearest_word(phrase->name, word_names(is_test));

	if (instead != NULL)
		complain_at(loading->complaints, phrase->place,
		            "there is no %s: %s", phrase->name, instead);
	else if (word_find(phrase->name, !is_test) != NULL)
		complain_at(loading->complaints, phrase->place,
		            is_test ? "%s is a command, and a test is expected "
		                      "here"
		                    : "%s is a test: it stands behind \"if\"",
		            phrase->name);
	else if (near != NULL)
		complain_at(loading->complaints, phrase->place,
		            "no %s is called %s; did you mean %s?", kind,
		            phrase->name, near);
	else
		complain_at(loading->complaints, phrase->place,
		            "no %s is called %s", kind, phrase->name);
}

static bool
is_required(const Loading *loading, const char *capability)
{
	return capability == NULL ||
	       g_hash_table_contains(loading->required, capability);
}

static void
check_required(Loading *loading, ScriptPlace place, const char *name,
               const char *capability)
{
	if (!is_required(loading, capability))
		complain_at(loading->complaints, place,
		            "%s needs require \"%s\" at the top", name,
		            capability);
}

/* ---- strings ---- */

static unsigned
number_of(GHashTable *numbers, const char *name)
{
	gpointer number = g_hash_table_lookup(numbers, name);

	if (number == NULL) {
		number = GUINT_TO_POINTER(g_hash_table_size(numbers) + 1);
		g_hash_table_insert(numbers, g_strdup(name), number);
	}
	return GPOINTER_TO_UINT(number) - 1;
}

/* "${name}": its length, or 0 if none stands here (RFC 5229 section 3). */
static size_t
reference_length(const char *at)
{
	size_t length = 2;

	if (at[0] != '$' || at[1] != '{')
		return 0;
	while (g_ascii_isalnum(at[length]) || at[length] == '_')
		length++;
	return length > 2 && at[length] == '}' ? length + 1 : 0;
}

static void
note_reference(Loading *loading, const ScriptString *string, const char *at,
               size_t length)
{
	g_autofree char *name = g_ascii_strdown(at + 2, (gssize)length - 3);

	if (!g_ascii_isdigit(*name)) {
		number_of(loading->program->names, name);
		return;
	}
	loading->program->uses_groups = true;
	if (strspn(name, "0123456789") != strlen(name))
		complain_at(loading->complaints, string->place,
		            "${%s}: a variable's name begins with a letter",
		            name);
	else if (strlen(name) > 1)
		complain_at(loading->complaints, string->place,
		            "${%s}: only ${0} to ${9} are kept", name);
}

static bool
has_references(Loading *loading, const ScriptString *string)
{
	bool has_any = false;

	if (!is_required(loading, "variables"))
		return false;
	for (const char *at = string->text; *at != '\0'; at++) {
		size_t length = reference_length(at);

		if (length == 0)
			continue;
		has_any = true;
		note_reference(loading, string, at, length);
		at += length - 1;
	}
	return has_any;
}

static void
add_texts(Loading *loading, GArray *texts, const Argument *argument)
{
	for (unsigned i = 0; i < argument->strings->len; i++) {
		const ScriptString *string =
			&g_array_index(argument->strings, ScriptString, i);
		Text text = { .text = g_string_chunk_insert_const(
				      loading->program->strings, string->text),
			      .varies = has_references(loading, string),
			      .slot = SLOT_NONE };

		g_array_append_val(texts, text);
	}
}

/* ---- tags ---- */

typedef struct Arguments {
	const Phrase *phrase;
	unsigned next;         /* of the phrase's arguments */
	unsigned positional;   /* how many of the signature are there */
	bool is_wrong;         /* told of already */
	unsigned clashes;      /* bits of the kinds of tags that are there */
	ScriptPlace tag_place; /* of the tag at hand */
} Arguments;

static const Argument *
argument_at(const Arguments *arguments, unsigned i)
{
	const GArray *list = arguments->phrase->arguments;

	return i < list->len ? &g_array_index(list, Argument, i) : NULL;
}

static void
complain_tag(Loading *loading, const Node *node, const Argument *argument)
{
	g_autofree const char **known = tag_names(node->word->tags);
	const char *near = nearest_word(argument->tag, known);

	if (tag_is_known(argument->tag))
		complain_at(loading->complaints, argument->place,
		            "%s does not take :%s", node->word->name,
		            argument->tag);
	else if (near != NULL)
		complain_at(loading->complaints, argument->place,
		            "%s takes no :%s; did you mean :%s?",
		            node->word->name, argument->tag, near);
	else
		complain_at(loading->complaints, argument->place,
		            "%s takes no :%s", node->word->name, argument->tag);
}

static void
set_comparator(Loading *loading, Node *node, const ScriptString *string)
{
	g_autofree char *capability =
		g_strconcat("comparator-", string->text, NULL);

	if (!comparator_from_name(string->text, &node->comparator))
		complain_at(loading->complaints, string->place,
		            "no comparator is called \"%s\"; there are "
		            "i;ascii-casemap, i;unicode-casemap, i;octet and "
		            "i;ascii-numeric",
		            string->text);
	else if (node->comparator != COMPARE_ASCII &&
	         node->comparator != COMPARE_OCTET)
		check_required(loading, string->place, string->text,
		               capability);
}

static void
set_relation(Loading *loading, Node *node, const ScriptString *string)
{
	if (!relation_from_name(string->text, &node->relation))
		complain_at(loading->complaints, string->place,
		            "no relation is called \"%s\"; there are gt, ge, "
		            "lt, le, eq and ne",
		            string->text);
}

/* What belongs to the tag: the argument behind it. */
static void
take_belonging(Loading *loading, Node *node, const Tag *tag,
               Arguments *arguments)
{
	const Argument *argument = argument_at(arguments, arguments->next);

	if (argument == NULL || argument->kind != ARGUMENT_STRINGS ||
	    (tag->follows == 's' && argument->is_list)) {
		complain_at(loading->complaints,
		            argument == NULL ? arguments->tag_place
		                             : argument->place,
		            "a string is expected behind :%s", tag->name);
		arguments->is_wrong = true;
		return;
	}
	arguments->next++;
	const ScriptString *first =
		&g_array_index(argument->strings, ScriptString, 0);
	if (tag->group == TAGS_COMPARATOR) {
		set_comparator(loading, node, first);
	} else if (tag->group == TAGS_MATCH) {
		set_relation(loading, node, first);
	} else {
		node->extra = texts_new();
		add_texts(loading, node->extra, argument);
	}
}

static bool
clashes(Loading *loading, const Tag *tag, const Argument *argument,
        Arguments *arguments)
{
	if ((arguments->clashes & (1U << tag->clash)) == 0) {
		arguments->clashes |= 1U << tag->clash;
		return false;
	}
	complain_at(loading->complaints, argument->place,
	            ":%s: another tag of its kind is there already", tag->name);
	return true;
}

static void
take_tag(Loading *loading, Node *node, Arguments *arguments)
{
	const Argument *argument = argument_at(arguments, arguments->next++);
	const Tag *tag = tag_find(argument->tag, node->word->tags);

	arguments->tag_place = argument->place;
	if (tag == NULL) {
		complain_tag(loading, node, argument);
		arguments->is_wrong = true;
		return;
	}
	if (arguments->positional > 0 && !node->word->is_loose)
		complain_at(loading->complaints, argument->place,
		            ":%s stands before the strings of %s", tag->name,
		            node->word->name);
	g_autofree char *name = g_strconcat(":", tag->name, NULL);
	check_required(loading, argument->place, name, tag->capability);
	bool is_double = clashes(loading, tag, argument, arguments);
	node->flags |= tag->flag;
	if (tag->group == TAGS_MATCH && !is_double)
		node->match = (MatchType)tag->value;
	if (tag->group == TAGS_PART)
		node->part = (AddressPart)tag->value;
	if (tag->follows != 0)
		take_belonging(loading, node, tag, arguments);
}

/* ---- the other arguments ---- */

static void
check_words(Loading *loading, const Node *node, const Argument *argument)
{
	for (unsigned i = 0; i < argument->strings->len; i++) {
		const ScriptString *string =
			&g_array_index(argument->strings, ScriptString, i);
		g_autofree char *fault =
			has_references(loading, string)
				? NULL
				: vocabulary_fault(node->word->vocabulary,
		                                   string->text,
		                                   loading->script->desk);

		if (fault != NULL)
			complain_at(loading->complaints, string->place, "%s",
			            fault);
	}
}

/* The vocabulary is that of the list of names or, of date, the second. */
static bool
has_vocabulary(const Node *node, unsigned position)
{
	const char *vocabulary = node->word->vocabulary;

	if (vocabulary == NULL)
		return false;
	return position == (strcmp(node->word->name, "date") == 0 ? 1 : 0);
}

static bool
fits(char letter, const Argument *argument)
{
	if (letter == 'n')
		return argument->kind == ARGUMENT_NUMBER;
	return argument->kind == ARGUMENT_STRINGS &&
	       (letter == 'S' || !argument->is_list);
}

static void
take_positional(Loading *loading, Node *node, Arguments *arguments)
{
	static const char *const kinds[] = { "a string", "a string or a list",
		                             "a number" };
	const Argument *argument = argument_at(arguments, arguments->next++);
	unsigned position = arguments->positional++;
	char letter = position < strlen(node->word->signature)
	                      ? node->word->signature[position]
	                      : '\0';

	if (letter == '\0') {
		complain_at(loading->complaints, argument->place,
		            node->word->arguments == NULL
		                    ? "%s takes no argument%s"
		                    : "this is one too many: %s takes %s",
		            node->word->name,
		            node->word->arguments == NULL
		                    ? ""
		                    : node->word->arguments);
		arguments->is_wrong = true;
	} else if (!fits(letter, argument)) {
		complain_at(loading->complaints, argument->place,
		            "%s is expected here: %s takes %s",
		            kinds[letter == 's'   ? 0
		                  : letter == 'S' ? 1
		                                  : 2],
		            node->word->name, node->word->arguments);
		arguments->is_wrong = true;
	} else if (letter == 'n') {
		node->number = argument->number;
	} else {
		node->lists[position] = texts_new();
		add_texts(loading, node->lists[position], argument);
		if (has_vocabulary(node, position))
			check_words(loading, node, argument);
	}
}

static bool
take_arguments(Loading *loading, Node *node, const Phrase *phrase)
{
	Arguments arguments = { .phrase = phrase };
	const Argument *argument;

	while (!arguments.is_wrong &&
	       (argument = argument_at(&arguments, arguments.next)) != NULL) {
		if (argument->kind == ARGUMENT_TAG)
			take_tag(loading, node, &arguments);
		else
			take_positional(loading, node, &arguments);
	}
	if (arguments.is_wrong)
		return false;
	if (arguments.positional < strlen(node->word->signature)) {
		complain_at(loading->complaints, phrase->place,
		            "%s takes %s, and %s given", node->word->name,
		            node->word->arguments,
		            arguments.positional == 0 ? "nothing is"
		                                      : "not all of it is");
		return false;
	}
	return true;
}

/* ---- tests and blocks ---- */

static bool
check_test_count(Loading *loading, const Node *node, const Phrase *phrase)
{
	unsigned count = phrase->tests->len;
	const Word *word = node->word;
	const Phrase *first = count > 0 ? phrase->tests->pdata[0] : NULL;

	if (word->tests == 0 && count > 0)
		complain_at(loading->complaints, first->place,
		            word->role == ROLE_ELSE
		                    ? "%s takes no test; elsif does"
		                    : "%s takes no test",
		            word->name);
	else if (word->tests == TESTS_MANY && !phrase->has_list)
		complain_at(loading->complaints, phrase->place,
		            "%s takes tests in parentheses: %s (..., ...)",
		            word->name, word->name);
	else if (word->tests == 1 && count == 0)
		complain_at(loading->complaints, phrase->place,
		            "%s needs a test", word->name);
	else if (word->tests == 1 && (count > 1 || phrase->has_list))
		complain_at(loading->complaints, phrase->place,
		            "%s takes one test; anyof (...) or allof (...) "
		            "joins several",
		            word->name);
	else
		return true;
	return false;
}

static void
load_tests(Loading *loading, Node *node, const Phrase *phrase)
{
	node->tests = g_ptr_array_new_with_free_func(node_free);
	for (unsigned i = 0; i < phrase->tests->len; i++) {
		Node *test = load_node(loading, phrase->tests->pdata[i], true);

		if (test == NULL)
			continue;
		node->asks_ticket |= test->asks_ticket;
		g_ptr_array_add(node->tests, test);
	}
}

static bool
takes_block(const Word *word)
{
	return word->role == ROLE_IF || word->role == ROLE_ELSIF ||
	       word->role == ROLE_ELSE;
}

static void
load_block(Loading *loading, Node *node, const Phrase *phrase)
{
	if (takes_block(node->word) && phrase->block == NULL)
		complain_at(loading->complaints, phrase->end,
		            "a block in { } is expected behind %s",
		            node->word->name);
	if (phrase->block == NULL)
		return;
	if (!takes_block(node->word))
		complain_at(loading->complaints, phrase->end,
		            "%s takes no block: it ends with \";\"",
		            node->word->name);
	node->block = load_commands(loading, phrase->block);
}

/* ---- what is done once all of a node is known ---- */

static void
make_keys(Node *node, GArray *keys)
{
	for (unsigned i = 0; i < keys->len; i++) {
		Text *text = &g_array_index(keys, Text, i);

		if (!text->varies)
			text->key = key_new(text->text, node->match,
			                    node->comparator);
	}
}

/* What has the same values has the same slot, so that each is fetched once. */
static void
number_slots(Loading *loading, Node *node, GArray *names)
{
	const GArray *second = node->lists[2] == NULL ? NULL : node->lists[1];

	if (node->extra != NULL ||
	    (second != NULL && text_at(second, 0)->varies))
		return;
	for (unsigned i = 0; i < names->len; i++) {
		Text *text = &g_array_index(names, Text, i);
		if (text->varies)
			continue;
		g_autofree char *lower = g_ascii_strdown(text->text, -1);
		g_autofree char *what =
			g_strdup_printf("%s %s %d %u %s", node->word->name,
		                        lower, node->part, node->flags,
		                        second == NULL
		                                ? ""
		                                : text_at(second, 0)->text);
		text->slot = number_of(loading->program->slots, what);
	}
}

static void
check_match(Loading *loading, const Node *node)
{
	if (node->comparator == COMPARE_NUMERIC &&
	    (node->match == MATCH_CONTAINS || node->match == MATCH_MATCHES))
		complain_at(loading->complaints, node->place,
		            "i;ascii-numeric compares whole numbers: :contains "
		            "and :matches do not go with it");
}

static void
finish_match(Loading *loading, Node *node)
{
	unsigned last = (unsigned)strlen(node->word->signature) - 1;

	check_match(loading, node);
	make_keys(node, node->lists[last]);
	if (!node->word->has_no_name && strcmp(node->word->name, "string") != 0)
		number_slots(loading, node, node->lists[0]);
}

static void
finish_set(Loading *loading, const Node *node)
{
	const char *name = text_at(node->lists[0], 0)->text;

	if (!g_ascii_isalpha(*name) && *name != '_')
		complain_at(loading->complaints, node->place,
		            "\"%s\": a variable's name begins with a letter",
		            name);
	else if (name[strspn(name, G_CSET_a_2_z G_CSET_A_2_Z "_0123456789")] !=
	         '\0')
		complain_at(loading->complaints, node->place,
		            "\"%s\": a variable's name has letters, digits and "
		            "\"_\" only",
		            name);
	g_autofree char *lower = g_ascii_strdown(name, -1);
	number_of(loading->program->names, lower);
}

static void
finish_size(Loading *loading, const Node *node)
{
	if ((node->flags & (FLAG_OVER | FLAG_UNDER)) == 0)
		complain_at(loading->complaints, node->place,
		            "size needs :over or :under");
}

static void
finish_node(Loading *loading, Node *node)
{
	const char *name = node->word->name;

	if (node->word->fetch != NULL)
		finish_match(loading, node);
	else if (strcmp(name, "set") == 0)
		finish_set(loading, node);
	else if (strcmp(name, "size") == 0)
		finish_size(loading, node);
	else if (strcmp(name, "exists") == 0)
		number_slots(loading, node, node->lists[0]);
}

static bool
check_place(Loading *loading, const Phrase *phrase, const Word *word)
{
	check_required(loading, phrase->place, word->name, word->capability);
	if ((word->in_scripts & (1U << loading->script->kind)) != 0)
		return true;
	complain_at(loading->complaints, phrase->place,
	            loading->script->kind == SCRIPT_MAIL
	                    ? "%s is for the rules on events: here a mail comes"
	                    : "%s is for the rules on mails: here is none",
	            word->name);
	return false;
}

static Node *
load_node(Loading *loading, const Phrase *phrase, bool is_test)
{
	const Word *word = word_find(phrase->name, is_test);

	if (word == NULL) {
		complain_unknown(loading, phrase, is_test);
		if (phrase->block != NULL)
			g_ptr_array_unref(
				load_commands(loading, phrase->block));
		return NULL;
	}
	g_autoptr(Node) node = g_new0(Node, 1);
	node->word = word;
	node->place = phrase->place;
	node->comparator = word->comparator;
	node->asks_ticket = strcmp(word->name, "ticket") == 0;
	bool is_good = check_place(loading, phrase, word);
	is_good &= take_arguments(loading, node, phrase);
	is_good &= check_test_count(loading, node, phrase);
	if (word->tests > 0)
		load_tests(loading, node, phrase);
	if (!is_test)
		load_block(loading, node, phrase);
	if (!is_good)
		return NULL;
	finish_node(loading, node);
	return g_steal_pointer(&node);
}

/* ---- commands ---- */

static void
require_one(Loading *loading, const ScriptString *string)
{
	const Capability *capability = capability_find(string->text);

	if (capability == NULL) {
		const char *near =
			nearest_word(string->text, capability_names());
		if (near != NULL)
			complain_at(loading->complaints, string->place,
			            "no extension is called \"%s\"; did you "
			            "mean \"%s\"?",
			            string->text, near);
		else
			complain_at(loading->complaints, string->place,
			            "no extension is called \"%s\"",
			            string->text);
	} else if (capability->refused != NULL) {
		complain_at(loading->complaints, string->place,
		            "this desk does not have \"%s\": %s", string->text,
		            capability->refused);
	}
	g_hash_table_add(loading->required, g_strdup(string->text));
}

static void
load_require(Loading *loading, const Phrase *phrase)
{
	if (loading->has_begun)
		complain_at(loading->complaints, phrase->place,
		            "require stands at the top, before all other "
		            "commands");
	for (unsigned i = 0; i < phrase->arguments->len; i++) {
		const Argument *argument =
			&g_array_index(phrase->arguments, Argument, i);

		for (unsigned j = 0;
		     argument->strings != NULL && j < argument->strings->len;
		     j++)
			require_one(loading, &g_array_index(argument->strings,
			                                    ScriptString, j));
	}
}

static void
check_chain(Loading *loading, const Phrase *phrase, const Phrase *before)
{
	bool continues = strcmp(phrase->name, "elsif") == 0 ||
	                 strcmp(phrase->name, "else") == 0;

	if (continues &&
	    (before == NULL || (strcmp(before->name, "if") != 0 &&
	                        strcmp(before->name, "elsif") != 0)))
		complain_at(loading->complaints, phrase->place,
		            "%s follows the block of an if or elsif",
		            phrase->name);
}

static void
note_line(Loading *loading, const Node *node, bool is_outside)
{
	unsigned line = node->place.line;
	GArray *lines = loading->program->lines;

	if (!is_outside && !takes_block(node->word))
		return;
	if (lines->len == 0 ||
	    g_array_index(lines, unsigned, lines->len - 1) != line)
		g_array_append_val(lines, line);
}

static GPtrArray *
load_commands(Loading *loading, const GPtrArray *phrases)
{
	GPtrArray *commands = g_ptr_array_new_with_free_func(node_free);
	bool is_outside = loading->program->commands == NULL;

	if (is_outside)
		loading->program->commands = commands;
	for (unsigned i = 0; i < phrases->len; i++) {
		const Phrase *phrase = phrases->pdata[i];

		if (strcmp(phrase->name, "require") == 0)
			load_require(loading, phrase);
		else
			loading->has_begun = true;
		check_chain(loading, phrase,
		            i == 0 ? NULL : phrases->pdata[i - 1]);
		Node *node = load_node(loading, phrase, false);
		if (node == NULL)
			continue;
		if (node->word->role != ROLE_REQUIRE)
			note_line(loading, node, is_outside);
		g_ptr_array_add(commands, node);
	}
	return commands;
}

static int
compare_lines(gconstpointer a, gconstpointer b)
{
	unsigned left = *(const unsigned *)a;
	unsigned right = *(const unsigned *)b;

	return left < right ? -1 : left > right;
}

static bool
is_text(const Script *script, Complaints *complaints)
{
	static const ScriptPlace top = { 1, 1 };
	const char *end;

	if (script->length > SCRIPT_OCTETS_MAX)
		complain_at(complaints, top, "the script is longer than 1 MiB");
	else if (!g_utf8_validate(script->text, (gssize)script->length, &end))
		complain_at(complaints, top,
		            "the script is not valid UTF-8 (octet %zu)",
		            (size_t)(end - script->text) + 1);
	else
		return true;
	return false;
}

static void
load_script(Loading *loading)
{
	g_autoptr(GPtrArray) phrases =
		syntax_read(loading->script->text, loading->script->length,
	                    loading->program->strings, loading->complaints);

	load_commands(loading, phrases);
	g_array_sort(loading->program->lines, compare_lines);
}

Program *
sieve_load(const Script *script, GPtrArray *out_faults)
{
	g_autoptr(Program) program = program_new(script->file);
	g_autoptr(Complaints) complaints = complaints_new();
	g_autoptr(GHashTable) required =
		g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	Loading loading = { .script = script,
		            .program = program,
		            .complaints = complaints,
		            .required = required };

	if (is_text(script, complaints))
		load_script(&loading);
	if (complaints->list->len == 0)
		return g_steal_pointer(&program);
	complaints_tell(complaints, script->file, out_faults);
	return NULL;
}
