#include "desk/ruling.h"

/* is_placing: it says where the work lies, which people change later */
static const struct {
	const char *name;
	bool is_placing;
} kinds[RULING_KINDS] = {
	[RULING_KEEP] = { "keep", false },
	[RULING_STOP] = { "stop", false },
	[RULING_QUEUE] = { "queue", true },
	[RULING_PRIORITY] = { "priority", true },
	[RULING_TYPE] = { "type", true },
	[RULING_ASSIGN] = { "assign", true },
	[RULING_TEAM] = { "team", true },
	[RULING_TAG] = { "tag", false },
	[RULING_UNTAG] = { "untag", false },
	[RULING_FIELD] = { "field", false },
	[RULING_SLA] = { "sla", true },
	[RULING_WATCH] = { "watch", false },
	[RULING_NOTE] = { "note", false },
	[RULING_ANSWER] = { "answer", false },
	[RULING_NOANSWER] = { "noanswer", false },
	[RULING_QUARANTINE] = { "quarantine", false },
	[RULING_BAN] = { "ban", false },
	[RULING_LINK] = { "link", false },
	[RULING_RESOLVE] = { "resolve", false },
};

#define CHUNK_OCTETS 512

Ruling *
ruling_new(const char *file)
{
	Ruling *ruling = g_new0(Ruling, 1);

	ruling->strings = g_string_chunk_new(CHUNK_OCTETS);
	ruling->file = g_string_chunk_insert(ruling->strings, file);
	ruling->entries = g_array_new(FALSE, FALSE, sizeof(RulingEntry));
	return ruling;
}

void
ruling_free(Ruling *ruling)
{
	if (ruling == NULL)
		return;
	g_array_unref(ruling->entries);
	g_string_chunk_free(ruling->strings);
	g_free(ruling);
}

static const char *
keep(Ruling *ruling, const char *text)
{
	return text == NULL ? NULL
	                    : g_string_chunk_insert(ruling->strings, text);
}

void
ruling_add(Ruling *ruling, const RulingEntry *entry)
{
	RulingEntry copy = *entry;

	g_assert(entry->kind < RULING_KINDS);
	copy.value = keep(ruling, entry->value);
	copy.more = keep(ruling, entry->more);
	g_array_append_val(ruling->entries, copy);
}

bool
ruling_holds_later(const RulingEntry *entry)
{
	return !kinds[entry->kind].is_placing || entry->asks_ticket;
}

const char *
ruling_name(RulingKind kind)
{
	return kinds[kind].name;
}

const RulingEntry *
ruling_entry(const Ruling *ruling, unsigned i)
{
	return &g_array_index(ruling->entries, RulingEntry, i);
}

const RulingEntry *
ruling_last(const Ruling *ruling, RulingKind kind)
{
	unsigned i = ruling == NULL ? 0 : ruling->entries->len;

	while (i-- > 0)
		if (ruling_entry(ruling, i)->kind == kind)
			return ruling_entry(ruling, i);
	return NULL;
}

static void
append_quoted(GString *text, const char *value)
{
	g_string_append(text, " \"");
	for (; *value != '\0'; value++) {
		if (*value == '"' || *value == '\\')
			g_string_append_c(text, '\\');
		g_string_append_c(text, *value);
	}
	g_string_append_c(text, '"');
}

char *
ruling_entry_to_text(const RulingEntry *entry)
{
	GString *text = g_string_new(kinds[entry->kind].name);

	if (entry->value != NULL)
		append_quoted(text, entry->value);
	if (entry->more != NULL)
		append_quoted(text, entry->more);
	return g_string_free(text, FALSE);
}

char *
ruling_ban_note(const char *address)
{
	return g_strconcat("banned:", address, NULL);
}

char *
ruling_key_note(const char *key)
{
	return g_strconcat("thing:", key, NULL);
}
