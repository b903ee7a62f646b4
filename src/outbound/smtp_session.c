#include "outbound/smtp_session.h"

#include <string.h>

#include "base/fault.h"

#include "outbound/smtp_body.h"

/* Which reply comes next.
 *
 *   MAIL -> RCPT -> DATA -> BODY -> FINAL -> NOTHING
 *     \_______\_______\__-> RSET ----------->/
 *
 * With pipelining (RFC 2920) the three commands are written at once and a
 * refusal is acted on when all three replies are there. */
typedef enum Wait {
	WAIT_MAIL,
	WAIT_RCPT,
	WAIT_DATA,
	WAIT_BODY, /* it is being written: a reply now is an early refusal */
	WAIT_FINAL,
	WAIT_RSET,
	WAIT_NOTHING,
} Wait;

/* The first digit of the reply that lets the dialogue go on. */
static const int good_classes[] = {
	[WAIT_MAIL] = 2,  [WAIT_RCPT] = 2,  [WAIT_DATA] = 3,
	[WAIT_BODY] = -1, [WAIT_FINAL] = 2, [WAIT_RSET] = 2,
};

static const char *const phase_names[SMTP_PHASES] = {
	[SMTP_PHASE_CHECK] = "check", [SMTP_PHASE_CONNECT] = "connect",
	[SMTP_PHASE_AUTH] = "auth",   [SMTP_PHASE_MAIL] = "mail",
	[SMTP_PHASE_RCPT] = "rcpt",   [SMTP_PHASE_DATA] = "data",
	[SMTP_PHASE_BODY] = "body",   [SMTP_PHASE_FINAL] = "final",
};

struct SmtpSession {
	SmtpReplyReader *reader;
	GBytes *octets;
	SmtpBody body;
	GString *commands[3]; /* MAIL, RCPT, DATA */
	GString *out;
	size_t out_at; /* so much of it has been written */
	bool pipelining;
	Wait wait;
	bool has_result;
	SmtpResult result;
};

const char *
smtp_phase_name(SmtpPhase phase)
{
	return phase_names[phase];
}

void
smtp_result_clear(SmtpResult *result)
{
	g_free(result->reply);
	g_free(result->fault);
	memset(result, 0, sizeof *result);
}

/* ---- what the server can --------------------------------------------------
 */

static const struct {
	const char *word;
	size_t offset;
} extensions[] = {
	{ "PIPELINING", offsetof(SmtpPeer, pipelining) },
	{ "8BITMIME", offsetof(SmtpPeer, eight_bit) },
	{ "SMTPUTF8", offsetof(SmtpPeer, utf8) },
	{ "DSN", offsetof(SmtpPeer, dsn) },
	{ "SIZE", offsetof(SmtpPeer, size) },
};

void
smtp_peer_learn(SmtpPeer *peer, const char *line)
{
	if (strncmp(line, "250", 3) != 0 || line[3] == '\0')
		return;
	g_auto(GStrv) words = g_strsplit_set(line + 4, " \t\r\n", 3);

	if (words[0] == NULL) /* "250-" and nothing */
		return;
	for (unsigned i = 0; i < G_N_ELEMENTS(extensions); i++)
		if (g_ascii_strcasecmp(words[0], extensions[i].word) == 0)
			G_STRUCT_MEMBER(bool, peer, extensions[i].offset) =
				true;
	if (g_ascii_strcasecmp(words[0], "SIZE") == 0 && words[1] != NULL)
		peer->size_max = g_ascii_strtoull(words[1], NULL, 10);
}

/* ---- what may be sent -----------------------------------------------------
 */

/* No character that ends a path or a line, here or in a server that reads
 * less strictly than RFC 5321 section 4.1.2. */
static bool
address_is_safe(const char *address)
{
	if (strlen(address) > SMTP_ADDRESS_MAX ||
	    !g_utf8_validate(address, -1, NULL))
		return false;
	for (const char *at = address; *at != '\0'; at = g_utf8_next_char(at)) {
		gunichar c = g_utf8_get_char(at);

		if (c == '<' || c == '>' || g_unichar_iscntrl(c) ||
		    g_unichar_isspace(c) || !g_unichar_isdefined(c))
			return false;
	}
	return true;
}

static bool
is_ascii(const char *text)
{
	return g_str_is_ascii(text);
}

/* Why the mail cannot go to this peer, with the status that a server would
 * have given; NULL: it can. */
static const char *
refusal(const SmtpPeer *peer, const SmtpMail *mail)
{
	bool is_eight_bit;
	uint64_t size = smtp_body_count(mail->body, &is_eight_bit);
	bool is_plain = is_ascii(mail->sender) && is_ascii(mail->recipient);

	if (!address_is_safe(mail->sender))
		return "5.1.7 the sender's address cannot be sent: it is too long or holds a control, a blank, < or >";
	if (*mail->recipient == '\0' || !address_is_safe(mail->recipient))
		return "5.1.3 the address cannot be sent to: it is empty, too long, or holds a control, a blank, < or >";
	if (!is_plain && !peer->utf8)
		return "5.6.7 the mail server does not take addresses beyond ASCII (SMTPUTF8)";
	if (is_eight_bit && !peer->eight_bit)
		return "5.6.3 the mail server does not take 8-bit mail (8BITMIME)";
	if (peer->size_max > 0 && size > peer->size_max)
		return "5.3.4 the mail is larger than the mail server takes";
	return NULL;
}

/* ---- commands ---------------------------------------------------------------
 */

/* RFC 3461 section 4. */
static char *
xtext(const char *text)
{
	g_autoptr(GString) out = g_string_new(NULL);

	for (; *text != '\0'; text++)
		if (g_ascii_isgraph(*text) && *text != '+' && *text != '=')
			g_string_append_c(out, *text);
		else
			g_string_append_printf(out, "+%02X",
			                       (unsigned char)*text);
	return g_string_free(g_steal_pointer(&out), FALSE);
}

static GString *
mail_command(const SmtpPeer *peer, const SmtpMail *mail)
{
	GString *line = g_string_new("MAIL FROM:<");
	bool is_eight_bit;
	uint64_t size = smtp_body_count(mail->body, &is_eight_bit);
	g_autofree char *id =
		xtext(mail->envelope_id == NULL ? "" : mail->envelope_id);

	g_string_append_printf(line, "%s>", mail->sender);
	if (peer->size)
		g_string_append_printf(line, " SIZE=%" G_GUINT64_FORMAT, size);
	if (is_eight_bit)
		g_string_append(line, " BODY=8BITMIME");
	if (!is_ascii(mail->sender) || !is_ascii(mail->recipient))
		g_string_append(line, " SMTPUTF8");
	if (peer->dsn && *mail->sender != '\0')
		g_string_append(line, " RET=HDRS");
	if (peer->dsn && *mail->sender != '\0' && *id != '\0' &&
	    strlen(id) <= SMTP_ENVELOPE_ID_MAX)
		g_string_append_printf(line, " ENVID=%s", id);
	return g_string_append(line, "\r\n");
}

/* A mail from <> asks for no report: there is nobody to send it to. */
static GString *
rcpt_command(const SmtpPeer *peer, const SmtpMail *mail)
{
	GString *line = g_string_new("RCPT TO:<");
	g_autofree char *original = xtext(mail->recipient);

	g_string_append_printf(line, "%s>", mail->recipient);
	if (peer->dsn && *mail->sender != '\0')
		g_string_append(line, " NOTIFY=FAILURE,DELAY");
	if (peer->dsn && *mail->sender != '\0' && is_ascii(mail->recipient))
		g_string_append_printf(line, " ORCPT=rfc822;%s", original);
	return g_string_append(line, "\r\n");
}

static void
put_command(SmtpSession *session, Wait wait)
{
	static const char *const points[] = { "send.mail", "send.rcpt",
		                              "send.data" };

	(void)points; /* in a build without fault points */
	FAULT_POINT(points[wait]);
	g_string_append_len(session->out, session->commands[wait]->str,
	                    (gssize)session->commands[wait]->len);
}

/* ---- results ----------------------------------------------------------------
 */

static void
finish(SmtpSession *session, bool is_reusable)
{
	session->wait = WAIT_NOTHING;
	session->result.is_reusable = is_reusable;
	g_string_truncate(session->out, 0);
	session->out_at = 0;
}

/* The first reply or fault that decides is kept. */
static void
conclude(SmtpSession *session, SmtpReply *reply)
{
	if (session->has_result)
		return;
	session->result.phase = smtp_session_phase(session);
	session->result.code = reply->code;
	memcpy(session->result.enhanced, reply->enhanced, SMTP_ENHANCED_MAX);
	session->result.reply = g_steal_pointer(&reply->text);
	session->has_result = true;
}

static void
conclude_fault(SmtpSession *session, SmtpPhase phase, const char *why)
{
	if (session->has_result)
		return;
	session->result.phase = phase;
	session->result.fault = g_strdup(why);
	session->has_result = true;
}

/* ---- the dialogue ---- */

static void
reset(SmtpSession *session)
{
	g_string_append(session->out, "RSET\r\n");
	session->wait = WAIT_RSET;
}

/* MAIL or RCPT was answered. */
static void
after_command(SmtpSession *session, bool is_good)
{
	if (!is_good && !session->pipelining) {
		reset(session);
		return;
	}
	session->wait++;
	if (!session->pipelining)
		put_command(session, session->wait);
}

/* With pipelining a server may say 354 although it refused the recipient: it
 * gets the dot alone (RFC 2920 section 3.1). */
static void
after_data(SmtpSession *session, bool is_good)
{
	if (!is_good) {
		reset(session);
		return;
	}
	if (session->has_result) {
		g_string_append(session->out, ".\r\n");
		session->wait = WAIT_FINAL;
		return;
	}
	smtp_body_init(&session->body, session->octets);
	session->wait = WAIT_BODY;
}

static void
advance(SmtpSession *session, SmtpReply *reply, bool is_good)
{
	switch (session->wait) {
	case WAIT_MAIL:
	case WAIT_RCPT:
		after_command(session, is_good);
		return;
	case WAIT_DATA:
		after_data(session, is_good);
		return;
	case WAIT_FINAL:
		conclude(session, reply);
		finish(session, true);
		return;
	case WAIT_RSET:
		finish(session, is_good);
		return;
	case WAIT_BODY:
	case WAIT_NOTHING:
		finish(session, false);
		return;
	}
	g_assert_not_reached();
}

static void
take_reply(SmtpSession *session, SmtpReply *reply)
{
	int class = reply->code / 100;
	bool is_good = class == good_classes[session->wait];
	bool is_refusal = class == 4 || class == 5;

	if (!is_good && !is_refusal) {
		smtp_session_break(session, "the server's reply does not fit");
		return;
	}
	if (is_refusal)
		conclude(session, reply);
	if (reply->code == 421) /* it is closing: RFC 5321 section 3.8 */
		finish(session, false);
	else
		advance(session, reply, is_good);
}

void
smtp_session_input(SmtpSession *session, const char *data, size_t size)
{
	while (size > 0 && session->wait != WAIT_NOTHING) {
		SmtpReply reply = { 0 };
		size_t used;
		SmtpReplyState state = smtp_reply_read(session->reader, data,
		                                       size, &used, &reply);

		data += used;
		size -= used;
		if (state == SMTP_REPLY_DONE)
			take_reply(session, &reply);
		else if (state == SMTP_REPLY_BROKEN)
			smtp_session_break(
				session,
				"what the server sent is no SMTP reply");
		smtp_reply_clear(&reply);
	}
	if (size > 0) /* a reply nobody asked for would be taken for the next */
		session->result.is_reusable = false;
}

size_t
smtp_session_output(SmtpSession *session, const char **out_data)
{
	if (session->out_at == session->out->len) {
		g_string_truncate(session->out, 0);
		session->out_at = 0;
		if (session->wait == WAIT_BODY)
			smtp_body_step(&session->body, session->out,
			               SMTP_BODY_STEP);
	}
	*out_data = session->out->str + session->out_at;
	return session->out->len - session->out_at;
}

void
smtp_session_wrote(SmtpSession *session, size_t count)
{
	g_assert(count <= session->out->len - session->out_at);
	session->out_at += count;
	if (smtp_session_ends_body(session) &&
	    session->out_at == session->out->len)
		session->wait = WAIT_FINAL;
}

bool
smtp_session_ends_body(const SmtpSession *session)
{
	return session->wait == WAIT_BODY && session->body.is_done;
}

void
smtp_session_break(SmtpSession *session, const char *why)
{
	if (session->wait == WAIT_NOTHING)
		return;
	conclude_fault(session, smtp_session_phase(session), why);
	finish(session, false);
}

bool
smtp_session_is_done(const SmtpSession *session)
{
	return session->wait == WAIT_NOTHING;
}

SmtpPhase
smtp_session_phase(const SmtpSession *session)
{
	switch (session->wait) {
	case WAIT_MAIL:
		return SMTP_PHASE_MAIL;
	case WAIT_RCPT:
		return SMTP_PHASE_RCPT;
	case WAIT_DATA:
		return SMTP_PHASE_DATA;
	case WAIT_BODY:
		/* once the last octet is offered to the link, who knows */
		return session->body.is_done ? SMTP_PHASE_FINAL
		                             : SMTP_PHASE_BODY;
	case WAIT_FINAL:
		return SMTP_PHASE_FINAL;
	case WAIT_RSET:
	case WAIT_NOTHING:
		return session->result.phase;
	}
	g_assert_not_reached();
}

void
smtp_session_result(SmtpSession *session, SmtpResult *out_result)
{
	g_assert(session->wait == WAIT_NOTHING && session->has_result);
	*out_result = session->result;
	session->result.reply = NULL;
	session->result.fault = NULL;
}

/* ---- life ---- */

SmtpSession *
smtp_session_new(const SmtpPeer *peer, const SmtpMail *mail)
{
	SmtpSession *session = g_new0(SmtpSession, 1);
	const char *why = refusal(peer, mail);

	session->reader = smtp_reply_reader_new();
	session->octets = g_bytes_ref(mail->body);
	session->out = g_string_new(NULL);
	session->pipelining = peer->pipelining;
	if (why != NULL) {
		conclude_fault(session, SMTP_PHASE_CHECK, why);
		finish(session, true);
		return session;
	}
	session->commands[WAIT_MAIL] = mail_command(peer, mail);
	session->commands[WAIT_RCPT] = rcpt_command(peer, mail);
	session->commands[WAIT_DATA] = g_string_new("DATA\r\n");
	put_command(session, WAIT_MAIL);
	for (Wait wait = WAIT_RCPT; peer->pipelining && wait <= WAIT_DATA;
	     wait++)
		put_command(session, wait);
	return session;
}

void
smtp_session_free(SmtpSession *session)
{
	if (session == NULL)
		return;
	for (unsigned i = 0; i < G_N_ELEMENTS(session->commands); i++)
		if (session->commands[i] != NULL)
			g_string_free(session->commands[i], TRUE);
	smtp_reply_reader_free(session->reader);
	g_bytes_unref(session->octets);
	g_string_free(session->out, TRUE);
	smtp_result_clear(&session->result);
	g_free(session);
}
