#include "message/record.h"

#include <string.h>

#include "base/error.h"

/* The first octets of every record; the number goes up with the format. */
#define RECORD_MAGIC 0x706d0001u

#define NO_STRING G_MAXUINT32

/* evidence and warnings behind this many are dropped */
#define STRINGS_MAX    1000
/* a report with more is refused, as no mailer writes one */
#define RECIPIENTS_MAX 10000

/* ---- packing ---------------------------------------------------------------
 */

static void
put_number(GByteArray *out, guint32 number)
{
	guint32 wire = GUINT32_TO_LE(number);

	g_byte_array_append(out, (const guint8 *)&wire, sizeof wire);
}

static void
put_wide(GByteArray *out, int64_t number)
{
	put_number(out, (guint32)((guint64)number >> 32));
	put_number(out, (guint32)(guint64)number);
}

static void
put_string(GByteArray *out, const char *string)
{
	if (string == NULL) {
		put_number(out, NO_STRING);
		return;
	}
	gsize length = strlen(string);
	put_number(out, (guint32)length);
	g_byte_array_append(out, (const guint8 *)string, (guint)length);
}

static void
put_strings(GByteArray *out, const GPtrArray *strings)
{
	unsigned count = MIN(strings->len, (unsigned)STRINGS_MAX);

	put_number(out, count);
	for (unsigned i = 0; i < count; i++)
		put_string(out, g_ptr_array_index(strings, i));
}

static void
put_fields(GByteArray *out, const GArray *fields)
{
	put_number(out, fields->len);
	for (unsigned i = 0; i < fields->len; i++) {
		const MailField *field = &g_array_index(fields, MailField, i);

		put_string(out, field->name);
		put_string(out, field->value);
	}
}

static void
put_addresses(GByteArray *out, const GArray *addresses)
{
	put_number(out, addresses->len);
	for (unsigned i = 0; i < addresses->len; i++) {
		const MailAddress *one =
			&g_array_index(addresses, MailAddress, i);

		put_string(out, one->name);
		put_string(out, one->address);
	}
}

static void
put_attachments(GByteArray *out, const GArray *attachments)
{
	put_number(out, attachments->len);
	for (unsigned i = 0; i < attachments->len; i++) {
		const MailAttachment *one =
			&g_array_index(attachments, MailAttachment, i);

		put_string(out, one->name);
		put_string(out, one->type);
		put_wide(out, one->size);
		put_string(out, one->sha256);
		put_string(out, one->disposition);
		put_string(out, one->content_id);
	}
}

static void
put_recipient(GByteArray *out, const ReportRecipient *one)
{
	put_string(out, one->address);
	put_number(out, one->action);
	put_string(out, one->status);
	put_string(out, one->code);
	put_number(out, (guint32)(one->permanent + 1));
	put_string(out, one->reason);
	put_string(out, one->diagnostic);
}

static void
put_report(GByteArray *out, const MailReport *report)
{
	put_number(out, report != NULL);
	if (report == NULL)
		return;
	put_number(out, report->action);
	put_string(out, report->original_message_id);
	put_string(out, report->envelope_id);
	put_number(out, report->recipients->len);
	for (unsigned i = 0; i < report->recipients->len; i++)
		put_recipient(out, &g_array_index(report->recipients,
		                                  ReportRecipient, i));
}

static void
put_forwarded(GByteArray *out, const MailForwarded *forwarded)
{
	put_number(out, forwarded != NULL);
	if (forwarded == NULL)
		return;
	put_string(out, forwarded->before);
	put_string(out, forwarded->embedded);
	put_string(out, forwarded->from);
	put_string(out, forwarded->subject);
	put_string(out, forwarded->date);
}

static void
put_header(GByteArray *out, const Mail *mail)
{
	put_fields(out, mail->fields);
	put_string(out, mail->message_id);
	put_strings(out, mail->in_reply_to);
	put_strings(out, mail->references);
	put_addresses(out, mail->from);
	put_addresses(out, mail->sender);
	put_addresses(out, mail->reply_to);
	put_addresses(out, mail->to);
	put_addresses(out, mail->cc);
	put_string(out, mail->subject);
	put_wide(out, mail->date);
}

GBytes *
record_pack(const Mail *mail)
{
	GByteArray *out = g_byte_array_new();

	put_number(out, RECORD_MAGIC);
	put_header(out, mail);
	put_number(out, mail->class);
	put_number(out, mail->answerable);
	put_strings(out, mail->evidence);
	put_report(out, mail->report);
	put_string(out, mail->text);
	put_number(out, mail->has_html);
	put_string(out, mail->reply);
	put_string(out, mail->signature);
	put_forwarded(out, mail->forwarded);
	put_attachments(out, mail->attachments);
	put_number(out, mail->is_signed);
	put_number(out, mail->is_encrypted);
	put_string(out, mail->structure);
	put_strings(out, mail->warnings);
	put_number(out, mail->is_bare);
	return g_byte_array_free_to_bytes(out);
}

/* ---- unpacking -------------------------------------------------------------
 */

/* Reads until something is wrong; from then on every read gives nothing. */
typedef struct Reader {
	Mail *mail;
	const guint8 *at;
	gsize left;
	bool failed;
} Reader;

static guint32
get_number(Reader *reader)
{
	guint32 wire;

	if (reader->failed || reader->left < sizeof wire) {
		reader->failed = true;
		return 0;
	}
	memcpy(&wire, reader->at, sizeof wire);
	reader->at += sizeof wire;
	reader->left -= sizeof wire;
	return GUINT32_FROM_LE(wire);
}

/* a count, an enumerator or a truth value: 0 to max */
static guint32
get_capped(Reader *reader, guint32 max)
{
	guint32 number = get_number(reader);

	if (number <= max)
		return number;
	reader->failed = true;
	return 0;
}

static int64_t
get_wide(Reader *reader)
{
	guint64 high = get_number(reader);
	guint64 low = get_number(reader);

	return (int64_t)(high << 32 | low);
}

static bool
is_clean(const char *text, gsize length, bool lines)
{
	for (gsize i = 0; i < length; i++)
		if (((guint8)text[i] < 0x20 || text[i] == 0x7f) &&
		    !(lines && (text[i] == '\n' || text[i] == '\t')))
			return false;
	return g_utf8_validate(text, (gssize)length, NULL);
}

static const char *
get_text(Reader *reader, bool lines)
{
	guint32 length = get_number(reader);

	if (reader->failed || length == NO_STRING)
		return NULL;
	if (length > reader->left ||
	    !is_clean((const char *)reader->at, length, lines)) {
		reader->failed = true;
		return NULL;
	}
	const char *kept =
		g_string_chunk_insert_len(reader->mail->strings,
	                                  (const char *)reader->at, length);
	reader->at += length;
	reader->left -= length;
	return kept;
}

static const char *
get_line(Reader *reader)
{
	return get_text(reader, false);
}

static const char *
get_block(Reader *reader)
{
	return get_text(reader, true);
}

/* for what desk/mail.h says is never NULL */
static const char *
needed(Reader *reader, const char *text)
{
	if (text == NULL)
		reader->failed = true;
	return text == NULL ? "" : text;
}

static void
get_strings(Reader *reader, GPtrArray *strings, guint32 max)
{
	guint32 count = get_capped(reader, max);

	for (guint32 i = 0; i < count && !reader->failed; i++) {
		const char *one = needed(reader, get_line(reader));

		g_ptr_array_add(strings, (char *)(guintptr)one);
	}
}

static void
get_fields(Reader *reader, GArray *fields)
{
	guint32 count = get_capped(reader, MAIL_FIELDS_MAX);

	for (guint32 i = 0; i < count && !reader->failed; i++) {
		MailField field;

		field.name = needed(reader, get_line(reader));
		field.value = needed(reader, get_line(reader));
		g_array_append_val(fields, field);
	}
}

static void
get_addresses(Reader *reader, GArray *addresses)
{
	guint32 count = get_capped(reader, MAIL_ADDRESSES_MAX);

	for (guint32 i = 0; i < count && !reader->failed; i++) {
		MailAddress one;

		one.name = needed(reader, get_line(reader));
		one.address = needed(reader, get_line(reader));
		g_array_append_val(addresses, one);
	}
}

static void
get_attachments(Reader *reader, GArray *attachments)
{
	guint32 count = get_capped(reader, MAIL_PARTS_MAX);

	for (guint32 i = 0; i < count && !reader->failed; i++) {
		MailAttachment one;

		one.name = get_line(reader);
		one.type = needed(reader, get_line(reader));
		one.size = get_wide(reader);
		one.sha256 = needed(reader, get_line(reader));
		one.disposition = get_line(reader);
		one.content_id = get_line(reader);
		g_array_append_val(attachments, one);
	}
}

static ReportRecipient
get_recipient(Reader *reader)
{
	ReportRecipient one;

	one.address = needed(reader, get_line(reader));
	one.action = (ReportAction)get_capped(reader, REPORT_UNKNOWN);
	one.status = get_line(reader);
	one.code = get_line(reader);
	one.permanent = (int)get_capped(reader, 2) - 1;
	one.reason = get_line(reader);
	one.diagnostic = get_line(reader);
	return one;
}

static MailReport *
get_report(Reader *reader)
{
	if (get_capped(reader, 1) == 0)
		return NULL;
	MailReport *report = g_new0(MailReport, 1);
	report->recipients = g_array_new(FALSE, FALSE, sizeof(ReportRecipient));
	report->action = (ReportAction)get_capped(reader, REPORT_UNKNOWN);
	report->original_message_id = get_line(reader);
	report->envelope_id = get_line(reader);
	guint32 count = get_capped(reader, RECIPIENTS_MAX);
	for (guint32 i = 0; i < count && !reader->failed; i++) {
		ReportRecipient one = get_recipient(reader);

		g_array_append_val(report->recipients, one);
	}
	return report;
}

static MailForwarded *
get_forwarded(Reader *reader)
{
	if (get_capped(reader, 1) == 0)
		return NULL;
	MailForwarded *forwarded = g_new0(MailForwarded, 1);
	forwarded->before = needed(reader, get_block(reader));
	forwarded->embedded = needed(reader, get_block(reader));
	forwarded->from = get_line(reader);
	forwarded->subject = get_line(reader);
	forwarded->date = get_line(reader);
	return forwarded;
}

static void
get_header(Reader *reader)
{
	Mail *mail = reader->mail;

	get_fields(reader, mail->fields);
	mail->message_id = get_line(reader);
	get_strings(reader, mail->in_reply_to, MAIL_REFERENCES_MAX);
	get_strings(reader, mail->references, MAIL_REFERENCES_MAX);
	get_addresses(reader, mail->from);
	get_addresses(reader, mail->sender);
	get_addresses(reader, mail->reply_to);
	get_addresses(reader, mail->to);
	get_addresses(reader, mail->cc);
	mail->subject = needed(reader, get_line(reader));
	mail->date = get_wide(reader);
}

static void
get_body(Reader *reader)
{
	Mail *mail = reader->mail;

	mail->class = (MailClass)get_capped(reader, MAIL_OWN);
	mail->answerable = get_capped(reader, 1);
	get_strings(reader, mail->evidence, STRINGS_MAX);
	mail->report = get_report(reader);
	mail->text = needed(reader, get_block(reader));
	mail->has_html = get_capped(reader, 1);
	mail->reply = needed(reader, get_block(reader));
	mail->signature = get_block(reader);
	mail->forwarded = get_forwarded(reader);
	get_attachments(reader, mail->attachments);
	mail->is_signed = (MailCrypto)get_capped(reader, CRYPTO_SMIME);
	mail->is_encrypted = (MailCrypto)get_capped(reader, CRYPTO_SMIME);
	mail->structure = needed(reader, get_line(reader));
	get_strings(reader, mail->warnings, STRINGS_MAX);
	mail->is_bare = get_capped(reader, 1);
}

Mail *
record_unpack(GBytes *record, GError **error)
{
	gsize size;
	const guint8 *octets = g_bytes_get_data(record, &size);
	g_autoptr(Mail) mail = mail_new();
	Reader reader = { mail, octets, size, size > RECORD_OCTETS_MAX };

	if (get_number(&reader) != RECORD_MAGIC)
		reader.failed = true;
	get_header(&reader);
	get_body(&reader);
	if (!reader.failed && reader.left == 0)
		return g_steal_pointer(&mail);
	error_set(error, ERROR_MALFORMED, "record of a mail: broken");
	return NULL;
}
