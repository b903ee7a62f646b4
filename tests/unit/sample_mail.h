/* Mails for tests of message/classify and message/report, from a few lines of
 * text, without the MIME parser: fields as they stand, a body, parts. */
#pragma once

#include <string.h>

#include "desk/mail.h"

#include "message/report.h"

static inline void
sample_address(Mail *mail, GArray *list, const char *value)
{
	const char *open = strchr(value, '<');
	const char *close = open == NULL ? NULL : strchr(open, '>');
	g_autofree char *address =
		close == NULL ? g_strdup(value)
			      : g_strndup(open + 1, (gsize)(close - open - 1));
	g_autofree char *name =
		close == NULL ? g_strdup("")
			      : g_strndup(value, (gsize)(open - value));
	MailAddress one = { .name = mail_keep(mail, g_strstrip(name)),
		            .address = mail_keep(mail, address) };

	g_array_append_val(list, one);
}

static inline void
sample_field(Mail *mail, const char *line)
{
	g_auto(GStrv) pair = g_strsplit(line, ":", 2);
	const char *value = g_strstrip(pair[1]);
	MailField field = { .name = mail_keep(mail, pair[0]),
		            .value = mail_keep(mail, value) };

	g_array_append_val(mail->fields, field);
	if (strcmp(pair[0], "From") == 0)
		sample_address(mail, mail->from, value);
	if (strcmp(pair[0], "To") == 0)
		sample_address(mail, mail->to, value);
	if (strcmp(pair[0], "Reply-To") == 0)
		sample_address(mail, mail->reply_to, value);
	if (strcmp(pair[0], "Subject") == 0)
		mail->subject = field.value;
	if (strcmp(pair[0], "In-Reply-To") == 0)
		g_ptr_array_add(mail->in_reply_to,
		                g_string_chunk_insert(mail->strings, value));
}

/* fields: "Name: value" lines; text: the body */
static inline Mail *
sample_mail(const char *fields, const char *text)
{
	Mail *mail = mail_new();
	g_auto(GStrv) lines = g_strsplit(fields, "\n", -1);

	for (char **line = lines; *line != NULL; line++)
		if (strchr(*line, ':') != NULL)
			sample_field(mail, *line);
	mail->text = mail->reply = mail_keep(mail, text == NULL ? "" : text);
	return mail;
}

static inline void
sample_part_clear(gpointer part)
{
	g_bytes_unref(((ReportPart *)part)->octets);
}

/* pairs of type and content, up to NULL */
static inline GArray *
sample_parts(const char *const *pairs)
{
	GArray *parts = g_array_new(FALSE, FALSE, sizeof(ReportPart));

	g_array_set_clear_func(parts, sample_part_clear);
	for (; pairs != NULL && *pairs != NULL; pairs += 2) {
		ReportPart part = { .type = pairs[0],
			            .octets = g_bytes_new(pairs[1],
			                                  strlen(pairs[1])) };
		g_array_append_val(parts, part);
	}
	return parts;
}
