/* The sockets that a door listens on.
 *
 * A Unix socket that nobody answers on any more is left over from a crash and
 * is replaced; one that is answered is not touched. */
#pragma once

#include <stdbool.h>

#include <glib.h>

/* Programs of the mail server's group may connect; TCP is for this machine. */
#define LISTEN_MODE         0660
#define LISTEN_PRIVATE_MODE 0600
#define LISTEN_BACKLOG      128

typedef struct Listener {
	int fd;
	char *place; /* what it was made of; NULL: it was adopted */
	char *path;  /* of a Unix socket that we made; else NULL */
	bool is_private;
} Listener;

/* Of Listener; closes them, and leaves the files: who ends for good calls
 * listeners_remove(). */
GPtrArray *listeners_new(void);

/* place is a path or host:port (base/place.h).  ERROR_UNAVAILABLE if somebody
 * listens there already, ERROR_CONFIG. */
bool listeners_add(GPtrArray *listeners, const char *place, bool is_private,
                   GError **error);

/* A socket that is there already, from who started us. */
void listeners_adopt(GPtrArray *listeners, int fd);

/* Closes the one of that place and removes its file. */
void listeners_drop(GPtrArray *listeners, const char *place);

/* Removes the files of the sockets. */
void listeners_remove(const GPtrArray *listeners);
