#include "outbound/reaction.h"

#include <string.h>

/* The first row that holds decides; class 0 is "no reply". */
static const struct {
	SmtpPhase from, to;
	int code_from, code_to;
	Reaction reaction;
} reactions[] = {
	/* no address, larger than SIZE ... : it will not be better tomorrow */
	{ SMTP_PHASE_CHECK, SMTP_PHASE_CHECK, 0, 599, REACTION_FAIL },
	{ SMTP_PHASE_CONNECT, SMTP_PHASE_AUTH, 0, 599, REACTION_PAUSE },
	/* RFC 4954 section 6: authentication required, mechanism too weak,
	 * credentials invalid, encryption required */
	{ SMTP_PHASE_MAIL, SMTP_PHASE_FINAL, 530, 530, REACTION_PAUSE_BEHIND },
	{ SMTP_PHASE_MAIL, SMTP_PHASE_FINAL, 534, 535, REACTION_PAUSE_BEHIND },
	{ SMTP_PHASE_MAIL, SMTP_PHASE_FINAL, 538, 538, REACTION_PAUSE_BEHIND },
	{ SMTP_PHASE_FINAL, SMTP_PHASE_FINAL, 200, 299, REACTION_SENT },
	{ SMTP_PHASE_FINAL, SMTP_PHASE_FINAL, 0, 0, REACTION_UNCERTAIN },
	{ SMTP_PHASE_MAIL, SMTP_PHASE_FINAL, 400, 499, REACTION_DEFER },
	{ SMTP_PHASE_MAIL, SMTP_PHASE_FINAL, 500, 599, REACTION_FAIL },
	{ SMTP_PHASE_MAIL, SMTP_PHASE_BODY, 0, 0, REACTION_DEFER },
};

/* How servers say that they do not relay for us; each has a blank, or a word
 * that is no address, so that a recipient cannot choose his name to match. */
static const char *const relay_phrases[] = {
	"relay access denied",    /* Postfix */
	"relay not permitted",    /* Exim */
	"relaying denied",        /* sendmail */
	"unable to relay",        /* Exchange */
	"relaying not allowed",   /* hMailServer, MDaemon */
	"not permitted to relay", /* Exim recipes, Courier */
	"relay denied",           /* many appliances */
	"allowed rcpthosts",      /* qmail */
};

static bool
is_relay_refusal(const SmtpResult *result)
{
	if (result->reply == NULL || result->code / 100 != 5 ||
	    (result->phase != SMTP_PHASE_RCPT &&
	     result->phase != SMTP_PHASE_MAIL))
		return false;
	g_autofree char *lower = g_ascii_strdown(result->reply, -1);
	for (unsigned i = 0; i < G_N_ELEMENTS(relay_phrases); i++)
		if (strstr(lower, relay_phrases[i]) != NULL)
			return true;
	return false;
}

Reaction
reaction_to(const SmtpResult *result)
{
	if (is_relay_refusal(result))
		return REACTION_PAUSE_BEHIND;
	for (unsigned i = 0; i < G_N_ELEMENTS(reactions); i++)
		if (result->phase >= reactions[i].from &&
		    result->phase <= reactions[i].to &&
		    result->code >= reactions[i].code_from &&
		    result->code <= reactions[i].code_to)
			return reactions[i].reaction;
	g_assert_not_reached();
}
