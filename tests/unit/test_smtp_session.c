#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>
#include <glib.h>

#include "outbound/smtp_session.h"

#define MAIL    "MAIL FROM:<desk@acme.example>\r\n"
#define RCPT    "RCPT TO:<ana@x.example>\r\n"
#define DATA    "DATA\r\n"
#define BODY    "Subject: a\r\n\r\n..b\r\n.\r\n"
#define RSET    "RSET\r\n"
#define GO      "354 go\r\n"
#define OK      "250 2.0.0 ok\r\n"
#define HANG_UP "-"
#define FAR     "f@d.example"

/* A dialogue: the server's k-th answer is given when the client's k-th line
 * (or the end of its body) has come. */
typedef struct Case {
	const char *sentence;
	const char *ehlo; /* lines of the EHLO reply, by LF */
	const char *replies[8];
	const char *wire; /* all that the client must have written */
	SmtpPhase phase;
	int code;
	bool is_reusable;
} Case;

static const Case cases[] = {
	{ "a plain dialogue",
	  "250 x",
	  { OK, OK, GO, OK },
	  MAIL RCPT DATA BODY,
	  SMTP_PHASE_FINAL,
	  250,
	  true },
	{ "pipelining sends the three commands at once",
	  "250-PIPELINING",
	  { OK, OK, GO, OK },
	  MAIL RCPT DATA BODY,
	  SMTP_PHASE_FINAL,
	  250,
	  true },
	{ "SIZE and DSN are used where they are offered",
	  "250-SIZE 100\n250 DSN",
	  { OK, OK, GO, OK },
	  "MAIL FROM:<desk@acme.example> SIZE=18 RET=HDRS ENVID=p.1.2+3D@d\r\n"
	  "RCPT TO:<ana@x.example> NOTIFY=FAILURE,DELAY "
	  "ORCPT=rfc822;ana@x.example\r\n" DATA BODY,
	  SMTP_PHASE_FINAL,
	  250,
	  true },
	{ "S-03 4yz at MAIL",
	  "250 x",
	  { "451 4.3.0 later\r\n", OK },
	  MAIL RSET,
	  SMTP_PHASE_MAIL,
	  451,
	  true },
	{ "S-03 4yz at RCPT",
	  "250 x",
	  { OK, "450 4.2.1 busy\r\n", OK },
	  MAIL RCPT RSET,
	  SMTP_PHASE_RCPT,
	  450,
	  true },
	{ "S-03 4yz at DATA",
	  "250 x",
	  { OK, OK, "451 no\r\n", OK },
	  MAIL RCPT DATA RSET,
	  SMTP_PHASE_DATA,
	  451,
	  true },
	{ "S-03 4yz at the dot",
	  "250 x",
	  { OK, OK, GO, "452 4.3.1 full\r\n" },
	  MAIL RCPT DATA BODY,
	  SMTP_PHASE_FINAL,
	  452,
	  true },
	{ "S-04 5yz at MAIL",
	  "250 x",
	  { "550 5.1.8 no\r\n", OK },
	  MAIL RSET,
	  SMTP_PHASE_MAIL,
	  550,
	  true },
	{ "S-04 5yz at RCPT",
	  "250 x",
	  { OK, "550 5.1.1 nobody\r\n", OK },
	  MAIL RCPT RSET,
	  SMTP_PHASE_RCPT,
	  550,
	  true },
	{ "S-04 5yz at the dot",
	  "250 x",
	  { OK, OK, GO, "554 5.6.0 spam\r\n" },
	  MAIL RCPT DATA BODY,
	  SMTP_PHASE_FINAL,
	  554,
	  true },
	{ "pipelined: MAIL refused, the rest fails with it",
	  "250 PIPELINING",
	  { "550 no\r\n", "503 order\r\n", "503 order\r\n", OK },
	  MAIL RCPT DATA RSET,
	  SMTP_PHASE_MAIL,
	  550,
	  true },
	{ "pipelined: RCPT refused, DATA too",
	  "250 PIPELINING",
	  { OK, "550 5.1.1 nobody\r\n", "554 5.5.1 none\r\n", OK },
	  MAIL RCPT DATA RSET,
	  SMTP_PHASE_RCPT,
	  550,
	  true },
	{ "pipelined: RCPT refused, DATA said 354: the dot alone",
	  "250 PIPELINING",
	  { OK, "550 5.1.1 nobody\r\n", GO, "554 5.5.1 none\r\n" },
	  MAIL RCPT DATA ".\r\n",
	  SMTP_PHASE_RCPT,
	  550,
	  true },
	{ "S-13 421 at MAIL ends the link",
	  "250 x",
	  { "421 4.4.2 bye\r\n" },
	  MAIL,
	  SMTP_PHASE_MAIL,
	  421,
	  false },
	{ "S-13 421 at the dot is a refusal, and ends the link",
	  "250 x",
	  { OK, OK, GO, "421 4.3.2 bye\r\n" },
	  MAIL RCPT DATA BODY,
	  SMTP_PHASE_FINAL,
	  421,
	  false },
	{ "a refused RSET ends the link",
	  "250 x",
	  { OK, "550 no\r\n", "421 bye\r\n" },
	  MAIL RCPT RSET,
	  SMTP_PHASE_RCPT,
	  550,
	  false },
	{ "S-01 the link ends after the dot",
	  "250 x",
	  { OK, OK, GO, HANG_UP },
	  MAIL RCPT DATA BODY,
	  SMTP_PHASE_FINAL,
	  0,
	  false },
	{ "S-17 the link ends before DATA is answered",
	  "250 x",
	  { OK, OK, HANG_UP },
	  MAIL RCPT DATA,
	  SMTP_PHASE_DATA,
	  0,
	  false },
	{ "the link ends after a refusal: the refusal stands",
	  "250 x",
	  { OK, "550 no\r\n", HANG_UP },
	  MAIL RCPT RSET,
	  SMTP_PHASE_RCPT,
	  550,
	  false },
	{ "S-06 no reply at all in the octets",
	  "250 x",
	  { "25\r\n" },
	  MAIL,
	  SMTP_PHASE_MAIL,
	  0,
	  false },
	{ "S-06 no reply after the dot: nobody can say",
	  "250 x",
	  { OK, OK, GO, "2500\r\n" },
	  MAIL RCPT DATA BODY,
	  SMTP_PHASE_FINAL,
	  0,
	  false },
	{ "354 to MAIL does not fit",
	  "250 x",
	  { GO },
	  MAIL,
	  SMTP_PHASE_MAIL,
	  0,
	  false },
	{ "250 to DATA does not fit",
	  "250 x",
	  { OK, OK, OK },
	  MAIL RCPT DATA,
	  SMTP_PHASE_DATA,
	  0,
	  false },
	{ "354 to the dot does not fit",
	  "250 x",
	  { OK, OK, GO, GO },
	  MAIL RCPT DATA BODY,
	  SMTP_PHASE_FINAL,
	  0,
	  false },
	{ "a second reply to the dot: the link is not used again",
	  "250 x",
	  { OK, OK, GO, OK OK },
	  MAIL RCPT DATA BODY,
	  SMTP_PHASE_FINAL,
	  250,
	  false },
};

static SmtpPeer
peer_of(const char *ehlo)
{
	g_auto(GStrv) lines = g_strsplit(ehlo, "\n", -1);
	SmtpPeer peer = { 0 };

	for (unsigned i = 0; lines[i] != NULL; i++)
		smtp_peer_learn(&peer, lines[i]);
	return peer;
}

/* How many lines have come; a body counts as one. */
static unsigned
count_lines(const GString *wire, const char *const *replies)
{
	unsigned count = 0;
	const char *at = wire->str;

	while (*at != '\0') {
		bool in_body = count > 0 && replies[count - 1] != NULL &&
		               strcmp(replies[count - 1], GO) == 0 &&
		               count >= 3;
		const char *end =
			in_body ? strstr(at, ".\r\n") : strstr(at, "\r\n");

		while (in_body && end != NULL && end != at && end[-1] != '\n')
			end = strstr(end + 1, ".\r\n");
		if (end == NULL)
			break;
		at = end + (in_body ? 3 : 2);
		count++;
	}
	return count;
}

static void
answer(SmtpSession *session, const char *reply, size_t step)
{
	size_t size = strlen(reply);

	if (strcmp(reply, HANG_UP) == 0) {
		smtp_session_break(session, "closed");
		return;
	}
	for (size_t at = 0; at < size; at += step)
		smtp_session_input(session, reply + at, MIN(step, size - at));
}

/* Plays the server's part, step octets at a time in both directions. */
static void
play(SmtpSession *session, const Case *c, size_t step, GString *wire)
{
	unsigned answered = 0;

	while (!smtp_session_is_done(session)) {
		const char *data;
		size_t size = smtp_session_output(session, &data);

		size = MIN(size, step);
		g_string_append_len(wire, data, (gssize)size);
		smtp_session_wrote(session, size);
		unsigned lines = count_lines(wire, c->replies);
		while (answered < lines && !smtp_session_is_done(session)) {
			assert_non_null(c->replies[answered]);
			answer(session, c->replies[answered++], step);
		}
		assert_true(size > 0 || smtp_session_is_done(session) ||
		            lines > 0);
	}
}

static void
check(const Case *c, size_t step)
{
	g_autoptr(GBytes) body = g_bytes_new_static("Subject: a\n\n.b", 14);
	SmtpPeer peer = peer_of(c->ehlo);
	SmtpMail mail = { "desk@acme.example", "ana@x.example", "p.1.2=@d",
		          body };
	g_autoptr(SmtpSession) session = smtp_session_new(&peer, &mail);
	g_autoptr(GString) wire = g_string_new(NULL);
	SmtpResult result;

	print_message("# %s, %zu at a time\n", c->sentence, step);
	play(session, c, step, wire);
	smtp_session_result(session, &result);
	assert_string_equal(wire->str, c->wire);
	assert_int_equal(result.phase, c->phase);
	assert_int_equal(result.code, c->code);
	assert_int_equal(result.is_reusable, c->is_reusable);
	assert_true((result.reply != NULL) == (result.code != 0));
	assert_true((result.fault != NULL) == (result.code == 0));
	smtp_result_clear(&result);
}

static void
dialogues_are_the_same_whole_and_octet_by_octet(void **state)
{
	(void)state;
	for (unsigned i = 0; i < G_N_ELEMENTS(cases); i++) {
		check(&cases[i], 1);
		check(&cases[i], 7);
		check(&cases[i], 100000);
	}
}

static void
the_three_commands_leave_together_with_pipelining(void **state)
{
	g_autoptr(GBytes) body = g_bytes_new_static("a", 1);
	SmtpPeer peer = { .pipelining = true };
	SmtpMail mail = { "desk@acme.example", "ana@x.example", NULL, body };
	g_autoptr(SmtpSession) session = smtp_session_new(&peer, &mail);
	const char *data;
	size_t size = smtp_session_output(session, &data);

	(void)state;
	assert_int_equal(size, strlen(MAIL RCPT DATA));
	assert_memory_equal(data, MAIL RCPT DATA, size);
}

/* ---- what never reaches the wire --------------------------------------------
 */

typedef struct Refused {
	const char *sentence;
	const char *ehlo;
	const char *sender;
	const char *recipient;
	const char *body;
	const char *status; /* NULL: it may be sent */
} Refused;

static const Refused refused[] = {
	{ "a plain address", "250 x", FAR, FAR, "a", NULL },
	{ "the null sender", "250 x", "", FAR, "a", NULL },
	{ "S-08 CR LF and a command in the recipient", "250 x", FAR,
	  "v@x.example>\r\nRCPT TO:<evil@y", "a", "5.1.3" },
	{ "S-08 CR LF and a command in the sender", "250 x",
	  "v@x.example>\r\nRCPT TO:<evil@y", FAR, "a", "5.1.7" },
	{ "S-08 CR alone", "250 x", FAR, "v@x\ry", "a", "5.1.3" },
	{ "S-08 LF alone", "250 x", FAR, "v@x\ny", "a", "5.1.3" },
	{ "S-08 a blank", "250 x", FAR, "v@x SIZE=1", "a", "5.1.3" },
	{ "S-08 a tab", "250 x", FAR, "v@x\tb", "a", "5.1.3" },
	{ "S-08 an angle bracket", "250 x", FAR, "v@x>", "a", "5.1.3" },
	{ "S-08 the other one", "250 x", FAR, "<v@x", "a", "5.1.3" },
	{ "S-08 DEL", "250 x", FAR, "v\x7f@x", "a", "5.1.3" },
	{ "S-08 U+0085, a line end to some", "250 SMTPUTF8", FAR, "v\xc2\x85@x",
	  "a", "5.1.3" },
	{ "S-08 U+2028, a line end to others", "250 SMTPUTF8", FAR,
	  "v\xe2\x80\xa8@x", "a", "5.1.3" },
	{ "S-08 octets that are not UTF-8", "250 SMTPUTF8", FAR, "v\xff@x", "a",
	  "5.1.3" },
	{ "no recipient", "250 x", FAR, "", "a", "5.1.3" },
	{ "S-12 beyond ASCII without SMTPUTF8", "250 8BITMIME", FAR,
	  "señora@x.example", "a", "5.6.7" },
	{ "S-12 beyond ASCII with it", "250 SMTPUTF8", FAR, "señora@x.example",
	  "a", NULL },
	{ "S-12 8-bit mail without 8BITMIME", "250 x", FAR, FAR, "ñ", "5.6.3" },
	{ "S-12 8-bit mail with it", "250 8BITMIME", FAR, FAR, "ñ", NULL },
	{ "S-12 larger than SIZE", "250 SIZE 10", FAR, FAR, "123456789",
	  "5.3.4" },
	{ "S-12 as large as SIZE", "250 SIZE 11", FAR, FAR, "123456789", NULL },
	{ "S-12 SIZE 0 says nothing", "250 SIZE 0", FAR, FAR, "123456789",
	  NULL },
};

static void
check_refused(const Refused *r)
{
	g_autoptr(GBytes) body = g_bytes_new_static(r->body, strlen(r->body));
	SmtpPeer peer = peer_of(r->ehlo);
	SmtpMail mail = { r->sender, r->recipient, NULL, body };
	g_autoptr(SmtpSession) session = smtp_session_new(&peer, &mail);
	const char *data;

	print_message("# %s\n", r->sentence);
	assert_int_equal(smtp_session_is_done(session), r->status != NULL);
	assert_int_equal(smtp_session_output(session, &data) == 0,
	                 r->status != NULL);
	if (r->status == NULL)
		return;
	SmtpResult result;
	smtp_session_result(session, &result);
	assert_int_equal(result.phase, SMTP_PHASE_CHECK);
	assert_true(g_str_has_prefix(result.fault, r->status));
	assert_true(result.is_reusable);
	smtp_result_clear(&result);
}

static void
what_may_not_be_sent_is_refused_before_the_first_octet(void **state)
{
	(void)state;
	for (unsigned i = 0; i < G_N_ELEMENTS(refused); i++)
		check_refused(&refused[i]);
	g_autofree char *name = g_strnfill(SMTP_ADDRESS_MAX, 'a');
	Refused r = {
		"an address over the cap", "250 x", FAR, name, "a", NULL
	};
	check_refused(&r);
	g_autofree char *over = g_strconcat(name, "a", NULL);
	r = (Refused){
		"an address over the cap", "250 x", FAR, over, "a", "5.1.3"
	};
	check_refused(&r);
}

/* The first chunk of a session's output. */
static char *
first_output(const char *ehlo, const SmtpMail *mail)
{
	SmtpPeer peer = peer_of(ehlo);
	g_autoptr(SmtpSession) session = smtp_session_new(&peer, mail);
	const char *data;
	size_t size = smtp_session_output(session, &data);

	return g_strndup(data, size);
}

static void
extensions_show_in_the_commands(void **state)
{
	g_autoptr(GBytes) body = g_bytes_new_static("\xc3\xb1\r\n", 4);
	SmtpMail mail = { "", "se\xc3\xb1ora@x", "id", body };
	g_autofree char *all = first_output(
		"250-PIPELINING\n250-8BITMIME\n250-SMTPUTF8\n250 DSN", &mail);

	(void)state;
	assert_string_equal(all, "MAIL FROM:<> BODY=8BITMIME SMTPUTF8\r\n"
	                         "RCPT TO:<se\xc3\xb1ora@x>\r\nDATA\r\n");
}

static void
the_phase_turns_uncertain_with_the_last_octet(void **state)
{
	g_autofree char *text = g_strnfill(3 * SMTP_BODY_STEP, 'a');
	g_autoptr(GBytes) body = g_bytes_new_static(text, strlen(text));
	SmtpPeer peer = { 0 };
	SmtpMail mail = { FAR, FAR, NULL, body };
	g_autoptr(SmtpSession) session = smtp_session_new(&peer, &mail);
	const char *data;
	const char *const replies[] = { OK, OK, GO };

	(void)state;
	for (unsigned i = 0; i < 3; i++) {
		smtp_session_wrote(session,
		                   smtp_session_output(session, &data));
		smtp_session_input(session, replies[i], strlen(replies[i]));
	}
	for (int i = 0; i < 2; i++) {
		size_t size = smtp_session_output(session, &data);

		assert_int_equal(smtp_session_phase(session), SMTP_PHASE_BODY);
		assert_false(smtp_session_ends_body(session));
		smtp_session_wrote(session, size);
	}
	smtp_session_output(session, &data);
	assert_true(smtp_session_ends_body(session));
	assert_int_equal(smtp_session_phase(session), SMTP_PHASE_FINAL);
}

static void
ehlo_lines_of_any_shape_are_read(void **state)
{
	static const char *const lines[] = { "250-",      "250",
		                             "250 \r\n",  "250-SIZE",
		                             "250 SIZE ", "",
		                             "2",         "250-SIZE 99x" };
	SmtpPeer peer = { 0 };

	(void)state;
	for (unsigned i = 0; i < G_N_ELEMENTS(lines); i++) {
		g_autofree char *line = g_strdup(lines[i]);

		smtp_peer_learn(&peer, line);
	}
	assert_true(peer.size);
	assert_int_equal(peer.size_max, 99);
	assert_false(peer.dsn);
}

static void
a_refusal_in_mid_body_stops_it(void **state)
{
	g_autofree char *text = g_strnfill(3 * SMTP_BODY_STEP, 'a');
	g_autoptr(GBytes) body = g_bytes_new_static(text, strlen(text));
	SmtpPeer peer = { 0 };
	SmtpMail mail = { FAR, FAR, NULL, body };
	g_autoptr(SmtpSession) session = smtp_session_new(&peer, &mail);
	const char *data;
	const char *const replies[] = { OK, OK, GO, "552 5.3.4 big\r\n" };
	SmtpResult result;

	(void)state;
	for (unsigned i = 0; i < 4; i++) {
		smtp_session_wrote(session,
		                   smtp_session_output(session, &data));
		smtp_session_input(session, replies[i], strlen(replies[i]));
	}
	assert_true(smtp_session_is_done(session));
	smtp_session_result(session, &result);
	assert_int_equal(result.phase, SMTP_PHASE_BODY);
	assert_int_equal(result.code, 552);
	assert_false(result.is_reusable);
	smtp_result_clear(&result);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
			dialogues_are_the_same_whole_and_octet_by_octet),
		cmocka_unit_test(
			the_three_commands_leave_together_with_pipelining),
		cmocka_unit_test(
			what_may_not_be_sent_is_refused_before_the_first_octet),
		cmocka_unit_test(extensions_show_in_the_commands),
		cmocka_unit_test(the_phase_turns_uncertain_with_the_last_octet),
		cmocka_unit_test(ehlo_lines_of_any_shape_are_read),
		cmocka_unit_test(a_refusal_in_mid_body_stops_it),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
