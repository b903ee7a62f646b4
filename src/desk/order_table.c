/* Every order there is, one row each, in the order of the help. */
#include "desk/order_kind.h"

static const OrderKind order_kinds[] = {
	{ "note", "", order_note, EVIDENCE_E3, NULL, NULL, ORDER_ASKS_NOTHING,
	  "the text below is for agents only",
	  "el texto de abajo es solo para agentes" },
	{ "reply", "", order_reply, EVIDENCE_E3, NULL, NULL, ORDER_ASKS_NOTHING,
	  "the text below goes to the requester",
	  "el texto de abajo va al solicitante" },
	{ "take", "", order_assign, EVIDENCE_E3, "owner", "me",
	  ORDER_ASKS_NOTHING, "you own the ticket", "el caso es suyo" },
	{ "assign", "AGENT|me|nobody", order_assign, EVIDENCE_E3, "owner", NULL,
	  ORDER_ASKS_NOTHING, "who owns the ticket", "de quién es el caso" },
	{ "queue", "QUEUE", order_queue, EVIDENCE_E3, "queue", NULL,
	  ORDER_ASKS_NOTHING, "move it to a queue", "pasarlo a otra cola" },
	{ "team", "TEAM", order_team, EVIDENCE_E3, "team", NULL,
	  ORDER_ASKS_NOTHING, "give it to a team", "darlo a un equipo" },
	{ "priority", "low|normal|high|urgent", order_word, EVIDENCE_E3,
	  "priority", NULL, ORDER_ASKS_NOTHING, "its priority",
	  "su prioridad" },
	{ "impact", "low|medium|high", order_word, EVIDENCE_E3, "impact", NULL,
	  ORDER_ASKS_NOTHING, "its impact", "su impacto" },
	{ "urgency", "low|medium|high", order_word, EVIDENCE_E3, "urgency",
	  NULL, ORDER_ASKS_NOTHING, "its urgency", "su urgencia" },
	{ "type", "incident|request|problem|change", order_word, EVIDENCE_E3,
	  "type", NULL, ORDER_ASKS_NOTHING, "its type", "su tipo" },
	{ "tag", "+TAG -TAG ...", order_tag, EVIDENCE_E3, NULL, NULL,
	  ORDER_ASKS_NOTHING, "add and take off tags",
	  "poner y quitar etiquetas" },
	{ "field", "NAME=VALUE", order_field, EVIDENCE_E3, NULL, NULL,
	  ORDER_ASKS_NOTHING, "a field of its own", "un campo propio" },
	{ "state", "STATE", order_state, EVIDENCE_E3, "state", NULL,
	  ORDER_ASKS_NOTHING, "its state", "su estado" },
	{ "pending", "[3d|until friday 10:00] [WHY]", order_pending,
	  EVIDENCE_E3, "state", "pending", ORDER_ASKS_NOTHING,
	  "waiting for the requester", "en espera del solicitante" },
	{ "hold", "[WHY]", order_state, EVIDENCE_E3, "state", "hold",
	  ORDER_ASKS_NOTHING, "waiting for a third party",
	  "en espera de un tercero" },
	{ "resolve", "[WHY]", order_state, EVIDENCE_E3, "state", "resolved",
	  ORDER_ASKS_NOTHING, "solved; may come back",
	  "resuelto; puede volver" },
	{ "close", "", order_state, EVIDENCE_E3, "state", "closed",
	  ORDER_ASKS_NOTHING, "close it", "cerrarlo" },
	{ "reopen", "", order_state, EVIDENCE_E3, "state", "open",
	  ORDER_ASKS_NOTHING, "open it again", "abrirlo otra vez" },
	{ "merge", "TICKET", order_merge, EVIDENCE_E3, NULL, NULL,
	  ORDER_ASKS_TICKET, "into another ticket",
	  "fusionarlo con otro caso" },
	{ "unmerge", "[TICKET]", order_unmerge, EVIDENCE_E3, NULL, NULL,
	  ORDER_ASKS_NOTHING, "take a merge into this ticket back",
	  "separar un caso fusionado con este" },
	{ "split", "[MESSAGE]", order_split, EVIDENCE_E3, NULL, NULL,
	  ORDER_ASKS_NOTHING, "make a message a ticket of its own",
	  "hacer de un mensaje un caso aparte" },
	{ "link", "KIND TICKET", order_link, EVIDENCE_E3, NULL, NULL,
	  ORDER_ASKS_TICKET,
	  "duplicate, parent, child, depends, caused-by, related",
	  "duplicate, parent, child, depends, caused-by, related" },
	{ "cc", "+ADDRESS -ADDRESS ...", order_cc, EVIDENCE_E3, NULL, NULL,
	  ORDER_ASKS_NOTHING, "who takes part", "quién participa" },
	{ "requester", "ADDRESS", order_requester, EVIDENCE_E3, NULL, NULL,
	  ORDER_ASKS_NOTHING, "whose ticket it is",
	  "de qué solicitante es el caso" },
	{ "for", "[ADDRESS]", order_for, EVIDENCE_E1, NULL, NULL,
	  ORDER_ASKS_NOTHING,
	  "above a forwarded mail: opens it for who wrote it",
	  "sobre un correo reenviado: lo abre para quien lo escribió" },
	{ "spent", "15m", order_spent, EVIDENCE_E3, NULL, NULL,
	  ORDER_ASKS_NOTHING, "time that it took", "tiempo dedicado" },
	{ "remind", "3d|friday 10:00 TEXT", order_remind, EVIDENCE_E3, NULL,
	  NULL, ORDER_ASKS_NOTHING, "you are reminded by mail",
	  "se le recuerda por correo" },
	{ "spam", "", order_spam, EVIDENCE_E3, "state", "closed",
	  ORDER_ASKS_NOTHING, "close it and tell nobody",
	  "cerrarlo sin avisar a nadie" },
	{ "undo", "", order_undo, EVIDENCE_E3, NULL, NULL, ORDER_ASKS_JOURNAL,
	  "take your last orders here back",
	  "deshacer sus últimas órdenes aquí" },
	{ "try", "", order_try, EVIDENCE_E1, NULL, NULL, ORDER_ASKS_NOTHING,
	  "tell what would be done, and do nothing",
	  "contar qué se haría, sin hacer nada" },
	{ "status", "", order_status, EVIDENCE_E1, NULL, NULL,
	  ORDER_ASKS_NOTHING, "how it stands", "cómo está" },
	{ "list", "QUERY", order_list, EVIDENCE_E1, NULL, NULL, ORDER_ASKS_LIST,
	  "tickets: state:open queue:net owner:ana tag:vpn words",
	  "casos: state:open queue:net owner:ana tag:vpn palabras" },
	{ "show", "TICKET", order_show, EVIDENCE_E1, NULL, NULL,
	  ORDER_ASKS_TICKET, "a ticket with its messages",
	  "un caso con sus mensajes" },
	{ "help", "", order_help, EVIDENCE_E1, NULL, NULL, ORDER_ASKS_NOTHING,
	  "this list", "esta lista" },
	{ "escalate", "[WHY]", order_escalate, EVIDENCE_E3, NULL, NULL,
	  ORDER_ASKS_NOTHING, "give it to the next level",
	  "pasarlo al siguiente nivel" },
	{ "ack", "[TIME]", order_ack, EVIDENCE_E3, NULL, NULL,
	  ORDER_ASKS_NOTHING,
	  "you look after it: no more reminders, or none for a time",
	  "usted se ocupa: sin más avisos, o sin ellos un tiempo" },
	{ "sla", "[NAME]", order_sla, EVIDENCE_E3, NULL, NULL,
	  ORDER_ASKS_NOTHING,
	  "what is promised and how much is left, or another promise",
	  "qué se prometió y cuánto queda, u otra promesa" },
};

const OrderKind *
order_kind_find(const char *word)
{
	for (unsigned i = 0; i < G_N_ELEMENTS(order_kinds); i++)
		if (g_ascii_strcasecmp(order_kinds[i].word, word) == 0)
			return &order_kinds[i];
	return NULL;
}

char *
orders_help(const char *language)
{
	const OrderPlace place = { .language = language };
	bool is_spanish = order_is_spanish(&place);
	GString *help = g_string_new(NULL);

	for (unsigned i = 0; i < G_N_ELEMENTS(order_kinds); i++) {
		const OrderKind *kind = &order_kinds[i];
		g_autofree char *usage =
			g_strconcat("/", kind->word,
		                    *kind->argument == '\0' ? "" : " ",
		                    kind->argument, NULL);

		g_string_append_printf(help, "%-36s %s\n", usage,
		                       is_spanish ? kind->ayuda : kind->help);
	}
	return g_string_free(help, FALSE);
}
