#include "desk/desk.h"

#include <string.h>

#include "base/token.h"

static const char *const no_names[] = { NULL };

static void
free_hours(gpointer data)
{
	OpeningHours *hours = data;

	calendar_free(hours->calendar);
	g_free(hours);
}

Desk *
desk_new(void)
{
	Desk *desk = g_new0(Desk, 1);

	desk->strings = g_string_chunk_new(4096);
	desk->vectors = g_ptr_array_new_with_free_func(g_free);
	desk->queues = g_ptr_array_new_with_free_func(g_free);
	desk->teams = g_ptr_array_new_with_free_func(g_free);
	desk->agents = g_ptr_array_new_with_free_func(g_free);
	desk->calendars = g_ptr_array_new_with_free_func(free_hours);
	desk->slas = g_ptr_array_new_with_free_func((GDestroyNotify)sla_free);
	desk->ladders =
		g_ptr_array_new_with_free_func((GDestroyNotify)ladder_free);
	desk->always = calendar_new("UTC");
	desk->mailboxes = g_ptr_array_new_with_free_func(g_free);
	desk->subject_tags = no_names;
	desk->trust = (Trust){ .authserv_ids = no_names,
		               .received_by = no_names,
		               .arc = no_names };
	desk->smtp.connections = 1;
	desk->smtp.password_command = no_names;
	desk->lmtp.listen = no_names;
	desk->limits = (Limits){
		.message_octets = INT64_C(50) << 20,
		.free_octets = INT64_C(256) << 20,
		.acknowledgements_per_sender_day = 1,
		.tickets_per_sender_hour = 3,
		.unproven_acknowledgements_hour = 60,
		.mails_per_ticket_recipient_hour = 10,
		.mails_per_recipient_hour = 60,
		.mails_per_domain_hour = 500,
		.mails_hour = 3000,
		.parse_seconds = 10,
		.deliver_seconds = 30,
	};
	return desk;
}

void
desk_free(Desk *desk)
{
	if (desk == NULL)
		return;
	g_ptr_array_unref(desk->queues);
	g_ptr_array_unref(desk->teams);
	g_ptr_array_unref(desk->agents);
	g_ptr_array_unref(desk->calendars);
	g_ptr_array_unref(desk->slas);
	g_ptr_array_unref(desk->ladders);
	calendar_free(desk->always);
	g_ptr_array_unref(desk->mailboxes);
	g_ptr_array_unref(desk->vectors);
	g_string_chunk_free(desk->strings);
	g_free(desk);
}

const char *
desk_keep(Desk *desk, const char *string)
{
	return string == NULL ? NULL
	                      : g_string_chunk_insert(desk->strings, string);
}

const char *const *
desk_keep_list(Desk *desk, const char *const *list)
{
	GPtrArray *copy = g_ptr_array_new();

	for (; *list != NULL; list++)
		g_ptr_array_add(copy,
		                g_string_chunk_insert(desk->strings, *list));
	g_ptr_array_add(copy, NULL);
	char **vector = (char **)g_ptr_array_free(copy, FALSE);
	g_ptr_array_add(desk->vectors, vector);
	return (const char *const *)vector;
}

const Queue *
desk_queue(const Desk *desk, const char *name)
{
	for (unsigned i = 0; i < desk->queues->len; i++) {
		const Queue *queue = desk->queues->pdata[i];
		if (g_strcmp0(queue->name, name) == 0)
			return queue;
	}
	return NULL;
}

const Team *
desk_team(const Desk *desk, const char *name)
{
	for (unsigned i = 0; i < desk->teams->len; i++) {
		const Team *team = desk->teams->pdata[i];
		if (g_strcmp0(team->name, name) == 0)
			return team;
	}
	return NULL;
}

const Inbox *
desk_mailbox(const Desk *desk, const char *name)
{
	for (unsigned i = 0; i < desk->mailboxes->len; i++) {
		const Inbox *mailbox = desk->mailboxes->pdata[i];
		if (g_strcmp0(mailbox->name, name) == 0)
			return mailbox;
	}
	return NULL;
}

const Agent *
desk_agent(const Desk *desk, const char *id)
{
	for (unsigned i = 0; i < desk->agents->len; i++) {
		const Agent *agent = desk->agents->pdata[i];
		if (g_strcmp0(agent->id, id) == 0)
			return agent;
	}
	return NULL;
}

static bool
list_has(const char *const *list, const char *name)
{
	for (; *list != NULL; list++)
		if (g_ascii_strcasecmp(*list, name) == 0)
			return true;
	return false;
}

const Agent *
desk_agent_for_address(const Desk *desk, const char *address)
{
	if (address == NULL)
		return NULL;
	for (unsigned i = 0; i < desk->agents->len; i++) {
		const Agent *agent = desk->agents->pdata[i];
		if (list_has(agent->addresses, address))
			return agent;
	}
	return NULL;
}

/* What gateways make of the + before a reply token (A-15): other MTAs' own
 * delimiters, and its quoted-printable form. */
static const char *const token_separators[] = { "-", "=2B", "=2b", "=" };

/* The length of the address before its extension; *out_extension behind the
 * separator, NULL if there is none.  at stands on its last "@". */
static size_t
split_extension(const char *address, const char *at, const char **out_extension)
{
	const char *plus = memchr(address, '+', (size_t)(at - address));
	size_t length = (size_t)(at - address);

	*out_extension = NULL;
	if (plus != NULL) {
		*out_extension = plus + 1;
		return (size_t)(plus - address);
	}
	if (length <= TOKEN_LENGTH)
		return length;
	for (unsigned i = 0; i < G_N_ELEMENTS(token_separators); i++) {
		size_t width = strlen(token_separators[i]);
		const char *token = at - TOKEN_LENGTH;

		if (width >= length - TOKEN_LENGTH ||
		    memcmp(token - width, token_separators[i], width) != 0)
			continue;
		*out_extension = token;
		return (size_t)(token - width - address);
	}
	return length;
}

static const char *
behind_fields(const char *at, unsigned count)
{
	while (count-- > 0) {
		at = strchr(at, '=');
		if (at == NULL)
			return NULL;
		at++;
	}
	return at;
}

/* What a forwarder made of an envelope sender, by the Sender Rewriting Scheme:
 *
 *	SRS0=HASH=TIME=DOMAIN=LOCAL@forwarder
 *	SRS1=HASH=HOST==HASH=TIME=DOMAIN=LOCAL@forwarder
 *
 * where the first separator may also be + or -.  Nothing is believed of it:
 * what is inside has to prove itself.  Owned by the caller; NULL: it is none.
 */
static char *
unwrapped(const char *address)
{
	const char *end = strrchr(address, '@');
	bool is_twice = g_ascii_strncasecmp(address, "SRS1", 4) == 0;

	if (end == NULL ||
	    (!is_twice && g_ascii_strncasecmp(address, "SRS0", 4) != 0) ||
	    address[4] == '\0' || strchr("=+-", address[4]) == NULL)
		return NULL;
	const char *body = address + strlen("SRS0=");
	if (is_twice) {
		body = behind_fields(body, 2);
		if (body == NULL || *body == '\0')
			return NULL;
		body++; /* the inner one's separator */
	}
	const char *domain = behind_fields(body, 2);
	const char *local = domain == NULL ? NULL : behind_fields(domain, 1);
	if (local == NULL || local >= end || local - 1 == domain)
		return NULL;
	return g_strdup_printf("%.*s@%.*s", (int)(end - local), local,
	                       (int)(local - 1 - domain), domain);
}

char *
address_without_extension(const char *address, char **out_extension)
{
	g_autofree char *inner = unwrapped(address);

	if (inner != NULL)
		address = inner;
	const char *at = strrchr(address, '@');
	const char *extension = NULL;

	*out_extension = NULL;
	if (at == NULL)
		return g_strdup(address);
	size_t length = split_extension(address, at, &extension);
	if (extension == NULL)
		return g_strdup(address);
	*out_extension = g_strndup(extension, (gsize)(at - extension));
	g_autofree char *local = g_strndup(address, length);
	return g_strconcat(local, at, NULL);
}

bool
address_can_receive(const char *address)
{
	const char *at = strrchr(address, '@');

	if (at == NULL || at == address || at[1] == '\0')
		return false;
	for (; *address != '\0'; address++)
		if ((unsigned char)*address <= ' ' || *address == 0x7f ||
		    *address == '<' || *address == '>')
			return false;
	return true;
}

static const Queue *
queue_with_address(const Desk *desk, const char *address)
{
	for (unsigned i = 0; i < desk->queues->len; i++) {
		const Queue *queue = desk->queues->pdata[i];
		if (list_has(queue->addresses, address))
			return queue;
	}
	if (desk->queues->len > 0 && desk->address != NULL &&
	    g_ascii_strcasecmp(desk->address, address) == 0)
		return desk->queues->pdata[0];
	return NULL;
}

const Queue *
desk_queue_for_address(const Desk *desk, const char *address,
                       char **out_extension)
{
	g_autofree char *extension = NULL;
	const Queue *queue = queue_with_address(desk, address);

	if (queue == NULL) {
		g_autofree char *base =
			address_without_extension(address, &extension);
		queue = queue_with_address(desk, base);
	}
	if (out_extension != NULL)
		*out_extension =
			queue == NULL ? NULL : g_steal_pointer(&extension);
	return queue;
}

bool
desk_owns_address(const Desk *desk, const char *address)
{
	return desk_queue_for_address(desk, address, NULL) != NULL;
}

const Team *
desk_team_above(const Desk *desk, int level)
{
	const Team *best = NULL;

	for (unsigned i = 0; i < desk->teams->len; i++) {
		const Team *team = desk->teams->pdata[i];
		if (team->level > level &&
		    (best == NULL || team->level < best->level))
			best = team;
	}
	return best;
}

const Calendar *
desk_calendar(const Desk *desk, const char *name)
{
	for (unsigned i = 0; i < desk->calendars->len; i++) {
		const OpeningHours *hours = desk->calendars->pdata[i];
		if (g_strcmp0(hours->name, name) == 0 &&
		    hours->calendar != NULL)
			return hours->calendar;
	}
	return desk->always;
}

const Sla *
desk_sla(const Desk *desk, const char *name)
{
	for (unsigned i = 0; i < desk->slas->len; i++) {
		const Sla *sla = desk->slas->pdata[i];
		if (g_strcmp0(sla->name, name) == 0)
			return sla;
	}
	return NULL;
}

const Ladder *
desk_ladder(const Desk *desk, const char *name)
{
	for (unsigned i = 0; i < desk->ladders->len; i++) {
		const Ladder *ladder = desk->ladders->pdata[i];
		if (g_strcmp0(ladder->name, name) == 0)
			return ladder;
	}
	return NULL;
}
