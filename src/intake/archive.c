#include "intake/archive.h"

#include <string.h>

#include "base/error.h"
#include "base/io.h"

typedef struct Reading {
	ArchiveTaker take;
	void *data;
	GError **error;
} Reading;

/* ---- mbox ----
 *
 * A mail begins with a line "From " at the top or behind a blank line; in the
 * mail such lines have a ">" before them, of which one is taken off (mboxrd;
 * of an mboxo that is right but for lines that had one already). */

static bool
is_from_line(const char *at, gsize left)
{
	return left >= 5 && memcmp(at, "From ", 5) == 0;
}

/* "From ", ">From ", ">>From " ... */
static bool
is_quoted_from(const char *at, gsize left)
{
	gsize marks = 0;

	while (marks < left && at[marks] == '>')
		marks++;
	return marks > 0 && is_from_line(at + marks, left - marks);
}

static const char *
line_end(const char *at, const char *end)
{
	const char *found = memchr(at, '\n', (gsize)(end - at));

	return found == NULL ? end : found + 1;
}

static bool
is_blank(const char *at, const char *next)
{
	return next - at == 1 || (next - at == 2 && at[0] == '\r');
}

static bool
give(Reading *reading, GString *mail)
{
	g_autoptr(GBytes) bytes = g_bytes_new(mail->str, mail->len);
	bool is_taken = mail->len == 0 ||
	                reading->take(bytes, reading->data, reading->error);

	g_string_truncate(mail, 0);
	return is_taken;
}

static bool
read_mbox(Reading *reading, const char *octets, gsize length)
{
	g_autoptr(GString) mail = g_string_new(NULL);
	const char *end = octets + length;
	bool is_after_blank = true;

	for (const char *at = octets; at < end;) {
		const char *next = line_end(at, end);
		gsize left = (gsize)(end - at);

		if (is_after_blank && is_from_line(at, left)) {
			if (!give(reading, mail))
				return false;
		} else {
			const char *from =
				is_quoted_from(at, left) ? at + 1 : at;
			g_string_append_len(mail, from, next - from);
		}
		is_after_blank = is_blank(at, next);
		at = next;
	}
	return give(reading, mail);
}

/* ---- files and folders ---- */

static bool
read_file(Reading *reading, const char *path)
{
	g_autoptr(GBytes) bytes =
		io_read_file(path, ARCHIVE_OCTETS_MAX, reading->error);
	gsize length;

	if (bytes == NULL)
		return false;
	const char *octets = g_bytes_get_data(bytes, &length);
	if (length == 0)
		return true;
	if (is_from_line(octets, length))
		return read_mbox(reading, octets, length);
	return reading->take(bytes, reading->data, reading->error);
}

static bool read_path(Reading *reading, const char *path);

static int
by_name(gconstpointer a, gconstpointer b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* A Maildir's tmp is not delivered yet; names with a dot are indexes. */
static bool
is_skipped(const char *name)
{
	return name[0] == '.' || strcmp(name, "tmp") == 0;
}

static GPtrArray *
names_in(const char *path, GError **error)
{
	g_autoptr(GDir) directory = g_dir_open(path, 0, NULL);
	const char *name;

	if (directory == NULL) {
		error_set(error, ERROR_NOT_FOUND, "%s: cannot be read", path);
		return NULL;
	}
	GPtrArray *names = g_ptr_array_new_with_free_func(g_free);
	while ((name = g_dir_read_name(directory)) != NULL)
		if (!is_skipped(name))
			g_ptr_array_add(names, g_strdup(name));
	g_ptr_array_sort(names, by_name);
	return names;
}

static bool
read_directory(Reading *reading, const char *path)
{
	g_autoptr(GPtrArray) names = names_in(path, reading->error);

	if (names == NULL)
		return false;
	for (unsigned i = 0; i < names->len; i++) {
		g_autofree char *inner =
			g_build_filename(path, names->pdata[i], NULL);

		if (!g_file_test(inner, G_FILE_TEST_IS_SYMLINK) &&
		    !read_path(reading, inner))
			return false;
	}
	return true;
}

static bool
read_path(Reading *reading, const char *path)
{
	if (g_file_test(path, G_FILE_TEST_IS_DIR))
		return read_directory(reading, path);
	return read_file(reading, path);
}

bool
archive_read(const char *path, ArchiveTaker take, void *data, GError **error)
{
	Reading reading = { take, data, error };

	return read_path(&reading, path);
}
