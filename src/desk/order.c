#include "desk/order.h"

#include <string.h>

#include "base/text.h"

#include "desk/order_kind.h"

bool
order_is_spanish(const OrderPlace *place)
{
	return place->language != NULL &&
	       g_ascii_strncasecmp(place->language, "es", 2) == 0;
}

void
order_set(Reading *reading, Plan *plan, const char *field, const char *value)
{
	plan_add(plan, ACTION_SET, "ticket",
	         plan_number(plan, reading->place->ticket->id), "field", field,
	         "value", value, NULL);
}

/* Those that change something, and the one that asks of this ticket alone. */
static bool
needs_ticket(const OrderKind *kind)
{
	return kind->needs > EVIDENCE_E1 || kind->effect == order_status;
}

const Candidate *
order_candidate(const Reading *reading, int64_t ticket)
{
	const GPtrArray *candidates = reading->place->candidates;

	for (unsigned i = 0; candidates != NULL && i < candidates->len; i++) {
		const Candidate *candidate = candidates->pdata[i];

		if (candidate->ticket->id == ticket)
			return candidate;
	}
	return NULL;
}

const char *
order_ticket(Reading *reading, Plan *plan)
{
	return plan_number(plan, reading->place->ticket->id);
}

int64_t
order_number(const char *text)
{
	const char *digit = text + strcspn(text, "0123456789");

	return g_ascii_strtoll(digit, NULL, 10);
}

/* what is wrong with an order before its effect is asked; NULL: nothing */
static char *
order_fault(const Reading *reading, const OrderKind *kind, const char *argument)
{
	if (reading->place->ticket == NULL && needs_ticket(kind))
		return g_strdup_printf(ORDER_SAY(reading,
		                                 "/%s wants a ticket before it",
		                                 "/%s quiere un caso delante"),
		                       kind->word);
	if (reading->level < kind->needs &&
	    !(reading->place->may_confirm && kind->needs <= EVIDENCE_E4))
		return g_strdup_printf(
			ORDER_SAY(
				reading,
				"/%s needs evidence %s, this mail has %s",
				"/%s exige evidencia %s, este correo tiene %s"),
			kind->word, evidence_name(kind->needs),
			evidence_name(reading->level));
	if (strlen(argument) > ORDER_ARGUMENT_OCTETS_MAX)
		return g_strdup_printf(ORDER_SAY(reading, "/%s is too long",
		                                 "/%s es demasiado largo"),
		                       kind->word);
	if (*kind->argument == '\0' && *argument != '\0')
		return g_strdup_printf(ORDER_SAY(reading,
		                                 "/%s takes no argument",
		                                 "/%s no lleva argumento"),
		                       kind->word);
	if (*kind->argument != '\0' && *kind->argument != '[' &&
	    *argument == '\0')
		return g_strdup_printf(ORDER_SAY(reading, "/%s wants %s",
		                                 "/%s quiere %s"),
		                       kind->word, kind->argument);
	return NULL;
}

static void
keep_order(Orders *orders, const char *line, const char *effect, bool is_good)
{
	g_autofree char *shown = text_shorten(line, ORDER_COLUMNS_MAX);
	Order order = {
		.text = g_string_chunk_insert(orders->strings, shown),
		.effect = g_string_chunk_insert(orders->strings, effect),
		.is_good = is_good,
	};

	g_array_append_val(orders->list, order);
	orders->is_good &= is_good;
}

static char *
no_such_order(const Reading *reading, const char *word)
{
	g_autofree char *shown = text_shorten(word, ORDER_COLUMNS_MAX);

	return g_strdup_printf(ORDER_SAY(reading, "there is no order /%s",
	                                 "no hay orden /%s"),
	                       shown);
}

/* line begins with "/" */
static void
read_line(Reading *reading, const char *line)
{
	g_autofree char *copy = g_strdup(line + 1);
	g_autofree char *fault = NULL;
	g_autofree char *effect = NULL;
	char *argument = copy + strcspn(copy, " \t");

	if (*argument != '\0')
		*argument++ = '\0';
	g_strstrip(argument);
	const OrderKind *kind = order_kind_find(copy);
	if (kind == NULL)
		fault = no_such_order(reading, copy);
	else
		fault = order_fault(reading, kind, argument);
	if (fault == NULL)
		effect = kind->effect(reading, kind, argument, &fault);
	if (effect != NULL) {
		reading->orders->needs =
			MAX(reading->orders->needs, kind->needs);
		reading->orders->acts += kind->needs > EVIDENCE_E1;
	}
	keep_order(reading->orders, line, effect != NULL ? effect : fault,
	           effect != NULL);
}

static bool
is_order(const char *line)
{
	return line[0] == '/' && g_ascii_isalpha(line[1]);
}

bool
orders_begin(const char *text)
{
	while (g_ascii_isspace(*text))
		text++;
	return is_order(text);
}

static void
refuse_more(const Reading *reading, const char *line)
{
	g_autofree char *fault =
		g_strdup_printf(ORDER_SAY(reading, "more than %d orders",
	                                  "más de %d órdenes"),
	                        ORDERS_MAX);

	keep_order(reading->orders, line, fault, false);
}

/* All orders at the top; the rest of the text, blank lines between skipped. */
static const char *
read_lines(Reading *reading, const char *text)
{
	const char *at = text;

	for (;;) {
		size_t length = strcspn(at, "\n");
		g_autofree char *line = g_strndup(at, length);
		bool is_last = at[length] == '\0';

		g_strstrip(line);
		if (*line != '\0' && !is_order(line))
			return at;
		if (reading->orders->list->len == ORDERS_MAX && *line != '\0') {
			refuse_more(reading, line);
			return at;
		}
		if (*line != '\0')
			read_line(reading, line);
		at += length + (is_last ? 0 : 1);
		if (is_last)
			return at;
	}
}

static void
check_together(const Reading *reading)
{
	Orders *orders = reading->orders;

	if (orders->wants_note && orders->wants_reply)
		keep_order(
			orders, "/note /reply",
			ORDER_SAY(
				reading,
				"a text is for agents or for the requester, not both",
				"un texto es para agentes o para el solicitante, no ambos"),
			false);
}

Orders *
orders_read(const char *text, const OrderPlace *place, EvidenceLevel level,
            Plan *before, Plan *after)
{
	Orders *orders = g_new0(Orders, 1);
	unsigned before_count = before->actions->len;
	unsigned after_count = after->actions->len;

	orders->strings = g_string_chunk_new(1024);
	orders->list = g_array_new(FALSE, FALSE, sizeof(Order));
	orders->answer = g_string_new(NULL);
	orders->is_good = true;
	Reading reading = { .place = place,
		            .level = level,
		            .orders = orders,
		            .before = before,
		            .after = after };
	const char *rest = read_lines(&reading, text);
	g_autofree char *trimmed = g_strstrip(g_strdup(rest));
	orders->rest = g_string_chunk_insert(orders->strings, trimmed);
	check_together(&reading);
	order_follow_matrix(&reading);
	if (!orders->is_good) {
		g_array_set_size(before->actions, before_count);
		g_array_set_size(after->actions, after_count);
	}
	return orders;
}

void
orders_free(Orders *orders)
{
	if (orders == NULL)
		return;
	g_string_chunk_free(orders->strings);
	g_array_unref(orders->list);
	g_string_free(orders->answer, TRUE);
	g_free(orders);
}

void
orders_refuse(Orders *orders, const char *text, const char *why)
{
	keep_order(orders, text, why, false);
}

/* ---- what they look at ---- */

static void
ask_line(char *line, OrderAsked asked, void *data)
{
	char *argument = line + 1 + strcspn(line + 1, " \t");

	if (*argument != '\0')
		*argument++ = '\0';
	const OrderKind *kind = order_kind_find(line + 1);
	if (kind != NULL && kind->asks != ORDER_ASKS_NOTHING &&
	    strlen(argument) <= ORDER_ARGUMENT_OCTETS_MAX)
		asked(kind->asks, g_strstrip(argument), data);
}

void
orders_asked(const char *text, OrderAsked asked, void *data)
{
	const char *at = text;

	for (unsigned count = 0; count < ORDERS_MAX;) {
		size_t length = strcspn(at, "\n");
		g_autofree char *line = g_strndup(at, length);

		g_strstrip(line);
		if (*line != '\0' && !is_order(line))
			return;
		if (*line != '\0') {
			ask_line(line, asked, data);
			count++;
		}
		if (at[length] == '\0')
			return;
		at += length + 1;
	}
}
