/* A mail server's words, and an envelope, as strangers would have them.
 *
 * Input: a line of EHLO words, a line with the sender, a line with the
 * recipient, a line with the body, then what the server says.  Whatever they
 * are, the session ends or waits, holds little, writes no line that was not
 * meant, and its result has a reaction. */
#include <stdint.h>
#include <string.h>

#include <glib.h>

#include "outbound/reaction.h"
#include "outbound/smtp_session.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define STEP 7

/* MAIL, RCPT, DATA, the body and its dot, RSET: never more. */
static void
check_commands(const GString *wire)
{
	unsigned commands = 0;
	g_auto(GStrv) lines = g_strsplit(wire->str, "\r\n", -1);

	for (unsigned i = 0; lines[i] != NULL && strcmp(lines[i], "DATA") != 0;
	     i++)
		commands += *lines[i] != '\0';
	g_assert(commands <= 3);
}

static void
flush(SmtpSession *session, GString *wire)
{
	const char *out;
	size_t count;

	while ((count = smtp_session_output(session, &out)) > 0) {
		count = MIN(count, STEP);
		g_string_append_len(wire, out, (gssize)count);
		smtp_session_wrote(session, count);
	}
}

static SmtpResult
converse(const SmtpPeer *peer, const SmtpMail *mail, const char *said,
         size_t step)
{
	g_autoptr(SmtpSession) session = smtp_session_new(peer, mail);
	g_autoptr(GString) wire = g_string_new(NULL);
	size_t size = strlen(said);
	SmtpResult result;

	for (size_t at = 0; at < size && !smtp_session_is_done(session);
	     at += step) {
		flush(session, wire);
		smtp_session_input(session, said + at, MIN(step, size - at));
	}
	flush(session, wire);
	smtp_session_break(session, "closed");
	check_commands(wire);
	smtp_session_result(session, &result);
	return result;
}

/* Octet by octet the link is flushed between two replies, so the phases may
 * differ; what may not differ is the kind of end of a mail that was taken. */
static void
run(char **parts)
{
	g_auto(GStrv) words = g_strsplit(parts[0], " ", 16);
	g_autoptr(GBytes) body = g_bytes_new(parts[3], strlen(parts[3]));
	SmtpMail mail = { parts[1], parts[2], "id", body };
	SmtpPeer peer = { 0 };

	for (unsigned i = 0; words[i] != NULL; i++) {
		g_autofree char *line = g_strconcat("250-", words[i], NULL);
		smtp_peer_learn(&peer, line);
	}
	for (size_t step = 1; step < 100; step += 98) {
		SmtpResult result = converse(&peer, &mail, parts[4], step);

		g_assert(result.reply == NULL ||
		         g_utf8_validate(result.reply, -1, NULL));
		reaction_to(&result);
		smtp_result_clear(&result);
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	g_autofree char *text = g_strndup((const char *)data, size);
	g_auto(GStrv) parts = g_strsplit(text, "\n", 5);

	if (g_strv_length(parts) == 5)
		run(parts);
	return 0;
}
