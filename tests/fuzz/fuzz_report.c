/* classify_mail and report_read on any fields, text and parts.
 *
 * Input: lines "Name: value", a blank line, the text, and then, for each part,
 * a line "--part TYPE" and its octets. */
#include <stdint.h>
#include <string.h>

#include <glib.h>

#include "base/text.h"

#include "desk/mail.h"

#include "message/classify.h"

#include "../unit/sample_mail.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define MARK "\n--part "

/* What follows the line at p; *p becomes that line, ended by a NUL. */
static char *
cut_line(char *p)
{
	char *end = strchr(p, '\n');

	if (end == NULL)
		return p + strlen(p);
	*end = '\0';
	return end + 1;
}

static GArray *
parts_of(char *text)
{
	GArray *parts = sample_parts(NULL);
	char *mark = strstr(text, MARK);

	while (mark != NULL) {
		char *type = mark + strlen(MARK);
		char *octets = cut_line(type);
		char *next = strstr(octets, MARK);
		size_t length =
			next == NULL ? strlen(octets) : (size_t)(next - octets);
		ReportPart part = { .type = type,
			            .octets = g_bytes_new(octets, length) };

		*mark = '\0';
		g_array_append_val(parts, part);
		mark = next;
	}
	return parts;
}

static Mail *
mail_of(const char *fields, const char *text)
{
	g_autofree char *block = text_clean_block(text);
	Mail *mail = sample_mail("", block);
	g_auto(GStrv) lines = g_strsplit(fields, "\n", MAIL_FIELDS_MAX);

	for (char **line = lines; *line != NULL; line++) {
		g_autofree char *clean = text_clean_line(*line);

		if (strchr(clean, ':') != NULL)
			sample_field(mail, clean);
	}
	return mail;
}

static void
check_text(const char *text)
{
	g_assert_true(text == NULL || g_utf8_validate(text, -1, NULL));
}

static void
check_report(const MailReport *report)
{
	g_assert_cmpuint(report->recipients->len, <=, REPORT_RECIPIENTS_MAX);
	check_text(report->original_message_id);
	check_text(report->envelope_id);
	for (unsigned i = 0; i < report->recipients->len; i++) {
		const ReportRecipient *one =
			&g_array_index(report->recipients, ReportRecipient, i);

		g_assert_nonnull(one->address);
		g_assert_cmpint(*one->address, !=, '\0');
		check_text(one->address);
		check_text(one->diagnostic);
		g_assert_true(one->permanent >= -1 && one->permanent <= 1);
		if (one->diagnostic != NULL)
			g_assert_cmpuint(strlen(one->diagnostic), <=,
			                 REPORT_DIAGNOSTIC_OCTETS_MAX);
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	g_autofree char *octets =
		text_from_octets((const char *)data, (gssize)size);
	char *text = strstr(octets, "\n\n");

	if (text == NULL)
		return 0;
	*text++ = '\0';
	g_autoptr(GArray) parts = parts_of(text);
	g_autoptr(Mail) mail = mail_of(octets, text);
	classify_mail(mail, parts);
	g_assert_true((mail->report != NULL) == (mail->class == MAIL_BOUNCE));
	g_assert_true(mail->report == NULL || !mail->answerable);
	for (unsigned i = 0; i < mail->evidence->len; i++)
		check_text(g_ptr_array_index(mail->evidence, i));
	if (mail->report != NULL)
		check_report(mail->report);
	return 0;
}
