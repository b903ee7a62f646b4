/* Orders that say who the text below them is for. */
#include "desk/order_kind.h"

char *
order_note(Reading *reading, const OrderKind *kind, const char *argument,
           char **out_fault)
{
	(void)kind;
	(void)argument;
	(void)out_fault;
	reading->orders->wants_note = true;
	return g_strdup(ORDER_SAY(reading, "the text is a note for agents",
	                          "el texto es una nota para agentes"));
}

char *
order_reply(Reading *reading, const OrderKind *kind, const char *argument,
            char **out_fault)
{
	(void)kind;
	(void)argument;
	(void)out_fault;
	reading->orders->wants_reply = true;
	return g_strdup(ORDER_SAY(reading, "the text goes to the requester",
	                          "el texto va al solicitante"));
}
