/* What a mail has under a name: fields, addresses, parts, dates. */
#include <string.h>

#include "base/text.h"

#include "sieve/date.h"
#include "sieve/words.h"

static void
add(GPtrArray *out, const char *text)
{
	if (text != NULL)
		g_ptr_array_add(out, value_new(text));
}

static void
add_taken(GPtrArray *out, char *text)
{
	if (text != NULL)
		g_ptr_array_add(out, value_new_take(text));
}

/* ---- attachments (RFC 5703) ---- */

/* "name=" or "filename=" of a field like Content-Type; NULL without. */
static char *
parameter_of(const char *field, const char *name)
{
	g_autofree char *wanted = g_strconcat(name, "=", NULL);
	const char *at = strchr(field, ';');

	for (; at != NULL; at = strchr(at, ';')) {
		at += 1 + strspn(at + 1, " \t");
		if (g_ascii_strncasecmp(at, wanted, strlen(wanted)) != 0)
			continue;
		at += strlen(wanted);
		size_t length =
			*at == '"' ? strcspn(++at, "\"") : strcspn(at, "; \t");
		return g_strndup(at, length);
	}
	return NULL;
}

/* What the tags ask of the field. */
static void
add_field_part(const Node *node, const char *field, GPtrArray *out)
{
	size_t whole = strcspn(field, "; \t");
	const char *slash = memchr(field, '/', whole);
	size_t main_part = slash == NULL ? whole : (size_t)(slash - field);

	if ((node->flags & FLAG_PARAM) != 0) {
		for (unsigned i = 0; i < node->extra->len; i++)
			add_taken(out,
			          parameter_of(field,
			                       text_at(node->extra, i)->text));
	} else if ((node->flags & FLAG_TYPE) != 0) {
		add_taken(out, g_strndup(field, main_part));
	} else if ((node->flags & FLAG_SUBTYPE) != 0) {
		add_taken(out, slash == NULL
		                       ? g_strdup("")
		                       : g_strndup(slash + 1,
		                                   whole - main_part - 1));
	} else if ((node->flags & FLAG_CONTENTTYPE) != 0) {
		add_taken(out, g_strndup(field, whole));
	} else {
		add_taken(out, g_strdup(field));
	}
}

/* The types of all parts, as they stand in quotes in the mail's structure. */
static void
add_part_types(const Node *node, const char *structure, GPtrArray *out)
{
	const char *begin = strchr(structure, '"');

	while (begin != NULL) {
		const char *end = strchr(begin + 1, '"');
		if (end == NULL)
			return;
		g_autofree char *type =
			g_strndup(begin + 1, (size_t)(end - begin) - 1);
		add_field_part(node, type, out);
		begin = strchr(end + 1, '"');
	}
}

static void
add_attachment_field(const Node *node, const MailAttachment *attachment,
                     const char *name, GPtrArray *out)
{
	const char *file = attachment->name == NULL ? "" : attachment->name;
	g_autofree char *field = NULL;

	if (text_equal_ascii(name, "content-type"))
		field = g_strdup_printf("%s; name=\"%s\"", attachment->type,
		                        file);
	else if (text_equal_ascii(name, "content-disposition") &&
	         attachment->disposition != NULL)
		field = g_strdup_printf("%s; filename=\"%s\"",
		                        attachment->disposition, file);
	else if (text_equal_ascii(name, "content-id"))
		field = g_strdup(attachment->content_id);
	if (field != NULL)
		add_field_part(node, field, out);
}

static void
add_children(const Node *node, const Mail *mail, const char *name,
             GPtrArray *out)
{
	if (text_equal_ascii(name, "content-type") && mail->structure != NULL &&
	    (node->flags & FLAG_PARAM) == 0)
		add_part_types(node, mail->structure, out);
	for (unsigned i = 0; i < mail->attachments->len; i++)
		add_attachment_field(node,
		                     &g_array_index(mail->attachments,
		                                    MailAttachment, i),
		                     name, out);
}

/* ---- fields ---- */

void
fetch_header(Run *run, const Node *node, const char *name, GPtrArray *out)
{
	const Mail *mail = run->input->mail;

	if (mail == NULL)
		return;
	if ((node->flags & FLAG_ANYCHILD) != 0) {
		add_children(node, mail, name, out);
		return;
	}
	for (unsigned i = 0; i < mail->fields->len; i++) {
		const MailField *field =
			&g_array_index(mail->fields, MailField, i);

		if (g_ascii_strcasecmp(field->name, name) != 0)
			continue;
		if ((node->flags & FLAG_MIME) != 0)
			add_field_part(node, field->value, out);
		else
			add(out, field->value);
	}
}

/* ---- addresses ---- */

/* The part that a tag asks for; NULL: it has none. */
static char *
part_of(const char *address, AddressPart part)
{
	const char *at = strrchr(address, '@');

	if (part == PART_ALL)
		return g_strdup(address);
	if (at == NULL)
		return NULL;
	if (part == PART_DOMAIN)
		return g_strdup(at + 1);
	size_t local = (size_t)(at - address);
	const char *plus = memchr(address, '+', local);
	if (part == PART_DETAIL)
		return plus == NULL
		               ? NULL
		               : g_strndup(plus + 1, (size_t)(at - plus) - 1);
	if (part == PART_USER && plus != NULL)
		local = (size_t)(plus - address);
	return g_strndup(address, local);
}

static const GArray *
known_list(const Mail *mail, const char *name)
{
	const struct {
		const char *name;
		const GArray *list;
	} known[] = {
		{ "from", mail->from },
		{ "to", mail->to },
		{ "cc", mail->cc },
		{ "sender", mail->sender },
		{ "reply-to", mail->reply_to },
	};

	for (unsigned i = 0; i < G_N_ELEMENTS(known); i++)
		if (text_equal_ascii(known[i].name, name))
			return known[i].list;
	return NULL;
}

/* Where the address at at ends: a comma or semicolon outside of quotes,
 * brackets and comments. */
static size_t
address_length(const char *at)
{
	char closing = '\0';
	size_t length = 0;

	for (; at[length] != '\0'; length++) {
		char c = at[length];

		if (closing != '\0')
			closing = c == closing ? '\0' : closing;
		else if (c == ',' || c == ';')
			return length;
		else if (c == '"')
			closing = '"';
		else if (c == '<')
			closing = '>';
		else if (c == '(')
			closing = ')';
	}
	return length;
}

static char *
bare_address(const char *text, size_t length)
{
	g_autofree char *one = g_strndup(text, length);
	char *open = strrchr(one, '<');
	char *group = strchr(one, ':');

	if (open != NULL) {
		open++;
		open[strcspn(open, ">")] = '\0';
		return g_strdup(g_strstrip(open));
	}
	one[strcspn(one, "(")] = '\0';
	return g_strdup(g_strstrip(group == NULL ? one : group + 1));
}

/* Of fields that the mail's own lists do not have (Bcc, Resent-To ...). */
static void
add_addresses(const Node *node, const char *field, GPtrArray *out)
{
	while (*field != '\0') {
		size_t length = address_length(field);
		g_autofree char *address = bare_address(field, length);

		if (*address != '\0')
			add_taken(out, part_of(address, node->part));
		field += length + (field[length] != '\0');
	}
}

void
fetch_address(Run *run, const Node *node, const char *name, GPtrArray *out)
{
	const Mail *mail = run->input->mail;

	if (mail == NULL)
		return;
	const GArray *list = known_list(mail, name);
	for (unsigned i = 0; list != NULL && i < list->len; i++)
		add_taken(out,
		          part_of(mail_address(list, i)->address, node->part));
	for (unsigned i = 0; list == NULL && i < mail->fields->len; i++) {
		const MailField *field =
			&g_array_index(mail->fields, MailField, i);

		if (g_ascii_strcasecmp(field->name, name) == 0)
			add_addresses(node, field->value, out);
	}
}

void
fetch_envelope(Run *run, const Node *node, const char *name, GPtrArray *out)
{
	const SieveInput *input = run->input;

	if (text_equal_ascii(name, "from")) {
		if (input->envelope_sender != NULL)
			add_taken(out,
			          part_of(input->envelope_sender, node->part));
		return;
	}
	for (const char *const *r = input->envelope_recipients;
	     r != NULL && *r != NULL; r++)
		add_taken(out, part_of(*r, node->part));
}

/* ---- the rest ---- */

void
fetch_body(Run *run, const Node *node, const char *name, GPtrArray *out)
{
	(void)node;
	(void)name;
	if (run->input->mail != NULL)
		add(out, run->input->mail->text);
}

void
fetch_string(Run *run, const Node *node, const char *name, GPtrArray *out)
{
	(void)run;
	if (node->match != MATCH_COUNT || *name != '\0')
		add_taken(out, g_strdup(name));
}

/* The zone that the desk lives in at that time, unless the rule names one. */
static int
offset_at(const Run *run, const Node *node, int64_t at)
{
	const Facts *facts = run->input->facts;
	int offset = 0;

	if ((node->flags & FLAG_ZONE) != 0) {
		mail_zone_read(text_at(node->extra, 0)->text, &offset);
		return offset;
	}
	if (facts == NULL || facts->desk->timezone == NULL)
		return 0;
	GTimeZone *zone = g_time_zone_new_identifier(facts->desk->timezone);
	if (zone == NULL)
		return 0;
	int interval =
		g_time_zone_find_interval(zone, G_TIME_TYPE_UNIVERSAL, at);
	offset = g_time_zone_get_offset(zone, interval) / 60;
	g_time_zone_unref(zone);
	return offset;
}

void
fetch_date(Run *run, const Node *node, const char *name, GPtrArray *out)
{
	const Mail *mail = run->input->mail;
	const char *field = mail == NULL ? NULL : mail_field(mail, name);
	MailDate date;

	if (field == NULL || !mail_date_read(field, &date))
		return;
	int offset = (node->flags & FLAG_ORIGINALZONE) != 0
	                     ? date.offset
	                     : offset_at(run, node, date.at);
	g_autofree char *part =
		run_fill(run, text_at(node->lists[1], 0), VARIABLE_OCTETS_MAX);
	add_taken(out, mail_date_part(date.at, offset, part));
}

void
fetch_current_date(Run *run, const Node *node, const char *name, GPtrArray *out)
{
	int64_t now = run->input->now;

	add_taken(out, mail_date_part(now, offset_at(run, node, now), name));
}

void
fetch_environment(Run *run, const Node *node, const char *name, GPtrArray *out)
{
	const Facts *facts = run->input->facts;

	(void)node;
	if (text_equal_ascii(name, "name"))
		add(out, "Postigo");
	else if (text_equal_ascii(name, "location"))
		add(out, "MDA");
	else if (text_equal_ascii(name, "phase"))
		add(out, "during");
	else if (facts != NULL && text_equal_ascii(name, "domain"))
		add(out, facts->desk->domain);
	else if (facts != NULL && text_equal_ascii(name, "vnd.postigo.desk"))
		add(out, facts->desk->name);
}
