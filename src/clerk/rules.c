#include "clerk/rules.h"

#include <string.h>
#include <sys/stat.h>

#include "base/error.h"
#include "base/io.h"
#include "base/log.h"

struct Rules {
	const Desk *desk;
	struct stat seen; /* of the file, as it was when it was read */
	Program *program; /* NULL: there is none */
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
read_again(Rules *rules, GPtrArray *out_faults)
{
	const char *path = rules->desk->rules;
	struct stat now = { 0 };

	if (path == NULL || (stat(path, &now) == 0 && rules->seen.st_ino != 0 &&
	                     is_as_seen(&rules->seen, &now)))
		return;
	rules->seen = now;
	Program *program =
		rules_read(path, SCRIPT_MAIL, rules->desk, out_faults);
	if (program == NULL)
		return;
	program_free(rules->program);
	rules->program = program;
}

static Rules *
rules_new(const Desk *desk, GPtrArray *out_faults)
{
	Rules *rules = g_new0(Rules, 1);

	rules->desk = desk;
	read_again(rules, out_faults);
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

void
rules_free(Rules *rules)
{
	if (rules == NULL)
		return;
	program_free(rules->program);
	g_free(rules);
}

void
rules_refresh(Rules *rules)
{
	g_autoptr(GPtrArray) faults = g_ptr_array_new_with_free_func(g_free);

	read_again(rules, faults);
	for (unsigned i = 0; i < faults->len; i++)
		log_event(LOG_LEVEL_ERROR, "rules-wrong", "why",
		          faults->pdata[i], "instead", "the rules before it",
		          NULL);
}

const Program *
rules_on_mail(const Rules *rules)
{
	return rules->program;
}
