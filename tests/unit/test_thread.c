#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "desk/thread.h"

#include "scene.h"

#define NOBODY ((WitnessKind)-1)

static const struct {
	const char *sentence;
	const char *story;
	ThreadOutcome outcome;
	int64_t ticket;
	WitnessKind by;
	bool has_token;
	bool is_contradicted;
} cases[] = {
	{ "no witness: a new ticket", "", THREAD_NEW, 0, NOBODY, false, false },
	{ "his token", "token 12 5", THREAD_TICKET, 12, WITNESS_TOKEN, true,
	  false },
	{ "A-17: an agent's token serves no requester", "token 12 5 agent",
	  THREAD_TICKET, 12, WITNESS_TOKEN, false, false },
	{ "somebody else's token, on his own ticket", "token 12 6",
	  THREAD_TICKET, 12, WITNESS_TOKEN, false, false },
	{ "A-13: a token that he got from somebody who takes part",
	  "from x@third.example\ntoken 12 5", THREAD_STRANGER, 12,
	  WITNESS_TOKEN, false, false },
	{ "A-16: an expired token is no witness", "token 12 5 expired",
	  THREAD_NEW, 0, NOBODY, false, false },
	{ "an expired token, and an id of ours",
	  "token 12 5 expired\nour-id 12", THREAD_TICKET, 12, WITNESS_OUR_ID,
	  false, false },
	{ "our id alone", "our-id 12 5", THREAD_TICKET, 12, WITNESS_OUR_ID,
	  true, false },
	{ "the marker alone", "marker 12 5", THREAD_TICKET, 12, WITNESS_MARKER,
	  true, false },
	{ "A-02: our id, from a stranger", "from x@third.example\nour-id 12 5",
	  THREAD_STRANGER, 12, WITNESS_OUR_ID, false, false },
	{ "a message that we accepted", "their-id 12", THREAD_TICKET, 12,
	  WITNESS_THEIR_ID, false, false },
	{ "A-04: the same from a stranger",
	  "from x@third.example\ntheir-id 12 berta@client.example",
	  THREAD_STRANGER, 12, WITNESS_THEIR_ID, false, false },
	{ "but its writer may, at E1",
	  "from x@third.example\ntheir-id 12 x@third.example", THREAD_TICKET,
	  12, WITNESS_THEIR_ID, false, false },
	{ "not unproven",
	  "from x@third.example\nproof E0\ntheir-id 12 x@third.example",
	  THREAD_STRANGER, 12, WITNESS_THEIR_ID, false, false },
	{ "an archive is believed",
	  "from x@third.example\nimport\ntheir-id 12 y@z.example",
	  THREAD_TICKET, 12, WITNESS_THEIR_ID, false, false },
	{ "the tag in the subject", "tag 12", THREAD_TICKET, 12,
	  WITNESS_SUBJECT, false, false },
	{ "A-03: which anybody can guess: it says nothing of a stranger",
	  "from x@third.example\ntag 12", THREAD_NEW, 0, NOBODY, false, false },
	{ "a tag of somebody else's ticket", "tag 13", THREAD_NEW, 0, NOBODY,
	  false, false },
	{ "the same conversation", "conversation 12", THREAD_TICKET, 12,
	  WITNESS_CONVERSATION, false, false },
	{ "no such ticket", "token 99 5", THREAD_NEW, 0, NOBODY, false, false },
	{ "A-14: the token wins, and the others are flagged",
	  "from ana@desk.example\ntoken 12 1 agent\nour-id 13 1\ntag 13",
	  THREAD_TICKET, 12, WITNESS_TOKEN, true, true },
	{ "witnesses that agree", "token 12 5\nour-id 12 5\ntag 12",
	  THREAD_TICKET, 12, WITNESS_TOKEN, true, false },
	{ "an agent has a part in each ticket", "from ana@desk.example\ntag 13",
	  THREAD_TICKET, 13, WITNESS_SUBJECT, false, false },
};

static void
check(unsigned i)
{
	g_autoptr(Scene) scene = scene_new();

	scene_tell_all(scene, cases[i].story);
	g_autoptr(Thread) thread = thread_find(&scene->facts);
	assert_int_equal(thread->outcome, cases[i].outcome);
	assert_int_equal(thread->candidate == NULL
	                         ? 0
	                         : thread->candidate->ticket->id,
	                 cases[i].ticket);
	assert_int_equal(thread->by == NULL ? NOBODY : thread->by->kind,
	                 cases[i].by);
	assert_int_equal(thread->has_token, cases[i].has_token);
	assert_int_equal(thread->is_contradicted, cases[i].is_contradicted);
	/* each one that was heard is told of */
	assert_int_equal(thread->heard->len, scene->witnesses->len);
}

static void
witnesses_are_heard_in_order(void **state)
{
	(void)state;
	for (unsigned i = 0; i < G_N_ELEMENTS(cases); i++) {
		print_message("# %s\n", cases[i].sentence);
		check(i);
	}
}

#define CONVERSATION "0101d5000102030405060708090a0b0c0d0e0f101112"

static const struct {
	const char *sentence;
	const char *index; /* the field; NULL: there is none */
	const char *conversation;
} conversations[] = {
	{ "no field", NULL, NULL },
	{ "22 octets are the conversation",
	  "AQHVAAECAwQFBgcICQoLDA0ODxAREg==", CONVERSATION },
	{ "what an answer adds is not of it",
	  "AQHVAAECAwQFBgcICQoLDA0ODxAREgECAwQF", CONVERSATION },
	{ "too short", "AQHV", NULL },
	{ "not base64", "????????????????????????????????", NULL },
};

static void
add_index(Mail *mail, const char *value)
{
	MailField field = { "Thread-Index", mail_keep(mail, value) };

	g_array_append_val(mail->fields, field);
}

static void
conversations_are_read(void **state)
{
	(void)state;
	for (unsigned i = 0; i < G_N_ELEMENTS(conversations); i++) {
		g_autoptr(Scene) scene = scene_new();

		print_message("# %s\n", conversations[i].sentence);
		if (conversations[i].index != NULL)
			add_index(scene->mail, conversations[i].index);
		g_autofree char *read = thread_conversation(scene->mail);
		assert_int_equal(g_strcmp0(read, conversations[i].conversation),
		                 0);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(witnesses_are_heard_in_order),
		cmocka_unit_test(conversations_are_read),
	};

	return cmocka_run_group_tests_name("thread", tests, NULL, NULL);
}
