/* Every order there is, one row each, in the order of the help. */
#include "desk/order_kind.h"

/* clang-format off */
static const OrderKind order_kinds[] = {
	{ "note", "", order_note, EVIDENCE_E3, NULL, NULL,
	  "the text below is for agents only",
	  "el texto de abajo es solo para agentes" },
	{ "reply", "", order_reply, EVIDENCE_E3, NULL, NULL,
	  "the text below goes to the requester",
	  "el texto de abajo va al solicitante" },
	{ "take", "", order_assign, EVIDENCE_E3, "owner", "me",
	  "you own the ticket",
	  "el caso es suyo" },
	{ "assign", "AGENT|me|nobody", order_assign, EVIDENCE_E3, "owner", NULL,
	  "who owns the ticket",
	  "de quién es el caso" },
	/* E4 once confirmations by mail give it (doc/violations.md) */
	{ "queue", "QUEUE", order_queue, EVIDENCE_E3, "queue", NULL,
	  "move it to a queue",
	  "pasarlo a otra cola" },
	{ "team", "TEAM", order_team, EVIDENCE_E3, "team", NULL,
	  "give it to a team",
	  "darlo a un equipo" },
	{ "priority", "low|normal|high|urgent", order_word, EVIDENCE_E3,
	  "priority", NULL,
	  "its priority",
	  "su prioridad" },
	{ "impact", "low|medium|high", order_word, EVIDENCE_E3, "impact", NULL,
	  "its impact",
	  "su impacto" },
	{ "urgency", "low|medium|high", order_word, EVIDENCE_E3, "urgency",
	  NULL,
	  "its urgency",
	  "su urgencia" },
	{ "type", "incident|request|problem|change", order_word, EVIDENCE_E3,
	  "type", NULL,
	  "its type",
	  "su tipo" },
	{ "tag", "+TAG -TAG ...", order_tag, EVIDENCE_E3, NULL, NULL,
	  "add and take off tags",
	  "poner y quitar etiquetas" },
	{ "field", "NAME=VALUE", order_field, EVIDENCE_E3, NULL, NULL,
	  "a field of its own",
	  "un campo propio" },
	{ "state", "STATE", order_state, EVIDENCE_E3, "state", NULL,
	  "its state",
	  "su estado" },
	{ "hold", "", order_state, EVIDENCE_E3, "state", "hold",
	  "waiting for a third party",
	  "en espera de un tercero" },
	{ "resolve", "", order_state, EVIDENCE_E3, "state", "resolved",
	  "solved; may come back",
	  "resuelto; puede volver" },
	{ "close", "", order_state, EVIDENCE_E3, "state", "closed",
	  "close it",
	  "cerrarlo" },
	{ "reopen", "", order_state, EVIDENCE_E3, "state", "open",
	  "open it again",
	  "abrirlo otra vez" },
};

/* clang-format on */

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
