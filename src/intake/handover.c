#include "intake/handover.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/fault.h"

#include "intake/lmtp.h"
#include "intake/lmtp_session.h"

#define REPLY_MAX   4096
#define ADDRESS_MAX 320 /* octets of an address in the envelope */

/* What the server says, line by line. */
typedef struct Link {
	int fd;
	char octets[REPLY_MAX];
	size_t size;
} Link;

static int
connect_to(const Desk *desk)
{
	g_autofree char *path = lmtp_private_path(desk);
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	struct timeval patience = { HANDOVER_SECONDS, 0 };

	if (g_strlcpy(address.sun_path, path, sizeof address.sun_path) >=
	    sizeof address.sun_path)
		return -1;
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return -1;
	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
	setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
	if (connect(fd, (const struct sockaddr *)&address, sizeof address) == 0)
		return fd;
	close(fd);
	return -1;
}

static bool
write_all(const Link *link, const char *octets, size_t size)
{
	while (size > 0) {
		ssize_t written = send(link->fd, octets, size, MSG_NOSIGNAL);

		if (written < 0 && errno == EINTR)
			continue;
		if (written <= 0)
			return false;
		octets += written;
		size -= (size_t)written;
	}
	return true;
}

/* The length of the first line in hand with its LF, 0 if there is none. */
static size_t
line_length(const Link *link)
{
	const char *lf = memchr(link->octets, '\n', link->size);

	return lf == NULL ? 0 : (size_t)(lf - link->octets) + 1;
}

static bool
fill(Link *link)
{
	ssize_t got;

	if (link->size == sizeof link->octets)
		return false;
	do
		got = recv(link->fd, link->octets + link->size,
		           sizeof link->octets - link->size, 0);
	while (got < 0 && errno == EINTR);
	if (got <= 0)
		return false;
	link->size += (size_t)got;
	return true;
}

/* The first digit of the next reply, '\0' if none comes. */
static char
read_reply(Link *link)
{
	for (;;) {
		size_t length;

		while ((length = line_length(link)) == 0)
			if (!fill(link))
				return '\0';
		char first = link->octets[0];
		bool is_last = length < 4 || link->octets[3] != '-';
		link->size -= length;
		memmove(link->octets, link->octets + length, link->size);
		if (is_last)
			return first;
	}
}

/* An address that would end the path or the line cannot be handed over. */
static bool
is_plain(const char *address)
{
	return strlen(address) < ADDRESS_MAX &&
	       strpbrk(address, "<> \r\n\t\"\\") == NULL &&
	       g_utf8_validate(address, -1, NULL);
}

static bool
add_recipients(GString *words, const HandoverMail *mail, unsigned *out_count)
{
	const char *const *to = mail->recipients;

	for (; to != NULL && *to != NULL; to++, (*out_count)++) {
		if (!is_plain(*to) || *out_count >= LMTP_RECIPIENTS_MAX)
			return false;
		g_string_append_printf(words, "RCPT TO:<%s>\r\n", *to);
	}
	if (*out_count > 0)
		return true;
	*out_count = 1;
	g_string_append(words, "RCPT TO:<>\r\n");
	return true;
}

/* All up to the octets, in one piece (PIPELINING). */
static bool
write_envelope(const Link *link, const HandoverMail *mail, unsigned *out_count)
{
	g_autoptr(GString) words = g_string_new("LHLO postigo\r\n");
	const char *sender = mail->sender == NULL ? "" : mail->sender;

	if (!is_plain(sender))
		return false;
	g_string_append_printf(words, "MAIL FROM:<%s> XDOOR=%s%s\r\n", sender,
	                       mail->door,
	                       mail->sender == NULL ? " XNOSENDER" : "");
	return add_recipients(words, mail, out_count) &&
	       write_all(link, words->str, words->len);
}

static bool
write_octets(const Link *link, GBytes *raw)
{
	gsize size;
	const char *octets = g_bytes_get_data(raw, &size);
	g_autofree char *command = g_strdup_printf("BDAT %zu LAST\r\n", size);

	return write_all(link, command, strlen(command)) &&
	       write_all(link, octets, size);
}

/* The greeting, and the replies to LHLO, MAIL and each RCPT: all good? */
static bool
is_welcome(Link *link, unsigned recipients)
{
	for (unsigned i = 0; i < 3 + recipients; i++)
		if (read_reply(link) != '2')
			return false;
	return true;
}

static Handover
hand_over(Link *link, const HandoverMail *mail)
{
	unsigned recipients = 0;

	if (!write_envelope(link, mail, &recipients) ||
	    !is_welcome(link, recipients) || !write_octets(link, mail->raw))
		return HANDOVER_NOBODY;
	FAULT_POINT("handover.sent");
	for (unsigned i = 0; i < recipients; i++)
		if (read_reply(link) != '2')
			return HANDOVER_LATER;
	return HANDOVER_TAKEN;
}

Handover
handover_mail(const Desk *desk, const HandoverMail *mail)
{
	Link link = { .fd = connect_to(desk) };

	if (link.fd < 0)
		return HANDOVER_NOBODY;
	Handover result = hand_over(&link, mail);
	close(link.fd);
	return result;
}
