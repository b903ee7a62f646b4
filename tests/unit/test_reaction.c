#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <glib.h>

#include "outbound/reaction.h"

typedef struct Case {
	const char *sentence;
	SmtpPhase phase;
	int code;
	const char *reply;
	Reaction reaction;
} Case;

static const Case cases[] = {
	{ "taken", SMTP_PHASE_FINAL, 250, "250 ok", REACTION_SENT },
	{ "an address that may not be sent", SMTP_PHASE_CHECK, 0, NULL,
	  REACTION_FAIL },
	{ "connection refused", SMTP_PHASE_CONNECT, 0, NULL, REACTION_PAUSE },
	{ "S-03 4yz for a banner", SMTP_PHASE_CONNECT, 421, "421 busy",
	  REACTION_PAUSE },
	{ "S-04 5yz for a banner", SMTP_PHASE_CONNECT, 554, "554 no",
	  REACTION_PAUSE },
	{ "S-04 535 for the password", SMTP_PHASE_AUTH, 535, "535 5.7.8 wrong",
	  REACTION_PAUSE },
	{ "S-03 454 for the password", SMTP_PHASE_AUTH, 454, "454 later",
	  REACTION_PAUSE },
	{ "S-04 530 at MAIL", SMTP_PHASE_MAIL, 530, "530 5.7.0 authenticate",
	  REACTION_PAUSE_BEHIND },
	{ "S-04 534 at MAIL", SMTP_PHASE_MAIL, 534, "534 weak",
	  REACTION_PAUSE_BEHIND },
	{ "S-04 535 at RCPT", SMTP_PHASE_RCPT, 535, "535 no",
	  REACTION_PAUSE_BEHIND },
	{ "S-04 Postfix does not relay", SMTP_PHASE_RCPT, 554,
	  "554 5.7.1 <a@x>: Relay access denied", REACTION_PAUSE_BEHIND },
	{ "S-04 Exim does not relay", SMTP_PHASE_RCPT, 550,
	  "550 relay not permitted", REACTION_PAUSE_BEHIND },
	{ "S-04 qmail does not relay", SMTP_PHASE_RCPT, 553,
	  "553 sorry, that domain isn't in my list of allowed rcpthosts (#5.7.1)",
	  REACTION_PAUSE_BEHIND },
	{ "an address that sounds like it does not stop the channel",
	  SMTP_PHASE_RCPT, 550, "550 5.1.1 <relay.access.denied@x>: unknown",
	  REACTION_FAIL },
	{ "nor does a word after the dot", SMTP_PHASE_FINAL, 550,
	  "550 unable to relay", REACTION_FAIL },
	{ "S-04 no such user", SMTP_PHASE_RCPT, 550, "550 5.1.1 no",
	  REACTION_FAIL },
	{ "S-04 5yz at MAIL", SMTP_PHASE_MAIL, 553, "553 5.1.8 no",
	  REACTION_FAIL },
	{ "S-04 5yz at DATA", SMTP_PHASE_DATA, 554, "554 no", REACTION_FAIL },
	{ "S-04 5yz in mid-body", SMTP_PHASE_BODY, 552, "552 big",
	  REACTION_FAIL },
	{ "S-04 5yz at the dot", SMTP_PHASE_FINAL, 554, "554 spam",
	  REACTION_FAIL },
	{ "S-03 4yz at MAIL", SMTP_PHASE_MAIL, 451, "451 later",
	  REACTION_DEFER },
	{ "S-03 4yz at RCPT", SMTP_PHASE_RCPT, 450, "450 grey",
	  REACTION_DEFER },
	{ "S-03 4yz at DATA", SMTP_PHASE_DATA, 451, "451 later",
	  REACTION_DEFER },
	{ "S-03 4yz at the dot", SMTP_PHASE_FINAL, 452, "452 full",
	  REACTION_DEFER },
	{ "S-13 421 at the dot", SMTP_PHASE_FINAL, 421, "421 bye",
	  REACTION_DEFER },
	{ "the link ended at MAIL", SMTP_PHASE_MAIL, 0, NULL, REACTION_DEFER },
	{ "S-17 the link ended in mid-body", SMTP_PHASE_BODY, 0, NULL,
	  REACTION_DEFER },
	{ "S-01 the link ended after the dot", SMTP_PHASE_FINAL, 0, NULL,
	  REACTION_UNCERTAIN },
};

static void
each_result_has_its_reaction(void **state)
{
	(void)state;
	for (unsigned i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autofree char *reply = g_strdup(cases[i].reply);
		SmtpResult result = { .phase = cases[i].phase,
			              .code = cases[i].code,
			              .reply = reply };

		print_message("# %s\n", cases[i].sentence);
		assert_int_equal(reaction_to(&result), cases[i].reaction);
	}
}

/* Whatever a session can end with has a row in the table. */
static void
every_refusal_has_a_reaction(void **state)
{
	(void)state;
	for (int phase = SMTP_PHASE_CHECK; phase < SMTP_PHASES; phase++)
		for (int code = 400; code <= 599; code++) {
			SmtpResult result = { .phase = (SmtpPhase)phase,
				              .code = code };
			Reaction reaction = reaction_to(&result);

			assert_true(reaction != REACTION_SENT &&
			            reaction != REACTION_UNCERTAIN);
		}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_result_has_its_reaction),
		cmocka_unit_test(every_refusal_has_a_reaction),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
