#include "intake/imap.h"

#include <string.h>

#include "base/error.h"

#include "intake/imap_private.h"

static const ImapTimes default_times = { IMAP_IDLE_MS, IMAP_TOTAL_MS };

Imap *
imap_new(Wire *wire, const ImapTimes *times)
{
	Imap *imap = g_new0(Imap, 1);

	imap->wire = wire;
	imap->times = times == NULL ? default_times : *times;
	imap->reader = imap_reader_new();
	imap_allow(imap, 0, 0);
	return imap;
}

void
imap_free(Imap *imap)
{
	if (imap == NULL)
		return;
	imap_reader_free(imap->reader);
	wire_free(imap->wire);
	g_free(imap->goodbye);
	g_free(imap);
}

const ImapFolder *
imap_folder(const Imap *imap)
{
	return &imap->folder;
}

/* ---- what comes in ---- */

void
imap_allow(Imap *imap, size_t literal, size_t all)
{
	imap_reader_allow(imap->reader, literal + LITERAL_SPARE);
	imap->budget = all + ANSWER_OCTETS_MAX;
}

/* When a command begins, its time and its octets begin. */
static void
begin_limits(Imap *imap)
{
	size_t slow_ms = (imap->budget - ANSWER_OCTETS_MAX) / OCTETS_PER_MS_MIN;

	wire_limit(imap->wire, imap->times.idle_ms,
	           imap->times.total_ms + (int)MIN(slow_ms, G_MAXINT / 2),
	           imap->budget);
}

static const struct {
	const char *word;
	ImapCapability capability;
} capabilities[] = {
	{ "STARTTLS", CAN_STARTTLS },
	{ "LOGINDISABLED", CANNOT_LOGIN },
	{ "AUTH=PLAIN", CAN_PLAIN },
	{ "AUTH=LOGIN", CAN_LOGIN },
	{ "AUTH=XOAUTH2", CAN_XOAUTH2 },
	{ "SASL-IR", CAN_SASL_IR },
	{ "IDLE", CAN_IDLE },
	{ "MOVE", CAN_MOVE },
	{ "UIDPLUS", CAN_UIDPLUS },
};

static void
learn_capabilities(Imap *imap, const ImapReply *reply)
{
	imap->capabilities = 0;
	for (unsigned i = 0; i < reply->tokens->len; i++)
		for (unsigned j = 0; j < G_N_ELEMENTS(capabilities); j++)
			if (imap_token_is(reply, i, capabilities[j].word))
				imap->capabilities |=
					(unsigned)capabilities[j].capability;
}

static void
learn_flag(ImapEntry *entry, const char *flag)
{
	if (flag == NULL)
		return;
	entry->is_seen |= g_ascii_strcasecmp(flag, "\\Seen") == 0;
	entry->is_deleted |= g_ascii_strcasecmp(flag, "\\Deleted") == 0;
}

/* One attribute of a FETCH and its value, at token i. */
static void
learn_attribute(const ImapReply *reply, unsigned i, ImapEntry *entry)
{
	unsigned value = i + 1;
	const char *name = imap_token_text(reply, i);

	if (name == NULL)
		return;
	if (g_ascii_strcasecmp(name, "UID") == 0)
		imap_token_number(reply, value, &entry->uid);
	else if (g_ascii_strcasecmp(name, "RFC822.SIZE") == 0)
		imap_token_number(reply, value, &entry->size);
	else if (g_ascii_strcasecmp(name, "FLAGS") == 0)
		for (; value < imap_token_after(reply, i + 1); value++)
			learn_flag(entry, imap_token_text(reply, value));
	else if (g_ascii_strncasecmp(name, "BODY[]", 6) == 0 &&
	         entry->body == NULL)
		entry->body = imap_token_take(reply, value);
}

/* msg-att of RFC 3501 section 9: tokens number FETCH ( name value ... ) */
static void
learn_fetch(Imap *imap, const ImapReply *reply)
{
	ImapEntry entry = { 0 };

	if (imap->on_entry == NULL || reply->is_malformed)
		return;
	for (unsigned i = 3; i < reply->tokens->len;
	     i = imap_token_after(reply, i + 1))
		learn_attribute(reply, i, &entry);
	if (entry.uid != 0)
		imap->on_entry(imap->entries, &entry);
	imap_entry_clear(&entry);
}

/* resp-text-code of RFC 3501 section 7.1: "[NAME number] text" */
static void
learn_code(Imap *imap, const char *words)
{
	static const struct {
		const char *name;
		size_t offset;
	} codes[] = {
		{ "[UIDVALIDITY ", offsetof(ImapFolder, epoch) },
		{ "[UIDNEXT ", offsetof(ImapFolder, uid_next) },
	};

	for (unsigned i = 0; i < G_N_ELEMENTS(codes); i++) {
		size_t length = strlen(codes[i].name);

		if (g_ascii_strncasecmp(words, codes[i].name, length) != 0)
			continue;
		guint64 number = g_ascii_strtoull(words + length, NULL, 10);
		*(uint32_t *)(void *)((char *)&imap->folder + codes[i].offset) =
			number > G_MAXUINT32 ? 0 : (uint32_t)number;
	}
	if (g_ascii_strncasecmp(words, "[READ-ONLY]", 11) == 0)
		imap->folder.is_read_only = true;
}

static void
learn_untagged(Imap *imap, const ImapReply *reply)
{
	if (reply->status == IMAP_BYE) {
		g_free(imap->goodbye);
		imap->goodbye = mail_server_words(imap_reply_words(reply));
	} else if (reply->status != IMAP_NONE) {
		learn_code(imap, imap_reply_words(reply));
	} else if (imap_token_is(reply, 0, "CAPABILITY")) {
		learn_capabilities(imap, reply);
	} else if (imap_token_is(reply, 1, "EXISTS")) {
		imap->has_news = true;
		imap_token_number(reply, 0, &imap->folder.exists);
	} else if (imap_token_is(reply, 1, "FETCH")) {
		learn_fetch(imap, reply);
	}
}

/* The next reply; an untagged one was learned from. */
const ImapReply *
imap_next(Imap *imap, GError **error)
{
	bool is_whole = false;

	while (!is_whole) {
		size_t taken;

		if (imap->at == imap->end) {
			imap->at = 0;
			imap->end = 0;
			if (!wire_read(imap->wire, imap->input,
			               sizeof imap->input, &imap->end, error))
				return NULL;
		}
		if (!imap_reader_feed(imap->reader, imap->input + imap->at,
		                      imap->end - imap->at, &taken, &is_whole,
		                      error))
			return NULL;
		imap->at += taken;
	}
	const ImapReply *reply = imap_reader_reply(imap->reader);
	if (reply->kind == IMAP_UNTAGGED)
		learn_untagged(imap, reply);
	return reply;
}

/* ---- commands ---- */

bool
imap_send(Imap *imap, const char *command, GError **error)
{
	g_snprintf(imap->tag, sizeof imap->tag, "P%u", ++imap->last_tag);
	g_autofree char *line =
		g_strdup_printf("%s %s\r\n", imap->tag, command);

	begin_limits(imap);
	return wire_write(imap->wire, line, strlen(line), error);
}

static bool
send_answer(Imap *imap, const char *const **answers, GError **error)
{
	/* RFC 3501 section 6.2.2: "*" cancels what asks for too much */
	const char *answer =
		*answers == NULL || **answers == NULL ? "*" : *(*answers)++;
	g_autofree char *line = g_strconcat(answer, "\r\n", NULL);

	return wire_write(imap->wire, line, strlen(line), error);
}

static bool
fail_goodbye(const Imap *imap, GError **error)
{
	return error_set(error, ERROR_UNAVAILABLE,
	                 "the server says goodbye: %s", imap->goodbye);
}

/* Reads up to the end of the command sent last; answers (NULL-terminated) are
 * what it is given at each "+". */
bool
imap_finish(Imap *imap, const char *const *answers, GError **error)
{
	for (;;) {
		const ImapReply *reply = imap_next(imap, error);

		if (reply == NULL) {
			if (imap->goodbye == NULL)
				return false;
			g_clear_error(error);
			return fail_goodbye(imap, error);
		}
		if (reply->kind == IMAP_GO_ON &&
		    !send_answer(imap, &answers, error))
			return false;
		if (reply->kind != IMAP_TAGGED)
			continue;
		if (strcmp(imap_reply_tag(reply), imap->tag) != 0)
			return error_set(error, ERROR_UNAVAILABLE,
			                 "the server answers what was not "
			                 "asked");
		if (reply->status == IMAP_OK)
			return true;
		g_autofree char *words =
			mail_server_words(imap_reply_words(reply));
		return error_set(error, ERROR_REFUSED, "%s", words);
	}
}

bool
imap_run(Imap *imap, const char *command, GError **error)
{
	return imap_send(imap, command, error) &&
	       imap_finish(imap, NULL, error);
}

/* ---- greeting and login ---- */

static bool
ask_capabilities(Imap *imap, GError **error)
{
	imap->capabilities = 0;
	return imap_run(imap, "CAPABILITY", error);
}

static bool
start_tls(Imap *imap, GError **error)
{
	if ((imap->capabilities & CAN_STARTTLS) == 0)
		return error_set(error, ERROR_UNAVAILABLE,
		                 "the server does not offer STARTTLS");
	if (!imap_run(imap, "STARTTLS", error)) {
		g_prefix_error(error, "STARTTLS: ");
		return false;
	}
	if (imap->at != imap->end)
		return error_set(error, ERROR_UNAVAILABLE,
		                 "replies in clear behind STARTTLS");
	return wire_secure(imap->wire, error) && ask_capabilities(imap, error);
}

bool
imap_greet(Imap *imap, bool may_stay_clear, GError **error)
{
	begin_limits(imap);
	const ImapReply *reply = imap_next(imap, error);
	bool is_clear = !wire_is_secure(imap->wire);

	if (reply == NULL)
		return false;
	if (reply->kind != IMAP_UNTAGGED || imap->goodbye != NULL ||
	    (reply->status != IMAP_OK && reply->status != IMAP_PREAUTH))
		return error_set(error, ERROR_UNAVAILABLE,
		                 "no greeting of an IMAP server: %s",
		                 imap->goodbye == NULL ? "?" : imap->goodbye);
	imap->is_logged_in = reply->status == IMAP_PREAUTH;
	if (is_clear && !may_stay_clear && imap->is_logged_in)
		return error_set(error, ERROR_UNAVAILABLE,
		                 "the server wants no TLS (PREAUTH in clear)");
	if (!ask_capabilities(imap, error))
		return false;
	return !is_clear || may_stay_clear || start_tls(imap, error);
}

static bool
authenticate(Imap *imap, const char *mechanism, const char *answer,
             GError **error)
{
	bool is_at_once = (imap->capabilities & CAN_SASL_IR) != 0;
	/* a refused token is explained, and the empty answer ends that */
	const char *const answers[] = { is_at_once ? "" : answer,
		                        is_at_once ? NULL : "", NULL };
	g_autofree char *command =
		g_strconcat("AUTHENTICATE ", mechanism, is_at_once ? " " : "",
	                    is_at_once ? answer : "", NULL);

	return imap_send(imap, command, error) &&
	       imap_finish(imap, answers, error);
}

static bool
login_plain(Imap *imap, const MailLogin *login, GError **error)
{
	g_autofree char *answer = mail_login_plain(login);

	return authenticate(imap, "PLAIN", answer, error);
}

static bool
login_xoauth2(Imap *imap, const MailLogin *login, GError **error)
{
	g_autofree char *answer = mail_login_xoauth2(login);

	return authenticate(imap, "XOAUTH2", answer, error);
}

/* Two questions, for the name and the password. */
static bool
login_login(Imap *imap, const MailLogin *login, GError **error)
{
	g_autofree char *user = g_base64_encode((const guchar *)login->user,
	                                        strlen(login->user));
	g_autofree char *secret = g_base64_encode((const guchar *)login->secret,
	                                          strlen(login->secret));
	const char *const answers[] = { user, secret, NULL };

	return imap_send(imap, "AUTHENTICATE LOGIN", error) &&
	       imap_finish(imap, answers, error);
}

static bool
login_command(Imap *imap, const MailLogin *login, GError **error)
{
	if ((imap->capabilities & CANNOT_LOGIN) != 0)
		return error_set(error, ERROR_REFUSED,
		                 "the server offers no way to log in");
	if (!imap_can_quote(login->user) || !imap_can_quote(login->secret))
		return error_set(error, ERROR_REFUSED,
		                 "a name or password beyond ASCII needs a "
		                 "server with AUTH=PLAIN");
	g_autofree char *user = imap_quote(login->user);
	g_autofree char *secret = imap_quote(login->secret);
	g_autofree char *command =
		g_strconcat("LOGIN ", user, " ", secret, NULL);
	return imap_run(imap, command, error);
}

/* The first that is wanted and offered. */
static const struct {
	const char *auth; /* of the configuration */
	unsigned offer;   /* 0: always */
	bool is_default;
	bool (*log_in)(Imap *imap, const MailLogin *login, GError **error);
} ways[] = {
	{ "plain", CAN_PLAIN, true, login_plain },
	{ "login", CAN_LOGIN, false, login_login },
	{ "xoauth2", CAN_XOAUTH2, false, login_xoauth2 },
	{ "login", 0, true, login_command },
};

static bool
log_in(Imap *imap, const MailLogin *login, GError **error)
{
	for (unsigned i = 0; i < G_N_ELEMENTS(ways); i++) {
		bool is_wanted =
			login->auth == NULL
				? ways[i].is_default
				: strcmp(login->auth, ways[i].auth) == 0;
		if (is_wanted &&
		    (imap->capabilities & ways[i].offer) == ways[i].offer)
			return ways[i].log_in(imap, login, error);
	}
	return error_set(error, ERROR_REFUSED,
	                 "the server does not offer \"%s\"", login->auth);
}

bool
imap_login(Imap *imap, const MailLogin *login, GError **error)
{
	if (imap->is_logged_in)
		return true;
	if (!log_in(imap, login, error)) {
		g_prefix_error(error, "login as %s: ", login->user);
		return false;
	}
	imap->is_logged_in = true;
	/* what was offered before the login does not count any more */
	return ask_capabilities(imap, error);
}

void
imap_logout(Imap *imap)
{
	wire_limit(imap->wire, LOGOUT_MS, LOGOUT_MS, ANSWER_OCTETS_MAX);
	if (imap_send(imap, "LOGOUT", NULL)) {
		wire_limit(imap->wire, LOGOUT_MS, LOGOUT_MS, ANSWER_OCTETS_MAX);
		imap_finish(imap, NULL, NULL);
	}
}
