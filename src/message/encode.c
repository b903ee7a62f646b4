#include "message/encode.h"

#include <string.h>

#include "base/error.h"
#include "base/text.h"

#define ENCODED_WORD_MAX 75  /* RFC 2047 section 2 */
#define PLAIN_WORD_MAX   200 /* longer ones are encoded, to have breaks */
#define QUOTED_NAME_MAX  60
#define ID_MAX           900

/* ---- transfer encodings ---- */

static bool
stands_quoted(const char *line, const char *at)
{
	unsigned char c = (unsigned char)*at;

	if (c == '=' || c > '~' || (c < ' ' && c != '\t'))
		return false;
	if (c == ' ' || c == '\t') /* not before the end of a line */
		return at[1] != '\n' && at[1] != '\0';
	if (at > line)
		return true;
	/* mbox writers change "From ", SMTP gives "." a meaning */
	return strncmp(at, "From ", 5) != 0 &&
	       !(c == '.' && (at[1] == '\n' || at[1] == '\0'));
}

static void
append_quoted_line(GString *out, const char *line, size_t length)
{
	unsigned column = 0;

	for (const char *at = line; at < line + length; at++) {
		bool stands = stands_quoted(line, at);
		unsigned width = stands ? 1 : 3;
		/* room for the "=" of a soft line break */
		if (column + width > ENCODE_COLUMNS - 1) {
			g_string_append(out, "=\r\n");
			column = 0;
		}
		/* a soft break has begun a line that SMTP and mbox see */
		if (column == 0 && at > line && (*at == '.' || *at == 'F'))
			stands = false;
		if (stands)
			g_string_append_c(out, *at);
		else
			g_string_append_printf(out, "=%02X",
			                       (unsigned char)*at);
		column += stands ? 1 : 3;
	}
	g_string_append(out, "\r\n");
}

void
encode_quoted(GString *out, const char *text)
{
	while (*text != '\0') {
		size_t length = strcspn(text, "\n");
		append_quoted_line(out, text, length);
		text += length;
		text += *text == '\n';
	}
}

#define BASE64_LINE_OCTETS 57 /* 76 characters */

void
encode_base64(GString *out, const void *octets, gsize size)
{
	const guchar *at = octets;
	char line[128];

	while (size > 0) {
		gsize step = MIN(size, BASE64_LINE_OCTETS);
		int state = 0;
		int save = 0;
		gsize length = g_base64_encode_step(at, step, FALSE, line,
		                                    &state, &save);
		length += g_base64_encode_close(FALSE, line + length, &state,
		                                &save);
		g_string_append_len(out, line, (gssize)length);
		g_string_append(out, "\r\n");
		at += step;
		size -= step;
	}
}

bool
encode_is_plain(const char *text)
{
	while (*text != '\0') {
		size_t length = strcspn(text, "\n");
		if (length > ENCODE_COLUMNS || strncmp(text, "--=_", 4) == 0)
			return false;
		for (size_t i = 0; i < length; i++)
			if (text[i] != '=' && !stands_quoted(text, text + i))
				return false;
		text += length;
		text += *text == '\n';
	}
	return true;
}

/* ---- header fields ---- */

/* A field being written; column is of the line that is not ended yet. */
typedef struct Folder {
	GString *out;
	size_t column;
	bool is_begun; /* something stands behind the name */
} Folder;

static Folder
begin_field(GString *out, const char *name)
{
	g_string_append(out, name);
	g_string_append_c(out, ':');
	return (Folder){ out, strlen(name) + 1, false };
}

/* A word goes to the next line if it does not fit into this one, but the first
 * stays, since a line of the name alone confuses some. */
static void
add_word(Folder *folder, const char *word, size_t length)
{
	if (folder->is_begun && folder->column + 1 + length > ENCODE_COLUMNS) {
		g_string_append(folder->out, "\r\n");
		folder->column = 0;
	}
	g_string_append_c(folder->out, ' ');
	g_string_append_len(folder->out, word, (gssize)length);
	folder->column += 1 + length;
	folder->is_begun = true;
}

static void
end_field(Folder *folder)
{
	g_string_append(folder->out, "\r\n");
}

static bool
is_ascii(const char *text, size_t length)
{
	for (size_t i = 0; i < length; i++)
		if ((unsigned char)text[i] >= 0x80)
			return false;
	return true;
}

static bool
word_stands(const char *word, size_t length)
{
	return length <= PLAIN_WORD_MAX && is_ascii(word, length) &&
	       g_strstr_len(word, (gssize)length, "=?") == NULL;
}

/* What may stand in a Q word wherever it is (RFC 2047 section 5 (3)). */
static bool
stands_in_q(unsigned char c)
{
	return g_ascii_isalnum(c) || (c != '\0' && strchr("!*+-/", c) != NULL);
}

#define Q_BEGIN  "=?utf-8?q?"
#define B_BEGIN  "=?utf-8?b?"
#define WORD_END "?="

static size_t
q_width(const char *text, size_t length)
{
	size_t width = 0;

	for (size_t i = 0; i < length; i++) {
		unsigned char c = (unsigned char)text[i];
		width += stands_in_q(c) || c == ' ' ? 1 : 3;
	}
	return width;
}

static void
append_q(GString *out, const char *text, size_t length)
{
	for (size_t i = 0; i < length; i++) {
		unsigned char c = (unsigned char)text[i];
		if (c == ' ')
			g_string_append_c(out, '_');
		else if (stands_in_q(c))
			g_string_append_c(out, (char)c);
		else
			g_string_append_printf(out, "=%02X", c);
	}
}

/* The octets of whole characters that fit into one encoded word of that size;
 * at least one character. */
static size_t
fitting(const char *text, size_t length, bool is_q, size_t room)
{
	size_t fits = 0;

	while (fits < length) {
		const char *next = g_utf8_next_char(text + fits);
		size_t size = (size_t)(next - text);
		size_t width = is_q ? q_width(text, size) : (size + 2) / 3 * 4;
		if (fits > 0 && width > room)
			break;
		fits = size;
	}
	return fits;
}

static void
add_encoded_word(Folder *folder, const char *text, size_t length, bool is_q)
{
	g_autoptr(GString) word = g_string_new(is_q ? Q_BEGIN : B_BEGIN);

	if (is_q) {
		append_q(word, text, length);
	} else {
		g_autofree char *base64 =
			g_base64_encode((const guchar *)text, length);
		g_string_append(word, base64);
	}
	g_string_append(word, WORD_END);
	add_word(folder, word->str, word->len);
}

static void
add_encoded(Folder *folder, const char *text, size_t length)
{
	bool is_q = q_width(text, length) <= (length + 2) / 3 * 4;
	const size_t frame = strlen(Q_BEGIN) + strlen(WORD_END);

	while (length > 0) {
		/* the first word shares its line with the field's name */
		size_t room = ENCODED_WORD_MAX - frame;
		if (!folder->is_begun && folder->column < room)
			room -= folder->column;
		size_t step = fitting(text, length, is_q, room);
		add_encoded_word(folder, text, step, is_q);
		text += step;
		length -= step;
	}
}

/* The words that need it, from the first to the last, are encoded with the
 * spaces between them, since a space between two encoded words is dropped
 * (RFC 2047 section 6.2). */
static void
add_text(Folder *folder, const char *text)
{
	const char *first = NULL;
	const char *last = NULL; /* behind it */

	for (const char *at = text; *at != '\0';) {
		size_t length = strcspn(at, " ");
		if (!word_stands(at, length)) {
			first = first == NULL ? at : first;
			last = at + length;
		}
		at += length;
		at += *at == ' ';
	}
	for (const char *at = text; *at != '\0';) {
		size_t length = strcspn(at, " ");
		if (at == first) {
			length = (size_t)(last - first);
			add_encoded(folder, at, length);
		} else {
			add_word(folder, at, length);
		}
		at += length;
		at += *at == ' ';
	}
}

void
encode_field(GString *out, const char *name, const char *value)
{
	g_autofree char *line = text_clean_line(value);
	Folder folder = begin_field(out, name);

	add_text(&folder, line);
	end_field(&folder);
}

/* ---- addresses and ids ---- */

/* RFC 5322 section 3.2.3 */
static bool
is_atext(char c)
{
	return g_ascii_isalnum(c) || (unsigned char)c >= 0x80 ||
	       (c != '\0' && strchr("!#$%&'*+-/=?^_`{|}~", c) != NULL);
}

static bool
is_phrase_of_atoms(const char *name)
{
	for (const char *c = name; *c != '\0'; c++)
		if (!is_atext(*c) && *c != ' ')
			return false;
	return true;
}

static char *
quoted_string(const char *text)
{
	g_autoptr(GString) quoted = g_string_new("\"");

	for (const char *c = text; *c != '\0'; c++) {
		if (*c == '"' || *c == '\\')
			g_string_append_c(quoted, '\\');
		g_string_append_c(quoted, *c);
	}
	g_string_append_c(quoted, '"');
	return g_string_free(g_steal_pointer(&quoted), FALSE);
}

static void
add_phrase(Folder *folder, const char *name)
{
	size_t length = strlen(name);

	if (length == 0)
		return;
	/* many readers decode words inside quotes too */
	if (word_stands(name, length) && length <= QUOTED_NAME_MAX) {
		g_autofree char *word = is_phrase_of_atoms(name)
		                                ? g_strdup(name)
		                                : quoted_string(name);
		add_word(folder, word, strlen(word));
	} else {
		add_encoded(folder, name, length);
	}
}

static bool
has_controls(const char *text)
{
	for (const char *c = text; *c != '\0'; c = g_utf8_next_char(c)) {
		gunichar u = g_utf8_get_char(c);
		if (g_unichar_iscntrl(u) || u == 0x2028 || u == 0x2029)
			return true;
	}
	return false;
}

/* As it is if it is a dot-atom or a quoted string already, else quoted. */
static char *
written_local_part(const char *local)
{
	size_t length = strlen(local);
	bool is_atom =
		length > 0 && local[0] != '.' && local[length - 1] != '.';

	for (const char *c = local; *c != '\0'; c++)
		if (!is_atext(*c) && !(*c == '.' && c[1] != '.'))
			is_atom = false;
	if (is_atom)
		return g_strdup(local);
	if (length < 2 || local[0] != '"' || local[length - 1] != '"')
		return quoted_string(local);
	/* taken apart and written anew, since its inside may be anything */
	g_autoptr(GString) inside = g_string_new(NULL);
	for (size_t i = 1; i + 1 < length; i++) {
		if (local[i] == '\\' && i + 2 < length)
			i++;
		g_string_append_c(inside, local[i]);
	}
	return quoted_string(inside->str);
}

/* NULL if it is none. */
static char *
written_domain(const char *domain)
{
	size_t length = strlen(domain);

	if (length == 0 || strpbrk(domain, " <>()@,;:\\\"") != NULL) {
		bool is_literal = length > 2 && domain[0] == '[' &&
		                  domain[length - 1] == ']' &&
		                  strpbrk(domain, " <>()@,;\\\"") == NULL;
		return is_literal && is_ascii(domain, length) ? g_strdup(domain)
		                                              : NULL;
	}
	return is_ascii(domain, length) ? g_strdup(domain)
	                                : g_hostname_to_ascii(domain);
}

bool
encode_address_field(GString *out, const char *field, const char *name,
                     const char *address, GError **error)
{
	const char *at = strrchr(address, '@');
	g_autofree char *local = NULL;
	g_autofree char *domain = NULL;

	if (at != NULL && g_utf8_validate(address, -1, NULL) &&
	    !has_controls(address) && strlen(address) <= ID_MAX) {
		g_autofree char *before =
			g_strndup(address, (gsize)(at - address));
		local = written_local_part(before);
		domain = written_domain(at + 1);
	}
	if (domain == NULL) {
		g_autofree char *shown = text_clean_line(
			g_utf8_validate(address, -1, NULL) ? address : "");
		return error_set(error, ERROR_MALFORMED,
		                 "%s: \"%s\" is no address", field, shown);
	}
	g_autofree char *clean = text_clean_line(name == NULL ? "" : name);
	g_autofree char *word =
		*clean == '\0' ? g_strdup_printf("%s@%s", local, domain)
			       : g_strdup_printf("<%s@%s>", local, domain);
	Folder folder = begin_field(out, field);
	add_phrase(&folder, clean);
	add_word(&folder, word, strlen(word));
	end_field(&folder);
	return true;
}

bool
encode_is_id(const char *id)
{
	size_t length = strlen(id);

	if (length == 0 || length > ID_MAX)
		return false;
	for (const char *c = id; *c != '\0'; c++)
		if (*c <= ' ' || *c > '~' || *c == '<' || *c == '>')
			return false;
	return true;
}

void
encode_ids_field(GString *out, const char *field, const char *const *ids)
{
	Folder folder = { 0 };

	for (; *ids != NULL; ids++) {
		if (!encode_is_id(*ids))
			continue;
		if (!folder.is_begun)
			folder = begin_field(out, field);
		g_autofree char *word = g_strdup_printf("<%s>", *ids);
		add_word(&folder, word, strlen(word));
	}
	if (folder.is_begun)
		end_field(&folder);
}

/* ---- parameters ---- */

#define PARAMETER_PLAIN_MAX 60

/* RFC 2231 section 7: attribute-char */
static bool
stands_in_parameter(unsigned char c)
{
	return g_ascii_isalnum(c) || (c != '\0' && strchr("!#$&+-.^_`{|}~", c));
}

/* As many characters of value as fit into one section; returns the rest. */
static const char *
append_section(GString *out, const char *value)
{
	size_t begin = out->len;

	while (*value != '\0' && out->len - begin < PARAMETER_PLAIN_MAX - 12) {
		const char *next = g_utf8_next_char(value);
		for (; value < next; value++) {
			unsigned char c = (unsigned char)*value;
			if (stands_in_parameter(c))
				g_string_append_c(out, (char)c);
			else
				g_string_append_printf(out, "%%%02X", c);
		}
	}
	return value;
}

void
encode_parameter(GString *out, const char *name, const char *value)
{
	g_autofree char *clean = text_clean_line(value);
	size_t length = strlen(clean);

	if (word_stands(clean, length) && length <= PARAMETER_PLAIN_MAX) {
		g_autofree char *quoted = quoted_string(clean);
		g_string_append_printf(out, ";\r\n\t%s=%s", name, quoted);
		return;
	}
	const char *rest = clean;
	for (unsigned section = 0; *rest != '\0'; section++) {
		g_string_append_printf(out, ";\r\n\t%s*%u*=%s", name, section,
		                       section == 0 ? "utf-8''" : "");
		rest = append_section(out, rest);
	}
}
