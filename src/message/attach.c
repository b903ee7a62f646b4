#include "message/attach.h"

#include <string.h>

#include "base/sha256.h"
#include "base/text.h"

#include "message/header.h"
#include "message/param.h"

struct AttachList {
	Mail *mail;
	const char *hint;
	GHashTable *names; /* folded, owned */
};

AttachList *
attach_list_new(Mail *mail, const char *hint)
{
	AttachList *list = g_new0(AttachList, 1);

	list->mail = mail;
	list->hint = hint;
	list->names =
		g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	return list;
}

void
attach_list_free(AttachList *list)
{
	if (list == NULL)
		return;
	g_hash_table_unref(list->names);
	g_free(list);
}

/* ---- names -----------------------------------------------------------------
 */

/* Windows opens these as devices, with any extension behind them. */
static const char *const devices[] = { "con", "prn", "aux", "nul" };
static const char *const numbered[] = { "com", "lpt" };

static bool
is_device(const char *name)
{
	g_autofree char *stem = g_ascii_strdown(name, -1);

	stem[strcspn(stem, ".")] = '\0';
	for (unsigned i = 0; i < G_N_ELEMENTS(devices); i++)
		if (strcmp(stem, devices[i]) == 0)
			return true;
	for (unsigned i = 0; i < G_N_ELEMENTS(numbered); i++)
		if (g_str_has_prefix(stem, numbered[i]) &&
		    g_ascii_isdigit(stem[3]) && stem[4] == '\0')
			return true;
	return false;
}

static const char *
last_component(const char *path)
{
	const char *last = path;

	for (const char *at = path; *at != '\0'; at++)
		if ((*at == '/' || *at == '\\') && at[1] != '\0')
			last = at + 1;
	return last;
}

/* ".tar" of "a.tar", "" if there is none or it is too long to be one */
static const char *
extension_of(const char *name)
{
	const char *dot = strrchr(name, '.');

	return dot == NULL || dot == name || strlen(dot) > ATTACH_EXTENSION_MAX
	               ? ""
	               : dot;
}

/* name cut to max octets, between characters, its extension kept, with suffix
 * before it */
static char *
fitted(const char *name, const char *suffix, gsize max)
{
	const char *extension = extension_of(name);
	gsize stem = strlen(name) - strlen(extension);
	gsize fixed = strlen(suffix) + strlen(extension);

	if (stem + fixed > max) {
		const char *cut = name + (max - fixed);

		while (cut > name && (*cut & 0xc0) == 0x80)
			cut--;
		stem = (gsize)(cut - name);
	}
	return g_strdup_printf("%.*s%s%s", (int)stem, name, suffix, extension);
}

char *
attach_safe_name(const char *text)
{
	g_autofree char *normal = g_utf8_normalize(text, -1, G_NORMALIZE_NFC);

	if (normal == NULL)
		return NULL;
	g_autofree char *name = text_clean_line(last_component(normal));
	g_strdelimit(name, "/\\", '_');
	for (gsize i = strlen(name); i > 0 && strchr(". ", name[i - 1]); i--)
		name[i - 1] = '\0';
	if (*name == '\0')
		return NULL;
	if (*name == '.')
		*name = '_';
	if (is_device(name))
		return g_strconcat("_", name, NULL);
	return fitted(name, "", ATTACH_NAME_MAX);
}

char *
attach_name_of(const MimePart *part, const char *hint)
{
	Slice disposition = mime_field(part, "Content-Disposition");
	Slice type = mime_field(part, "Content-Type");
	char *name = param_text(disposition, "filename", hint);

	if (name == NULL || *name == '\0') {
		g_free(name);
		name = param_text(type, "name", hint);
	}
	/* mixed up, and seen */
	if (name == NULL)
		name = param_text(disposition, "name", hint);
	if (name == NULL)
		name = param_text(type, "filename", hint);
	if (name != NULL && *name == '\0')
		g_clear_pointer(&name, g_free);
	return name;
}

/* An attached mail without a name is called as its subject says. */
static char *
name_of_mail(const MimePart *part, const char *hint)
{
	if (mime_is_leaf(part))
		return NULL;
	const MimePart *root = g_ptr_array_index(part->children, 0);
	g_autofree char *subject =
		header_decode(mime_field(root, "Subject"), hint);
	g_strdelimit(subject, "/\\", '_');
	g_autofree char *safe = attach_safe_name(subject);
	return safe == NULL ? NULL : g_strconcat(safe, ".eml", NULL);
}

typedef struct MadeUpName {
	const char *type;
	const char *name;
} MadeUpName;

/* For what clients send without a name: pictures pasted into a text,
 * invitations. */
static const MadeUpName made_up_names[] = {
	{ "image/jpeg", "image.jpg" },
	{ "image/png", "image.png" },
	{ "image/gif", "image.gif" },
	{ "image/webp", "image.webp" },
	{ "image/bmp", "image.bmp" },
	{ "image/tiff", "image.tiff" },
	{ "image/svg+xml", "image.svg" },
	{ "image/heic", "image.heic" },
	{ "text/calendar", "invite.ics" },
	{ "text/vcard", "contact.vcf" },
	{ "text/x-vcard", "contact.vcf" },
	{ "application/pdf", "document.pdf" },
	{ "video/mp4", "video.mp4" },
	{ "video/quicktime", "video.mov" },
	{ "audio/mpeg", "audio.mp3" },
	{ "audio/wav", "audio.wav" },
	{ "message/rfc822", "mail.eml" },
};

static const char *
made_up_name(const char *type)
{
	for (unsigned i = 0; i < G_N_ELEMENTS(made_up_names); i++)
		if (strcmp(made_up_names[i].type, type) == 0)
			return made_up_names[i].name;
	return NULL;
}

/* P-13: the second "a.png" is "a (2).png". */
static const char *
unique(AttachList *list, const char *wanted)
{
	g_autofree char *name = attach_safe_name(wanted);

	if (name == NULL)
		return NULL;
	g_autofree char *tried = g_strdup(name);
	for (unsigned i = 2; !g_hash_table_add(list->names, text_fold(tried));
	     i++) {
		g_autofree char *suffix = g_strdup_printf(" (%u)", i);

		g_free(tried);
		tried = fitted(name, suffix, ATTACH_NAME_MAX);
	}
	return mail_keep(list->mail, tried);
}

/* ---- octets ----------------------------------------------------------------
 */

static void
add_to_digest(void *sum, const char *octets, gsize length)
{
	sha256_update(sum, octets, length);
}

static void
digest(AttachList *list, Slice octets, Encoding encoding, MailAttachment *one)
{
	Sha256 *sum = sha256_new();

	one->size = (int64_t)decode_steps(octets, encoding, add_to_digest, sum);
	g_autofree char *hex = sha256_finish(sum);
	one->sha256 = mail_keep(list->mail, hex);
}

static const char *
content_id_of(AttachList *list, const MimePart *part)
{
	g_autoptr(GPtrArray) ids = g_ptr_array_new_with_free_func(g_free);

	header_ids(mime_field(part, "Content-ID"), 1, ids);
	return ids->len == 0 ? NULL
	                     : mail_keep(list->mail, g_ptr_array_index(ids, 0));
}

static void
add(AttachList *list, const MailAttachment *one)
{
	if (list->mail->attachments->len < MAIL_PARTS_MAX)
		g_array_append_val(list->mail->attachments, *one);
}

static void
attach_part(AttachList *list, const MimePart *part)
{
	g_autofree char *name = attach_name_of(part, list->hint);
	MailAttachment one = { 0 };

	if (name == NULL)
		name = name_of_mail(part, list->hint);
	if (name == NULL)
		name = g_strdup(made_up_name(part->type));
	one.name = name == NULL ? NULL : unique(list, name);
	one.type = mail_keep(list->mail, part->type);
	one.disposition = mail_keep(list->mail, part->disposition);
	one.content_id = content_id_of(list, part);
	digest(list, part->body, part->encoding, &one);
	add(list, &one);
}

/* A type is two tokens, or it is none. */
static const char *
kept_type(AttachList *list, const char *type)
{
	g_autofree char *clean =
		param_main((Slice){ type, type == NULL ? 0 : strlen(type) });

	if (strchr(clean, '/') == NULL)
		return mail_keep(list->mail, "application/octet-stream");
	return mail_keep(list->mail, clean);
}

void
attach_file(AttachList *list, const char *name, const char *type, Slice octets)
{
	MailAttachment one = { 0 };

	one.name = name == NULL ? NULL : unique(list, name);
	one.type = kept_type(list, type);
	one.disposition = mail_keep(list->mail, "attachment");
	digest(list, octets, ENCODING_NONE, &one);
	add(list, &one);
}

void
attach_parts(AttachList *list, const MimePart *part)
{
	bool is_whole = mime_is_leaf(part) || mime_is_a(part, "message/");

	if (is_whole && part->role == MIME_FILE) {
		attach_part(list, part);
		return;
	}
	for (unsigned i = 0; i < part->children->len; i++)
		attach_parts(list, g_ptr_array_index(part->children, i));
}
