#include "intake/wire.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/error.h"

#include "intake/gnutls_lazy.h"

#define PORT_DIGITS_MAX 6
#define PENDING_MAX     16384 /* one TLS record (RFC 8446 section 5.1) */

struct Wire {
	WirePeer peer;
	int fd;
	int idle_ms;
	gint64 deadline; /* monotonic, milliseconds */
	size_t budget;   /* octets that may still be read */
	const GnutlsTable *tls;
	gnutls_session_t session; /* NULL in clear */
	gnutls_certificate_credentials_t credentials;
	char pending[PENDING_MAX]; /* what wire_await() found */
	size_t pending_size;
};

static gint64
now_ms(void)
{
	return g_get_monotonic_time() / 1000;
}

/* ---- waiting ---- */

/* 1: ready; 0: it took too long; -1: to stop. */
static int
wait_ms(const Wire *wire, short events, gint64 ms)
{
	struct pollfd fds[] = { { .fd = wire->fd, .events = events },
		                { .fd = wire->peer.stop_fd,
		                  .events = POLLIN } };
	gint64 until = now_ms() + ms;

	for (;;) {
		gint64 left = MAX(0, until - now_ms());
		int ready = poll(fds, 2, (int)MIN(left, G_MAXINT));

		if (ready < 0 && errno == EINTR)
			continue;
		if (fds[1].revents != 0)
			return -1;
		return ready > 0 ? 1 : 0;
	}
}

static bool
wait_within_limits(const Wire *wire, short events, GError **error)
{
	gint64 left = wire->deadline - now_ms();
	int ready = wait_ms(wire, events, CLAMP(left, 0, wire->idle_ms));

	if (ready > 0)
		return true;
	if (ready < 0)
		return error_set(error, ERROR_LATER, "stopped");
	return error_set(error, ERROR_UNAVAILABLE, "%s: %s", wire->peer.host,
	                 left <= wire->idle_ms ? "took too long"
	                                       : "does not answer");
}

/* ---- TCP ---- */

static Wire *
wire_new(int fd, const WirePeer *peer)
{
	Wire *wire = g_new0(Wire, 1);

	wire->peer = *peer;
	wire->fd = fd;
	wire_limit(wire, WIRE_CONNECT_MS, WIRE_CONNECT_MS, 0);
	return wire;
}

Wire *
wire_from_fd(int fd, const WirePeer *peer)
{
	fcntl(fd, F_SETFL, fcntl(fd, F_GETFL) | O_NONBLOCK);
	return wire_new(fd, peer);
}

static bool
finish_connect(const Wire *wire, GError **error)
{
	socklen_t size = sizeof errno;

	if (errno == EINPROGRESS) {
		if (!wait_within_limits(wire, POLLOUT, error))
			return false;
		getsockopt(wire->fd, SOL_SOCKET, SO_ERROR, &errno, &size);
	}
	return errno == 0 || error_set_errno(error, ERROR_UNAVAILABLE, "%s:%d",
	                                     wire->peer.host, wire->peer.port);
}

static Wire *
connect_to(const struct addrinfo *address, const WirePeer *peer, GError **error)
{
	int fd = socket(address->ai_family,
	                address->ai_socktype | SOCK_NONBLOCK | SOCK_CLOEXEC,
	                address->ai_protocol);

	if (fd < 0) {
		error_set_errno(error, ERROR_LATER, "socket");
		return NULL;
	}
	g_autoptr(Wire) wire = wire_new(fd, peer);
	errno = 0;
	connect(fd, address->ai_addr, address->ai_addrlen);
	return finish_connect(wire, error) ? g_steal_pointer(&wire) : NULL;
}

static Wire *
connect_any(const struct addrinfo *addresses, const WirePeer *peer,
            GError **error)
{
	for (; addresses != NULL; addresses = addresses->ai_next) {
		GError *trouble = NULL;
		Wire *wire = connect_to(addresses, peer, &trouble);

		if (wire != NULL)
			return wire;
		if (addresses->ai_next == NULL ||
		    g_error_matches(trouble, POSTIGO_ERROR, ERROR_LATER)) {
			g_propagate_error(error, trouble);
			return NULL;
		}
		g_error_free(trouble);
	}
	return NULL;
}

Wire *
wire_connect(const WirePeer *peer, GError **error)
{
	struct addrinfo hints = { .ai_socktype = SOCK_STREAM,
		                  .ai_flags = AI_ADDRCONFIG | AI_NUMERICSERV };
	struct addrinfo *addresses;
	char port[PORT_DIGITS_MAX];

	g_snprintf(port, sizeof port, "%d", peer->port);
	int code = getaddrinfo(peer->host, port, &hints, &addresses);
	if (code != 0) {
		error_set(error, ERROR_UNAVAILABLE, "%s: %s", peer->host,
		          gai_strerror(code));
		return NULL;
	}
	Wire *wire = connect_any(addresses, peer, error);
	freeaddrinfo(addresses);
	return wire;
}

void
wire_free(Wire *wire)
{
	if (wire == NULL)
		return;
	if (wire->session != NULL) {
		wire->tls->bye(wire->session, GNUTLS_SHUT_WR);
		wire->tls->deinit(wire->session);
	}
	if (wire->credentials != NULL)
		wire->tls->free_credentials(wire->credentials);
	close(wire->fd);
	g_free(wire);
}

void
wire_limit(Wire *wire, int idle_ms, int total_ms, size_t octets)
{
	wire->idle_ms = idle_ms;
	wire->deadline = now_ms() + total_ms;
	wire->budget = octets;
}

/* ---- TLS ---- */

/* no TLS 1.0 or 1.1 (RFC 8996) */
#define TLS_PRIORITIES "NORMAL:-VERS-ALL:+VERS-TLS1.3:+VERS-TLS1.2"

static bool
trust(Wire *wire, GError **error)
{
	const char *file = wire->peer.ca_file;
	int count;

	wire->tls->allocate_credentials(&wire->credentials);
	count = file == NULL
	                ? wire->tls->set_system_trust(wire->credentials)
	                : wire->tls->set_trust_file(wire->credentials, file,
	                                            GNUTLS_X509_FMT_PEM);
	return count > 0 ||
	       error_set(error, ERROR_CONFIG, "%s: no certificate to trust",
	                 file == NULL ? "the system" : file);
}

static bool
is_address(const char *host)
{
	struct in6_addr address;

	return inet_pton(AF_INET, host, &address) == 1 ||
	       inet_pton(AF_INET6, host, &address) == 1;
}

static void
start_session(Wire *wire)
{
	const GnutlsTable *tls = wire->tls;
	const char *host = wire->peer.host;

	tls->init(&wire->session,
	          GNUTLS_CLIENT | GNUTLS_NONBLOCK | GNUTLS_NO_SIGNAL);
	tls->priority_set_direct(wire->session, TLS_PRIORITIES, NULL);
	tls->credentials_set(wire->session, GNUTLS_CRD_CERTIFICATE,
	                     wire->credentials);
	/* RFC 6066 section 3: addresses are no names */
	if (!is_address(host))
		tls->server_name_set(wire->session, GNUTLS_NAME_DNS, host,
		                     strlen(host));
	tls->session_set_verify_cert(wire->session, host, 0);
	tls->transport_set_int2(wire->session, wire->fd, wire->fd);
}

/* Why a certificate is not good, the first that holds. */
static const struct {
	unsigned status;
	const char *why;
} certificate_faults[] = {
	{ GNUTLS_CERT_UNEXPECTED_OWNER, "it is for another name" },
	{ GNUTLS_CERT_REVOKED, "it was revoked" },
	{ GNUTLS_CERT_EXPIRED, "it has expired" },
	{ GNUTLS_CERT_NOT_ACTIVATED, "it is not valid yet" },
	{ GNUTLS_CERT_SIGNER_NOT_FOUND, "nobody we trust has signed it" },
};

static bool
refuse_peer(const Wire *wire, int code, GError **error)
{
	unsigned status =
		code == GNUTLS_E_CERTIFICATE_VERIFICATION_ERROR
			? wire->tls->get_verify_cert_status(wire->session)
			: 0;

	for (unsigned i = 0; i < G_N_ELEMENTS(certificate_faults); i++)
		if ((status & certificate_faults[i].status) != 0)
			return error_set(error, ERROR_UNAVAILABLE,
			                 "%s: its certificate is not good: %s",
			                 wire->peer.host,
			                 certificate_faults[i].why);
	return error_set(error, ERROR_UNAVAILABLE, "%s: TLS: %s",
	                 wire->peer.host, wire->tls->strerror(code));
}

static bool
is_waiting(int code)
{
	return code == GNUTLS_E_AGAIN || code == GNUTLS_E_INTERRUPTED;
}

static short
wanted_events(const Wire *wire)
{
	return wire->tls->record_get_direction(wire->session) == 1 ? POLLOUT
	                                                           : POLLIN;
}

static bool
handshake(Wire *wire, GError **error)
{
	for (;;) {
		int code = wire->tls->handshake(wire->session);

		if (code >= 0)
			return true;
		if (is_waiting(code)) {
			if (!wait_within_limits(wire, wanted_events(wire),
			                        error))
				return false;
		} else if (wire->tls->error_is_fatal(code)) {
			return refuse_peer(wire, code, error);
		}
	}
}

bool
wire_secure(Wire *wire, GError **error)
{
	g_assert(wire->session == NULL && wire->pending_size == 0);
	wire->tls = gnutls_lazy(error);
	if (wire->tls == NULL || !trust(wire, error))
		return false;
	start_session(wire);
	wire_limit(wire, WIRE_CONNECT_MS, WIRE_CONNECT_MS, 0);
	return handshake(wire, error);
}

bool
wire_is_secure(const Wire *wire)
{
	return wire->session != NULL;
}

/* ---- octets ---- */

/* Octets, 0 at the end, -1 for "not now", -2 for a broken link. */
static ssize_t
receive(Wire *wire, char *octets, size_t size)
{
	if (wire->session != NULL) {
		ssize_t got =
			wire->tls->record_recv(wire->session, octets, size);

		if (got >= 0)
			return got;
		return wire->tls->error_is_fatal((int)got) ? -2 : -1;
	}
	ssize_t got = recv(wire->fd, octets, size, 0);
	if (got >= 0)
		return got;
	return errno == EAGAIN || errno == EINTR ? -1 : -2;
}

static ssize_t
transmit(Wire *wire, const char *octets, size_t size)
{
	if (wire->session != NULL) {
		ssize_t sent =
			wire->tls->record_send(wire->session, octets, size);

		if (sent >= 0)
			return sent;
		return wire->tls->error_is_fatal((int)sent) ? -2 : -1;
	}
	ssize_t sent = send(wire->fd, octets, size, MSG_NOSIGNAL);
	if (sent >= 0)
		return sent;
	return errno == EAGAIN || errno == EINTR ? -1 : -2;
}

static bool
charge(Wire *wire, size_t octets, GError **error)
{
	if (octets > wire->budget)
		return error_set(error, ERROR_UNAVAILABLE,
		                 "%s: says more than it was asked for",
		                 wire->peer.host);
	wire->budget -= octets;
	return true;
}

static size_t
take_pending(Wire *wire, char *octets, size_t size)
{
	size_t taken = MIN(size, wire->pending_size);

	memcpy(octets, wire->pending, taken);
	wire->pending_size -= taken;
	memmove(wire->pending, wire->pending + taken, wire->pending_size);
	return taken;
}

bool
wire_read(Wire *wire, char *octets, size_t size, size_t *out_got,
          GError **error)
{
	ssize_t got = (ssize_t)take_pending(wire, octets, size);

	while (got <= 0) {
		/* asked first: TLS may hold octets that poll() cannot see */
		got = receive(wire, octets, size);
		if (got == 0 || got == -2)
			return error_set(error, ERROR_UNAVAILABLE,
			                 "%s: closed the connection",
			                 wire->peer.host);
		if (got < 0 && !wait_within_limits(wire, POLLIN, error))
			return false;
	}
	if (!charge(wire, (size_t)got, error))
		return false;
	*out_got = (size_t)got;
	/* a trickle is never silent, so the end is looked at here too */
	return now_ms() < wire->deadline ||
	       error_set(error, ERROR_UNAVAILABLE, "%s: took too long",
	                 wire->peer.host);
}

bool
wire_write(Wire *wire, const char *octets, size_t size, GError **error)
{
	while (size > 0) {
		ssize_t sent = transmit(wire, octets, size);

		if (sent == -2)
			return error_set(error, ERROR_UNAVAILABLE,
			                 "%s: closed the connection",
			                 wire->peer.host);
		if (sent < 0 && !wait_within_limits(wire, POLLOUT, error))
			return false;
		if (sent > 0) {
			octets += sent;
			size -= (size_t)sent;
		}
	}
	return true;
}

WireNews
wire_await(Wire *wire, int ms)
{
	gint64 until = now_ms() + ms;

	while (wire->pending_size == 0) {
		ssize_t got = receive(wire, wire->pending, PENDING_MAX);

		if (got > 0)
			wire->pending_size = (size_t)got;
		if (got == 0 || got == -2)
			break; /* reading will say so */
		if (got > 0)
			break;
		int ready = wait_ms(wire, POLLIN, until - now_ms());
		if (ready <= 0)
			return ready < 0 ? WIRE_STOPPED : WIRE_SILENT;
	}
	return WIRE_SPOKE;
}
