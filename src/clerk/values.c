#include "clerk/values.h"

#include <string.h>

#include "base/text.h"

#include "desk/notice.h"
#include "desk/scrub.h"

#include "message/markdown.h"

#include "store/articles.h"

#include "clerk/values_notice.h"

/* a notification is read, not searched: what is longer is in the ticket */
#define TEXT_OCTETS_MAX 65536

/* an acknowledgement is no book either */
#define ARTICLE_OCTETS_SHOWN 1500
#define ARTICLE_COLUMNS      76

static void
set_number(TemplateValue *values, const char *path, int64_t number)
{
	g_autofree char *text = g_strdup_printf("%" G_GINT64_FORMAT, number);

	template_set(values, path, text);
}

static void
set_ticket(TemplateValue *values, const Ticket *ticket)
{
	set_number(values, "ticket.number", ticket->id);
	template_set(values, "ticket.subject", ticket->subject);
	template_set(values, "ticket.queue", ticket->queue);
	template_set(values, "ticket.priority", ticket->priority);
	template_set(values, "ticket.type", ticket->type);
	template_set(values, "ticket.state", ticket_state_name(ticket->state));
	template_set(values, "ticket.owner", ticket->owner);
	template_set(values, "ticket.team", ticket->team);
	template_set(values, "requester.name", ticket->requester_name);
	template_set(values, "requester.address", ticket->requester_address);
}

/* the new words, or all of it where there are none */
static char *
words_of(const ValuesSource *source)
{
	const Message *message = source->message;
	const char *words = "";

	if (message != NULL && message->reply != NULL &&
	    *message->reply != '\0')
		words = message->reply;
	else if (message != NULL && message->text != NULL)
		words = message->text;
	else if (source->event->mail != NULL)
		words = source->event->mail->reply;
	g_autofree char *cut = g_strndup(words, TEXT_OCTETS_MAX);
	g_autofree char *valid = g_utf8_make_valid(cut, -1);
	return scrub_text(valid);
}

static void
set_text(TemplateValue *values, const ValuesSource *source)
{
	g_autofree char *words = words_of(source);
	g_autofree char *html = notice_html_text(words);

	template_set(values, "text", words);
	template_set(values, "html_text", html);
}

static void
set_attachments(TemplateValue *values, const Message *message)
{
	for (unsigned i = 0; message != NULL && i < message->attachments->len;
	     i++) {
		const MessageAttachment *attachment =
			&g_array_index(message->attachments, MessageAttachment,
		                       i);
		TemplateValue *item = template_append(values, "attachments");
		g_autofree char *size =
			g_format_size((guint64)attachment->size);

		template_set(item, "name",
		             attachment->name == NULL ? attachment->type
		                                      : attachment->name);
		template_set(item, "size", size);
	}
}

static void
set_orders(TemplateValue *values, const Orders *orders, const char *language)
{
	for (unsigned i = 0; orders != NULL && i < orders->list->len; i++) {
		const Order *order = &g_array_index(orders->list, Order, i);
		TemplateValue *item = template_append(values, "orders");

		template_set(item, "order", order->text);
		template_set(item, "effect", order->effect);
		template_set(item, "ok", order->is_good ? "yes" : NULL);
	}
	if (orders != NULL && orders->answer->len > 0)
		template_set(values, "answer", orders->answer->str);
	if (orders != NULL && orders->wants_try)
		template_set(values, "tried", "yes");
	if (orders != NULL && !orders->is_good) {
		g_autofree char *help = orders_help(language);

		template_set(values, "fault", "yes");
		template_set(values, "help", help);
	}
}

/* ---- articles ---- */

/* The beginning of an article, up to the paragraph that would be too much. */
static char *
beginning_of(const char *markdown)
{
	size_t length = strlen(markdown);

	if (length <= ARTICLE_OCTETS_SHOWN)
		return g_strdup(markdown);
	g_autofree char *cut = g_strndup(markdown, ARTICLE_OCTETS_SHOWN);
	char *paragraph = g_strrstr(cut, "\n\n");
	if (paragraph != NULL)
		*paragraph = '\0';
	g_autofree char *valid = g_utf8_make_valid(cut, -1);
	return g_strconcat(valid, "\n\n...", NULL);
}

static void
set_article(TemplateValue *values, const Article *article)
{
	TemplateValue *item = template_append(values, "articles");
	g_autofree char *markdown = beginning_of(article->text);
	g_autofree char *text = markdown_to_text(markdown);
	g_autofree char *wrapped = text_wrap(text, ARTICLE_COLUMNS, "");
	g_autofree char *html = markdown_to_html(markdown);

	template_set(item, "title", article->title);
	template_set(item, "text", wrapped);
	template_set(item, "html", html);
}

/* Those that this acknowledgement proposes: the plan named them before it. */
static bool
set_articles(TemplateValue *values, const ValuesSource *source, GError **error)
{
	const char *template = action_value(source->action, "template");

	if (g_strcmp0(template, "ack") != 0)
		return true;
	g_autoptr(GArray) ids =
		store_articles_used(source->store, source->ticket->id,
	                            "proposed", error);
	if (ids == NULL)
		return false;
	for (unsigned i = 0; i < ids->len; i++) {
		g_autoptr(Article) article =
			store_article_get(source->store,
		                          g_array_index(ids, int64_t, i),
		                          error);

		if (article == NULL)
			return false;
		set_article(values, article);
	}
	template_set(values, "has_articles", ids->len > 0 ? "yes" : NULL);
	return true;
}

/* "mailto:desk+TOKEN@…?subject=…&body=/take" (RFC 6068) */
static void
set_mailto(TemplateValue *values, const ValuesSource *source, const char *word)
{
	g_autofree char *path = g_strconcat("mailto.", word, NULL);
	g_autofree char *subject =
		g_strdup_printf("[#%" G_GINT64_FORMAT "]", source->ticket->id);
	g_autofree char *escaped = g_uri_escape_string(subject, NULL, FALSE);
	g_autofree char *order = g_strdup_printf("/%s\n", word);
	g_autofree char *body = g_uri_escape_string(order, NULL, FALSE);
	g_autofree char *address =
		g_uri_escape_string(source->reply_to, "@", FALSE);
	g_autofree char *url = g_strdup_printf("mailto:%s?subject=%s&body=%s",
	                                       address, escaped, body);

	template_set(values, path, url);
}

/* The mail that did not arrive: its number is the action's detail. */
static bool
set_failure(TemplateValue *values, const ValuesSource *source, GError **error)
{
	if (strcmp(action_value(source->action, "purpose"), "failure") != 0)
		return true;
	g_autoptr(OutboxRow) row =
		store_outbox_get(source->store,
	                         action_number(source->action, "detail"),
	                         error);
	if (row == NULL)
		return false;
	template_set(values, "failure.address", row->to);
	template_set(values, "failure.subject", row->subject);
	template_set(values, "failure.reason", row->last_error);
	template_set(values, "failure.diagnostic", row->last_reply);
	return true;
}

static void
set_people(TemplateValue *values, const ValuesSource *source)
{
	const Message *message = source->message;
	const char *author = message == NULL ? NULL : message->from_name;

	if (author == NULL || *author == '\0')
		author = message == NULL ? NULL : message->from_address;
	template_set(values, "person.name", source->person->name);
	template_set(values, "person.address", source->person->address);
	template_set(values, "agent.name", author);
	template_set(values, "author", author);
	template_set(values, "desk.name", source->desk->name);
	template_set(values, "desk.address",
	             source->queue->addresses[0] != NULL
	                     ? source->queue->addresses[0]
	                     : source->desk->address);
}

TemplateValue *
values_for_letter(const ValuesSource *source, GError **error)
{
	g_autoptr(TemplateValue) values = template_value_object();
	const char *detail = action_value(source->action, "detail");

	set_ticket(values, source->ticket);
	set_people(values, source);
	set_text(values, source);
	set_attachments(values, source->message);
	set_orders(values, source->event->orders,
	           action_value(source->action, "language"));
	set_number(values, "history", source->messages);
	template_set(values, "marker", source->marker);
	template_set(values, "evidence", source->event->evidence);
	template_set(values, "detail", detail);
	template_set(values, "unproven",
	             g_strcmp0(detail, "unproven") == 0 ? "yes" : NULL);
	set_mailto(values, source, "take");
	set_mailto(values, source, "close");
	set_mailto(values, source, "note");
	return values_set_notices(values, source, error) &&
	                       set_failure(values, source, error) &&
	                       set_articles(values, source, error)
	               ? g_steal_pointer(&values)
	               : NULL;
}
