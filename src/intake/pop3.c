#include "intake/pop3.h"

#include <string.h>

#include "base/error.h"

/* Lines of an answer that is no mail: capabilities. */
#define ANSWER_OCTETS_MAX 65536
#define LIST_LINE_OCTETS  128
/* A mail must come at least as fast, after the time of a command. */
#define OCTETS_PER_MS_MIN 8

typedef enum Capability {
	CAN_STLS = 1 << 0,
	CAN_PLAIN = 1 << 1,
	CAN_LOGIN = 1 << 2,
	CAN_XOAUTH2 = 1 << 3,
	CAN_USER = 1 << 4,
} Capability;

static const Pop3Times default_times = { POP3_IDLE_MS, POP3_TOTAL_MS };

struct Pop3 {
	Wire *wire;
	Pop3Times times;
	char input[16 * 1024];
	size_t at;
	size_t end;
	char line[POP3_LINE_MAX]; /* the last one read, without its end */
	unsigned capabilities;    /* of Capability */
	bool has_capabilities;    /* CAPA was answered */
};

Pop3 *
pop3_new(Wire *wire, const Pop3Times *times)
{
	Pop3 *pop3 = g_new0(Pop3, 1);

	pop3->wire = wire;
	pop3->times = times == NULL ? default_times : *times;
	return pop3;
}

void
pop3_free(Pop3 *pop3)
{
	if (pop3 == NULL)
		return;
	wire_free(pop3->wire);
	g_free(pop3);
}

/* ---- lines ---- */

static void
limit(Pop3 *pop3, size_t octets)
{
	size_t slow_ms = octets / OCTETS_PER_MS_MIN;

	wire_limit(pop3->wire, pop3->times.idle_ms,
	           pop3->times.total_ms + (int)MIN(slow_ms, G_MAXINT / 2),
	           octets + ANSWER_OCTETS_MAX);
}

static bool
fill(Pop3 *pop3, GError **error)
{
	pop3->at = 0;
	pop3->end = 0;
	return wire_read(pop3->wire, pop3->input, sizeof pop3->input,
	                 &pop3->end, error);
}

static bool
read_line(Pop3 *pop3, GError **error)
{
	size_t length = 0;

	for (;;) {
		if (pop3->at == pop3->end && !fill(pop3, error))
			return false;
		char c = pop3->input[pop3->at++];
		if (c == '\n')
			break;
		if (length == POP3_LINE_MAX - 1)
			return error_set(error, ERROR_UNAVAILABLE,
			                 "the server sends a line without end");
		pop3->line[length++] = c == '\0' ? '?' : c;
	}
	if (length > 0 && pop3->line[length - 1] == '\r')
		length--;
	pop3->line[length] = '\0';
	return true;
}

/* "+OK ..." or "-ERR ..." */
static bool
read_status(Pop3 *pop3, GError **error)
{
	if (!read_line(pop3, error))
		return false;
	if (g_str_has_prefix(pop3->line, "+OK"))
		return true;
	g_autofree char *words = mail_server_words(pop3->line);
	bool is_refusal = g_str_has_prefix(pop3->line, "-ERR");
	return error_set(error, is_refusal ? ERROR_REFUSED : ERROR_UNAVAILABLE,
	                 "%s", words);
}

static bool
say(Pop3 *pop3, const char *line, size_t octets, GError **error)
{
	g_autofree char *whole = g_strconcat(line, "\r\n", NULL);

	limit(pop3, octets);
	return wire_write(pop3->wire, whole, strlen(whole), error);
}

static bool
run(Pop3 *pop3, const char *line, GError **error)
{
	return say(pop3, line, 0, error) && read_status(pop3, error);
}

/* The next line of several; *out_is_last at the dot. */
static bool
read_more(Pop3 *pop3, bool *out_is_last, GError **error)
{
	if (!read_line(pop3, error))
		return false;
	*out_is_last = strcmp(pop3->line, ".") == 0;
	return true;
}

/* ---- greeting and login ---- */

static void
learn_sasl(Pop3 *pop3, const char *mechanisms)
{
	g_auto(GStrv) words = g_strsplit(mechanisms, " ", -1);

	for (char **word = words; *word != NULL; word++) {
		if (g_ascii_strcasecmp(*word, "PLAIN") == 0)
			pop3->capabilities |= CAN_PLAIN;
		else if (g_ascii_strcasecmp(*word, "LOGIN") == 0)
			pop3->capabilities |= CAN_LOGIN;
		else if (g_ascii_strcasecmp(*word, "XOAUTH2") == 0)
			pop3->capabilities |= CAN_XOAUTH2;
	}
}

static void
learn_capability(Pop3 *pop3)
{
	if (g_ascii_strcasecmp(pop3->line, "STLS") == 0)
		pop3->capabilities |= CAN_STLS;
	else if (g_ascii_strcasecmp(pop3->line, "USER") == 0)
		pop3->capabilities |= CAN_USER;
	else if (g_ascii_strncasecmp(pop3->line, "SASL ", 5) == 0)
		learn_sasl(pop3, pop3->line + 5);
}

/* RFC 2449; a server that has no CAPA has USER and nothing else. */
static bool
ask_capabilities(Pop3 *pop3, GError **error)
{
	g_autoptr(GError) trouble = NULL;
	bool is_last = false;

	pop3->capabilities = 0;
	pop3->has_capabilities = run(pop3, "CAPA", &trouble);
	if (!pop3->has_capabilities) {
		if (g_error_matches(trouble, POSTIGO_ERROR, ERROR_REFUSED))
			return true;
		g_propagate_error(error, g_steal_pointer(&trouble));
		return false;
	}
	while (!is_last) {
		if (!read_more(pop3, &is_last, error))
			return false;
		learn_capability(pop3);
	}
	return true;
}

static bool
start_tls(Pop3 *pop3, GError **error)
{
	if ((pop3->capabilities & CAN_STLS) == 0)
		return error_set(error, ERROR_UNAVAILABLE,
		                 "the server does not offer STLS");
	if (!run(pop3, "STLS", error))
		return false;
	if (pop3->at != pop3->end)
		return error_set(error, ERROR_UNAVAILABLE,
		                 "replies in clear behind STLS");
	return wire_secure(pop3->wire, error) && ask_capabilities(pop3, error);
}

bool
pop3_greet(Pop3 *pop3, bool may_stay_clear, GError **error)
{
	limit(pop3, 0);
	if (!read_status(pop3, error) || !ask_capabilities(pop3, error))
		return false;
	return wire_is_secure(pop3->wire) || may_stay_clear ||
	       start_tls(pop3, error);
}

/* RFC 5034: each "+ " is answered by the next of answers, then by "*". */
static bool
authenticate(Pop3 *pop3, const char *command, const char *const *answers,
             GError **error)
{
	if (!say(pop3, command, 0, error) || !read_line(pop3, error))
		return false;
	while (*pop3->line == '+' && !g_str_has_prefix(pop3->line, "+OK")) {
		const char *answer = *answers == NULL ? "*" : *answers++;

		if (!say(pop3, answer, 0, error) || !read_line(pop3, error))
			return false;
	}
	if (g_str_has_prefix(pop3->line, "+OK"))
		return true;
	g_autofree char *words = mail_server_words(pop3->line);
	return error_set(error, ERROR_REFUSED, "%s", words);
}

static bool
login_plain(Pop3 *pop3, const MailLogin *login, GError **error)
{
	g_autofree char *answer = mail_login_plain(login);
	const char *const answers[] = { answer, NULL };

	return authenticate(pop3, "AUTH PLAIN", answers, error);
}

static bool
login_xoauth2(Pop3 *pop3, const MailLogin *login, GError **error)
{
	g_autofree char *answer = mail_login_xoauth2(login);
	/* a refused token is explained, and the empty answer ends that */
	const char *const answers[] = { answer, "", NULL };

	return authenticate(pop3, "AUTH XOAUTH2", answers, error);
}

static bool
login_login(Pop3 *pop3, const MailLogin *login, GError **error)
{
	g_autofree char *user = g_base64_encode((const guchar *)login->user,
	                                        strlen(login->user));
	g_autofree char *secret = g_base64_encode((const guchar *)login->secret,
	                                          strlen(login->secret));
	const char *const answers[] = { user, secret, NULL };

	return authenticate(pop3, "AUTH LOGIN", answers, error);
}

static bool
login_user(Pop3 *pop3, const MailLogin *login, GError **error)
{
	g_autofree char *user = g_strconcat("USER ", login->user, NULL);
	g_autofree char *pass = g_strconcat("PASS ", login->secret, NULL);

	return run(pop3, user, error) && run(pop3, pass, error);
}

/* The first that is wanted and offered. */
static const struct {
	const char *auth; /* of the configuration */
	unsigned offer;   /* 0: always */
	bool is_default;
	bool (*log_in)(Pop3 *pop3, const MailLogin *login, GError **error);
} ways[] = {
	{ "plain", CAN_PLAIN, true, login_plain },
	{ "login", CAN_LOGIN, false, login_login },
	{ "xoauth2", CAN_XOAUTH2, false, login_xoauth2 },
	{ "login", 0, true, login_user },
};

static bool
log_in(Pop3 *pop3, const MailLogin *login, GError **error)
{
	for (unsigned i = 0; i < G_N_ELEMENTS(ways); i++) {
		bool is_wanted =
			login->auth == NULL
				? ways[i].is_default
				: strcmp(login->auth, ways[i].auth) == 0;
		if (is_wanted &&
		    (pop3->capabilities & ways[i].offer) == ways[i].offer)
			return ways[i].log_in(pop3, login, error);
	}
	return error_set(error, ERROR_REFUSED,
	                 "the server does not offer \"%s\"", login->auth);
}

bool
pop3_login(Pop3 *pop3, const MailLogin *login, GError **error)
{
	if (log_in(pop3, login, error))
		return true;
	g_prefix_error(error, "login as %s: ", login->user);
	return false;
}

/* ---- the maildrop ---- */

static void
entry_clear(void *entry)
{
	g_free(((Pop3Entry *)entry)->uidl);
}

/* "number word"; false: it is something else */
static bool
read_pair(const char *line, guint64 *out_number, const char **out_word)
{
	char *end;

	*out_number = g_ascii_strtoull(line, &end, 10);
	*out_word = end + strspn(end, " ");
	return end != line && *end == ' ' && **out_word != '\0';
}

/* Lines "number size"; mails are numbered from 1 without a hole. */
static bool
read_sizes(Pop3 *pop3, GArray *entries, GError **error)
{
	bool is_last = false;
	const char *word;
	guint64 number;

	limit(pop3, (size_t)POP3_LIST_MAX * LIST_LINE_OCTETS);
	for (;;) {
		if (!read_more(pop3, &is_last, error))
			return false;
		if (is_last)
			return true;
		if (!read_pair(pop3->line, &number, &word) ||
		    number != entries->len + 1 || number > POP3_LIST_MAX)
			continue;
		guint64 size = g_ascii_strtoull(word, NULL, 10);
		Pop3Entry entry = { (uint32_t)number,
			            (uint32_t)MIN(size, G_MAXUINT32), NULL };
		g_array_append_val(entries, entry);
	}
}

/* RFC 1939 section 7: 1 to 70 characters from 0x21 to 0x7E */
static bool
is_uidl(const char *word)
{
	size_t length = strlen(word);

	for (const char *c = word; *c != '\0'; c++)
		if (*c < '!' || *c > '~')
			return false;
	return length > 0 && length <= POP3_UIDL_MAX;
}

static bool
read_uidls(Pop3 *pop3, GArray *entries, GError **error)
{
	bool is_last = false;
	const char *word;
	guint64 number;

	limit(pop3, (size_t)POP3_LIST_MAX * LIST_LINE_OCTETS);
	for (;;) {
		if (!read_more(pop3, &is_last, error))
			return false;
		if (is_last)
			return true;
		if (!read_pair(pop3->line, &number, &word) || number == 0 ||
		    number > entries->len || !is_uidl(word))
			continue;
		Pop3Entry *entry =
			&g_array_index(entries, Pop3Entry, number - 1);
		g_free(entry->uidl);
		entry->uidl = g_strdup(word);
	}
}

/* Two mails with one id have none. */
static void
drop_twins(GArray *entries)
{
	g_autoptr(GHashTable) counts =
		g_hash_table_new(g_str_hash, g_str_equal);
	g_autoptr(GPtrArray) twins = g_ptr_array_new_with_free_func(g_free);

	for (unsigned i = 0; i < entries->len; i++) {
		char *uidl = g_array_index(entries, Pop3Entry, i).uidl;

		if (uidl != NULL && !g_hash_table_add(counts, uidl))
			g_ptr_array_add(twins, g_strdup(uidl));
	}
	g_hash_table_remove_all(counts);
	for (unsigned i = 0; i < twins->len; i++)
		g_hash_table_add(counts, twins->pdata[i]);
	for (unsigned i = 0; i < entries->len; i++) {
		Pop3Entry *entry = &g_array_index(entries, Pop3Entry, i);

		if (entry->uidl != NULL &&
		    g_hash_table_contains(counts, entry->uidl))
			g_clear_pointer(&entry->uidl, g_free);
	}
}

GArray *
pop3_list(Pop3 *pop3, GError **error)
{
	g_autoptr(GArray) entries =
		g_array_new(FALSE, FALSE, sizeof(Pop3Entry));
	g_autoptr(GError) trouble = NULL;

	g_array_set_clear_func(entries, entry_clear);
	if (!run(pop3, "LIST", error) || !read_sizes(pop3, entries, error))
		return NULL;
	/* UIDL is optional, and without it mails are told by their content */
	if (!run(pop3, "UIDL", &trouble)) {
		if (g_error_matches(trouble, POSTIGO_ERROR, ERROR_REFUSED))
			return g_steal_pointer(&entries);
		g_propagate_error(error, g_steal_pointer(&trouble));
		return NULL;
	}
	if (!read_uidls(pop3, entries, error))
		return NULL;
	drop_twins(entries);
	return g_steal_pointer(&entries);
}

/* ---- mails ---- */

/* Appends one line with its end, without a stuffed dot; *out_is_last at the
 * dot that stands alone. */
static bool
read_body_line(Pop3 *pop3, GByteArray *body, bool *out_is_last, GError **error)
{
	guint begin = body->len;

	for (;;) {
		if (pop3->at == pop3->end && !fill(pop3, error))
			return false;
		const char *from = pop3->input + pop3->at;
		size_t left = pop3->end - pop3->at;
		const char *lf = memchr(from, '\n', left);
		size_t size = lf == NULL ? left : (size_t)(lf - from) + 1;

		g_byte_array_append(body, (const guint8 *)from, (guint)size);
		pop3->at += size;
		if (lf != NULL)
			break;
	}
	const char *line = (const char *)body->data + begin;
	guint size = body->len - begin;
	*out_is_last = (size == 2 && memcmp(line, ".\n", 2) == 0) ||
	               (size == 3 && memcmp(line, ".\r\n", 3) == 0);
	if (*out_is_last)
		g_byte_array_set_size(body, begin);
	else if (*line == '.')
		g_byte_array_remove_index(body, begin);
	return true;
}

static bool
read_body(Pop3 *pop3, GByteArray *body, size_t max, GError **error)
{
	bool is_last = false;

	limit(pop3, max + max / 64); /* dots are stuffed */
	while (!is_last) {
		if (!read_body_line(pop3, body, &is_last, error))
			return false;
		if (body->len > max)
			return error_set(
				error, ERROR_UNAVAILABLE,
				"a mail longer than it was said to be");
	}
	return true;
}

GBytes *
pop3_retrieve(Pop3 *pop3, uint32_t number, unsigned lines, size_t max,
              GError **error)
{
	g_autofree char *command =
		lines == 0 ? g_strdup_printf("RETR %u", number)
			   : g_strdup_printf("TOP %u %u", number, lines);
	g_autoptr(GByteArray) body = g_byte_array_new();

	if (!run(pop3, command, error) || !read_body(pop3, body, max, error))
		return NULL;
	return g_byte_array_free_to_bytes(g_steal_pointer(&body));
}

bool
pop3_delete(Pop3 *pop3, uint32_t number, GError **error)
{
	g_autofree char *command = g_strdup_printf("DELE %u", number);

	return run(pop3, command, error);
}

bool
pop3_quit(Pop3 *pop3, GError **error)
{
	return run(pop3, "QUIT", error);
}
