#include "config/outline.h"

#include <string.h>

#include "base/io.h"

typedef enum TokenKind {
	TOKEN_END,
	TOKEN_WORD,   /* bare */
	TOKEN_STRING, /* quoted, quotes included */
	TOKEN_MARK,   /* one of { } ( ) = , and "+=" */
	TOKEN_BROKEN, /* a string with a fault that is told already */
} TokenKind;

typedef struct Token {
	TokenKind kind;
	const char *begin;
	size_t length;
	unsigned line;
} Token;

typedef struct Scanner {
	Outline *outline;
	Faults *faults;
	const char *file;
	const char *at;
	unsigned line;
	unsigned includes; /* depth */
	Token token;       /* the one being looked at */
} Scanner;

static void read_file(Outline *outline, Faults *faults, const char *path,
                      const Scanner *from);

/* ---- tokens ----------------------------------------------------------------
 */

static void tell(const Scanner *scanner, unsigned line, const char *format, ...)
	G_GNUC_PRINTF(3, 4);

static void
tell(const Scanner *scanner, unsigned line, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	g_autofree char *why = g_strdup_vprintf(format, args);
	va_end(args);
	faults_add(scanner->faults, (Place){ scanner->file, line }, "%s", why);
}

static Place
place_of(const Scanner *scanner, unsigned line)
{
	return (Place){ scanner->file, line };
}

static void
skip_block_comment(Scanner *scanner)
{
	unsigned line = scanner->line;

	for (scanner->at += 2; *scanner->at != '\0'; scanner->at++) {
		if (scanner->at[0] == '*' && scanner->at[1] == '/') {
			scanner->at += 2;
			return;
		}
		scanner->line += *scanner->at == '\n';
	}
	tell(scanner, line, "this comment is not closed");
}

static void
skip_blanks_and_comments(Scanner *scanner)
{
	for (;;) {
		const char *at = scanner->at;
		if (*at == '\n')
			scanner->line++;
		if (*at != '\0' && strchr(" \t\r\n", *at) != NULL)
			scanner->at++;
		else if (*at == '#' || (at[0] == '/' && at[1] == '/'))
			scanner->at += strcspn(at, "\n");
		else if (at[0] == '/' && at[1] == '*')
			skip_block_comment(scanner);
		else
			return;
	}
}

/* The length of "${NAME}" or "${NAME:-default}" at dollar; 0: told.  libconfuse
 * would look for the brace past the end of the string. */
static size_t
variable_length(Scanner *scanner, const char *dollar)
{
	const char *name = dollar + 2;
	size_t length = strspn(name, "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
	                             "abcdefghijklmnopqrstuvwxyz0123456789_");
	const char *end = name + strcspn(name, "}\"'\\\n");

	if (*end != '}' || length == 0 ||
	    (name[length] != '}' && strncmp(name + length, ":-", 2) != 0)) {
		tell(scanner, scanner->line,
		     "a variable is written ${NAME} or ${NAME:-default}; "
		     "write \\$ for a plain dollar sign");
		return 0;
	}
	g_autofree char *variable = g_strndup(name, length);
	if (name[length] == '}' && g_getenv(variable) == NULL) {
		tell(scanner, scanner->line, "the environment has no %s",
		     variable);
		return 0;
	}
	return (size_t)(end + 1 - dollar);
}

/* The length of the character, escape or variable at at, which is not the end
 * of the string; 0: told. */
static size_t
element_length(Scanner *scanner, const char *at, char quote)
{
	const char *escapes = quote == '"' ? "\"\\$" : "'\\";

	if (quote == '"' && at[0] == '$' && at[1] == '{')
		return variable_length(scanner, at);
	if (*at != '\\')
		return 1;
	if (at[1] != '\0' && strchr(escapes, at[1]) != NULL)
		return 2;
	tell(scanner, scanner->line, "a backslash stands only before %s",
	     quote == '"' ? "\", \\ and $" : "' and \\");
	return 0;
}

/* Behind the string that begins at at; *out_is_broken: told. */
static const char *
skip_string(Scanner *scanner, const char *at, bool *out_is_broken)
{
	char quote = *at++;

	while (*at != quote) {
		if (*at == '\0' || *at == '\n') {
			tell(scanner, scanner->line,
			     "this string is not closed on its line");
			*out_is_broken = true;
			return at;
		}
		size_t length = element_length(scanner, at, quote);
		*out_is_broken |= length == 0;
		at += MAX(length, 1);
	}
	return at + 1;
}

#define WORD_ENDS " \t\r\n#\"'={}()+,\\;$"

static void
next_token(Scanner *scanner)
{
	skip_blanks_and_comments(scanner);
	const char *at = scanner->at;
	Token token = { TOKEN_MARK, at, 1, scanner->line };

	if (*at == '\0') {
		token.kind = TOKEN_END;
		token.length = 0;
	} else if (*at == '"' || *at == '\'') {
		bool is_broken = false;
		const char *end = skip_string(scanner, at, &is_broken);
		token.kind = is_broken ? TOKEN_BROKEN : TOKEN_STRING;
		token.length = (size_t)(end - at);
	} else if (strncmp(at, "+=", 2) == 0) {
		token.length = 2;
	} else if (strchr(WORD_ENDS, *at) == NULL) {
		token.kind = TOKEN_WORD;
		token.length = strcspn(at, WORD_ENDS);
	}
	scanner->at = at + token.length;
	scanner->token = token;
}

static bool
is_mark(const Token *token, const char *mark)
{
	return token->kind == TOKEN_MARK && token->length == strlen(mark) &&
	       strncmp(token->begin, mark, token->length) == 0;
}

static bool
is_value(const Token *token)
{
	return token->kind == TOKEN_WORD || token->kind == TOKEN_STRING ||
	       token->kind == TOKEN_BROKEN;
}

/* Tells that the token is wrong here, and goes on with the next line or the
 * next "}", whichever comes first. */
static void
refuse_token(Scanner *scanner, const char *expected)
{
	Token wrong = scanner->token;

	if (wrong.kind == TOKEN_END)
		tell(scanner, wrong.line, "the file ends where %s should stand",
		     expected);
	else
		tell(scanner, wrong.line, "\"%.*s\" stands where %s should",
		     (int)MIN(wrong.length, 40), wrong.begin, expected);
	do {
		next_token(scanner);
	} while (scanner->token.kind != TOKEN_END &&
	         scanner->token.line == wrong.line &&
	         !is_mark(&scanner->token, "}"));
}

/* ---- keys ------------------------------------------------------------------
 */

static char *
keep(Scanner *scanner, const Token *token)
{
	return g_string_chunk_insert_len(scanner->outline->strings,
	                                 token->begin, (gssize)token->length);
}

/* A bare word in single quotes, where libconfuse finds nothing to expand; of a
 * broken string nothing. */
static void
add_value(Scanner *scanner, OutlineKey *key)
{
	const Token *token = &scanner->token;

	if (token->kind == TOKEN_WORD) {
		g_autofree char *quoted =
			g_strdup_printf("'%.*s'", (int)token->length,
		                        token->begin);
		g_ptr_array_add(key->values,
		                g_string_chunk_insert(scanner->outline->strings,
		                                      quoted));
	} else if (token->kind == TOKEN_STRING) {
		g_ptr_array_add(key->values, keep(scanner, token));
	}
	next_token(scanner);
}

/* Behind the "{" of a list, to behind its "}". */
static void
read_list(Scanner *scanner, OutlineKey *key)
{
	while (is_value(&scanner->token)) {
		if (key->values->len == OUTLINE_VALUES_MAX) {
			faults_add(scanner->faults, key->place,
			           "%s has more than %d values", key->name,
			           OUTLINE_VALUES_MAX);
			break;
		}
		add_value(scanner, key);
		if (!is_mark(&scanner->token, ","))
			break;
		next_token(scanner);
	}
	if (!is_mark(&scanner->token, "}"))
		refuse_token(scanner,
		             "a value, \",\" or the \"}\" of this list");
	if (is_mark(&scanner->token, "}"))
		next_token(scanner);
}

static void
free_key(gpointer data)
{
	OutlineKey *key = data;

	g_ptr_array_unref(key->values);
	g_free(key);
}

/* The token is "=" or "+=". */
static void
read_key(Scanner *scanner, OutlineSection *section, const Token *name)
{
	OutlineKey *key = g_new0(OutlineKey, 1);

	key->name = keep(scanner, name);
	key->place = place_of(scanner, name->line);
	key->is_added = is_mark(&scanner->token, "+=");
	key->values = g_ptr_array_new();
	next_token(scanner);
	key->is_list = is_mark(&scanner->token, "{");
	if (key->is_list) {
		next_token(scanner);
		read_list(scanner, key);
	} else if (is_value(&scanner->token) &&
	           scanner->token.line == name->line) {
		add_value(scanner, key);
	} else {
		tell(scanner, name->line, "%s has no value", key->name);
	}
	if (section != NULL) {
		g_ptr_array_add(section->keys, key);
		return;
	}
	faults_add(scanner->faults, key->place,
	           "%s stands outside of a section", key->name);
	free_key(key);
}

/* ---- sections --------------------------------------------------------------
 */

static void read_items(Scanner *scanner, OutlineSection *section,
                       unsigned level);

static void
free_section(gpointer data)
{
	OutlineSection *section = data;

	g_ptr_array_unref(section->keys);
	g_ptr_array_unref(section->sections);
	g_free(section);
}

static OutlineSection *
section_new(Scanner *scanner, const Token *kind)
{
	OutlineSection *section = g_new0(OutlineSection, 1);

	section->kind = keep(scanner, kind);
	section->place = place_of(scanner, kind->line);
	section->keys = g_ptr_array_new_with_free_func(free_key);
	section->sections = g_ptr_array_new_with_free_func(free_section);
	return section;
}

#define TITLE_CHARACTERS \
	"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_."

static void
read_title(Scanner *scanner, OutlineSection *section)
{
	const Token *token = &scanner->token;
	g_autofree char *title =
		token->kind == TOKEN_STRING
			? g_strndup(token->begin + 1, token->length - 2)
			: g_strndup(token->begin, token->length);

	if (token->kind != TOKEN_BROKEN &&
	    (*title == '\0' || title[strspn(title, TITLE_CHARACTERS)] != '\0'))
		tell(scanner, token->line,
		     "a title is made of letters, digits, \"-\", \"_\" "
		     "and \".\"");
	/* it goes on to libconfuse in quotes, fault or not */
	g_strcanon(title, TITLE_CHARACTERS, '_');
	section->title =
		g_string_chunk_insert(scanner->outline->strings, title);
	next_token(scanner);
}

/* The token behind kind is a title or "{". */
static void
read_section(Scanner *scanner, OutlineSection *outer, const Token *kind,
             unsigned level)
{
	OutlineSection *section = section_new(scanner, kind);

	g_ptr_array_add(outer == NULL ? scanner->outline->sections
	                              : outer->sections,
	                section);
	if (is_value(&scanner->token))
		read_title(scanner, section);
	if (!is_mark(&scanner->token, "{")) {
		refuse_token(scanner, "\"{\" or \"=\"");
		return;
	}
	next_token(scanner);
	if (level == OUTLINE_LEVELS_MAX)
		faults_add(scanner->faults, section->place,
		           "more than %d sections in each other",
		           OUTLINE_LEVELS_MAX);
	else
		read_items(scanner, section, level + 1);
	if (is_mark(&scanner->token, "}"))
		next_token(scanner);
	else if (scanner->token.kind == TOKEN_END)
		faults_add(scanner->faults, section->place,
		           "this %s section is not closed", section->kind);
}

/* The token is the "(" behind include. */
static void
read_include(Scanner *scanner, const Token *word, bool is_inside)
{
	next_token(scanner);
	Token name = scanner->token;
	if (name.kind != TOKEN_STRING) {
		refuse_token(scanner, "the quoted name of a file");
		return;
	}
	next_token(scanner);
	if (!is_mark(&scanner->token, ")")) {
		refuse_token(scanner, "\")\"");
		return;
	}
	next_token(scanner);
	if (is_inside) {
		tell(scanner, word->line,
		     "include stands between sections, not in one");
		return;
	}
	Scanner from = *scanner;
	from.line = word->line;
	g_autofree char *path = g_strndup(name.begin + 1, name.length - 2);
	g_autofree char *folder = g_path_get_dirname(scanner->file);
	g_autofree char *whole =
		g_path_is_absolute(path) || strcmp(folder, ".") == 0
			? g_strdup(path)
			: g_build_filename(folder, path, NULL);
	read_file(scanner->outline, scanner->faults, whole, &from);
}

static void
read_item(Scanner *scanner, OutlineSection *section, unsigned level)
{
	Token word = scanner->token;

	if (word.kind != TOKEN_WORD) {
		refuse_token(scanner,
		             section == NULL ? "a section" : "a key or \"}\"");
		return;
	}
	next_token(scanner);
	if (is_mark(&scanner->token, "=") || is_mark(&scanner->token, "+="))
		read_key(scanner, section, &word);
	else if (word.length == strlen("include") &&
	         strncmp(word.begin, "include", word.length) == 0 &&
	         is_mark(&scanner->token, "("))
		read_include(scanner, &word, section != NULL);
	else
		read_section(scanner, section, &word, level);
}

static void
read_items(Scanner *scanner, OutlineSection *section, unsigned level)
{
	while (scanner->token.kind != TOKEN_END &&
	       (section == NULL || !is_mark(&scanner->token, "}")))
		read_item(scanner, section, level);
}

/* ---- files ------------------------------------------------------------------
 */

static bool
is_read_already(const Outline *outline, const char *path)
{
	for (unsigned i = 0; i < outline->files->len; i++)
		if (strcmp(outline->files->pdata[i], path) == 0)
			return true;
	return false;
}

static bool
may_include(const Scanner *from, const char *path)
{
	if (is_read_already(from->outline, path))
		tell(from, from->line, "%s is included already", path);
	else if (from->includes == OUTLINE_INCLUDES_MAX)
		tell(from, from->line, "includes go too deep");
	else if (from->outline->files->len == OUTLINE_FILES_MAX)
		tell(from, from->line, "too many files are included");
	else
		return true;
	return false;
}

static char *
text_of_file(Faults *faults, const char *path, Place place)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(GBytes) bytes = io_read_file(path, OUTLINE_FILE_MAX, &error);
	gsize size;

	if (bytes == NULL) {
		const char *why = error->message;
		if (place.line == 0 && g_str_has_prefix(why, path))
			why += strlen(path) + strspn(why + strlen(path), ": ");
		faults_add(faults, place, "%s", why);
		return NULL;
	}
	const char *data = g_bytes_get_data(bytes, &size);
	const char *bad = NULL;
	if (!g_utf8_validate(data, (gssize)size, &bad)) {
		unsigned line = 1;
		for (const char *c = data; c < bad; c++)
			line += *c == '\n';
		faults_add(faults, (Place){ path, line }, "not UTF-8 text");
		return NULL;
	}
	return g_strndup(data, size);
}

/* from: the scanner that stands at an include, or NULL for the first file. */
static void
read_file(Outline *outline, Faults *faults, const char *path,
          const Scanner *from)
{
	Scanner scanner = { .outline = outline, .faults = faults, .line = 1 };

	if (from != NULL && !may_include(from, path))
		return;
	scanner.includes = from == NULL ? 0 : from->includes + 1;
	char *file = g_string_chunk_insert_const(outline->strings, path);
	g_ptr_array_add(outline->files, file);
	scanner.file = file;

	Place place = from == NULL ? (Place){ scanner.file, 0 }
	                           : place_of(from, from->line);
	g_autofree char *text = text_of_file(faults, scanner.file, place);
	if (text == NULL)
		return;
	scanner.at = text;
	next_token(&scanner);
	read_items(&scanner, NULL, 0);
}

Outline *
outline_read(const char *path, Faults *faults)
{
	Outline *outline = g_new0(Outline, 1);

	outline->strings = g_string_chunk_new(4096);
	outline->sections = g_ptr_array_new_with_free_func(free_section);
	outline->files = g_ptr_array_new();
	read_file(outline, faults, path, NULL);
	return outline;
}

void
outline_free(Outline *outline)
{
	if (outline == NULL)
		return;
	g_ptr_array_unref(outline->sections);
	g_ptr_array_unref(outline->files);
	g_string_chunk_free(outline->strings);
	g_free(outline);
}

const OutlineKey *
outline_key(const OutlineSection *section, const char *name)
{
	for (unsigned i = section->keys->len; i > 0; i--) {
		const OutlineKey *key = section->keys->pdata[i - 1];
		if (strcmp(key->name, name) == 0)
			return key;
	}
	return NULL;
}

Place
outline_place(const OutlineSection *section, const char *name)
{
	const OutlineKey *key = outline_key(section, name);

	return key == NULL ? section->place : key->place;
}
