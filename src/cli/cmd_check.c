/* postigo check: all that is wrong with the configuration, in one pass. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>

#include <glib.h>

#include "base/error.h"
#include "base/json.h"

#include "store/store.h"

#include "clerk/rules.h"

#include "cli/command.h"
#include "config/config.h"
#include "config/overrides.h"

static void
tell_faults(const Context *context, const GPtrArray *faults)
{
	for (unsigned i = 0; i < faults->len; i++) {
		if (context->json) {
			json_t *line = json_object();
			json_object_set_new(line, "fault",
			                    json_text(faults->pdata[i]));
			json_print_line(stdout, line);
		} else {
			fprintf(stderr, "%s\n", (char *)faults->pdata[i]);
		}
	}
}

/* The desk's own templates, and those of each queue. */
static void
check_templates(const Desk *desk, GPtrArray *faults)
{
	g_autoptr(Overrides) own = overrides_load(desk->templates, NULL);

	overrides_check(own, faults);
	for (unsigned i = 0; desk->templates != NULL && i < desk->queues->len;
	     i++) {
		const Queue *queue = desk->queues->pdata[i];
		g_autofree char *folder =
			g_build_filename(desk->templates, queue->name, NULL);
		g_autoptr(Overrides) inner = overrides_load(folder, own);
		overrides_check(inner, faults);
	}
}

/* What the configuration alone does not show. */
static void
look_further(const Context *context, const Desk *desk, GPtrArray *faults)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(Store) store = store_open(desk->database, STORE_READ, &error);

	check_templates(desk, faults);
	rules_check(desk, faults);
	if (store == NULL)
		g_ptr_array_add(faults,
		                g_strdup_printf("%s: %s", context->config_path,
		                                error->message));
}

static void
tell_json(const Desk *desk)
{
	json_t *line = json_object();

	json_object_set_new(line, "name", json_text(desk->name));
	json_object_set_new(line, "address", json_text(desk->address));
	json_object_set_new(line, "queues", json_integer(desk->queues->len));
	json_object_set_new(line, "teams", json_integer(desk->teams->len));
	json_object_set_new(line, "agents", json_integer(desk->agents->len));
	json_object_set_new(line, "smtp", json_text(desk->smtp.url));
	json_object_set_new(line, "database", json_text(desk->database));
	json_print_line(stdout, line);
}

static const char *
plural(unsigned count)
{
	return count == 1 ? "" : "s";
}

static void
tell(const Desk *desk)
{
	printf("%s <%s>\n", desk->name, desk->address);
	printf("  %u queue%s, %u team%s, %u agent%s\n", desk->queues->len,
	       plural(desk->queues->len), desk->teams->len,
	       plural(desk->teams->len), desk->agents->len,
	       plural(desk->agents->len));
	printf("  mail goes out to %s\n",
	       desk->smtp.url == NULL ? "nowhere: there is no smtp section"
	                              : desk->smtp.url);
	if (*desk->trust.authserv_ids == NULL)
		printf("  no sender is proven: there is no authserv-id in "
		       "trust\n");
	printf("  database %s\n", desk->database);
	printf("All is well.\n");
}

static bool
options_read(int argc, char **argv, GError **error)
{
	if (argc == 2 && strcmp(argv[1], "--probe") == 0)
		return error_set(error, ERROR_USAGE,
		                 "check: --probe needs to talk to the mail "
		                 "server, which this version does not do here");
	if (argc > 1)
		return error_set(error, ERROR_USAGE,
		                 "check: takes no argument");
	return true;
}

static int
run(Context *context, int argc, char **argv)
{
	g_autoptr(GPtrArray) faults = g_ptr_array_new_with_free_func(g_free);
	g_autoptr(GError) error = NULL;

	if (!options_read(argc, argv, &error)) {
		fprintf(stderr, "postigo: %s\n", error->message);
		return error_exit_status(error);
	}
	g_autoptr(Desk) desk = config_load(context->config_path, faults);
	if (desk != NULL)
		look_further(context, desk, faults);
	if (faults->len > 0) {
		tell_faults(context, faults);
		return EX_CONFIG;
	}
	if (context->json)
		tell_json(desk);
	else if (!context->quiet)
		tell(desk);
	return EXIT_SUCCESS;
}

const Command cmd_check = {
	.name = "check",
	.usage = "[--probe]",
	.run = run,
};
