#include "message/address.h"

#include <string.h>

#include "base/text.h"

#include "message/header.h"

/* One mailbox while it is read.  words is everything outside of brackets and
 * comments, quotes resolved. */
typedef struct Mailbox {
	GString *words;
	GString *angle;
	GString *comment;
	bool has_angle;
	bool has_quotes;
} Mailbox;

typedef struct AddressReader {
	Mail *mail;
	GArray *list;
	const char *hint;
	const char *at;
	const char *end;
	bool quotes_end;   /* no quote closes any more: they are plain octets */
	bool comments_end; /* likewise parentheses */
	bool angles_end;
	bool in_group;
	Mailbox box;
} AddressReader;

static bool
is_space(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

static void
clear_box(Mailbox *box)
{
	g_string_truncate(box->words, 0);
	g_string_truncate(box->angle, 0);
	g_string_truncate(box->comment, 0);
	box->has_angle = box->has_quotes = false;
}

/* ---- the address -----------------------------------------------------------
 */

static bool
is_wrapper(char c)
{
	return is_space(c) || strchr("<>[]()\"',;:", c) != NULL;
}

/* The domain in lower case; "xn--" is shown as it is written to people. */
static char *
tidy_domain(const char *domain)
{
	g_autofree char *lower = g_utf8_strdown(domain, -1);
	gsize length = strlen(lower);

	while (length > 0 && lower[length - 1] == '.')
		lower[--length] = '\0';
	return g_steal_pointer(&lower);
}

/* Octets to an addr-spec: blanks and brackets around it dropped, blanks in it
 * closed (RFC 5322 section 4.4), "mailto:" of clients that paste links. */
static char *
tidy_address(const char *octets, gsize length, const char *hint)
{
	while (length > 0 && is_wrapper(octets[length - 1]) &&
	       octets[length - 1] != ']')
		length--;
	while (length > 0 && *octets != '"' && *octets != '[' &&
	       is_wrapper(*octets)) {
		octets++;
		length--;
	}
	if (length > 7 && g_ascii_strncasecmp(octets, "mailto:", 7) == 0) {
		octets += 7;
		length -= 7;
	}
	if (length > ADDRESS_OCTETS_MAX)
		return g_strdup("");
	g_autofree char *text = header_decode((Slice){ octets, length }, hint);
	char *sign = strrchr(text, '@');
	if (sign == NULL)
		return g_steal_pointer(&text);
	g_autofree char *local = g_strndup(text, (gsize)(sign - text));
	g_autofree char *domain = tidy_domain(sign + 1);
	g_strstrip(local);
	g_strstrip(domain);
	return g_strconcat(local, "@", domain, NULL);
}

/* An obsolete route: "@a,@b:user@c" (RFC 5322 section 4.4). */
static void
drop_route(GString *angle)
{
	const char *colon = strchr(angle->str, ':');

	if (angle->len > 0 && angle->str[0] == '@' && colon != NULL)
		g_string_erase(angle, 0, colon + 1 - angle->str);
}

/* ---- one mailbox done ------------------------------------------------------
 */

static void
add(AddressReader *reader, const char *name, const char *address)
{
	MailAddress one = { mail_keep(reader->mail, name),
		            mail_keep(reader->mail, address) };

	if (reader->list->len < MAIL_ADDRESSES_MAX)
		g_array_append_val(reader->list, one);
}

/* Names come in quotes of all kinds, sometimes twice. */
static char *
tidy_name(const char *octets, gsize length, const char *hint)
{
	g_autofree char *decoded =
		header_decode((Slice){ octets, length }, hint);
	gsize size = strlen(decoded);

	while (size > 1 &&
	       ((decoded[0] == '"' && decoded[size - 1] == '"') ||
	        (decoded[0] == '\'' && decoded[size - 1] == '\''))) {
		decoded[--size] = '\0';
		memmove(decoded, decoded + 1, size--);
	}
	return text_clean_line(decoded);
}

/* "Bob Smith bob@example.com": the last word with an "@" is the address, what
 * is around it the name. */
static bool
split_words(const GString *words, Slice *out_address, GString *out_name)
{
	const char *sign = strrchr(words->str, '@');

	if (sign == NULL)
		return false;
	const char *from = sign;
	const char *to = sign;
	const char *end = words->str + words->len;
	while (from > words->str && !is_space(from[-1]))
		from--;
	while (to < end && !is_space(*to))
		to++;
	*out_address = (Slice){ from, (gsize)(to - from) };
	g_string_append_len(out_name, words->str, from - words->str);
	g_string_append_len(out_name, to, end - to);
	return true;
}

static void
finish_bare(AddressReader *reader)
{
	const Mailbox *box = &reader->box;
	Slice spec = { box->words->str, box->words->len };
	GString *around = g_string_new(NULL);

	/* "john doe"@x and "a . b @ x" keep their blanks' meaning */
	bool is_spread = strstr(box->words->str, " @") != NULL ||
	                 strstr(box->words->str, "@ ") != NULL ||
	                 box->words->str[0] == '"';
	if (!is_spread)
		split_words(box->words, &spec, around);
	if (around->len == 0)
		g_string_append_len(around, box->comment->str,
		                    (gssize)box->comment->len);
	g_autofree char *address =
		tidy_address(spec.at, spec.length, reader->hint);
	g_autofree char *name =
		tidy_name(around->str, around->len, reader->hint);
	if (*address != '\0')
		add(reader, name, address);
	g_string_free(around, TRUE);
}

static void
finish_angle(AddressReader *reader)
{
	Mailbox *box = &reader->box;

	drop_route(box->angle);
	const GString *named = box->words->len > 0 ? box->words : box->comment;
	g_autofree char *address =
		tidy_address(box->angle->str, box->angle->len, reader->hint);
	g_autofree char *name = tidy_name(named->str, named->len, reader->hint);
	/* "bob@example.com" <> : the name is all there is */
	if (*address == '\0' && strchr(name, '@') != NULL &&
	    strchr(name, ' ') == NULL)
		add(reader, "", name);
	else if (*address != '\0')
		add(reader, name, address);
}

static void
trim_end(GString *text)
{
	while (text->len > 0 && is_space(text->str[text->len - 1]))
		g_string_truncate(text, text->len - 1);
}

static void
finish_box(AddressReader *reader)
{
	Mailbox *box = &reader->box;

	trim_end(box->words);
	if (box->has_angle)
		finish_angle(reader);
	else if (box->words->len > 0)
		finish_bare(reader);
	clear_box(box);
}

/* ---- the list --------------------------------------------------------------
 */

/* Where the octet that closes what begins at at stands, or NULL; backslashes
 * count. */
static const char *
closing(const char *at, const char *end, char close)
{
	for (at++; at < end; at++) {
		if (*at == '\\')
			at++;
		else if (*at == close)
			return at;
	}
	return NULL;
}

static void
append_unescaped(GString *out, const char *at, const char *end)
{
	for (; at < end; at++) {
		if (*at == '\\' && at + 1 < end)
			at++;
		g_string_append_c(out, *at);
	}
}

static void
take_quoted(AddressReader *reader)
{
	const char *close = reader->quotes_end
	                            ? NULL
	                            : closing(reader->at, reader->end, '"');
	GString *words = reader->box.words;

	if (close == NULL) {
		/* a lone quote is dropped */
		reader->quotes_end = true;
		reader->at++;
		return;
	}
	/* the local part of an address keeps its quotes */
	bool is_local = close + 1 < reader->end && close[1] == '@';
	if (is_local)
		g_string_append_len(words, reader->at, close + 1 - reader->at);
	else
		append_unescaped(words, reader->at + 1, close);
	reader->box.has_quotes = true;
	reader->at = close + 1;
}

/* Comments nest; the depth is a number, not a stack. */
static const char *
comment_end(const char *at, const char *end)
{
	gsize depth = 0;

	for (; at < end; at++) {
		if (*at == '\\')
			at++;
		else if (*at == '(')
			depth++;
		else if (*at == ')' && --depth == 0)
			return at;
	}
	return NULL;
}

static void
take_comment(AddressReader *reader)
{
	const char *close = reader->comments_end
	                            ? NULL
	                            : comment_end(reader->at, reader->end);
	GString *comment = reader->box.comment;

	if (close == NULL) {
		reader->comments_end = true;
		g_string_append_c(reader->box.words, *reader->at++);
		return;
	}
	if (comment->len > 0)
		g_string_append_c(comment, ' ');
	append_unescaped(comment, reader->at + 1, close);
	reader->at = close + 1;
}

/* at is on "<".  Without its ">" the bracket ends at a comma or the end. */
static void
take_angle(AddressReader *reader)
{
	const char *close = NULL;
	GString *angle = reader->box.angle;

	if (!reader->angles_end)
		close = memchr(reader->at, '>',
		               (gsize)(reader->end - reader->at));
	if (close == NULL) {
		reader->angles_end = true;
		for (close = reader->at; close < reader->end; close++)
			if (*close == ',' || *close == ';')
				break;
	}
	/* a name in brackets before the address: "<Bob> <bob@x>" */
	if (reader->box.has_angle && strchr(angle->str, '@') == NULL)
		g_string_append_len(reader->box.words, angle->str,
		                    (gssize)angle->len);
	else if (reader->box.has_angle) {
		/* "<a@x> <b@x>" are two that lost their comma */
		finish_box(reader);
	}
	g_string_truncate(angle, 0);
	g_string_append_len(angle, reader->at + 1, close - reader->at - 1);
	reader->box.has_angle = true;
	reader->at = close < reader->end && *close == '>' ? close + 1 : close;
}

/* "Team: a@x, b@x;": a colon ends a group's name, unless what stands before is
 * an address already. */
static void
take_colon(AddressReader *reader)
{
	Mailbox *box = &reader->box;

	if (box->has_angle || strchr(box->words->str, '@') != NULL ||
	    box->words->len == 0) {
		g_string_append_c(box->words, ':');
	} else {
		clear_box(box);
		reader->in_group = true;
	}
	reader->at++;
}

static void
take_plain(AddressReader *reader)
{
	GString *words = reader->box.words;
	char c = *reader->at++;

	if (!is_space(c))
		g_string_append_c(words, c);
	else if (words->len > 0 && !is_space(words->str[words->len - 1]))
		g_string_append_c(words, ' ');
}

/* "Smith, Bob <bob@x>": a comma in a name that nobody quoted.  Words before a
 * comma that hold no address belong to the mailbox that follows, if that one
 * has a bracket. */
static bool
is_comma_of_name(const AddressReader *reader)
{
	const Mailbox *box = &reader->box;

	if (box->has_angle || box->words->len == 0 ||
	    strchr(box->words->str, '@') != NULL)
		return false;
	for (const char *at = reader->at + 1; at < reader->end; at++) {
		if (*at == '<')
			return true;
		if (strchr(",;:@\"(", *at) != NULL)
			return false;
	}
	return false;
}

static void
take_one(AddressReader *reader)
{
	switch (*reader->at) {
	case '"':
		take_quoted(reader);
		return;
	case '(':
		take_comment(reader);
		return;
	case '<':
		take_angle(reader);
		return;
	case ':':
		take_colon(reader);
		return;
	case ',':
		if (is_comma_of_name(reader)) {
			g_string_append_c(reader->box.words, *reader->at++);
			return;
		}
		G_GNUC_FALLTHROUGH;
	case ';':
		finish_box(reader);
		reader->at++;
		return;
	default:
		take_plain(reader);
	}
}

static void
read_list(AddressReader *reader, Slice value)
{
	reader->at = value.at;
	reader->end = value.at + value.length;
	reader->quotes_end = reader->comments_end = reader->angles_end = false;
	while (reader->at < reader->end &&
	       reader->list->len < MAIL_ADDRESSES_MAX)
		take_one(reader);
	if (reader->at < reader->end)
		mail_warn(reader->mail, "more than %d addresses in one field",
		          MAIL_ADDRESSES_MAX);
	finish_box(reader);
}

/* "=?utf-8?q?Bob_=3Cbob=40example.com=3E?=": structure inside an encoded word
 * is none (RFC 2047 section 5), but where the field has no address outside of
 * words, it is all there is.  Returns the decoded text, or NULL. */
static char *
hidden_list(Slice value, const char *hint)
{
	if (memchr(value.at, '@', value.length) != NULL ||
	    memchr(value.at, '=', value.length) == NULL)
		return NULL;
	g_autofree char *text = header_decode(value, hint);
	return strchr(text, '@') == NULL ? NULL : g_steal_pointer(&text);
}

void
address_list_read(Mail *mail, GArray *list, Slice value, const char *hint)
{
	AddressReader reader = { .mail = mail, .list = list, .hint = hint };

	if (value.at == NULL)
		return;
	g_autofree char *hidden = hidden_list(value, hint);
	if (hidden != NULL)
		value = (Slice){ hidden, strlen(hidden) };
	reader.box.words = g_string_new(NULL);
	reader.box.angle = g_string_new(NULL);
	reader.box.comment = g_string_new(NULL);
	read_list(&reader, value);
	g_string_free(reader.box.words, TRUE);
	g_string_free(reader.box.angle, TRUE);
	g_string_free(reader.box.comment, TRUE);
}
