#include "clerk/ledger.h"

#include <string.h>

#include "store/store.h"

struct Ledger {
	const Desk *desk;
	char *state_note; /* the note that keeps the state */
	Store *store;     /* NULL until the first need */
};

Ledger *
ledger_new(const Desk *desk, const Inbox *mailbox)
{
	Ledger *ledger = g_new0(Ledger, 1);

	ledger->desk = desk;
	ledger->state_note = g_strconcat("mailbox:", mailbox->name, NULL);
	return ledger;
}

void
ledger_free(Ledger *ledger)
{
	if (ledger == NULL)
		return;
	store_close(ledger->store);
	g_free(ledger->state_note);
	g_free(ledger);
}

static bool
open_store(Ledger *ledger, GError **error)
{
	if (ledger->store == NULL)
		ledger->store =
			store_open(ledger->desk->database, STORE_WRITE, error);
	return ledger->store != NULL;
}

/* NULL without error: there is no such note. */
static char *
get_note(Ledger *ledger, const char *name, GError **error)
{
	return open_store(ledger, error)
	               ? store_note_get(ledger->store, name, error)
	               : NULL;
}

static bool
set_note(Ledger *ledger, const char *name, const char *text, GError **error)
{
	if (!open_store(ledger, error) || !store_begin(ledger->store, error))
		return false;
	if (!store_note_set(ledger->store, name, text, error)) {
		store_rollback(ledger->store);
		return false;
	}
	return store_commit(ledger->store, error);
}

/* ---- the state, "name=number name=number ..." ---- */

static bool
read_word(const char *word, const char *name, int64_t *out_value)
{
	size_t length = strlen(name);

	if (strncmp(word, name, length) != 0 || word[length] != '=')
		return false;
	*out_value = g_ascii_strtoll(word + length + 1, NULL, 10);
	return true;
}

static void
read_state(const char *text, InboxState *state)
{
	g_auto(GStrv) words = g_strsplit(text, " ", -1);
	int64_t value;

	for (char **word = words; *word != NULL; word++) {
		if (read_word(*word, "epoch", &value))
			state->epoch = (uint32_t)value;
		else if (read_word(*word, "mark", &value))
			state->mark = (uint32_t)value;
		else if (read_word(*word, "swept", &value))
			state->swept_at = value;
		else if (read_word(*word, "polled", &value))
			state->polled_at = value;
		else if (read_word(*word, "failing", &value))
			state->failing_since = value;
		else if (read_word(*word, "failures", &value))
			state->failures = (int)value;
		else if (read_word(*word, "alarm", &value))
			state->alarm = value;
		else if (read_word(*word, "unsettled", &value))
			state->settle_alarm = value;
		else if (read_word(*word, "careful", &value))
			state->is_careful = value != 0;
	}
}

bool
ledger_load(Ledger *ledger, InboxState *out_state, GError **error)
{
	GError *trouble = NULL;
	g_autofree char *text = get_note(ledger, ledger->state_note, &trouble);

	if (trouble != NULL) {
		g_propagate_error(error, trouble);
		return false;
	}
	*out_state = (InboxState){ 0 };
	if (text != NULL)
		read_state(text, out_state);
	return true;
}

#define NUMBER "%" G_GINT64_FORMAT

bool
ledger_save(Ledger *ledger, const InboxState *state, GError **error)
{
	g_autofree char *text =
		g_strdup_printf("epoch=%u mark=%u swept=" NUMBER
	                        " polled=" NUMBER " failing=" NUMBER
	                        " failures=%d alarm=" NUMBER
	                        " unsettled=" NUMBER " careful=%d",
	                        state->epoch, state->mark, state->swept_at,
	                        state->polled_at, state->failing_since,
	                        state->failures, state->alarm,
	                        state->settle_alarm, state->is_careful);

	return set_note(ledger, ledger->state_note, text, error);
}

/* ---- mails ---- */

bool
ledger_has(Ledger *ledger, const char *door_key, bool *out_has, GError **error)
{
	GError *trouble = NULL;

	if (!open_store(ledger, error))
		return false;
	g_autoptr(Delivery) delivery =
		store_delivery_by_key(ledger->store, door_key, &trouble);
	if (trouble != NULL) {
		g_propagate_error(error, trouble);
		return false;
	}
	*out_has = delivery != NULL;
	return true;
}

static char *
failures_note(const char *door_key)
{
	return g_strconcat("mailbox-failures:", door_key, NULL);
}

bool
ledger_failures(Ledger *ledger, const char *door_key, int *out_times,
                GError **error)
{
	GError *trouble = NULL;
	g_autofree char *name = failures_note(door_key);
	g_autofree char *text = get_note(ledger, name, &trouble);

	if (trouble != NULL) {
		g_propagate_error(error, trouble);
		return false;
	}
	*out_times = text == NULL ? 0 : (int)g_ascii_strtoll(text, NULL, 10);
	return true;
}

bool
ledger_add_failure(Ledger *ledger, const char *door_key, int *out_times,
                   GError **error)
{
	g_autofree char *name = failures_note(door_key);
	int times;

	if (!ledger_failures(ledger, door_key, &times, error))
		return false;
	g_autofree char *text = g_strdup_printf("%d", times + 1);
	if (!set_note(ledger, name, text, error))
		return false;
	*out_times = times + 1;
	return true;
}

static char *
kept_note(const char *door_key)
{
	return g_strconcat("mailbox-keeps:", door_key, NULL);
}

bool
ledger_keep(Ledger *ledger, const char *door_key, GError **error)
{
	g_autofree char *name = kept_note(door_key);

	return set_note(ledger, name, "yes", error);
}

bool
ledger_is_kept(Ledger *ledger, const char *door_key, bool *out_is_kept,
               GError **error)
{
	GError *trouble = NULL;
	g_autofree char *name = kept_note(door_key);
	g_autofree char *text = get_note(ledger, name, &trouble);

	if (trouble != NULL) {
		g_propagate_error(error, trouble);
		return false;
	}
	*out_is_kept = text != NULL;
	return true;
}
