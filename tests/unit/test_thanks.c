#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>
#include <glib.h>

#include "desk/thanks.h"

static const struct {
	const char *reply;
	bool is_thanks;
} cases[] = {
	{ "Thanks!", true },
	{ "Thank you very much for your quick help.", true },
	{ "ok", true },
	{ "It works now, thanks\n\nBest regards", true },
	{ "Gracias", true },
	{ "¡Muchas gracias!", true },
	{ "Muchísimas gracias por su ayuda. Un saludo", true },
	{ "Merci beaucoup", true },
	{ "Danke! Viele Grüße", true },
	{ "Vielen Dank für die Hilfe\nGruß", true },
	{ "Dank je wel", true },
	{ "Muito obrigada", true },
	{ "Dziękuję", true },
	{ "👍", true },
	{ "👍🏽", true },
	{ "Thanks :)", true },
	{ "", false },
	{ "   \n", false },
	{ "Best regards", false },
	{ "for your help", false },
	{ "Thanks, but it is still broken", false },
	{ "Thanks, it does not work", false },
	{ "Danke, aber es geht nicht", false },
	{ "Gracias, pero no funciona", false },
	{ "ok?", false },
	{ "¿Gracias?", false },
	{ "Thanks 12345", false },
	{ "thanks thanks thanks thanks thanks thanks thanks thanks thanks "
	  "thanks thanks thanks thanks",
	  false },
};

static void
thanks_are_told_from_words(void **state)
{
	(void)state;
	for (unsigned i = 0; i < G_N_ELEMENTS(cases); i++) {
		print_message("# %s\n", cases[i].reply);
		assert_int_equal(thanks_only(cases[i].reply),
		                 cases[i].is_thanks);
	}
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(thanks_are_told_from_words),
	};

	return cmocka_run_group_tests_name("thanks", tests, NULL, NULL);
}
