/* postigo lmtp: the LMTP door alone, in the foreground. */
#include <signal.h>
#include <stdlib.h>
#include <sysexits.h>

#include "base/log.h"

#include "intake/listen.h"
#include "intake/lmtp.h"

#include "cli/session.h"
#include "config/config.h"

static bool
listen_all(const Desk *desk, GPtrArray *listeners, GError **error)
{
	g_autofree char *own = lmtp_private_path(desk);

	for (const char *const *place = desk->lmtp.listen; *place != NULL;
	     place++)
		if (!listeners_add(listeners, *place, false, error))
			return false;
	return listeners_add(listeners, own, true, error);
}

/* SIGHUP: the new configuration if it is good, else the old one goes on. */
static void
reload(const Context *context, Session *session)
{
	g_autoptr(GError) error = NULL;
	Desk *desk = config_load_or_error(context->config_path, &error);

	if (desk == NULL) {
		log_event(LOG_LEVEL_ERROR, "old-configuration-kept", "why",
		          error->message, NULL);
		return;
	}
	desk_free(session->desk);
	session->desk = desk;
	log_event(LOG_LEVEL_NOTICE, "configuration-read", NULL);
}

static int
run(Context *context, int argc, char **argv)
{
	g_auto(Session) session = { NULL, NULL, NULL };
	g_autoptr(GPtrArray) listeners = listeners_new();
	g_autoptr(GError) error = NULL;
	int stop;

	(void)argv;
	if (argc > 1)
		return session_usage(&cmd_lmtp);
	if (!session_open_desk(&session, context, &error) ||
	    !listen_all(session.desk, listeners, &error))
		return session_fail(error);
	log_event(LOG_LEVEL_NOTICE, "listening", NULL);
	while ((stop = lmtp_run(session.desk, listeners)) == SIGHUP)
		reload(context, &session);
	listeners_remove(listeners);
	return stop == 0 ? EX_OSERR : EXIT_SUCCESS;
}

const Command cmd_lmtp = { "lmtp", "", run, false };
