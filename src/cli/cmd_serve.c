/* postigo serve: all that a desk needs, kept running. */
#include <getopt.h>
#include <stdlib.h>

#include "base/log.h"

#include "cli/session.h"
#include "config/config.h"
#include "serve/serve.h"

static int
run(Context *context, int argc, char **argv)
{
	static const struct option options[] = {
		{ "pidfile", required_argument, NULL, 'p' },
		{ "syslog", no_argument, NULL, 's' },
		{ NULL, 0, NULL, 0 },
	};
	ServeOptions serve = { .load = config_load_or_error,
		               .config_path = context->config_path };
	g_autoptr(GError) error = NULL;
	int option;

	while ((option = getopt_long(argc, argv, "+", options, NULL)) != -1) {
		if (option == 'p')
			serve.pid_file = optarg;
		else if (option == 's')
			log_to_syslog();
		else
			return session_usage(&cmd_serve);
	}
	if (optind < argc)
		return session_usage(&cmd_serve);
	return serve_run(&serve, &error) ? EXIT_SUCCESS : session_fail(error);
}

const Command cmd_serve = { "serve", "[--pidfile FILE] [--syslog]", run,
	                    false };
