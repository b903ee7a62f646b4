#include <string.h>

#include "clerk/gather_part.h"

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

void
gather_recipients(Gathering *g)
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

void
gather_queue(Gathering *g)
{
	const Desk *desk = g->place->desk;
	const GPtrArray *recipients = g->gathered->recipients;

	g->facts->queue = desk_queue(desk, g->arrival->queue);
	g->facts->queue_why = "the queue of the mailbox it was fetched from";
	if (g->facts->queue != NULL)
		return;
	for (unsigned i = 0; i < recipients->len; i++) {
		const char *address = recipients->pdata[i];
		const Queue *queue =
			desk_queue_for_address(desk, address, NULL);

		if (queue == NULL)
			continue;
		g->facts->queue = queue;
		g->facts->queue_why =
			gather_keep(g, g_strdup_printf("addressed to %s",
		                                       address));
		return;
	}
	g->facts->queue = desk->queues->pdata[0];
	g->facts->queue_why = "no address of ours among the recipients: "
			      "the first queue";
}

/* ---- our own mail, and reports on it ---- */

void
gather_echo(Gathering *g)
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
void
gather_reported(Gathering *g)
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
