#include <string.h>

#include "base/text.h"

#include "desk/subject.h"
#include "desk/thread.h"

#include "clerk/gather_part.h"

#define MERGES_FOLLOWED_MAX 10

/* Where a merged ticket lives on. */
bool
gather_followed(Gathering *g, int64_t *ticket)
{
	GError *trouble = NULL;

	for (unsigned i = 0; i < MERGES_FOLLOWED_MAX; i++) {
		const Candidate *candidate = gather_load(g, *ticket, &trouble);

		if (trouble != NULL) {
			g_propagate_error(g->error, trouble);
			return false;
		}
		if (candidate == NULL || candidate->ticket->merged_into == 0)
			return true;
		*ticket = candidate->ticket->merged_into;
	}
	return true;
}

static bool
add_witness(Gathering *g, Witness *witness)
{
	if (!gather_followed(g, &witness->ticket))
		return false;
	g_array_append_val(g->gathered->witnesses, *witness);
	return true;
}

/* ---- witnesses ---- */

static bool
hear_token(Gathering *g, const char *address)
{
	g_autofree char *extension = NULL;
	const Desk *desk = g->place->desk;
	ReplyToken token;

	if (desk_queue_for_address(desk, address, &extension) == NULL ||
	    extension == NULL || !token_peek(extension, &token))
		return true;
	g_autoptr(Person) person =
		store_person_get(g->place->store, token.principal, NULL);
	TokenVerdict verdict =
		token_read(g->place->ring, extension, desk->domain,
	                   person == NULL ? 0 : person->token_epoch,
	                   g->place->now, &token);
	if (person == NULL || verdict == TOKEN_BAD || verdict == TOKEN_NONE) {
		g->facts->bad_tokens++;
		return true;
	}
	Witness witness = { .kind = WITNESS_TOKEN,
		            .text = gather_keep(g, g_strdup(address)),
		            .ticket = token.ticket,
		            .principal = token.principal,
		            .is_for_agents = token.scope == TOKEN_AGENT,
		            .is_expired = verdict == TOKEN_EXPIRED };
	return add_witness(g, &witness);
}

static bool
row_is_old(const Gathering *g, const OutboxRow *row, bool is_for_agents)
{
	int64_t span =
		is_for_agents ? AGENT_TOKEN_SECONDS : REQUESTER_TOKEN_SECONDS;

	return g->place->now - row->created_at > span;
}

static bool
hear_name(Gathering *g, WitnessKind kind, const SignedName *name,
          const char *text)
{
	g_autoptr(OutboxRow) row =
		name->kind == NAME_POST
			? store_outbox_get(g->place->store, name->seq, NULL)
			: NULL;
	Witness witness = { .kind = kind,
		            .text = gather_keep(g, g_strdup(text)),
		            .ticket = name->ticket };

	if (row != NULL) {
		g_autoptr(Person) person =
			store_person_get(g->place->store, row->person, NULL);

		witness.message = row->message;
		witness.principal = row->person;
		witness.is_for_agents = person != NULL && person->agent != NULL;
		witness.is_expired = row_is_old(g, row, witness.is_for_agents);
	}
	return add_witness(g, &witness);
}

/* "p.12.45.…@our.domain": it wants to be ours */
static bool
claims_to_be_ours(const Gathering *g, const char *id)
{
	const char *at = strrchr(id, '@');

	return at != NULL && (id[0] == 'p' || id[0] == 't') && id[1] == '.' &&
	       text_equal_ascii(at + 1, g->place->desk->domain);
}

static bool
hear_our_id(Gathering *g, const char *id, bool is_in_reply_to)
{
	SignedName name;

	if (name_read(g->place->ring, id, g->place->desk->domain, &name))
		return hear_name(g, WITNESS_OUR_ID, &name, id);
	if (is_in_reply_to && claims_to_be_ours(g, id))
		g->facts->bad_tokens++;
	return true;
}

static bool
hear_their_id(Gathering *g, const char *id)
{
	SignedName name;

	if (name_read(g->place->ring, id, g->place->desk->domain, &name))
		return true;
	g_autoptr(GPtrArray) messages =
		store_messages_by_id(g->place->store, id, g->error);
	if (messages == NULL)
		return false;
	if (messages->len == 0)
		return true;
	const Message *message = messages->pdata[0];
	Witness witness = {
		.kind = WITNESS_THEIR_ID,
		.text = gather_keep(g, g_strdup(id)),
		.ticket = message->ticket,
		.message = message->id,
		.author = gather_keep(g, g_strdup(message->from_address))
	};
	return add_witness(g, &witness);
}

/* In-Reply-To first, then References from the right. */
static bool
each_reference(Gathering *g, bool (*ask)(Gathering *, const char *, bool))
{
	const GPtrArray *replied = g->mail->in_reply_to;
	const GPtrArray *references = g->mail->references;

	for (unsigned i = 0; i < replied->len; i++)
		if (!ask(g, replied->pdata[i], true))
			return false;
	for (unsigned i = 0; i < references->len && i < REFERENCES_ASKED_MAX;
	     i++)
		if (!ask(g, references->pdata[references->len - 1 - i], false))
			return false;
	return true;
}

static bool
ask_their_id(Gathering *g, const char *id, bool is_in_reply_to)
{
	(void)is_in_reply_to;
	return hear_their_id(g, id);
}

static bool
hear_marker(Gathering *g)
{
	SignedName name;

	if (!name_find(g->place->ring, NAME_POST, g->mail->text,
	               g->place->desk->domain, &name))
		return true;
	return hear_name(g, WITNESS_MARKER, &name, "in the text");
}

static bool
hear_subject(Gathering *g)
{
	int64_t ticket =
		subject_ticket(g->mail->subject, g->place->desk->subject_tags);
	Witness witness = { .kind = WITNESS_SUBJECT,
		            .text = g->mail->subject,
		            .ticket = ticket };

	return ticket == 0 || add_witness(g, &witness);
}

static bool
hear_conversation(Gathering *g)
{
	g_autofree char *conversation = thread_conversation(g->mail);

	if (conversation == NULL)
		return true;
	g_autoptr(GPtrArray) messages =
		store_messages_by_conversation(g->place->store, conversation,
	                                       g->error);
	if (messages == NULL)
		return false;
	if (messages->len == 0)
		return true;
	const Message *message = messages->pdata[0];
	Witness witness = { .kind = WITNESS_CONVERSATION,
		            .text = "",
		            .ticket = message->ticket,
		            .message = message->id };
	return add_witness(g, &witness);
}

static bool
hear_tokens(Gathering *g)
{
	const GPtrArray *recipients = g->gathered->recipients;

	for (unsigned i = 0; i < recipients->len; i++)
		if (!hear_token(g, recipients->pdata[i]))
			return false;
	return true;
}

bool
gather_witnesses(Gathering *g)
{
	return hear_tokens(g) && each_reference(g, hear_our_id) &&
	       hear_marker(g) && each_reference(g, ask_their_id) &&
	       hear_subject(g) && hear_conversation(g);
}

/* ---- children that came before ---- */

bool
gather_children(Gathering *g)
{
	if (g->mail->message_id == NULL)
		return true;
	g_autoptr(GPtrArray) waiting =
		store_messages_awaiting(g->place->store, g->mail->message_id,
	                                g->error);
	if (waiting == NULL)
		return false;
	for (unsigned i = 0; i < waiting->len; i++) {
		const Message *message = waiting->pdata[i];
		WaitingChild child = { message->id, message->ticket };
		GError *trouble = NULL;

		gather_load(g, message->ticket, &trouble);
		if (trouble != NULL) {
			g_propagate_error(g->error, trouble);
			return false;
		}
		g_array_append_val(g->gathered->children, child);
	}
	return true;
}
