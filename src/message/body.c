#include "message/body.h"

#include <string.h>

#include "base/text.h"

#include "message/charset.h"
#include "message/flowed.h"
#include "message/html.h"
#include "message/inline.h"
#include "message/marks.h"
#include "message/miscoded.h"
#include "message/param.h"

/* ---- which parts ---- */

typedef enum TextKind {
	TEXT_NONE,
	TEXT_PLAIN,
	TEXT_HTML,
	TEXT_ENRICHED,
} TextKind;

typedef struct TextType {
	const char *type;
	TextKind kind;
} TextType;

static const TextType text_types[] = {
	{ "text/plain", TEXT_PLAIN },
	{ "text/html", TEXT_HTML },
	{ "application/xhtml+xml", TEXT_HTML },
	{ "text/enriched", TEXT_ENRICHED }, /* RFC 1896 */
	{ "text/richtext", TEXT_ENRICHED }, /* RFC 1341 */
	{ "text/markdown", TEXT_PLAIN },
	{ "text/x-markdown", TEXT_PLAIN },
	{ "text/unknown", TEXT_PLAIN },
	{ "application/pgp", TEXT_PLAIN }, /* before RFC 2015 */
};

static TextKind
kind_of_type(const MimePart *part)
{
	for (unsigned i = 0; i < G_N_ELEMENTS(text_types); i++)
		if (mime_is(part, text_types[i].type))
			return text_types[i].kind;
	return TEXT_NONE;
}

static bool
is_attached(const MimePart *part)
{
	return g_strcmp0(part->disposition, "attachment") == 0;
}

static bool
is_blank(const MimePart *part)
{
	for (gsize i = 0; i < part->body.length; i++)
		if (!g_ascii_isspace(part->body.at[i]))
			return false;
	return true;
}

/* A part that is text to be read on the spot: a named one is a file, unless it
 * is all there is. */
static TextKind
kind_of_leaf(const MimePart *part)
{
	TextKind kind = mime_is_leaf(part) ? kind_of_type(part) : TEXT_NONE;

	if (kind == TEXT_NONE || is_attached(part))
		return TEXT_NONE;
	if (part->parent == NULL)
		return kind;
	g_autofree char *name = attach_name_of(part, NULL);
	return name == NULL ? kind : TEXT_NONE;
}

static MimePart *
child(const MimePart *part, unsigned i)
{
	return g_ptr_array_index(part->children, i);
}

/* What a part would show if it were chosen: the best kind inside. */
static TextKind
kind_inside(const MimePart *part)
{
	TextKind kind = kind_of_leaf(part);

	if (kind != TEXT_NONE)
		return is_blank(part) ? TEXT_NONE : kind;
	if (!mime_is_a(part, "multipart/"))
		return TEXT_NONE;
	for (unsigned i = 0; i < part->children->len; i++) {
		kind = kind_inside(child(part, i));
		if (kind != TEXT_NONE)
			return kind;
	}
	return TEXT_NONE;
}

typedef struct Chooser {
	MimeRole role; /* that texts get */
	GPtrArray *texts;
} Chooser;

static void choose(Chooser *chooser, MimePart *part);

static void
choose_all(Chooser *chooser, MimePart *part)
{
	for (unsigned i = 0; i < part->children->len; i++)
		choose(chooser, child(part, i));
}

/* RFC 2046 section 5.1.4: the last is the richest, and plain text the one that
 * people wrote.  Several plain texts are no forms of one another. */
static unsigned
best_alternative(const MimePart *part)
{
	static const TextKind order[] = { TEXT_PLAIN, TEXT_HTML,
		                          TEXT_ENRICHED };

	for (unsigned k = 0; k < G_N_ELEMENTS(order); k++)
		for (unsigned i = 0; i < part->children->len; i++)
			if (kind_inside(child(part, i)) == order[k])
				return i;
	return part->children->len;
}

static void
choose_alternative(Chooser *chooser, MimePart *part)
{
	unsigned best = best_alternative(part);

	for (unsigned i = 0; i < part->children->len; i++) {
		bool is_text =
			i == best || mime_is(child(part, i), "text/plain");
		Chooser other = { is_text ? chooser->role : MIME_SHADOW,
			          chooser->texts };

		choose(&other, child(part, i));
	}
}

/* RFC 2387: the root, here always the first, and what it shows. */
static void
choose_first(Chooser *chooser, MimePart *part)
{
	if (part->children->len > 0)
		choose(chooser, child(part, 0));
}

/* Nothing to read before it is decrypted. */
static void
choose_none(Chooser *chooser, MimePart *part)
{
	(void)chooser;
	(void)part;
}

/* A mail that is all there is, not one attached to something. */
static bool
is_only_content(const MimePart *part)
{
	for (; part->parent != NULL; part = part->parent)
		if (part->parent->children->len > 1)
			return false;
	return true;
}

typedef struct Choice {
	const char *type;
	void (*choose)(Chooser *chooser, MimePart *part);
} Choice;

static const Choice choices[] = {
	{ "multipart/alternative", choose_alternative },
	{ "multipart/related", choose_first },
	{ "multipart/signed", choose_first },
	{ "multipart/report", choose_first },
	{ "multipart/encrypted", choose_none },
	{ "multipart/", choose_all }, /* RFC 2046 section 5.1.3: as mixed */
};

static void
choose(Chooser *chooser, MimePart *part)
{
	if (kind_of_leaf(part) != TEXT_NONE) {
		part->role = chooser->role;
		if (chooser->role == MIME_TEXT)
			g_ptr_array_add(chooser->texts, part);
		return;
	}
	for (unsigned i = 0; i < G_N_ELEMENTS(choices); i++)
		if (mime_is_a(part, choices[i].type)) {
			choices[i].choose(chooser, part);
			break;
		}
	/* a signed mail that was opened, or the only mail in the mail */
	bool is_opened =
		mime_is_a(part, "application/") && part->children->len > 0;
	bool is_mail = mime_is_a(part, "message/") && is_only_content(part);
	if (is_opened || is_mail)
		choose_all(chooser, part);
	if (is_opened)
		part->role = MIME_SHADOW;
}

/* ---- what they say ---- */

static void
drop_marks(char *text)
{
	char *to = strchr(text, MARK_FIRST_OCTET);

	if (to == NULL)
		return;
	for (const char *from = to; *from != '\0';) {
		const char *next = g_utf8_next_char(from);

		if (mark_at(from) == MARK_NONE)
			while (from < next)
				*to++ = *from++;
		from = next;
	}
	*to = '\0';
}

char *
body_clean_plain(const char *text)
{
	char *clean = text_clean_block(text);

	drop_marks(clean);
	return clean;
}

/* <meta charset=x> and <meta http-equiv ... charset=x>: the first in the head,
 * where the part's own field says nothing. */
#define META_OCTETS 2048

static char *
meta_charset(const char *octets, gsize length)
{
	g_autofree char *head =
		g_strndup(octets, MIN(length, (gsize)META_OCTETS));
	g_autofree char *lower = g_ascii_strdown(head, -1);
	const char *meta = strstr(lower, "<meta");
	const char *word = meta == NULL ? NULL : strstr(meta, "charset=");

	if (word == NULL)
		return NULL;
	word += strlen("charset=");
	word += strspn(word, "\"' ");
	return g_strndup(word,
	                 strspn(word, "abcdefghijklmnopqrstuvwxyz0123456789"
	                              "-_.:"));
}

/* RFC 1896: tags away, "<<" is "<", one line end is a blank. */
static char *
enriched_to_text(const char *text)
{
	GString *out = g_string_sized_new(strlen(text));

	for (const char *at = text; *at != '\0'; at++) {
		gsize breaks = strspn(at, "\n");

		if (breaks > 0) {
			g_string_append(out, breaks == 1 ? " " : "");
			for (gsize i = 1; i < breaks; i++)
				g_string_append_c(out, '\n');
			at += breaks - 1;
		} else if (*at == '<' && at[1] == '<') {
			g_string_append_c(out, *at++);
		} else if (*at == '<') {
			bool is_param = g_str_has_prefix(at, "<param>");
			const char *end =
				strstr(at, is_param ? "</param>" : ">");

			if (end == NULL)
				break;
			at = is_param ? end + strlen("</param>") - 1 : end;
		} else {
			g_string_append_c(out, *at);
		}
	}
	return g_string_free(out, FALSE);
}

static bool
is_yes(Slice field, const char *name, const char *word)
{
	GString *value = param_raw(field, name);
	bool same = value != NULL && g_ascii_strcasecmp(value->str, word) == 0;

	if (value != NULL)
		g_string_free(value, TRUE);
	return same;
}

static char *
plain_to_text(Slice field, const char *text)
{
	g_autofree char *clean = body_clean_plain(text);

	if (!is_yes(field, "format", "flowed"))
		return g_steal_pointer(&clean);
	return flowed_to_text(clean, is_yes(field, "delsp", "yes"));
}

static char *
to_text(TextKind kind, Slice field, const char *utf8)
{
	if (kind == TEXT_HTML)
		return html_to_text(utf8, strlen(utf8));
	if (kind == TEXT_PLAIN)
		return plain_to_text(field, utf8);
	g_autofree char *clean = body_clean_plain(utf8);
	return enriched_to_text(clean);
}

static void
drop_mark_of_order(char *text)
{
	static const char mark[] = "\xef\xbb\xbf";

	if (g_str_has_prefix(text, mark))
		memmove(text, text + 3, strlen(text + 3) + 1);
}

static char *
read_octets(Mail *mail, TextKind kind, Slice field, const GString *octets)
{
	g_autofree char *charset = param_text(field, "charset", NULL);
	bool exact = true;

	/* a page that was stored as UTF-8 keeps its old meta element */
	if (charset == NULL && kind == TEXT_HTML &&
	    !g_utf8_validate(octets->str, (gssize)octets->len, NULL))
		charset = meta_charset(octets->str, octets->len);
	gsize length = MIN(octets->len, (gsize)BODY_OCTETS_MAX);
	g_autofree char *utf8 =
		charset_to_utf8(charset, octets->str, length, &exact);
	if (!exact && mail != NULL)
		mail_warn(mail, "text is not in the charset it says: %s",
		          charset == NULL ? "none" : charset);
	drop_mark_of_order(utf8);
	return to_text(kind, field, utf8);
}

static void
take_files(GString *octets, AttachList *list)
{
	g_autoptr(GPtrArray) files = inline_take(octets);

	for (unsigned i = 0; i < files->len; i++) {
		const InlineFile *file = g_ptr_array_index(files, i);

		attach_file(list, file->name, NULL,
		            (Slice){ file->octets->str, file->octets->len });
	}
}

/* Words among base64 stay what they are. */
static GString *
text_octets(const MimePart *part)
{
	if (part->encoding != ENCODING_BASE64)
		return mime_decoded(part);
	gsize code = miscoded_code_length(part->body);
	GString *octets = g_string_sized_new(part->body.length);
	decode_base64(part->body.at, code, octets);
	if (code > 0 && code < part->body.length)
		g_string_append_c(octets, '\n');
	return g_string_append_len(octets, part->body.at + code,
	                           (gssize)(part->body.length - code));
}

static void
append_text(Mail *mail, GString *all, const MimePart *part, AttachList *list)
{
	Slice field = mime_field(part, "Content-Type");
	TextKind kind = kind_of_type(part);
	GString *octets = text_octets(part);

	if (kind == TEXT_NONE)
		kind = TEXT_PLAIN;

	if (kind == TEXT_PLAIN)
		take_files(octets, list);
	g_autofree char *text = read_octets(mail, kind, field, octets);
	g_string_free(octets, TRUE);
	if (all->len > 0 && *text != '\0') {
		if (all->str[all->len - 1] != '\n')
			g_string_append_c(all, '\n');
		g_string_append_c(all, '\n');
	}
	if (all->len < BODY_OCTETS_MAX)
		g_string_append(all, text);
}

static bool
has_html(const MimePart *part)
{
	if (mime_is_leaf(part))
		return part->role != MIME_FILE &&
		       kind_of_type(part) == TEXT_HTML;
	for (unsigned i = 0; i < part->children->len; i++)
		if (has_html(child(part, i)))
			return true;
	return false;
}

/* A text that is shown for want of another. */
static MimePart *
last_resort(MimePart *part)
{
	if (mime_is_leaf(part)) {
		/* a multipart whose parts cannot be told apart is read as it
		 * stands */
		bool is_text = kind_of_type(part) != TEXT_NONE ||
		               mime_is_a(part, "multipart/");

		return is_text && !is_attached(part) && !is_blank(part) ? part
		                                                        : NULL;
	}
	MimePart *found = NULL;
	bool is_mail = mime_is_a(part, "message/") && !is_only_content(part);
	for (unsigned i = 0; !is_mail && i < part->children->len && !found; i++)
		found = last_resort(child(part, i));
	return found;
}

/* It stays a file as well: it has a name, or could not be taken apart. */
static void
choose_last_resort(MimePart *root, GPtrArray *texts)
{
	MimePart *part = last_resort(root);

	if (part != NULL)
		g_ptr_array_add(texts, part);
}

char *
body_text(Mail *mail, MimeTree *tree, AttachList *list)
{
	g_autoptr(GPtrArray) texts = g_ptr_array_new();
	Chooser chooser = { MIME_TEXT, texts };
	GString *all = g_string_new(NULL);

	choose(&chooser, tree->root);
	if (texts->len == 0)
		choose_last_resort(tree->root, texts);
	mail->has_html = has_html(tree->root);
	for (unsigned i = 0; i < texts->len; i++)
		append_text(mail, all, g_ptr_array_index(texts, i), list);
	return g_string_free(all, FALSE);
}

char *
body_text_alone(const char *type, const char *octets, gsize length)
{
	bool is_html = strcmp(type, "text/html") == 0;
	GString *copy = g_string_new_len(octets, (gssize)length);
	char *text = read_octets(NULL, is_html ? TEXT_HTML : TEXT_PLAIN,
	                         (Slice){ NULL, 0 }, copy);

	g_string_free(copy, TRUE);
	return text;
}

/* These say little of what raw octets mean. */
static bool
is_vague(const char *charset)
{
	static const char *const vague[] = { "us-ascii", "iso-8859-1", "utf-8",
		                             "windows-1252" };

	for (unsigned i = 0; i < G_N_ELEMENTS(vague); i++)
		if (g_ascii_strcasecmp(charset, vague[i]) == 0)
			return true;
	return false;
}

char *
body_charset(const MimePart *part)
{
	char *charset = NULL;

	if (mime_is_a(part, "text/") || mime_is_a(part, "multipart/"))
		charset = param_text(mime_field(part, "Content-Type"),
		                     "charset", NULL);
	if (charset != NULL && is_vague(charset))
		g_clear_pointer(&charset, g_free);
	for (unsigned i = 0; charset == NULL && i < part->children->len; i++)
		charset = body_charset(child(part, i));
	return charset;
}
