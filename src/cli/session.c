#include "cli/session.h"

#include <pwd.h>
#include <stdio.h>
#include <sysexits.h>
#include <unistd.h>

#include "base/error.h"

#include "config/config.h"

int
session_fail(const GError *error)
{
	fprintf(stderr, "postigo: %s\n", error->message);
	return error_exit_status(error);
}

int
session_usage(const Command *command)
{
	fprintf(stderr, "usage: postigo %s %s\n", command->name,
	        command->usage);
	return EX_USAGE;
}

bool
session_number(const char *text, int64_t *out_number, GError **error)
{
	guint64 number;

	if (*text == '#')
		text++;
	if (!g_ascii_string_to_unsigned(text, 10, 1, G_MAXINT64, &number, NULL))
		return error_set(error, ERROR_USAGE, "%s: not a number", text);
	*out_number = (int64_t)number;
	return true;
}

bool
session_open_desk(Session *session, const Context *context, GError **error)
{
	session->desk = config_load_or_error(context->config_path, error);
	return session->desk != NULL;
}

bool
session_open_store(Session *session, const Context *context, GError **error)
{
	if (!session_open_desk(session, context, error))
		return false;
	session->store = store_open(session->desk->database, STORE_READ, error);
	return session->store != NULL;
}

bool
session_open_clerk(Session *session, const Context *context, GError **error)
{
	if (session->desk == NULL &&
	    !session_open_desk(session, context, error))
		return false;
	session->clerk = clerk_new(session->desk, error);
	return session->clerk != NULL;
}

void
session_release(Session *session)
{
	clerk_free(session->clerk);
	store_close(session->store);
	desk_free(session->desk);
}

char *
session_actor(void)
{
	const struct passwd *user = getpwuid(getuid());

	return g_strdup_printf("operator:%s",
	                       user == NULL ? "unknown" : user->pw_name);
}
