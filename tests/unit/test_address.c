#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>
#include <glib.h>

#include "message/address.h"

typedef struct AddressCase {
	const char *sentence;
	const char *value;
	const char *list; /* "name <address>|..." */
} AddressCase;

static const AddressCase cases[] = {
	{ "an address", "a@b.example", " <a@b.example>" },
	{ "a name and an address", "Ana <a@b.example>", "Ana <a@b.example>" },
	{ "a quoted name with a comma", "\"Díaz, Ana\" <a@b.example>",
	  "Díaz, Ana <a@b.example>" },
	{ "a name with a comma that nobody quoted", "Díaz, Ana <a@b.example>",
	  "Díaz, Ana <a@b.example>" },
	{ "a name in a comment", "a@b.example (Ana)", "Ana <a@b.example>" },
	{ "a list", "a@b.example, c@d.example",
	  " <a@b.example>| <c@d.example>" },
	{ "semicolons between", "a@b.example; c@d.example",
	  " <a@b.example>| <c@d.example>" },
	{ "a group", "Team: a@b.example, c@d.example;",
	  " <a@b.example>| <c@d.example>" },
	{ "an empty group", "undisclosed-recipients:;", "" },
	{ "a name without brackets", "Bob bob@x.example",
	  "Bob <bob@x.example>" },
	{ "an encoded name", "=?utf-8?Q?D=C3=ADaz?= <a@b.example>",
	  "Díaz <a@b.example>" },
	{ "an encoded name in quotes",
	  "\"=?utf-8?Q?D=C3=ADaz?=\" <a@b.example>", "Díaz <a@b.example>" },
	{ "all of it encoded",
	  "=?utf-8?Q?Bob_=3Cbob=40x.example=3E?=", "Bob <bob@x.example>" },
	{ "the domain in lower case", "A@B.Example", " <A@b.example>" },
	{ "a quoted local part", "\"a b\"@x.example", " <\"a b\"@x.example>" },
	{ "a route of old", "<@a.example,@b.example:c@d.example>",
	  " <c@d.example>" },
	{ "a bracket that is not closed", "Ana <a@b.example",
	  "Ana <a@b.example>" },
	{ "a quote that is not closed", "\"Ana <a@b.example>",
	  "Ana <a@b.example>" },
	{ "two addresses that lost their comma", "<a@b.example> <c@d.example>",
	  " <a@b.example>| <c@d.example>" },
	{ "P-03 nobody", "", "" },
	{ "P-03 empty brackets", "<>", "" },
	{ "P-03 a raw umlaut in the local part", "\xfc@b.example",
	  " <ü@b.example>" },
	{ "A-10 an address as a name is a name",
	  "\"boss@x.example\" <a@b.example>", "boss@x.example <a@b.example>" },
};

static char *
list_of(const char *value, gsize length)
{
	g_autoptr(Mail) mail = mail_new();
	GString *all = g_string_new(NULL);

	address_list_read(mail, mail->to, (Slice){ value, length }, NULL);
	for (unsigned i = 0; i < mail->to->len; i++) {
		const MailAddress *one = mail_address(mail->to, i);

		g_string_append_printf(all, "%s%s <%s>", i > 0 ? "|" : "",
		                       one->name, one->address);
	}
	return g_string_free(all, FALSE);
}

static void
reads_lists(void **state)
{
	(void)state;
	for (unsigned i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autofree char *list =
			list_of(cases[i].value, strlen(cases[i].value));

		if (strcmp(list, cases[i].list) != 0)
			fail_msg("%s: %s", cases[i].sentence, list);
	}
}

/* P-09, P-11: linear, and no deeper than one function */
static void
survives_floods(void **state)
{
	static const char *const pieces[] = { "a:",   "(",  "\"", "<",
		                              "a@b,", "[a", ",",  "=?a?q?" };

	(void)state;
	for (unsigned i = 0; i < G_N_ELEMENTS(pieces); i++) {
		g_autoptr(Mail) mail = mail_new();
		GString *flood = g_string_new(NULL);

		while (flood->len < 1000000)
			g_string_append(flood, pieces[i]);
		address_list_read(mail, mail->to,
		                  (Slice){ flood->str, flood->len }, NULL);
		assert_true(mail->to->len <= MAIL_ADDRESSES_MAX);
		g_string_free(flood, TRUE);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_lists),
		cmocka_unit_test(survives_floods),
	};

	return cmocka_run_group_tests_name("address", tests, NULL, NULL);
}
