/* The text of an agent's mail: wrong orders add nothing, good ones nothing that
 * their evidence does not allow. */
#include <stdint.h>
#include <string.h>

#include <glib.h>

#include "base/text.h"

#include "desk/order.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char *const none[] = { NULL };

static void
check(const char *text, const OrderPlace *place, EvidenceLevel level)
{
	g_autoptr(Plan) before = plan_new();
	g_autoptr(Plan) after = plan_new();
	g_autoptr(Orders) orders =
		orders_read(text, place, level, before, after);
	unsigned count = before->actions->len + after->actions->len;

	g_assert(orders->list->len <= ORDERS_MAX + 2);
	g_assert(orders->is_good || count == 0);
	g_assert(level >= EVIDENCE_E3 || count == 0);
	g_assert(strlen(orders->rest) <= strlen(text));
	if (orders->list->len > 0)
		g_assert(orders_begin(text));
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	g_autofree char *octets =
		text_from_octets((const char *)data, (gssize)size);
	g_autofree char *text = text_clean_block(octets);
	g_autoptr(Desk) desk = desk_new();
	g_autoptr(Ticket) ticket = ticket_new();
	Agent agent = { .id = "ana", .name = "Ana", .addresses = none };
	OrderPlace place = { .desk = desk, .ticket = ticket, .agent = &agent };

	ticket->id = 12;
	g_ptr_array_add(desk->agents, g_memdup2(&agent, sizeof agent));
	check(text, &place, EVIDENCE_E0);
	check(text, &place, EVIDENCE_E3);
	check(text, &place, EVIDENCE_E5);
	return 0;
}
