#include "desk/plan.h"

#include <stdarg.h>
#include <string.h>

/* Each kind's word and keys, in the order in which they are written.  "why"
 * is the evidence, for the journal's readers. */
static const struct {
	const char *word;
	const char *keys[ACTION_VALUES_MAX + 1];
} kinds[ACTION_KINDS] = {
	[ACTION_PERSON] = { "person",
	                    { "address", "name", "language", "agent" } },
	[ACTION_OPEN] = { "open",
	                  { "ticket", "queue", "type", "priority", "team",
	                    "level", "language", "requester", "subject",
	                    "unproven", "sla", "why" } },
	[ACTION_MESSAGE] = { "message",
	                     { "ticket", "direction", "visibility", "proof",
	                       "by", "name", "message-id", "parent", "why",
	                       "text" } },
	[ACTION_REPLACE] = { "replace",
	                     { "ticket", "message", "delivery", "why" } },
	[ACTION_JOIN] = { "join", { "ticket", "message", "from", "why" } },
	[ACTION_SET] = { "set", { "ticket", "field", "value", "why" } },
	[ACTION_TAG] = { "tag", { "ticket", "tag", "why" } },
	[ACTION_UNTAG] = { "untag", { "ticket", "tag", "why" } },
	[ACTION_FIELD] = { "field", { "ticket", "name", "value", "why" } },
	[ACTION_LINK] = { "link", { "ticket", "kind", "other", "why" } },
	[ACTION_NOTE] = { "note", { "ticket", "text", "why" } },
	[ACTION_UNLINK] = { "unlink", { "ticket", "kind", "other", "why" } },
	[ACTION_MERGE] = { "merge", { "ticket", "into", "why" } },
	[ACTION_UNMERGE] = { "unmerge", { "ticket", "from", "why" } },
	[ACTION_SPLIT] = { "split", { "ticket", "message", "from", "why" } },
	[ACTION_REQUESTER] = { "requester", { "ticket", "address", "why" } },
	[ACTION_REMIND] = { "remind",
	                    { "ticket", "kind", "due", "agent", "text",
	                      "why" } },
	[ACTION_FORGET] = { "forget", { "ticket", "kind", "why" } },
	[ACTION_REMINDED] = { "reminded", { "ticket", "reminder", "why" } },
	[ACTION_WATCH] = { "watch", { "ticket", "address", "kind", "why" } },
	[ACTION_UNWATCH] = { "unwatch", { "ticket", "address", "why" } },
	[ACTION_SEND] = { "send",
	                  { "ticket", "purpose", "template", "to", "name",
	                    "language", "subject", "scope", "in-reply-to",
	                    "detail", "why" } },
	[ACTION_WITHHOLD] = { "withhold",
	                      { "ticket", "purpose", "template", "to",
	                        "why" } },
	[ACTION_UNDELIVERED] = { "undelivered",
	                         { "ticket", "outbox", "address", "action",
	                           "status", "reason", "why" } },
	[ACTION_OUTBOX] = { "outbox", { "ticket", "outbox", "state", "why" } },
	[ACTION_QUARANTINE] = { "quarantine", { "ticket", "reason" } },
	[ACTION_RELEASE] = { "release",
	                     { "quarantine", "state", "ticket", "why" } },
	[ACTION_ARTICLE] = { "article",
	                     { "article", "version", "state", "kind",
	                       "visibility", "language", "category", "keywords",
	                       "source", "original", "title", "text", "why" } },
	[ACTION_USE] = { "use", { "ticket", "article", "kind", "why" } },
	[ACTION_VOTE] = { "vote", { "article", "address", "vote", "why" } },
	[ACTION_COUNT] = { "count", { "name", "by", "why" } },
	[ACTION_REMEMBER] = { "remember", { "name", "text" } },
	[ACTION_CLOCK] = { "clock",
	                   { "ticket", "kind", "epoch", "state", "start",
	                     "since", "stop", "target", "used", "worst", "due",
	                     "breach" } },
	[ACTION_TIMER] = { "timer",
	                   { "ticket", "kind", "stage", "epoch", "due" } },
	[ACTION_FIRE] = { "fire",
	                  { "ticket", "kind", "stage", "epoch", "state" } },
	[ACTION_ACK] = { "ack", { "ticket", "until", "why" } },
	[ACTION_TELL] = { "tell",
	                  { "ticket", "to", "kind", "stage", "due", "at" } },
	[ACTION_TOLD] = { "told", { "to", "upto" } },
	[ACTION_SETTLE] = { "settle", { "state", "ticket", "other", "why" } },
};

Plan *
plan_new(void)
{
	Plan *plan = g_new0(Plan, 1);

	plan->strings = g_string_chunk_new(1024);
	plan->actions = g_array_new(FALSE, TRUE, sizeof(Action));
	return plan;
}

void
plan_free(Plan *plan)
{
	if (plan == NULL)
		return;
	g_string_chunk_free(plan->strings);
	g_array_unref(plan->actions);
	g_free(plan);
}

static int
find_key(ActionKind kind, const char *key, size_t length)
{
	for (int i = 0; kinds[kind].keys[i] != NULL; i++)
		if (strlen(kinds[kind].keys[i]) == length &&
		    strncmp(kinds[kind].keys[i], key, length) == 0)
			return i;
	return -1;
}

static int
index_of_key(ActionKind kind, const char *key)
{
	int i = find_key(kind, key, strlen(key));

	g_assert(i >= 0);
	return i;
}

void
plan_add(Plan *plan, ActionKind kind, ...)
{
	Action action = { .kind = kind };
	va_list pairs;

	va_start(pairs, kind);
	for (;;) {
		const char *key = va_arg(pairs, const char *);

		if (key == NULL)
			break;
		const char *value = va_arg(pairs, const char *);
		if (value != NULL)
			action.values[index_of_key(kind, key)] =
				g_string_chunk_insert(plan->strings, value);
	}
	va_end(pairs);
	g_array_append_val(plan->actions, action);
}

void
plan_append(Plan *plan, const Plan *from)
{
	for (unsigned i = 0; i < from->actions->len; i++) {
		Action action = *plan_action(from, i);

		for (unsigned j = 0; j < ACTION_VALUES_MAX; j++)
			if (action.values[j] != NULL)
				action.values[j] =
					g_string_chunk_insert(plan->strings,
				                              action.values[j]);
		g_array_append_val(plan->actions, action);
	}
}

const char *
plan_format(Plan *plan, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	g_autofree char *text = g_strdup_vprintf(format, args);
	va_end(args);
	return g_string_chunk_insert(plan->strings, text);
}

const char *
plan_number(Plan *plan, int64_t number)
{
	return plan_format(plan, "%" G_GINT64_FORMAT, number);
}

const Action *
plan_action(const Plan *plan, unsigned i)
{
	return i < plan->actions->len ? &g_array_index(plan->actions, Action, i)
	                              : NULL;
}

const char *
action_name(ActionKind kind)
{
	return kinds[kind].word;
}

const char *
action_value(const Action *action, const char *key)
{
	return action->values[index_of_key(action->kind, key)];
}

int64_t
action_number(const Action *action, const char *key)
{
	const char *value = action_value(action, key);

	return value == NULL ? 0 : g_ascii_strtoll(value, NULL, 10);
}

/* ---- text -------------------------------------------------------------------
 */

static bool
is_plain(const char *value)
{
	if (*value == '\0')
		return false;
	for (; *value != '\0'; value++)
		if ((unsigned char)*value <= ' ' || *value == '"' ||
		    *value == '\\' || *value == 0x7f)
			return false;
	return true;
}

static void
append_quoted(GString *text, const char *value)
{
	g_string_append_c(text, '"');
	for (; *value != '\0'; value++) {
		unsigned char c = (unsigned char)*value;

		if (c == '"' || c == '\\')
			g_string_append_printf(text, "\\%c", c);
		else if (c < ' ' || c == 0x7f)
			g_string_append_printf(text, "\\x%02x", c);
		else
			g_string_append_c(text, (char)c);
	}
	g_string_append_c(text, '"');
}

char *
action_to_text(const Action *action)
{
	GString *text = g_string_new(kinds[action->kind].word);

	for (unsigned i = 0; kinds[action->kind].keys[i] != NULL; i++) {
		const char *value = action->values[i];

		if (value == NULL)
			continue;
		g_string_append_printf(text,
		                       " %s=", kinds[action->kind].keys[i]);
		if (is_plain(value))
			g_string_append(text, value);
		else
			append_quoted(text, value);
	}
	return g_string_free(text, FALSE);
}

/* after a backslash; NULL: not an escape */
static const char *
take_escape(const char *at, GString *value)
{
	if (*at == '"' || *at == '\\') {
		g_string_append_c(value, *at);
		return at + 1;
	}
	if (*at != 'x' || !g_ascii_isxdigit(at[1]) || !g_ascii_isxdigit(at[2]))
		return NULL;
	int octet =
		g_ascii_xdigit_value(at[1]) << 4 | g_ascii_xdigit_value(at[2]);
	if (octet == 0)
		return NULL;
	g_string_append_c(value, (char)octet);
	return at + 3;
}

static const char *
take_quoted(const char *at, GString *value)
{
	while (*at != '"') {
		if (*at == '\0')
			return NULL;
		if (*at != '\\') {
			g_string_append_c(value, *at++);
			continue;
		}
		at = take_escape(at + 1, value);
		if (at == NULL)
			return NULL;
	}
	return at + 1;
}

static const char *
take_value(const char *at, GString *value)
{
	if (*at == '"')
		return take_quoted(at + 1, value);
	while (*at != '\0' && *at != ' ')
		g_string_append_c(value, *at++);
	return is_plain(value->str) ? at : NULL;
}

static const char *
take_pair(const char *at, Plan *plan, Action *action)
{
	const char *equals = strchr(at, '=');

	if (equals == NULL)
		return NULL;
	int i = find_key(action->kind, at, (size_t)(equals - at));
	if (i < 0 || action->values[i] != NULL)
		return NULL;
	g_autoptr(GString) value = g_string_new(NULL);
	at = take_value(equals + 1, value);
	if (at != NULL)
		action->values[i] =
			g_string_chunk_insert(plan->strings, value->str);
	return at;
}

static bool
take_word(const char **at, ActionKind *out_kind)
{
	size_t length = strcspn(*at, " ");

	for (unsigned i = 0; i < ACTION_KINDS; i++)
		if (strlen(kinds[i].word) == length &&
		    strncmp(kinds[i].word, *at, length) == 0) {
			*out_kind = (ActionKind)i;
			*at += length;
			return true;
		}
	return false;
}

bool
action_from_text(Plan *plan, const char *text)
{
	Action action = { .kind = ACTION_KINDS };
	const char *at = text;

	if (!take_word(&at, &action.kind))
		return false;
	while (*at == ' ') {
		at = take_pair(at + 1, plan, &action);
		if (at == NULL)
			return false;
	}
	if (*at != '\0')
		return false;
	g_array_append_val(plan->actions, action);
	return true;
}

bool
action_equal(const Action *a, const Action *b)
{
	if (a->kind != b->kind)
		return false;
	for (unsigned i = 0; i < ACTION_VALUES_MAX; i++)
		if (g_strcmp0(a->values[i], b->values[i]) != 0)
			return false;
	return true;
}
