/* postigo replay: what other rules would have said of the mails that came. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>

#include "base/clock.h"
#include "base/error.h"
#include "base/json.h"

#include "message/worker.h"

#include "clerk/rehearse.h"
#include "clerk/rules.h"

#include "cli/session.h"

/* mails read together, in one child */
#define REPLAY_BATCH 64
#define DAY          INT64_C(86400)

typedef struct Replay {
	const Context *context;
	const Desk *desk;
	Store *store;
	const Program *old; /* NULL: no rules */
	const Program *new;
	bool shows_all; /* without --diff */
	unsigned seen;
	unsigned differ;
} Replay;

typedef struct Options {
	const char *rules;
	int64_t since;
	bool shows_diff;
} Options;

static char *
ruling_text(const Rehearsal *rehearsal, const Program *program)
{
	if (program == NULL)
		return g_strdup("");
	g_autoptr(Ruling) ruling = rehearse(rehearsal, program);
	return rehearse_text(ruling);
}

static void
print_lines(char sign, const char *text)
{
	g_auto(GStrv) lines = g_strsplit(text, "\n", -1);

	for (unsigned i = 0; lines[i] != NULL; i++)
		if (*lines[i] != '\0')
			printf("%c %s\n", sign, lines[i]);
}

static void
tell(const Replay *replay, const Delivery *delivery, const char *was,
     const char *will)
{
	if (replay->context->json) {
		json_t *line = json_object();

		json_object_set_new(line, "message_id",
		                    json_text(delivery->message_id));
		json_object_set_new(line, "file_sha256",
		                    json_text(delivery->sha256));
		json_object_set_new(line, "received",
		                    json_instant(delivery->received_at));
		json_object_set_new(line, "old", json_text(was));
		json_object_set_new(line, "new", json_text(will));
		json_print_line(stdout, line);
		return;
	}
	printf("<%s>\n", delivery->message_id == NULL ? delivery->sha256
	                                              : delivery->message_id);
	print_lines('-', was);
	print_lines('+', will);
}

static void
compare(Replay *replay, const Delivery *delivery, const Mail *mail)
{
	g_autoptr(GPtrArray) recipients = g_ptr_array_new();

	for (unsigned i = 0; i < delivery->recipients->len; i++)
		g_ptr_array_add(recipients, delivery->recipients->pdata[i]);
	g_ptr_array_add(recipients, NULL);
	Rehearsal rehearsal = { replay->desk, mail, delivery->envelope_sender,
		                (const char *const *)recipients->pdata,
		                delivery->received_at };
	g_autofree char *was = ruling_text(&rehearsal, replay->old);
	g_autofree char *will = ruling_text(&rehearsal, replay->new);
	bool differs = strcmp(was, will) != 0;
	replay->seen++;
	replay->differ += differs;
	if (differs || replay->shows_all)
		tell(replay, delivery, was, will);
}

static bool
replay_batch(Replay *replay, Delivery **deliveries, unsigned count,
             GError **error)
{
	static const WorkerLimits limits = WORKER_LIMITS_DEFAULT;
	g_autoptr(GPtrArray) raws =
		g_ptr_array_new_with_free_func((GDestroyNotify)g_bytes_unref);
	Mail *mails[REPLAY_BATCH];

	for (unsigned i = 0; i < count; i++) {
		GBytes *raw = store_raw_get(replay->store,
		                            deliveries[i]->sha256, error);

		if (raw == NULL)
			return false;
		g_ptr_array_add(raws, raw);
	}
	if (!worker_read((GBytes *const *)raws->pdata, count, &limits, mails))
		return error_set(error, ERROR_LATER, "no process to read in");
	for (unsigned i = 0; i < count; i++) {
		compare(replay, deliveries[i], mails[i]);
		mail_free(mails[i]);
	}
	return true;
}

static bool
replay_all(Replay *replay, int64_t since, GError **error)
{
	g_autoptr(GPtrArray) all = store_deliveries(replay->store, NULL, error);
	Delivery *batch[REPLAY_BATCH];
	unsigned count = 0;

	if (all == NULL)
		return false;
	for (unsigned i = 0; i < all->len; i++) {
		Delivery *delivery = all->pdata[i];

		if (delivery->received_at < since ||
		    delivery->state == DELIVERY_DUPLICATE)
			continue;
		batch[count++] = delivery;
		if (count < REPLAY_BATCH)
			continue;
		if (!replay_batch(replay, batch, count, error))
			return false;
		count = 0;
	}
	return count == 0 || replay_batch(replay, batch, count, error);
}

/* "2026-11-24", an instant of RFC 3339, or "30d" before now */
static bool
read_since(const char *text, int64_t *out_since)
{
	g_autofree char *whole = g_strconcat(text, "T00:00:00Z", NULL);
	char *end;
	int64_t days = g_ascii_strtoll(text, &end, 10);

	if (end != text && strcmp(end, "d") == 0) {
		*out_since = clock_now() - days * DAY;
		return true;
	}
	return instant_from_text(strlen(text) == 10 ? whole : text, out_since);
}

static bool
read_options(int argc, char **argv, Options *options)
{
	for (int i = 1; i < argc; i++) {
		bool has_value = i + 1 < argc;

		if (strcmp(argv[i], "--diff") == 0)
			options->shows_diff = true;
		else if (strcmp(argv[i], "--rules") == 0 && has_value)
			options->rules = argv[++i];
		else if (strcmp(argv[i], "--since") != 0 || !has_value ||
		         !read_since(argv[++i], &options->since))
			return false;
	}
	return options->rules != NULL;
}

static int
finish(const Replay *replay)
{
	if (!replay->context->json && !replay->context->quiet)
		printf("%u mails, %u would have been ruled otherwise\n",
		       replay->seen, replay->differ);
	return EXIT_SUCCESS;
}

static int
replay_with(Replay *replay, const Options *options, GPtrArray *faults,
            GError **error)
{
	const Desk *desk = replay->desk;
	g_autoptr(Program) new =
		rules_read(options->rules, SCRIPT_MAIL, desk, faults);
	g_autoptr(Program) old =
		desk->rules == NULL
			? NULL
			: rules_read(desk->rules, SCRIPT_MAIL, desk, faults);

	for (unsigned i = 0; i < faults->len; i++)
		fprintf(stderr, "%s\n", (char *)faults->pdata[i]);
	if (faults->len > 0)
		return EX_CONFIG;
	replay->old = old;
	replay->new = new;
	return replay_all(replay, options->since, error) ? finish(replay)
	                                                 : session_fail(*error);
}

static int
run(Context *context, int argc, char **argv)
{
	g_auto(Session) session = { NULL, NULL, NULL };
	g_autoptr(GPtrArray) faults = g_ptr_array_new_with_free_func(g_free);
	g_autoptr(GError) error = NULL;
	Options options = { NULL, 0, false };

	if (!read_options(argc, argv, &options))
		return session_usage(&cmd_replay);
	if (!session_open_store(&session, context, &error))
		return session_fail(error);
	Replay replay = { .context = context,
		          .desk = session.desk,
		          .store = session.store,
		          .shows_all = !options.shows_diff };
	return replay_with(&replay, &options, faults, &error);
}

const Command cmd_replay = { "replay", "--rules FILE [--since WHEN] [--diff]",
	                     run, false };
