/* What an IMAP server says, through the wire and the client.
 *
 * The whole input is what the server has said before it closes.  Whatever it
 * is, each step ends, holds little, and every reply reads the same in one piece
 * and octet by octet. */
#include <stdint.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <glib.h>

#include "intake/imap.h"
#include "intake/imap_reply.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* fits into the socket, so that one process can be both ends */
#define INPUT_MAX 32768

static char *
shape(const char *octets, size_t size, size_t step)
{
	g_autoptr(ImapReader) reader = imap_reader_new();
	GString *out = g_string_new(NULL);

	imap_reader_allow(reader, 1024);
	for (size_t at = 0, taken; at < size; at += taken) {
		bool is_whole;

		if (!imap_reader_feed(reader, octets + at, MIN(step, size - at),
		                      &taken, &is_whole, NULL))
			break;
		const ImapReply *reply = imap_reader_reply(reader);
		g_assert(reply->text->len <= IMAP_TEXT_MAX + 4);
		g_assert(reply->literals->len <= IMAP_LITERAL_MAX);
		if (is_whole)
			g_string_append_printf(out, "%d %d %u %u %s\n",
			                       reply->kind, reply->status,
			                       reply->tokens->len,
			                       reply->is_malformed,
			                       imap_reply_tag(reply));
	}
	return g_string_free(out, FALSE);
}

static void
fetch(Imap *imap)
{
	static const MailLogin login = { "user", "secret", NULL };
	g_autoptr(GArray) entries =
		g_array_new(FALSE, FALSE, sizeof(ImapEntry));
	ImapNews news;
	bool has_more;

	g_array_set_clear_func(entries, (GDestroyNotify)imap_entry_clear);
	if (!imap_greet(imap, true, NULL) || !imap_login(imap, &login, NULL) ||
	    !imap_select(imap, "INBOX", NULL) ||
	    !imap_list(imap, 1, 0, entries, &has_more, NULL))
		return;
	g_assert(entries->len <= IMAP_LIST_MAX);
	if (entries->len > 0)
		imap_fetch(imap, (ImapEntry *)(void *)entries->data,
		           MIN(entries->len, 64), 0, NULL);
	imap_idle(imap, 0, &news, NULL);
	imap_logout(imap);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const WirePeer peer = { .host = "peer", .stop_fd = -1 };
	const char *octets = (const char *)data;
	int fds[2];

	if (size > INPUT_MAX || socketpair(AF_UNIX, SOCK_STREAM, 0, fds) != 0)
		return 0;
	g_autofree char *whole = shape(octets, size, size);
	g_autofree char *single = shape(octets, size, 1);
	g_assert(strcmp(whole, single) == 0);
	g_assert(send(fds[1], data, size, 0) == (ssize_t)size || size == 0);
	shutdown(fds[1], SHUT_WR);
	g_autoptr(Imap) imap = imap_new(wire_from_fd(fds[0], &peer), NULL);
	fetch(imap);
	close(fds[1]);
	return 0;
}
