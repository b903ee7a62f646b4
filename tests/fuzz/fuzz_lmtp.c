/* An LMTP client, as strangers would have it: the whole of it and octet by
 * octet must be the same dialogue, the session holds little, and no mail is
 * answered before its verdict. */
#include <stdint.h>
#include <string.h>

#include <glib.h>

#include "desk/desk.h"

#include "intake/lmtp_session.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static bool
has_room(const Desk *desk)
{
	(void)desk;
	return true;
}

static Desk *
make_desk(void)
{
	static const char *const addresses[] = { "desk@desk.test", NULL };
	Desk *desk = desk_new();
	Queue *queue = g_new0(Queue, 1);

	queue->name = "support";
	queue->addresses = addresses;
	g_ptr_array_add(desk->queues, queue);
	desk->domain = "desk.test";
	desk->address = "desk@desk.test";
	return desk;
}

static void
hear(LmtpSession *session, GString *heard)
{
	size_t size;
	const char *output = lmtp_session_output(session, &size);

	g_string_append_len(heard, output, (gssize)size);
	lmtp_session_wrote(session, size);
}

static void
take_mail(LmtpSession *session, GString *heard)
{
	const LmtpMail *mail = lmtp_session_mail(session);

	if (mail == NULL)
		return;
	g_assert(mail->recipients->len > 0);
	g_assert(g_utf8_validate(mail->door, -1, NULL));
	g_string_append_printf(heard, "[%zu octets for %u]",
	                       spool_size(mail->octets), mail->recipients->len);
	lmtp_session_answer(session, "250 2.0.0", "kept");
}

static char *
converse(const LmtpPolicy *policy, const char *said, size_t size, size_t step)
{
	g_autoptr(LmtpSession) session = lmtp_session_new(policy);
	g_autoptr(GString) heard = g_string_new(NULL);

	for (size_t at = 0; at < size && !lmtp_session_is_over(session);) {
		size_t used = lmtp_session_input(session, said + at,
		                                 MIN(step, size - at));
		size_t out;

		lmtp_session_output(session, &out);
		g_assert(out < LMTP_OUTPUT_MAX + LMTP_LINE_MAX);
		g_assert(used > 0 || out > 0 ||
		         lmtp_session_mail(session) != NULL);
		at += used;
		hear(session, heard);
		take_mail(session, heard);
	}
	hear(session, heard);
	return g_string_free(g_steal_pointer(&heard), FALSE);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *said = (const char *)data;
	g_autoptr(Desk) desk = make_desk();

	for (int is_private = 0; is_private < 2; is_private++) {
		LmtpPolicy policy = { desk, g_get_tmp_dir(), is_private,
			              has_room };
		g_autofree char *whole = converse(&policy, said, size, size);
		g_autofree char *slow = converse(&policy, said, size, 1);

		g_assert_cmpstr(whole, ==, slow);
	}
	return 0;
}
