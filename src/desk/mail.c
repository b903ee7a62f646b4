#include "desk/mail.h"

#include <stdarg.h>

static const char *const class_names[] = {
	[MAIL_PERSON] = "person",       [MAIL_LIST] = "list",
	[MAIL_AUTOMATIC] = "automatic", [MAIL_AUTO_REPLY] = "auto-reply",
	[MAIL_BOUNCE] = "bounce",       [MAIL_RECEIPT] = "receipt",
	[MAIL_COMPLAINT] = "complaint", [MAIL_OWN] = "own",
};

static const char *const action_names[] = {
	[REPORT_FAILED] = "failed",       [REPORT_DELAYED] = "delayed",
	[REPORT_DELIVERED] = "delivered", [REPORT_RELAYED] = "relayed",
	[REPORT_EXPANDED] = "expanded",   [REPORT_UNKNOWN] = "unknown",
};

static const char *const crypto_names[] = {
	[CRYPTO_NONE] = NULL,
	[CRYPTO_PGP] = "pgp",
	[CRYPTO_SMIME] = "smime",
};

const char *
mail_class_name(MailClass class)
{
	return class_names[class];
}

bool
mail_class_from_name(const char *name, MailClass *out_class)
{
	for (unsigned i = 0; i < G_N_ELEMENTS(class_names); i++)
		if (g_strcmp0(class_names[i], name) == 0) {
			*out_class = (MailClass)i;
			return true;
		}
	return false;
}

const char *
report_action_name(ReportAction action)
{
	return action_names[action];
}

const char *
mail_crypto_name(MailCrypto crypto)
{
	return crypto_names[crypto];
}

/* most mails' strings fit into one such block */
#define CHUNK_OCTETS 8192

static GArray *
address_list_new(void)
{
	return g_array_new(FALSE, FALSE, sizeof(MailAddress));
}

Mail *
mail_new(void)
{
	Mail *mail = g_new0(Mail, 1);

	mail->strings = g_string_chunk_new(CHUNK_OCTETS);
	mail->fields = g_array_new(FALSE, FALSE, sizeof(MailField));
	mail->in_reply_to = g_ptr_array_new();
	mail->references = g_ptr_array_new();
	mail->from = address_list_new();
	mail->sender = address_list_new();
	mail->reply_to = address_list_new();
	mail->to = address_list_new();
	mail->cc = address_list_new();
	mail->evidence = g_ptr_array_new();
	mail->attachments = g_array_new(FALSE, FALSE, sizeof(MailAttachment));
	mail->warnings = g_ptr_array_new();
	mail->sha256 = mail->content_hash = "";
	mail->subject = mail->text = mail->reply = "";
	mail->structure = "[]";
	mail->answerable = true;
	return mail;
}

static void
report_free(MailReport *report)
{
	if (report == NULL)
		return;
	g_array_unref(report->recipients);
	g_free(report);
}

void
mail_free(Mail *mail)
{
	if (mail == NULL)
		return;
	g_array_unref(mail->fields);
	g_ptr_array_unref(mail->in_reply_to);
	g_ptr_array_unref(mail->references);
	g_array_unref(mail->from);
	g_array_unref(mail->sender);
	g_array_unref(mail->reply_to);
	g_array_unref(mail->to);
	g_array_unref(mail->cc);
	g_ptr_array_unref(mail->evidence);
	g_array_unref(mail->attachments);
	g_ptr_array_unref(mail->warnings);
	report_free(mail->report);
	g_free(mail->forwarded);
	g_string_chunk_free(mail->strings);
	g_free(mail);
}

const char *
mail_keep(Mail *mail, const char *string)
{
	return string == NULL ? NULL
	                      : g_string_chunk_insert(mail->strings, string);
}

static void
add_formatted(Mail *mail, GPtrArray *list, const char *format, va_list args)
{
	g_autofree char *line = g_strdup_vprintf(format, args);

	g_ptr_array_add(list, g_string_chunk_insert(mail->strings, line));
}

void
mail_add_evidence(Mail *mail, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	add_formatted(mail, mail->evidence, format, args);
	va_end(args);
}

void
mail_warn(Mail *mail, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	add_formatted(mail, mail->warnings, format, args);
	va_end(args);
}

const char *
mail_field(const Mail *mail, const char *name)
{
	for (unsigned i = 0; i < mail->fields->len; i++) {
		const MailField *field =
			&g_array_index(mail->fields, MailField, i);
		if (g_ascii_strcasecmp(field->name, name) == 0)
			return field->value;
	}
	return NULL;
}

unsigned
mail_field_count(const Mail *mail, const char *name)
{
	unsigned count = 0;

	for (unsigned i = 0; i < mail->fields->len; i++) {
		const MailField *field =
			&g_array_index(mail->fields, MailField, i);
		if (g_ascii_strcasecmp(field->name, name) == 0)
			count++;
	}
	return count;
}

const MailAddress *
mail_address(const GArray *addresses, unsigned i)
{
	return i < addresses->len ? &g_array_index(addresses, MailAddress, i)
	                          : NULL;
}

const char *
mail_own_words(const Mail *mail)
{
	if (mail->forwarded == NULL)
		return mail->reply;
	return mail->forwarded->before == NULL ? "" : mail->forwarded->before;
}

const char *
mail_from_address(const Mail *mail)
{
	const MailAddress *first = mail_address(mail->from, 0);

	return first == NULL ? NULL : first->address;
}
