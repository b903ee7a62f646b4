#include "clerk/policy.h"

#include "store/clocks.h"

#include "clerk/clocks.h"

#define POLICY_NOTE           "clock-policy"
#define TICKETS_A_TRANSACTION 200
/* The zone's offsets of the fingerprint begin anew after so long. */
#define FINGERPRINT_SECONDS   ((int64_t)180 * 86400)

/* ---- fingerprint ---- */

static void
print_times(GString *text, const WorkingTime *targets)
{
	for (unsigned i = 0; i < CLOCK_KINDS; i++)
		g_string_append_printf(text, "%dd%" G_GINT64_FORMAT ",",
		                       targets[i].days, targets[i].seconds);
}

static void
print_words(GString *text, const char *const *words)
{
	for (; *words != NULL; words++)
		g_string_append_printf(text, "%s,", *words);
}

static void
print_exceptions(GString *text, const GPtrArray *exceptions)
{
	for (unsigned i = 0; i < exceptions->len; i++) {
		const SlaException *exception = exceptions->pdata[i];
		g_string_append_printf(text, "%s:", exception->word);
		print_times(text, exception->targets);
	}
}

static void
print_sla(GString *text, const Sla *sla)
{
	g_string_append_printf(text, "\nsla %s %s ", sla->name,
	                       sla->calendar == NULL ? "-" : sla->calendar);
	print_times(text, sla->targets);
	print_times(text,
	            (const WorkingTime[CLOCK_KINDS]){ sla->out_of_hours });
	print_words(text, sla->warn);
	print_words(text, sla->pause);
	print_exceptions(text, sla->priorities);
	print_exceptions(text, sla->types);
}

static void
print_ladder(GString *text, const Ladder *ladder)
{
	g_string_append_printf(text, "\nladder %s ", ladder->name);
	for (unsigned i = 0; i < ladder->steps->len; i++) {
		const LadderStep *step = ladder->steps->pdata[i];
		g_string_append_printf(text, "%s at %s:", step->name, step->at);
		print_words(text, step->clocks);
	}
}

/* All that due times and stages hang on. */
static char *
fingerprint(const Desk *desk, int64_t since)
{
	g_autoptr(GString) text = g_string_new(NULL);

	for (unsigned i = 0; i < desk->calendars->len; i++) {
		const OpeningHours *hours = desk->calendars->pdata[i];
		g_autofree char *print =
			calendar_fingerprint(hours->calendar, since);
		g_string_append_printf(text, "\ncalendar %s %s", hours->name,
		                       print);
	}
	for (unsigned i = 0; i < desk->slas->len; i++)
		print_sla(text, desk->slas->pdata[i]);
	for (unsigned i = 0; i < desk->ladders->len; i++)
		print_ladder(text, desk->ladders->pdata[i]);
	return g_compute_checksum_for_string(G_CHECKSUM_SHA256, text->str,
	                                     (gssize)text->len);
}

/* ---- again ---- */

static bool
reckon_some(const ApplyPlace *place, const GArray *tickets, GError **error)
{
	ApplyEvent event = { .actor = "system", .event = "recompute" };

	for (unsigned i = 0; i < tickets->len; i++)
		if (!clocks_reckon_again(place,
		                         g_array_index(tickets, int64_t, i),
		                         &event, error))
			return false;
	return true;
}

static bool
reckon_all(const ApplyPlace *place, unsigned *out_count, GError **error)
{
	int64_t after = 0;

	for (;;) {
		g_autoptr(GArray) tickets =
			store_promised(place->store, after,
		                       TICKETS_A_TRANSACTION, error);
		if (tickets == NULL || !store_begin(place->store, error))
			return false;
		if (!reckon_some(place, tickets, error)) {
			store_rollback(place->store);
			return false;
		}
		if (!store_commit(place->store, error))
			return false;
		*out_count += tickets->len;
		if (tickets->len < TICKETS_A_TRANSACTION)
			return true;
		after = g_array_index(tickets, int64_t, tickets->len - 1);
	}
}

static bool
remember(const ApplyPlace *place, int64_t since, GError **error)
{
	g_autofree char *print = fingerprint(place->desk, since);
	g_autofree char *text =
		g_strdup_printf("%" G_GINT64_FORMAT " %s", since, print);

	if (!store_begin(place->store, error))
		return false;
	if (!store_note_set(place->store, POLICY_NOTE, text, error)) {
		store_rollback(place->store);
		return false;
	}
	return store_commit(place->store, error);
}

bool
policy_follow(const ApplyPlace *place, unsigned *out_count, GError **error)
{
	GError *trouble = NULL;
	g_autofree char *note =
		store_note_get(place->store, POLICY_NOTE, &trouble);

	if (trouble != NULL) {
		g_propagate_error(error, trouble);
		return false;
	}
	char *at = note;
	int64_t since = note == NULL ? 0 : g_ascii_strtoll(note, &at, 10);
	g_autofree char *print = fingerprint(place->desk, since);
	bool is_same = note != NULL && *at == ' ' && g_str_equal(at + 1, print);
	bool is_old = place->now - since > FINGERPRINT_SECONDS;
	if (is_same && !is_old)
		return true;
	if (!is_same && !reckon_all(place, out_count, error))
		return false;
	return remember(place, place->now, error);
}
