#include "desk/selfservice.h"

#include <string.h>

#include <glib.h>

#include "base/text.h"

/* folded: lower case, no accents (text_fold) */
static const struct {
	const char *word;
	TicketState state;
} words_of_states[] = {
	/* English */
	{ "close", STATE_CLOSED },
	{ "close it", STATE_CLOSED },
	{ "solved", STATE_RESOLVED },
	{ "resolved", STATE_RESOLVED },
	{ "reopen", STATE_OPEN },
	/* Spanish */
	{ "cerrar", STATE_CLOSED },
	{ "solucionado", STATE_RESOLVED },
	{ "resuelto", STATE_RESOLVED },
	{ "reabrir", STATE_OPEN },
	/* Portuguese */
	{ "fechar", STATE_CLOSED },
	{ "encerrar", STATE_CLOSED },
	{ "resolvido", STATE_RESOLVED },
	/* French */
	{ "fermer", STATE_CLOSED },
	{ "resolu", STATE_RESOLVED },
	{ "rouvrir", STATE_OPEN },
	/* German */
	{ "schliessen", STATE_CLOSED },
	{ "schließen", STATE_CLOSED },
	{ "gelost", STATE_RESOLVED },
	{ "erledigt", STATE_RESOLVED },
	{ "wieder offnen", STATE_OPEN },
};

/* the first line that is not blank, without its last full stop */
static char *
first_line(const char *words)
{
	while (g_ascii_isspace(*words))
		words++;
	size_t length = strcspn(words, "\r\n");
	if (length > SELFSERVICE_OCTETS_MAX)
		return NULL;
	g_autofree char *line = g_strndup(words, length);
	g_strchomp(line);
	length = strlen(line);
	if (length > 0 && (line[length - 1] == '.' || line[length - 1] == '!'))
		line[length - 1] = '\0';
	return text_fold(line);
}

bool
selfservice_state(const char *words, TicketState *out_state)
{
	g_autofree char *line = first_line(words);

	for (unsigned i = 0; line != NULL && i < G_N_ELEMENTS(words_of_states);
	     i++)
		if (strcmp(words_of_states[i].word, line) == 0) {
			*out_state = words_of_states[i].state;
			return true;
		}
	return false;
}
