#include "clerk/rules.h"

#include <string.h>
#include <sys/stat.h>

#include "base/error.h"
#include "base/io.h"
#include "base/log.h"

typedef struct ScriptFile {
	char *path; /* NULL: there is none */
	ScriptKind kind;
	bool is_optional;
	struct stat seen; /* as it was when it was read */
	Program *program;
} ScriptFile;

struct Rules {
	const Desk *desk;
	ScriptFile mail;
	ScriptFile event;
};

Program *
rules_read(const char *path, ScriptKind kind, const Desk *desk,
           GPtrArray *out_faults)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(GBytes) bytes =
		io_read_file(path, SCRIPT_OCTETS_MAX + 1, &error);
	gsize size;

	if (bytes == NULL) {
		g_ptr_array_add(out_faults, g_strdup(error->message));
		return NULL;
	}
	const char *text = g_bytes_get_data(bytes, &size);
	Script script = { path, text, size, kind, desk };
	return sieve_load(&script, out_faults);
}

static bool
is_as_seen(const struct stat *a, const struct stat *b)
{
	return a->st_ino == b->st_ino && a->st_size == b->st_size &&
	       a->st_mtim.tv_sec == b->st_mtim.tv_sec &&
	       a->st_mtim.tv_nsec == b->st_mtim.tv_nsec;
}

/* A script that is wrong is told, and the one before it stays. */
static void
read_again(ScriptFile *file, const Desk *desk, GPtrArray *out_faults)
{
	struct stat now = { 0 };
	bool is_there = file->path != NULL && stat(file->path, &now) == 0;

	if (file->path == NULL || (!is_there && file->is_optional)) {
		g_clear_pointer(&file->program, program_free);
		return;
	}
	if (is_there && file->seen.st_ino != 0 && is_as_seen(&file->seen, &now))
		return;
	file->seen = now;
	Program *program = rules_read(file->path, file->kind, desk, out_faults);
	if (program == NULL)
		return;
	program_free(file->program);
	file->program = program;
}

static char *
beside(const char *path, const char *name)
{
	g_autofree char *folder = g_path_get_dirname(path);

	return g_build_filename(folder, name, NULL);
}

/* Both scripts; what is wrong is appended to out_faults. */
static Rules *
rules_new(const Desk *desk, GPtrArray *out_faults)
{
	Rules *rules = g_new0(Rules, 1);

	rules->desk = desk;
	rules->mail.kind = SCRIPT_MAIL;
	rules->event.kind = SCRIPT_EVENT;
	rules->event.is_optional = true;
	if (desk->rules != NULL) {
		rules->mail.path = g_strdup(desk->rules);
		rules->event.path = beside(desk->rules, EVENTS_FILE);
	}
	read_again(&rules->mail, desk, out_faults);
	read_again(&rules->event, desk, out_faults);
	return rules;
}

Rules *
rules_load(const Desk *desk, GError **error)
{
	g_autoptr(GPtrArray) faults = g_ptr_array_new_with_free_func(g_free);
	g_autoptr(Rules) rules = rules_new(desk, faults);

	if (faults->len == 0)
		return g_steal_pointer(&rules);
	g_ptr_array_add(faults, NULL);
	g_autofree char *all = g_strjoinv("\n", (char **)faults->pdata);
	error_set(error, ERROR_CONFIG, "%s", all);
	return NULL;
}

void
rules_check(const Desk *desk, GPtrArray *out_faults)
{
	rules_free(rules_new(desk, out_faults));
}

static void
file_clear(ScriptFile *file)
{
	g_free(file->path);
	program_free(file->program);
}

void
rules_free(Rules *rules)
{
	if (rules == NULL)
		return;
	file_clear(&rules->mail);
	file_clear(&rules->event);
	g_free(rules);
}

void
rules_refresh(Rules *rules)
{
	g_autoptr(GPtrArray) faults = g_ptr_array_new_with_free_func(g_free);

	read_again(&rules->mail, rules->desk, faults);
	read_again(&rules->event, rules->desk, faults);
	for (unsigned i = 0; i < faults->len; i++)
		log_event(LOG_LEVEL_ERROR, "rules-wrong", "why",
		          faults->pdata[i], "instead", "the rules before it",
		          NULL);
}

const Program *
rules_on_mail(const Rules *rules)
{
	return rules->mail.program;
}

const Program *
rules_on_event(const Rules *rules)
{
	return rules->event.program;
}
