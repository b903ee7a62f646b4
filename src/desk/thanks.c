#include "desk/thanks.h"

#include <string.h>

#include "base/text.h"

#define THANKS_WORDS_MAX 12

/* folded (no accents, lower case); every word of the reply must be here, and
 * at least one must be a word of thanks itself */
static const struct {
	const char *word;
	bool is_thanks;
} words[] = {
	/* English */
	{ "thanks", true },
	{ "thank", true },
	{ "thx", true },
	{ "ty", true },
	{ "cheers", true },
	{ "great", true },
	{ "perfect", true },
	{ "you", false },
	{ "very", false },
	{ "much", false },
	{ "so", false },
	{ "a", false },
	{ "lot", false },
	{ "many", false },
	{ "works", true },
	{ "it", false },
	{ "now", false },
	{ "again", false },
	{ "for", false },
	{ "your", false },
	{ "the", false },
	{ "help", false },
	{ "quick", false },
	{ "all", false },
	{ "ok", true },
	{ "okay", true },
	{ "got", false },
	{ "regards", false },
	{ "best", false },
	{ "kind", false },
	{ "excellent", true },
	{ "awesome", true },
	{ "team", false },
	/* Spanish */
	{ "gracias", true },
	{ "muchas", false },
	{ "muchisimas", false },
	{ "mil", false },
	{ "perfecto", true },
	{ "vale", true },
	{ "genial", true },
	{ "excelente", true },
	{ "listo", true },
	{ "por", false },
	{ "la", false },
	{ "su", false },
	{ "tu", false },
	{ "ayuda", false },
	{ "todo", false },
	{ "rapida", false },
	{ "respuesta", false },
	{ "saludos", false },
	{ "un", false },
	{ "saludo", false },
	{ "de", false },
	{ "acuerdo", true },
	{ "muy", false },
	{ "amable", true },
	{ "ya", false },
	{ "funciona", true },
	/* Portuguese */
	{ "obrigado", true },
	{ "obrigada", true },
	{ "muito", false },
	{ "valeu", true },
	{ "otimo", true },
	{ "abracos", false },
	{ "pela", false },
	{ "ajuda", false },
	/* French */
	{ "merci", true },
	{ "beaucoup", false },
	{ "parfait", true },
	{ "bien", false },
	{ "super", true },
	{ "pour", false },
	{ "votre", false },
	{ "aide", false },
	{ "cordialement", false },
	/* German */
	{ "danke", true },
	{ "dankeschon", true },
	{ "vielen", false },
	{ "dank", true },
	{ "besten", false },
	{ "herzlichen", false },
	{ "schon", false },
	{ "sehr", false },
	{ "fur", false },
	{ "die", false },
	{ "hilfe", false },
	{ "klasse", true },
	{ "passt", true },
	{ "viele", false },
	{ "gruss", false }, /* folding makes it of the sharp s */
	{ "grusse", false },
	{ "mfg", false },
	/* Italian, Dutch, Catalan, Swedish, Polish */
	{ "grazie", true },
	{ "mille", false },
	{ "je", false },
	{ "wel", false },
	{ "bedankt", true },
	{ "hartelijk", false },
	{ "gracies", true },
	{ "moltes", false },
	{ "tack", true },
	{ "dziekuje", true },
	/* signs */
	{ "👍", true },
	{ "🙏", true },
	{ "😊", false },
	{ "👌", true },
	{ "🙂", false },
	{ "👍🏻", true },
	{ "👍🏼", true },
	{ "👍🏽", true },
	{ "👍🏾", true },
	{ "👍🏿", true },
	{ ":)", false },
	{ ":-)", false },
};

static int
look_up(const char *word)
{
	if (g_str_has_prefix(word, "¡"))
		word += strlen("¡");
	for (unsigned i = 0; i < G_N_ELEMENTS(words); i++)
		if (strcmp(words[i].word, word) == 0)
			return words[i].is_thanks ? 1 : 0;
	return -1;
}

bool
thanks_only(const char *reply)
{
	if (strlen(reply) > 400 || strchr(reply, '?') != NULL)
		return false;
	g_autofree char *folded = text_fold(reply);
	g_auto(GStrv) parts = g_strsplit_set(folded, " \t\n,.;!", -1);
	unsigned count = 0;
	bool has_thanks = false;

	for (unsigned i = 0; parts[i] != NULL; i++) {
		if (*parts[i] == '\0')
			continue;
		int found = look_up(parts[i]);
		if (found < 0 || ++count > THANKS_WORDS_MAX)
			return false;
		has_thanks |= found == 1;
	}
	return has_thanks;
}
