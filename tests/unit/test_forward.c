/* Forwarded mails: the forwarder's words, the mail inside, its headers. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "desk/mail.h"

#include "message/forward.h"
#include "message/quote.h"

typedef struct Case {
	const char *name;
	const char *mail_subject;
	const char *text;
	const char *reply;
	const char *before; /* NULL: not forwarded */
	const char *from;
	const char *subject;
	const char *date;
} Case;

static const Case cases[] = {
	{ "Gmail: the reply keeps what was forwarded", "Fwd: x",
	  "fyi\n\n---------- Forwarded message ---------\nFrom: Ana <a@x.org>\nDate: Mon, Mar 2, 2026\nSubject: x\nTo: <b@x.org>\n\nhelp\n",
	  "fyi\n\n---------- Forwarded message ---------\nFrom: Ana <a@x.org>\nDate: Mon, Mar 2, 2026\nSubject: x\nTo: <b@x.org>\n\nhelp",
	  "fyi", "Ana <a@x.org>", "x", "Mon, Mar 2, 2026" },
	{ "without words of one's own: the reply is the text inside", "Fwd: x",
	  "---------- Forwarded message ---------\nFrom: Ana <a@x.org>\nDate: Monday\nSubject: x\nTo: b\n\nhelp\n",
	  "help", "", "Ana <a@x.org>", "x", "Monday" },
	{ "Apple Mail quotes it", "Fwd: x",
	  "fyi\n\n> Begin forwarded message:\n>\n> From: Ana <a@x.org>\n> Subject: x\n> Date: 2 March 2026\n> To: b@x.org\n>\n> help\n",
	  "fyi\n\n> Begin forwarded message:\n>\n> From: Ana <a@x.org>\n> Subject: x\n> Date: 2 March 2026\n> To: b@x.org\n>\n> help",
	  "fyi", "Ana <a@x.org>", "x", "2 March 2026" },
	{ "Outlook, Spanish: the subject tells it from an answer", "RV: x",
	  "para ustedes\n\nDe: Ana <a@x.org>\nEnviado el: lunes, 2 de marzo\nPara: b\nAsunto: x\n\nayuda\n",
	  "para ustedes\n\nDe: Ana <a@x.org>\nEnviado el: lunes, 2 de marzo\nPara: b\nAsunto: x\n\nayuda",
	  "para ustedes", "Ana <a@x.org>", "x", "lunes, 2 de marzo" },
	{ "the same block in an answer is history", "RE: x",
	  "gracias\n\nDe: Ana <a@x.org>\nEnviado el: lunes, 2 de marzo\nPara: b\nAsunto: x\n\nayuda\n",
	  "gracias", NULL, NULL, NULL, NULL },
	{ "Outlook, German", "WG: x",
	  "bitte\n\nVon: Ana <a@x.org>\nGesendet: Montag\nAn: b\nBetreff: x\n\nHilfe\n",
	  "bitte\n\nVon: Ana <a@x.org>\nGesendet: Montag\nAn: b\nBetreff: x\n\nHilfe",
	  "bitte", "Ana <a@x.org>", "x", "Montag" },
	{ "Outlook, French", "TR: x",
	  "voir\n\nDe : Ana <a@x.org>\nEnvoyé : lundi\nÀ : b\nObjet : x\n\naide\n",
	  "voir\n\nDe : Ana <a@x.org>\nEnvoyé : lundi\nÀ : b\nObjet : x\n\naide",
	  "voir", "Ana <a@x.org>", "x", "lundi" },
	{ "Thunderbird, Portuguese", "Fwd: x",
	  "veja\n\n-------- Mensagem encaminhada --------\nAssunto: x\nData: segunda\nDe: Ana <a@x.org>\nPara: b\n\najuda\n",
	  "veja\n\n-------- Mensagem encaminhada --------\nAssunto: x\nData: segunda\nDe: Ana <a@x.org>\nPara: b\n\najuda",
	  "veja", "Ana <a@x.org>", "x", "segunda" },
	{ "Outlook, Chinese, with wide colons", "转发：x",
	  "看\n\n发件人：Ana <a@x.org>\n发送时间：2026年3月2日\n收件人：b\n主题：x\n\n帮助\n",
	  "看\n\n发件人：Ana <a@x.org>\n发送时间：2026年3月2日\n收件人：b\n主题：x\n\n帮助",
	  "看", "Ana <a@x.org>", "x", "2026年3月2日" },
	{ "of two mails inside, the first block counts", "Fwd: x",
	  "a\n\n---------- Forwarded message ---------\nFrom: Ana <a@x.org>\nDate: Monday\nSubject: x\nTo: b\n\nsee\n\nFrom: Eva <e@x.org>\nSent: Sunday\nTo: c\nSubject: y\n\nold\n",
	  "a\n\n---------- Forwarded message ---------\nFrom: Ana <a@x.org>\nDate: Monday\nSubject: x\nTo: b\n\nsee\n\nFrom: Eva <e@x.org>\nSent: Sunday\nTo: c\nSubject: y\n\nold",
	  "a", "Ana <a@x.org>", "x", "Monday" },
	{ "a forward inside an answer is history", "Re: x",
	  "ok\n\n-----Original Message-----\nFrom: d@x.org\nSent: Monday\nTo: b\nSubject: x\n\n---------- Forwarded message ---------\nFrom: e@x.org\nDate: Sunday\nSubject: y\n\nold\n",
	  "ok", NULL, NULL, NULL, NULL },
	{ "an answer without new words does not hide that", "Re: x",
	  "From: Ana <a@x.org>\nSent: Monday\nTo: b\nSubject: x\n\n/close\n",
	  "/close", "", "Ana <a@x.org>", "x", "Monday" },
};

static void
check(const Case *one)
{
	g_autoptr(Mail) mail = mail_new();

	mail->subject = mail_keep(mail, one->mail_subject);
	quote_find_new_words(mail, one->text);
	if (strcmp(mail->reply, one->reply) != 0)
		print_error("%s:\n%s\n", one->name, mail->reply);
	assert_string_equal(mail->reply, one->reply);
	if ((mail->forwarded == NULL) != (one->before == NULL))
		print_error("%s\n", one->name);
	assert_int_equal(mail->forwarded == NULL, one->before == NULL);
	if (one->before == NULL)
		return;
	assert_string_equal(mail->forwarded->before, one->before);
	assert_string_equal(mail->forwarded->from, one->from);
	assert_string_equal(mail->forwarded->subject, one->subject);
	assert_string_equal(mail->forwarded->date, one->date);
}

static void
forwarded_mails(void **state G_GNUC_UNUSED)
{
	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++)
		check(&cases[i]);
}

static void
the_embedded_mail_loses_one_level_of_quotes(void **state G_GNUC_UNUSED)
{
	g_autoptr(Mail) mail = mail_new();

	quote_find_new_words(mail, "fyi\n\n> Begin forwarded message:\n>\n"
	                           "> From: Ana <a@x.org>\n> Date: Monday\n"
	                           "> To: b@x.org\n>\n> help\n>\n> > old\n");
	assert_string_equal(mail->forwarded->embedded,
	                    "From: Ana <a@x.org>\nDate: Monday\nTo: b@x.org\n"
	                    "\nhelp\n\n> old");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(forwarded_mails),
		cmocka_unit_test(the_embedded_mail_loses_one_level_of_quotes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
