#include <stdlib.h>

#include "cli/session.h"

static int
run(Context *context, int argc, char **argv)
{
	g_auto(Session) session = { NULL, NULL, NULL };
	g_autoptr(GError) error = NULL;

	if (argc != 2)
		return session_usage(&cmd_backup);
	if (!session_open_store(&session, context, &error) ||
	    !store_backup(session.store, argv[1], &error))
		return session_fail(error);
	return EXIT_SUCCESS;
}

const Command cmd_backup = { "backup", "FILE", run, false };
