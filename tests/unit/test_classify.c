/* classify_mail: the class of a mail, and whether it may be answered. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <glib.h>

#include "message/classify.h"

#include "sample_mail.h"

typedef struct Case {
	const char *name;
	const char *fields;
	const char *text;
	const char *class;
	bool answerable;
	const char *evidence; /* one of the lines, or NULL */
} Case;

#define PERSON "From: Ana Ruiz <ana@example.org>\n"

static const Case field_cases[] = {
	{ "a person's mail has no sign of anything",
	  PERSON "Subject: The printer is on fire", "Please help.", "person",
	  true, NULL },
	{ "L-10 Auto-Submitted: no is a person", PERSON "Auto-Submitted: no",
	  "", "person", true, "Auto-Submitted: no" },
	{ "L-10 No in capitals and with a comment is a person",
	  PERSON "Auto-Submitted: NO (really (truly))", "", "person", true,
	  NULL },
	{ "L-10 a comment before no, and a parameter after it",
	  PERSON "Auto-Submitted: (a person) no; x=y", "", "person", true,
	  NULL },
	{ "L-10 auto-generated with a parameter is a machine",
	  PERSON "Auto-Submitted: auto-generated; x=y", "", "automatic", false,
	  "Auto-Submitted: auto-generated; x=y" },
	{ "L-10 of two fields one machine is enough",
	  PERSON "Auto-Submitted: no\nAuto-Submitted: auto-notified", "",
	  "automatic", false, NULL },
	{ "L-10 an unknown keyword is a machine",
	  PERSON "Auto-Submitted: nonsense", "", "automatic", false, NULL },
	{ "an empty Auto-Submitted is a machine", PERSON "Auto-Submitted:", "",
	  "automatic", false, NULL },
	{ "an unknown keyword in an answer is an automatic answer",
	  PERSON "Subject: Re: hello\nAuto-Submitted: yes", "", "auto-reply",
	  false, NULL },
	{ "L-01 auto-replied is an automatic answer",
	  PERSON "Auto-Submitted: auto-replied (vacation)", "", "auto-reply",
	  false, "Auto-Submitted: auto-replied (vacation)" },
	{ "X-Auto-Response-Suppress: All forbids, and the mail is a person's",
	  PERSON "X-Auto-Response-Suppress: All", "", "person", false,
	  "X-Auto-Response-Suppress: All" },
	{ "X-Auto-Response-Suppress: AutoReply among others forbids",
	  PERSON "X-Auto-Response-Suppress: DR, AutoReply", "", "person", false,
	  NULL },
	{ "X-Auto-Response-Suppress about receipts forbids nothing",
	  PERSON "X-Auto-Response-Suppress: DR, RN, NRN", "", "person", true,
	  NULL },
	{ "X-Auto-Response-Suppress: None forbids nothing",
	  PERSON "X-Auto-Response-Suppress: None", "", "person", true, NULL },
	{ "with the mark of Exchange's rules it is an automatic answer",
	  PERSON "X-Auto-Response-Suppress: All\n"
	         "X-MS-Exchange-Inbox-Rules-Loop: ana@example.org",
	  "", "auto-reply", false, NULL },
	{ "the mark of Exchange's rules alone is on people's mail",
	  PERSON "X-MS-Exchange-Inbox-Rules-Loop: ana@example.org", "",
	  "person", true, NULL },
	{ "L-09 a list's post is no person's mail to us",
	  PERSON "List-Id: <users.example.net>\nPrecedence: list", "", "list",
	  false, "Precedence: list" },
	{ "Precedence: bulk in any case is automatic",
	  PERSON "Precedence: Bulk", "", "automatic", false,
	  "Precedence: Bulk" },
	{ "Precedence: first-class is nothing",
	  PERSON "Precedence: first-class", "", "person", true, NULL },
	{ "an automatic answer through a list is an automatic answer",
	  PERSON "Precedence: bulk\nAuto-Submitted: auto-replied", "",
	  "auto-reply", false, NULL },
	{ "List-Unsubscribe alone forbids, and the mail is a person's",
	  PERSON "List-Unsubscribe: <mailto:out@example.org>", "", "person",
	  false, NULL },
	{ "with RFC 8058's field it is a newsletter",
	  PERSON "List-Unsubscribe: <https://example.org/out>\n"
	         "List-Unsubscribe-Post: List-Unsubscribe=One-Click",
	  "", "automatic", false, NULL },
	{ "X-Autoreply: no is a person", PERSON "X-Autoreply: no", "", "person",
	  true, NULL },
	{ "X-Autoreply: yes is an automatic answer", PERSON "X-Autoreply: yes",
	  "", "auto-reply", false, "X-Autoreply: yes" },
	{ "X-Loop forbids", PERSON "X-Loop: other@example.net", "", "person",
	  false, NULL },
	{ "L-03 the null path is never answered",
	  PERSON "Return-Path: <>\nSubject: Your order", "Thank you.",
	  "automatic", false, "Return-Path: <>" },
	{ "an answer with the null path is an automatic answer",
	  PERSON "Return-Path: <>\nSubject: Re: hello", "I am not here.",
	  "auto-reply", false, NULL },
	{ "RFC 3834: the path of a list's owner is not answered",
	  PERSON "Return-Path: <owner-users@example.net>", "", "list", false,
	  NULL },
	{ "RFC 3834: nor that of -request",
	  PERSON "Return-Path: <users-request@example.net>", "", "list", false,
	  NULL },
	{ "nor that of a list with a token in it",
	  PERSON "Return-Path: <users-bounces+a=b.example@example.net>", "",
	  "list", false, NULL },
	{ "an ordinary path is nothing",
	  PERSON "Return-Path: <ana@example.org>", "", "person", true, NULL },
	{ "no-reply is not answered",
	  "From: Shop <no-reply@shop.example>\nSubject: Invoice", "",
	  "automatic", false, "from no-reply@shop.example" },
	{ "a web form's Reply-To is a person",
	  "From: Form <noreply@example.org>\nReply-To: ana@example.org\n"
	  "Subject: Contact",
	  "I have a question.", "person", true, NULL },
	{ "P-03 nobody in From cannot be answered", "Subject: hello", "",
	  "person", false, "no address in From" },
	{ "X-Cron-Env is a job", PERSON "X-Cron-Env: <SHELL=/bin/sh>", "",
	  "automatic", false, NULL },
	{ "Nagios is a machine",
	  PERSON "Subject: ** PROBLEM Service Alert: web/HTTP is CRITICAL **",
	  "", "automatic", false, NULL },
	{ "cron is a machine",
	  PERSON "Subject: Cron <root@web> /usr/local/bin/rotate", "",
	  "automatic", false, NULL },
};

static const Case word_cases[] = {
	{ "L-02 English, Outlook", PERSON "Subject: Automatic reply: Invoice",
	  "I am on a beach.", "auto-reply", false,
	  "subject has \"automatic reply\" (English)" },
	{ "L-02 behind a gateway's tag",
	  PERSON "Subject: [EXTERNAL] Automatic reply: Invoice", "",
	  "auto-reply", false, NULL },
	{ "L-02 in brackets at the end of an answer",
	  PERSON "Subject: Re: Invoice (Automatic Response)", "", "auto-reply",
	  false, NULL },
	{ "L-02 Gmail's vacation",
	  PERSON "Subject: Ana - vacation response RE: x", "", "auto-reply",
	  false, NULL },
	{ "a question about automatic replies is a person's",
	  PERSON "Subject: Automatic reply does not work",
	  "My automatic replies are not sent.", "person", true, NULL },
	{ "an answer to an automatic reply is a person's",
	  PERSON "Subject: Re: Automatic reply: Invoice", "Who is in charge?",
	  "person", true, NULL },
	{ "L-02 Spanish", PERSON "Subject: Respuesta automática: Factura", "",
	  "auto-reply", false, NULL },
	{ "L-02 Portuguese", PERSON "Subject: Resposta automática: Fatura", "",
	  "auto-reply", false, NULL },
	{ "L-02 French", PERSON "Subject: Réponse automatique : Facture", "",
	  "auto-reply", false, NULL },
	{ "L-02 Italian", PERSON "Subject: Risposta automatica: Fattura", "",
	  "auto-reply", false, NULL },
	{ "L-02 German", PERSON "Subject: Automatische Antwort: Rechnung", "",
	  "auto-reply", false, NULL },
	{ "L-02 German, older", PERSON "Subject: ABWESENHEITSNOTIZ: Rechnung",
	  "", "auto-reply", false, NULL },
	{ "L-02 Dutch", PERSON "Subject: Automatisch antwoord: Factuur", "",
	  "auto-reply", false, NULL },
	{ "L-02 Danish", PERSON "Subject: Automatisk svar: Faktura", "",
	  "auto-reply", false, NULL },
	{ "L-02 Swedish", PERSON "Subject: Automatiskt svar: Faktura", "",
	  "auto-reply", false, NULL },
	{ "L-02 Finnish", PERSON "Subject: Automaattinen vastaus: Lasku", "",
	  "auto-reply", false, NULL },
	{ "L-02 Polish", PERSON "Subject: Automatyczna odpowiedź: Faktura", "",
	  "auto-reply", false, NULL },
	{ "L-02 Polish in brackets",
	  PERSON "Subject: [Automatyczna odpowiedź] Faktura", "", "auto-reply",
	  false, NULL },
	{ "L-02 Czech", PERSON "Subject: Automatická odpověď: Faktura", "",
	  "auto-reply", false, NULL },
	{ "L-02 Hungarian", PERSON "Subject: Automatikus válasz: Számla", "",
	  "auto-reply", false, NULL },
	{ "L-02 Romanian", PERSON "Subject: Răspuns automat: Factura", "",
	  "auto-reply", false, NULL },
	{ "L-02 Russian, with a capital",
	  PERSON "Subject: Автоматический ответ: Счёт", "", "auto-reply", false,
	  NULL },
	{ "L-02 Ukrainian", PERSON "Subject: Автоматична відповідь: Рахунок",
	  "", "auto-reply", false, NULL },
	{ "L-02 Greek", PERSON "Subject: Αυτόματη απάντηση: Τιμολόγιο", "",
	  "auto-reply", false, NULL },
	{ "L-02 Turkish", PERSON "Subject: Otomatik yanıt: Fatura", "",
	  "auto-reply", false, NULL },
	{ "L-02 Japanese", PERSON "Subject: 自動応答: 請求書", "", "auto-reply",
	  false, NULL },
	{ "L-02 Chinese, no blank behind it", PERSON "Subject: 自动回复发票",
	  "", "auto-reply", false, NULL },
	{ "L-02 Korean", PERSON "Subject: 자동 회신: 청구서", "", "auto-reply",
	  false, NULL },
	{ "L-02 Hebrew", PERSON "Subject: תשובה אוטומטית: חשבון", "",
	  "auto-reply", false, NULL },
	{ "L-02 Arabic", PERSON "Subject: رد تلقائي: فاتورة", "", "auto-reply",
	  false, NULL },
	{ "L-02 Exchange calls it auto-generated",
	  PERSON "Subject: Automatic reply: x\nAuto-Submitted: auto-generated",
	  "", "auto-reply", false, NULL },
	{ "subject and text both say away",
	  PERSON "Subject: AUTO: Ana Ruiz is out of the office",
	  "I am out of the office until Monday.", "auto-reply", false, NULL },
	{ "the subject alone may be a person's",
	  PERSON "Subject: Who is out of the office this week?",
	  "Please send me the list.", "person", true, NULL },
	{ "the text alone may be a person's", PERSON "Subject: Laptop",
	  "I am out of the office until Monday, "
	  "please repair it until then.",
	  "person", true, NULL },
	{ "a question about an absence's answer is a person's",
	  PERSON "Subject: Out of office not working",
	  "My out of office reply is not sent, please respond as soon as "
	  "possible.",
	  "person", true, NULL },
	{ "a ticket system's acknowledgement without a mark",
	  PERSON "Subject: [Ticket 4711] Your request",
	  "We have received your message and will be in touch shortly.",
	  "auto-reply", false, NULL },
	{ "the same words in an answer are a person's",
	  PERSON "Subject: Re: [Ticket 4711] Your request",
	  "We have received your parcel, thank you.", "person", true, NULL },
	{ "a text that says that it is an answering machine",
	  PERSON "Subject: Hello",
	  "This is an automated response. Nobody reads this address.",
	  "auto-reply", false, NULL },
	{ "a text that forbids answers is not answered",
	  PERSON "Subject: Backup report", "Please do not reply to this mail.",
	  "person", false, NULL },
	{ "a challenge is never answered", PERSON "Subject: Re: Invoice",
	  "Click here to be added to my Boxbe Guest List.", "auto-reply", false,
	  NULL },
	{ "L-15 a read receipt as text", PERSON "Subject: Read: Invoice",
	  "Your message\n\nTo: Ana\nSubject: Invoice\n\nwas read on Monday.",
	  "receipt", false, NULL },
	{ "a person may begin a subject like that",
	  PERSON "Subject: Read: the new manual", "It is on the shelf.",
	  "person", true, NULL },
	{ "L-15 a DMARC aggregate report",
	  PERSON "Subject: Report domain: example.net Submitter: example.org "
	         "Report-ID: 7",
	  "", "automatic", false, NULL },
};

static void
check(const Case *c, const GArray *parts)
{
	g_autoptr(Mail) mail = sample_mail(c->fields, c->text);
	bool told = c->evidence == NULL;

	classify_mail(mail, parts);
	for (unsigned i = 0; i < mail->evidence->len; i++)
		told |= g_strcmp0(g_ptr_array_index(mail->evidence, i),
		                  c->evidence) == 0;
	if (g_strcmp0(mail_class_name(mail->class), c->class) != 0 ||
	    mail->answerable != c->answerable || !told)
		fail_msg("%s: %s, answerable %d%s", c->name,
		         mail_class_name(mail->class), mail->answerable,
		         told ? "" : ", evidence missing");
}

static void
test_fields(void **state)
{
	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(field_cases); i++)
		check(&field_cases[i], NULL);
}

static void
test_words(void **state)
{
	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(word_cases); i++)
		check(&word_cases[i], NULL);
}

typedef struct PartCase {
	Case expect;
	const char *parts[3];
} PartCase;

static const PartCase part_cases[] = {
	{ { "L-15 MDN by Content-Type",
	    PERSON "Content-Type: multipart/report; "
	           "report-type=disposition-notification; boundary=x",
	    "", "receipt", false,
	    "multipart/report; report-type=disposition-notification" },
	  { NULL } },
	{ { "L-15 MDN by its part", PERSON, "", "receipt", false, NULL },
	  { "message/disposition-notification",
	    "Disposition: automatic-action/MDN-sent-automatically; displayed\n" } },
	{ { "L-15 ARF with a quoted report-type",
	    PERSON "Content-Type: multipart/report; boundary=\"x\"; "
	           "report-type=\"feedback-report\"",
	    "", "complaint", false, NULL },
	  { NULL } },
	{ { "L-15 a calendar's answer", PERSON "Subject: Accepted: Meeting", "",
	    "receipt", false, "text/calendar; method=REPLY" },
	  { "text/calendar", "BEGIN:VCALENDAR\r\nMETHOD:REPLY\r\n" } },
	{ { "a calendar's invitation is a person's", PERSON "Subject: Meeting",
	    "", "person", true, NULL },
	  { "text/calendar", "BEGIN:VCALENDAR\r\nMETHOD:REQUEST\r\n" } },
	{ { "a delivery report is a bounce and not answered",
	    "From: MAILER-DAEMON@example.net\n"
	    "Content-Type: multipart/report; report-type=delivery-status",
	    "", "bounce", false, NULL },
	  { "message/delivery-status",
	    "Reporting-MTA: dns; mx.example.net\n\n"
	    "Final-Recipient: rfc822; bob@example.org\n"
	    "Action: failed\nStatus: 5.1.1\n" } },
	{ { "a challenge in the clothes of a report is none",
	    "From: noreply@boxbe.example\nSubject: Re: hello\n"
	    "Content-Type: multipart/report; report-type=delivery-status",
	    "Your message has been waitlisted.", "auto-reply", false, NULL },
	  { "message/delivery-status",
	    "Reporting-MTA: dns; mx.example.net\n\n"
	    "Final-Recipient: rfc822; bob@example.org\n"
	    "Action: failed\nStatus: 5.7.1\n" } },
};

static void
test_parts(void **state)
{
	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(part_cases); i++) {
		g_autoptr(GArray) parts = sample_parts(part_cases[i].parts);

		check(&part_cases[i].expect, parts);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_fields),
		cmocka_unit_test(test_words),
		cmocka_unit_test(test_parts),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
