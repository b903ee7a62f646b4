/* One connection to a mail server that is not trusted: TCP, verified TLS,
 * deadlines and a budget.
 *
 * Every wait ends: with octets, with the end of the time that wire_limit()
 * gave, or because the process is to stop.  A server that hangs up is an error
 * at once, and one that says more than it was asked for is cut off.  TLS is 1.2
 * or newer, its certificate must be good for the name we connected to, and
 * there is no way to go on without. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include <glib.h>

#define WIRE_CONNECT_MS 30000

typedef struct WirePeer {
	const char *host; /* a name, or an address without brackets */
	int port;
	const char *ca_file; /* to trust in place of the system's; or NULL */
	int stop_fd; /* readable when the process is to stop; -1: never */
} WirePeer;

typedef struct Wire Wire;

/* Connects to one address after the other.  peer's strings must outlive the
 * wire.  ERROR_UNAVAILABLE. */
Wire *wire_connect(const WirePeer *peer, GError **error);

/* A wire over a socket that is connected already; it owns the socket. */
Wire *wire_from_fd(int fd, const WirePeer *peer);

void wire_free(Wire *wire);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Wire, wire_free)

/* TLS from here on.  ERROR_UNAVAILABLE, with the reason where the certificate
 * is not good. */
bool wire_secure(Wire *wire, GError **error);
bool wire_is_secure(const Wire *wire);

/* From now on: no silence longer than idle_ms, all done within total_ms, and
 * no more than octets to be read. */
void wire_limit(Wire *wire, int idle_ms, int total_ms, size_t octets);

/* At least one octet.  An end is an error; so is a passed limit
 * (ERROR_UNAVAILABLE) and a stop (ERROR_LATER). */
bool wire_read(Wire *wire, char *octets, size_t size, size_t *out_got,
               GError **error);
bool wire_write(Wire *wire, const char *octets, size_t size, GError **error);

typedef enum WireNews { WIRE_SPOKE, WIRE_SILENT, WIRE_STOPPED } WireNews;

/* Waits up to ms for the server to say something, which is left to be read. */
WireNews wire_await(Wire *wire, int ms);
