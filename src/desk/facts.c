#include "desk/facts.h"

static const char *const witness_names[] = {
	[WITNESS_TOKEN] = "reply token",
	[WITNESS_OUR_ID] = "our Message-ID",
	[WITNESS_MARKER] = "body marker",
	[WITNESS_THEIR_ID] = "known Message-ID",
	[WITNESS_SUBJECT] = "subject tag",
	[WITNESS_CONVERSATION] = "Thread-Index",
};

const char *
witness_name(WitnessKind kind)
{
	return witness_names[kind];
}

const Candidate *
facts_candidate(const Facts *facts, int64_t ticket)
{
	for (unsigned i = 0; i < facts->candidates->len; i++) {
		const Candidate *candidate = facts->candidates->pdata[i];
		if (candidate->ticket->id == ticket)
			return candidate;
	}
	return NULL;
}

const Participant *
candidate_participant(const Candidate *candidate, const char *address)
{
	if (address == NULL)
		return NULL;
	for (unsigned i = 0; i < candidate->participants->len; i++) {
		const Participant *participant =
			candidate->participants->pdata[i];
		if (g_ascii_strcasecmp(participant->address, address) == 0)
			return participant;
	}
	return NULL;
}

const Participant *
candidate_requester(const Candidate *candidate)
{
	for (unsigned i = 0; i < candidate->participants->len; i++) {
		const Participant *participant =
			candidate->participants->pdata[i];
		if (participant->kind == PARTICIPANT_REQUESTER)
			return participant;
	}
	return NULL;
}

static void
clear_tie(gpointer data)
{
	g_free(((Tie *)data)->kind);
}

GArray *
ties_new(void)
{
	GArray *ties = g_array_new(FALSE, TRUE, sizeof(Tie));

	g_array_set_clear_func(ties, clear_tie);
	return ties;
}

void
candidate_free(Candidate *candidate)
{
	if (candidate == NULL)
		return;
	ticket_free(candidate->ticket);
	g_clear_pointer(&candidate->participants, g_ptr_array_unref);
	g_clear_pointer(&candidate->proposed, g_array_unref);
	g_clear_pointer(&candidate->ties, g_array_unref);
	g_clear_pointer(&candidate->merged, g_array_unref);
	g_clear_pointer(&candidate->history, g_ptr_array_unref);
	g_clear_pointer(&candidate->journal, g_ptr_array_unref);
	g_free(candidate);
}

void
ticket_list_free(TicketList *list)
{
	if (list == NULL)
		return;
	g_free(list->query);
	g_free(list->fault);
	g_clear_pointer(&list->tickets, g_ptr_array_unref);
	g_free(list);
}

const char *
facts_words(const Facts *facts)
{
	return facts->words != NULL ? facts->words
	                            : mail_own_words(facts->mail);
}
