#define _GNU_SOURCE /* memfd_create() */
#include "intake/receiver.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/error.h"
#include "base/fault.h"
#include "base/io.h"

/* door, key, sender, recipients, octets, index of the descriptor or -1, size */
#define BATCH_TYPE "a(smsmsasayix)"

/* the batch itself, and a file for each large mail */
#define DESCRIPTORS_MAX (RECEIVER_BATCH_MAX + 1)

#define WHY_MAX 256

typedef struct Request {
	gsize size; /* of the batch, in the first descriptor */
	unsigned count;
	unsigned descriptors;
} Request;

typedef struct Answer {
	bool is_committed;
	int code; /* of the error */
	char why[WHY_MAX];
	Verdict verdicts[RECEIVER_BATCH_MAX];
} Answer;

struct Receiver {
	const Desk *desk;
	pid_t pid; /* 0: none */
	int fd;
	unsigned count; /* mails in his hands */
	gint64 deadline;
};

/* ---- over the socket ---- */

typedef union ControlRoom {
	struct cmsghdr header;
	char octets[CMSG_SPACE(sizeof(int) * DESCRIPTORS_MAX)];
} ControlRoom;

static bool
send_request(int fd, const Request *request, const int *descriptors)
{
	ControlRoom room = { 0 };
	struct iovec iov = { (void *)(uintptr_t)request, sizeof *request };
	size_t size = sizeof(int) * request->descriptors;
	struct msghdr message = { .msg_iov = &iov,
		                  .msg_iovlen = 1,
		                  .msg_control = room.octets,
		                  .msg_controllen = CMSG_SPACE(size) };
	struct cmsghdr *control = CMSG_FIRSTHDR(&message);

	control->cmsg_level = SOL_SOCKET;
	control->cmsg_type = SCM_RIGHTS;
	control->cmsg_len = CMSG_LEN(size);
	memcpy(CMSG_DATA(control), descriptors, size);
	return sendmsg(fd, &message, MSG_NOSIGNAL) == (ssize_t)sizeof *request;
}

/* Fills descriptors, which the caller closes; false: the door is gone. */
static bool
receive_request(int fd, Request *request, int *descriptors)
{
	ControlRoom room = { 0 };
	struct iovec iov = { request, sizeof *request };
	struct msghdr message = { .msg_iov = &iov,
		                  .msg_iovlen = 1,
		                  .msg_control = room.octets,
		                  .msg_controllen = sizeof room.octets };
	ssize_t got;

	do
		got = recvmsg(fd, &message, MSG_CMSG_CLOEXEC);
	while (got < 0 && errno == EINTR);
	struct cmsghdr *control = CMSG_FIRSTHDR(&message);
	if (got != (ssize_t)sizeof *request || control == NULL)
		return false;
	g_assert(request->descriptors <= DESCRIPTORS_MAX);
	memcpy(descriptors, CMSG_DATA(control),
	       sizeof(int) * request->descriptors);
	return true;
}

/* ---- the batch as octets ---- */

static GVariant *
recipients_variant(const GPtrArray *recipients)
{
	GVariantBuilder builder;

	g_variant_builder_init(&builder, G_VARIANT_TYPE("as"));
	for (unsigned i = 0; i < recipients->len; i++)
		if (*(const char *)recipients->pdata[i] != '\0')
			g_variant_builder_add(&builder, "s",
			                      recipients->pdata[i]);
	return g_variant_builder_end(&builder);
}

static GVariant *
offer_variant(const Offer *offer, int index)
{
	const void *memory = spool_memory(offer->octets);
	gsize size = memory == NULL ? 0 : spool_size(offer->octets);

	return g_variant_new("(smsms@as@ayix)", offer->door, offer->door_key,
	                     offer->sender,
	                     recipients_variant(offer->recipients),
	                     g_variant_new_fixed_array(G_VARIANT_TYPE_BYTE,
	                                               memory, size, 1),
	                     (gint32)index, (gint64)spool_size(offer->octets));
}

/* descriptors[0] stays free for the batch itself. */
static GVariant *
batch_variant(const Offer *offers, unsigned count, int *descriptors,
              unsigned *out_used)
{
	GVariantBuilder builder;
	unsigned used = 1;

	g_variant_builder_init(&builder, G_VARIANT_TYPE(BATCH_TYPE));
	for (unsigned i = 0; i < count; i++) {
		int fd = spool_descriptor(offers[i].octets);
		int index = fd < 0 ? -1 : (int)used;

		if (fd >= 0)
			descriptors[used++] = fd;
		g_variant_builder_add_value(&builder,
		                            offer_variant(&offers[i], index));
	}
	*out_used = used;
	return g_variant_ref_sink(g_variant_builder_end(&builder));
}

/* A descriptor of nameless memory with the batch in it, or -1. */
static int
write_batch(GVariant *batch, GError **error)
{
	int fd = memfd_create("postigo-batch", MFD_CLOEXEC);

	if (fd < 0) {
		error_set_errno(error, ERROR_LATER, "memfd_create");
		return -1;
	}
	if (io_write_all(fd, g_variant_get_data(batch),
	                 g_variant_get_size(batch), error))
		return fd;
	close(fd);
	return -1;
}

/* ---- the child ---- */

typedef struct Batch {
	unsigned count;
	GVariant *variant;
	Arrival arrivals[RECEIVER_BATCH_MAX];
} Batch;

static void
batch_clear(Batch *batch)
{
	for (unsigned i = 0; i < batch->count; i++) {
		g_free((gpointer)(uintptr_t)batch->arrivals[i].recipients);
		g_clear_pointer(&batch->arrivals[i].raw, g_bytes_unref);
	}
	g_clear_pointer(&batch->variant, g_variant_unref);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Batch, batch_clear)

static bool
read_arrival(GVariant *variant, const int *descriptors, Arrival *arrival,
             GError **error)
{
	g_autoptr(GVariant) octets = NULL;
	gint32 index;
	gint64 size;

	g_variant_get(variant, "(&sm&sm&s^a&s@ayix)", &arrival->door,
	              &arrival->door_key, &arrival->sender,
	              &arrival->recipients, &octets, &index, &size);
	arrival->raw =
		index < 0 ? g_variant_get_data_as_bytes(octets)
			  : spool_map(descriptors[index], (gsize)size, error);
	return arrival->raw != NULL;
}

static bool
read_batch(const Request *request, const int *descriptors, Batch *batch,
           GError **error)
{
	g_autoptr(GBytes) octets =
		spool_map(descriptors[0], request->size, error);

	if (octets == NULL)
		return false;
	batch->variant = g_variant_ref_sink(
		g_variant_new_from_bytes(G_VARIANT_TYPE(BATCH_TYPE), octets,
	                                 TRUE));
	for (batch->count = 0; batch->count < request->count; batch->count++) {
		g_autoptr(GVariant) child =
			g_variant_get_child_value(batch->variant, batch->count);
		if (!read_arrival(child, descriptors,
		                  &batch->arrivals[batch->count], error))
			return false;
	}
	return true;
}

static bool
take_in(Clerk *clerk, const Request *request, const int *descriptors,
        Answer *answer, GError **error)
{
	g_auto(Batch) batch = { 0 };

	return read_batch(request, descriptors, &batch, error) &&
	       clerk_receive(clerk, batch.arrivals, batch.count,
	                     answer->verdicts, error);
}

/* False: it failed, and the process is to end. */
static bool
serve_request(Clerk *clerk, int fd, const Request *request,
              const int *descriptors)
{
	g_autoptr(GError) error = NULL;
	Answer answer = { 0 };

	answer.is_committed =
		take_in(clerk, request, descriptors, &answer, &error);
	if (!answer.is_committed) {
		answer.code = error->code;
		g_strlcpy(answer.why, error->message, sizeof answer.why);
	}
	FAULT_POINT("receiver.committed");
	return send(fd, &answer, sizeof answer, MSG_NOSIGNAL) ==
	               (ssize_t)sizeof answer &&
	       answer.is_committed;
}

static void
refuse_request(int fd, const GError *error)
{
	Answer answer = { .code = error->code };

	g_strlcpy(answer.why, error->message, sizeof answer.why);
	send(fd, &answer, sizeof answer, MSG_NOSIGNAL);
}

/* Mails are his own memory, and what is freed may be of use for the next. */
static void G_GNUC_NORETURN
work(const Desk *desk, int fd)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(Clerk) clerk = clerk_new(desk, &error);
	int descriptors[DESCRIPTORS_MAX];
	Request request;
	bool goes_on = true;

	while (goes_on && receive_request(fd, &request, descriptors)) {
		if (clerk == NULL)
			refuse_request(fd, error);
		goes_on = clerk != NULL &&
		          serve_request(clerk, fd, &request, descriptors);
		for (unsigned i = 0; i < request.descriptors; i++)
			close(descriptors[i]);
	}
	g_clear_pointer(&clerk, clerk_free);
	_exit(EXIT_SUCCESS);
}

/* The door's connections are none of his; and he goes when the door goes. */
static void
become_receiver(int fd)
{
	static const int standard[] = { SIGTERM, SIGINT, SIGHUP, SIGCHLD };
	sigset_t none;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	prctl(PR_SET_NAME, "postigo-clerk");
	for (unsigned i = 0; i < G_N_ELEMENTS(standard); i++)
		signal(standard[i], SIG_DFL);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	dup2(fd, STDERR_FILENO + 1);
	close_range(STDERR_FILENO + 2, ~0U, 0);
}

/* ---- the door's side ---- */

Receiver *
receiver_new(const Desk *desk)
{
	Receiver *receiver = g_new0(Receiver, 1);

	receiver->desk = desk;
	receiver->fd = -1;
	return receiver;
}

static void
reap(pid_t pid)
{
	while (waitpid(pid, NULL, 0) < 0 && errno == EINTR)
		;
}

/* He sees that the door is gone, and ends between two batches. */
static void
let_go(Receiver *receiver)
{
	if (receiver->pid == 0)
		return;
	close(receiver->fd);
	reap(receiver->pid);
	receiver->pid = 0;
	receiver->fd = -1;
	receiver->count = 0;
}

static void
end(Receiver *receiver)
{
	if (receiver->pid != 0)
		kill(receiver->pid, SIGKILL);
	let_go(receiver);
}

void
receiver_free(Receiver *receiver)
{
	if (receiver == NULL)
		return;
	if (receiver->count > 0)
		end(receiver);
	else
		let_go(receiver);
	g_free(receiver);
}

static bool
start(Receiver *receiver, GError **error)
{
	int ends[2];

	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) != 0)
		return error_set_errno(error, ERROR_LATER, "socketpair");
	pid_t pid = fork();
	if (pid == 0) {
		become_receiver(ends[1]);
		work(receiver->desk, STDERR_FILENO + 1);
	}
	close(ends[1]);
	if (pid < 0) {
		close(ends[0]);
		return error_set_errno(error, ERROR_LATER, "fork");
	}
	receiver->pid = pid;
	receiver->fd = ends[0];
	return true;
}

static bool
give(Receiver *receiver, GVariant *batch, int *descriptors,
     const Request *request, GError **error)
{
	descriptors[0] = write_batch(batch, error);
	if (descriptors[0] < 0)
		return false;
	bool is_given =
		send_request(receiver->fd, request, descriptors) ||
		error_set_errno(error, ERROR_LATER, "hand over a batch");
	close(descriptors[0]);
	return is_given;
}

bool
receiver_give(Receiver *receiver, const Offer *offers, unsigned count,
              GError **error)
{
	int descriptors[DESCRIPTORS_MAX];
	Request request = { .count = count };

	g_assert(receiver->count == 0);
	g_assert(count > 0 && count <= RECEIVER_BATCH_MAX);
	if (receiver->pid == 0 && !start(receiver, error))
		return false;
	g_autoptr(GVariant) batch =
		batch_variant(offers, count, descriptors, &request.descriptors);
	request.size = g_variant_get_size(batch);
	if (!give(receiver, batch, descriptors, &request, error)) {
		end(receiver);
		return false;
	}
	receiver->count = count;
	receiver->deadline = g_get_monotonic_time() +
	                     (gint64)RECEIVER_SECONDS * G_USEC_PER_SEC;
	return true;
}

int
receiver_descriptor(const Receiver *receiver)
{
	return receiver->count > 0 ? receiver->fd : -1;
}

gint64
receiver_deadline(const Receiver *receiver)
{
	return receiver->deadline;
}

/* false: he died, or it took too long. */
static bool
read_answer(const Receiver *receiver, Answer *answer)
{
	struct pollfd one = { receiver->fd, POLLIN, 0 };
	ssize_t got;
	int ready;

	do {
		gint64 left = receiver->deadline - g_get_monotonic_time();
		ready = poll(&one, 1, (int)MAX(left / 1000, (gint64)0));
	} while (ready < 0 && errno == EINTR);
	if (ready <= 0)
		return false;
	do
		got = recv(receiver->fd, answer, sizeof *answer, 0);
	while (got < 0 && errno == EINTR);
	return got == (ssize_t)sizeof *answer;
}

bool
receiver_take(Receiver *receiver, Verdict *out_verdicts, bool *out_died,
              GError **error)
{
	Answer answer;
	bool is_read = read_answer(receiver, &answer);

	g_assert(receiver->count > 0);
	if (out_died != NULL)
		*out_died = !is_read;
	if (!is_read || !answer.is_committed) {
		end(receiver);
		return error_set(error,
		                 is_read ? (ErrorCode)answer.code : ERROR_LATER,
		                 "%s", is_read ? answer.why : "the clerk died");
	}
	memcpy(out_verdicts, answer.verdicts,
	       receiver->count * sizeof *out_verdicts);
	receiver->count = 0;
	return true;
}

static GBytes *
octets_of(const Offer *offer)
{
	const void *memory = spool_memory(offer->octets);
	size_t size = spool_size(offer->octets);

	return memory != NULL
	               ? g_bytes_new(memory, size)
	               : spool_map(spool_descriptor(offer->octets), size, NULL);
}

void
receiver_note_death(const Receiver *receiver, const Offer *offer)
{
	pid_t pid = fork();

	if (pid == 0) {
		g_autoptr(Clerk) clerk = clerk_new(receiver->desk, NULL);
		g_autoptr(GBytes) raw = octets_of(offer);

		if (clerk != NULL && raw != NULL)
			clerk_note_death(clerk, raw, NULL);
		_exit(EXIT_SUCCESS);
	}
	if (pid > 0)
		reap(pid);
}
