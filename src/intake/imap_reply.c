#include "intake/imap_reply.h"

#include <string.h>

#include "base/error.h"

/* Where in a reply the reader is:
 *
 *	GAP --other--> ATOM --blank, bracket, end--> GAP
 *	GAP --"--> QUOTED <--\--> ESCAPED;  QUOTED --"--> GAP
 *	GAP --{--> COUNT --}--> COUNTED --LF--> LITERAL --n octets--> GAP
 *	after a status or "+":  WORDS --LF--> whole
 */
typedef enum State {
	GAP,
	ATOM,
	QUOTED,
	ESCAPED,
	COUNT,
	COUNTED,
	LITERAL,
	WORDS,
} State;

struct ImapReader {
	State state;
	ImapReply reply;
	bool is_whole;
	bool has_tag;
	unsigned depth;
	unsigned begin; /* of the token at hand, in text */
	uint64_t count; /* announced octets of the literal at hand */
	size_t allowed; /* octets of literals in this reply */
	size_t allowance;
	bool is_in_section; /* inside BODY[ ] blanks are part of the atom */
};

/* NULL: it was taken */
static void
free_literal(gpointer literal)
{
	if (literal != NULL)
		g_byte_array_unref(literal);
}

ImapReader *
imap_reader_new(void)
{
	ImapReader *reader = g_new0(ImapReader, 1);

	reader->reply.text = g_string_new(NULL);
	reader->reply.tokens = g_array_new(FALSE, FALSE, sizeof(ImapToken));
	reader->reply.literals = g_ptr_array_new_with_free_func(free_literal);
	reader->is_whole = true;
	return reader;
}

void
imap_reader_free(ImapReader *reader)
{
	if (reader == NULL)
		return;
	g_string_free(reader->reply.text, TRUE);
	g_array_unref(reader->reply.tokens);
	g_ptr_array_unref(reader->reply.literals);
	g_free(reader);
}

void
imap_reader_allow(ImapReader *reader, size_t octets)
{
	reader->allowance = octets;
}

static void
begin_reply(ImapReader *reader)
{
	ImapReply *reply = &reader->reply;

	g_string_truncate(reply->text, 0);
	g_array_set_size(reply->tokens, 0);
	g_ptr_array_set_size(reply->literals, 0);
	reply->kind = IMAP_UNTAGGED;
	reply->status = IMAP_NONE;
	reply->words = 0;
	reply->is_malformed = false;
	reader->state = GAP;
	reader->is_whole = false;
	reader->has_tag = false;
	reader->is_in_section = false;
	reader->depth = 0;
	reader->allowed = reader->allowance;
}

/* ---- tokens ---- */

static void
add_token(ImapReader *reader, ImapTokenKind kind, unsigned at, size_t size)
{
	ImapToken token = { kind, at, (unsigned)size };

	g_array_append_val(reader->reply.tokens, token);
}

/* Tokens are ended by NUL in the text, so that they can be lent as strings. */
static void
end_text(ImapReader *reader, ImapTokenKind kind)
{
	GString *text = reader->reply.text;

	add_token(reader, kind, reader->begin, text->len - reader->begin);
	g_string_append_c(text, '\0');
}

static const struct {
	const char *word;
	ImapStatus status;
} statuses[] = {
	{ "OK", IMAP_OK },   { "NO", IMAP_NO },           { "BAD", IMAP_BAD },
	{ "BYE", IMAP_BYE }, { "PREAUTH", IMAP_PREAUTH },
};

static ImapStatus
status_of(const char *word)
{
	for (unsigned i = 0; i < G_N_ELEMENTS(statuses); i++)
		if (g_ascii_strcasecmp(statuses[i].word, word) == 0)
			return statuses[i].status;
	return IMAP_NONE;
}

/* The first atom is the tag and not a token. */
static void
end_tag(ImapReader *reader)
{
	ImapReply *reply = &reader->reply;

	g_string_append_c(reply->text, '\0');
	reader->has_tag = true;
	if (strcmp(reply->text->str, "+") == 0) {
		reply->kind = IMAP_GO_ON;
		reply->words = (unsigned)reply->text->len;
		reader->state = WORDS;
	} else if (strcmp(reply->text->str, "*") != 0) {
		reply->kind = IMAP_TAGGED;
	}
}

static void
end_atom(ImapReader *reader)
{
	ImapReply *reply = &reader->reply;

	reader->state = GAP;
	if (!reader->has_tag) {
		end_tag(reader);
		return;
	}
	end_text(reader, IMAP_ATOM);
	if (reply->tokens->len > 1)
		return;
	reply->status = status_of(reply->text->str + reader->begin);
	if (reply->status == IMAP_NONE)
		return;
	reply->words = (unsigned)reply->text->len;
	reader->state = WORDS;
}

static bool
refuse(const char *what, GError **error)
{
	return error_set(error, ERROR_UNAVAILABLE, "the server sends %s", what);
}

static bool
open_bracket(ImapReader *reader, GError **error)
{
	if (++reader->depth > IMAP_DEPTH_MAX)
		return refuse("brackets in brackets without end", error);
	add_token(reader, IMAP_OPEN, 0, 0);
	return true;
}

static void
close_bracket(ImapReader *reader)
{
	if (reader->depth == 0)
		reader->reply.is_malformed = true;
	else
		reader->depth--;
	add_token(reader, IMAP_CLOSE, 0, 0);
}

static void
end_reply(ImapReader *reader)
{
	ImapReply *reply = &reader->reply;

	if (reader->state == ATOM)
		end_atom(reader);
	if (reader->state == QUOTED || reader->state == ESCAPED ||
	    reader->state == COUNT || reader->depth > 0 || !reader->has_tag)
		reply->is_malformed = true;
	reader->state = GAP;
	reader->is_whole = true;
}

/* ---- literals ---- */

static bool
begin_literal(ImapReader *reader, GError **error)
{
	if (reader->count > reader->allowed)
		return refuse("more than it was asked for", error);
	if (reader->reply.literals->len >= IMAP_LITERAL_MAX)
		return refuse("too many literals", error);
	reader->allowed -= (size_t)reader->count;
	add_token(reader, IMAP_LITERAL, reader->reply.literals->len,
	          (size_t)reader->count);
	g_ptr_array_add(reader->reply.literals, g_byte_array_new());
	reader->state = reader->count == 0 ? GAP : LITERAL;
	return true;
}

static size_t
take_literal(ImapReader *reader, const char *octets, size_t size)
{
	GPtrArray *literals = reader->reply.literals;
	size_t taken = MIN(size, (size_t)reader->count);

	g_byte_array_append(literals->pdata[literals->len - 1],
	                    (const guint8 *)octets, (guint)taken);
	reader->count -= taken;
	if (reader->count == 0)
		reader->state = GAP;
	return taken;
}

static bool
count_digit(ImapReader *reader, char c, GError **error)
{
	if (c == '}') {
		reader->state = COUNTED;
		return true;
	}
	if (c == '+') /* LITERAL+, which servers have no reason to send */
		return true;
	if (!g_ascii_isdigit(c))
		return refuse("a literal without a size", error);
	reader->count = reader->count * 10 + (uint64_t)(c - '0');
	return reader->count <= reader->allowed ||
	       refuse("more than it was asked for", error);
}

/* ---- octets ---- */

/* What begins a token, or ends a reply. */
static bool
take_in_gap(ImapReader *reader, char c, GError **error)
{
	switch (c) {
	case '\r':
	case ' ':
		return true;
	case '(':
		return open_bracket(reader, error);
	case ')':
		close_bracket(reader);
		return true;
	case '"':
		reader->begin = (unsigned)reader->reply.text->len;
		reader->state = QUOTED;
		return true;
	case '{':
		reader->count = 0;
		reader->state = COUNT;
		return true;
	default:
		reader->begin = (unsigned)reader->reply.text->len;
		reader->state = ATOM;
		g_string_append_c(reader->reply.text, c);
		return true;
	}
}

static bool
is_body(const ImapReader *reader)
{
	const GString *text = reader->reply.text;

	return text->len - reader->begin == 4 &&
	       g_ascii_strncasecmp(text->str + reader->begin, "BODY", 4) == 0;
}

static bool
take_in_atom(ImapReader *reader, char c, GError **error)
{
	if (c == '[' && is_body(reader))
		reader->is_in_section = true;
	else if (c == ']')
		reader->is_in_section = false;
	if (reader->is_in_section || strchr(" ()\r", c) == NULL || c == '\0') {
		g_string_append_c(reader->reply.text, c);
		return true;
	}
	end_atom(reader);
	return reader->state == WORDS || take_in_gap(reader, c, error);
}

static void
take_in_string(ImapReader *reader, char c)
{
	if (reader->state == QUOTED && c == '\\') {
		reader->state = ESCAPED;
	} else if (reader->state == QUOTED && c == '"') {
		end_text(reader, IMAP_STRING);
		reader->state = GAP;
	} else {
		g_string_append_c(reader->reply.text, c);
		reader->state = QUOTED;
	}
}

static bool
take(ImapReader *reader, char c, GError **error)
{
	if (reader->reply.text->len > IMAP_TEXT_MAX ||
	    reader->reply.tokens->len > IMAP_TEXT_MAX / 4)
		return refuse("a line without end", error);
	if (c == '\n' && reader->state == COUNTED)
		return begin_literal(reader, error);
	if (c == '\n') {
		end_reply(reader);
		return true;
	}
	switch (reader->state) {
	case GAP:
		return take_in_gap(reader, c, error);
	case ATOM:
		return take_in_atom(reader, c, error);
	case QUOTED:
	case ESCAPED:
		take_in_string(reader, c);
		return true;
	case COUNT:
		return count_digit(reader, c, error);
	case COUNTED:
		return c == '\r' || refuse("a literal without a line", error);
	case WORDS:
		if (c != '\r')
			g_string_append_c(reader->reply.text, c);
		return true;
	case LITERAL:
		break;
	}
	g_assert_not_reached();
}

bool
imap_reader_feed(ImapReader *reader, const char *octets, size_t size,
                 size_t *out_taken, bool *out_is_whole, GError **error)
{
	size_t at = 0;

	if (reader->is_whole)
		begin_reply(reader);
	while (at < size && !reader->is_whole) {
		if (reader->state == LITERAL)
			at += take_literal(reader, octets + at, size - at);
		else if (!take(reader, octets[at++], error))
			return false;
	}
	*out_taken = at;
	*out_is_whole = reader->is_whole;
	return true;
}

const ImapReply *
imap_reader_reply(const ImapReader *reader)
{
	return &reader->reply;
}

/* ---- questions to a reply ---- */

const char *
imap_reply_tag(const ImapReply *reply)
{
	return reply->text->str;
}

const char *
imap_reply_words(const ImapReply *reply)
{
	const char *words = reply->text->str + reply->words;

	return words + strspn(words, " ");
}

static const ImapToken *
token_at(const ImapReply *reply, unsigned i)
{
	return i < reply->tokens->len
	               ? &g_array_index(reply->tokens, ImapToken, i)
	               : NULL;
}

const char *
imap_token_text(const ImapReply *reply, unsigned i)
{
	const ImapToken *token = token_at(reply, i);

	return token != NULL && (token->kind == IMAP_ATOM ||
	                         token->kind == IMAP_STRING)
	               ? reply->text->str + token->at
	               : NULL;
}

bool
imap_token_is(const ImapReply *reply, unsigned i, const char *atom)
{
	const ImapToken *token = token_at(reply, i);

	return token != NULL && token->kind == IMAP_ATOM &&
	       g_ascii_strcasecmp(reply->text->str + token->at, atom) == 0;
}

bool
imap_token_number(const ImapReply *reply, unsigned i, uint32_t *out_number)
{
	const char *text = imap_token_text(reply, i);
	guint64 number;

	if (text == NULL ||
	    !g_ascii_string_to_unsigned(text, 10, 0, G_MAXUINT32, &number,
	                                NULL))
		return false;
	*out_number = (uint32_t)number;
	return true;
}

GBytes *
imap_token_take(const ImapReply *reply, unsigned i)
{
	const ImapToken *token = token_at(reply, i);

	if (token == NULL)
		return NULL;
	if (token->kind == IMAP_STRING)
		return g_bytes_new(reply->text->str + token->at, token->size);
	if (token->kind != IMAP_LITERAL)
		return NULL;
	GByteArray *literal =
		g_steal_pointer(&reply->literals->pdata[token->at]);
	return literal == NULL ? NULL : g_byte_array_free_to_bytes(literal);
}

unsigned
imap_token_after(const ImapReply *reply, unsigned i)
{
	unsigned depth = 0;

	for (; i < reply->tokens->len; i++) {
		ImapTokenKind kind = token_at(reply, i)->kind;

		if (kind == IMAP_OPEN)
			depth++;
		else if (kind == IMAP_CLOSE && depth > 0)
			depth--;
		if (depth == 0)
			return i + 1;
	}
	return i;
}
