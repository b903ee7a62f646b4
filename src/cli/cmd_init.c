/* postigo init: a desk to start from, and nothing of what is there changed. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <glib.h>

#include "base/error.h"
#include "base/io.h"
#include "base/json.h"
#include "base/token.h"

#include "desk/shipped.h"

#include "store/store.h"

#include "cli/command.h"

#define FOLDER_MODE 0750
#define CONFIG_MODE 0640
#define KEY_MODE    0600

typedef struct NewDesk {
	char *config;
	char *key;
	char *database;
	char *rules;
} NewDesk;

static void
new_desk_clear(NewDesk *desk)
{
	g_free(desk->config);
	g_free(desk->key);
	g_free(desk->database);
	g_free(desk->rules);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(NewDesk, new_desk_clear)

/* Without a folder, where the other commands look.  Whole paths, since the
 * mail server starts us elsewhere. */
static void
name_files(NewDesk *desk, const Context *context, const char *folder)
{
	g_autofree char *named =
		folder != NULL ? g_build_filename(folder, "postigo.conf", NULL)
			       : g_strdup(context->config_path);
	desk->config = g_canonicalize_filename(named, NULL);
	g_autofree char *beside = g_path_get_dirname(desk->config);
	desk->key = g_build_filename(beside, "postigo.key", NULL);
	desk->database = g_build_filename(beside, "postigo.db", NULL);
	desk->rules = g_build_filename(beside, "rules.sieve", NULL);
}

static bool
is_absent(const char *path, GError **error)
{
	struct stat st;

	if (lstat(path, &st) == 0)
		return error_set(error, ERROR_REFUSED,
		                 "%s: is there already and stays as it is",
		                 path);
	if (errno != ENOENT)
		return error_set_errno(error, ERROR_IO, "%s", path);
	return true;
}

static bool
make_folder(const char *config, GError **error)
{
	g_autofree char *folder = g_path_get_dirname(config);

	if (g_mkdir_with_parents(folder, FOLDER_MODE) != 0)
		return error_set_errno(error, ERROR_IO, "%s", folder);
	return true;
}

/* The database and what SQLite and store/ keep beside it. */
static void
remove_database(const char *path)
{
	static const char *const endings[] = { "", "-wal", "-shm", ".lock" };

	for (unsigned i = 0; i < G_N_ELEMENTS(endings); i++) {
		g_autofree char *name = g_strconcat(path, endings[i], NULL);
		unlink(name);
	}
}

static bool
write_shipped(const char *name, const char *path, GError **error)
{
	const char *text = shipped_text(name);

	return io_write_file(path, CONFIG_MODE, text, strlen(text), error);
}

/* What was made by this call goes away again: a second one is to start anew. */
static bool
make_files(const NewDesk *desk, GError **error)
{
	g_autofree char *key = keyring_generate();

	if (!io_write_file(desk->key, KEY_MODE, key, strlen(key), error))
		return false;
	if (store_create(desk->database, error)) {
		if (write_shipped("rules.sieve", desk->rules, error) &&
		    write_shipped("postigo.conf", desk->config, error))
			return true;
		unlink(desk->rules);
		remove_database(desk->database);
	}
	unlink(desk->key);
	return false;
}

static bool
init(const NewDesk *desk, GError **error)
{
	return is_absent(desk->config, error) && is_absent(desk->key, error) &&
	       is_absent(desk->database, error) &&
	       is_absent(desk->rules, error) &&
	       make_folder(desk->config, error) && make_files(desk, error);
}

static void
tell_json(const NewDesk *desk)
{
	json_t *line = json_object();

	json_object_set_new(line, "config", json_text(desk->config));
	json_object_set_new(line, "key", json_text(desk->key));
	json_object_set_new(line, "database", json_text(desk->database));
	json_object_set_new(line, "rules", json_text(desk->rules));
	json_print_line(stdout, line);
}

static void
tell(const NewDesk *desk)
{
	printf("Wrote %s\n"
	       "      %s (the desk's secret: keep a copy in a safe place)\n"
	       "      %s\n"
	       "      %s\n"
	       "\n"
	       "Next:\n"
	       "  1. Edit %s: addresses, agents, mail server.\n"
	       "  2. Look whether all is well:\n"
	       "         postigo -c %s check\n"
	       "  3. Have your mail server hand mail over, for example by a "
	       "line in /etc/aliases:\n"
	       "         support: \"|postigo -c %s deliver\"\n",
	       desk->config, desk->key, desk->database, desk->rules,
	       desk->config, desk->config, desk->config);
}

static int
run(Context *context, int argc, char **argv)
{
	g_autoptr(GError) error = NULL;
	g_auto(NewDesk) desk = { 0 };

	if (argc > 2 || (argc == 2 && argv[1][0] == '-'))
		error_set(&error, ERROR_USAGE, "init: takes one directory");
	else
		name_files(&desk, context, argc == 2 ? argv[1] : NULL);
	if (error != NULL || !init(&desk, &error)) {
		fprintf(stderr, "postigo: %s\n", error->message);
		return error_exit_status(error);
	}
	if (context->json)
		tell_json(&desk);
	else if (!context->quiet)
		tell(&desk);
	return EXIT_SUCCESS;
}

const Command cmd_init = {
	.name = "init",
	.usage = "[DIR]",
	.run = run,
};
