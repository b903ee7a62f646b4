/* The link against a server of a few lines in a child process; what a scripted
 * peer can show is in tests/e2e/T3xx. */
#include <netinet/in.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>
#include <glib.h>

#include "outbound/smtp.h"

/* What the server says after the k-th line (0: at once) has come, and how long
 * it waits before; after 354 a "line" is the whole body. */
typedef struct Turn {
	const char *reply; /* NULL: the server closes */
	int wait_ms;
} Turn;

#define GREETING               \
	{ "220 x\r\n", 0 },    \
	{                      \
		"250 x\r\n", 0 \
	}
#define OK                            \
	{                             \
		"250 2.0.0 ok\r\n", 0 \
	}
#define GO                      \
	{                       \
		"354 go\r\n", 0 \
	}
#define END             \
	{               \
		NULL, 0 \
	}

/* The server reads nothing more. */
static const char deaf[] = "";

static const SmtpTimes short_times = {
	.connect = 2000,
	.reply = 1000,
	.final = 3000,
	.body_octets = 20000,
};

/* Reads up to a line end, or to the end of a body; the client does not write
 * ahead, since pipelining is not offered.  false: closed. */
static bool
read_turn(int fd, bool is_body)
{
	const char *end = is_body ? "\r\n.\r\n" : "\r\n";
	static char got[5 + 65536];
	size_t kept = 0;

	do {
		gssize count = read(fd, got + kept, 65536);

		if (count <= 0)
			return false;
		kept += (size_t)count;
		if (kept > 5) {
			memmove(got, got + kept - 5, 5);
			kept = 5;
		}
	} while (kept < strlen(end) ||
	         memcmp(got + kept - strlen(end), end, strlen(end)) != 0);
	return true;
}

static void
serve(int fd, const Turn *turns)
{
	bool is_body = false;

	for (unsigned i = 0; turns[i].reply != NULL; i++) {
		bool reads = i > 0 && turns[i].reply != deaf;

		if (reads && !read_turn(fd, is_body))
			return;
		g_usleep((gulong)turns[i].wait_ms * 1000);
		if (write(fd, turns[i].reply, strlen(turns[i].reply)) < 0)
			return;
		is_body = turns[i].reply[0] == '3';
	}
	read_turn(fd, is_body);
}

typedef struct Server {
	pid_t pid;
	char *url;
} Server;

/* Serves one connection after the other, each by the same turns. */
static Server
start_server(const Turn *turns)
{
	int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	struct sockaddr_in at = { .sin_family = AF_INET,
		                  .sin_addr = { htonl(INADDR_LOOPBACK) } };
	socklen_t size = sizeof at;

	assert_int_equal(bind(listener, (struct sockaddr *)&at, size), 0);
	assert_int_equal(listen(listener, 4), 0);
	getsockname(listener, (struct sockaddr *)&at, &size);
	pid_t pid = fork();
	assert_true(pid >= 0);
	if (pid == 0)
		prctl(PR_SET_PDEATHSIG, SIGKILL);
	while (pid == 0) {
		int fd = accept(listener, NULL, NULL);

		if (fd < 0)
			_exit(1);
		serve(fd, turns);
		close(fd);
	}
	close(listener);
	return (Server){ pid, g_strdup_printf("smtp://127.0.0.1:%d",
		                              ntohs(at.sin_port)) };
}

static void
stop_server(Server *server)
{
	kill(server->pid, SIGKILL);
	waitpid(server->pid, NULL, 0);
	g_free(server->url);
}

typedef struct Case {
	const char *sentence;
	Turn turns[10];
	const char *tls;
	size_t body_size;
	SmtpPhase phase;
	int code;
} Case;

static const Case cases[] = {
	{ "a mail is taken",
	  { GREETING, OK, OK, GO, OK, END },
	  "never",
	  20,
	  SMTP_PHASE_FINAL,
	  250 },
	{ "a large one too",
	  { GREETING, OK, OK, GO, OK, END },
	  "never",
	  3 * 1000 * 1000,
	  SMTP_PHASE_FINAL,
	  250 },
	{ "S-02 the final reply may come later than any other",
	  { GREETING, OK, OK, GO, { "250 ok\r\n", 2000 }, END },
	  "never",
	  20,
	  SMTP_PHASE_FINAL,
	  250 },
	{ "S-02 but not for ever: then nobody can say",
	  { GREETING, OK, OK, GO, { "250 ok\r\n", 4000 }, END },
	  "never",
	  20,
	  SMTP_PHASE_FINAL,
	  0 },
	{ "any other reply has its own time",
	  { GREETING, OK, { "250 ok\r\n", 2000 }, END },
	  "never",
	  20,
	  SMTP_PHASE_RCPT,
	  0 },
	{ "a banner that does not come",
	  { { "220 x\r\n", 3500 }, END },
	  "never",
	  20,
	  SMTP_PHASE_CONNECT,
	  0 },
	{ "S-01 closed after the dot",
	  { GREETING, OK, OK, GO, END },
	  "never",
	  20,
	  SMTP_PHASE_FINAL,
	  0 },
	{ "S-11 a server that reads no more is left",
	  { GREETING, OK, OK, GO, { deaf, 5000 }, END },
	  "never",
	  20 * 1000 * 1000,
	  SMTP_PHASE_BODY,
	  0 },
	{ "S-03 4yz for a banner",
	  { { "421 busy\r\n", 0 }, END },
	  "never",
	  20,
	  SMTP_PHASE_CONNECT,
	  421 },
	{ "S-07 no STARTTLS offered: nothing in clear",
	  { GREETING, OK, OK, GO, OK, END },
	  "required",
	  20,
	  SMTP_PHASE_CONNECT,
	  0 },
	{ "S-07 the same when nothing is said about TLS",
	  { GREETING, OK, OK, GO, OK, END },
	  NULL,
	  20,
	  SMTP_PHASE_CONNECT,
	  0 },
};

static SmtpResult
send_one(SmtpLink *link, size_t body_size)
{
	g_autofree char *text = g_strnfill(body_size, 'a');
	g_autoptr(GBytes) body = g_bytes_new_static(text, body_size);
	SmtpMail mail = { "desk@acme.example", "ana@x.example", "id", body };
	SmtpResult result;

	smtp_link_send(link, &mail, &result);
	return result;
}

static void
check(const Case *c)
{
	Server server = start_server(c->turns);
	Smtp settings = { .url = server.url, .tls = c->tls };
	g_autoptr(SmtpLink) link =
		smtp_link_new(&settings, "desk.example", &short_times);
	SmtpResult result = send_one(link, c->body_size);

	print_message("# %s: %s, %s\n", c->sentence, result.reply,
	              result.fault);
	assert_int_equal(result.phase, c->phase);
	assert_int_equal(result.code, c->code);
	smtp_result_clear(&result);
	stop_server(&server);
}

static void
a_link_tells_how_a_mail_ended(void **state)
{
	(void)state;
	for (unsigned i = 0; i < G_N_ELEMENTS(cases); i++)
		check(&cases[i]);
}

static void
a_link_is_kept_for_the_next_mail(void **state)
{
	static const Turn turns[] = { GREETING, OK, OK, GO, OK,
		                      OK,       OK, GO, OK, END };
	Server server = start_server(turns);
	Smtp settings = { .url = server.url, .tls = "never" };
	g_autoptr(SmtpLink) link =
		smtp_link_new(&settings, "desk.example", &short_times);

	(void)state;
	/* the third finds the link closed and makes a new one */
	for (int i = 0; i < 3; i++) {
		SmtpResult result = send_one(link, 20);

		assert_int_equal(result.code, 250);
		smtp_result_clear(&result);
	}
	stop_server(&server);
}

static void
clear_text_is_for_loopback_only(void **state)
{
	static const struct {
		const char *url;
		bool may;
	} urls[] = {
		{ "smtp://192.0.2.1:25", false },
		{ "smtp://127.evil.example:25", false },
		{ "smtp://localhost.example", false },
		{ "smtp://127.0.0.1@192.0.2.1:25", false },
		{ "smtp://[2001:db8::1]:25", false },
		{ "smtp://127.0.0.1:1", true },
		{ "smtp://127.1.2.3:1", true },
		{ "smtp://[::1]:1", true },
		{ "smtp://LOCALHOST:1", true },
	};

	(void)state;
	for (unsigned i = 0; i < G_N_ELEMENTS(urls); i++) {
		Smtp settings = { .url = urls[i].url, .tls = "never" };
		g_autoptr(SmtpLink) link =
			smtp_link_new(&settings, "desk.example", &short_times);
		SmtpResult result = send_one(link, 20);

		print_message("# %s\n", result.fault);
		assert_int_equal(result.phase, SMTP_PHASE_CONNECT);
		assert_int_equal(strstr(result.fault, "this machine only") ==
		                         NULL,
		                 urls[i].may);
		smtp_result_clear(&result);
	}
}

static void
no_server_configured_is_said(void **state)
{
	Smtp settings = { 0 };
	g_autoptr(SmtpLink) link =
		smtp_link_new(&settings, "desk.example", &short_times);
	SmtpResult result = send_one(link, 20);

	(void)state;
	assert_int_equal(result.phase, SMTP_PHASE_CONNECT);
	assert_non_null(strstr(result.fault, "no server is configured"));
	smtp_result_clear(&result);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_link_tells_how_a_mail_ended),
		cmocka_unit_test(a_link_is_kept_for_the_next_mail),
		cmocka_unit_test(clear_text_is_for_loopback_only),
		cmocka_unit_test(no_server_configured_is_said),
	};

	signal(SIGPIPE, SIG_IGN);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
