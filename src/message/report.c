#include "message/report.h"

#include <string.h>

#include "base/text.h"

#include "message/report_dsn.h"
#include "message/report_fold.h"
#include "message/report_parts.h"
#include "message/report_prose.h"
#include "message/report_reason.h"
#include "message/report_tables.h"

/* What speaks for a report before its text is read. */
typedef struct Suspicion {
	bool is_report;  /* Content-Type says so */
	bool has_groups; /* there is a delivery-status part */
	const char *daemon;
	bool is_mailer_daemon; /* and no other who may have words of its own */
	bool null_path;
	const char *subject; /* the row that matches, or NULL */
	ReportAction subject_action;
	bool is_answer; /* the subject begins with Re: or Fwd: */
} Suspicion;

/* ---- suspicion ---- */

static bool
is_daemon(const char *address, const char *const *names, size_t count)
{
	for (size_t i = 0; address != NULL && i < count; i++) {
		size_t length = strlen(names[i]);

		if (g_ascii_strncasecmp(address, names[i], length) == 0 &&
		    (address[length] == '@' || address[length] == '\0'))
			return true;
	}
	return false;
}

/* Evidence that a mailer wrote the mail, or NULL. */
static const char *
daemon_of(const Mail *mail)
{
	const MailAddress *from = mail_address(mail->from, 0);

	if (from == NULL)
		return NULL;
	if (*from->address == '\0' ||
	    is_daemon(from->address, report_daemons, report_daemons_count))
		return from->address;
	g_autofree char *name = report_fold(from->name, -1);
	for (size_t i = 0; i < report_daemon_names_count; i++)
		if (strstr(name, report_daemon_names[i]) != NULL)
			return from->name;
	return NULL;
}

static bool
has_null_path(const Mail *mail)
{
	const char *path = mail_field(mail, "Return-Path");

	if (path == NULL)
		return false;
	path += strspn(path, " <");
	return (*path == '>' ||
	        g_ascii_strncasecmp(path, "mailer-daemon", 13) == 0);
}

static bool
is_answer(const char *subject)
{
	static const char *const prefixes[] = { "re:",  "re[", "aw:", "fw:",
		                                "fwd:", "rv:", "sv:", "wg:",
		                                "tr:",  "enc:" };

	for (size_t i = 0; i < G_N_ELEMENTS(prefixes); i++)
		if (g_str_has_prefix(subject, prefixes[i]))
			return true;
	return false;
}

static void
suspect_subject(Suspicion *suspicion, const Mail *mail)
{
	g_autofree char *subject = report_fold(mail->subject, -1);

	suspicion->is_answer = is_answer(subject);
	for (size_t i = 0; i < report_subjects_count; i++)
		if (strstr(subject, report_subjects[i].phrase) != NULL) {
			suspicion->subject = report_subjects[i].phrase;
			suspicion->subject_action = report_subjects[i].action;
			return;
		}
}

/* Some mailers forget the parameter: multipart/report alone is enough if a
 * daemon sent it. */
static bool
says_report(const Mail *mail)
{
	const char *type = mail_field(mail, "Content-Type");
	g_autofree char *folded = report_fold(type == NULL ? "" : type, -1);

	if (!g_str_has_prefix(folded, "multipart/report"))
		return false;
	return strstr(folded, "report-type=delivery-status") != NULL ||
	       strstr(folded, "report-type=\"delivery-status") != NULL ||
	       strstr(folded, "report-type") == NULL;
}

static Suspicion
suspect(const Mail *mail, const GArray *parts)
{
	static const char *const mailers[] = { "mailer-daemon", "mdaemon",
		                               "mailerdaemon", "" };
	Suspicion suspicion = {
		.is_report = says_report(mail),
		.daemon = daemon_of(mail),
		.null_path = has_null_path(mail),
	};

	for (unsigned i = 0; report_part(parts, i) != NULL; i++)
		suspicion.has_groups |=
			report_part_is_status(report_part(parts, i));
	suspicion.is_mailer_daemon = is_daemon(mail_from_address(mail), mailers,
	                                       G_N_ELEMENTS(mailers));
	suspect_subject(&suspicion, mail);
	return suspicion;
}

static bool
is_from_mailer(const Suspicion *suspicion)
{
	return suspicion->daemon != NULL || suspicion->null_path;
}

/* ---- recipients ---- */

static void
read_groups(Mail *mail, MailReport *report, const GArray *parts)
{
	for (unsigned i = 0; report_part(parts, i) != NULL; i++) {
		const ReportPart *part = report_part(parts, i);

		if (!report_part_is_status(part))
			continue;
		g_autofree char *text = report_part_text(part);
		report_dsn_read(mail, report, text);
	}
}

static void
read_inner_groups(Mail *mail, MailReport *report, const GArray *parts)
{
	for (unsigned i = 0; report_part(parts, i) != NULL; i++) {
		g_autofree char *text =
			report_part_inner_status(report_part(parts, i));

		if (text != NULL)
			report_dsn_read(mail, report, text);
	}
}

/* Exim and Google name them in a field as well. */
static bool
read_failed_field(Mail *mail, MailReport *report)
{
	const char *value = mail_field(mail, "X-Failed-Recipients");

	if (value == NULL)
		return false;
	g_auto(GStrv) addresses =
		g_strsplit(value, ",", REPORT_RECIPIENTS_MAX + 1);
	for (char **p = addresses; *p != NULL; p++) {
		ReportFinding finding = { .address = g_strstrip(*p),
			                  .action = REPORT_FAILED };

		if (strchr(*p, '@') != NULL)
			report_add(mail, report, &finding);
	}
	return true;
}

/* The worst that happened to anybody. */
static ReportAction
worst_action(const MailReport *report)
{
	static const ReportAction order[] = { REPORT_FAILED, REPORT_DELAYED,
		                              REPORT_UNKNOWN, REPORT_EXPANDED,
		                              REPORT_RELAYED };

	for (size_t i = 0; i < G_N_ELEMENTS(order); i++)
		for (unsigned k = 0; k < report->recipients->len; k++)
			if (g_array_index(report->recipients, ReportRecipient,
			                  k)
			            .action == order[i])
				return order[i];
	return REPORT_DELIVERED;
}

static bool
has_reason(const MailReport *report)
{
	for (unsigned i = 0; i < report->recipients->len; i++)
		if (g_array_index(report->recipients, ReportRecipient, i)
		            .reason != NULL)
			return true;
	return report->action != REPORT_FAILED &&
	       report->action != REPORT_DELAYED;
}

/* If nobody's lines give a reason, the text around them may. */
static void
complete_reason(const Mail *mail, MailReport *report, const char *returned)
{
	size_t length = returned == NULL ? strlen(mail->text)
	                                 : (size_t)(returned - mail->text);

	if (has_reason(report))
		return;
	g_autofree char *text =
		g_strndup(mail->text,
	                  MIN(length, (size_t)REPORT_PROSE_OCTETS_MAX));
	const char *reason = report_reason(text, NULL);
	for (unsigned i = 0; i < report->recipients->len; i++) {
		ReportRecipient *one =
			&g_array_index(report->recipients, ReportRecipient, i);

		if (one->action == REPORT_FAILED ||
		    one->action == REPORT_DELAYED)
			one->reason = reason;
	}
}

static MailReport *
report_new(void)
{
	MailReport *report = g_new0(MailReport, 1);

	report->action = REPORT_UNKNOWN;
	report->recipients = g_array_new(FALSE, FALSE, sizeof(ReportRecipient));
	return report;
}

static MailReport *
report_drop(MailReport *report)
{
	g_array_unref(report->recipients);
	g_free(report);
	return NULL;
}

/* ---- the decision ---- */

static bool
is_text_report(const Suspicion *suspicion, const ReportProse *prose,
               const MailReport *report)
{
	bool is_mailer = is_from_mailer(suspicion);

	if (suspicion->is_report && is_mailer)
		return true;
	if (is_mailer && suspicion->subject != NULL && !suspicion->is_answer)
		return true;
	/* a null path has vacations as well, a postmaster words of his own */
	if ((is_mailer && prose->phrase != NULL) || suspicion->is_mailer_daemon)
		return report->recipients->len > 0;
	/* anybody may write "undeliverable" into a subject */
	return suspicion->subject != NULL && !suspicion->is_answer &&
	       prose->is_mailers && prose->is_early;
}

static void
add_evidence(Mail *mail, const Suspicion *suspicion, const ReportProse *prose)
{
	if (suspicion->is_report)
		mail_add_evidence(
			mail, "multipart/report; report-type=delivery-status");
	if (suspicion->has_groups)
		mail_add_evidence(mail, "a delivery-status part");
	if (suspicion->daemon != NULL)
		mail_add_evidence(mail, "from %s",
		                  *suspicion->daemon == '\0'
		                          ? "<>"
		                          : suspicion->daemon);
	if (suspicion->null_path)
		mail_add_evidence(mail, "Return-Path: %s",
		                  mail_field(mail, "Return-Path"));
	if (suspicion->subject != NULL)
		mail_add_evidence(mail, "subject has \"%s\"",
		                  suspicion->subject);
	if (prose->phrase != NULL)
		mail_add_evidence(mail, "text has \"%s\" (%s)", prose->phrase,
		                  prose->mailer);
}

static MailReport *
read_text(Mail *mail, MailReport *report, Suspicion *suspicion,
          ReportProse *prose)
{
	bool is_certain =
		suspicion->is_mailer_daemon ||
		(is_from_mailer(suspicion) && suspicion->subject != NULL);

	*prose = report_prose_read(mail, report, is_certain);
	bool has_field = read_failed_field(mail, report);

	if (!has_field && !is_text_report(suspicion, prose, report))
		return report_drop(report);
	report->action = prose->action;
	if (prose->action == REPORT_UNKNOWN)
		report->action = suspicion->subject != NULL
		                         ? suspicion->subject_action
		                         : REPORT_FAILED;
	if (suspicion->subject != NULL &&
	    suspicion->subject_action == REPORT_DELAYED)
		report->action = REPORT_DELAYED;
	report_set_action(report, report->action);
	return report;
}

static bool
is_suspect(const Mail *mail, const Suspicion *suspicion)
{
	return suspicion->is_report || is_from_mailer(suspicion) ||
	       suspicion->subject != NULL ||
	       mail_field(mail, "X-Failed-Recipients") != NULL;
}

MailReport *
report_read(Mail *mail, const GArray *parts)
{
	Suspicion suspicion = suspect(mail, parts);
	ReportProse prose = { .action = REPORT_UNKNOWN };

	if (!is_suspect(mail, &suspicion))
		return NULL;
	MailReport *report = report_new();
	if (suspicion.has_groups)
		read_groups(mail, report, parts);
	else if (is_from_mailer(&suspicion))
		read_inner_groups(mail, report, parts);
	if (report->recipients->len > 0) {
		report->action = worst_action(report);
		prose.returned = report_prose_returned(mail->text);
	} else {
		report = read_text(mail, report, &suspicion, &prose);
	}
	if (report == NULL)
		return NULL;
	g_autofree char *id =
		report_original_id(parts, mail->text, prose.returned);
	if (id == NULL && mail->in_reply_to->len > 0)
		id = g_strdup(g_ptr_array_index(mail->in_reply_to, 0));
	g_autofree char *clean = id == NULL ? NULL : text_clean_line(id);
	report->original_message_id = mail_keep(mail, clean);
	complete_reason(mail, report, prose.returned);
	add_evidence(mail, &suspicion, &prose);
	return report;
}
