#include "outbound/sent_log.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/error.h"
#include "base/fault.h"
#include "base/io.h"

struct SentLog {
	int fd;
	char *path;
	GHashTable *lines; /* of id: "MESSAGE-ID DIGEST" */
	GHashTable *begun; /* of id: where its last such line begins */
};

void
sent_log_close(SentLog *log)
{
	if (log == NULL)
		return;
	if (log->fd >= 0)
		close(log->fd);
	g_free(log->path);
	g_hash_table_unref(log->lines);
	g_hash_table_unref(log->begun);
	g_free(log);
}

/* What identifies the mail beside its id. */
static char *
mark_of(const OutboxRow *row)
{
	g_autofree char *digest =
		g_compute_checksum_for_bytes(G_CHECKSUM_SHA256, row->body);

	return g_strdup_printf("%s %s",
	                       row->message_id == NULL ? "-" : row->message_id,
	                       digest);
}

/* A torn line, the last one of a power cut, is no line; it gets an end, so that
 * it does not swallow the next. */
static bool
end_torn_line(SentLog *log, GError **error)
{
	off_t size = lseek(log->fd, 0, SEEK_END);
	char last = '\n';

	if (size > 0 && pread(log->fd, &last, 1, size - 1) != 1)
		return error_set_errno(error, ERROR_IO, "%s", log->path);
	return last == '\n' || io_write_all(log->fd, "\n", 1, error);
}

static int64_t *
copy_number(int64_t number)
{
	int64_t *copy = g_new(int64_t, 1);

	*copy = number;
	return copy;
}

/* Lines that are neither are from another time; they are passed over. */
static void
take_line(SentLog *log, const char *line, int64_t at)
{
	g_auto(GStrv) words = g_strsplit(line, " ", 5);
	unsigned count = g_strv_length(words);
	int64_t *id = copy_number(
		count == 0 ? 0 : g_ascii_strtoll(words[0], NULL, 10));

	if (count == 4)
		g_hash_table_replace(log->lines, id,
		                     g_strdup_printf("%s %s", words[1],
		                                     words[3]));
	else if (count == 3 && strcmp(words[2], "begun") == 0)
		g_hash_table_replace(log->begun, id, copy_number(at));
	else
		g_free(id);
}

static bool
read_lines(SentLog *log, int64_t from, GError **error)
{
	char line[SENT_LOG_LINE_MAX];
	int fd = dup(log->fd);
	FILE *file = fd < 0 ? NULL : fdopen(fd, "r");

	if (file == NULL)
		return error_set_errno(error, ERROR_IO, "%s", log->path);
	bool ok = fseeko(file, from, SEEK_SET) == 0;
	for (int64_t at = from; ok && fgets(line, sizeof line, file) != NULL;) {
		int64_t begin = at;

		at += (int64_t)strlen(line);
		g_strchomp(line);
		take_line(log, line, begin);
	}
	ok = ok && !ferror(file);
	if (!ok)
		error_set_errno(error, ERROR_IO, "%s", log->path);
	fclose(file);
	return ok;
}

SentLog *
sent_log_open(const char *path, int64_t from, GError **error)
{
	g_autoptr(SentLog) log = g_new0(SentLog, 1);

	log->path = g_strdup(path);
	log->lines = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free,
	                                   g_free);
	log->begun = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free,
	                                   g_free);
	log->fd = open(path, O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
	if (log->fd < 0) {
		error_set_errno(error, ERROR_IO, "%s", path);
		return NULL;
	}
	if (!end_torn_line(log, error) ||
	    !read_lines(log, MAX(0, from - SENT_LOG_OVERLAP), error))
		return NULL;
	return g_steal_pointer(&log);
}

int64_t
sent_log_length(const SentLog *log)
{
	return lseek(log->fd, 0, SEEK_END);
}

/* One write, so that lines of several senders do not mix. */
static bool
add_line(SentLog *log, const char *line, GError **error)
{
	if (io_write_all(log->fd, line, strlen(line), error))
		return true;
	g_prefix_error(error, "%s: ", log->path);
	return false;
}

bool
sent_log_begin(SentLog *log, int64_t id, int64_t at, GError **error)
{
	g_autofree char *line = g_strdup_printf("%" G_GINT64_FORMAT
	                                        " %" G_GINT64_FORMAT " begun\n",
	                                        id, at);

	return add_line(log, line, error);
}

bool
sent_log_add(SentLog *log, const OutboxRow *row, int64_t at, GError **error)
{
	g_autofree char *mark = mark_of(row);
	const char *digest = strrchr(mark, ' ');
	g_autofree char *line =
		g_strdup_printf("%" G_GINT64_FORMAT " %.*s %" G_GINT64_FORMAT
	                        "%s\n",
	                        row->id, (int)(digest - mark), mark, at,
	                        digest);

	if (!add_line(log, line, error))
		return false;
	FAULT_POINT("send.log-written");
	return true;
}

bool
sent_log_sync(SentLog *log, GError **error)
{
	if (fdatasync(log->fd) != 0)
		return error_set_errno(error, ERROR_IO, "%s: fdatasync",
		                       log->path);
	FAULT_POINT("send.log-synced");
	return true;
}

bool
sent_log_has(const SentLog *log, const OutboxRow *row)
{
	const char *line = g_hash_table_lookup(log->lines, &row->id);

	if (line == NULL)
		return false;
	g_autofree char *mark = mark_of(row);
	return g_str_equal(line, mark);
}

bool
sent_log_names(const SentLog *log, int64_t id)
{
	return g_hash_table_contains(log->lines, &id);
}

bool
sent_log_was_begun(const SentLog *log, int64_t id, int64_t since)
{
	const int64_t *at = g_hash_table_lookup(log->begun, &id);

	return at != NULL && *at >= since;
}
