/* What every subcommand begins and ends with: the configuration, the store,
 * the clerk, and one way to say what failed. */
#pragma once

#include <glib.h>

#include "desk/desk.h"

#include "store/store.h"

#include "clerk/clerk.h"

#include "cli/command.h"

/* Prints "postigo: message" and returns the exit status of the error. */
int session_fail(const GError *error);

/* Prints "usage: postigo NAME USAGE" and returns 64. */
int session_usage(const Command *command);

/* A ticket or row number; false (with an error) if text is none. */
bool session_number(const char *text, int64_t *out_number, GError **error);

typedef struct Session {
	Desk *desk;
	Store *store; /* for reading; NULL unless asked for */
	Clerk *clerk; /* NULL unless asked for */
} Session;

bool session_open_desk(Session *session, const Context *context,
                       GError **error);
bool session_open_store(Session *session, const Context *context,
                        GError **error);
bool session_open_clerk(Session *session, const Context *context,
                        GError **error);
void session_release(Session *session);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Session, session_release)

/* "operator:NAME" of who runs the program; owned by the caller. */
char *session_actor(void);
