#include "message/mailread.h"

#include <string.h>

#include "base/text.h"

#include "message/address.h"
#include "message/attach.h"
#include "message/body.h"
#include "message/classify.h"
#include "message/crypto.h"
#include "message/header.h"
#include "message/html.h"
#include "message/mime.h"
#include "message/quote.h"
#include "message/rtf.h"
#include "message/scan.h"
#include "message/tnef.h"

/* ---- the header ---- */

static const char *
kept_name(Mail *mail, Slice name)
{
	g_autofree char *copy = g_strndup(name.at, name.length);

	return mail_keep(mail, copy);
}

static void
read_fields(Mail *mail, const ScanHeader *header, const char *hint)
{
	for (unsigned i = 0; i < header->fields->len; i++) {
		const ScanField *raw =
			&g_array_index(header->fields, ScanField, i);
		g_autofree char *value = header_decode(raw->value, hint);
		MailField field = { kept_name(mail, raw->name),
			            mail_keep(mail, value) };

		g_array_append_val(mail->fields, field);
	}
}

typedef void (*FieldReader)(Mail *mail, Slice value, const char *hint);

static bool
is_name(Slice name, const char *text)
{
	return strlen(text) == name.length &&
	       g_ascii_strncasecmp(name.at, text, name.length) == 0;
}

static bool
has_address(const GArray *list)
{
	const MailAddress *first = mail_address(list, 0);

	return first != NULL && strchr(first->address, '@') != NULL;
}

/* Of two From fields the first that names anybody counts, and the clerk sees
 * that there are two (P-03). */
static void
read_from(Mail *mail, Slice value, const char *hint)
{
	if (has_address(mail->from))
		return;
	g_array_set_size(mail->from, 0);
	address_list_read(mail, mail->from, value, hint);
}

static void
read_sender(Mail *mail, Slice value, const char *hint)
{
	if (mail->sender->len == 0)
		address_list_read(mail, mail->sender, value, hint);
}

static void
read_reply_to(Mail *mail, Slice value, const char *hint)
{
	address_list_read(mail, mail->reply_to, value, hint);
}

static void
read_to(Mail *mail, Slice value, const char *hint)
{
	address_list_read(mail, mail->to, value, hint);
}

static void
read_cc(Mail *mail, Slice value, const char *hint)
{
	address_list_read(mail, mail->cc, value, hint);
}

static void
read_subject(Mail *mail, Slice value, const char *hint)
{
	if (*mail->subject != '\0')
		return;
	g_autofree char *subject = header_decode(value, hint);
	mail->subject = mail_keep(mail, subject);
}

static void
read_date(Mail *mail, Slice value, const char *hint)
{
	(void)hint;
	if (mail->date == 0)
		mail->date = header_date(value);
	if (mail->date == 0)
		mail_warn(mail, "Date is no date that can be");
}

static void
keep_ids(Mail *mail, Slice value, GPtrArray *list)
{
	g_autoptr(GPtrArray) ids = g_ptr_array_new_with_free_func(g_free);

	header_ids(value, MAIL_REFERENCES_MAX, ids);
	for (unsigned i = 0; i < ids->len && list->len < MAIL_REFERENCES_MAX;
	     i++)
		g_ptr_array_add(list, (char *)(guintptr)mail_keep(
					      mail, g_ptr_array_index(ids, i)));
}

static void
read_message_id(Mail *mail, Slice value, const char *hint)
{
	g_autoptr(GPtrArray) ids = g_ptr_array_new_with_free_func(g_free);

	(void)hint;
	header_ids(value, 1, ids);
	if (mail->message_id == NULL && ids->len > 0)
		mail->message_id = mail_keep(mail, g_ptr_array_index(ids, 0));
}

static void
read_in_reply_to(Mail *mail, Slice value, const char *hint)
{
	(void)hint;
	keep_ids(mail, value, mail->in_reply_to);
}

static void
read_references(Mail *mail, Slice value, const char *hint)
{
	(void)hint;
	keep_ids(mail, value, mail->references);
}

typedef struct FieldRow {
	const char *name;
	FieldReader read;
} FieldRow;

static const FieldRow field_rows[] = {
	{ "From", read_from },
	{ "Sender", read_sender },
	{ "Reply-To", read_reply_to },
	{ "To", read_to },
	{ "Cc", read_cc },
	{ "Subject", read_subject },
	{ "Date", read_date },
	{ "Message-ID", read_message_id },
	{ "In-Reply-To", read_in_reply_to },
	{ "References", read_references },
};

static void
read_known(Mail *mail, const ScanField *field, const char *hint)
{
	for (unsigned i = 0; i < G_N_ELEMENTS(field_rows); i++)
		if (is_name(field->name, field_rows[i].name))
			field_rows[i].read(mail, field->value, hint);
}

/* Nobody in From: whoever else says that the mail is his.  It proves nothing,
 * and without a From field nothing can. */
static void
repair_from(Mail *mail, const ScanHeader *header, const char *hint)
{
	static const char *const others[] = { "Sender", "Reply-To",
		                              "Return-Path" };

	for (unsigned i = 0; i < G_N_ELEMENTS(others); i++) {
		g_autoptr(GArray) list =
			g_array_new(FALSE, FALSE, sizeof(MailAddress));

		if (has_address(mail->from))
			return;
		address_list_read(mail, list, scan_find(header, others[i]),
		                  hint);
		if (!has_address(list))
			continue;
		g_array_set_size(mail->from, 0);
		g_array_append_vals(mail->from, list->data, list->len);
		mail_warn(mail, "no address in From: taken from %s", others[i]);
	}
}

static void
read_header(Mail *mail, const ScanHeader *header, const char *hint)
{
	read_fields(mail, header, hint);
	for (unsigned i = 0; i < header->fields->len; i++)
		read_known(mail, &g_array_index(header->fields, ScanField, i),
		           hint);
	repair_from(mail, header, hint);
	if (header->fields->len == 0)
		mail_warn(mail, "no header");
	else if (header->is_open)
		mail_warn(mail, "no blank line behind the header");
	if (header->has_junk)
		mail_warn(mail, "lines in the header that are no fields");
	if (header->is_cut)
		mail_warn(mail, "header over the limits, cut");
}

/* ---- the body ---- */

static void
warn_of_tree(Mail *mail, const MimeTree *tree)
{
	if (tree->too_deep)
		mail_warn(mail, "more than %d levels of parts",
		          MAIL_LEVELS_MAX);
	if (tree->too_many)
		mail_warn(mail, "more than %d parts", MAIL_PARTS_MAX);
	if (tree->no_boundary)
		mail_warn(mail, "multipart without its boundary");
	if (tree->unknown_encoding)
		mail_warn(mail, "unknown Content-Transfer-Encoding");
}

static void
write_structure(GString *out, const MimePart *part)
{
	g_string_append_printf(out, "[\"%s\"", part->type);
	for (unsigned i = 0; i < part->children->len; i++) {
		g_string_append_c(out, ',');
		write_structure(out, g_ptr_array_index(part->children, i));
	}
	g_string_append_c(out, ']');
}

static void
keep_structure(Mail *mail, const MimePart *root)
{
	GString *out = g_string_new(NULL);

	write_structure(out, root);
	mail->structure = mail_keep(mail, out->str);
	g_string_free(out, TRUE);
}

/* What classify.c wants to see, by the beginning of the type. */
static const char *const report_types[] = {
	"message/delivery-status", "message/disposition-notification",
	"message/feedback-report", "message/rfc822",
	"message/global",          "text/rfc822-headers",
	"text/calendar",
};

/* enough of a returned mail for its header and a look at its text */
#define REPORT_OCTETS_MAX (256 << 10)

static bool
is_report_type(const MimePart *part)
{
	for (unsigned i = 0; i < G_N_ELEMENTS(report_types); i++)
		if (mime_is_a(part, report_types[i]))
			return true;
	return false;
}

static void
add_report_part(GArray *parts, const MimePart *part)
{
	Slice body = part->body;
	body.length = MIN(body.length, (gsize)REPORT_OCTETS_MAX);
	GString *octets = decode_all_octets(body, part->encoding);
	ReportPart one = { part->type, g_string_free_to_bytes(octets) };

	g_array_append_val(parts, one);
}

static void
collect_reports(GArray *parts, const MimePart *part)
{
	if (is_report_type(part))
		add_report_part(parts, part);
	if (mime_is_a(part, "message/") && part->parent != NULL)
		return;
	for (unsigned i = 0; i < part->children->len; i++)
		collect_reports(parts, g_ptr_array_index(part->children, i));
}

static void
release_report_part(void *data)
{
	ReportPart *part = data;

	g_bytes_unref(part->octets);
}

static void
classify(Mail *mail, const MimePart *root)
{
	g_autoptr(GArray) parts = g_array_new(FALSE, FALSE, sizeof(ReportPart));

	g_array_set_clear_func(parts, release_report_part);
	if (root != NULL)
		collect_reports(parts, root);
	classify_mail(mail, parts);
}

static bool
is_tnef(const MimePart *part)
{
	if (!mime_is_leaf(part) || part->role != MIME_FILE)
		return false;
	if (mime_is(part, "application/ms-tnef") ||
	    mime_is(part, "application/vnd.ms-tnef"))
		return true;
	g_autofree char *name = attach_name_of(part, NULL);
	return name != NULL && g_ascii_strcasecmp(name, "winmail.dat") == 0;
}

/* The best of the texts in a TNEF stream, clean and marked; NULL if none. */
static char *
tnef_text(const Tnef *tnef)
{
	bool is_html = false;
	g_autofree char *rtf = NULL;

	if (tnef->html != NULL)
		return html_to_text(tnef->html, strlen(tnef->html));
	if (tnef->rtf != NULL)
		rtf = rtf_to_text(tnef->rtf->str, tnef->rtf->len, &is_html);
	if (is_html)
		return html_to_text(rtf, strlen(rtf));
	const char *plain = tnef->text != NULL ? tnef->text : rtf;
	return plain == NULL ? NULL : body_clean_plain(plain);
}

static bool
is_blank(const char *text)
{
	return text[strspn(text, " \t\n")] == '\0';
}

static void
open_tnef(MimePart *part, AttachList *list, char **text)
{
	GString *octets = mime_decoded(part);
	g_autoptr(Tnef) tnef = tnef_read(octets->str, octets->len);

	for (unsigned i = 0; tnef != NULL && i < tnef->files->len; i++) {
		const TnefFile *file = g_ptr_array_index(tnef->files, i);

		attach_file(list, file->name, file->type, file->octets);
	}
	g_autofree char *inside = tnef == NULL ? NULL : tnef_text(tnef);
	/* all that was in it is listed or read */
	if (inside != NULL || (tnef != NULL && tnef->files->len > 0))
		part->role = MIME_SHADOW;
	if (inside != NULL && is_blank(*text)) {
		g_free(*text);
		*text = g_steal_pointer(&inside);
	}
	g_string_free(octets, TRUE);
}

static void
open_all_tnef(MimePart *part, AttachList *list, char **text)
{
	if (is_tnef(part))
		open_tnef(part, list, text);
	if (mime_is_a(part, "message/") && part->parent != NULL)
		return;
	for (unsigned i = 0; i < part->children->len; i++)
		open_all_tnef(g_ptr_array_index(part->children, i), list, text);
}

static void
read_body(Mail *mail, MimeTree *tree, const char *hint)
{
	g_autoptr(AttachList) list = attach_list_new(mail, hint);

	crypto_open(tree, tree->root);
	crypto_states(mail, tree->root);
	g_autofree char *text = body_text(mail, tree, list);
	open_all_tnef(tree->root, list, &text);
	g_autofree char *bare = crypto_strip_armour(mail, text);
	quote_find_new_words(mail, bare);
	attach_parts(list, tree->root);
}

/* ---- mails ---- */

static const char *
octets_of(GBytes *raw, gsize *length)
{
	const char *octets = g_bytes_get_data(raw, length);

	return octets == NULL ? "" : octets;
}

void
mail_identify(Mail *mail, GBytes *raw)
{
	gsize length;
	const char *octets = octets_of(raw, &length);
	g_autofree char *sha256 = scan_sha256(octets, length);

	mail->sha256 = mail_keep(mail, sha256);
	mail->size = (int64_t)length;
}

void
mail_digest_content(Mail *mail, GBytes *raw)
{
	gsize length;
	const char *octets = octets_of(raw, &length);
	ScanHeader header;

	scan_header(octets, length, SCAN_MAIL, &header);
	g_autofree char *content = scan_content_hash(octets, length, &header);
	mail->content_hash = mail_keep(mail, content);
	scan_header_release(&header);
}

Mail *
mail_read_undigested(GBytes *raw)
{
	gsize length;
	const char *octets = octets_of(raw, &length);
	g_autoptr(MimeTree) tree = mime_tree_new(octets, length);
	g_autofree char *hint = body_charset(tree->root);
	Mail *mail = mail_new();

	read_header(mail, &tree->root->header, hint);
	read_body(mail, tree, hint);
	warn_of_tree(mail, tree);
	keep_structure(mail, tree->root);
	classify(mail, tree->root);
	return mail;
}

Mail *
mail_read(GBytes *raw)
{
	Mail *mail = mail_read_undigested(raw);

	mail_identify(mail, raw);
	mail_digest_content(mail, raw);
	return mail;
}

Mail *
mail_read_bare(GBytes *raw, const char *why)
{
	gsize length;
	const char *octets = octets_of(raw, &length);
	Mail *mail = mail_new();
	ScanHeader header;

	mail->is_bare = true;
	mail_warn(mail, "%s", why);
	scan_header(octets, length, SCAN_MAIL, &header);
	read_header(mail, &header, NULL);
	scan_header_release(&header);
	classify(mail, NULL);
	mail_identify(mail, raw);
	mail_digest_content(mail, raw);
	return mail;
}

static Mail *
read_alone(GBytes *raw, const char *type)
{
	gsize length;
	const char *octets = octets_of(raw, &length);
	g_autofree char *text = body_text_alone(type, octets, length);
	Mail *mail = mail_new();

	quote_find_new_words(mail, text);
	return mail;
}

Mail *
mail_read_text(GBytes *raw)
{
	return read_alone(raw, "text/plain");
}

Mail *
mail_read_html(GBytes *raw)
{
	return read_alone(raw, "text/html");
}
