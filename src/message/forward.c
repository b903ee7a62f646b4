#include "message/forward.h"

#include <string.h>

#include "message/quote_tables.h"

bool
forward_subject(const char *subject)
{
	g_autofree char *folded = quote_fold(subject, strlen(subject));

	return quote_is_forward_prefix(folded);
}

/* a header of the embedded block, as written there */
typedef struct Heads {
	char *from;
	char *subject;
	char *date;
} Heads;

static char *
value_of(const char *line, gsize length)
{
	const char *colon = memchr(line, ':', length);

	/* full-width, as Chinese and Japanese clients write it */
	const char *wide = g_strstr_len(line, (gssize)length, "：");
	const char *value = colon == NULL || (wide != NULL && wide < colon)
	                            ? wide + strlen("：")
	                            : colon + 1;
	g_autofree char *raw = g_strndup(value, length - (gsize)(value - line));
	const char *start = raw + strspn(raw, "*_ \t");
	return g_strchomp(g_strdup(start));
}

static void
take_line(Heads *heads, const char *line, gsize length)
{
	g_autofree char *folded = quote_fold(line, length);
	HeaderRole role = quote_header(folded, NULL);
	char **slot = role == HEADER_FROM      ? &heads->from
	              : role == HEADER_SUBJECT ? &heads->subject
	              : role == HEADER_DATE    ? &heads->date
	                                       : NULL;

	if (slot != NULL && *slot == NULL)
		*slot = value_of(line, length);
}

/* the first paragraph that has a header in it: the block */
static Heads
read_heads(const char *embedded)
{
	Heads heads = { NULL, NULL, NULL };

	for (const char *line = embedded; *line != '\0';) {
		gsize length = strcspn(line, "\n");

		if (length == 0 && heads.from != NULL && heads.subject != NULL)
			break;
		take_line(&heads, line, length);
		line += length + (line[length] == '\n');
		if (line - embedded > FORWARD_HEAD_OCTETS_MAX)
			break;
	}
	return heads;
}

void
forward_set(Mail *mail, const char *before, const char *embedded)
{
	Heads heads = read_heads(embedded);

	if (mail->forwarded == NULL)
		mail->forwarded = g_new0(MailForwarded, 1);
	mail->forwarded->before = mail_keep(mail, before);
	mail->forwarded->embedded = mail_keep(mail, embedded);
	mail->forwarded->from = mail_keep(mail, heads.from);
	mail->forwarded->subject = mail_keep(mail, heads.subject);
	mail->forwarded->date = mail_keep(mail, heads.date);
	g_free(heads.from);
	g_free(heads.subject);
	g_free(heads.date);
}
