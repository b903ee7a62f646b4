#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>
#include <glib.h>

#include "base/error.h"

#include "intake/imap.h"

/* Milliseconds: short, for servers that never answer. */
static const ImapTimes short_times = { 200, 600 };
/* A hang would be far over this. */
#define SECONDS_MAX 5

/* A server in a process of its own, that says these pieces, each after a line
 * of the client ("~": at once); "-" trickles for ever, "." is silent. */
static Imap *
imap_with(const char *const *pieces, pid_t *out_pid)
{
	static const WirePeer peer = { .host = "peer", .stop_fd = -1 };
	int fds[2];

	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, fds), 0);
	*out_pid = fork();
	if (*out_pid != 0) {
		close(fds[1]);
		return imap_new(wire_from_fd(fds[0], &peer), &short_times);
	}
	close(fds[0]);
	for (; *pieces != NULL; pieces++) {
		char line[512];

		if (**pieces != '~' && read(fds[1], line, sizeof line) <= 0)
			_exit(0);
		const char *text = **pieces == '~' ? *pieces + 1 : *pieces;
		while (*text == '-')
			if (send(fds[1], "* OK x\r\n", 1, MSG_NOSIGNAL) < 0)
				_exit(0);
			else
				usleep(20000);
		while (*text == '.')
			if (read(fds[1], line, sizeof line) <= 0)
				_exit(0);
		if (send(fds[1], text, strlen(text), MSG_NOSIGNAL) < 0)
			_exit(0);
	}
	_exit(0);
}

static void
end(Imap *imap, pid_t pid)
{
	imap_free(imap);
	waitpid(pid, NULL, 0);
}

#define GREETING     "~* OK hi\r\n"
#define CAPABILITIES "* CAPABILITY IMAP4 IDLE MOVE\r\nP1 OK\r\n"

/* M-11: accepts and never answers, trickles, or stops after a command. */
static void
test_servers_without_end(void **state)
{
	static const char *const silent[] = { "~.", NULL };
	static const char *const trickling[] = { "~-", NULL };
	static const char *const stuck[] = { GREETING, ".", NULL };
	static const char *const closing[] = { GREETING, NULL };
	static const char *const *const servers[] = { silent, trickling, stuck,
		                                      closing };

	(void)state;
	for (unsigned i = 0; i < G_N_ELEMENTS(servers); i++) {
		g_autoptr(GError) error = NULL;
		gint64 began = g_get_monotonic_time();
		pid_t pid;
		Imap *imap = imap_with(servers[i], &pid);

		assert_false(imap_greet(imap, true, &error));
		assert_true(g_error_matches(error, POSTIGO_ERROR,
		                            ERROR_UNAVAILABLE));
		assert_true(g_get_monotonic_time() - began <
		            SECONDS_MAX * G_USEC_PER_SEC);
		end(imap, pid);
	}
}

/* Lines before the "+" of IDLE, a heartbeat, and then a mail. */
static void
test_idle(void **state)
{
	static const char *const server[] = {
		GREETING,
		CAPABILITIES,
		"* 3 EXISTS\r\n* OK [UIDVALIDITY 7] x\r\nP2 OK\r\n",
		"P3 OK\r\n",
		"* OK first\r\n+ idling\r\n* OK still here\r\n* 4 EXISTS\r\n",
		"P4 OK\r\n",
		NULL
	};
	g_autoptr(GArray) entries =
		g_array_new(FALSE, FALSE, sizeof(ImapEntry));
	g_autoptr(GError) error = NULL;
	ImapNews news = IMAP_QUIET;
	bool has_more;
	pid_t pid;
	Imap *imap = imap_with(server, &pid);

	(void)state;
	assert_true(imap_greet(imap, true, &error));
	assert_true(imap_can_idle(imap));
	assert_true(imap_select(imap, "INBOX", &error));
	assert_int_equal(imap_folder(imap)->epoch, 7);
	assert_true(imap_list(imap, 1, 0, entries, &has_more, &error));
	assert_true(imap_idle(imap, 2000, &news, &error));
	assert_int_equal(news, IMAP_NEWS);
	assert_int_equal(imap_folder(imap)->exists, 4);
	end(imap, pid);
}

/* "n:*" brings the last mail, servers repeat themselves and tell of others. */
static void
test_listing(void **state)
{
	static const char *const server[] = {
		GREETING, CAPABILITIES,
		"* 2 FETCH (UID 9 RFC822.SIZE 20 FLAGS (\\Seen))\r\n"
		"* 1 FETCH (UID 4 RFC822.SIZE 10)\r\n"
		"* 2 FETCH (FLAGS (\\deleted) UID 8)\r\n"
		"* 2 FETCH (UID 9 RFC822.SIZE 20)\r\nP2 OK\r\n",
		"* 1 FETCH (UID 77 BODY[] {1}\r\nx)\r\n"
		"* 1 FETCH (BODY[] \"short\" UID 9)\r\n"
		"* 1 FETCH (UID 8 BODY[] NIL)\r\nP3 NO some are gone\r\n",
		NULL
	};
	g_autoptr(GArray) entries =
		g_array_new(FALSE, FALSE, sizeof(ImapEntry));
	g_autoptr(GError) error = NULL;
	bool has_more;
	pid_t pid;
	Imap *imap = imap_with(server, &pid);

	(void)state;
	g_array_set_clear_func(entries, (GDestroyNotify)imap_entry_clear);
	assert_true(imap_greet(imap, true, &error));
	assert_true(imap_list(imap, 5, 0, entries, &has_more, &error));
	assert_false(has_more);
	assert_int_equal(entries->len, 2);
	ImapEntry *list = (ImapEntry *)(void *)entries->data;
	assert_true(list[0].uid == 8 && list[0].is_deleted);
	assert_true(list[1].uid == 9 && list[1].is_seen && list[1].size == 20);
	assert_false(imap_fetch(imap, list, 2, 0, &error));
	assert_true(g_error_matches(error, POSTIGO_ERROR, ERROR_REFUSED));
	assert_null(list[0].body);
	assert_int_equal(g_bytes_get_size(list[1].body), strlen("short"));
	end(imap, pid);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_servers_without_end),
		cmocka_unit_test(test_idle),
		cmocka_unit_test(test_listing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
