#include "outbound/smtp.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <string.h>

#include "base/fault.h"
#include "base/text.h"

#include "outbound/curl_lazy.h"

#define READ_STEP 4096

static const SmtpTimes default_times = {
	.connect = SMTP_CONNECT_MS,
	.reply = SMTP_REPLY_MS,
	.final = SMTP_FINAL_MS,
	.body_octets = SMTP_BODY_OCTETS_PER_MS,
};

struct SmtpLink {
	const Smtp *settings;
	char *ehlo_name;
	SmtpTimes times;
	const CurlTable *lib; /* NULL before the first mail */
	CURL *curl;           /* NULL while not connected */
	int fd;
	SmtpPeer peer;
	size_t greeted;   /* octets of greeting so far */
	char *last_reply; /* the last refusal, or last line, of the greeting */
	bool is_used;     /* it has carried a mail */
};

SmtpLink *
smtp_link_new(const Smtp *settings, const char *ehlo_name,
              const SmtpTimes *times)
{
	SmtpLink *link = g_new0(SmtpLink, 1);

	link->settings = settings;
	link->ehlo_name = g_strdup(ehlo_name);
	link->times = times != NULL ? *times : default_times;
	return link;
}

static void
drop(SmtpLink *link)
{
	if (link->curl != NULL)
		link->lib->cleanup(link->curl);
	link->curl = NULL;
	link->is_used = false;
	g_clear_pointer(&link->last_reply, g_free);
}

void
smtp_link_free(SmtpLink *link)
{
	if (link == NULL)
		return;
	smtp_link_close(link);
	g_free(link->ehlo_name);
	g_free(link);
}

/* ---- time -------------------------------------------------------------------
 */

/* Waiting is measured by the monotonic clock; --now does not move it. */
static int64_t
in_ms(int ms)
{
	return g_get_monotonic_time() / 1000 + ms;
}

/* Waits for events on the link; false: the deadline has passed. */
static bool
wait_for(const SmtpLink *link, short events, int64_t deadline)
{
	int64_t left = deadline - g_get_monotonic_time() / 1000;
	struct pollfd poll_fd = { .fd = link->fd, .events = events };

	if (left <= 0)
		return false;
	return poll(&poll_fd, 1, (int)left) != 0;
}

/* ---- connecting ---- */

static void
remember(SmtpLink *link, const char *line)
{
	bool is_refusal = line[0] == '4' || line[0] == '5';

	if (link->last_reply != NULL && !is_refusal)
		return;
	g_autofree char *text = text_from_octets(line, -1);
	g_free(link->last_reply);
	link->last_reply = text_clean_line(text);
}

/* libcurl hands each line of the greeting here.  A 220 is the banner or the
 * start of TLS: what was offered before it does not count any more. */
static size_t
on_line(char *data, size_t size, size_t count, void *user)
{
	SmtpLink *link = user;
	size_t octets = size * count;
	g_autofree char *line = g_strndup(data, MIN(octets, SMTP_LINE_MAX));

	link->greeted += octets;
	if (link->greeted > SMTP_GREETING_OCTETS_MAX)
		return 0;
	if (g_str_has_prefix(line, "220"))
		memset(&link->peer, 0, sizeof link->peer);
	smtp_peer_learn(&link->peer, line);
	remember(link, line);
	return octets;
}

/* An address of 127/8 or ::1, or the name localhost. */
static bool
is_loopback(const char *url)
{
	g_autofree char *host = NULL;
	struct in6_addr six;
	struct in_addr four;

	if (!g_uri_split_network(url, G_URI_FLAGS_NONE, NULL, &host, NULL,
	                         NULL))
		return false;
	if (inet_pton(AF_INET, host, &four) == 1)
		return ntohl(four.s_addr) >> 24 == IN_LOOPBACKNET;
	if (inet_pton(AF_INET6, host, &six) == 1)
		return IN6_IS_ADDR_LOOPBACK(&six);
	return g_ascii_strcasecmp(host, "localhost") == 0;
}

/* scheme://host:port/OUR-NAME: the path is what libcurl says in EHLO. */
static char *
url_with_name(const SmtpLink *link)
{
	const char *url = link->settings->url;
	const char *host = strstr(url, "://");
	size_t length = host == NULL ? strlen(url)
	                             : (size_t)(host + 3 - url) +
	                                       strcspn(host + 3, "/");

	return g_strdup_printf("%.*s/%s", (int)length, url, link->ehlo_name);
}

static void
set_security(SmtpLink *link)
{
	const Smtp *settings = link->settings;
	const CurlTable *lib = link->lib;
	bool in_clear = g_strcmp0(settings->tls, "never") == 0;

	lib->setopt(link->curl, CURLOPT_USE_SSL,
	            (long)(in_clear ? CURLUSESSL_NONE : CURLUSESSL_ALL));
	lib->setopt(link->curl, CURLOPT_SSLVERSION,
	            (long)CURL_SSLVERSION_TLSv1_2);
	lib->setopt(link->curl, CURLOPT_SSL_VERIFYPEER, 1L);
	lib->setopt(link->curl, CURLOPT_SSL_VERIFYHOST, 2L);
	if (settings->ca_file != NULL)
		lib->setopt(link->curl, CURLOPT_CAINFO, settings->ca_file);
}

static void
set_login(SmtpLink *link)
{
	const Smtp *settings = link->settings;
	const CurlTable *lib = link->lib;
	bool is_token = g_strcmp0(settings->auth, "xoauth2") == 0 ||
	                g_strcmp0(settings->auth, "oauthbearer") == 0;

	if (settings->user == NULL)
		return;
	lib->setopt(link->curl, CURLOPT_USERNAME, settings->user);
	lib->setopt(link->curl,
	            is_token ? CURLOPT_XOAUTH2_BEARER : CURLOPT_PASSWORD,
	            settings->password == NULL ? "" : settings->password);
	if (settings->auth == NULL)
		return;
	g_autofree char *upper = g_ascii_strup(settings->auth, -1);
	g_autofree char *options = g_strconcat("AUTH=", upper, NULL);
	lib->setopt(link->curl, CURLOPT_LOGIN_OPTIONS, options);
}

static void
set_options(SmtpLink *link, char *why)
{
	const CurlTable *lib = link->lib;
	g_autofree char *url = url_with_name(link);

	lib->setopt(link->curl, CURLOPT_URL, url);
	lib->setopt(link->curl, CURLOPT_PROTOCOLS_STR, "smtp,smtps");
	lib->setopt(link->curl, CURLOPT_CONNECT_ONLY, 1L);
	lib->setopt(link->curl, CURLOPT_NOSIGNAL, 1L);
	lib->setopt(link->curl, CURLOPT_PROXY, ""); /* not the environment's */
	lib->setopt(link->curl, CURLOPT_ERRORBUFFER, why);
	lib->setopt(link->curl, CURLOPT_HEADERFUNCTION, on_line);
	lib->setopt(link->curl, CURLOPT_HEADERDATA, link);
	lib->setopt(link->curl, CURLOPT_CONNECTTIMEOUT_MS,
	            (long)link->times.connect);
	lib->setopt(link->curl, CURLOPT_TIMEOUT_MS,
	            (long)link->times.connect + 2L * link->times.reply);
	lib->setopt(link->curl, CURLOPT_SERVER_RESPONSE_TIMEOUT,
	            MAX(1L, (long)link->times.reply / 1000));
	set_security(link);
	set_login(link);
}

/* The result of a link that did not come up. */
static void
fail_link(SmtpLink *link, CURLcode code, const char *why,
          SmtpResult *out_result)
{
	const char *reply = link->last_reply;
	bool is_refusal = reply != NULL && (reply[0] == '4' || reply[0] == '5');

	memset(out_result, 0, sizeof *out_result);
	out_result->phase = code == CURLE_LOGIN_DENIED ? SMTP_PHASE_AUTH
	                                               : SMTP_PHASE_CONNECT;
	if (is_refusal) {
		out_result->code = (int)g_ascii_strtoll(reply, NULL, 10);
		out_result->reply = g_strdup(reply);
	}
	out_result->fault =
		g_strdup_printf("%s: %s", link->settings->url,
	                        *why != '\0' ? why : link->lib->strerror(code));
	drop(link);
}

static bool
refuse_link(SmtpLink *link, const char *why, SmtpResult *out_result)
{
	memset(out_result, 0, sizeof *out_result);
	out_result->phase = SMTP_PHASE_CONNECT;
	out_result->fault = g_strdup_printf("%s: %s",
	                                    link->settings->url == NULL
	                                            ? "smtp"
	                                            : link->settings->url,
	                                    why);
	return false;
}

/* What can be said before a connection is tried. */
static bool
may_connect(SmtpLink *link, SmtpResult *out_result)
{
	const Smtp *settings = link->settings;
	g_autoptr(GError) error = NULL;

	if (settings->url == NULL)
		return refuse_link(link, "no server is configured (url)",
		                   out_result);
	if (g_strcmp0(settings->tls, "never") == 0 &&
	    !is_loopback(settings->url))
		return refuse_link(link,
		                   "tls = \"never\" is for this machine only",
		                   out_result);
	link->lib = curl_lazy(&error);
	if (link->lib == NULL)
		return refuse_link(link, error->message, out_result);
	return true;
}

static bool
connect_link(SmtpLink *link, SmtpResult *out_result)
{
	char why[CURL_ERROR_SIZE] = "";
	curl_socket_t fd = CURL_SOCKET_BAD;

	if (!may_connect(link, out_result))
		return false;
	link->curl = link->lib->init();
	link->greeted = 0;
	memset(&link->peer, 0, sizeof link->peer);
	set_options(link, why);
	FAULT_POINT("send.connect");
	CURLcode code = link->lib->perform(link->curl);
	if (code == CURLE_OK)
		code = link->lib->getinfo(link->curl, CURLINFO_ACTIVESOCKET,
		                          &fd);
	if (code != CURLE_OK || fd == CURL_SOCKET_BAD) {
		fail_link(link, code, why, out_result);
		return false;
	}
	/* why lives on this stack */
	link->lib->setopt(link->curl, CURLOPT_ERRORBUFFER, NULL);
	link->fd = fd;
	FAULT_POINT("send.connected");
	return true;
}

/* ---- octets ----------------------------------------------------------------
 */

/* 1: something moved; 0: nothing to do now; -1: the session was broken. */
static int
read_some(SmtpLink *link, SmtpSession *session)
{
	char data[READ_STEP];
	size_t got = 0;
	CURLcode code = link->lib->recv(link->curl, data, sizeof data, &got);

	if (code == CURLE_AGAIN)
		return 0;
	if (code != CURLE_OK || got == 0) {
		smtp_session_break(session, "the server closed the connection");
		return -1;
	}
	if (smtp_session_phase(session) == SMTP_PHASE_FINAL)
		FAULT_POINT("send.final-reply");
	smtp_session_input(session, data, got);
	return 1;
}

/* The server may have said why before it stopped reading. */
static int
lose(SmtpLink *link, SmtpSession *session)
{
	while (!smtp_session_is_done(session) && read_some(link, session) > 0)
		continue;
	smtp_session_break(session, "the connection was lost while writing");
	return -1;
}

static int
write_some(SmtpLink *link, SmtpSession *session)
{
	const char *data;
	size_t size = smtp_session_output(session, &data);
	bool ends_body = smtp_session_ends_body(session);
	size_t sent = 0;

	if (size == 0)
		return 0;
	if (ends_body)
		FAULT_POINT("send.last-octet");
	CURLcode code = link->lib->send(link->curl, data, size, &sent);
	if (code == CURLE_AGAIN)
		return 0;
	if (code != CURLE_OK)
		return lose(link, session);
	smtp_session_wrote(session, sent);
	if (ends_body && sent == size)
		FAULT_POINT("send.handed-over");
	return 1;
}

/* How long the present phase may last, from its beginning. */
static int
allowance(const SmtpLink *link, SmtpPhase phase, size_t body_size)
{
	size_t body_ms = body_size / (size_t)link->times.body_octets;

	if (phase == SMTP_PHASE_FINAL)
		return link->times.final;
	if (phase == SMTP_PHASE_BODY)
		return link->times.reply + (int)MIN(body_ms, G_MAXINT / 2);
	return link->times.reply;
}

/* Carries octets both ways until the session is done.  Reading is tried before
 * waiting, since TLS may hold octets that poll() does not see. */
static void
carry(SmtpLink *link, SmtpSession *session, size_t body_size)
{
	SmtpPhase phase = smtp_session_phase(session);
	int64_t deadline = in_ms(allowance(link, phase, body_size));

	while (!smtp_session_is_done(session)) {
		const char *data;
		int wrote = write_some(link, session);
		int got = wrote < 0 ? -1 : read_some(link, session);

		if (smtp_session_phase(session) != phase) {
			phase = smtp_session_phase(session);
			deadline = in_ms(allowance(link, phase, body_size));
		}
		if (wrote != 0 || got != 0)
			continue;
		bool has_output = smtp_session_output(session, &data) > 0;
		if (!wait_for(link, has_output ? POLLIN | POLLOUT : POLLIN,
		              deadline))
			smtp_session_break(session,
			                   "the server did not answer in time");
	}
}

/* A kept link must be silent before the next mail: octets now would be taken
 * for replies to it, and an end means that the server has hung up. */
static bool
is_alive(SmtpLink *link)
{
	char data;
	size_t got = 0;

	return link->lib->recv(link->curl, &data, 1, &got) == CURLE_AGAIN;
}

static bool
converse(SmtpLink *link, const SmtpMail *mail, SmtpResult *out_result)
{
	if (link->curl != NULL && !is_alive(link))
		drop(link);
	if (link->curl == NULL && !connect_link(link, out_result))
		return false;
	g_autoptr(SmtpSession) session = smtp_session_new(&link->peer, mail);
	bool was_used = link->is_used;
	carry(link, session, g_bytes_get_size(mail->body));
	smtp_session_result(session, out_result);
	link->is_used = true;
	if (!out_result->is_reusable)
		drop(link);
	return was_used;
}

/* The kept link ended before this mail's body: that says nothing about it. */
static bool
is_stale_link(const SmtpResult *result)
{
	return result->phase >= SMTP_PHASE_MAIL &&
	       result->phase <= SMTP_PHASE_DATA &&
	       (result->code == 0 || result->code == 421);
}

void
smtp_link_send(SmtpLink *link, const SmtpMail *mail, SmtpResult *out_result)
{
	bool was_used = converse(link, mail, out_result);

	if (!was_used || !is_stale_link(out_result))
		return;
	smtp_result_clear(out_result);
	converse(link, mail, out_result);
}

void
smtp_link_close(SmtpLink *link)
{
	char data[READ_STEP];
	size_t count = 0;

	/* the answer is waited for a moment, so that QUIT is not cut off */
	if (link->curl != NULL &&
	    link->lib->send(link->curl, "QUIT\r\n", 6, &count) == CURLE_OK &&
	    wait_for(link, POLLIN, in_ms(SMTP_QUIT_MS)))
		link->lib->recv(link->curl, data, sizeof data, &count);
	drop(link);
}
