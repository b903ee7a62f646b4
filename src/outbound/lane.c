#include "outbound/lane.h"

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>
#ifdef __linux__
#include <sys/prctl.h>
#endif

#include "base/error.h"
#include "base/io.h"

#include "outbound/smtp.h"

struct Lane {
	const LaneCarrier *carrier;
	const void *settings;
	const char *ehlo_name;
	bool is_process;
	bool is_busy;
	void *link;        /* in this process; NULL before the first mail */
	SmtpResult result; /* in this process, of the mail that was begun */
	pid_t pid;         /* of the child; 0: there is none */
	int fd;
};

/* ---- what goes over the socket pair -----------------------------------------
 */

typedef enum Wish { WISH_SEND, WISH_REST, WISH_END } Wish;

#define NO_TEXT UINT32_MAX

/* Followed by sender, recipient, envelope id and body. */
typedef struct Request {
	uint32_t wish;
	uint32_t sender;
	uint32_t recipient;
	uint32_t envelope_id; /* NO_TEXT: none */
	uint64_t body;
} Request;

/* Followed by reply and fault. */
typedef struct Answer {
	int32_t phase;
	int32_t code;
	char enhanced[SMTP_ENHANCED_MAX];
	uint32_t is_reusable;
	uint32_t reply; /* NO_TEXT: none */
	uint32_t fault;
} Answer;

static uint32_t
length_of(const char *text)
{
	return text == NULL ? NO_TEXT : (uint32_t)strlen(text);
}

static bool
put_text(int fd, const char *text)
{
	return text == NULL || io_write_all(fd, text, strlen(text), NULL);
}

/* Both ends are this program: the length is believed. */
static bool
get_text(int fd, uint32_t length, char **out_text)
{
	*out_text = NULL;
	if (length == NO_TEXT)
		return true;
	*out_text = g_malloc0((gsize)length + 1);
	return length == 0 || io_read_exactly(fd, *out_text, length, NULL);
}

static bool
put_mail(int fd, const SmtpMail *mail)
{
	gsize size;
	const void *data = g_bytes_get_data(mail->body, &size);
	Request request = { WISH_SEND, length_of(mail->sender),
		            length_of(mail->recipient),
		            length_of(mail->envelope_id), size };

	return io_write_all(fd, &request, sizeof request, NULL) &&
	       put_text(fd, mail->sender) && put_text(fd, mail->recipient) &&
	       put_text(fd, mail->envelope_id) &&
	       (size == 0 || io_write_all(fd, data, size, NULL));
}

static bool
put_result(int fd, const SmtpResult *result)
{
	Answer answer = { .phase = (int32_t)result->phase,
		          .code = result->code,
		          .is_reusable = result->is_reusable,
		          .reply = length_of(result->reply),
		          .fault = length_of(result->fault) };

	memcpy(answer.enhanced, result->enhanced, SMTP_ENHANCED_MAX);
	return io_write_all(fd, &answer, sizeof answer, NULL) &&
	       put_text(fd, result->reply) && put_text(fd, result->fault);
}

static bool
get_result(int fd, SmtpResult *out_result)
{
	Answer answer;

	memset(out_result, 0, sizeof *out_result);
	if (!io_read_exactly(fd, &answer, sizeof answer, NULL))
		return false;
	out_result->phase = (SmtpPhase)answer.phase;
	out_result->code = answer.code;
	out_result->is_reusable = answer.is_reusable != 0;
	memcpy(out_result->enhanced, answer.enhanced, SMTP_ENHANCED_MAX);
	return get_text(fd, answer.reply, &out_result->reply) &&
	       get_text(fd, answer.fault, &out_result->fault);
}

/* ---- the child ---- */

static bool
serve_mail(const Lane *lane, void *link, int fd, const Request *request)
{
	g_autofree char *sender = NULL;
	g_autofree char *recipient = NULL;
	g_autofree char *envelope_id = NULL;
	SmtpResult result;

	if (!get_text(fd, request->sender, &sender) ||
	    !get_text(fd, request->recipient, &recipient) ||
	    !get_text(fd, request->envelope_id, &envelope_id))
		return false;
	char *data = g_malloc((gsize)request->body + 1);
	bool is_read = request->body == 0 ||
	               io_read_exactly(fd, data, (size_t)request->body, NULL);
	g_autoptr(GBytes) body = g_bytes_new_take(data, (gsize)request->body);
	if (!is_read)
		return false;
	SmtpMail mail = { sender, recipient, envelope_id, body };
	lane->carrier->send(link, &mail, &result);
	bool ok = put_result(fd, &result);
	smtp_result_clear(&result);
	return ok;
}

/* A stop is the parent's affair: he waits for the mail at hand. */
static void
serve(const Lane *lane, int fd, pid_t parent)
{
	void *link;
	Request request;

	signal(SIGINT, SIG_IGN);
	signal(SIGTERM, SIG_IGN);
	signal(SIGPIPE, SIG_IGN);
#ifdef __linux__
	prctl(PR_SET_PDEATHSIG, SIGKILL);
#endif
	if (getppid() != parent)
		return;
	link = lane->carrier->open(lane->settings, lane->ehlo_name);
	while (io_read_exactly(fd, &request, sizeof request, NULL) &&
	       request.wish != WISH_END) {
		if (request.wish == WISH_REST)
			lane->carrier->rest(link);
		else if (!serve_mail(lane, link, fd, &request))
			break;
	}
	lane->carrier->close(link);
}

static bool
start_child(Lane *lane, GError **error)
{
	int pair[2];
	pid_t parent = getpid();

	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) != 0)
		return error_set_errno(error, ERROR_LATER, "socketpair");
	lane->pid = fork();
	if (lane->pid < 0) {
		error_set_errno(error, ERROR_LATER, "fork");
		close(pair[0]);
		close(pair[1]);
		lane->pid = 0;
		return false;
	}
	if (lane->pid == 0) {
		close(pair[0]);
		serve(lane, pair[1], parent);
		_exit(0);
	}
	close(pair[1]);
	lane->fd = pair[0];
	return true;
}

static void
drop_child(Lane *lane)
{
	if (lane->pid == 0)
		return;
	close(lane->fd);
	while (waitpid(lane->pid, NULL, 0) < 0 && errno == EINTR)
		continue;
	lane->pid = 0;
	lane->fd = -1;
}

/* ---- the parent ---- */

static void *
open_smtp(const void *settings, const char *ehlo_name)
{
	return smtp_link_new(settings, ehlo_name, NULL);
}

static void
send_smtp(void *link, const SmtpMail *mail, SmtpResult *out_result)
{
	smtp_link_send(link, mail, out_result);
}

static void
rest_smtp(void *link)
{
	smtp_link_close(link);
}

static void
close_smtp(void *link)
{
	smtp_link_free(link);
}

const LaneCarrier lane_smtp = { open_smtp, send_smtp, rest_smtp, close_smtp };

Lane *
lane_new(const LaneCarrier *carrier, const void *settings,
         const char *ehlo_name, bool is_process)
{
	Lane *lane = g_new0(Lane, 1);

	lane->carrier = carrier;
	lane->settings = settings;
	lane->ehlo_name = ehlo_name;
	lane->is_process = is_process;
	lane->fd = -1;
	return lane;
}

static void
wish(const Lane *lane, Wish what)
{
	Request request = { .wish = (uint32_t)what };

	io_write_all(lane->fd, &request, sizeof request, NULL);
}

void
lane_free(Lane *lane)
{
	if (lane == NULL)
		return;
	if (lane->pid != 0 && lane->is_busy)
		kill(lane->pid, SIGKILL);
	else if (lane->pid != 0)
		wish(lane, WISH_END);
	drop_child(lane);
	if (lane->link != NULL)
		lane->carrier->close(lane->link);
	smtp_result_clear(&lane->result);
	g_free(lane);
}

/* A child that had died since its last mail is replaced once: nothing of this
 * mail has left yet. */
static bool
start_in_child(Lane *lane, const SmtpMail *mail, GError **error)
{
	for (unsigned tries = 0; tries < 2; tries++) {
		if (lane->pid == 0 && !start_child(lane, error))
			return false;
		if (put_mail(lane->fd, mail))
			return true;
		drop_child(lane);
	}
	return error_set(error, ERROR_LATER, "a lane's process does not stay");
}

bool
lane_start(Lane *lane, const SmtpMail *mail, GError **error)
{
	g_assert(!lane->is_busy);
	if (lane->is_process && !start_in_child(lane, mail, error))
		return false;
	lane->is_busy = true;
	if (lane->is_process)
		return true;
	if (lane->link == NULL)
		lane->link =
			lane->carrier->open(lane->settings, lane->ehlo_name);
	lane->carrier->send(lane->link, mail, &lane->result);
	return true;
}

bool
lane_is_busy(const Lane *lane)
{
	return lane->is_busy;
}

int
lane_fd(const Lane *lane)
{
	return lane->is_busy ? lane->fd : -1;
}

void
lane_finish(Lane *lane, SmtpResult *out_result)
{
	g_assert(lane->is_busy);
	lane->is_busy = false;
	if (!lane->is_process) {
		*out_result = lane->result;
		memset(&lane->result, 0, sizeof lane->result);
		return;
	}
	if (get_result(lane->fd, out_result))
		return;
	drop_child(lane);
	smtp_result_clear(out_result);
	out_result->phase = SMTP_PHASE_FINAL;
	out_result->fault = g_strdup("the process that had the mail died");
}

void
lane_rest(Lane *lane)
{
	if (lane->pid != 0 && !lane->is_busy)
		wish(lane, WISH_REST);
	if (lane->link != NULL)
		lane->carrier->rest(lane->link);
}
