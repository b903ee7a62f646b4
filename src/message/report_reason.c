#include "message/report_reason.h"

#include <string.h>

#include "message/report.h"
#include "message/report_fold.h"
#include "message/report_tables.h"

static const char *
reason_of_words(const char *diagnostic)
{
	g_autofree char *folded = report_fold(diagnostic, -1);

	for (size_t i = 0; i < report_reasons_count; i++)
		if (strstr(folded, report_reasons[i].phrase) != NULL)
			return report_reasons[i].reason;
	return NULL;
}

const char *
report_reason(const char *diagnostic, const char *status)
{
	const char *reason =
		diagnostic == NULL ? NULL : reason_of_words(diagnostic);

	if (reason != NULL || status == NULL)
		return reason;
	for (size_t i = 0; i < report_status_reasons_count; i++)
		if (strcmp(status + 1, report_status_reasons[i].phrase) == 0)
			return report_status_reasons[i].reason;
	return NULL;
}

static bool
is_word(char c)
{
	return g_ascii_isalnum(c) || c == '.' || c == '_' || c == '@';
}

/* The length of class "." subject "." detail at p (RFC 3463 section 2), or 0.
 */
static size_t
status_length(const char *p)
{
	size_t length = 2;

	if ((*p != '2' && *p != '4' && *p != '5') || p[1] != '.')
		return 0;
	for (unsigned number = 0; number < 2; number++) {
		size_t digits = strspn(p + length, "0123456789");

		if (digits < 1 || digits > 3)
			return 0;
		length += digits;
		if (number == 0 && p[length++] != '.')
			return 0;
	}
	/* 5.1.1.2 would be an address of a host; a full stop may follow */
	if (g_ascii_isalnum(p[length]) ||
	    (p[length] == '.' && g_ascii_isdigit(p[length + 1])))
		return 0;
	return length;
}

char *
report_status_in(const char *text)
{
	for (const char *p = text; p != NULL && *p != '\0'; p++) {
		size_t length = status_length(p);

		if (length > 0 && (p == text || !is_word(p[-1])))
			return g_strndup(p, length);
	}
	return NULL;
}

static bool
is_code(const char *p)
{
	return (*p == '4' || *p == '5') && p[1] >= '0' && p[1] <= '7' &&
	       g_ascii_isdigit(p[2]) && !is_word(p[3]);
}

char *
report_code_in(const char *text)
{
	for (const char *p = text; p != NULL && *p != '\0'; p++)
		if ((p == text || (!is_word(p[-1]) && p[-1] != '-' &&
		                   p[-1] != '[' && p[-1] != '/')) &&
		    is_code(p))
			return g_strndup(p, 3);
	return NULL;
}

static bool
says_later(const char *diagnostic)
{
	g_autofree char *folded = report_fold(diagnostic, -1);

	for (size_t i = 0; i < report_temporary_count; i++)
		if (strstr(folded, report_temporary[i]) != NULL)
			return true;
	return false;
}

int
report_permanent(ReportAction action, const char *status, const char *code,
                 const char *diagnostic)
{
	const char *digit = status != NULL ? status : code;

	if (action == REPORT_DELAYED)
		return 0;
	if (action != REPORT_FAILED)
		return -1;
	if (digit != NULL && *digit == '4')
		return 0;
	if (diagnostic != NULL && says_later(diagnostic))
		return 0;
	return 1;
}
