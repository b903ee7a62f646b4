#include "cli/mail_json.h"

#include "base/json.h"

static json_t *
addresses_to_json(const GArray *addresses)
{
	json_t *array = json_array();

	for (unsigned i = 0; i < addresses->len; i++) {
		const MailAddress *one =
			&g_array_index(addresses, MailAddress, i);
		json_t *object = json_object();

		json_object_set_new(object, "name", json_text(one->name));
		json_object_set_new(object, "address", json_text(one->address));
		json_array_append_new(array, object);
	}
	return array;
}

static json_t *
attachments_to_json(const GArray *attachments)
{
	json_t *array = json_array();

	for (unsigned i = 0; i < attachments->len; i++) {
		const MailAttachment *one =
			&g_array_index(attachments, MailAttachment, i);
		json_t *object = json_object();

		json_object_set_new(object, "name", json_text(one->name));
		json_object_set_new(object, "type", json_text(one->type));
		json_object_set_new(object, "size", json_integer(one->size));
		json_object_set_new(object, "sha256", json_text(one->sha256));
		json_object_set_new(object, "disposition",
		                    json_text(one->disposition));
		json_object_set_new(object, "content_id",
		                    json_text(one->content_id));
		json_array_append_new(array, object);
	}
	return array;
}

static json_t *
recipient_to_json(const ReportRecipient *one)
{
	json_t *object = json_object();
	json_t *permanent =
		one->permanent < 0 ? json_null() : json_boolean(one->permanent);

	json_object_set_new(object, "address", json_text(one->address));
	json_object_set_new(object, "action",
	                    json_text(report_action_name(one->action)));
	json_object_set_new(object, "status", json_text(one->status));
	json_object_set_new(object, "code", json_text(one->code));
	json_object_set_new(object, "permanent", permanent);
	json_object_set_new(object, "reason", json_text(one->reason));
	json_object_set_new(object, "diagnostic", json_text(one->diagnostic));
	return object;
}

static json_t *
report_to_json(const MailReport *report)
{
	if (report == NULL)
		return json_null();
	json_t *object = json_object();
	json_t *recipients = json_array();
	for (unsigned i = 0; i < report->recipients->len; i++)
		json_array_append_new(
			recipients,
			recipient_to_json(&g_array_index(report->recipients,
		                                         ReportRecipient, i)));
	json_object_set_new(object, "action",
	                    json_text(report_action_name(report->action)));
	json_object_set_new(object, "original_message_id",
	                    json_text(report->original_message_id));
	json_object_set_new(object, "recipients", recipients);
	return object;
}

static json_t *
forwarded_to_json(const MailForwarded *forwarded)
{
	if (forwarded == NULL)
		return json_null();
	json_t *object = json_object();
	json_object_set_new(object, "before", json_text(forwarded->before));
	json_object_set_new(object, "embedded", json_text(forwarded->embedded));
	json_object_set_new(object, "from", json_text(forwarded->from));
	json_object_set_new(object, "subject", json_text(forwarded->subject));
	json_object_set_new(object, "date", json_text(forwarded->date));
	return object;
}

static json_t *
structure_to_json(const char *structure)
{
	json_t *array = json_loads(structure, 0, NULL);

	return json_is_array(array) ? array : json_array();
}

static void
set_header(json_t *object, const Mail *mail)
{
	json_object_set_new(object, "message_id", json_text(mail->message_id));
	json_object_set_new(object, "in_reply_to",
	                    json_texts(mail->in_reply_to));
	json_object_set_new(object, "references", json_texts(mail->references));
	json_object_set_new(object, "from", addresses_to_json(mail->from));
	json_object_set_new(object, "sender", addresses_to_json(mail->sender));
	json_object_set_new(object, "reply_to",
	                    addresses_to_json(mail->reply_to));
	json_object_set_new(object, "to", addresses_to_json(mail->to));
	json_object_set_new(object, "cc", addresses_to_json(mail->cc));
	json_object_set_new(object, "subject", json_text(mail->subject));
	json_object_set_new(object, "date", json_instant(mail->date));
}

static void
set_words(json_t *object, const Mail *mail)
{
	json_object_set_new(object, "reply", json_text(mail->reply));
	json_object_set_new(object, "signature", json_text(mail->signature));
	json_object_set_new(object, "forwarded",
	                    forwarded_to_json(mail->forwarded));
}

json_t *
mail_to_json(const char *file, const Mail *mail)
{
	json_t *object = json_object();

	json_object_set_new(object, "file", json_text(file));
	json_object_set_new(object, "sha256", json_text(mail->sha256));
	json_object_set_new(object, "size", json_integer(mail->size));
	set_header(object, mail);
	json_object_set_new(object, "class",
	                    json_text(mail_class_name(mail->class)));
	json_object_set_new(object, "answerable",
	                    json_boolean(mail->answerable));
	json_object_set_new(object, "evidence", json_texts(mail->evidence));
	json_object_set_new(object, "bounce", report_to_json(mail->report));
	json_object_set_new(object, "text", json_text(mail->text));
	json_object_set_new(object, "has_html", json_boolean(mail->has_html));
	set_words(object, mail);
	json_object_set_new(object, "attachments",
	                    attachments_to_json(mail->attachments));
	json_object_set_new(object, "signed",
	                    json_text(mail_crypto_name(mail->is_signed)));
	json_object_set_new(object, "encrypted",
	                    json_text(mail_crypto_name(mail->is_encrypted)));
	json_object_set_new(object, "structure",
	                    structure_to_json(mail->structure));
	json_object_set_new(object, "warnings", json_texts(mail->warnings));
	return object;
}

json_t *
mail_body_to_json(const char *file, const Mail *mail)
{
	json_t *object = json_object();

	json_object_set_new(object, "file", json_text(file));
	json_object_set_new(object, "text", json_text(mail->text));
	set_words(object, mail);
	return object;
}
