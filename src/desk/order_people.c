/* Orders about people: who takes part, whose ticket it is. */
#include <string.h>

#include "base/text.h"

#include "desk/order_kind.h"

static bool
may_take_part(Reading *reading, const char *address, char **out_fault)
{
	if (address_can_receive(address) &&
	    !desk_owns_address(reading->place->desk, address))
		return true;
	g_autofree char *shown = text_shorten(address, ORDER_COLUMNS_MAX);
	*out_fault = g_strdup_printf(
		ORDER_SAY(reading, "“%s” is no address that mail can go to",
	                  "“%s” no es dirección a la que se pueda escribir"),
		shown);
	return false;
}

char *
order_cc(Reading *reading, const OrderKind *kind, const char *argument,
         char **out_fault)
{
	g_auto(GStrv) words = g_strsplit_set(argument, " ,", -1);
	Plan *plan = reading->before;
	unsigned count = 0;

	for (unsigned i = 0; words[i] != NULL; i++) {
		bool is_removed = words[i][0] == '-';
		const char *bare =
			words[i] + (is_removed || words[i][0] == '+');
		g_autofree char *address = g_ascii_strdown(bare, -1);

		if (*words[i] == '\0')
			continue;
		if (!may_take_part(reading, address, out_fault))
			return NULL;
		plan_add(plan, is_removed ? ACTION_UNWATCH : ACTION_WATCH,
		         "ticket", order_ticket(reading, plan), "address",
		         address, "why", "by order", NULL);
		count++;
	}
	if (count > 0)
		return g_strdup_printf("%s: %s", kind->word, argument);
	*out_fault = g_strdup_printf(ORDER_SAY(reading, "/%s wants %s",
	                                       "/%s quiere %s"),
	                             kind->word, kind->argument);
	return NULL;
}

char *
order_requester(Reading *reading, const OrderKind *kind, const char *argument,
                char **out_fault)
{
	g_autofree char *address = g_ascii_strdown(argument, -1);
	Plan *plan = reading->before;

	(void)kind;
	if (!may_take_part(reading, address, out_fault))
		return NULL;
	plan_add(plan, ACTION_REQUESTER, "ticket", order_ticket(reading, plan),
	         "address", address, "why", "by order", NULL);
	return g_strdup_printf(ORDER_SAY(reading, "it is the ticket of %s",
	                                 "el caso es de %s"),
	                       address);
}

/* Obeyed where a mail opens a ticket; on one that is there it comes too late.
 */
char *
order_for(Reading *reading, const OrderKind *kind, const char *argument,
          char **out_fault)
{
	(void)argument;
	*out_fault = g_strdup_printf(
		ORDER_SAY(reading,
	                  "/%s opens a ticket: forward the mail to a "
	                  "queue; here, /requester",
	                  "/%s abre un caso: reenvíe el correo a una cola; "
	                  "aquí, /requester"),
		kind->word);
	return NULL;
}
