#include "desk/subject.h"

#include <string.h>

#include <glib.h>

/* What mail programs put before a subject, without the colon, folded to lower
 * case.  Reply prefixes first; is_reply tells them from forwards. */
static const struct {
	const char *word;
	bool is_reply;
} prefixes[] = {
	{ "re", true },      /* Latin res: nearly all */
	{ "aw", true },      /* German Outlook */
	{ "antw", true },    /* Dutch */
	{ "antwort", true }, /* German */
	{ "sv", true },      /* Swedish, Danish, Norwegian, Icelandic */
	{ "vs", true },      /* Finnish */
	{ "vá", true },      /* Hungarian */
	{ "odp", true },     /* Polish */
	{ "r", true },       /* Italian Outlook */
	{ "rif", true },     /* Italian Notes */
	{ "rép", true },     /* French */
	{ "res", true },     /* Portuguese (Brazil) */
	{ "ynt", true },     /* Turkish */
	{ "ats", true },     /* Latvian */
	{ "atb", true },     /* Welsh */
	{ "απ", true },      /* Greek */
	{ "σχετ", true },    /* Greek */
	{ "ответ", true },   /* Russian */
	{ "на", true },      /* Bulgarian */
	{ "回复", true },    /* Chinese, simplified */
	{ "回覆", true },    /* Chinese, traditional */
	{ "答复", true },    /* Chinese, simplified */
	{ "返信", true },    /* Japanese */
	{ "답장", true },    /* Korean */
	{ "回信", true },    /* Chinese */
	{ "fw", false },     /* forwards */
	{ "fwd", false },
	{ "rv", false },     /* Spanish Outlook (reenviado) */
	{ "tr", false },     /* French */
	{ "wg", false },     /* German */
	{ "vl", false },     /* Finnish */
	{ "vb", false },     /* Swedish */
	{ "vs", false },     /* Norwegian, Danish */
	{ "enc", false },    /* Portuguese */
	{ "i", false },      /* Italian */
	{ "pd", false },     /* Polish */
	{ "doorst", false }, /* Dutch */
	{ "továbbítás", false },
	{ "ilt", false },    /* Turkish */
	{ "转发", false },   /* Chinese, simplified */
	{ "轉寄", false },   /* Chinese, traditional */
	{ "転送", false },   /* Japanese */
	{ "전달", false },   /* Korean */
	{ "пересл", false }, /* Russian */
};

/* "[2]" or "(3)" or "^2" behind a prefix */
static const char *
skip_counter(const char *at)
{
	const char *p = at;
	char close = *p == '[' ? ']' : *p == '(' ? ')' : '\0';

	if (*p != '[' && *p != '(' && *p != '^')
		return at;
	for (p++; g_ascii_isdigit(*p); p++)
		continue;
	if (close == '\0')
		return p;
	return *p == close ? p + 1 : at;
}

/* behind ":" or its full-width form, NULL if there is none */
static const char *
skip_colon(const char *at)
{
	while (*at == ' ')
		at++;
	if (*at == ':')
		return at + 1;
	return g_str_has_prefix(at, "：") ? at + strlen("：") : NULL;
}

/* longest word of the table, in octets */
#define PREFIX_OCTETS_MAX 32

static const char *
skip_prefix(const char *subject, bool *out_is_reply)
{
	size_t length = strcspn(subject, ":[(^ \t");
	const char *wide = strstr(subject, "：");

	if (wide != NULL && (size_t)(wide - subject) < length)
		length = (size_t)(wide - subject);
	if (length == 0 || length > PREFIX_OCTETS_MAX)
		return NULL;
	const char *end = skip_colon(skip_counter(subject + length));
	if (end == NULL)
		return NULL;
	g_autofree char *word = g_utf8_strdown(subject, (gssize)length);
	for (unsigned i = 0; i < G_N_ELEMENTS(prefixes); i++)
		if (strcmp(prefixes[i].word, word) == 0) {
			*out_is_reply |= prefixes[i].is_reply;
			return end;
		}
	return NULL;
}

/* at stands on "["; the ticket and the end behind "]", or NULL */
static const char *
take_tag(const char *at, const char *const *tags, int64_t *out_ticket)
{
	const char *hash = strchr(at, '#');
	const char *close = strchr(at, ']');
	char *end;

	if (hash == NULL || close == NULL || hash > close)
		return NULL;
	g_autofree char *word = g_strndup(at + 1, (gsize)(hash - at - 1));
	g_strstrip(word);
	bool is_known = *word == '\0';
	for (; !is_known && *tags != NULL; tags++)
		is_known = g_ascii_strcasecmp(*tags, word) == 0;
	gint64 ticket = g_ascii_strtoll(hash + 1, &end, 10);
	while (*end == ' ')
		end++;
	if (!is_known || !g_ascii_isdigit(hash[1]) || ticket <= 0 ||
	    end != close)
		return NULL;
	*out_ticket = ticket;
	return close + 1;
}

int64_t
subject_ticket(const char *subject, const char *const *tags)
{
	int64_t ticket = 0;

	for (const char *at = strchr(subject, '['); at != NULL;
	     at = strchr(at + 1, '['))
		if (take_tag(at, tags, &ticket) != NULL)
			return ticket;
	return 0;
}

char *
subject_bare(const char *subject, const char *const *tags)
{
	const char *at = subject;
	bool is_reply = false;
	int64_t ticket;

	for (;;) {
		while (*at == ' ')
			at++;
		const char *next = *at == '[' ? take_tag(at, tags, &ticket)
		                              : skip_prefix(at, &is_reply);
		if (next == NULL)
			return g_strdup(at);
		at = next;
	}
}

bool
subject_is_reply(const char *subject)
{
	bool is_reply = false;

	while (*subject == ' ')
		subject++;
	return skip_prefix(subject, &is_reply) != NULL && is_reply;
}

char *
subject_tagged(const char *subject, const char *const *tags, int64_t ticket,
               bool is_answer)
{
	g_autofree char *bare = subject_bare(subject, tags);

	return g_strdup_printf("%s[%s#%" G_GINT64_FORMAT "] %s",
	                       is_answer ? "Re: " : "",
	                       *tags == NULL ? "" : *tags, ticket, bare);
}
