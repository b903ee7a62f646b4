#include "clerk/replay.h"

#include <string.h>
#include <unistd.h>

#include <glib/gstdio.h>

#include "base/error.h"

#include "clerk/apply.h"
#include "clerk/batch.h"

/* Lines read at once, and events in one transaction. */
#define LINES_AT_ONCE        1000
#define EVENTS_A_TRANSACTION 200

/* The lines of one event are applied as one: they tell of one mail. */
typedef struct Playing {
	const ReplayPlace *place;
	char *name; /* of the event at hand */
	Batch batch;
	Arrival arrival;
	GBytes *raw;
	Delivery *delivery;
	ApplyEvent event;
	unsigned events; /* since the last commit */
} Playing;

static void
end_event(Playing *p)
{
	g_clear_pointer(&p->name, g_free);
	batch_release(&p->batch);
	p->batch = (Batch){ NULL, 0, NULL, NULL };
	g_clear_pointer(&p->raw, g_bytes_unref);
	delivery_free(p->delivery);
	p->delivery = NULL;
	p->event = (ApplyEvent){ .actor = NULL };
}

/* ---- the mail of an event ---- */

static bool
read_mail(Playing *p, GError **error)
{
	p->raw = store_raw_get(p->place->from, p->delivery->sha256, error);
	if (p->raw == NULL)
		return false;
	p->arrival = (Arrival){
		.door = p->delivery->door,
		.sender = p->delivery->envelope_sender,
		.raw = p->raw,
		.is_import = strcmp(p->delivery->door, "import") == 0,
	};
	p->batch = batch_new(&p->arrival, 1);
	if (!batch_read(&p->batch, p->place->desk, error))
		return false;
	p->event.mail = p->batch.mails[0];
	p->event.enclosures = p->batch.enclosures[0];
	p->event.delivery = p->delivery;
	return true;
}

/* What was decided of it is said by the lines. */
static void
forget_end(Delivery *delivery)
{
	delivery->ticket = delivery->message = delivery->other = 0;
	g_clear_pointer(&delivery->reason, g_free);
}

static bool
take_delivery(Playing *p, int64_t id, GError **error)
{
	p->delivery = store_delivery_get(p->place->from, id, error);
	if (p->delivery == NULL || !read_mail(p, error))
		return false;
	forget_end(p->delivery);
	if (!store_raw_put(p->place->to, p->delivery->sha256, p->raw, error) ||
	    !store_delivery_add(p->place->to, p->delivery, error))
		return false;
	p->event.cause = id;
	return p->delivery->id == id ||
	       error_set(error, ERROR_MALFORMED,
	                 "a delivery before number %" G_GINT64_FORMAT
	                 " has no line",
	                 id);
}

static bool
take_held(Playing *p, int64_t id, GError **error)
{
	g_autoptr(Quarantined) held =
		store_quarantine_get(p->place->to, id, error);

	if (held == NULL)
		return false;
	p->delivery = store_delivery_get(p->place->to, held->delivery, error);
	return p->delivery != NULL && read_mail(p, error);
}

/* the events that have a mail, by the word before their number */
static const struct {
	const char *word;
	bool (*take)(Playing *p, int64_t id, GError **error);
} with_mail[] = {
	{ "delivery:", take_delivery },
	{ "release:", take_held },
};

static bool
begin_event(Playing *p, const char *name, GError **error)
{
	end_event(p);
	p->name = g_strdup(name);
	for (unsigned i = 0; i < G_N_ELEMENTS(with_mail); i++) {
		size_t length = strlen(with_mail[i].word);

		if (strncmp(name, with_mail[i].word, length) == 0)
			return with_mail[i].take(p,
			                         g_ascii_strtoll(name + length,
			                                         NULL, 10),
			                         error);
	}
	return true;
}

/* ---- lines ---- */

static bool
play(Playing *p, const JournalLine *line, GError **error)
{
	ApplyPlace place = { p->place->desk, p->place->ring, p->place->to,
		             line->at };
	g_autoptr(Plan) plan = plan_new();

	if (!action_from_text(plan, line->action))
		return error_set(error, ERROR_MALFORMED, "no action: %s",
		                 line->action);
	p->event.event = p->name;
	return apply_plan(&place, plan, &p->event, error) &&
	       store_journal_add(p->place->to, line, error);
}

/* Long histories in several transactions, none of which cuts an event. */
static bool
turn_page(Playing *p, GError **error)
{
	if (++p->events < EVENTS_A_TRANSACTION)
		return true;
	p->events = 0;
	return store_commit(p->place->to, error) &&
	       store_begin(p->place->to, error);
}

static bool
play_line(Playing *p, const JournalLine *line, GError **error)
{
	bool is_new = g_strcmp0(p->name, line->event) != 0;

	if ((is_new &&
	     (!turn_page(p, error) || !begin_event(p, line->event, error))) ||
	    !play(p, line, error)) {
		g_prefix_error(error, "journal line %" G_GINT64_FORMAT ": ",
		               line->id);
		return false;
	}
	return true;
}

static bool
play_lines(Playing *p, GError **error)
{
	int64_t after = 0;

	for (;;) {
		g_autoptr(GPtrArray) lines =
			store_journal_after(p->place->from, after,
		                            LINES_AT_ONCE, error);

		if (lines == NULL)
			return false;
		if (lines->len == 0)
			return true;
		for (unsigned i = 0; i < lines->len; i++)
			if (!play_line(p, lines->pdata[i], error))
				return false;
		const JournalLine *last = lines->pdata[lines->len - 1];
		after = last->id;
	}
}

/* Nothing that went is to go again from the new database. */
static bool
carry_outbox(const ReplayPlace *place, GError **error)
{
	g_autoptr(GPtrArray) rows = store_outbox(place->from, 0, NULL, error);

	if (rows == NULL)
		return false;
	for (unsigned i = 0; i < rows->len; i++)
		if (!store_outbox_settle(place->to, rows->pdata[i], error))
			return false;
	return true;
}

bool
replay_journal(const ReplayPlace *place, GError **error)
{
	Playing p = { .place = place };

	if (!store_begin(place->to, error))
		return false;
	bool is_played = play_lines(&p, error) && carry_outbox(place, error);
	end_event(&p);
	if (!is_played) {
		store_rollback(place->to);
		return false;
	}
	return store_commit(place->to, error);
}

/* ---- beside the tables ---- */

static void
remove_database(const char *path)
{
	static const char *const ends[] = { "", "-wal", "-shm", ".lock" };

	for (unsigned i = 0; i < G_N_ELEMENTS(ends); i++) {
		g_autofree char *name = g_strconcat(path, ends[i], NULL);

		g_unlink(name);
	}
}

static bool
play_into(const ReplayPlace *place, const char *path, GPtrArray *out_findings,
          GError **error)
{
	g_autoptr(GError) trouble = NULL;
	ReplayPlace playing = *place;

	if (!store_create(path, error))
		return false;
	g_autoptr(Store) to = store_open(path, STORE_WRITE, error);
	if (to == NULL)
		return false;
	playing.to = to;
	if (!replay_journal(&playing, &trouble))
		g_ptr_array_add(out_findings,
		                g_strdup_printf("journal: it cannot be "
		                                "played: %s",
		                                trouble->message));
	return true;
}

bool
replay_check(const ReplayPlace *place, GPtrArray *out_findings, GError **error)
{
	g_autofree char *path =
		g_strdup_printf("%s-replay-%d", place->desk->database,
	                        (int)getpid());
	bool is_done = play_into(place, path, out_findings, error) &&
	               store_compare(place->from, path, out_findings, error);

	remove_database(path);
	return is_done;
}
