#define _GNU_SOURCE /* close_range(), pipe2() */
#include "message/worker.h"

#include <errno.h>
#include <fcntl.h>
#include <malloc.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/error.h"
#include "base/io.h"

#include "message/mailread.h"
#include "message/record.h"

/* AddressSanitizer reserves terabytes of addresses for itself */
#if defined(__SANITIZE_ADDRESS__)
#define HAS_ADDRESS_LIMIT 0
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define HAS_ADDRESS_LIMIT 0
#endif
#endif
#ifndef HAS_ADDRESS_LIMIT
#define HAS_ADDRESS_LIMIT 1
#endif

#define CHILD_PIPE 3

/* freed memory that is kept for the next mail */
#define KEPT_OCTETS (32 << 20)
/* a batch of so many mails will use so much of it */
#define WARM_MAILS  32
#define WARM_OCTETS ((gsize)8 << 20)

#define PIPE_OCTETS (1 << 20)

/* What one child is for. */
typedef struct Job {
	WorkerReader read;
	GBytes *const *raws;
	unsigned count;
	const WorkerLimits *limits;
	WorkerTake take;
	void *taker;
	unsigned first;   /* the index of raws[0] for take */
	const char *bare; /* why only bare mails are wanted, or NULL */
} Job;

/* ---- memory ---- */

/* Memory given back to the kernel would only be asked for again by the next
 * mail, and each page of it costs a fault: in the child, and in its parent
 * while he unpacks a batch. */
static void
keep_memory(void)
{
	mallopt(M_TRIM_THRESHOLD, KEPT_OCTETS);
	mallopt(M_MMAP_THRESHOLD, KEPT_OCTETS);
}

/* Pages that are asked for together are much cheaper than pages that fault one
 * by one, and a batch needs so many in any case.  For the process on either
 * side of a fork, after it; a refusal is no trouble. */
static void
warm_memory(const Job *job)
{
	gsize page = (gsize)sysconf(_SC_PAGESIZE);

	if (job->count < WARM_MAILS)
		return;
	char *room = malloc(WARM_OCTETS);
	if (room == NULL)
		return;
	gsize skip = page - (gsize)room % page;
	madvise(room + skip, WARM_OCTETS - 2 * page, MADV_POPULATE_WRITE);
	free(room);
}

/* ---- the child ---- */

static void
limit(__rlimit_resource_t resource, rlim_t soft, rlim_t hard)
{
	struct rlimit limits = { soft, hard };

	setrlimit(resource, &limits);
}

/* a line of numbers */
#define STATM_OCTETS_MAX 4096

/* What is mapped already: it comes with the fork and counts. */
static rlim_t
mapped_octets(void)
{
	g_autoptr(GBytes) statm =
		io_read_file("/proc/self/statm", STATM_OCTETS_MAX, NULL);

	if (statm == NULL || g_bytes_get_size(statm) == 0)
		return 0;
	g_autofree char *line = g_strndup(g_bytes_get_data(statm, NULL),
	                                  g_bytes_get_size(statm));
	guint64 pages = g_ascii_strtoull(line, NULL, 10);
	return (rlim_t)pages * (rlim_t)sysconf(_SC_PAGESIZE);
}

static void
quiet_descriptors(int pipe)
{
	int null = open("/dev/null", O_RDWR);

	dup2(null, STDIN_FILENO);
	dup2(null, STDOUT_FILENO);
	/* a sanitizer's report is worth more than silence */
	if (HAS_ADDRESS_LIMIT)
		dup2(null, STDERR_FILENO);
	if (pipe != CHILD_PIPE)
		dup2(pipe, CHILD_PIPE);
	close_range(CHILD_PIPE + 1, ~0U, 0);
}

/* Whatever the parent made of these signals, they end the child. */
static void
end_by_signals(void)
{
	static const int signals[] = {
		SIGPIPE,
		SIGXCPU,
		SIGTERM,
		SIGINT,
		SIGHUP,
		SIGALRM,
		SIGCHLD,
#if HAS_ADDRESS_LIMIT
		/* a sanitizer's own handlers stay: they tell why */
		SIGABRT,
		SIGBUS,
		SIGFPE,
		SIGILL,
		SIGSEGV,
#endif
	};
	struct sigaction standard = { .sa_handler = SIG_DFL };
	sigset_t none;

	for (unsigned i = 0; i < G_N_ELEMENTS(signals); i++)
		sigaction(signals[i], &standard, NULL);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
}

static void
confine(const Job *job, int pipe)
{
	rlim_t mapped = mapped_octets();

	keep_memory();
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
	quiet_descriptors(pipe);
	end_by_signals();
	limit(RLIMIT_CORE, 0, 0);
	limit(RLIMIT_FSIZE, 0, 0);
	if (HAS_ADDRESS_LIMIT && mapped > 0)
		limit(RLIMIT_AS, mapped + job->limits->memory_octets,
		      mapped + job->limits->memory_octets);
}

/* Each mail has its own share of processor time. */
static void
limit_time(const Job *job)
{
	struct rusage used;

	getrusage(RUSAGE_SELF, &used);
	rlim_t soft = (rlim_t)used.ru_utime.tv_sec +
	              (rlim_t)used.ru_stime.tv_sec + job->limits->cpu_seconds +
	              1;
	limit(RLIMIT_CPU, soft, RLIM_INFINITY);
}

static bool
send_record(GBytes *record)
{
	gsize size;
	const void *octets = g_bytes_get_data(record, &size);
	guint32 length = GUINT32_TO_LE((guint32)size);

	return io_write_all(CHILD_PIPE, &length, sizeof length, NULL) &&
	       io_write_all(CHILD_PIPE, octets, size, NULL);
}

static void G_GNUC_NORETURN
run_child(const Job *job, int pipe)
{
	confine(job, pipe);
	warm_memory(job);
	for (unsigned i = 0; i < job->count; i++) {
		limit_time(job);
		g_autoptr(Mail) mail =
			job->bare != NULL
				? mail_read_bare(job->raws[i], job->bare)
				: job->read(job->raws[i]);
		g_autoptr(GBytes) record = record_pack(mail);

		if (!send_record(record))
			_exit(1);
	}
	_exit(0);
}

/* ---- the parent ---- */

typedef enum Trouble {
	TROUBLE_NONE,
	TROUBLE_DIED,
	TROUBLE_LATE,
	TROUBLE_NONSENSE,
} Trouble;

static const char *const trouble_names[] = {
	[TROUBLE_NONE] = "",
	[TROUBLE_DIED] = "the parser died of this mail",
	[TROUBLE_LATE] = "the parser found no end of this mail",
	[TROUBLE_NONSENSE] = "the parser wrote nonsense about this mail",
};

static bool
wait_readable(int fd, gint64 deadline)
{
	for (;;) {
		gint64 left = (deadline - g_get_monotonic_time()) / 1000;
		struct pollfd one = { fd, POLLIN, 0 };

		if (left <= 0)
			return false;
		int ready = poll(&one, 1, (int)MIN(left, (gint64)60000));
		if (ready > 0)
			return true;
		if (ready < 0 && errno != EINTR)
			return false;
	}
}

static Trouble
receive(int fd, void *data, gsize size, gint64 deadline)
{
	guint8 *at = data;

	while (size > 0) {
		if (!wait_readable(fd, deadline))
			return TROUBLE_LATE;
		gssize got = read(fd, at, size);
		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0)
			return TROUBLE_DIED;
		at += got;
		size -= (gsize)got;
	}
	return TROUBLE_NONE;
}

static Trouble
receive_mail(int fd, const WorkerLimits *limits, Mail **out_mail)
{
	gint64 deadline = g_get_monotonic_time() +
	                  (gint64)limits->wall_seconds * G_USEC_PER_SEC;
	guint32 wire;
	Trouble trouble = receive(fd, &wire, sizeof wire, deadline);

	if (trouble != TROUBLE_NONE)
		return trouble;
	gsize size = GUINT32_FROM_LE(wire);
	if (size > RECORD_OCTETS_MAX)
		return TROUBLE_NONSENSE;
	g_autofree guint8 *octets = g_malloc(size + 1);
	trouble = receive(fd, octets, size, deadline);
	if (trouble != TROUBLE_NONE)
		return trouble;
	g_autoptr(GBytes) record =
		g_bytes_new_take(g_steal_pointer(&octets), size);
	*out_mail = record_unpack(record, NULL);
	return *out_mail == NULL ? TROUBLE_NONSENSE : TROUBLE_NONE;
}

static void
end_child(pid_t child)
{
	kill(child, SIGKILL);
	while (waitpid(child, NULL, 0) < 0 && errno == EINTR)
		;
}

/* false: no child could be made */
static bool
start_child(const Job *job, pid_t *out_child, int *out_fd)
{
	int ends[2];

	if (pipe2(ends, O_CLOEXEC) != 0)
		return false;
	/* room for many records, so that neither side waits for the other; a
	 * refusal (an ordinary user's pipes have a sum) is no trouble */
	fcntl(ends[0], F_SETPIPE_SZ, PIPE_OCTETS);
	pid_t child = fork();
	if (child == 0)
		run_child(job, ends[1]);
	close(ends[1]);
	if (child < 0) {
		close(ends[0]);
		return false;
	}
	*out_child = child;
	*out_fd = ends[0];
	return true;
}

static void
hand_on(const Job *job, unsigned i, Mail *mail)
{
	mail_identify(mail, job->raws[i]);
	job->take(job->taker, job->first + i, mail);
}

/* Returns how many mails were read, or -1 if no child could be made. */
static int
run_job(const Job *job, Trouble *out_trouble)
{
	pid_t child;
	int fd;
	unsigned done = 0;

	if (!start_child(job, &child, &fd))
		return -1;
	warm_memory(job);
	*out_trouble = TROUBLE_NONE;
	while (done < job->count && *out_trouble == TROUBLE_NONE) {
		Mail *mail = NULL;

		*out_trouble = receive_mail(fd, job->limits, &mail);
		if (*out_trouble == TROUBLE_NONE)
			hand_on(job, done++, mail);
	}
	close(fd);
	end_child(child);
	return (int)done;
}

/* Not even the scanner survived: the octets are all there is. */
static Mail *
unread_mail(const char *why)
{
	Mail *mail = mail_new();

	mail->is_bare = true;
	mail->answerable = false;
	mail_warn(mail, "%s", why);
	return mail;
}

/* The first mail of job killed a child: once more alone, then bare. */
static bool
read_guilty(const Job *job)
{
	Job alone = *job;
	Trouble trouble;

	alone.count = 1;
	int done = run_job(&alone, &trouble);
	if (done != 0)
		return done > 0;
	alone.bare = trouble_names[trouble];
	done = run_job(&alone, &trouble);
	if (done == 0)
		hand_on(&alone, 0, unread_mail(alone.bare));
	return done >= 0;
}

static void
step(Job *job, unsigned done)
{
	job->raws += done;
	job->first += done;
	job->count -= done;
}

static bool
run_all(Job job)
{
	while (job.count > 0) {
		Trouble trouble;
		int done = run_job(&job, &trouble);

		if (done < 0)
			return false;
		step(&job, (unsigned)done);
		if (job.count == 0)
			break;
		if (!read_guilty(&job))
			return false;
		step(&job, 1);
	}
	return true;
}

bool
worker_read_each(WorkerReader read, GBytes *const *raws, unsigned count,
                 const WorkerLimits *limits, WorkerTake take, void *taker)
{
	Job job = { .read = read,
		    .raws = raws,
		    .count = count,
		    .limits = limits,
		    .take = take,
		    .taker = taker };

	if (count > 1)
		keep_memory();
	return run_all(job);
}

static void
keep(void *mails, unsigned index, Mail *mail)
{
	((Mail **)mails)[index] = mail;
}

bool
worker_read(GBytes *const *raws, unsigned count, const WorkerLimits *limits,
            Mail **out_mails)
{
	g_autofree Mail **mails = g_new0(Mail *, count + 1);

	if (!worker_read_each(mail_read_undigested, raws, count, limits, keep,
	                      mails)) {
		for (unsigned i = 0; i < count; i++)
			mail_free(mails[i]);
		return false;
	}
	for (unsigned i = 0; i < count; i++) {
		mail_digest_content(mails[i], raws[i]);
		out_mails[i] = mails[i];
	}
	return true;
}

static void G_GNUC_NORETURN
run_call(const Job *job, WorkerCall call, const void *data, int pipe)
{
	confine(job, pipe);
	limit_time(job);
	g_autoptr(GBytes) answer = call(data);
	_exit(answer != NULL && send_record(answer) ? 0 : 1);
}

static GBytes *
receive_answer(int fd, const WorkerLimits *limits)
{
	gint64 deadline = g_get_monotonic_time() +
	                  (gint64)limits->wall_seconds * G_USEC_PER_SEC;
	guint32 wire;

	if (receive(fd, &wire, sizeof wire, deadline) != TROUBLE_NONE)
		return NULL;
	gsize size = GUINT32_FROM_LE(wire);
	if (size > WORKER_ANSWER_MAX)
		return NULL;
	g_autofree guint8 *octets = g_malloc(size + 1);
	if (receive(fd, octets, size, deadline) != TROUBLE_NONE)
		return NULL;
	return g_bytes_new_take(g_steal_pointer(&octets), size);
}

GBytes *
worker_call(WorkerCall call, const void *data, const WorkerLimits *limits)
{
	Job job = { .limits = limits };
	int ends[2];

	if (pipe2(ends, O_CLOEXEC) != 0)
		return NULL;
	pid_t child = fork();
	if (child == 0)
		run_call(&job, call, data, ends[1]);
	close(ends[1]);
	GBytes *answer = child < 0 ? NULL : receive_answer(ends[0], limits);
	close(ends[0]);
	if (child > 0)
		end_child(child);
	return answer;
}
