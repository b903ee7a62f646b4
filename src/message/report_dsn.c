#include "message/report_dsn.h"

#include <string.h>

#include "base/text.h"

#include "message/report.h"
#include "message/report_address.h"
#include "message/report_reason.h"

/* One per-recipient group while it is read.  Strings are owned. */
typedef struct Group {
	char *original;
	char *final;
	char *actual;
	char *action;
	char *status;
	char *diagnostic;
	char *envelope_id; /* of the per-message group, RFC 3464 section 2.2.1
	                    */
} Group;

typedef struct FieldName {
	const char *name;
	size_t offset;
} FieldName;

static const FieldName fields[] = {
	{ "original-recipient", offsetof(Group, original) },
	{ "final-recipient", offsetof(Group, final) },
	{ "x-actual-recipient",
	  offsetof(Group, actual) }, /* Sendmail, Exchange */
	{ "action", offsetof(Group, action) },
	{ "status", offsetof(Group, status) },
	{ "diagnostic-code", offsetof(Group, diagnostic) },
	/* X.400 gateways say there what the other side said */
	{ "x400-supplementary-info", offsetof(Group, diagnostic) },
	{ "x-supplementary-info", offsetof(Group, diagnostic) },
	{ "original-envelope-id", offsetof(Group, envelope_id) },
};

static char **
slot(Group *group, size_t offset)
{
	return (char **)(void *)((char *)group + offset);
}

static void
group_clear(Group *group)
{
	for (size_t i = 0; i < G_N_ELEMENTS(fields); i++)
		g_clear_pointer(slot(group, fields[i].offset), g_free);
}

static bool
group_has_address(const Group *group)
{
	return group->original != NULL || group->final != NULL ||
	       group->actual != NULL;
}

/* "X400-Supplementary-Info" comes behind "Diagnostic-Code: Reason 1 ...": the
 * two are joined. */
static void
group_set(Group *group, const char *name, size_t length, const char *value)
{
	for (size_t i = 0; i < G_N_ELEMENTS(fields); i++) {
		char **at = slot(group, fields[i].offset);

		if (strlen(fields[i].name) != length ||
		    g_ascii_strncasecmp(fields[i].name, name, length) != 0)
			continue;
		if (*at == NULL) {
			*at = g_strdup(value);
		} else if (at == &group->diagnostic &&
		           strlen(*at) < REPORT_DIAGNOSTIC_OCTETS_MAX) {
			g_autofree char *first = *at;

			*at = g_strconcat(first, " ", value, NULL);
		}
		return;
	}
}

static void
field_read(Group *group, const char *line)
{
	const char *colon = strchr(line, ':');

	if (colon == NULL)
		return;
	g_autofree char *value = text_clean_line(colon + 1);
	size_t length = (size_t)(colon - line);

	while (length > 0 && g_ascii_isspace(line[length - 1]))
		length--;
	group_set(group, line, length, value);
}

typedef struct ActionWord {
	const char *word;
	ReportAction action;
} ActionWord;

static const ActionWord action_words[] = {
	{ "failed", REPORT_FAILED },        { "failure", REPORT_FAILED },
	{ "error", REPORT_FAILED },         { "expired", REPORT_FAILED },
	{ "undeliverable", REPORT_FAILED }, { "bounced", REPORT_FAILED },
	{ "delayed", REPORT_DELAYED },      { "deferred", REPORT_DELAYED },
	{ "delivered", REPORT_DELIVERED },  { "relayed", REPORT_RELAYED },
	{ "expanded", REPORT_EXPANDED },
};

/* RFC 3464 section 2.3.3; a comment may follow the word. */
static ReportAction
action_of(const Group *group)
{
	const char *word = group->action == NULL ? "" : group->action;

	for (size_t i = 0; i < G_N_ELEMENTS(action_words); i++)
		if (g_ascii_strncasecmp(word, action_words[i].word,
		                        strlen(action_words[i].word)) == 0)
			return action_words[i].action;
	if (group->status != NULL && *group->status == '5')
		return REPORT_FAILED;
	if (group->status != NULL && *group->status == '4')
		return REPORT_DELAYED;
	return REPORT_UNKNOWN;
}

/* The type before the first ";" of a Diagnostic-Code is of no use to people. */
static const char *
without_type(const char *diagnostic)
{
	const char *semicolon = strchr(diagnostic, ';');

	if (semicolon == NULL || semicolon - diagnostic > 20 ||
	    memchr(diagnostic, ' ', (size_t)(semicolon - diagnostic)) != NULL)
		return diagnostic;
	return semicolon + 1 + strspn(semicolon + 1, " ");
}

/* The address the sender wrote to is the one he knows: Original-Recipient
 * before Final-Recipient (RFC 3464 section 2.3.1). */
static char *
address_of(const Group *group)
{
	const char *const values[] = { group->original, group->final,
		                       group->actual };
	char *name = NULL;

	for (size_t i = 0; i < G_N_ELEMENTS(values); i++) {
		g_autofree char *address =
			values[i] == NULL ? NULL
					  : report_address_of_field(values[i]);
		if (address == NULL)
			continue;
		if (strchr(address, '@') != NULL) {
			g_free(name);
			return g_steal_pointer(&address);
		}
		if (name == NULL)
			name = g_steal_pointer(&address);
	}
	return name;
}

static void
group_finish(Mail *mail, MailReport *report, Group *group)
{
	g_autofree char *address = address_of(group);

	if (group->envelope_id != NULL && report->envelope_id == NULL) {
		g_autofree char *id = report_xtext(group->envelope_id);
		report->envelope_id = mail_keep(mail, id);
	}
	if (address != NULL) {
		const char *diagnostic = group->diagnostic != NULL
		                                 ? group->diagnostic
		                                 : group->status;
		g_autofree char *status = report_status_in(group->status);
		ReportFinding finding = {
			.address = address,
			.action = action_of(group),
			.status = status,
			.diagnostic = diagnostic == NULL
			                      ? NULL
			                      : without_type(diagnostic),
		};
		report_add(mail, report, &finding);
	}
	group_clear(group);
}

/* Ends one logical line.  A second recipient in one group, or fields behind a
 * blank line that should not be there, are both sent by somebody. */
static void
line_finish(Mail *mail, MailReport *report, Group *group, GString *line)
{
	bool names_recipient =
		g_ascii_strncasecmp(line->str, "final-recipient", 15) == 0;

	if (names_recipient && group->final != NULL)
		group_finish(mail, report, group);
	field_read(group, line->str);
	g_string_truncate(line, 0);
}

static bool
is_complete(const Group *group)
{
	return group_has_address(group) &&
	       (group->action != NULL || group->status != NULL);
}

void
report_dsn_read(Mail *mail, MailReport *report, const char *text)
{
	Group group = { 0 };
	g_autoptr(GString) line = g_string_new(NULL);

	for (const char *p = text; *p != '\0';) {
		size_t length = strcspn(p, "\r\n");

		if (*p != ' ' && *p != '\t')
			line_finish(mail, report, &group, line);
		if (length == 0 && is_complete(&group))
			group_finish(mail, report, &group);
		if (line->len + length <= MAIL_FIELD_OCTETS_MAX)
			g_string_append_len(line, p, (gssize)length);
		p += length;
		p += *p == '\r' && p[1] == '\n' ? 2 : *p != '\0';
	}
	line_finish(mail, report, &group, line);
	group_finish(mail, report, &group);
}

static ReportRecipient *
known(const MailReport *report, const char *address)
{
	for (unsigned i = 0; i < report->recipients->len; i++) {
		ReportRecipient *one =
			&g_array_index(report->recipients, ReportRecipient, i);

		if (text_equal_ascii(one->address, address))
			return one;
	}
	return NULL;
}

/* Exchange names a recipient twice, to people and to administrators: what the
 * first time did not say, the second may. */
static void
complete(ReportRecipient *one, const ReportRecipient *more)
{
	bool is_better = one->code == NULL && more->code != NULL;

	if (one->diagnostic == NULL || is_better)
		one->diagnostic = more->diagnostic;
	if (one->reason == NULL || (is_better && more->reason != NULL))
		one->reason = more->reason;
	if (one->status == NULL)
		one->status = more->status;
	if (one->code == NULL)
		one->code = more->code;
	one->permanent = report_permanent(one->action, one->status, one->code,
	                                  one->diagnostic);
}

/* diagnostic as one line of at most REPORT_DIAGNOSTIC_OCTETS_MAX octets */
static char *
shortened(const char *diagnostic)
{
	g_autofree char *line = text_clean_line(diagnostic);
	size_t length = strlen(line);

	if (length <= REPORT_DIAGNOSTIC_OCTETS_MAX)
		return g_steal_pointer(&line);
	const char *cut =
		g_utf8_find_prev_char(line,
	                              line + REPORT_DIAGNOSTIC_OCTETS_MAX);
	return g_strndup(line, cut == NULL ? 0 : (gsize)(cut - line));
}

static bool
may_have_reason(ReportAction action)
{
	return action == REPORT_FAILED || action == REPORT_DELAYED ||
	       action == REPORT_UNKNOWN;
}

static ReportRecipient
recipient_of(Mail *mail, const ReportFinding *finding)
{
	g_autofree char *diagnostic = finding->diagnostic == NULL
	                                      ? NULL
	                                      : shortened(finding->diagnostic);
	g_autofree char *found = report_status_in(diagnostic);
	g_autofree char *code = report_code_in(diagnostic);
	const char *status = finding->status != NULL ? finding->status : found;
	bool told = may_have_reason(finding->action);

	return (ReportRecipient){
		.address = mail_keep(mail, finding->address),
		.action = finding->action,
		.status = mail_keep(mail, status),
		.code = mail_keep(mail, code),
		.permanent = report_permanent(finding->action, status, code,
		                              diagnostic),
		.reason = told ? report_reason(diagnostic, status) : NULL,
		.diagnostic = mail_keep(mail, diagnostic),
	};
}

void
report_add(Mail *mail, MailReport *report, const ReportFinding *finding)
{
	ReportRecipient *before = known(report, finding->address);

	if (before == NULL && report->recipients->len >= REPORT_RECIPIENTS_MAX)
		return;
	ReportRecipient recipient = recipient_of(mail, finding);
	if (before != NULL)
		complete(before, &recipient);
	else
		g_array_append_val(report->recipients, recipient);
}

void
report_set_action(MailReport *report, ReportAction action)
{
	for (unsigned i = 0; i < report->recipients->len; i++) {
		ReportRecipient *one =
			&g_array_index(report->recipients, ReportRecipient, i);

		one->action = action;
		one->permanent = report_permanent(action, one->status,
		                                  one->code, one->diagnostic);
		if (!may_have_reason(action))
			one->reason = NULL;
	}
}
