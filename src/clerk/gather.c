#include "clerk/gather.h"

#include <string.h>

#include "base/error.h"
#include "base/text.h"

#include "desk/subject.h"
#include "desk/thread.h"

#define MERGES_FOLLOWED_MAX 10
#define HOUR                INT64_C(3600)
#define DAY                 INT64_C(86400)

/* One mail's gathering; error is set once a question failed. */
typedef struct Gathering {
	const GatherPlace *place;
	const Arrival *arrival;
	const Mail *mail;
	Gathered *gathered;
	Facts *facts;
	GError **error;
} Gathering;

/* ---- candidates ---- */

Candidate *
gather_candidate(Store *store, int64_t ticket, GError **error)
{
	g_autoptr(Candidate) candidate = g_new0(Candidate, 1);

	candidate->ticket = store_ticket_get(store, ticket, error);
	if (candidate->ticket == NULL)
		return NULL;
	candidate->participants = store_participants(store, ticket, error);
	return candidate->participants == NULL ? NULL
	                                       : g_steal_pointer(&candidate);
}

void
candidate_free(Candidate *candidate)
{
	if (candidate == NULL)
		return;
	ticket_free(candidate->ticket);
	g_clear_pointer(&candidate->participants, g_ptr_array_unref);
	g_free(candidate);
}

static const char *
keep(Gathering *g, char *text)
{
	g_ptr_array_add(g->gathered->owned_texts, text);
	return text;
}

/* The candidate, loaded once; NULL without error: there is no such ticket. */
static const Candidate *
load_candidate(Gathering *g, int64_t ticket, GError **error)
{
	const Candidate *known = facts_candidate(g->facts, ticket);
	GError *trouble = NULL;

	if (known != NULL)
		return known;
	Candidate *candidate =
		gather_candidate(g->place->store, ticket, &trouble);
	if (candidate == NULL) {
		if (g_error_matches(trouble, POSTIGO_ERROR, ERROR_NOT_FOUND))
			g_clear_error(&trouble);
		else
			g_propagate_error(error, trouble);
		return NULL;
	}
	g_ptr_array_add(g->gathered->candidates, candidate);
	return candidate;
}

/* Where a merged ticket lives on. */
static bool
follow_merges(Gathering *g, int64_t *ticket)
{
	GError *trouble = NULL;

	for (unsigned i = 0; i < MERGES_FOLLOWED_MAX; i++) {
		const Candidate *candidate =
			load_candidate(g, *ticket, &trouble);

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
	if (!follow_merges(g, &witness->ticket))
		return false;
	g_array_append_val(g->gathered->witnesses, *witness);
	return true;
}

/* ---- recipients and the queue ---- */

/* Where the MTA or an earlier hop may have written whom the mail was for, the
 * surest first (design section 6, peers.md A9). */
static const char *const recipient_fields[] = {
	"Delivered-To",
	"X-Original-To",
	"Envelope-To",
	"X-Envelope-To",
};

static void
add_recipients(Gathering *g, const GArray *addresses)
{
	for (unsigned i = 0; i < addresses->len; i++)
		g_ptr_array_add(g->gathered->recipients,
		                g_strdup(mail_address(addresses, i)->address));
}

static void
add_recipient_field(Gathering *g, const char *name)
{
	const char *value = mail_field(g->mail, name);

	if (value == NULL)
		return;
	g_autofree char *bare = g_strdup(value);
	g_strstrip(bare);
	g_strdelimit(bare, "<>", ' ');
	g_ptr_array_add(g->gathered->recipients,
	                g_ascii_strdown(g_strstrip(bare), -1));
}

static void
collect_recipients(Gathering *g)
{
	for (const char *const *r = g->arrival->recipients;
	     r != NULL && *r != NULL; r++)
		g_ptr_array_add(g->gathered->recipients,
		                g_ascii_strdown(*r, -1));
	if (g->gathered->recipients->len == 0)
		for (unsigned i = 0; i < G_N_ELEMENTS(recipient_fields); i++)
			add_recipient_field(g, recipient_fields[i]);
	add_recipients(g, g->mail->to);
	add_recipients(g, g->mail->cc);
}

static void
choose_queue(Gathering *g)
{
	const Desk *desk = g->place->desk;
	const GPtrArray *recipients = g->gathered->recipients;

	for (unsigned i = 0; i < recipients->len; i++) {
		const char *address = recipients->pdata[i];
		const Queue *queue =
			desk_queue_for_address(desk, address, NULL);

		if (queue == NULL)
			continue;
		g->facts->queue = queue;
		g->facts->queue_why =
			keep(g, g_strdup_printf("addressed to %s", address));
		return;
	}
	g->facts->queue = desk->queues->pdata[0];
	g->facts->queue_why = "no address of ours among the recipients: "
			      "the first queue";
}

/* ---- our own mail, and reports on it ---- */

static void
look_for_echo(Gathering *g)
{
	const Desk *desk = g->place->desk;
	const char *instance = mail_field(g->mail, "X-Postigo-Instance");
	SignedName name;

	if (instance != NULL && strrchr(instance, '.') != NULL &&
	    keyring_verify(g->place->ring, "instance", desk->domain,
	                   strrchr(instance, '.') + 1))
		g->facts->echo_why = "X-Postigo-Instance is ours";
	else if (g->mail->message_id != NULL &&
	         name_read(g->place->ring, g->mail->message_id, desk->domain,
	                   &name) &&
	         name.kind == NAME_POST)
		g->facts->echo_why = "Message-ID is one of ours";
}

/* The outgoing mail that a signed name of kind names; NULL: none. */
static OutboxRow *
named_row(Gathering *g, const char *text, NameKind kind)
{
	SignedName name;

	if (text == NULL ||
	    !name_read(g->place->ring, text, g->place->desk->domain, &name) ||
	    name.kind != kind)
		return NULL;
	return store_outbox_get(g->place->store, name.seq, NULL);
}

/* Which mail of ours is the report on?  Only what we signed is believed, so a
 * forged report cannot silence an address (L-13, L-14). */
static void
find_reported(Gathering *g)
{
	const MailReport *report = g->mail->report;
	const GPtrArray *recipients = g->gathered->recipients;

	if (report == NULL)
		return;
	for (unsigned i = 0; i < recipients->len; i++) {
		g_autofree char *extension = NULL;
		g_autofree char *base =
			address_without_extension(recipients->pdata[i],
		                                  &extension);

		g->gathered->reported = named_row(g, extension, NAME_VERP);
		if (g->gathered->reported != NULL) {
			g->facts->reported_why = "VERP address of ours";
			break;
		}
	}
	if (g->gathered->reported == NULL) {
		g->gathered->reported =
			named_row(g, report->original_message_id, NAME_POST);
		g->facts->reported_why = "Message-ID of ours in the report";
	}
	if (g->gathered->reported == NULL) {
		g->gathered->reported =
			named_row(g, report->envelope_id, NAME_POST);
		g->facts->reported_why = "envelope id of ours in the report";
	}
	g->facts->reported = g->gathered->reported;
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
		            .text = keep(g, g_strdup(address)),
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
		            .text = keep(g, g_strdup(text)),
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
	Witness witness = { .kind = WITNESS_THEIR_ID,
		            .text = keep(g, g_strdup(id)),
		            .ticket = message->ticket,
		            .message = message->id,
		            .author =
		                    keep(g, g_strdup(message->from_address)) };
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

static bool
hear_witnesses(Gathering *g)
{
	return hear_tokens(g) && each_reference(g, hear_our_id) &&
	       hear_marker(g) && each_reference(g, ask_their_id) &&
	       hear_subject(g) && hear_conversation(g);
}

/* ---- seen before? ---- */

static void
seen(Gathering *g, SeenBefore how, Delivery *other)
{
	g->gathered->other = other;
	g->facts->other = other;
	g->facts->seen = how;
}

static bool
is_strict_prefix(GBytes *shorter, GBytes *longer)
{
	gsize size;
	const void *data = g_bytes_get_data(shorter, &size);

	return size < g_bytes_get_size(longer) &&
	       memcmp(data, g_bytes_get_data(longer, NULL), size) == 0;
}

/* A pipe has no end-of-message mark: the same Message-ID, and one the beginning
 * of the other, is one mail whose first copy was cut (C-12). */
static bool
compare_with(Gathering *g, Delivery *other, SeenBefore *out_how)
{
	g_autoptr(GBytes) octets =
		store_raw_get(g->place->store, other->sha256, g->error);

	if (octets == NULL)
		return false;
	if (is_strict_prefix(octets, g->arrival->raw))
		*out_how = SEEN_LONGER;
	else if (is_strict_prefix(g->arrival->raw, octets))
		*out_how = SEEN_TRUNCATED;
	else
		*out_how = SEEN_NOT;
	return true;
}

static Delivery *
take_first(GPtrArray *deliveries, unsigned i)
{
	return g_ptr_array_steal_index(deliveries, i);
}

static bool
look_for_truncated(Gathering *g)
{
	if (g->mail->message_id == NULL ||
	    g_strcmp0(g->arrival->door, "pipe") != 0)
		return true;
	g_autoptr(GPtrArray) like =
		store_deliveries_like(g->place->store, NULL,
	                              g->mail->message_id,
	                              g->place->now - SAME_MAIL_SECONDS,
	                              g->error);
	if (like == NULL)
		return false;
	for (unsigned i = 0; i < like->len; i++) {
		SeenBefore how;

		if (!compare_with(g, like->pdata[i], &how))
			return false;
		if (how != SEEN_NOT) {
			seen(g, how, take_first(like, i));
			return true;
		}
	}
	return true;
}

static bool
look_for_same(Gathering *g)
{
	GError *trouble = NULL;

	if (g->arrival->door_key != NULL) {
		Delivery *same =
			store_delivery_by_key(g->place->store,
		                              g->arrival->door_key, &trouble);

		if (trouble != NULL) {
			g_propagate_error(g->error, trouble);
			return false;
		}
		if (same != NULL) {
			seen(g, SEEN_SAME, same);
			return true;
		}
	}
	int64_t since =
		g->arrival->is_import ? 0 : g->place->now - SAME_MAIL_SECONDS;
	g_autoptr(GPtrArray) like =
		store_deliveries_like(g->place->store, g->mail->content_hash,
	                              NULL, since, g->error);
	if (like == NULL)
		return false;
	if (like->len > 0) {
		seen(g, SEEN_SAME, take_first(like, 0));
		return true;
	}
	return look_for_truncated(g);
}

/* ---- the sender, his proof and his budgets ---- */

static bool
look_at_sender(Gathering *g)
{
	GError *trouble = NULL;
	/* two authors are nobody's proof and nobody's part (P-03, A-10) */
	const char *from =
		g->mail->from->len == 1 ? mail_from_address(g->mail) : NULL;

	g->facts->from = from;
	g->facts->agent = desk_agent_for_address(g->place->desk, from);
	g->facts->proven =
		evidence_from_results(g->mail, &g->place->desk->trust,
	                              g->gathered->why);
	if (from == NULL)
		return true;
	g->gathered->sender =
		store_person_by_address(g->place->store, from, &trouble);
	g->facts->sender = g->gathered->sender;
	if (trouble == NULL)
		return true;
	g_propagate_error(g->error, trouble);
	return false;
}

static bool
was_warned_today(Gathering *g)
{
	if (g->facts->agent == NULL)
		return false;
	g_autofree char *name =
		g_strdup_printf("agent-warned:%s", g->facts->agent->id);
	g_autofree char *at = store_note_get(g->place->store, name, NULL);
	return at != NULL &&
	       g->place->now - g_ascii_strtoll(at, NULL, 10) < DAY;
}

/* Whoever may get the acknowledgement is counted, so that Reply-To cannot
 * spread them (L-12). */
static bool
count_acknowledgements(Gathering *g, const MailAddress *receiver)
{
	Budgets *budgets = &g->facts->budgets;
	int64_t sent;

	if (receiver == NULL)
		return true;
	OutboxCount lately = { .purpose = "acknowledgement",
		               .to = receiver->address,
		               .since = g->place->now - DAY };
	if (!store_count_outbox(g->place->store, &lately, &sent, g->error))
		return false;
	budgets->acknowledgements_to_sender_day =
		MAX(budgets->acknowledgements_to_sender_day, sent);
	return true;
}

static bool
look_at_budgets(Gathering *g)
{
	Budgets *budgets = &g->facts->budgets;
	int64_t an_hour_ago = g->place->now - HOUR;
	const char *from = mail_from_address(g->mail);
	OutboxCount unproven = { .purpose = "acknowledgement",
		                 .template = "ack-unproven",
		                 .since = an_hour_ago };

	budgets->was_agent_warned_today = was_warned_today(g);
	if (from == NULL || g->arrival->is_import)
		return true;
	return count_acknowledgements(g, mail_address(g->mail->from, 0)) &&
	       count_acknowledgements(g, mail_address(g->mail->reply_to, 0)) &&
	       store_count_outbox(g->place->store, &unproven,
	                          &budgets->unproven_acknowledgements_hour,
	                          g->error) &&
	       store_count_tickets(g->place->store, from, an_hour_ago,
	                           &budgets->tickets_by_sender_hour, g->error);
}

static bool
look_for_children(Gathering *g)
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

		load_candidate(g, message->ticket, &trouble);
		if (trouble != NULL) {
			g_propagate_error(g->error, trouble);
			return false;
		}
		g_array_append_val(g->gathered->children, child);
	}
	return true;
}

/* ---- all of it ---- */

static Gathered *
gathered_new(const GatherPlace *place, const Arrival *arrival, const Mail *mail)
{
	Gathered *gathered = g_new0(Gathered, 1);

	gathered->owned_texts = g_ptr_array_new_with_free_func(g_free);
	gathered->why = g_ptr_array_new_with_free_func(g_free);
	gathered->witnesses = g_array_new(FALSE, TRUE, sizeof(Witness));
	gathered->candidates =
		g_ptr_array_new_with_free_func((GDestroyNotify)candidate_free);
	gathered->children = g_array_new(FALSE, TRUE, sizeof(WaitingChild));
	gathered->recipients = g_ptr_array_new_with_free_func(g_free);
	gathered->facts = (Facts){
		.now = place->now,
		.desk = place->desk,
		.mail = mail,
		.envelope_sender = arrival->sender,
		.is_import = arrival->is_import,
		.proven_why = gathered->why,
		.witnesses = gathered->witnesses,
		.candidates = gathered->candidates,
		.children = gathered->children,
		.hops = mail_field_count(mail, "Received"),
	};
	return gathered;
}

Gathered *
gather_on_mail(const GatherPlace *place, const Arrival *arrival,
               const Mail *mail, GError **error)
{
	g_autoptr(Gathered) gathered = gathered_new(place, arrival, mail);
	Gathering g = {
		place, arrival, mail, gathered, &gathered->facts, error
	};

	collect_recipients(&g);
	choose_queue(&g);
	look_for_echo(&g);
	find_reported(&g);
	if (!store_hand_times(place->store, mail->sha256,
	                      &gathered->facts.times_in_hand, error) ||
	    !look_at_sender(&g) || !look_for_same(&g) || !hear_witnesses(&g) ||
	    !look_for_children(&g) || !look_at_budgets(&g) ||
	    !store_ticket_next(place->store, &gathered->facts.next_ticket,
	                       error))
		return NULL;
	if (gathered->reported != NULL &&
	    load_candidate(&g, gathered->reported->ticket, error) == NULL &&
	    error != NULL && *error != NULL)
		return NULL;
	return g_steal_pointer(&gathered);
}

bool
gathered_add_candidate(Gathered *gathered, Store *store, int64_t ticket,
                       GError **error)
{
	if (facts_candidate(&gathered->facts, ticket) != NULL)
		return true;
	Candidate *candidate = gather_candidate(store, ticket, error);
	if (candidate == NULL)
		return false;
	g_ptr_array_add(gathered->candidates, candidate);
	return true;
}

void
gathered_free(Gathered *gathered)
{
	if (gathered == NULL)
		return;
	g_ptr_array_unref(gathered->owned_texts);
	g_ptr_array_unref(gathered->why);
	g_array_unref(gathered->witnesses);
	g_ptr_array_unref(gathered->candidates);
	g_array_unref(gathered->children);
	g_ptr_array_unref(gathered->recipients);
	delivery_free(gathered->other);
	person_free(gathered->sender);
	outbox_row_free(gathered->reported);
	g_free(gathered);
}
