#include "sieve/lexer.h"

#include <string.h>

#define NUMBER_MAX INT64_MAX

Lexer
lexer_new(const char *text, size_t length, GStringChunk *strings,
          Complaints *complaints)
{
	return (Lexer){ text, text + length, { 1, 1 }, strings, complaints };
}

static char
peek(const Lexer *lexer, size_t ahead)
{
	return ahead < (size_t)(lexer->end - lexer->at) ? lexer->at[ahead]
	                                                : '\0';
}

static void
step(Lexer *lexer)
{
	char c = *lexer->at++;

	if (c == '\n') {
		lexer->place.line++;
		lexer->place.column = 1;
	} else if (((unsigned char)c & 0xC0) != 0x80) {
		/* the first octet of a character */
		lexer->place.column++;
	}
}

/* Passes over the rest of a C comment, whose opening is at hand. */
static void
pass_comment(Lexer *lexer)
{
	ScriptPlace begin = lexer->place;

	step(lexer);
	step(lexer);
	while (lexer->at < lexer->end) {
		if (peek(lexer, 0) == '*' && peek(lexer, 1) == '/') {
			step(lexer);
			step(lexer);
			return;
		}
		step(lexer);
	}
	complain_at(lexer->complaints, begin,
	            "this comment is never closed by \"*/\"");
}

static void
pass_line(Lexer *lexer)
{
	while (lexer->at < lexer->end && *lexer->at != '\n')
		step(lexer);
}

static void
pass_blanks(Lexer *lexer)
{
	while (lexer->at < lexer->end) {
		char c = *lexer->at;

		if (c == ' ' || c == '\t' || c == '\r' || c == '\n')
			step(lexer);
		else if (c == '#')
			pass_line(lexer);
		else if (c == '/' && peek(lexer, 1) == '*')
			pass_comment(lexer);
		else
			return;
	}
}

static bool
is_word(char c)
{
	return g_ascii_isalnum(c) || c == '_';
}

static const char *
keep_lower(Lexer *lexer, const char *begin, size_t length)
{
	g_autofree char *lower = g_ascii_strdown(begin, (gssize)length);

	return g_string_chunk_insert_const(lexer->strings, lower);
}

static const char *
read_word(Lexer *lexer)
{
	const char *begin = lexer->at;

	while (lexer->at < lexer->end && is_word(*lexer->at))
		step(lexer);
	return keep_lower(lexer, begin, (size_t)(lexer->at - begin));
}

/* ---- strings ---- */

/* RFC 5228 section 2.4.2: a backslash takes itself away and nothing else. */
static void
read_quoted(Lexer *lexer, Lexeme *lexeme)
{
	g_autoptr(GString) text = g_string_new(NULL);

	step(lexer);
	while (lexer->at < lexer->end && *lexer->at != '"') {
		if (*lexer->at == '\\' && lexer->end - lexer->at > 1)
			step(lexer);
		g_string_append_c(text, *lexer->at);
		step(lexer);
	}
	if (lexer->at == lexer->end)
		complain_at(lexer->complaints, lexeme->place,
		            "this string is never closed by \"\"\"");
	else
		step(lexer);
	lexeme->text = g_string_chunk_insert_const(lexer->strings, text->str);
}

/* One line behind text:, its stuffed dot taken away; false: the dot alone. */
static bool
read_line(Lexer *lexer, GString *text)
{
	const char *begin = lexer->at;

	pass_line(lexer);
	size_t length = (size_t)(lexer->at - begin);
	if (lexer->at < lexer->end)
		step(lexer);
	if (length > 0 && begin[length - 1] == '\r')
		length--;
	if (length == 1 && *begin == '.')
		return false;
	if (length > 1 && begin[0] == '.' && begin[1] == '.') {
		begin++;
		length--;
	}
	g_string_append_len(text, begin, (gssize)length);
	g_string_append_c(text, '\n');
	return true;
}

/* "text:", the word at hand already read, and the colon before us. */
static void
read_block(Lexer *lexer, Lexeme *lexeme)
{
	g_autoptr(GString) text = g_string_new(NULL);

	step(lexer);
	while (peek(lexer, 0) == ' ' || peek(lexer, 0) == '\t')
		step(lexer);
	if (peek(lexer, 0) == '#')
		pass_line(lexer);
	if (peek(lexer, 0) == '\r')
		step(lexer);
	if (peek(lexer, 0) != '\n')
		complain_at(lexer->complaints, lexer->place,
		            "behind \"text:\" the line ends");
	pass_line(lexer);
	if (lexer->at < lexer->end)
		step(lexer);
	bool is_open = true;
	while (is_open && lexer->at < lexer->end)
		is_open = read_line(lexer, text);
	if (is_open)
		complain_at(lexer->complaints, lexeme->place,
		            "this text is never closed by a line with one dot");
	lexeme->kind = LEXEME_STRING;
	lexeme->text = g_string_chunk_insert_const(lexer->strings, text->str);
}

/* ---- numbers ---- */

static unsigned
shift_of(char quantifier)
{
	switch (g_ascii_toupper(quantifier)) {
	case 'K':
		return 10;
	case 'M':
		return 20;
	case 'G':
		return 30;
	default:
		return 0;
	}
}

static void
read_number(Lexer *lexer, Lexeme *lexeme)
{
	uint64_t number = 0;
	bool fits = true;

	while (g_ascii_isdigit(peek(lexer, 0))) {
		uint64_t digit = (uint64_t)(*lexer->at - '0');

		fits = fits && number <= (NUMBER_MAX - digit) / 10;
		number = fits ? number * 10 + digit : 0;
		step(lexer);
	}
	unsigned shift = shift_of(peek(lexer, 0));
	if (shift > 0)
		step(lexer);
	if (!fits || number > (uint64_t)NUMBER_MAX >> shift)
		complain_at(lexer->complaints, lexeme->place,
		            "this number is too big");
	else if (is_word(peek(lexer, 0)))
		complain_at(lexer->complaints, lexer->place,
		            "behind a number only K, M or G may stand");
	while (is_word(peek(lexer, 0)))
		step(lexer);
	lexeme->number = number << shift;
}

/* ---- all of them ---- */

static bool
read_known(Lexer *lexer, Lexeme *lexeme)
{
	char c = *lexer->at;

	if (g_ascii_isdigit(c)) {
		lexeme->kind = LEXEME_NUMBER;
		read_number(lexer, lexeme);
	} else if (is_word(c)) {
		lexeme->kind = LEXEME_WORD;
		lexeme->text = read_word(lexer);
		if (strcmp(lexeme->text, "text") == 0 && peek(lexer, 0) == ':')
			read_block(lexer, lexeme);
	} else if (c == ':' && is_word(peek(lexer, 1))) {
		lexeme->kind = LEXEME_TAG;
		step(lexer);
		lexeme->text = read_word(lexer);
	} else if (c == '"') {
		lexeme->kind = LEXEME_STRING;
		read_quoted(lexer, lexeme);
	} else if (strchr(";,()[]{}", c) != NULL) {
		lexeme->kind = LEXEME_MARK;
		lexeme->mark = c;
		step(lexer);
	} else {
		return false;
	}
	return true;
}

/* A run of what is no part of the language is one fault. */
static void
pass_strange(Lexer *lexer)
{
	ScriptPlace place = lexer->place;
	const char *begin = lexer->at;

	do
		step(lexer);
	while (lexer->at < lexer->end &&
	       ((unsigned char)*lexer->at & 0xC0) == 0x80);
	g_autofree char *shown = g_strndup(begin, (size_t)(lexer->at - begin));
	if (g_ascii_iscntrl(*shown))
		complain_at(lexer->complaints, place,
		            "a control character outside of a string");
	else if (strcmp(shown, "'") == 0)
		complain_at(lexer->complaints, place,
		            "strings stand in double quotes, not in \"'\"");
	else
		complain_at(lexer->complaints, place,
		            "\"%s\" has no meaning outside of a string", shown);
}

Lexeme
lexer_next(Lexer *lexer)
{
	for (;;) {
		pass_blanks(lexer);
		Lexeme lexeme = { .kind = LEXEME_END, .place = lexer->place };

		if (lexer->at == lexer->end || read_known(lexer, &lexeme))
			return lexeme;
		pass_strange(lexer);
	}
}

char *
lexeme_name(const Lexeme *lexeme)
{
	switch (lexeme->kind) {
	case LEXEME_END:
		return g_strdup("the end of the file");
	case LEXEME_WORD:
		return g_strdup_printf("\"%s\"", lexeme->text);
	case LEXEME_TAG:
		return g_strdup_printf("\":%s\"", lexeme->text);
	case LEXEME_NUMBER:
		return g_strdup("a number");
	case LEXEME_STRING:
		return g_strdup("a string");
	case LEXEME_MARK:
		return g_strdup_printf("\"%c\"", lexeme->mark);
	}
	g_assert_not_reached();
}
