#include "message/report_parts.h"

#include <string.h>

#include "base/text.h"

static bool
type_is(const ReportPart *part, const char *prefix)
{
	return g_str_has_prefix(part->type, prefix);
}

bool
report_part_is_status(const ReportPart *part)
{
	return type_is(part, "message/delivery-status") ||
	       type_is(part, "message/global-delivery-status") ||
	       type_is(part, "message/xdelivery-status"); /* Kerio */
}

bool
report_part_is_returned(const ReportPart *part)
{
	return type_is(part, "message/rfc822") ||
	       type_is(part, "text/rfc822-headers") ||
	       (type_is(part, "message/global") &&
	        strstr(part->type, "status") == NULL &&
	        strstr(part->type, "disposition") == NULL);
}

char *
report_part_text(const ReportPart *part)
{
	size_t size = 0;
	const char *octets = g_bytes_get_data(part->octets, &size);

	return octets == NULL
	               ? g_strdup("")
	               : text_from_octets(octets,
	                                  (gssize)MIN(size,
	                                              REPORT_PART_OCTETS_MAX));
}

const ReportPart *
report_part(const GArray *parts, unsigned i)
{
	return parts == NULL || i >= parts->len
	               ? NULL
	               : &g_array_index(parts, ReportPart, i);
}

/* The line after the first that begins so, or NULL. */
static const char *
behind_line(const char *text, const char *beginning)
{
	size_t length = strlen(beginning);

	for (const char *p = text; p != NULL && *p != '\0';) {
		const char *next = strchr(p, '\n');

		if (g_ascii_strncasecmp(p, beginning, length) == 0)
			return next == NULL ? NULL : next + 1;
		p = next == NULL ? NULL : next + 1;
	}
	return NULL;
}

/* The groups inside the text of an embedded mail, or NULL. */
static const char *
inner_status(const char *text)
{
	const char *p =
		behind_line(text, "content-type: message/delivery-status");

	/* the rest of that part's header, up to its blank line */
	while (p != NULL && *p != '\n' && *p != '\r' && *p != '\0') {
		p = strchr(p, '\n');
		p = p == NULL ? NULL : p + 1;
	}
	return p;
}

char *
report_part_inner_status(const ReportPart *part)
{
	if (!type_is(part, "message/rfc822"))
		return NULL;
	g_autofree char *text = report_part_text(part);
	const char *groups = inner_status(text);
	if (groups == NULL)
		return NULL;
	const char *boundary = strstr(groups, "\n--");
	return boundary == NULL ? g_strdup(groups)
	                        : g_strndup(groups, (gsize)(boundary - groups));
}

/* ---- the original mail ---- */

/* The value of Message-ID in the header block that text begins with, or, if
 * anywhere is set, in any line of text; without <>; the caller frees it. */
static char *
message_id_in(const char *text, bool anywhere)
{
	for (const char *p = text; *p != '\0';) {
		const char *line = p + strspn(p, "> \t|*");
		size_t length = strcspn(p, "\n");

		if (length <= 1 && !anywhere && p != text)
			return NULL;
		p += length;
		p += *p == '\n';
		if (g_ascii_strncasecmp(line, "message-id:", 11) != 0)
			continue;
		/* the id may stand in the next line */
		const char *id = line + 11 + strspn(line + 11, " \t\r\n<");
		size_t size = strcspn(id, "> \t\r\n");

		if (size > 0 && size < 1000)
			return g_strndup(id, size);
	}
	return NULL;
}

/* Of a wrapped report the id is not its own, but that of the mail in it. */
static char *
message_id_in_part(const ReportPart *part)
{
	g_autofree char *text = report_part_text(part);
	const char *groups = inner_status(text);

	return groups == NULL ? message_id_in(text, false)
	                      : message_id_in(groups, true);
}

static char *
message_id_in_parts(const GArray *parts)
{
	bool behind_status = false;
	char *id = NULL;

	/* a returned mail stands behind its status; one before it, or without
	 * one, is taken if there is no better */
	for (unsigned i = 0; report_part(parts, i) != NULL; i++) {
		const ReportPart *part = report_part(parts, i);

		if (report_part_is_status(part)) {
			behind_status = true;
			continue;
		}
		if (!report_part_is_returned(part) ||
		    (id != NULL && !behind_status))
			continue;
		char *found = message_id_in_part(part);
		if (found == NULL)
			continue;
		g_free(id);
		id = found;
		if (behind_status)
			break;
	}
	return id;
}

/* X.400 gateways keep it in X400-Content-Correlator. */
static char *
message_id_in_groups(const GArray *parts)
{
	for (unsigned i = 0; report_part(parts, i) != NULL; i++) {
		const ReportPart *part = report_part(parts, i);

		if (!report_part_is_status(part))
			continue;
		g_autofree char *text = report_part_text(part);
		char *id = message_id_in(text, true);
		if (id != NULL)
			return id;
	}
	return NULL;
}

char *
report_original_id(const GArray *parts, const char *text, const char *returned)
{
	char *id = message_id_in_parts(parts);

	if (id == NULL && returned != NULL)
		id = message_id_in(returned, true);
	if (id == NULL)
		id = message_id_in_groups(parts);
	return id != NULL ? id : message_id_in(text, true);
}
