/* What a POP3 server says, through the wire and the client: each step ends and
 * holds no more than it was told to. */
#include <stdint.h>
#include <sys/socket.h>
#include <unistd.h>

#include <glib.h>

#include "intake/pop3.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* fits into the socket, so that one process can be both ends */
#define INPUT_MAX 32768
#define MAIL_MAX  4096

static void
fetch(Pop3 *pop3)
{
	static const MailLogin login = { "user", "secret", NULL };

	if (!pop3_greet(pop3, true, NULL) || !pop3_login(pop3, &login, NULL))
		return;
	g_autoptr(GArray) entries = pop3_list(pop3, NULL);
	for (unsigned i = 0; entries != NULL && i < entries->len && i < 8;
	     i++) {
		g_autoptr(GBytes) mail =
			pop3_retrieve(pop3, i + 1, 0, MAIL_MAX, NULL);

		g_assert(mail == NULL || g_bytes_get_size(mail) <= MAIL_MAX);
		pop3_delete(pop3, i + 1, NULL);
	}
	pop3_quit(pop3, NULL);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const WirePeer peer = { .host = "peer", .stop_fd = -1 };
	int fds[2];

	if (size > INPUT_MAX || socketpair(AF_UNIX, SOCK_STREAM, 0, fds) != 0)
		return 0;
	g_assert(send(fds[1], data, size, 0) == (ssize_t)size || size == 0);
	shutdown(fds[1], SHUT_WR);
	g_autoptr(Pop3) pop3 = pop3_new(wire_from_fd(fds[0], &peer), NULL);
	fetch(pop3);
	close(fds[1]);
	return 0;
}
