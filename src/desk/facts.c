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
