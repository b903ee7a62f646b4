#include "message/compose.h"

#include <string.h>

#include "base/error.h"
#include "base/text.h"

#include "message/encode.h"

#define CRLF "\r\n"

/* ---- header ---- */

/* RFC 5322 section 3.3; the names of days and months are not the locale's. */
static void
write_date(GString *out, int64_t at)
{
	static const char days[] = "MonTueWedThuFriSatSun";
	static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
	g_autoptr(GDateTime) time = g_date_time_new_from_unix_utc(at);

	if (time == NULL)
		time = g_date_time_new_from_unix_utc(0);
	g_string_append_printf(
		out, "Date: %.3s, %02d %.3s %04d %02d:%02d:%02d +0000" CRLF,
		days + 3 * (g_date_time_get_day_of_week(time) - 1),
		g_date_time_get_day_of_month(time),
		months + 3 * (g_date_time_get_month(time) - 1),
		g_date_time_get_year(time), g_date_time_get_hour(time),
		g_date_time_get_minute(time), g_date_time_get_second(time));
}

/* At most one of each in a mail (RFC 5322 section 3.6), so not among the extra
 * ones. */
static const char *const own_fields[] = {
	"From",
	"Sender",
	"To",
	"Cc",
	"Bcc",
	"Reply-To",
	"Message-ID",
	"In-Reply-To",
	"References",
	"Date",
	"Subject",
	"MIME-Version",
	"Content-Type",
	"Content-Disposition",
	"Content-Transfer-Encoding",
};

#define FIELD_NAME_MAX 60

static bool
is_field_name(const char *name)
{
	for (unsigned i = 0; i < G_N_ELEMENTS(own_fields); i++)
		if (text_equal_ascii(own_fields[i], name))
			return false;
	for (const char *c = name; *c != '\0'; c++)
		if (!g_ascii_isalnum(*c) && *c != '-')
			return false;
	return *name != '\0' && strlen(name) <= FIELD_NAME_MAX;
}

static bool
write_fields(GString *out, const OutgoingField *fields, GError **error)
{
	for (; fields != NULL && fields->name != NULL; fields++) {
		if (!is_field_name(fields->name))
			return error_set(error, ERROR_MALFORMED,
			                 "the field of an outgoing mail cannot "
			                 "be \"%s\"",
			                 fields->name);
		if (fields->value != NULL)
			encode_field(out, fields->name, fields->value);
	}
	return true;
}

static bool
write_ids(GString *out, const Outgoing *mail, GError **error)
{
	const char *const own[] = { mail->message_id, NULL };
	const char *const parent[] = { mail->in_reply_to, NULL };

	if (!encode_is_id(mail->message_id))
		return error_set(error, ERROR_MALFORMED,
		                 "Message-ID: not one that can be written");
	encode_ids_field(out, "Message-ID", own);
	encode_ids_field(out, "In-Reply-To", parent);
	if (mail->references != NULL)
		encode_ids_field(out, "References", mail->references);
	return true;
}

static bool
write_header(GString *out, const Outgoing *mail, GError **error)
{
	if (!encode_address_field(out, "From", mail->from_name,
	                          mail->from_address, error) ||
	    !encode_address_field(out, "To", mail->to_name, mail->to_address,
	                          error))
		return false;
	if (mail->reply_to != NULL &&
	    !encode_address_field(out, "Reply-To", NULL, mail->reply_to, error))
		return false;
	write_date(out, mail->date);
	encode_field(out, "Subject", mail->subject);
	if (!write_ids(out, mail, error) ||
	    !write_fields(out, mail->fields, error))
		return false;
	g_string_append(out, "MIME-Version: 1.0" CRLF);
	return true;
}

/* ---- body ---- */

/* More of other letters than of ASCII: base64 is shorter then, and no less
 * readable. */
static bool
is_mostly_foreign(const char *text)
{
	size_t foreign = 0;
	size_t length = 0;

	for (; text[length] != '\0'; length++)
		foreign += (unsigned char)text[length] >= 0x80;
	return foreign > length / 3;
}

static void
write_base64_text(GString *out, const char *text)
{
	g_autoptr(GString) canonical = g_string_new(text);

	g_string_replace(canonical, "\n", CRLF, 0);
	encode_base64(out, canonical->str, canonical->len);
}

static void
write_plain_text(GString *out, const char *text)
{
	while (*text != '\0') {
		size_t length = strcspn(text, "\n");
		g_string_append_len(out, text, (gssize)length);
		g_string_append(out, CRLF);
		text += length;
		text += *text == '\n';
	}
}

static void
write_text_part(GString *out, const char *type, const char *text)
{
	g_autofree char *clean = text_clean_block(text);
	bool is_plain = encode_is_plain(clean);
	bool is_base64 = !is_plain && is_mostly_foreign(clean);

	g_string_append_printf(out,
	                       "Content-Type: %s; charset=%s" CRLF
	                       "Content-Transfer-Encoding: %s" CRLF CRLF,
	                       type, is_plain ? "us-ascii" : "utf-8",
	                       is_plain    ? "7bit"
	                       : is_base64 ? "base64"
	                                   : "quoted-printable");
	if (is_plain)
		write_plain_text(out, clean);
	else if (is_base64)
		write_base64_text(out, clean);
	else
		encode_quoted(out, clean);
}

/* RFC 2045 section 5.1: two tokens.  A message or a multipart may not be in
 * base64 (RFC 2046 section 5), so it travels as octets. */
static const char *
file_type(const char *type)
{
	static const char octets[] = "application/octet-stream";
	const char *slash = type == NULL ? NULL : strchr(type, '/');

	if (slash == NULL || slash == type || slash[1] == '\0' ||
	    strlen(type) > 100 || strchr(slash + 1, '/') != NULL ||
	    g_ascii_strncasecmp(type, "multipart/", 10) == 0 ||
	    g_ascii_strncasecmp(type, "message/", 8) == 0)
		return octets;
	for (const char *c = type; *c != '\0'; c++)
		if (!g_ascii_isalnum(*c) && strchr("/.+-_", *c) == NULL)
			return octets;
	return type;
}

static void
write_file_part(GString *out, const OutgoingFile *file)
{
	gsize size;
	const void *octets = g_bytes_get_data(file->octets, &size);

	g_string_append_printf(out,
	                       "Content-Type: %s" CRLF
	                       "Content-Transfer-Encoding: base64" CRLF
	                       "Content-Disposition: attachment",
	                       file_type(file->type));
	if (file->name != NULL)
		encode_parameter(out, "filename", file->name);
	g_string_append(out, CRLF CRLF);
	encode_base64(out, octets, size);
}

/* "=_" stands in no quoted-printable and no base64, and encode_is_plain()
 * takes no line that begins with it, so it can be in no part. */
static char *
boundary_for(const Outgoing *mail, const char *level)
{
	g_autofree char *source =
		g_strconcat(level, ":", mail->message_id, NULL);
	g_autofree char *digest =
		g_compute_checksum_for_string(G_CHECKSUM_SHA256, source, -1);

	return g_strdup_printf("=_%.24s", digest);
}

static void
begin_multipart(GString *out, const char *kind, const char *boundary)
{
	g_string_append_printf(
		out, "Content-Type: multipart/%s; boundary=\"%s\"" CRLF CRLF,
		kind, boundary);
}

static void
next_part(GString *out, const char *boundary)
{
	g_string_append_printf(out, CRLF "--%s" CRLF, boundary);
}

static void
end_multipart(GString *out, const char *boundary)
{
	g_string_append_printf(out, CRLF "--%s--" CRLF, boundary);
}

static void
write_words(GString *out, const Outgoing *mail)
{
	if (mail->html == NULL) {
		write_text_part(out, "text/plain", mail->text);
		return;
	}
	g_autofree char *boundary = boundary_for(mail, "alternative");
	begin_multipart(out, "alternative", boundary);
	next_part(out, boundary);
	write_text_part(out, "text/plain", mail->text);
	next_part(out, boundary);
	write_text_part(out, "text/html", mail->html);
	end_multipart(out, boundary);
}

static void
write_body(GString *out, const Outgoing *mail)
{
	if (mail->files == NULL || mail->files->octets == NULL) {
		write_words(out, mail);
		return;
	}
	g_autofree char *boundary = boundary_for(mail, "mixed");
	begin_multipart(out, "mixed", boundary);
	next_part(out, boundary);
	write_words(out, mail);
	for (const OutgoingFile *file = mail->files; file->octets != NULL;
	     file++) {
		next_part(out, boundary);
		write_file_part(out, file);
	}
	end_multipart(out, boundary);
}

/* ---- the mail ---- */

static bool
is_within_limits(const Outgoing *mail, GError **error)
{
	gsize octets = strlen(mail->text) +
	               (mail->html == NULL ? 0 : strlen(mail->html));
	unsigned files = 0;

	if (octets > COMPOSE_TEXT_MAX)
		return error_set(error, ERROR_TOO_BIG,
		                 "an outgoing text of more than %d octets",
		                 COMPOSE_TEXT_MAX);
	if (mail->references != NULL &&
	    g_strv_length((char **)(uintptr_t)mail->references) >
	            COMPOSE_REFERENCES_MAX)
		return error_set(error, ERROR_TOO_BIG,
		                 "more than %d references",
		                 COMPOSE_REFERENCES_MAX);
	for (const OutgoingFile *file = mail->files;
	     file != NULL && file->octets != NULL; file++) {
		octets += g_bytes_get_size(file->octets) / 57 * 78;
		if (++files > COMPOSE_ATTACHMENTS_MAX ||
		    octets > COMPOSE_OCTETS_MAX)
			return error_set(error, ERROR_TOO_BIG,
			                 "attachments of more than %d octets, "
			                 "or more than %d of them",
			                 COMPOSE_OCTETS_MAX,
			                 COMPOSE_ATTACHMENTS_MAX);
	}
	return true;
}

GBytes *
compose_mail(const Outgoing *mail, GError **error)
{
	g_autoptr(GString) out = g_string_new(NULL);

	if (!is_within_limits(mail, error) || !write_header(out, mail, error))
		return NULL;
	write_body(out, mail);
	return g_string_free_to_bytes(g_steal_pointer(&out));
}

static bool
has_id(const char **ids, unsigned count, const char *id)
{
	for (unsigned i = 0; i < count; i++)
		if (strcmp(ids[i], id) == 0)
			return true;
	return false;
}

const char **
compose_references(const char *const *ids)
{
	unsigned length = g_strv_length((char **)(uintptr_t)ids);
	const char **kept =
		g_new0(const char *, REFERENCES_FIRST + REFERENCES_LAST + 1);
	unsigned count = 0;

	for (unsigned i = 0; i < length; i++) {
		if (i == REFERENCES_FIRST && length - i > REFERENCES_LAST)
			i = length - REFERENCES_LAST;
		if (!has_id(kept, count, ids[i]))
			kept[count++] = ids[i];
	}
	return kept;
}
