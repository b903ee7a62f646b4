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
	{ "vs", true },      /* Finnish; in Norwegian and Danish a forward */
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
/* longest "TAG#123" between brackets that is looked at, in octets */
#define TAG_OCTETS_MAX    128

/* octets up to what ends a prefix (the NUL does too), not looking further than
 * a prefix goes */
static size_t
prefix_length(const char *subject)
{
	for (size_t i = 0; i <= PREFIX_OCTETS_MAX; i++)
		if (strchr(":[(^ \t", subject[i]) != NULL ||
		    strncmp(subject + i, "：", strlen("：")) == 0)
			return i;
	return 0;
}

static const char *
skip_prefix(const char *subject, bool *out_is_reply)
{
	size_t length = prefix_length(subject);

	if (length == 0)
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

/* The plain form "[#12]" is the empty tag; a desk without tags has that. */
static bool
is_tag(const char *word, const char *const *tags)
{
	if (*tags == NULL)
		return *word == '\0';
	for (; *tags != NULL; tags++)
		if (g_ascii_strcasecmp(*tags, word) == 0)
			return true;
	return false;
}

/* at stands on "["; the ticket and the end behind "]", or NULL */
static const char *
take_tag(const char *at, const char *const *tags, int64_t *out_ticket)
{
	char inside[TAG_OCTETS_MAX + 1];
	size_t length = 0;
	char *end;

	for (at++; *at != ']'; at++) {
		if (*at == '\0' || *at == '[' || length == TAG_OCTETS_MAX)
			return NULL;
		inside[length++] = *at;
	}
	inside[length] = '\0';
	char *hash = strrchr(inside, '#');
	if (hash == NULL || !g_ascii_isdigit(hash[1]))
		return NULL;
	*hash = '\0';
	gint64 ticket = g_ascii_strtoll(hash + 1, &end, 10);
	if (*g_strchug(end) != '\0' || ticket <= 0 || ticket == G_MAXINT64 ||
	    !is_tag(g_strstrip(inside), tags))
		return NULL;
	*out_ticket = ticket;
	return at + 1;
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
