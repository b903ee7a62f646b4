#include "message/enclose.h"

#include <string.h>

#include "message/mime.h"
#include "message/scan.h"

typedef struct Search {
	const Mail *mail;
	GBytes *raw;
	GString **found; /* one an attachment, NULL until found */
} Search;

static void
take_if_wanted(Search *search, const MimePart *part)
{
	GString *octets = mime_decoded(part);
	g_autofree char *sha256 = scan_sha256(octets->str, octets->len);

	for (unsigned i = 0; i < search->mail->attachments->len; i++) {
		const MailAttachment *attachment =
			&g_array_index(search->mail->attachments,
		                       MailAttachment, i);

		if (search->found[i] == NULL &&
		    strcmp(attachment->sha256, sha256) == 0) {
			search->found[i] = octets;
			return;
		}
	}
	g_string_free(octets, TRUE);
}

/* as deep as MAIL_LEVELS_MAX: the tree is built no deeper */
static void
look_into(Search *search, const MimePart *part)
{
	if (mime_is_leaf(part) || mime_is(part, "message/rfc822"))
		take_if_wanted(search, part);
	for (unsigned i = 0; i < part->children->len; i++)
		look_into(search, part->children->pdata[i]);
}

static GVariant *
pack(const Search *search, unsigned count)
{
	GVariantBuilder builder;

	g_variant_builder_init(&builder, G_VARIANT_TYPE("aay"));
	for (unsigned i = 0; i < count; i++) {
		const GString *octets = search->found[i];

		g_variant_builder_add_value(
			&builder, g_variant_new_fixed_array(
					  G_VARIANT_TYPE_BYTE,
					  octets == NULL ? "" : octets->str,
					  octets == NULL ? 0 : octets->len, 1));
	}
	return g_variant_ref_sink(g_variant_builder_end(&builder));
}

/* runs in the child */
static GBytes *
search_in_child(const void *data)
{
	const Search *given = data;
	unsigned count = given->mail->attachments->len;
	Search search = { given->mail, given->raw,
		          g_new0(GString *, count + 1) };
	gsize size;
	const char *octets = g_bytes_get_data(given->raw, &size);
	g_autoptr(MimeTree) tree = mime_tree_new(octets, size);

	look_into(&search, tree->root);
	g_autoptr(GVariant) packed = pack(&search, count);
	return g_variant_get_data_as_bytes(packed);
}

GPtrArray *
enclose_attachments(const Mail *mail, GBytes *raw, const WorkerLimits *limits)
{
	Search search = { mail, raw, NULL };
	g_autoptr(GBytes) answer =
		worker_call(search_in_child, &search, limits);

	if (answer == NULL)
		return NULL;
	g_autoptr(GVariant) packed =
		g_variant_new_from_bytes(G_VARIANT_TYPE("aay"), answer, FALSE);
	g_variant_ref_sink(packed);
	if (!g_variant_is_normal_form(packed) ||
	    g_variant_n_children(packed) != mail->attachments->len)
		return NULL;
	GPtrArray *list =
		g_ptr_array_new_with_free_func((GDestroyNotify)g_bytes_unref);
	for (gsize i = 0; i < g_variant_n_children(packed); i++) {
		g_autoptr(GVariant) one = g_variant_get_child_value(packed, i);

		g_ptr_array_add(list, g_variant_get_data_as_bytes(one));
	}
	return list;
}
