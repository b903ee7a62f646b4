/* postigo rules: are they in order, and do they do what they should? */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>

#include "base/clock.h"
#include "base/error.h"
#include "base/io.h"
#include "base/json.h"

#include "message/worker.h"

#include "clerk/rehearse.h"
#include "clerk/rules.h"

#include "cli/session.h"

#define MAIL_OCTETS_MAX     ((size_t)64 << 20)
#define EXPECTED_OCTETS_MAX ((size_t)1 << 20)
#define MAIL_SUFFIX         ".eml"
#define EXPECTED_SUFFIX     ".expected"

static int
tell_faults(const Context *context, const GPtrArray *faults)
{
	for (unsigned i = 0; i < faults->len; i++) {
		if (!context->json) {
			fprintf(stderr, "%s\n", (char *)faults->pdata[i]);
			continue;
		}
		json_t *line = json_object();
		json_object_set_new(line, "fault", json_text(faults->pdata[i]));
		json_print_line(stdout, line);
	}
	return faults->len == 0 ? EXIT_SUCCESS : EX_CONFIG;
}

/* ---- rules check [FILE] ---- */

static int
check(const Context *context, const Desk *desk, const char *path)
{
	g_autoptr(GPtrArray) faults = g_ptr_array_new_with_free_func(g_free);

	if (path == NULL)
		rules_check(desk, faults);
	else
		program_free(rules_read(path, SCRIPT_MAIL, desk, faults));
	if (faults->len == 0 && !context->json && !context->quiet)
		puts(path == NULL && desk->rules == NULL
		             ? "There are no rules."
		             : "The rules are in order.");
	return tell_faults(context, faults);
}

/* ---- rules test DIR ---- */

typedef struct Testing {
	const Context *context;
	const Desk *desk;
	const Program *program;
	const char *folder;
	GHashTable *fired; /* lines */
	unsigned passed;
	unsigned failed;
} Testing;

static int
compare_names(gconstpointer a, gconstpointer b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

static GPtrArray *
mails_in(const char *folder, GError **error)
{
	g_autoptr(GError) trouble = NULL;
	g_autoptr(GDir) dir = g_dir_open(folder, 0, &trouble);
	const char *name;

	if (dir == NULL) {
		error_set(error, ERROR_NOT_FOUND, "%s", trouble->message);
		return NULL;
	}
	GPtrArray *names = g_ptr_array_new_with_free_func(g_free);
	while ((name = g_dir_read_name(dir)) != NULL)
		if (g_str_has_suffix(name, MAIL_SUFFIX))
			g_ptr_array_add(names, g_strdup(name));
	g_ptr_array_sort(names, compare_names);
	return names;
}

/* What stands beside the mail; NULL: nothing. */
static char *
expected_of(const Testing *t, const char *name)
{
	g_autofree char *bare =
		g_strndup(name, strlen(name) - strlen(MAIL_SUFFIX));
	g_autofree char *file = g_strconcat(bare, EXPECTED_SUFFIX, NULL);
	g_autofree char *path = g_build_filename(t->folder, file, NULL);
	g_autoptr(GBytes) bytes = io_read_file(path, EXPECTED_OCTETS_MAX, NULL);
	gsize size;

	if (bytes == NULL)
		return NULL;
	const char *text = g_bytes_get_data(bytes, &size);
	return g_strndup(text, size);
}

static void
note_lines(Testing *t, const Ruling *ruling)
{
	for (unsigned i = 0; i < ruling->entries->len; i++)
		g_hash_table_add(t->fired,
		                 GUINT_TO_POINTER(
					 ruling_entry(ruling, i)->line));
}

static void
print_block(const char *title, const char *text)
{
	g_auto(GStrv) lines = g_strsplit(text, "\n", -1);

	for (unsigned i = 0; lines[i] != NULL; i++)
		if (*lines[i] != '\0')
			printf("  %s %s\n", title, lines[i]);
}

static void
tell_result(Testing *t, const char *name, const char *got, const char *wanted)
{
	bool is_good = wanted == NULL || strcmp(got, wanted) == 0;
	const char *word = wanted == NULL ? "shown"
	                   : is_good      ? "ok"
	                                  : "differs";

	t->passed += is_good;
	t->failed += !is_good;
	if (t->context->json) {
		json_t *line = json_object();

		json_object_set_new(line, "file", json_text(name));
		json_object_set_new(line, "result", json_text(word));
		json_object_set_new(line, "ruling", json_text(got));
		json_object_set_new(line, "expected", json_text(wanted));
		json_print_line(stdout, line);
	} else if (!t->context->quiet || !is_good) {
		printf("%s: %s\n", name, word);
		if (wanted == NULL || !is_good)
			print_block("is:    ", got);
		if (!is_good)
			print_block("wanted:", wanted);
	}
}

static bool
test_one(Testing *t, const char *name, GError **error)
{
	static const WorkerLimits limits = WORKER_LIMITS_DEFAULT;
	g_autofree char *path = g_build_filename(t->folder, name, NULL);
	g_autoptr(GBytes) raw = io_read_file(path, MAIL_OCTETS_MAX, error);
	g_autoptr(Mail) mail = NULL;

	if (raw == NULL)
		return false;
	if (!worker_read(&raw, 1, &limits, &mail))
		return error_set(error, ERROR_LATER, "no process to read in");
	Rehearsal rehearsal = { t->desk, mail, NULL, NULL, clock_now() };
	g_autoptr(Ruling) ruling = rehearse(&rehearsal, t->program);
	g_autofree char *got = rehearse_text(ruling);
	g_autofree char *wanted = expected_of(t, name);
	note_lines(t, ruling);
	tell_result(t, name, got, wanted);
	return true;
}

static void
tell_silent(const Testing *t)
{
	const GArray *lines = program_lines(t->program);

	for (unsigned i = 0; i < lines->len && !t->context->json; i++) {
		unsigned line = g_array_index(lines, unsigned, i);

		if (!g_hash_table_contains(t->fired, GUINT_TO_POINTER(line)))
			printf("%s:%u: fired on none of these mails\n",
			       t->desk->rules, line);
	}
}

static int
test_mails(Testing *t, const GPtrArray *names, GError **error)
{
	for (unsigned i = 0; i < names->len; i++)
		if (!test_one(t, names->pdata[i], error))
			return session_fail(*error);
	tell_silent(t);
	if (!t->context->json)
		printf("%u mails, %u differ\n", t->passed + t->failed,
		       t->failed);
	return t->failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}

static int
test(const Context *context, const Desk *desk, const char *folder)
{
	g_autoptr(GPtrArray) faults = g_ptr_array_new_with_free_func(g_free);
	g_autoptr(GHashTable) fired = g_hash_table_new(NULL, NULL);
	g_autoptr(GError) error = NULL;

	if (desk->rules == NULL) {
		error_set(&error, ERROR_CONFIG, "%s: desk has no rules to test",
		          context->config_path);
		return session_fail(error);
	}
	g_autoptr(Program) program =
		rules_read(desk->rules, SCRIPT_MAIL, desk, faults);
	if (program == NULL)
		return tell_faults(context, faults);
	g_autoptr(GPtrArray) names = mails_in(folder, &error);
	if (names == NULL)
		return session_fail(error);
	Testing testing = { context, desk, program, folder, fired, 0, 0 };
	return test_mails(&testing, names, &error);
}

static int
run(Context *context, int argc, char **argv)
{
	g_auto(Session) session = { NULL, NULL, NULL };
	g_autoptr(GError) error = NULL;
	bool checks = argc >= 2 && argc <= 3 && strcmp(argv[1], "check") == 0;
	bool tests = argc == 3 && strcmp(argv[1], "test") == 0;

	if (!checks && !tests)
		return session_usage(&cmd_rules);
	if (!session_open_desk(&session, context, &error))
		return session_fail(error);
	return checks ? check(context, session.desk, argc == 3 ? argv[2] : NULL)
	              : test(context, session.desk, argv[2]);
}

const Command cmd_rules = { "rules", "check [FILE] | test DIR", run, false };
