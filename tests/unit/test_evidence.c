/* faults.md 4.3, to the letter: which Authentication-Results prove From. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>
#include <glib.h>

#include "desk/evidence.h"

/* The border: mx.acme.example writes results of that id above its Received. */
static const char *const ids[] = { "mx.acme.example", "mx2.acme.example",
	                           NULL };
static const char *const borders[] = { "mx.acme.example", "in.acme.example",
	                               NULL };
static const char *const none[] = { NULL };

#define AR       "Authentication-Results: mx.acme.example"
#define RECEIVED "Received: from x.example by mx.acme.example; today"
#define FOREIGN  "Received: from y.example by x.example; today"
#define FROM     "From: ana@acme.example"
#define BELOW    "\n" RECEIVED "\n" FOREIGN "\n" FROM
#define PASS     "; dmarc=pass header.from=acme.example"

typedef struct Case {
	const char *sentence;
	const char *header;
	EvidenceLevel level;
} Case;

static const Case verdicts[] = {
	{ "nothing but From", FROM, EVIDENCE_E0 },
	{ "dmarc=pass for the From domain", AR PASS BELOW, EVIDENCE_E1 },
	{ "the words in any case",
	  "authentication-results: MX.Acme.Example; DMARC=Pass "
	  "Header.From=ACME.example" BELOW,
	  EVIDENCE_E1 },
	{ "a result ends with a semicolon", AR PASS ";" BELOW, EVIDENCE_E1 },
	{ "a version behind the id", AR " 1" PASS BELOW, EVIDENCE_E1 },
	{ "a version of the method",
	  AR "; dmarc/1=pass header.from=acme.example" BELOW, EVIDENCE_E1 },
	{ "comments wherever they may stand",
	  AR " (a) 1 (b); (c) dmarc (d) = (e) pass (f (g) \\) h) "
	     "header.from=acme.example (i)" BELOW,
	  EVIDENCE_E1 },
	{ "a quoted value",
	  AR "; dmarc=pass header.from=\"acme.example\"" BELOW, EVIDENCE_E1 },
	{ "the id quoted",
	  "Authentication-Results: \"mx.acme.example\"" PASS BELOW,
	  EVIDENCE_E1 },
	{ "a reason, quoted, with a verdict in it",
	  AR
	  "; dmarc=fail reason=\"dmarc=pass header.from=acme.example\"" BELOW,
	  EVIDENCE_E0 },
	{ "A-09 none", AR "; none" BELOW, EVIDENCE_E0 },
	{ "A-09 none stands alone", AR "; none" PASS BELOW, EVIDENCE_E0 },
	{ "A-09 dmarc=none", AR "; dmarc=none header.from=acme.example" BELOW,
	  EVIDENCE_E0 },
	{ "A-09 dmarc=fail", AR "; dmarc=fail header.from=acme.example" BELOW,
	  EVIDENCE_E0 },
	{ "A-09 dmarc=temperror",
	  AR "; dmarc=temperror header.from=acme.example" BELOW, EVIDENCE_E0 },
	{ "A-09 dmarc=permerror",
	  AR "; dmarc=permerror header.from=acme.example" BELOW, EVIDENCE_E0 },
	{ "A-09 dmarc=passed is not pass",
	  AR "; dmarc=passed header.from=acme.example" BELOW, EVIDENCE_E0 },
	{ "A-09 pass in a comment",
	  AR "; dmarc=fail (dmarc=pass header.from=acme.example)" BELOW,
	  EVIDENCE_E0 },
	{ "A-09 a whole verdict in a comment",
	  AR " (; dmarc=pass header.from=acme.example)" BELOW, EVIDENCE_E0 },
	{ "A-09 a whole verdict in a quoted value",
	  AR "; spf=pass smtp.mailfrom=\"; dmarc=pass "
	     "header.from=acme.example\"" BELOW,
	  EVIDENCE_E0 },
	{ "A-09 a verdict as a property of another",
	  AR "; spf=pass dmarc=pass header.from=acme.example" BELOW,
	  EVIDENCE_E0 },
	{ "dmarc for another domain",
	  AR "; dmarc=pass header.from=evil.example" BELOW, EVIDENCE_E0 },
	{ "dmarc for a parent of it",
	  AR "; dmarc=pass header.from=example" BELOW, EVIDENCE_E0 },
	{ "dmarc without saying for whom", AR "; dmarc=pass" BELOW,
	  EVIDENCE_E0 },
	{ "spf=pass alone never counts",
	  AR "; spf=pass smtp.mailfrom=acme.example" BELOW, EVIDENCE_E0 },
	{ "dkim of the domain, where dmarc says nothing",
	  AR "; dkim=pass header.d=acme.example header.s=k" BELOW,
	  EVIDENCE_E1 },
	{ "dkim of an organisational parent",
	  AR "; dkim=pass header.d=acme.example\n" RECEIVED
	     "\nFrom: ana@mail.acme.example",
	  EVIDENCE_E1 },
	{ "dkim of a child does not cover its parent",
	  AR "; dkim=pass header.d=mail.acme.example" BELOW, EVIDENCE_E0 },
	{ "dkim of a whole top-level domain",
	  AR "; dkim=pass header.d=example" BELOW, EVIDENCE_E0 },
	{ "dkim of somebody else", AR "; dkim=pass header.d=evil.example" BELOW,
	  EVIDENCE_E0 },
	{ "dkim=fail", AR "; dkim=fail header.d=acme.example" BELOW,
	  EVIDENCE_E0 },
	{ "dkim=pass for the domain beside dkim=pass for a list",
	  AR "; dkim=pass header.d=list.example; dkim=pass "
	     "header.d=acme.example" BELOW,
	  EVIDENCE_E1 },
	{ "two keys, one of a kind that the border cannot check",
	  AR "; dkim=neutral header.d=acme.example; dkim=pass "
	     "header.d=acme.example" BELOW,
	  EVIDENCE_E1 },
	{ "dkim=pass does not mend a dmarc that is not pass",
	  AR "; dkim=pass header.d=acme.example; dmarc=none" BELOW,
	  EVIDENCE_E0 },
	{ "auth=pass by the From address",
	  AR "; auth=pass smtp.auth=ana@acme.example" BELOW, EVIDENCE_E1 },
	{ "auth=pass by somebody else in the house",
	  AR "; auth=pass smtp.auth=luis@acme.example" BELOW, EVIDENCE_E0 },
	{ "A-11 a longer name that ends alike",
	  AR "; dkim=pass header.d=acme.example\n" RECEIVED
	     "\nFrom: ana@attacker-acme.example",
	  EVIDENCE_E0 },
	{ "A-11 a longer name that begins alike",
	  AR PASS "\n" RECEIVED "\nFrom: ana@acme.example.evil", EVIDENCE_E0 },
	{ "A-11 upper case and the dot of the root",
	  AR "; dmarc=pass header.from=ACME.EXAMPLE.\n" RECEIVED
	     "\nFrom: ana@acme.example.",
	  EVIDENCE_E1 },
	{ "A-11 one name in A-labels and in Unicode",
	  AR "; dmarc=pass header.from=xn--bcher-kva.example\n" RECEIVED
	     "\nFrom: ana@bücher.example",
	  EVIDENCE_E1 },
	{ "A-11 a look-alike of another script",
	  AR PASS "\n" RECEIVED "\nFrom: ana@аcme.example", EVIDENCE_E0 },
	{ "A-10 the other domain is in the display name only",
	  AR "; dmarc=pass header.from=evil.example\n" RECEIVED
	     "\nFrom: x@evil.example",
	  EVIDENCE_E1 },
};

static const Case places[] = {
	{ "A-09 below our Received", RECEIVED "\n" AR PASS "\n" FROM,
	  EVIDENCE_E0 },
	{ "A-09 below our Received and the one before it",
	  RECEIVED "\n" FOREIGN "\n" AR PASS "\n" FROM, EVIDENCE_E0 },
	{ "A-09 between our Received and a forged one that names us",
	  RECEIVED "\n" AR PASS "\n" RECEIVED "\n" FOREIGN "\n" FROM,
	  EVIDENCE_E0 },
	{ "A-09 between our Received and a forged one of our other host",
	  RECEIVED "\n" AR PASS "\nReceived: by in.acme.example\n" FOREIGN
	           "\n" FROM,
	  EVIDENCE_E0 },
	{ "A-09 above a Received that is not ours",
	  AR PASS "\n" FOREIGN "\n" FROM, EVIDENCE_E0 },
	{ "our name as what the sender called himself",
	  AR PASS "\nReceived: from by mx.acme.example by x.example\n" FROM,
	  EVIDENCE_E0 },
	{ "our name in a comment of a Received",
	  AR PASS "\nReceived: from x (by mx.acme.example) by x.example\n" FROM,
	  EVIDENCE_E0 },
	{ "no Received at all: no border spoke", AR PASS "\n" FROM,
	  EVIDENCE_E0 },
	{ "A-09 of another id, on top",
	  "Authentication-Results: mx.evil.example" PASS BELOW, EVIDENCE_E0 },
	{ "A-09 of another id on top, ours below it with fail",
	  "Authentication-Results: mx.evil.example" PASS "\n" AR
	  "; dmarc=fail header.from=acme.example" BELOW,
	  EVIDENCE_E0 },
	{ "A-09 an id that begins with ours",
	  "Authentication-Results: mx.acme.example.evil" PASS BELOW,
	  EVIDENCE_E0 },
	{ "A-09 two of ours that differ",
	  AR PASS "\n" AR "; dmarc=fail header.from=acme.example" BELOW,
	  EVIDENCE_E0 },
	{ "A-09 two of ours that differ, of two ids",
	  AR PASS
	  "\nAuthentication-Results: mx2.acme.example; dmarc=none" BELOW,
	  EVIDENCE_E0 },
	{ "A-09 two verdicts in one field",
	  AR "; dmarc=fail header.from=acme.example" PASS BELOW, EVIDENCE_E0 },
	{ "A-09 two signatures of the domain, in two fields that differ",
	  AR "; dkim=fail header.d=acme.example\n" AR
	     "; dkim=pass header.d=acme.example" BELOW,
	  EVIDENCE_E0 },
	{ "dkim in one field and dmarc in the other agree",
	  AR "; dkim=pass header.d=acme.example\n" AR PASS BELOW, EVIDENCE_E1 },
	{ "two of ours that agree", AR PASS "\n" AR PASS BELOW, EVIDENCE_E1 },
};

static const Case broken[] = {
	{ "no equals sign", AR "; dmarc pass" BELOW, EVIDENCE_E0 },
	{ "no result", AR "; dmarc=" BELOW, EVIDENCE_E0 },
	{ "a property without a value",
	  AR "; dmarc=pass header.from=acme.example x=" BELOW, EVIDENCE_E0 },
	{ "a property said twice",
	  AR "; dmarc=pass header.from=evil.example "
	     "header.from=acme.example" BELOW,
	  EVIDENCE_E0 },
	{ "a quote that is not closed", AR PASS " x=\"y" BELOW, EVIDENCE_E0 },
	{ "a comment that is not closed", AR PASS " (" BELOW, EVIDENCE_E0 },
	{ "a comment closed once too often", AR PASS " (a)) b" BELOW,
	  EVIDENCE_E0 },
	{ "no semicolon behind the id",
	  AR " dmarc=pass header.from=acme.example" BELOW, EVIDENCE_E0 },
	{ "one of ours is broken, the other is good",
	  AR PASS "\n" AR "; dmarc" BELOW, EVIDENCE_E0 },
	{ "one of another id is broken, ours is good",
	  "Authentication-Results: x; dmarc\n" AR PASS BELOW, EVIDENCE_E1 },
	{ "empty", "Authentication-Results:" BELOW, EVIDENCE_E0 },
	{ "P-03 A-10 two From fields", AR PASS BELOW "\n" FROM, EVIDENCE_E0 },
	{ "P-03 A-10 two From mailboxes", AR PASS BELOW ", x@evil.example",
	  EVIDENCE_E0 },
	{ "P-03 no From", AR PASS "\n" RECEIVED, EVIDENCE_E0 },
	{ "P-03 From without a domain",
	  AR "; dmarc=pass header.from=\"\"\n" RECEIVED "\nFrom: ana",
	  EVIDENCE_E0 },
};

static void
add_field(Mail *mail, const char *line)
{
	g_auto(GStrv) parts = g_strsplit(line, ":", 2);
	g_auto(GStrv) addresses = g_strsplit(parts[1], ",", -1);
	MailField field = { mail_keep(mail, parts[0]),
		            mail_keep(mail, g_strstrip(parts[1])) };

	g_array_append_val(mail->fields, field);
	for (unsigned i = 0; addresses[i] != NULL; i++) {
		MailAddress address = {
			"", mail_keep(mail, g_strstrip(addresses[i]))
		};

		if (strcmp(parts[0], "From") == 0)
			g_array_append_val(mail->from, address);
	}
}

static EvidenceLevel
evidence_of(const char *header, const Trust *trust)
{
	g_autoptr(Mail) mail = mail_new();
	g_autoptr(GPtrArray) why = g_ptr_array_new_with_free_func(g_free);
	g_auto(GStrv) lines = g_strsplit(header, "\n", -1);

	for (unsigned i = 0; lines[i] != NULL; i++)
		add_field(mail, lines[i]);
	EvidenceLevel level = evidence_from_results(mail, trust, why);
	assert_true(why->len > 0);
	return level;
}

static void
check_all(const Case *cases, size_t count, const Trust *trust)
{
	for (size_t i = 0; i < count; i++) {
		print_message("# %s\n", cases[i].sentence);
		assert_string_equal(evidence_name(evidence_of(cases[i].header,
		                                              trust)),
		                    evidence_name(cases[i].level));
	}
}

static const Trust plain = { ids, borders, none, false };

static void
results_prove_the_from_domain(void **state)
{
	(void)state;
	check_all(verdicts, G_N_ELEMENTS(verdicts), &plain);
}

static void
only_what_our_border_wrote_counts(void **state)
{
	(void)state;
	check_all(places, G_N_ELEMENTS(places), &plain);
}

static void
what_does_not_parse_proves_nothing(void **state)
{
	(void)state;
	check_all(broken, G_N_ELEMENTS(broken), &plain);
}

/* A border that strips our ids from what comes in. */
static void
a_border_that_strips_may_write_below(void **state)
{
	static const Case cases[] = {
		{ "a milter's, below our Received",
		  RECEIVED "\n" AR PASS "\n" FOREIGN "\n" FROM, EVIDENCE_E1 },
		{ "behind a host inside",
		  "Received: by in.acme.example\n" AR PASS "\n" RECEIVED
		  "\n" FOREIGN "\n" FROM,
		  EVIDENCE_E1 },
		{ "below a Received that is not ours",
		  RECEIVED "\n" FOREIGN "\n" AR PASS "\n" FROM, EVIDENCE_E0 },
	};
	static const Trust trust = { ids, borders, none, true };

	(void)state;
	check_all(cases, G_N_ELEMENTS(cases), &trust);
}

static void
without_ids_nothing_counts(void **state)
{
	static const Case cases[] = {
		{ "no id of ours is configured", AR PASS BELOW, EVIDENCE_E0 },
	};
	static const Trust trust = { none, borders, none, true };

	(void)state;
	check_all(cases, G_N_ELEMENTS(cases), &trust);
}

static void
without_names_the_topmost_received_is_the_border(void **state)
{
	static const Case cases[] = {
		{ "above", AR PASS "\n" FOREIGN "\n" FROM, EVIDENCE_E1 },
		{ "below", FOREIGN "\n" AR PASS "\n" FROM, EVIDENCE_E0 },
	};
	static const Trust trust = { ids, none, none, false };

	(void)state;
	check_all(cases, G_N_ELEMENTS(cases), &trust);
}

static void
a_token_adds_two_levels(void **state)
{
	(void)state;
	assert_int_equal(evidence_with_token(EVIDENCE_E0, false), EVIDENCE_E0);
	assert_int_equal(evidence_with_token(EVIDENCE_E1, false), EVIDENCE_E1);
	assert_int_equal(evidence_with_token(EVIDENCE_E0, true), EVIDENCE_E2);
	assert_int_equal(evidence_with_token(EVIDENCE_E1, true), EVIDENCE_E3);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(results_prove_the_from_domain),
		cmocka_unit_test(only_what_our_border_wrote_counts),
		cmocka_unit_test(what_does_not_parse_proves_nothing),
		cmocka_unit_test(a_border_that_strips_may_write_below),
		cmocka_unit_test(without_ids_nothing_counts),
		cmocka_unit_test(
			without_names_the_topmost_received_is_the_border),
		cmocka_unit_test(a_token_adds_two_levels),
	};

	return cmocka_run_group_tests_name("evidence", tests, NULL, NULL);
}
