#include "clerk/rehearse.h"

#include "desk/evidence.h"

static const Queue *
queue_among(const Desk *desk, const GArray *addresses)
{
	for (unsigned i = 0; i < addresses->len; i++) {
		const char *address = mail_address(addresses, i)->address;
		const Queue *queue =
			desk_queue_for_address(desk, address, NULL);

		if (queue != NULL)
			return queue;
	}
	return NULL;
}

static const Queue *
queue_of(const Rehearsal *r)
{
	const Queue *queue = NULL;

	for (const char *const *to = r->recipients;
	     queue == NULL && to != NULL && *to != NULL; to++)
		queue = desk_queue_for_address(r->desk, *to, NULL);
	if (queue == NULL)
		queue = queue_among(r->desk, r->mail->to);
	if (queue == NULL)
		queue = queue_among(r->desk, r->mail->cc);
	return queue == NULL ? r->desk->queues->pdata[0] : queue;
}

Ruling *
rehearse(const Rehearsal *r, const Program *program)
{
	g_autoptr(GPtrArray) why = g_ptr_array_new_with_free_func(g_free);
	const char *from =
		r->mail->from->len == 1 ? mail_from_address(r->mail) : NULL;
	Facts facts = {
		.now = r->now,
		.desk = r->desk,
		.mail = r->mail,
		.queue = queue_of(r),
		.from = from,
		.agent = desk_agent_for_address(r->desk, from),
		.proven = evidence_from_results(r->mail, &r->desk->trust, why),
	};
	SieveInput input = {
		.facts = &facts,
		.mail = r->mail,
		.envelope_sender = r->sender,
		.envelope_recipients = r->recipients,
		.queue = facts.queue->name,
		.now = r->now,
	};

	return sieve_run(program, &input);
}

char *
rehearse_text(const Ruling *ruling)
{
	GString *text = g_string_new(NULL);

	for (unsigned i = 0; i < ruling->entries->len; i++) {
		g_autofree char *line =
			ruling_entry_to_text(ruling_entry(ruling, i));

		g_string_append_printf(text, "%s\n", line);
	}
	return g_string_free(text, FALSE);
}
