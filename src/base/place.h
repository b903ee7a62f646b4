/* Where a socket is: a path, or host:port. */
#pragma once

#include <stdbool.h>

/* "127.0.0.1:24" and "[::1]:24"; *out_host is owned by the caller and without
 * brackets.  false: something else, and nothing is filled in. */
bool place_split(const char *text, char **out_host, unsigned *out_port);

/* There is a slash in it, or no colon. */
bool place_is_path(const char *text);

/* "localhost" or an address of this machine alone. */
bool place_is_loopback(const char *host);
