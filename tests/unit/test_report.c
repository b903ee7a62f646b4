/* report_read: recipients, actions and reasons of delivery reports. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <glib.h>

#include "message/report.h"
#include "message/report_address.h"
#include "message/report_reason.h"

#include "sample_mail.h"

#define DAEMON                                                        \
	"From: Mail Delivery System <MAILER-DAEMON@mx.example.net>\n" \
	"Return-Path: <>\nTo: desk@example.com\n"
#define DSN    \
	DAEMON \
	"Content-Type: multipart/report; report-type=delivery-status\n"

/* expected is one line: "action original-id; address status code permanent
 * reason; ..." with "-" for what is not known, or "none" */
typedef struct Case {
	const char *name;
	const char *fields;
	const char *text;
	const char *parts[5];
	const char *expected;
} Case;

static const char *
or_dash(const char *text)
{
	return text == NULL ? "-" : text;
}

static char *
told(const MailReport *report)
{
	GString *line = g_string_new(report == NULL ? "none" : NULL);

	if (report == NULL)
		return g_string_free(line, FALSE);
	g_string_append_printf(line, "%s %s",
	                       report_action_name(report->action),
	                       or_dash(report->original_message_id));
	for (unsigned i = 0; i < report->recipients->len; i++) {
		const ReportRecipient *r =
			&g_array_index(report->recipients, ReportRecipient, i);

		g_string_append_printf(line, "; %s %s %s %d %s", r->address,
		                       or_dash(r->status), or_dash(r->code),
		                       r->permanent, or_dash(r->reason));
	}
	return g_string_free(line, FALSE);
}

static void
check(const Case *c)
{
	g_autoptr(Mail) mail = sample_mail(c->fields, c->text);
	g_autoptr(GArray) parts = sample_parts(c->parts);

	mail->report = report_read(mail, parts);
	g_autofree char *line = told(mail->report);
	if (g_strcmp0(line, c->expected) != 0)
		fail_msg("%s: %s", c->name, line);
}

static const Case group_cases[] = {
	{ "one recipient failed",
	  DSN,
	  "",
	  { "message/delivery-status",
	    "Reporting-MTA: dns; mx.example.net\n\n"
	    "Final-Recipient: rfc822; bob@Example.org\nAction: failed\n"
	    "Status: 5.1.1\nDiagnostic-Code: smtp; 550 5.1.1 User unknown\n",
	    "message/rfc822", "Message-ID: <p1@example.com>\nSubject: x\n\n" },
	  "failed p1@example.com; bob@example.org 5.1.1 550 1 user-unknown" },
	{ "the original address comes before the final one, xtext decoded",
	  DSN,
	  "",
	  { "message/delivery-status",
	    "Reporting-MTA: dns; mx.example.net\r\n\r\n"
	    "Original-Recipient: rfc822;bob+2Bdesk@example.org\r\n"
	    "Final-Recipient: rfc822;robert@inner.example.org\r\n"
	    "Action: failed\r\nStatus: 5.2.2 (mailbox full)\r\n" },
	  "failed -; bob+desk@example.org 5.2.2 - 1 mailbox-full" },
	{ "a tag in an address is not xtext",
	  DSN,
	  "",
	  { "message/delivery-status",
	    "\nOriginal-Recipient: rfc822;bob+20@example.org\n"
	    "Action: failed\nStatus: 5.0.0\n" },
	  "failed -; bob+20@example.org 5.0.0 - 1 -" },
	{ "two recipients, one of them delayed: the worst counts",
	  DSN,
	  "",
	  { "message/delivery-status",
	    "Reporting-MTA: dns; x\n\nFinal-Recipient: rfc822; a@example.org\n"
	    "Action: delayed\nStatus: 4.4.1\n\n"
	    "Final-Recipient: rfc822; b@example.org\n"
	    "Action: failed\nStatus: 5.1.2\n" },
	  "failed -; a@example.org 4.4.1 - 0 timeout; "
	  "b@example.org 5.1.2 - 1 host-unknown" },
	{ "two recipients without a blank line between them",
	  DSN,
	  "",
	  { "message/delivery-status",
	    "Final-Recipient: rfc822; a@example.org\nAction: failed\n"
	    "Status: 5.1.1\nFinal-Recipient: rfc822; b@example.org\n"
	    "Action: failed\nStatus: 5.1.1\n" },
	  "failed -; a@example.org 5.1.1 - 1 user-unknown; "
	  "b@example.org 5.1.1 - 1 user-unknown" },
	{ "blank lines where they should not be, folded diagnostics",
	  DSN,
	  "",
	  { "message/delivery-status",
	    "\n\nFinal-Recipient: rfc822; a@example.org\n\nAction: Failed\n"
	    "Status: 5.7.1\nDiagnostic-Code: smtp; 554\n 5.7.1 Message\n"
	    "\tis spam\n" },
	  "failed -; a@example.org 5.7.1 554 1 spam" },
	{ "the same recipient twice",
	  DSN,
	  "",
	  { "message/delivery-status",
	    "Final-Recipient: RFC822; <a@example.org>\nAction: failed\n"
	    "Status: 5.1.1\n\nFinal-Recipient: RFC822; <a@example.org>\n"
	    "X-Actual-Recipient: RFC822; a@example.org\nAction: failed\n" },
	  "failed -; a@example.org 5.1.1 - 1 user-unknown" },
	{ "an address without type, an action that is not in the RFC",
	  DSN,
	  "",
	  { "message/delivery-status",
	    "Final-Recipient: <a@example.org>\nAction: failure\n"
	    "Status: 553 Exceeded maximum inbound message size\n" },
	  "failed -; a@example.org - 553 1 too-big" },
	{ "X.400 tells the diagnostics elsewhere",
	  DSN,
	  "",
	  { "message/delivery-status",
	    "X400-Content-Correlator: Subject: test,\n"
	    "\tMessage-ID: <x400@example.com>,\n\n"
	    "Original-Recipient: rfc822; a@example.org\n"
	    "Final-Recipient: x400; /S=a/ADMD= /C=GB/\nAction: failed\n"
	    "Diagnostic-Code: Reason 1 (Unable-To-Transfer)\nStatus: 5.0.0\n"
	    "X400-Supplementary-Info: \"550 5.7.1 Unable to relay for a\"\n" },
	  "failed x400@example.com; a@example.org 5.0.0 550 1 relay-denied" },
	{ "RFC 6533: an address beyond ASCII",
	  DSN,
	  "",
	  { "message/global-delivery-status",
	    "\nFinal-Recipient: utf-8; jos\\x{E9}@example.org\n"
	    "Action: failed\nStatus: 5.1.1\n",
	    "message/global-headers", "Message-ID:\n <g1@example.com>\n" },
	  "failed g1@example.com; josé@example.org 5.1.1 - 1 user-unknown" },
	{ "L-15 delivered is a report too",
	  DSN,
	  "",
	  { "message/delivery-status",
	    "\nFinal-Recipient: rfc822; a@example.org\nAction: delivered\n"
	    "Status: 2.0.0\n" },
	  "delivered -; a@example.org 2.0.0 - -1 -" },
	{ "relayed and expanded",
	  DSN,
	  "",
	  { "message/delivery-status",
	    "\nFinal-Recipient: rfc822; a@example.org\nAction: relayed "
	    "(to a host that does not speak DSN)\nStatus: 2.0.0\n\n"
	    "Final-Recipient: rfc822; b@example.org\nAction: expanded\n"
	    "Status: 2.0.0\n" },
	  "expanded -; a@example.org 2.0.0 - -1 -; b@example.org 2.0.0 - -1 -" },
	{ "the mail before the report is not the original",
	  DSN,
	  "",
	  { "message/rfc822", "Message-ID: <other@example.com>\n\n",
	    "message/delivery-status",
	    "\nFinal-Recipient: rfc822; a@example.org\nAction: failed\n" },
	  "failed other@example.com; a@example.org - - 1 -" },
	{ "Exchange and Google say the original in In-Reply-To",
	  DSN "In-Reply-To: o1@example.com\n",
	  "",
	  { "message/delivery-status",
	    "\nFinal-Recipient: rfc822; a@example.org\nAction: failed\n"
	    "Status: 4.4.7\n" },
	  "failed o1@example.com; a@example.org 4.4.7 - 0 timeout" },
	{ "text/rfc822-headers are enough",
	  DSN,
	  "",
	  { "message/delivery-status",
	    "\nFinal-Recipient: rfc822; a@example.org\nAction: failed\n",
	    "text/rfc822-headers",
	    "Subject: x\nMESSAGE-ID: <h1@example.com>\n" },
	  "failed h1@example.com; a@example.org - - 1 -" },
	{ "a Message-ID in the returned body is not the original's",
	  DSN,
	  "",
	  { "message/delivery-status",
	    "\nFinal-Recipient: rfc822; a@example.org\nAction: failed\n",
	    "message/rfc822", "Subject: x\n\nMessage-ID: <no@example.com>\n" },
	  "failed -; a@example.org - - 1 -" },
	{ "the text gives the reason that the group does not",
	  DSN,
	  "Your mail was not accepted: the mailbox is full.",
	  { "message/delivery-status",
	    "\nFinal-Recipient: rfc822; a@example.org\nAction: failed\n"
	    "Status: 5.0.0\n" },
	  "failed -; a@example.org 5.0.0 - 1 mailbox-full" },
	{ "a report of which nothing is left", DSN, "", { NULL }, "failed -" },
};

static void
test_groups(void **state)
{
	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(group_cases); i++)
		check(&group_cases[i]);
}

static const Case text_cases[] = {
	{ "qmail",
	  DAEMON "Subject: failure notice",
	  "Hi. This is the qmail-send program at mx.example.net.\n"
	  "I'm afraid I wasn't able to deliver your message to the following "
	  "addresses.\n\n<bob@example.org>:\n"
	  "Sorry, no mailbox here by that name. (#5.1.1)\n\n"
	  "--- Below this line is a copy of the message.\n\n"
	  "Return-Path: <desk@example.com>\nMessage-ID: <q1@example.com>\n",
	  { NULL },
	  "failed q1@example.com; bob@example.org 5.1.1 - 1 user-unknown" },
	{ "Exim, with an address inside the diagnostics",
	  DAEMON "Subject: Mail delivery failed: returning message to sender\n"
	         "X-Failed-Recipients: bob@example.org, eve@example.org",
	  "A message that you sent could not be delivered to one or more of "
	  "its\nrecipients. This is a permanent error. The following\n"
	  "address(es) failed:\n\n  bob@example.org\n"
	  "    host mx.example.org [192.0.2.1]\n"
	  "    SMTP error from remote mail server after RCPT TO:\n"
	  "    <real@example.org>: 550 5.1.1 User unknown\n"
	  "  eve@example.org\n    mailbox is full: retry timeout exceeded\n",
	  { NULL },
	  "failed -; bob@example.org 5.1.1 550 1 user-unknown; "
	  "eve@example.org - - 1 mailbox-full" },
	{ "a warning is a delay whatever else it says",
	  DAEMON "Subject: Warning: message 1abc delayed 24 hours",
	  "A message that you sent has not yet been delivered to one or more "
	  "of its\nrecipients after more than 24 hours.\n\nThe address to "
	  "which the message has not yet been delivered is:\n\n"
	  "  bob@example.org\n    Delay reason: Connection refused\n\n"
	  "No action is required on your part. Delivery attempts will "
	  "continue.\n",
	  { NULL },
	  "delayed -; bob@example.org - - 0 timeout" },
	{ "Exchange, in German, name before address",
	  "From: Microsoft Outlook <postmaster@example.net>\n"
	  "Subject: Unzustellbar: Rechnung",
	  "Fehler bei der Nachrichtenzustellung an folgende Empfänger oder "
	  "Verteilerlisten:\n\nBob Meier (bob@example.org)\nDie Adresse "
	  "wurde nicht gefunden; unbekannt.\n",
	  { NULL },
	  "failed -; bob@example.org - - 1 user-unknown" },
	{ "an unknown mailer is read by its shape",
	  DAEMON "Subject: undelivered mail",
	  "Nuestro servidor lo siente.\n\n<bob@example.org>:\n"
	  "550 5.2.1 cuenta cerrada\n",
	  { NULL },
	  "failed -; bob@example.org 5.2.1 550 1 disabled" },
	{ "AOL leaves the domain out",
	  "From: Mail Delivery Subsystem <MAILER-DAEMON@aol.example>\n"
	  "Subject: Mail Delivery Problem",
	  "Your mail to the following recipients could not be delivered "
	  "because they are not accepting mail from you:\n\tbob\n",
	  { NULL },
	  "failed -; bob@aol.example - - 1 policy" },
	{ "Exchange tells two recipients twice, the second time with codes",
	  "From: Microsoft Outlook <postmaster@example.net>\n"
	  "Subject: Undeliverable: Invoice",
	  "Delivery has failed to these recipients or groups:\n\n"
	  "Bob Ray (bob@example.org)\nThe address couldn't be found.\n\n"
	  "Eve Ray (eve@example.org)\nThe mailbox is full.\n\n"
	  "Generating server: mx.example.org\n\nbob@example.org\n"
	  "#550 5.1.1 RESOLVER.ADR.RecipNotFound; not found ##\n\n"
	  "eve@example.org\n#550 5.2.2 STOREDRV.Deliver; mailbox full ##\n",
	  { NULL },
	  "failed -; bob@example.org 5.1.1 550 1 user-unknown; "
	  "eve@example.org 5.2.2 550 1 mailbox-full" },
	{ "a gateway wraps the report; its own Message-ID is not the original's",
	  "From: postmaster@mx.example.net\n"
	  "Subject: Delivery Status Notification (Failure)",
	  "This mail is confidential.",
	  { "message/rfc822",
	    "Message-ID: <own@mx.example.net>\n"
	    "Content-Type: multipart/report; boundary=b\n\n--b\n"
	    "Content-Type: message/delivery-status\n\n"
	    "Final-Recipient: rfc822; bob@example.org\nAction: failed\n"
	    "Status: 5.1.1\n\n--b\nContent-Type: message/rfc822\n\n"
	    "Message-ID: <w1@example.com>\n\n--b--\n" },
	  "failed w1@example.com; bob@example.org 5.1.1 - 1 user-unknown" },
	{ "HTML that was flattened: report and returned mail in one line",
	  DAEMON,
	  "I'm afraid I wasn't able to deliver the following message. This "
	  "is a permanent error; I've given up. Subject: x To: bob@example.org "
	  "---Below this line is a copy of the message. To: no@example.org",
	  { NULL },
	  "failed -; bob@example.org - - 1 -" },
	{ "of a text in no known words the one address is the recipient",
	  DAEMON "Subject: undelivered mail",
	  "Der Brief an bob@example.org ging nicht; desk@example.com fragt "
	  "postmaster@mx.example.net.",
	  { NULL },
	  "failed -; bob@example.org - - 1 -" },
	{ "a person who pastes a report below a greeting does not bounce",
	  "From: ana@example.org\nSubject: Undelivered mail",
	  "Hello, since this morning I get the following from every server "
	  "that I write to, what is it?\n\nI'm afraid I wasn't able to "
	  "deliver your message to the following addresses.\n\n"
	  "<bob@example.org>:\n550 no\n",
	  { NULL },
	  "none" },
	{ "a person whose parcel could not be delivered does not bounce",
	  "From: ana@example.org\nSubject: Delivery failure of order 7",
	  "The parcel could not be delivered to bob@example.org either.\n",
	  { NULL },
	  "none" },
	{ "a person who forwards a report does not bounce",
	  "From: ana@example.org\nSubject: Fwd: Undelivered Mail",
	  "Look at this:\n\nI'm afraid I wasn't able to deliver your message "
	  "to the following addresses.\n\n<bob@example.org>:\n550 no\n",
	  { NULL },
	  "none" },
	{ "a person who writes about deliveries does not bounce",
	  "From: ana@example.org\nSubject: Delivery problem with our order",
	  "The parcel has not arrived. Please check.\n",
	  { NULL },
	  "none" },
	{ "a postmaster with words of his own does not bounce",
	  "From: Postmaster <postmaster@example.org>\nSubject: Hello",
	  "Your question has been delayed. Sorry.\n",
	  { NULL },
	  "none" },
	{ "L-19 a null path alone is no report",
	  "From: shop@example.org\nReturn-Path: <>\nSubject: Your order",
	  "Your order has been delayed.\n",
	  { NULL },
	  "none" },
};

static void
test_texts(void **state)
{
	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(text_cases); i++)
		check(&text_cases[i]);
}

typedef struct ReasonCase {
	const char *diagnostic;
	const char *status;
	const char *reason;
} ReasonCase;

static const ReasonCase reasons[] = {
	{ "550 5.1.1 <a@example.org>: Recipient address rejected: User unknown",
	  NULL, "user-unknown" },
	{ "552 5.3.4 Message size exceeds fixed limit", NULL, "too-big" },
	{ "Host or domain name not found. Name service error for name=x", NULL,
	  "host-unknown" },
	{ "554 5.7.1 <a@b>: Relay access denied", NULL, "relay-denied" },
	{ "550 5.7.26 This mail is unauthenticated", NULL, "auth" },
	{ "421 4.7.0 Too many messages", NULL, "rate" },
	{ "552 5.7.0 This message was blocked because its content presents a "
	  "virus",
	  NULL, "content" },
	{ "something else", "5.2.2", "mailbox-full" },
	{ NULL, "5.1.2", "host-unknown" },
	{ "something else", NULL, NULL },
	{ NULL, NULL, NULL },
};

static void
test_reasons(void **state)
{
	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(reasons); i++) {
		const char *reason =
			report_reason(reasons[i].diagnostic, reasons[i].status);

		if (g_strcmp0(reason, reasons[i].reason) != 0)
			fail_msg("%s: %s", reasons[i].diagnostic, reason);
	}
}

typedef struct CodeCase {
	const char *text;
	const char *status;
	const char *code;
} CodeCase;

static const CodeCase codes[] = {
	{ "smtp; 550 5.1.1 no", "5.1.1", "550" },
	{ "(#5.1.1)", "5.1.1", NULL },
	{ "host mx[192.0.2.5] said: 450-4.2.0 later", "4.2.0", "450" },
	{ "host 5.4.3.2 said 5.1.1.", "5.1.1", NULL },
	{ "15.1.1 and 5.1 and 5.1111.1", NULL, NULL },
	{ "room 550a, 5500, a550", NULL, NULL },
	{ "", NULL, NULL },
	{ NULL, NULL, NULL },
};

static void
test_codes(void **state)
{
	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(codes); i++) {
		g_autofree char *status = report_status_in(codes[i].text);
		g_autofree char *code = report_code_in(codes[i].text);

		if (g_strcmp0(status, codes[i].status) != 0 ||
		    g_strcmp0(code, codes[i].code) != 0)
			fail_msg("%s: %s %s", codes[i].text, or_dash(status),
			         or_dash(code));
	}
}

static const char *const addresses[][2] = {
	{ "to <bob@Example.ORG>, please", "bob@example.org" },
	{ "dda:SMTP=bob@example.org;", "bob@example.org" },
	{ "邮件bob@example.org无法", "bob@example.org" },
	{ "bob@localhost", NULL },
	{ "@example.org a@ b@c", NULL },
	{ "a@@b.example x@y.example.", "x@y.example" },
	{ "", NULL },
};

static void
test_addresses(void **state)
{
	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(addresses); i++) {
		const char *text = addresses[i][0], *at = NULL, *after = NULL;
		g_autofree char *address =
			report_address_in(text, text + strlen(text), &at,
		                          &after);

		if (g_strcmp0(address, addresses[i][1]) != 0)
			fail_msg("%s: %s", text, or_dash(address));
	}
}

/* P-09: what a stranger sends decides neither time nor memory */
static void
test_many_recipients(void **state)
{
	g_autoptr(GString) text = g_string_new(
		"I'm afraid I wasn't able to deliver your message to the "
		"following addresses.\n\n");
	(void)state;

	for (unsigned i = 0; i < 100000; i++)
		g_string_append_printf(text, "<u%u@example.org>:\n", i);
	g_autoptr(Mail) mail =
		sample_mail(DAEMON "Subject: failure notice", text->str);
	mail->report = report_read(mail, NULL);
	assert_non_null(mail->report);
	assert_int_equal(mail->report->recipients->len, REPORT_RECIPIENTS_MAX);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_groups),
		cmocka_unit_test(test_texts),
		cmocka_unit_test(test_reasons),
		cmocka_unit_test(test_codes),
		cmocka_unit_test(test_addresses),
		cmocka_unit_test(test_many_recipients),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
