#include "desk/thread.h"

#include <string.h>

/* A small question with three answers, as a look-up that failed must not be
 * taken for a "no": yes, no, and "names it, but has no part in it". */
typedef enum Answer { ANSWER_NO, ANSWER_YES, ANSWER_STRANGER } Answer;

static bool
has_part(const Facts *facts, const Candidate *candidate)
{
	return facts->agent != NULL ||
	       candidate_participant(candidate, facts->from) != NULL;
}

/* Ours by its MAC: the ticket is certain, the writer is not. */
static Answer
ask_signed(const Facts *facts, const Witness *witness,
           const Candidate *candidate)
{
	if (witness->is_expired)
		return ANSWER_NO;
	return has_part(facts, candidate) ? ANSWER_YES : ANSWER_STRANGER;
}

/* A message that we accepted: everybody who was in Cc knows its id. */
static Answer
ask_their_id(const Facts *facts, const Witness *witness,
             const Candidate *candidate)
{
	if (has_part(facts, candidate) || facts->is_import)
		return ANSWER_YES;
	if (facts->proven >= EVIDENCE_E1 && witness->author != NULL &&
	    facts->from != NULL &&
	    g_ascii_strcasecmp(witness->author, facts->from) == 0)
		return ANSWER_YES;
	return ANSWER_STRANGER;
}

/* A number that anybody can guess: without a part in it, it says nothing. */
static Answer
ask_guessable(const Facts *facts, const Witness *witness,
              const Candidate *candidate)
{
	(void)witness;
	return has_part(facts, candidate) ? ANSWER_YES : ANSWER_NO;
}

static Answer (*const questions[])(const Facts *, const Witness *,
                                   const Candidate *) = {
	[WITNESS_TOKEN] = ask_signed,
	[WITNESS_OUR_ID] = ask_signed,
	[WITNESS_MARKER] = ask_signed,
	[WITNESS_THEIR_ID] = ask_their_id,
	[WITNESS_SUBJECT] = ask_guessable,
	[WITNESS_CONVERSATION] = ask_guessable,
};

static const char *const answers[] = {
	[ANSWER_NO] = "does not hold",
	[ANSWER_YES] = "holds",
	[ANSWER_STRANGER] = "names it, but the sender has no part in it",
};

static void
note(Thread *thread, const Witness *witness, const char *outcome)
{
	g_ptr_array_add(thread->heard,
	                g_strdup_printf("%s %s: ticket %" G_GINT64_FORMAT
	                                ", %s%s",
	                                witness_name(witness->kind),
	                                witness->text, witness->ticket, outcome,
	                                witness->is_expired ? " (expired)"
	                                                    : ""));
}

/* Is it a carrier that was given to this very sender?  What was given to an
 * agent serves an agent only, and the other way round: neither a requester's
 * token nor that of an agent who has left serves for more. */
static bool
is_senders_token(const Facts *facts, const Witness *witness)
{
	return witness->kind <= WITNESS_MARKER && !witness->is_expired &&
	       facts->sender != NULL && witness->principal != 0 &&
	       witness->principal == facts->sender->id &&
	       (facts->agent != NULL) == witness->is_for_agents;
}

static void
hear(Thread *thread, const Facts *facts, const Witness *witness)
{
	const Candidate *candidate = facts_candidate(facts, witness->ticket);
	Answer answer = ANSWER_NO;

	if (candidate == NULL) {
		note(thread, witness, "no such ticket");
		return;
	}
	answer = questions[witness->kind](facts, witness, candidate);
	if (thread->outcome == THREAD_NEW && answer != ANSWER_NO) {
		thread->outcome =
			answer == ANSWER_YES ? THREAD_TICKET : THREAD_STRANGER;
		thread->by = witness;
		thread->candidate = candidate;
	}
	if (thread->candidate != NULL && thread->candidate != candidate) {
		thread->is_contradicted = true;
		note(thread, witness, "contradicts");
		return;
	}
	note(thread, witness, answers[answer]);
	if (answer == ANSWER_YES && is_senders_token(facts, witness))
		thread->has_token = true;
}

Thread *
thread_find(const Facts *facts)
{
	Thread *thread = g_new0(Thread, 1);

	thread->heard = g_ptr_array_new_with_free_func(g_free);
	for (unsigned i = 0; i < facts->witnesses->len; i++)
		hear(thread, facts,
		     &g_array_index(facts->witnesses, Witness, i));
	return thread;
}

void
thread_free(Thread *thread)
{
	if (thread == NULL)
		return;
	g_ptr_array_unref(thread->heard);
	g_free(thread);
}

/* The first 22 octets of a Thread-Index are its conversation; each answer adds
 * five ([MS-OXOMSG] 2.2.1.3).  Base64, so 30 characters hold 22 octets and two
 * bits more. */
#define CONVERSATION_OCTETS 22

char *
thread_conversation(const Mail *mail)
{
	const char *value = mail_field(mail, "Thread-Index");
	gsize size;

	if (value == NULL)
		return NULL;
	g_autofree guchar *octets = g_base64_decode(value, &size);
	if (size < CONVERSATION_OCTETS)
		return NULL;
	GString *hex = g_string_new(NULL);
	for (unsigned i = 0; i < CONVERSATION_OCTETS; i++)
		g_string_append_printf(hex, "%02x", octets[i]);
	return g_string_free(hex, FALSE);
}
