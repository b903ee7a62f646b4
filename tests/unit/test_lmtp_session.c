#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>
#include <glib.h>

#include "desk/desk.h"

#include "intake/lmtp_session.h"

#define HELLO "LHLO client\r\n"
#define FROM  "MAIL FROM:<ana@example.test>\r\n"
#define TO    "RCPT TO:<desk@desk.test>\r\n"
#define OK    "250 2.1.0 OK\n"
#define OK_TO "250 2.1.5 OK\n"
#define GO    "354 Go ahead\n"
#define KEPT  "250 2.0.0 <desk@desk.test> kept\n"

/* What a client says, what he hears behind the replies to LHLO, and what the
 * mails were: "sender>recipient,recipient|octets", LF for CR LF. */
typedef struct Case {
	const char *sentence;
	const char *said;
	const char *heard;
	const char *mails;
} Case;

static const Case cases[] = {
	{ "a mail", FROM TO "DATA\r\nA: b\r\n\r\nhi\r\n.\r\nQUIT\r\n",
	  OK OK_TO GO KEPT "221 2.0.0 Bye\n",
	  "ana@example.test>desk@desk.test|A: b\n\nhi\n" },
	{ "an empty mail", FROM TO "DATA\r\n.\r\n", OK OK_TO GO KEPT,
	  "ana@example.test>desk@desk.test|" },
	{ "one reply per accepted recipient (RFC 2033 section 4.2)",
	  FROM TO "RCPT TO:<no@desk.test>\r\nRCPT TO:<DESK+x@desk.test>\r\n"
	          "DATA\r\nx\r\n.\r\nNOOP\r\n",
	  OK OK_TO "550 5.1.1 No such address here\n" OK_TO GO KEPT
	           "250 2.0.0 <DESK+x@desk.test> kept\n250 2.0.0 OK\n",
	  "ana@example.test>desk@desk.test,DESK+x@desk.test|x\n" },
	{ "two mails on one connection",
	  FROM TO "DATA\r\n1\r\n.\r\n" FROM TO "DATA\r\n2\r\n.\r\n",
	  OK OK_TO GO KEPT OK OK_TO GO KEPT,
	  "ana@example.test>desk@desk.test|1\n"
	  "ana@example.test>desk@desk.test|2\n" },
	{ "dots before dots go away, others stay",
	  FROM TO "DATA\r\n..\r\n.a\r\na.\r\n...\r\n.\r\n", OK OK_TO GO KEPT,
	  "ana@example.test>desk@desk.test|.\na\na.\n..\n" },
	{ "CR alone is an octet like others",
	  FROM TO "DATA\r\na\rb\r\r\n.\r.\r\n.\r\n", OK OK_TO GO KEPT,
	  "ana@example.test>desk@desk.test|a\rb\r\n\r.\n" },
	{ "a line that ends without CR: the mail is refused at its real end",
	  FROM TO "DATA\r\na\n.\nMAIL FROM:<evil@x.test>\nb\r\n.\r\nNOOP\r\n",
	  OK OK_TO GO "554 5.6.0 <desk@desk.test> a line ends without CR\n"
	              "250 2.0.0 OK\n",
	  "" },
	{ "LF . CR LF is no end", FROM TO "DATA\r\na\n.\r\nNOOP\r\n.\r\n",
	  OK OK_TO GO "554 5.6.0 <desk@desk.test> a line ends without CR\n",
	  "" },
	{ "a command that ends without CR", "NOOP\n",
	  "500 5.5.2 A line ends with CR LF\n", "" },
	{ "the null sender", "MAIL FROM:<>\r\n" TO "DATA\r\nx\r\n.\r\n",
	  OK OK_TO GO KEPT, ">desk@desk.test|x\n" },
	{ "parameters of MAIL",
	  "MAIL FROM:<a@b.test> SIZE=10 BODY=8BITMIME SMTPUTF8\r\n", OK, "" },
	{ "a size over the limit", "MAIL FROM:<a@b.test> SIZE=536870913\r\n",
	  "552 5.3.4 Too large\n", "" },
	{ "a size that is none", "MAIL FROM:<a@b.test> SIZE=1x\r\n",
	  "501 5.5.4 SIZE is a number\n", "" },
	{ "unknown parameters",
	  "MAIL FROM:<a@b.test> HOLDFOR=9\r\n" FROM
	  "RCPT TO:<desk@desk.test> X=1\r\n",
	  "555 5.5.4 Unknown parameter\n" OK "555 5.5.4 Unknown parameter\n",
	  "" },
	{ "the words of our own processes are unknown to others",
	  "MAIL FROM:<a@b.test> XDOOR=imap\r\n",
	  "555 5.5.4 Unknown parameter\n", "" },
	{ "a source route is ignored",
	  "MAIL FROM:<@x.test,@y.test:a@b.test>\r\n" TO "DATA\r\n.\r\n",
	  OK OK_TO GO KEPT, "a@b.test>desk@desk.test|" },
	{ "no path",
	  "MAIL FROM:a@b.test\r\nMAIL TO:<a@b.test>\r\n"
	  "MAIL FROM:<a b@c.test>\r\nMAIL FROM:<a@b.test\r\n"
	  "MAIL FROM:<a@>\r\nMAIL FROM:<a@b.test>x\r\n",
	  "501 5.1.7 MAIL FROM:<address>\n501 5.1.7 MAIL FROM:<address>\n"
	  "501 5.1.7 MAIL FROM:<address>\n501 5.1.7 MAIL FROM:<address>\n"
	  "501 5.1.7 MAIL FROM:<address>\n501 5.1.7 MAIL FROM:<address>\n",
	  "" },
	{ "the wrong order",
	  "DATA\r\n" TO FROM "DATA\r\n" FROM "RSET\r\nDATA\r\n",
	  "503 5.5.1 MAIL first\n503 5.5.1 MAIL first\n" OK
	  "503 5.5.1 No recipients\n503 5.5.1 One mail at a time\n"
	  "250 2.0.0 OK\n503 5.5.1 MAIL first\n",
	  "" },
	{ "SMTP is not spoken (RFC 2033 section 4.1)", "EHLO x\r\nHELO x\r\n",
	  "500 5.5.1 This is LMTP: LHLO\n500 5.5.1 This is LMTP: LHLO\n", "" },
	{ "what nobody knows", "FROB\r\n\r\nVRFY desk\r\n",
	  "500 5.5.1 Unknown command\n500 5.5.1 Unknown command\n"
	  "252 2.5.0 Send a mail and see\n",
	  "" },
	{ "chunks (RFC 3030): no dots, no line ends",
	  FROM TO "BDAT 5\r\n.\r\n.\nBDAT 2 LAST\r\nxyNOOP\r\n",
	  OK OK_TO "250 2.0.0 Chunk taken\n" KEPT "250 2.0.0 OK\n",
	  "ana@example.test>desk@desk.test|.\n.\nxy" },
	{ "an empty last chunk", FROM TO "BDAT 1\r\nxBDAT 0 LAST\r\n",
	  OK OK_TO "250 2.0.0 Chunk taken\n" KEPT,
	  "ana@example.test>desk@desk.test|x" },
	{ "a chunk without an envelope is read and refused",
	  "BDAT 6\r\nQUIT\r\nNOOP\r\n",
	  "503 5.5.1 No recipients\n250 2.0.0 OK\n", "" },
	{ "DATA behind a chunk", FROM TO "BDAT 1\r\nxDATA\r\n",
	  OK OK_TO "250 2.0.0 Chunk taken\n503 5.5.1 MAIL first\n", "" },
	{ "a chunk of unknown size is the end", FROM TO "BDAT x\r\nNOOP\r\n",
	  OK OK_TO "421 4.3.2 BDAT without a number\n", "" },
	{ "behind QUIT nothing is read", "QUIT\r\nNOOP\r\n", "221 2.0.0 Bye\n",
	  "" },
};

static bool
has_room(const Desk *desk)
{
	return desk->limits.free_octets >= 0;
}

static Desk *
make_desk(void)
{
	static const char *const addresses[] = { "desk@desk.test", NULL };
	Desk *desk = desk_new();
	Queue *queue = g_new0(Queue, 1);

	queue->name = "support";
	queue->addresses = addresses;
	g_ptr_array_add(desk->queues, queue);
	desk->domain = "desk.test";
	desk->address = "desk@desk.test";
	return desk;
}

/* A client with what he said and heard. */
typedef struct Client {
	Desk *desk;
	LmtpPolicy policy;
	LmtpSession *session;
	GString *heard;
	GString *mails;
} Client;

static void
client_init(Client *client, bool is_private)
{
	client->desk = make_desk();
	client->policy = (LmtpPolicy){ client->desk, g_get_tmp_dir(),
		                       is_private, has_room };
	client->session = lmtp_session_new(&client->policy);
	client->heard = g_string_new(NULL);
	client->mails = g_string_new(NULL);
}

static void
client_clear(Client *client)
{
	lmtp_session_free(client->session);
	desk_free(client->desk);
	g_string_free(client->heard, TRUE);
	g_string_free(client->mails, TRUE);
}

static void
hear(Client *client)
{
	size_t size;
	const char *output = lmtp_session_output(client->session, &size);

	g_string_append_len(client->heard, output, (gssize)size);
	lmtp_session_wrote(client->session, size);
}

static void
note_mail(Client *client, const LmtpMail *mail)
{
	const char *octets = spool_memory(mail->octets);

	g_string_append_printf(client->mails, "%s>", mail->sender);
	for (unsigned i = 0; i < mail->recipients->len; i++)
		g_string_append_printf(client->mails, "%s%s", i == 0 ? "" : ",",
		                       (char *)mail->recipients->pdata[i]);
	g_string_append_c(client->mails, '|');
	if (octets != NULL)
		g_string_append_len(client->mails, octets,
		                    (gssize)spool_size(mail->octets));
}

/* step octets at a time; each mail is answered with "kept". */
static void
talk(Client *client, const char *said, size_t step)
{
	size_t size = strlen(said);
	size_t at = 0;

	while (at < size && !lmtp_session_is_over(client->session)) {
		at += lmtp_session_input(client->session, said + at,
		                         MIN(step, size - at));
		const LmtpMail *mail = lmtp_session_mail(client->session);
		if (mail != NULL) {
			note_mail(client, mail);
			lmtp_session_answer(client->session, "250 2.0.0",
			                    "kept");
		}
		hear(client);
	}
}

static char *
without_cr(const GString *text)
{
	g_auto(GStrv) parts = g_strsplit(text->str, "\r\n", -1);

	return g_strjoinv("\n", parts);
}

static void
compare(const GString *got, const char *want, const char *what, const Case *c)
{
	g_autofree char *plain = without_cr(got);

	if (strcmp(plain, want) != 0)
		fail_msg("%s: %s:\n%s\nnot:\n%s", c->sentence, what, plain,
		         want);
}

static void
run_case(const Case *c, size_t step)
{
	Client client;

	client_init(&client, false);
	talk(&client, HELLO, step);
	g_string_truncate(client.heard, 0);
	talk(&client, c->said, step);
	compare(client.heard, c->heard, "heard", c);
	compare(client.mails, c->mails, "mails", c);
	client_clear(&client);
}

static void
dialogues_are_the_same_whole_and_octet_by_octet(void **state)
{
	(void)state;
	for (unsigned i = 0; i < G_N_ELEMENTS(cases); i++)
		for (size_t step = 1; step < 1000; step += step)
			run_case(&cases[i], step);
}

static void
the_greeting_and_lhlo(void **state)
{
	Client client;

	(void)state;
	client_init(&client, false);
	talk(&client, "MAIL FROM:<a@b.test>\r\n" HELLO, 7);
	assert_string_equal(
		client.heard->str,
		"220 desk.test LMTP Postigo\r\n503 5.5.1 LHLO first\r\n"
		"250-desk.test\r\n250-PIPELINING\r\n250-SIZE 536870912\r\n"
		"250-8BITMIME\r\n250-SMTPUTF8\r\n250-CHUNKING\r\n"
		"250 ENHANCEDSTATUSCODES\r\n");
	client_clear(&client);
}

static void
nothing_is_read_before_the_verdict(void **state)
{
	static const char said[] = HELLO FROM TO "DATA\r\nx\r\n.\r\nNOOP\r\n";
	Client client;
	size_t size = strlen(said);

	(void)state;
	client_init(&client, false);
	size_t used = lmtp_session_input(client.session, said, size);
	assert_int_equal(used, size - strlen("NOOP\r\n"));
	assert_int_equal(lmtp_session_input(client.session, said + used,
	                                    size - used),
	                 0);
	hear(&client);
	assert_null(strstr(client.heard->str, "250 2.0.0"));
	lmtp_session_answer(client.session, "451 4.3.0", "Not now");
	hear(&client);
	assert_non_null(strstr(client.heard->str,
	                       "451 4.3.0 <desk@desk.test> Not now\r\n"));
	client_clear(&client);
}

static void
our_own_processes_name_the_door(void **state)
{
	Client client;

	(void)state;
	client_init(&client, true);
	talk(&client,
	     HELLO "MAIL FROM:<> XDOOR=imap XKEY=a+20b+2B XNOSENDER\r\n"
	           "RCPT TO:<>\r\n",
	     100);
	talk(&client, "RCPT TO:<else@where.test>\r\nDATA\r\n", 100);
	lmtp_session_input(client.session, "x\r\n.\r\n", 6);
	const LmtpMail *mail = lmtp_session_mail(client.session);
	assert_non_null(mail);
	assert_string_equal(mail->door, "imap");
	assert_string_equal(mail->door_key, "a b+");
	assert_null(mail->sender);
	assert_int_equal(mail->recipients->len, 2);
	client_clear(&client);
}

static void
too_many_recipients_and_faults_have_an_end(void **state)
{
	Client client;

	(void)state;
	client_init(&client, false);
	talk(&client, HELLO FROM, 100);
	for (unsigned i = 0; i < LMTP_RECIPIENTS_MAX; i++)
		talk(&client, TO, 100);
	g_string_truncate(client.heard, 0);
	talk(&client, TO, 100);
	assert_string_equal(client.heard->str,
	                    "452 4.5.3 Too many recipients\r\n");
	for (unsigned i = 0; i < LMTP_FAULTS_MAX; i++)
		talk(&client, "RCPT TO:<no@x.test>\r\n", 100);
	assert_true(lmtp_session_is_over(client.session));
	assert_true(g_str_has_suffix(client.heard->str,
	                             "421 4.3.2 too many faults\r\n"));
	client_clear(&client);
}

static void
a_line_has_a_cap(void **state)
{
	Client client;

	(void)state;
	client_init(&client, false);
	talk(&client, HELLO, 100);
	g_string_truncate(client.heard, 0);
	for (unsigned i = 0; i < 100000; i++)
		talk(&client, "xxxxxxxxxx", 100);
	talk(&client, "\r\nNOOP\r\n", 100);
	assert_string_equal(client.heard->str,
	                    "500 5.5.6 Line too long\r\n250 2.0.0 OK\r\n");
	client_clear(&client);
}

static void
a_client_who_does_not_read_is_not_read(void **state)
{
	Client client;

	(void)state;
	client_init(&client, false);
	for (unsigned i = 0; i < 100000; i++)
		lmtp_session_input(client.session, "\r\n\r\n\r\n", 6);
	size_t size;
	lmtp_session_output(client.session, &size);
	assert_in_range(size, 1, LMTP_OUTPUT_MAX + LMTP_LINE_MAX);
	client_clear(&client);
}

static void
a_large_mail_is_in_a_file(void **state)
{
	g_autofree char *line = g_strnfill(998, 'x');
	g_autoptr(GString) body = g_string_new(NULL);
	Client client;

	(void)state;
	client_init(&client, false);
	talk(&client, HELLO FROM TO "DATA\r\n", 100);
	for (unsigned i = 0; i < 1000; i++)
		g_string_append_printf(body, "%s\r\n", line);
	lmtp_session_input(client.session, body->str, body->len);
	lmtp_session_input(client.session, ".\r\n", 3);
	const LmtpMail *mail = lmtp_session_mail(client.session);
	assert_non_null(mail);
	assert_null(spool_memory(mail->octets));
	g_autoptr(GBytes) octets = spool_map(spool_descriptor(mail->octets),
	                                     spool_size(mail->octets), NULL);
	assert_int_equal(g_bytes_get_size(octets), body->len);
	assert_memory_equal(g_bytes_get_data(octets, NULL), body->str,
	                    body->len);
	client_clear(&client);
}

static void
without_room_mail_is_put_off_before_it_comes(void **state)
{
	Client client;

	(void)state;
	client_init(&client, false);
	talk(&client, HELLO, 100);
	client.desk->limits.free_octets = -1; /* what has_room() looks at */
	g_string_truncate(client.heard, 0);
	talk(&client, FROM TO, 100);
	assert_string_equal(client.heard->str,
	                    "452 4.3.1 No room for mail now\r\n"
	                    "503 5.5.1 MAIL first\r\n");
	client_clear(&client);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
			dialogues_are_the_same_whole_and_octet_by_octet),
		cmocka_unit_test(the_greeting_and_lhlo),
		cmocka_unit_test(nothing_is_read_before_the_verdict),
		cmocka_unit_test(our_own_processes_name_the_door),
		cmocka_unit_test(too_many_recipients_and_faults_have_an_end),
		cmocka_unit_test(a_line_has_a_cap),
		cmocka_unit_test(a_client_who_does_not_read_is_not_read),
		cmocka_unit_test(a_large_mail_is_in_a_file),
		cmocka_unit_test(without_room_mail_is_put_off_before_it_comes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
