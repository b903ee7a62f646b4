#include "intake/lmtp_session.h"

#include <string.h>

#include "intake/lmtp_command.h"
#include "intake/lmtp_data.h"

typedef enum State {
	STATE_NEW,      /* before LHLO */
	STATE_IDLE,     /* no envelope */
	STATE_ENVELOPE, /* behind MAIL */
	STATE_DATA,
	STATE_CHUNK, /* inside a BDAT chunk */
	STATE_WAITING,
	STATE_OVER,
} State;

/* Why a mail will be refused at its end; the first reason stands. */
typedef enum Refusal {
	REFUSAL_NONE,
	REFUSAL_SIZE,
	REFUSAL_BARE_LF,
	REFUSAL_ROOM,
	REFUSAL_RECIPIENTS, /* there are none: BDAT comes without asking */
} Refusal;

static const struct {
	const char *code;
	const char *text;
} refusals[] = {
	[REFUSAL_NONE] = { NULL, NULL },
	[REFUSAL_SIZE] = { "552 5.3.4", "too large" },
	[REFUSAL_BARE_LF] = { "554 5.6.0", "a line ends without CR" },
	[REFUSAL_ROOM] = { "452 4.3.1", "no room for it now" },
	[REFUSAL_RECIPIENTS] = { "503 5.5.1", "no recipients" },
};

struct LmtpSession {
	const LmtpPolicy *policy;
	State state;
	GString *line; /* the command line so far */
	bool is_line_long;
	LmtpMail mail;
	Refusal refusal;
	LmtpData data;
	size_t chunk_left; /* octets of the BDAT chunk still to come */
	bool is_last_chunk;
	bool has_chunks;
	GString *output;
	unsigned faults;
	unsigned steps;
	size_t step_octets;
};

/* ---- replies ---- */

static void say(LmtpSession *session, const char *format, ...)
	G_GNUC_PRINTF(2, 3);

static void
say(LmtpSession *session, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	g_string_append_vprintf(session->output, format, args);
	va_end(args);
	g_string_append(session->output, "\r\n");
}

/* A refused command; too many of them are no client but a guesser. */
static void
refuse(LmtpSession *session, const char *reply)
{
	session->faults++;
	if (session->faults >= LMTP_FAULTS_MAX)
		lmtp_session_end(session, "too many faults");
	else
		say(session, "%s", reply);
}

static void
clear_envelope(LmtpSession *session)
{
	LmtpMail *mail = &session->mail;

	g_clear_pointer(&mail->door, g_free);
	g_clear_pointer(&mail->door_key, g_free);
	g_clear_pointer(&mail->sender, g_free);
	g_ptr_array_set_size(mail->recipients, 0);
	g_clear_pointer(&mail->octets, spool_free);
	session->refusal = REFUSAL_NONE;
	session->data = (LmtpData){ 0 };
	session->has_chunks = false;
	if (session->state > STATE_IDLE && session->state != STATE_OVER)
		session->state = STATE_IDLE;
}

void
lmtp_session_answer(LmtpSession *session, const char *code, const char *text)
{
	const GPtrArray *recipients = session->mail.recipients;

	for (unsigned i = 0; i < recipients->len; i++)
		say(session, "%s <%s> %s", code,
		    (const char *)recipients->pdata[i], text);
	clear_envelope(session);
}

/* ---- the octets of a mail ---- */

static void
keep(void *keeper, const char *octets, size_t size)
{
	LmtpSession *session = keeper;
	Spool *spool = session->mail.octets;

	session->step_octets += size;
	session->steps += (unsigned)(session->step_octets / LMTP_STEP_OCTETS);
	session->step_octets %= LMTP_STEP_OCTETS;
	if (session->refusal != REFUSAL_NONE)
		return;
	if (spool_size(spool) + size > LMTP_OCTETS_MAX)
		session->refusal = REFUSAL_SIZE;
	else if (!spool_append(spool, octets, size, NULL))
		session->refusal = REFUSAL_ROOM;
}

/* All of the mail is there: it is refused, or waits for its verdict. */
static void
end_mail(LmtpSession *session)
{
	Refusal refusal = session->refusal;

	session->steps++;
	if (refusal == REFUSAL_NONE)
		session->state = STATE_WAITING;
	else if (session->mail.recipients->len > 0)
		lmtp_session_answer(session, refusals[refusal].code,
		                    refusals[refusal].text);
	else {
		clear_envelope(session);
		refuse(session, "503 5.5.1 No recipients");
	}
}

static size_t
read_data(LmtpSession *session, const char *octets, size_t size)
{
	size_t used =
		lmtp_data_read(&session->data, octets, size, keep, session);

	if (session->data.has_bare_lf && session->refusal == REFUSAL_NONE)
		session->refusal = REFUSAL_BARE_LF;
	if (session->data.state == LMTP_DATA_END)
		end_mail(session);
	return used;
}

static void
end_chunk(LmtpSession *session)
{
	if (session->is_last_chunk) {
		end_mail(session);
		return;
	}
	session->state = STATE_ENVELOPE;
	if (session->refusal == REFUSAL_NONE)
		say(session, "250 2.0.0 Chunk taken");
	else
		say(session, "%s %s", refusals[session->refusal].code,
		    refusals[session->refusal].text);
}

static size_t
read_chunk(LmtpSession *session, const char *octets, size_t size)
{
	size_t used = MIN(size, session->chunk_left);

	keep(session, octets, used);
	session->chunk_left -= used;
	if (session->chunk_left == 0)
		end_chunk(session);
	return used;
}

/* ---- commands ---- */

static void
on_lhlo(LmtpSession *session, const char *rest)
{
	if (*rest == '\0') {
		refuse(session, "501 5.5.4 Your name is missing");
		return;
	}
	clear_envelope(session);
	session->state = STATE_IDLE;
	say(session, "250-%s", session->policy->desk->domain);
	say(session, "250-PIPELINING");
	say(session, "250-SIZE %zu", LMTP_OCTETS_MAX);
	say(session, "250-8BITMIME");
	say(session, "250-SMTPUTF8");
	say(session, "250-CHUNKING");
	if (session->policy->is_private)
		say(session, "250-XPOSTIGO");
	say(session, "250 ENHANCEDSTATUSCODES");
}

/* The parameters of MAIL; each returns the reply that refuses it, or NULL. */
static const char *
on_size(LmtpSession *session, const char *value)
{
	guint64 size;

	(void)session;
	if (!g_ascii_string_to_unsigned(value, 10, 0, G_MAXINT64, &size, NULL))
		return "501 5.5.4 SIZE is a number";
	return size > LMTP_OCTETS_MAX ? "552 5.3.4 Too large" : NULL;
}

static const char *
on_body(LmtpSession *session, const char *value)
{
	(void)session;
	return g_ascii_strcasecmp(value, "7BIT") == 0 ||
	                       g_ascii_strcasecmp(value, "8BITMIME") == 0
	               ? NULL
	               : "501 5.5.4 BODY is 7BIT or 8BITMIME";
}

static const char *
on_utf8(LmtpSession *session, const char *value)
{
	(void)session;
	return *value == '\0' ? NULL : "501 5.5.4 SMTPUTF8 has no value";
}

static const char *
on_door(LmtpSession *session, const char *value)
{
	if (*value == '\0' || !g_str_is_ascii(value))
		return "501 5.5.4 XDOOR is a word";
	g_free(session->mail.door);
	session->mail.door = g_strdup(value);
	return NULL;
}

static const char *
on_key(LmtpSession *session, const char *value)
{
	g_autofree char *key = lmtp_xtext_read(value);

	if (key == NULL || !g_utf8_validate(key, -1, NULL))
		return "501 5.5.4 XKEY is xtext";
	g_free(session->mail.door_key);
	session->mail.door_key = g_steal_pointer(&key);
	return NULL;
}

static const char *
on_no_sender(LmtpSession *session, const char *value)
{
	(void)value;
	g_clear_pointer(&session->mail.sender, g_free);
	return NULL;
}

static const struct {
	const char *name;
	const char *(*take)(LmtpSession *session, const char *value);
	bool is_private;
} mail_params[] = {
	{ "SIZE", on_size, false },     { "BODY", on_body, false },
	{ "SMTPUTF8", on_utf8, false }, { "XDOOR", on_door, true },
	{ "XKEY", on_key, true },       { "XNOSENDER", on_no_sender, true },
};

static const char *
take_param(LmtpSession *session, const char *param)
{
	for (unsigned i = 0; i < G_N_ELEMENTS(mail_params); i++) {
		const char *value = lmtp_param(param, mail_params[i].name);

		if (value != NULL &&
		    (!mail_params[i].is_private || session->policy->is_private))
			return mail_params[i].take(session, value);
	}
	return "555 5.5.4 Unknown parameter";
}

static const char *
take_sender(LmtpSession *session, const char *rest)
{
	g_auto(LmtpPath) path = { NULL, NULL };
	const char *refusal = NULL;

	if (session->state == STATE_NEW)
		return "503 5.5.1 LHLO first";
	if (session->state != STATE_IDLE)
		return "503 5.5.1 One mail at a time";
	if (!lmtp_path_read(&path, "FROM:", rest))
		return "501 5.1.7 MAIL FROM:<address>";
	if (!session->policy->has_room(session->policy->desk))
		return "452 4.3.1 No room for mail now";
	session->mail.sender = g_steal_pointer(&path.address);
	for (char **param = path.params; *param != NULL && refusal == NULL;
	     param++)
		refusal = take_param(session, *param);
	return refusal;
}

static void
on_mail(LmtpSession *session, const char *rest)
{
	bool is_inside = session->state > STATE_IDLE;
	const char *refusal = take_sender(session, rest);

	if (refusal != NULL) {
		if (!is_inside)
			clear_envelope(session);
		refuse(session, refusal);
		return;
	}
	if (session->mail.door == NULL)
		session->mail.door = g_strdup("lmtp");
	session->mail.octets = spool_new(session->policy->directory);
	session->state = STATE_ENVELOPE;
	say(session, "250 2.1.0 OK");
}

/* A process of this desk is believed, and may not know (<>). */
static bool
takes_recipient(const LmtpSession *session, const char *address)
{
	return session->policy->is_private ||
	       desk_owns_address(session->policy->desk, address);
}

static const char *
take_recipient(LmtpSession *session, const char *rest)
{
	g_auto(LmtpPath) path = { NULL, NULL };
	GPtrArray *recipients = session->mail.recipients;

	if (session->state != STATE_ENVELOPE || session->has_chunks)
		return "503 5.5.1 MAIL first";
	if (!lmtp_path_read(&path, "TO:", rest))
		return "501 5.1.3 RCPT TO:<address>";
	if (*path.params != NULL)
		return "555 5.5.4 Unknown parameter";
	if (!takes_recipient(session, path.address))
		return "550 5.1.1 No such address here";
	if (recipients->len >= LMTP_RECIPIENTS_MAX)
		return "452 4.5.3 Too many recipients";
	g_ptr_array_add(recipients, g_steal_pointer(&path.address));
	return NULL;
}

static void
on_rcpt(LmtpSession *session, const char *rest)
{
	const char *refusal = take_recipient(session, rest);

	if (refusal == NULL)
		say(session, "250 2.1.5 OK");
	else
		refuse(session, refusal);
}

static void
on_data(LmtpSession *session, const char *rest)
{
	if (session->state != STATE_ENVELOPE || session->has_chunks)
		refuse(session, "503 5.5.1 MAIL first");
	else if (*rest != '\0')
		refuse(session, "501 5.5.4 DATA takes no words");
	else if (session->mail.recipients->len == 0)
		refuse(session, "503 5.5.1 No recipients");
	else {
		session->state = STATE_DATA;
		say(session, "354 Go ahead");
	}
}

/* "BDAT 1000 LAST" (RFC 3030 section 2).  The octets come without waiting for
 * a reply, so they are read even where there is no mail for them. */
static void
on_bdat(LmtpSession *session, const char *rest)
{
	g_auto(GStrv) words = g_strsplit(rest, " ", 3);
	guint64 size;

	if (words[0] == NULL ||
	    !g_ascii_string_to_unsigned(words[0], 10, 0, G_MAXINT64, &size,
	                                NULL) ||
	    (words[1] != NULL && g_ascii_strcasecmp(words[1], "LAST") != 0)) {
		/* where the next command begins nobody can say */
		lmtp_session_end(session, "BDAT without a number");
		return;
	}
	if (session->mail.recipients->len == 0)
		session->refusal = REFUSAL_RECIPIENTS;
	session->chunk_left = size;
	/* without an envelope no other chunk can follow */
	session->is_last_chunk =
		words[1] != NULL || session->mail.octets == NULL;
	session->has_chunks = true;
	session->state = STATE_CHUNK;
	if (size == 0)
		end_chunk(session);
}

static void
on_rset(LmtpSession *session, const char *rest)
{
	(void)rest;
	clear_envelope(session);
	say(session, "250 2.0.0 OK");
}

static void
on_noop(LmtpSession *session, const char *rest)
{
	(void)rest;
	say(session, "250 2.0.0 OK");
}

static void
on_vrfy(LmtpSession *session, const char *rest)
{
	(void)rest;
	say(session, "252 2.5.0 Send a mail and see");
}

static void
on_quit(LmtpSession *session, const char *rest)
{
	(void)rest;
	session->state = STATE_OVER;
	say(session, "221 2.0.0 Bye");
}

static void
on_helo(LmtpSession *session, const char *rest)
{
	(void)rest;
	refuse(session, "500 5.5.1 This is LMTP: LHLO");
}

static void
on_unknown(LmtpSession *session, const char *rest)
{
	(void)rest;
	refuse(session, "500 5.5.1 Unknown command");
}

typedef void (*OnVerb)(LmtpSession *session, const char *rest);

static const OnVerb on_verb[] = {
	[LMTP_LHLO] = on_lhlo,       [LMTP_MAIL] = on_mail,
	[LMTP_RCPT] = on_rcpt,       [LMTP_DATA] = on_data,
	[LMTP_BDAT] = on_bdat,       [LMTP_RSET] = on_rset,
	[LMTP_NOOP] = on_noop,       [LMTP_VRFY] = on_vrfy,
	[LMTP_QUIT] = on_quit,       [LMTP_HELO] = on_helo,
	[LMTP_UNKNOWN] = on_unknown,
};

/* A whole line without its LF. */
static void
read_command(LmtpSession *session)
{
	GString *line = session->line;
	bool has_cr = line->len > 0 && line->str[line->len - 1] == '\r';
	const char *rest;

	session->steps++;
	if (session->is_line_long) {
		refuse(session, "500 5.5.6 Line too long");
	} else if (!has_cr || strlen(line->str) != line->len) {
		refuse(session, "500 5.5.2 A line ends with CR LF");
	} else {
		g_string_truncate(line, line->len - 1);
		LmtpVerb verb = lmtp_verb(line->str, &rest);
		on_verb[verb](session, rest);
	}
	g_string_truncate(line, 0);
	session->is_line_long = false;
}

static size_t
read_line(LmtpSession *session, const char *octets, size_t size)
{
	const char *lf = memchr(octets, '\n', size);
	size_t length = lf == NULL ? size : (size_t)(lf - octets);

	if (session->line->len + length > LMTP_LINE_MAX)
		session->is_line_long = true;
	else
		g_string_append_len(session->line, octets, (gssize)length);
	if (lf == NULL)
		return length;
	read_command(session);
	return length + 1;
}

/* ---- life ---- */

LmtpSession *
lmtp_session_new(const LmtpPolicy *policy)
{
	LmtpSession *session = g_new0(LmtpSession, 1);

	session->policy = policy;
	session->line = g_string_new(NULL);
	session->output = g_string_new(NULL);
	session->mail.recipients = g_ptr_array_new_with_free_func(g_free);
	say(session, "220 %s LMTP Postigo", policy->desk->domain);
	return session;
}

void
lmtp_session_free(LmtpSession *session)
{
	if (session == NULL)
		return;
	clear_envelope(session);
	g_ptr_array_unref(session->mail.recipients);
	g_string_free(session->line, TRUE);
	g_string_free(session->output, TRUE);
	g_free(session);
}

static bool
can_read(const LmtpSession *session)
{
	return session->state != STATE_WAITING &&
	       session->state != STATE_OVER &&
	       session->output->len < LMTP_OUTPUT_MAX;
}

size_t
lmtp_session_input(LmtpSession *session, const char *octets, size_t size)
{
	size_t at = 0;

	while (at < size && can_read(session)) {
		const char *from = octets + at;

		if (session->state == STATE_DATA)
			at += read_data(session, from, size - at);
		else if (session->state == STATE_CHUNK)
			at += read_chunk(session, from, size - at);
		else
			at += read_line(session, from, size - at);
	}
	return at;
}

const LmtpMail *
lmtp_session_mail(const LmtpSession *session)
{
	return session->state == STATE_WAITING ? &session->mail : NULL;
}

const char *
lmtp_session_output(const LmtpSession *session, size_t *out_size)
{
	*out_size = session->output->len;
	return session->output->str;
}

void
lmtp_session_wrote(LmtpSession *session, size_t size)
{
	g_string_erase(session->output, 0, (gssize)size);
}

unsigned
lmtp_session_steps(const LmtpSession *session)
{
	return session->steps;
}

bool
lmtp_session_is_busy(const LmtpSession *session)
{
	return session->state > STATE_IDLE && session->state != STATE_OVER;
}

void
lmtp_session_end(LmtpSession *session, const char *why)
{
	if (session->state == STATE_OVER)
		return;
	say(session, "421 4.3.2 %s", why);
	session->state = STATE_OVER;
}

bool
lmtp_session_is_over(const LmtpSession *session)
{
	return session->state == STATE_OVER;
}
