#include "config/schema.h"

#include <string.h>

static const char *const priorities[] = { "low", "normal", "high", "urgent",
	                                  NULL };
static const char *const types[] = { "incident", "request", "problem", "change",
	                             NULL };
static const char *const assignments[] = { "none", "round-robin",
	                                   "least-loaded", NULL };
static const char *const auth_methods[] = { "plain", "login", "xoauth2",
	                                    "oauthbearer", NULL };
static const char *const tls_modes[] = { "required", "never", NULL };
static const char *const reply_to_words[] = { [REPLY_TO_AUTO] = "auto",
	                                      [REPLY_TO_FROM] = "from",
	                                      [REPLY_TO_REPLY_TO] = "reply-to",
	                                      NULL };
static const char *const list_words[] = {
	[LIST_HOLD] = "hold", [LIST_TICKET] = "ticket", NULL
};
static const char *const roles[] = { "agent", "editor", "admin", NULL };

static const char *const pausing_states[] = { "new", "open", "pending", "hold",
	                                      NULL };
static const char *const clock_words[] = { "first-response", "next-response",
	                                   "resolution", "keep-in-touch",
	                                   NULL };

static const char *const nothing[] = { NULL };
static const char *const plain_agent[] = { "agent", NULL };

static void
queue_defaults(void *target)
{
	*(Queue *)target = (Queue){ .addresses = nothing,
		                    .type = "incident",
		                    .priority = "normal",
		                    .acknowledge = true,
		                    .reopen_days = 14 };
}

static void
team_defaults(void *target)
{
	*(Team *)target =
		(Team){ .members = nothing, .level = 1, .assign = "none" };
}

static void
agent_defaults(void *target)
{
	*(Agent *)target = (Agent){ .addresses = nothing,
		                    .roles = plain_agent,
		                    .skills = nothing };
}

static void
calendar_defaults(void *target)
{
	*(OpeningHours *)target =
		(OpeningHours){ .hours = nothing, .holidays = nothing };
}

static void
sla_defaults(void *target)
{
	static const char *const waiting[] = { "pending", NULL };

	*(Sla *)target =
		(Sla){ .warn = nothing,
		       .pause = waiting,
		       .priorities = g_ptr_array_new_with_free_func(g_free),
		       .types = g_ptr_array_new_with_free_func(g_free) };
}

static void
ladder_defaults(void *target)
{
	*(Ladder *)target = (Ladder){
		.steps = g_ptr_array_new_with_free_func(g_free),
	};
}

static void
step_defaults(void *target)
{
	*(LadderStep *)target =
		(LadderStep){ .clocks = nothing, .notify = nothing };
}

static void
no_defaults(void *target)
{
	(void)target;
}

static void
mailbox_defaults(void *target)
{
	*(Inbox *)target = (Inbox){ .password_command = nothing,
		                    .tls = "required",
		                    .is_trusted = true,
		                    .interval = 300 };
}

#define FIELD(key, of_kind, type, field) \
	.name = key, .kind = of_kind, .offset = offsetof(type, field)
#define REFUSED(key, why)                                        \
	{                                                        \
		.name = key, .kind = KEY_REFUSED, .refused = why \
	}

static const KeySpec desk_keys[] = {
	{ FIELD("name", KEY_TEXT, Desk, name), .is_required = true },
	{ FIELD("address", KEY_ADDRESS, Desk, address), .is_required = true },
	{ FIELD("domain", KEY_TEXT, Desk, domain) },
	{ FIELD("language", KEY_TEXT, Desk, language) },
	{ FIELD("timezone", KEY_TEXT, Desk, timezone) },
	{ FIELD("database", KEY_PATH, Desk, database) },
	{ FIELD("key", KEY_PATH, Desk, key) },
	{ FIELD("templates", KEY_PATH, Desk, templates) },
	{ FIELD("rules", KEY_PATH, Desk, rules) },
	{ FIELD("subject-tags", KEY_TEXTS, Desk, subject_tags) },
	{ .name = NULL },
};

static const KeySpec queue_keys[] = {
	{ FIELD("address", KEY_ADDRESSES, Queue, addresses),
	  .is_required = true },
	{ FIELD("team", KEY_NAME, Queue, team), .is_required = true },
	{ FIELD("language", KEY_TEXT, Queue, language) },
	{ FIELD("type", KEY_WORD, Queue, type), .words = types },
	{ FIELD("priority", KEY_WORD, Queue, priority), .words = priorities },
	{ FIELD("acknowledge", KEY_FLAG, Queue, acknowledge) },
	{ FIELD("reply-to", KEY_CHOICE, Queue, reply_to),
	  .words = reply_to_words },
	{ FIELD("lists", KEY_CHOICE, Queue, lists), .words = list_words },
	{ FIELD("reopen-days", KEY_NUMBER, Queue, reopen_days), .min = 0,
	  .max = 3650 },
	{ FIELD("sla", KEY_NAME, Queue, sla) },
	{ FIELD("ladder", KEY_NAME, Queue, ladder) },
	REFUSED("visibility", "visibility needs per-queue permissions, which "
	                      "this version does not have"),
	{ .name = NULL },
};

static const KeySpec team_keys[] = {
	{ FIELD("members", KEY_NAMES, Team, members), .is_required = true },
	{ FIELD("level", KEY_NUMBER, Team, level), .min = 1, .max = 9 },
	{ FIELD("assign", KEY_WORD, Team, assign), .words = assignments },
	{ .name = NULL },
};

static const KeySpec agent_keys[] = {
	{ FIELD("name", KEY_TEXT, Agent, name), .is_required = true },
	{ FIELD("address", KEY_ADDRESSES, Agent, addresses),
	  .is_required = true },
	{ FIELD("language", KEY_TEXT, Agent, language) },
	{ FIELD("roles", KEY_WORDS, Agent, roles), .words = roles },
	{ FIELD("calendar", KEY_NAME, Agent, calendar) },
	{ FIELD("skills", KEY_TEXTS, Agent, skills) },
	{ FIELD("absent", KEY_FLAG, Agent, is_absent) },
	{ FIELD("substitute", KEY_NAME, Agent, substitute) },
	REFUSED("pgp", "pgp needs signed orders, which this version does not "
	               "have"),
	REFUSED("smime", "smime needs signed orders, which this version does "
	                 "not have"),
	{ .name = NULL },
};

static const KeySpec calendar_keys[] = {
	{ FIELD("timezone", KEY_TEXT, OpeningHours, timezone) },
	{ FIELD("hours", KEY_TEXTS, OpeningHours, hours), .is_required = true },
	{ FIELD("holidays", KEY_TEXTS, OpeningHours, holidays) },
	{ .name = NULL },
};

static const KeySpec sla_keys[] = {
	{ FIELD("calendar", KEY_NAME, Sla, calendar) },
	{ FIELD("first-response", KEY_WORKING_TIME, Sla,
	        targets[CLOCK_FIRST_RESPONSE]) },
	{ FIELD("next-response", KEY_WORKING_TIME, Sla,
	        targets[CLOCK_NEXT_RESPONSE]) },
	{ FIELD("resolution", KEY_WORKING_TIME, Sla,
	        targets[CLOCK_RESOLUTION]) },
	{ FIELD("keep-in-touch", KEY_WORKING_TIME, Sla,
	        targets[CLOCK_KEEP_IN_TOUCH]) },
	{ FIELD("out-of-hours", KEY_WORKING_TIME, Sla, out_of_hours) },
	{ FIELD("warn", KEY_TEXTS, Sla, warn) },
	{ FIELD("pause", KEY_WORDS, Sla, pause), .words = pausing_states },
	{ .name = NULL },
};

static const KeySpec exception_keys[] = {
	{ FIELD("first-response", KEY_WORKING_TIME, SlaException,
	        targets[CLOCK_FIRST_RESPONSE]) },
	{ FIELD("next-response", KEY_WORKING_TIME, SlaException,
	        targets[CLOCK_NEXT_RESPONSE]) },
	{ FIELD("resolution", KEY_WORKING_TIME, SlaException,
	        targets[CLOCK_RESOLUTION]) },
	{ FIELD("keep-in-touch", KEY_WORKING_TIME, SlaException,
	        targets[CLOCK_KEEP_IN_TOUCH]) },
	{ .name = NULL },
};

static const SectionSpec sla_inner[] = {
	{ .name = "priority",
	  .keys = exception_keys,
	  .set_defaults = no_defaults,
	  .offset = offsetof(Sla, priorities),
	  .size = sizeof(SlaException),
	  .title_offset = offsetof(SlaException, word),
	  .is_titled = true },
	{ .name = "type",
	  .keys = exception_keys,
	  .set_defaults = no_defaults,
	  .offset = offsetof(Sla, types),
	  .size = sizeof(SlaException),
	  .title_offset = offsetof(SlaException, word),
	  .is_titled = true },
	{ .name = NULL },
};

static const KeySpec ladder_keys[] = {
	{ .name = NULL },
};

static const KeySpec step_keys[] = {
	{ FIELD("at", KEY_TEXT, LadderStep, at), .is_required = true },
	{ FIELD("clocks", KEY_WORDS, LadderStep, clocks),
	  .words = clock_words },
	{ FIELD("team", KEY_NAME, LadderStep, team) },
	{ FIELD("owner", KEY_NAME, LadderStep, owner) },
	{ FIELD("priority", KEY_WORD, LadderStep, priority),
	  .words = priorities },
	{ FIELD("tag", KEY_TEXT, LadderStep, tag) },
	{ FIELD("notify", KEY_NAMES, LadderStep, notify) },
	{ FIELD("repeat", KEY_WORKING_TIME, LadderStep, repeat) },
	{ FIELD("urgent", KEY_FLAG, LadderStep, is_urgent) },
	{ .name = NULL },
};

static const SectionSpec ladder_inner[] = {
	{ .name = "step",
	  .keys = step_keys,
	  .set_defaults = step_defaults,
	  .offset = offsetof(Ladder, steps),
	  .size = sizeof(LadderStep),
	  .title_offset = offsetof(LadderStep, name),
	  .is_titled = true },
	{ .name = NULL },
};

static const KeySpec smtp_keys[] = {
	{ FIELD("url", KEY_TEXT, Smtp, url), .is_required = true },
	{ FIELD("user", KEY_TEXT, Smtp, user) },
	{ FIELD("password", KEY_TEXT, Smtp, password) },
	{ FIELD("password_file", KEY_SECRET, Smtp, password) },
	{ FIELD("password_command", KEY_TEXTS, Smtp, password_command) },
	{ FIELD("auth", KEY_WORD, Smtp, auth), .words = auth_methods },
	{ FIELD("tls", KEY_WORD, Smtp, tls), .words = tls_modes },
	{ FIELD("ca-file", KEY_PATH, Smtp, ca_file) },
	{ FIELD("from", KEY_ADDRESS, Smtp, from) },
	{ FIELD("envelope", KEY_TEXT, Smtp, envelope) },
	{ FIELD("rate", KEY_NUMBER, Smtp, rate), .min = 0, .max = 100000 },
	{ FIELD("connections", KEY_NUMBER, Smtp, connections), .min = 1,
	  .max = 20 },
	{ .name = NULL },
};

static const KeySpec lmtp_keys[] = {
	{ FIELD("listen", KEY_PLACES, Lmtp, listen), .is_required = true },
	{ .name = NULL },
};

static const KeySpec mailbox_keys[] = {
	{ FIELD("url", KEY_TEXT, Inbox, url), .is_required = true },
	{ FIELD("user", KEY_TEXT, Inbox, user), .is_required = true },
	{ FIELD("password", KEY_TEXT, Inbox, password) },
	{ FIELD("password_file", KEY_SECRET, Inbox, password) },
	{ FIELD("password_command", KEY_TEXTS, Inbox, password_command) },
	{ FIELD("auth", KEY_WORD, Inbox, auth), .words = auth_methods },
	{ FIELD("tls", KEY_WORD, Inbox, tls), .words = tls_modes },
	{ FIELD("ca-file", KEY_PATH, Inbox, ca_file) },
	{ FIELD("queue", KEY_NAME, Inbox, queue) },
	{ FIELD("trust", KEY_FLAG, Inbox, is_trusted) },
	{ FIELD("after", KEY_TEXT, Inbox, after) },
	{ FIELD("interval", KEY_SECONDS, Inbox, interval), .min = 10,
	  .max = 86400 },
	{ .name = NULL },
};

static const KeySpec trust_keys[] = {
	{ FIELD("authserv-id", KEY_TEXTS, Trust, authserv_ids) },
	{ FIELD("received-by", KEY_TEXTS, Trust, received_by) },
	{ FIELD("strips-forged", KEY_FLAG, Trust, strips_forged) },
	REFUSED("arc", "arc needs the verification of ARC seals, which this "
	               "version does not have"),
	{ .name = NULL },
};

#define COUNT(key, field)                                                \
	{                                                                \
		key, KEY_NUMBER, offsetof(Limits, field), .min = 0,      \
							  .max = 1000000 \
	}

static const KeySpec limits_keys[] = {
	{ FIELD("message-octets", KEY_OCTETS, Limits, message_octets) },
	{ FIELD("free-octets", KEY_OCTETS, Limits, free_octets) },
	COUNT("acknowledgements-per-sender-day",
	      acknowledgements_per_sender_day),
	COUNT("tickets-per-sender-hour", tickets_per_sender_hour),
	COUNT("unproven-acknowledgements-hour", unproven_acknowledgements_hour),
	COUNT("mails-per-ticket-recipient-hour",
	      mails_per_ticket_recipient_hour),
	COUNT("mails-per-recipient-hour", mails_per_recipient_hour),
	COUNT("mails-per-domain-hour", mails_per_domain_hour),
	COUNT("mails-hour", mails_hour),
	{ FIELD("parse-seconds", KEY_NUMBER, Limits, parse_seconds), .min = 1,
	  .max = 600 },
	{ FIELD("deliver-seconds", KEY_NUMBER, Limits, deliver_seconds),
	  .min = 1, .max = 3600 },
	{ .name = NULL },
};

#define ABSENT(section, why)                    \
	{                                       \
		.name = section, .refused = why \
	}

static const SectionSpec sections[] = {
	{ .name = "desk", .keys = desk_keys, .is_required = true },
	{ .name = "queue",
	  .keys = queue_keys,
	  .set_defaults = queue_defaults,
	  .offset = offsetof(Desk, queues),
	  .size = sizeof(Queue),
	  .title_offset = offsetof(Queue, name),
	  .is_titled = true,
	  .is_required = true },
	{ .name = "team",
	  .keys = team_keys,
	  .set_defaults = team_defaults,
	  .offset = offsetof(Desk, teams),
	  .size = sizeof(Team),
	  .title_offset = offsetof(Team, name),
	  .is_titled = true },
	{ .name = "agent",
	  .keys = agent_keys,
	  .set_defaults = agent_defaults,
	  .offset = offsetof(Desk, agents),
	  .size = sizeof(Agent),
	  .title_offset = offsetof(Agent, id),
	  .is_titled = true },
	{ .name = "mailbox",
	  .keys = mailbox_keys,
	  .set_defaults = mailbox_defaults,
	  .offset = offsetof(Desk, mailboxes),
	  .size = sizeof(Inbox),
	  .title_offset = offsetof(Inbox, name),
	  .is_titled = true },
	{ .name = "smtp", .keys = smtp_keys, .offset = offsetof(Desk, smtp) },
	{ .name = "lmtp", .keys = lmtp_keys, .offset = offsetof(Desk, lmtp) },
	{ .name = "trust",
	  .keys = trust_keys,
	  .offset = offsetof(Desk, trust) },
	{ .name = "limits",
	  .keys = limits_keys,
	  .offset = offsetof(Desk, limits) },
	{ .name = "calendar",
	  .keys = calendar_keys,
	  .set_defaults = calendar_defaults,
	  .offset = offsetof(Desk, calendars),
	  .size = sizeof(OpeningHours),
	  .title_offset = offsetof(OpeningHours, name),
	  .is_titled = true },
	{ .name = "sla",
	  .keys = sla_keys,
	  .set_defaults = sla_defaults,
	  .offset = offsetof(Desk, slas),
	  .size = sizeof(Sla),
	  .title_offset = offsetof(Sla, name),
	  .is_titled = true,
	  .inner = sla_inner },
	{ .name = "ladder",
	  .keys = ladder_keys,
	  .set_defaults = ladder_defaults,
	  .offset = offsetof(Desk, ladders),
	  .size = sizeof(Ladder),
	  .title_offset = offsetof(Ladder, name),
	  .is_titled = true,
	  .inner = ladder_inner },
	ABSENT("filter", "filter sections need filter programs, which this "
	                 "version does not run"),
	ABSENT("webhook", "webhook sections need webhooks, which this version "
	                  "does not send"),
};

const SectionSpec *
schema_section_at(unsigned i)
{
	return i < G_N_ELEMENTS(sections) ? &sections[i] : NULL;
}

const SectionSpec *
schema_section(const char *name)
{
	for (unsigned i = 0; i < G_N_ELEMENTS(sections); i++)
		if (strcmp(sections[i].name, name) == 0)
			return &sections[i];
	return NULL;
}

const SectionSpec *
schema_inner(const SectionSpec *section, const char *name)
{
	const SectionSpec *inner = section->inner;

	for (; inner != NULL && inner->name != NULL; inner++)
		if (strcmp(inner->name, name) == 0)
			return inner;
	return NULL;
}

const KeySpec *
schema_key(const SectionSpec *section, const char *name)
{
	for (const KeySpec *key = section->keys; key->name != NULL; key++)
		if (strcmp(key->name, name) == 0)
			return key;
	return NULL;
}

bool
schema_kind_is_list(KeyKind kind)
{
	return kind == KEY_TEXTS || kind == KEY_NAMES ||
	       kind == KEY_ADDRESSES || kind == KEY_WORDS || kind == KEY_PLACES;
}
