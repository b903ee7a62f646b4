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

static void
take_line(SentLog *log, const char *line)
{
	g_auto(GStrv) words = g_strsplit(line, " ", 5);

	if (g_strv_length(words) != 4)
		return;
	int64_t *id = g_new(int64_t, 1);
	*id = g_ascii_strtoll(words[0], NULL, 10);
	g_hash_table_replace(log->lines, id,
	                     g_strdup_printf("%s %s", words[1], words[3]));
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
	while (ok && fgets(line, sizeof line, file) != NULL) {
		g_strchomp(line);
		take_line(log, line);
	}
	ok = ok && !ferror(file);
	if (!ok)
		error_set_errno(error, ERROR_IO, "%s", log->path);
	fclose(file);
	return ok;
}

SentLog *
sent_log_open(const char *path, int64_t known, GError **error)
{
	g_autoptr(SentLog) log = g_new0(SentLog, 1);

	log->path = g_strdup(path);
	log->lines = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free,
	                                   g_free);
	log->fd = open(path, O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
	if (log->fd < 0) {
		error_set_errno(error, ERROR_IO, "%s", path);
		return NULL;
	}
	if (!end_torn_line(log, error) ||
	    !read_lines(log, MAX(0, known - SENT_LOG_OVERLAP), error))
		return NULL;
	return g_steal_pointer(&log);
}

/* One write, so that lines of several senders do not mix. */
bool
sent_log_add(SentLog *log, const OutboxRow *row, int64_t at,
             int64_t *out_length, GError **error)
{
	g_autofree char *mark = mark_of(row);
	const char *digest = strrchr(mark, ' ');
	g_autofree char *line =
		g_strdup_printf("%" G_GINT64_FORMAT " %.*s %" G_GINT64_FORMAT
	                        "%s\n",
	                        row->id, (int)(digest - mark), mark, at,
	                        digest);

	if (!io_write_all(log->fd, line, strlen(line), error)) {
		g_prefix_error(error, "%s: ", log->path);
		return false;
	}
	FAULT_POINT("send.log-written");
	if (fsync(log->fd) != 0)
		return error_set_errno(error, ERROR_IO, "%s: fsync", log->path);
	FAULT_POINT("send.log-synced");
	*out_length = lseek(log->fd, 0, SEEK_CUR);
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
