/* reply, note, set, new, merge, split ...: the orders of design section 13, at
 * the terminal. One implementation with those that come by mail; only the
 * evidence differs.
 */
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>
#include <unistd.h>

#include "base/error.h"
#include "base/io.h"
#include "base/json.h"
#include "base/text.h"

#include "cli/session.h"

#define TEXT_OCTETS_MAX ((size_t)1 << 20)

/* The words of the command line, or standard input if there are none. */
static char *
read_text(char *const *words, GError **error)
{
	gsize size;

	if (*words != NULL)
		return g_strjoinv(" ", (char **)(uintptr_t)words);
	g_autoptr(GBytes) bytes =
		io_read_all(STDIN_FILENO, TEXT_OCTETS_MAX, error);
	if (bytes == NULL)
		return NULL;
	const char *data = g_bytes_get_data(bytes, &size);
	g_autofree char *valid =
		text_from_octets(data == NULL ? "" : data, (gssize)size);
	return text_clean_block(valid);
}

static void
print_orders(const Context *context, const Orders *orders)
{
	for (unsigned i = 0; i < orders->list->len; i++) {
		const Order *order = &g_array_index(orders->list, Order, i);

		if (order->is_good && context->quiet)
			continue;
		fprintf(order->is_good ? stdout : stderr, "%s%s: %s\n",
		        order->is_good ? "" : "postigo: ", order->text,
		        order->effect);
	}
}

static int
give_order(const Context *context, const TicketOrder *order)
{
	g_auto(Session) session = { NULL, NULL, NULL };
	g_autoptr(GError) error = NULL;

	if (!session_open_clerk(&session, context, &error))
		return session_fail(error);
	g_autoptr(Decision) decision =
		clerk_order(session.clerk, order, &error);
	if (decision == NULL)
		return session_fail(error);
	print_orders(context, decision->orders);
	if (!decision->orders->is_good)
		return EX_USAGE;
	if (context->json)
		json_print_line(stdout, json_pack("{s:I}", "ticket",
		                                  (json_int_t)order->ticket));
	return EXIT_SUCCESS;
}

/* reply and note: [-a AGENT] TICKET [TEXT...] */
static int
write_on(const Context *context, const Command *command, char **argv,
         bool is_note)
{
	g_autofree char *actor = session_actor();
	g_autoptr(GError) error = NULL;
	TicketOrder order = { .actor = actor, .is_note = is_note };

	argv++;
	if (*argv != NULL && strcmp(*argv, "-a") == 0 && argv[1] != NULL) {
		order.agent = argv[1];
		argv += 2;
	}
	if (*argv == NULL)
		return session_usage(command);
	if (!session_number(*argv++, &order.ticket, &error))
		return session_fail(error);
	g_autofree char *text = read_text(argv, &error);
	if (text == NULL)
		return session_fail(error);
	order.text = g_strstrip(text);
	if (*text == '\0') {
		fprintf(stderr,
		        "postigo: nothing to send: the text is empty\n");
		return EX_DATAERR;
	}
	return give_order(context, &order);
}

static int
run_reply(Context *context, int argc, char **argv)
{
	(void)argc;
	return write_on(context, &cmd_reply, argv, false);
}

static int
run_note(Context *context, int argc, char **argv)
{
	(void)argc;
	return write_on(context, &cmd_note, argv, true);
}

/* what `set` calls a field, where the order has another word */
static const struct {
	const char *field;
	const char *order;
} set_words[] = {
	{ "owner", "assign" },
};

/* "priority=high" to "/priority high"; another field to "/field name=value" */
static bool
append_assignment(GString *text, const char *assignment, GError **error)
{
	static const char *const fields[] = { "state",   "priority", "impact",
		                              "urgency", "type",     "queue",
		                              "team",    "owner",    "tag",
		                              "sla",     "escalate", "ack" };
	const char *equals = strchr(assignment, '=');

	if (equals == NULL || equals == assignment)
		return error_set(error, ERROR_USAGE, "%s: not FIELD=VALUE",
		                 assignment);
	g_autofree char *field =
		g_strndup(assignment, (gsize)(equals - assignment));
	const char *word = NULL;
	for (unsigned i = 0; i < G_N_ELEMENTS(fields); i++)
		if (strcmp(fields[i], field) == 0)
			word = field;
	for (unsigned i = 0; i < G_N_ELEMENTS(set_words); i++)
		if (strcmp(set_words[i].field, field) == 0)
			word = set_words[i].order;
	if (word == NULL)
		g_string_append_printf(text, "/field %s\n", assignment);
	else
		g_string_append_printf(text, "/%s %s\n", word, equals + 1);
	return true;
}

static int
run_set(Context *context, int argc, char **argv)
{
	g_autofree char *actor = session_actor();
	g_autoptr(GString) text = g_string_new(NULL);
	g_autoptr(GError) error = NULL;
	TicketOrder order = { .actor = actor };

	if (argc < 3)
		return session_usage(&cmd_set);
	if (!session_number(argv[1], &order.ticket, &error))
		return session_fail(error);
	for (int i = 2; i < argc; i++)
		if (!append_assignment(text, argv[i], &error))
			return session_fail(error);
	order.text = text->str;
	return give_order(context, &order);
}

/* ---- commands that are an order each: merge 12 9 is "/merge 9" on 12 ---- */

static const Command *const ticket_orders[] = {
	&cmd_merge, &cmd_unmerge, &cmd_split, &cmd_link, &cmd_cc, &cmd_undo,
};

static int
order_usage(const char *name)
{
	for (unsigned i = 0; i < G_N_ELEMENTS(ticket_orders); i++)
		if (strcmp(ticket_orders[i]->name, name) == 0)
			return session_usage(ticket_orders[i]);
	g_assert_not_reached();
}

static int
run_ticket_order(Context *context, int argc, char **argv)
{
	g_autofree char *actor = session_actor();
	g_autoptr(GError) error = NULL;
	TicketOrder order = { .actor = actor };

	if (argc < 2)
		return order_usage(argv[0]);
	if (!session_number(argv[1], &order.ticket, &error))
		return session_fail(error);
	g_autofree char *words = g_strjoinv(" ", argv + 2);
	g_autofree char *text = g_strdup_printf("/%s %s", argv[0], words);
	g_strdelimit(text, "\r\n", ' ');
	order.text = text;
	return give_order(context, &order);
}

/* ---- new ---- */

static int
open_ticket(const Context *context, NewTicket *new_ticket, const char *queue)
{
	g_auto(Session) session = { NULL, NULL, NULL };
	g_autoptr(GError) error = NULL;
	g_autofree char *actor = session_actor();

	if (!session_open_clerk(&session, context, &error))
		return session_fail(error);
	new_ticket->desk = session.desk;
	new_ticket->queue = queue == NULL ? session.desk->queues->pdata[0]
	                                  : desk_queue(session.desk, queue);
	if (new_ticket->queue == NULL) {
		fprintf(stderr, "postigo: %s: no such queue\n", queue);
		return EX_USAGE;
	}
	int64_t id =
		clerk_open_ticket(session.clerk, new_ticket, actor, &error);
	if (id == 0)
		return session_fail(error);
	if (context->json)
		json_print_line(stdout,
		                json_pack("{s:I}", "id", (json_int_t)id));
	else if (!context->quiet)
		printf("%" G_GINT64_FORMAT "\n", id);
	return EXIT_SUCCESS;
}

static int
run_new(Context *context, int argc, char **argv)
{
	static const struct option options[] = {
		{ "queue", required_argument, NULL, 'q' },
		{ "from", required_argument, NULL, 'f' },
		{ "name", required_argument, NULL, 'n' },
		{ "subject", required_argument, NULL, 's' },
		{ NULL, 0, NULL, 0 },
	};
	NewTicket new_ticket = { .subject = "" };
	g_autoptr(GError) error = NULL;
	const char *queue = NULL;
	int option;

	while ((option = getopt_long(argc, argv, "+", options, NULL)) != -1) {
		if (option == 'q')
			queue = optarg;
		else if (option == 'f')
			new_ticket.requester_address = optarg;
		else if (option == 'n')
			new_ticket.requester_name = optarg;
		else if (option == 's')
			new_ticket.subject = optarg;
		else
			return session_usage(&cmd_new);
	}
	if (*new_ticket.subject == '\0')
		return session_usage(&cmd_new);
	g_autofree char *text = read_text(argv + optind, &error);
	if (text == NULL)
		return session_fail(error);
	g_autofree char *subject = text_clean_line(new_ticket.subject);
	new_ticket.subject = subject;
	new_ticket.text = text;
	return open_ticket(context, &new_ticket, queue);
}

const Command cmd_reply = { "reply", "[-a AGENT] TICKET [TEXT...]", run_reply,
	                    false };
const Command cmd_note = { "note", "[-a AGENT] TICKET [TEXT...]", run_note,
	                   false };
const Command cmd_set = { "set", "TICKET FIELD=VALUE...", run_set, false };
const Command cmd_merge = { "merge", "TICKET INTO", run_ticket_order, false };
const Command cmd_unmerge = { "unmerge", "TICKET [MERGED]", run_ticket_order,
	                      false };
const Command cmd_split = { "split", "TICKET [MESSAGE]", run_ticket_order,
	                    false };
const Command cmd_link = { "link", "TICKET KIND OTHER", run_ticket_order,
	                   false };
const Command cmd_cc = { "cc", "TICKET +ADDRESS|-ADDRESS...", run_ticket_order,
	                 false };
const Command cmd_undo = { "undo", "TICKET", run_ticket_order, false };
const Command cmd_new = {
	"new",
	"[--queue Q] [--from ADDRESS] [--name NAME] --subject SUBJECT [TEXT...]",
	run_new, false
};
