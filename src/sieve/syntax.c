#include "sieve/syntax.h"

#include <string.h>

#include "sieve/lexer.h"

typedef struct Parser {
	Lexer lexer;
	Lexeme now;
	Complaints *complaints;
	unsigned levels;
	unsigned nodes;
	bool is_lost; /* the command at hand is told of already */
} Parser;

static GPtrArray *read_commands(Parser *parser);

static void
clear_argument(gpointer argument)
{
	g_clear_pointer(&((Argument *)argument)->strings, g_array_unref);
}

static Phrase *
phrase_new(const Lexeme *word)
{
	Phrase *phrase = g_new0(Phrase, 1);

	phrase->name = word->text;
	phrase->place = word->place;
	phrase->arguments = g_array_new(FALSE, FALSE, sizeof(Argument));
	g_array_set_clear_func(phrase->arguments, clear_argument);
	phrase->tests =
		g_ptr_array_new_with_free_func((GDestroyNotify)phrase_free);
	return phrase;
}

void
phrase_free(Phrase *phrase)
{
	if (phrase == NULL)
		return;
	g_array_unref(phrase->arguments);
	g_ptr_array_unref(phrase->tests);
	g_clear_pointer(&phrase->block, g_ptr_array_unref);
	g_free(phrase);
}

static void
advance(Parser *parser)
{
	parser->now = lexer_next(&parser->lexer);
}

static bool
is_mark(const Parser *parser, char mark)
{
	return parser->now.kind == LEXEME_MARK && parser->now.mark == mark;
}

static void
expect(Parser *parser, const char *what)
{
	g_autofree char *found = lexeme_name(&parser->now);

	if (!parser->is_lost)
		complain_at(parser->complaints, parser->now.place,
		            "%s is expected here, not %s", what, found);
	parser->is_lost = true;
}

/* One level deeper, and one node more; false: too many. */
static bool
enter(Parser *parser, ScriptPlace place)
{
	parser->levels++;
	parser->nodes++;
	if (parser->levels <= SCRIPT_LEVELS_MAX &&
	    parser->nodes <= SCRIPT_NODES_MAX)
		return true;
	if (!parser->is_lost)
		complain_at(parser->complaints, place,
		            parser->levels > SCRIPT_LEVELS_MAX
		                    ? "more than 32 levels within each other"
		                    : "more than 20000 commands and tests");
	parser->is_lost = true;
	return false;
}

/* ---- arguments ---- */

/* The string at hand. */
static void
take_string(Parser *parser, Argument *argument)
{
	ScriptString string = { parser->now.text, parser->now.place };

	g_array_append_val(argument->strings, string);
	advance(parser);
}

static void
read_list(Parser *parser, Argument *argument)
{
	argument->is_list = true;
	do {
		advance(parser);
		if (parser->now.kind != LEXEME_STRING) {
			expect(parser, "a string of the list");
			return;
		}
		take_string(parser, argument);
	} while (is_mark(parser, ','));
	if (is_mark(parser, ']'))
		advance(parser);
	else
		expect(parser, "\",\" or \"]\"");
}

static void
read_strings(Parser *parser, Argument *argument)
{
	argument->kind = ARGUMENT_STRINGS;
	argument->strings = g_array_new(FALSE, FALSE, sizeof(ScriptString));
	if (is_mark(parser, '[')) {
		read_list(parser, argument);
		return;
	}
	take_string(parser, argument);
}

static bool
read_argument(Parser *parser, Phrase *phrase)
{
	Argument argument = { .place = parser->now.place };

	if (parser->now.kind == LEXEME_TAG) {
		argument.kind = ARGUMENT_TAG;
		argument.tag = parser->now.text;
		advance(parser);
	} else if (parser->now.kind == LEXEME_NUMBER) {
		argument.kind = ARGUMENT_NUMBER;
		argument.number = parser->now.number;
		advance(parser);
	} else if (parser->now.kind == LEXEME_STRING || is_mark(parser, '[')) {
		read_strings(parser, &argument);
	} else {
		return false;
	}
	g_array_append_val(phrase->arguments, argument);
	return true;
}

static void read_rest(Parser *parser, Phrase *phrase);

static void
read_test(Parser *parser, Phrase *parent)
{
	if (parser->now.kind != LEXEME_WORD) {
		expect(parser, "a test");
		return;
	}
	Phrase *test = phrase_new(&parser->now);
	g_ptr_array_add(parent->tests, test);
	if (enter(parser, test->place)) {
		advance(parser);
		read_rest(parser, test);
	}
	parser->levels--;
}

static void
read_test_list(Parser *parser, Phrase *phrase)
{
	phrase->has_list = true;
	do {
		advance(parser);
		read_test(parser, phrase);
	} while (!parser->is_lost && is_mark(parser, ','));
	if (is_mark(parser, ')'))
		advance(parser);
	else
		expect(parser, "\",\" or \")\"");
}

/* arguments = *argument [ test / test-list ] */
static void
read_rest(Parser *parser, Phrase *phrase)
{
	while (!parser->is_lost && read_argument(parser, phrase))
		continue;
	if (parser->is_lost)
		return;
	if (is_mark(parser, '('))
		read_test_list(parser, phrase);
	else if (parser->now.kind == LEXEME_WORD)
		read_test(parser, phrase);
}

/* ---- commands ---- */

/* To behind the ";" or block that ends a command which is not in order, or to
 * the "}" of the block that it stands in. */
static void
find_end(Parser *parser)
{
	unsigned depth = 0;

	while (parser->now.kind != LEXEME_END) {
		bool opens = is_mark(parser, '{');
		bool closes = is_mark(parser, '}');
		bool ends = is_mark(parser, ';');

		if (closes && depth == 0)
			return;
		advance(parser);
		depth = opens ? depth + 1 : closes ? depth - 1 : depth;
		if (depth == 0 && (ends || closes))
			return;
	}
}

static void
read_block(Parser *parser, Phrase *phrase)
{
	ScriptPlace open = parser->now.place;

	advance(parser);
	phrase->block = read_commands(parser);
	if (is_mark(parser, '}'))
		advance(parser);
	else if (!parser->is_lost)
		complain_at(parser->complaints, open,
		            "this block is never closed by \"}\"");
}

static void
read_end(Parser *parser, Phrase *phrase)
{
	phrase->end = parser->now.place;
	if (is_mark(parser, ';'))
		advance(parser);
	else if (is_mark(parser, '{'))
		read_block(parser, phrase);
	else
		expect(parser, phrase->tests->len > 0 ? "\"{\" or \";\""
		                                      : "\";\" or an argument");
}

static void
read_command(Parser *parser, GPtrArray *commands)
{
	if (parser->now.kind != LEXEME_WORD) {
		expect(parser, "a command");
		find_end(parser);
		return;
	}
	Phrase *command = phrase_new(&parser->now);
	if (enter(parser, command->place)) {
		advance(parser);
		read_rest(parser, command);
		if (!parser->is_lost)
			read_end(parser, command);
	}
	parser->levels--;
	if (parser->is_lost) {
		phrase_free(command);
		find_end(parser);
		return;
	}
	g_ptr_array_add(commands, command);
}

static GPtrArray *
read_commands(Parser *parser)
{
	GPtrArray *commands =
		g_ptr_array_new_with_free_func((GDestroyNotify)phrase_free);

	while (parser->now.kind != LEXEME_END && !is_mark(parser, '}')) {
		parser->is_lost = false;
		read_command(parser, commands);
	}
	parser->is_lost = false;
	return commands;
}

GPtrArray *
syntax_read(const char *text, size_t length, GStringChunk *strings,
            Complaints *complaints)
{
	Parser parser = { .lexer = lexer_new(text, length, strings, complaints),
		          .complaints = complaints };

	advance(&parser);
	GPtrArray *commands = read_commands(&parser);
	while (parser.now.kind != LEXEME_END) {
		complain_at(complaints, parser.now.place,
		            "this \"}\" closes no block");
		advance(&parser);
		g_autoptr(GPtrArray) rest = read_commands(&parser);
		g_ptr_array_extend_and_steal(commands, g_steal_pointer(&rest));
	}
	return commands;
}
