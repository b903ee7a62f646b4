#define _GNU_SOURCE /* memmem() */
#include "message/mime.h"

#include <string.h>

#include "desk/mail.h"

#include "message/param.h"

Slice
mime_field(const MimePart *part, const char *name)
{
	return scan_find(&part->header, name);
}

bool
mime_is(const MimePart *part, const char *type)
{
	return strcmp(part->type, type) == 0;
}

bool
mime_is_a(const MimePart *part, const char *prefix)
{
	return g_str_has_prefix(part->type, prefix);
}

bool
mime_is_leaf(const MimePart *part)
{
	return part->children->len == 0;
}

GString *
mime_decoded(const MimePart *part)
{
	return decode_all_octets(part->body, part->encoding);
}

static void
part_free(void *data)
{
	MimePart *part = data;

	scan_header_release(&part->header);
	g_ptr_array_unref(part->children);
	g_free(part->type);
	g_free(part->disposition);
	g_free(part);
}

static MimePart *
part_new(MimeTree *tree, MimePart *parent, Slice octets)
{
	MimePart *part = g_new0(MimePart, 1);

	part->parent = parent;
	part->level = parent == NULL ? 0 : parent->level + 1;
	part->octets = octets;
	part->children = g_ptr_array_new_with_free_func(part_free);
	tree->parts++;
	if (parent != NULL)
		g_ptr_array_add(parent->children, part);
	return part;
}

/* ---- what a part says of itself ---------------------------------------------
 */

/* Half of a type, or what mailers write where one should stand. */
typedef struct TypeRepair {
	const char *written;
	const char *meant;
} TypeRepair;

static const TypeRepair repairs[] = {
	{ "text", "text/plain" },
	{ "plain", "text/plain" },
	{ "plain/text", "text/plain" },
	{ "text/", "text/plain" },
	{ "text/text", "text/plain" },
	{ "txt", "text/plain" },
	{ "html", "text/html" },
	{ "html/text", "text/html" },
	{ "text/htm", "text/html" },
	{ "multipart", "multipart/mixed" },
	{ "multipart/", "multipart/mixed" },
	{ "image", "image/unknown" },
	{ "application", "application/octet-stream" },
	{ "attachment", "application/octet-stream" },
	{ "file", "application/octet-stream" },
	{ "message", "message/rfc822" },
	{ "pdf", "application/pdf" },
	{ "image/jpg", "image/jpeg" },
	{ "image/pjpeg", "image/jpeg" },
	{ "image/x-png", "image/png" },
};

static const char *
repaired(const char *type)
{
	for (unsigned i = 0; i < G_N_ELEMENTS(repairs); i++)
		if (strcmp(repairs[i].written, type) == 0)
			return repairs[i].meant;
	/* RFC 2045 section 5.2: what is no type is plain text; one that is
	 * attached is a file */
	return strchr(type, '/') == NULL ? NULL : type;
}

static void
read_type(MimePart *part, const char *assumed)
{
	Slice field = mime_field(part, "Content-Type");
	g_autofree char *written = param_main(field);
	const char *type = *written == '\0' ? NULL : repaired(written);

	part->has_type = type != NULL;
	if (type == NULL && g_strcmp0(part->disposition, "attachment") == 0)
		type = "application/octet-stream";
	part->type = g_strdup(type == NULL ? assumed : type);
}

static void
read_fields(MimeTree *tree, MimePart *part, const char *assumed)
{
	Slice disposition = mime_field(part, "Content-Disposition");
	bool known;

	part->encoding = encoding_from_name(
		mime_field(part, "Content-Transfer-Encoding"), &known);
	tree->unknown_encoding |= !known;
	if (disposition.at != NULL) {
		part->disposition = param_main(disposition);
		if (*part->disposition == '\0')
			g_clear_pointer(&part->disposition, g_free);
	}
	read_type(part, assumed);
}

/* ---- boundaries ---- */

/* One delimiter line (RFC 2046 section 5.1.1). */
typedef struct Delimiter {
	const char *before; /* the end of what stands above it */
	const char *behind; /* the beginning of what stands below */
	bool is_last;       /* "--" behind the boundary */
} Delimiter;

static const char *
line_start(const char *at, const char *from)
{
	if (at > from && at[-1] == '\n')
		at--;
	if (at > from && at[-1] == '\r')
		at--;
	return at;
}

/* at is behind "--boundary".  What follows blanks on its line is nothing (RFC
 * 2046 section 5.1.2); without a blank it is a longer boundary. */
static bool
read_delimiter(const char *at, const char *end, Delimiter *found)
{
	found->is_last = end - at >= 2 && at[0] == '-' && at[1] == '-';
	if (found->is_last)
		at += 2;
	if (at < end && !g_ascii_isspace(*at))
		return false;
	while (at < end && *at != '\r' && *at != '\n')
		at++;
	if (at < end && *at == '\r')
		at++;
	if (at < end && *at == '\n')
		at++;
	found->behind = at;
	return true;
}

static bool
is_content_field(const char *at, const char *end)
{
	return end - at > 8 && g_ascii_strncasecmp(at, "Content-", 8) == 0;
}

static bool
is_blank(const char *at, const char *end)
{
	while (at < end && g_ascii_isspace(*at))
		at++;
	return at == end;
}

/* Programs that forget the line end before the delimiter ("last words--b"):
 * believed if a part begins below it, or if it is the last and all ends. */
static bool
is_glued(const Delimiter *found, const char *end)
{
	return found->is_last ? is_blank(found->behind, end)
	                      : is_content_field(found->behind, end);
}

/* mark is "--boundary"; body is where the multipart began */
static bool
find_delimiter(Slice body, const char *from, const GString *mark,
               Delimiter *found)
{
	const char *end = body.at + body.length;

	while (from < end) {
		const char *at =
			memmem(from, (gsize)(end - from), mark->str, mark->len);

		if (at == NULL)
			return false;
		bool starts = at == body.at || at[-1] == '\n' || at[-1] == '\r';
		if (read_delimiter(at + mark->len, end, found) &&
		    (starts || is_glued(found, end))) {
			found->before = line_start(at, body.at);
			return true;
		}
		from = at + mark->len;
	}
	return false;
}

/* A boundary that is not said, or not the one used: the first line of "--" with
 * a Content- field below it. */
static GString *
guess_boundary(Slice body)
{
	const char *end = body.at + body.length;
	const char *next;

	for (const char *at = body.at; at < end; at = next) {
		Slice line = scan_line(at, end, false, &next);

		if (line.length < 3 || line.length > MIME_BOUNDARY_MAX ||
		    line.at[0] != '-' || line.at[1] != '-' ||
		    !is_content_field(next, end))
			continue;
		while (line.length > 2 && line.at[line.length - 1] == ' ')
			line.length--;
		return g_string_new_len(line.at, (gssize)line.length);
	}
	return NULL;
}

static GString *
boundary_of(const MimePart *part)
{
	GString *value =
		param_raw(mime_field(part, "Content-Type"), "boundary");

	if (value == NULL)
		return NULL;
	while (value->len > 0 && value->str[value->len - 1] == ' ')
		g_string_truncate(value, value->len - 1);
	if (value->len > 0 && value->len <= MIME_BOUNDARY_MAX)
		return g_string_prepend(value, "--");
	g_string_free(value, TRUE);
	return NULL;
}

/* ---- the tree ---- */

static void read_part(MimeTree *tree, MimePart *part, ScanPlace place,
                      const char *assumed);

/* What is over a limit is one leaf that nobody looks into. */
static void
add_opaque(MimeTree *tree, MimePart *parent, Slice octets)
{
	MimePart *part = part_new(tree, parent, octets);

	scan_header("", 0, SCAN_PART, &part->header);
	part->type = g_strdup("application/octet-stream");
	part->body = octets;
}

static void
add_part(MimeTree *tree, MimePart *parent, const char *from, const char *to)
{
	Slice octets = { from, (gsize)(to - from) };
	bool is_digest = mime_is(parent, "multipart/digest");

	read_part(tree, part_new(tree, parent, octets), SCAN_PART,
	          is_digest ? "message/rfc822" : "text/plain");
}

/* Parts follow each other from the first delimiter to the last; a missing last
 * one is forgiven, what follows it is dropped. */
static void
split(MimeTree *tree, MimePart *part, const GString *mark, Delimiter at)
{
	const char *end = part->body.at + part->body.length;

	while (!at.is_last) {
		Delimiter next = { end, end, true };
		const char *from = at.behind;

		/* "--b CRLF --b": the line end before belongs to the second */
		if (find_delimiter(part->body, from, mark, &next) &&
		    next.before < from)
			next.before = from;
		if (tree->parts >= MAIL_PARTS_MAX - 1) {
			tree->too_many = true;
			add_opaque(tree, part,
			           (Slice){ from, (gsize)(end - from) });
			return;
		}
		/* nothing behind a last delimiter that was cut off */
		if (from < end || next.behind != end ||
		    part->children->len == 0)
			add_part(tree, part, from, next.before);
		at = next;
	}
}

/* The fields below the first Content-Type, if there is a second one that says
 * text; else NULL. */
static GArray *
second_header(const MimePart *part)
{
	const GArray *fields = part->header.fields;
	Slice first = mime_field(part, "Content-Type");
	GArray *rest = g_array_new(FALSE, FALSE, sizeof(ScanField));
	bool below = false;

	for (unsigned i = 0; i < fields->len; i++) {
		ScanField field = g_array_index(fields, ScanField, i);

		if (below)
			g_array_append_val(rest, field);
		below |= field.value.at == first.at;
	}
	ScanHeader header = { .fields = rest };
	g_autofree char *type = param_main(scan_find(&header, "Content-Type"));
	if (g_str_has_prefix(type, "text/"))
		return rest;
	g_array_unref(rest);
	return NULL;
}

/* What a preamble says to old programs: "This is a multi-part message in MIME
 * format." */
static bool
is_customary(const char *at, const char *to)
{
	return memmem(at, (gsize)(to - at), "MIME", 4) != NULL;
}

/* A first delimiter was lost, so that two headers became one and the first
 * part looks like a preamble. */
static void
add_lost_part(MimeTree *tree, MimePart *part, const char *to)
{
	const char *from = part->body.at;

	if (is_blank(from, to) || is_customary(from, to))
		return;
	GArray *fields = second_header(part);
	if (fields == NULL)
		return;
	MimePart *lost =
		part_new(tree, part, (Slice){ from, (gsize)(to - from) });
	lost->header.fields = fields;
	lost->body = lost->octets;
	read_fields(tree, lost, "text/plain");
}

static void
read_multipart(MimeTree *tree, MimePart *part)
{
	GString *mark = boundary_of(part);
	Delimiter first;
	bool found = mark != NULL &&
	             find_delimiter(part->body, part->body.at, mark, &first);

	if (!found) {
		if (mark != NULL)
			g_string_free(mark, TRUE);
		mark = guess_boundary(part->body);
		found = mark != NULL &&
		        find_delimiter(part->body, part->body.at, mark, &first);
	}
	if (found) {
		add_lost_part(tree, part, first.before);
		split(tree, part, mark, first);
		/* no part in it: what stands above the last delimiter is all */
		if (part->children->len == 0)
			part->body.length =
				(gsize)(first.before - part->body.at);
	} else {
		tree->no_boundary = true;
	}
	if (mark != NULL)
		g_string_free(mark, TRUE);
}

MimePart *
mime_add_child(MimeTree *tree, MimePart *parent, GString *octets)
{
	MimePart *child =
		part_new(tree, parent, (Slice){ octets->str, octets->len });

	g_ptr_array_add(tree->buffers, octets);
	read_part(tree, child, SCAN_MAIL, "text/plain");
	return child;
}

/* RFC 2046 section 5.2.1 forbids encodings other than 7bit and 8bit here, and
 * mailers use them (and so they must be undone). */
static void
read_attached_mail(MimeTree *tree, MimePart *part)
{
	if (part->body.length == 0)
		return;
	if (part->encoding != ENCODING_NONE) {
		mime_add_child(tree, part, mime_decoded(part));
		return;
	}
	MimePart *child = part_new(tree, part, part->body);
	read_part(tree, child, SCAN_MAIL, "text/plain");
}

static bool
is_attached_mail(const MimePart *part)
{
	return mime_is(part, "message/rfc822") ||
	       mime_is(part, "message/global") || mime_is(part, "message/news");
}

static void
read_part(MimeTree *tree, MimePart *part, ScanPlace place, const char *assumed)
{
	Slice all = part->octets;

	scan_header(all.at, all.length, place, &part->header);
	part->body = (Slice){ all.at + part->header.body,
		              all.length - part->header.body };
	read_fields(tree, part, assumed);
	bool is_inner = mime_is_a(part, "multipart/") || is_attached_mail(part);
	if (!is_inner)
		return;
	if (part->level >= MAIL_LEVELS_MAX || tree->parts >= MAIL_PARTS_MAX)
		tree->too_deep = true;
	else if (mime_is_a(part, "multipart/"))
		read_multipart(tree, part);
	else
		read_attached_mail(tree, part);
}

static void
buffer_free(void *buffer)
{
	g_string_free(buffer, TRUE);
}

MimeTree *
mime_tree_new(const char *octets, gsize length)
{
	MimeTree *tree = g_new0(MimeTree, 1);

	tree->buffers = g_ptr_array_new_with_free_func(buffer_free);
	tree->root = part_new(tree, NULL, (Slice){ octets, length });
	read_part(tree, tree->root, SCAN_MAIL, "text/plain");
	return tree;
}

void
mime_tree_free(MimeTree *tree)
{
	if (tree == NULL)
		return;
	part_free(tree->root);
	g_ptr_array_unref(tree->buffers);
	g_free(tree);
}
