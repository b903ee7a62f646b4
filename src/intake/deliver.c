#include "intake/deliver.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <sysexits.h>
#include <unistd.h>

#include "base/error.h"
#include "base/fault.h"
#include "base/io.h"
#include "base/log.h"
#include "base/spool.h"

#define STEP_OCTETS 65536

/* What the parent holds; its child maps it. */
static GBytes *
octets_of(const Spool *spool, GError **error)
{
	const void *memory = spool_memory(spool);

	return memory != NULL ? g_bytes_new_static(memory, spool_size(spool))
	                      : spool_map(spool_descriptor(spool),
	                                  spool_size(spool), error);
}

#include "intake/handover.h"

/* ---- the child ---- */

static bool
receive(const DeliverOptions *options, GBytes *raw, Verdict *out_verdict,
        GError **error)
{
	g_autoptr(Desk) desk = options->load(options->config_path, error);
	Arrival arrival = { .door = "pipe",
		            .sender = options->sender,
		            .recipients = options->recipients,
		            .raw = raw };

	if (desk == NULL)
		return false;
	*out_verdict = (Verdict){ 0 };
	HandoverMail mail = { arrival.door, arrival.sender, arrival.recipients,
		              raw };
	Handover handover = handover_mail(desk, &mail);
	if (handover != HANDOVER_NOBODY)
		return handover == HANDOVER_TAKEN ||
		       error_set(error, ERROR_LATER, "serve did not take it");
	g_autoptr(Clerk) clerk = clerk_new(desk, error);
	return clerk != NULL &&
	       clerk_receive(clerk, &arrival, 1, out_verdict, error);
}

static void
log_verdict(const Verdict *verdict)
{
	g_autofree char *delivery =
		g_strdup_printf("%" G_GINT64_FORMAT, verdict->delivery);
	g_autofree char *ticket =
		g_strdup_printf("%" G_GINT64_FORMAT, verdict->ticket);

	log_event(LOG_LEVEL_NOTICE, "delivered", "delivery", delivery, "state",
	          delivery_state_name(verdict->state), "ticket", ticket, NULL);
}

static int
work(const DeliverOptions *options, const Spool *spool)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(GBytes) raw = octets_of(spool, &error);
	Verdict verdict;

	if (raw == NULL || !receive(options, raw, &verdict, &error)) {
		log_event(LOG_LEVEL_ERROR, "deferred", "why", error->message,
		          NULL);
		return EX_TEMPFAIL;
	}
	if (verdict.delivery != 0) /* else serve has told it */
		log_verdict(&verdict);
	FAULT_POINT("deliver.committed");
	return EXIT_SUCCESS;
}

/* The one before died of this mail: say so, for the third time counts. */
static int
note_death(const DeliverOptions *options, const Spool *spool)
{
	g_autoptr(GBytes) raw = octets_of(spool, NULL);
	g_autoptr(Desk) desk = options->load(options->config_path, NULL);
	g_autoptr(Clerk) clerk = desk == NULL ? NULL : clerk_new(desk, NULL);

	if (clerk != NULL && raw != NULL)
		clerk_note_death(clerk, raw, NULL);
	return EX_TEMPFAIL;
}

/* ---- the parent ---- */

static volatile sig_atomic_t child_pid;

/* A signal to us must not look like a crash: Exim bounces on those. */
static void
on_signal(int signal_number)
{
	(void)signal_number;
	if (child_pid > 0)
		kill((pid_t)child_pid, SIGKILL);
	_exit(EX_TEMPFAIL);
}

static const int fatal_signals[] = { SIGHUP,  SIGINT,  SIGQUIT, SIGTERM,
	                             SIGALRM, SIGXCPU, SIGUSR1, SIGUSR2 };

static void
watch_signals(void)
{
	struct sigaction action = { .sa_handler = on_signal };
	struct sigaction ignore = { .sa_handler = SIG_IGN };

	sigemptyset(&action.sa_mask);
	for (unsigned i = 0; i < G_N_ELEMENTS(fatal_signals); i++)
		sigaction(fatal_signals[i], &action, NULL);
	sigaction(SIGPIPE, &ignore, NULL);
	sigaction(SIGXFSZ, &ignore, NULL); /* the write fails with EFBIG */
}

static void
leave_signals(void)
{
	for (unsigned i = 0; i < G_N_ELEMENTS(fatal_signals); i++)
		signal(fatal_signals[i], SIG_DFL);
}

/* Kills the child when its time is over. */
static void
watch(pid_t pid, int fd)
{
	struct pollfd poll_fd = { .fd = fd, .events = POLLIN };
	int ready;

	do
		ready = poll(&poll_fd, 1, DELIVER_SECONDS * 1000);
	while (ready < 0 && errno == EINTR);
	if (ready == 0) {
		log_event(LOG_LEVEL_ERROR, "deferred", "why", "took too long",
		          NULL);
		kill(pid, SIGKILL);
	}
}

/* Waits for the child.  A kernel without pidfd_open (before 5.3) leaves the
 * limit to SIGALRM, which says 75 as well. */
static int
wait_for(pid_t pid)
{
	int fd = (int)syscall(SYS_pidfd_open, pid, 0);
	int status;

	if (fd < 0) {
		alarm(DELIVER_SECONDS);
	} else {
		watch(pid, fd);
		close(fd);
	}
	while (waitpid(pid, &status, 0) < 0)
		if (errno != EINTR)
			return -1;
	return status;
}

typedef int (*ChildWork)(const DeliverOptions *options, const Spool *spool);

/* The child's wait status, -1 if there was no child. */
static int
in_child(ChildWork child_work, const DeliverOptions *options,
         const Spool *spool)
{
	pid_t pid = fork();

	if (pid == 0) {
		leave_signals();
		_exit(child_work(options, spool));
	}
	if (pid < 0) {
		log_event(LOG_LEVEL_ERROR, "deferred", "why", "cannot fork",
		          NULL);
		return -1;
	}
	child_pid = pid;
	int status = wait_for(pid);
	child_pid = 0;
	return status;
}

static int
status_of(int wait_status, const DeliverOptions *options, const Spool *spool)
{
	if (wait_status == -1)
		return EX_TEMPFAIL;
	if (WIFEXITED(wait_status))
		return WEXITSTATUS(wait_status) == EXIT_SUCCESS ? EXIT_SUCCESS
		                                                : EX_TEMPFAIL;
	log_event(LOG_LEVEL_ERROR, "deferred", "why", "the child died", NULL);
	in_child(note_death, options, spool);
	return EX_TEMPFAIL;
}

/* What is read of standard input, and where a long mail goes. */
typedef struct Input {
	const DeliverOptions *options;
	Spool *spool;
	char *directory; /* NULL before it is needed */
} Input;

static void
input_release(Input *input)
{
	spool_free(input->spool);
	g_free(input->directory);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Input, input_release)

/* Beside the database there is room for a mail, or it could not be kept.  The
 * configuration is read for long mails alone. */
static bool
find_directory(Input *input, GError **error)
{
	g_autoptr(Desk) desk =
		input->options->load(input->options->config_path, error);

	if (desk == NULL)
		return false;
	input->directory = g_path_get_dirname(desk->database);
	spool_set_directory(input->spool, input->directory);
	return true;
}

static bool
take(Input *input, const void *octets, size_t count, GError **error)
{
	size_t size = spool_size(input->spool) + count;

	if (size > DELIVER_OCTETS_MAX)
		return error_set(error, ERROR_TOO_BIG,
		                 "more than %" G_GSIZE_FORMAT " octets",
		                 DELIVER_OCTETS_MAX);
	if (size > SPOOL_MEMORY_OCTETS && input->directory == NULL &&
	    !find_directory(input, error))
		return false;
	return spool_append(input->spool, octets, count, error);
}

static bool
read_input(Input *input, GError **error)
{
	char step[STEP_OCTETS];
	gssize got;

	while ((got = io_read_some(STDIN_FILENO, step, sizeof step)) > 0)
		if (!take(input, step, (size_t)got, error))
			return false;
	return got == 0 || error_set_errno(error, ERROR_LATER, "read");
}

int
deliver_standard_input(const DeliverOptions *options)
{
	g_autoptr(GError) error = NULL;

	watch_signals();
	alarm(DELIVER_SECONDS * 2); /* for a writer that never ends */
	g_auto(Input) input = { options, spool_new(NULL), NULL };
	if (!read_input(&input, &error)) {
		log_event(LOG_LEVEL_ERROR, "deferred", "why", error->message,
		          NULL);
		return EX_TEMPFAIL;
	}
	/* an MTA always adds a field: nothing at all is a broken pipe (C-13) */
	if (spool_size(input.spool) == 0) {
		log_event(LOG_LEVEL_ERROR, "deferred", "why", "empty input",
		          NULL);
		return EX_TEMPFAIL;
	}
	return status_of(in_child(work, options, input.spool), options,
	                 input.spool);
}
