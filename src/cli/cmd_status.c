/* postigo status: is all well?  For people, and for monitoring. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>

#include "base/clock.h"
#include "base/io.h"
#include "base/json.h"

#include "cli/session.h"
#include "serve/status.h"

/* An outgoing mail that is due so long, and nobody sent it. */
#define UNSENT_SECONDS_MAX 3600

typedef struct Health {
	json_t *serve; /* its own words, or NULL: it does not run */
	json_t *queues;
	int64_t unsent;
	int64_t oldest_unsent_at; /* 0: none */
	int64_t failed;
	int64_t held;
	gint64 free_octets;
	GPtrArray *troubles; /* of char * */
} Health;

static void
health_clear(Health *health)
{
	json_decref(health->serve);
	json_decref(health->queues);
	g_clear_pointer(&health->troubles, g_ptr_array_unref);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Health, health_clear)

static void trouble(Health *health, const char *format, ...)
	G_GNUC_PRINTF(2, 3);

static void
trouble(Health *health, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	g_ptr_array_add(health->troubles, g_strdup_vprintf(format, args));
	va_end(args);
}

/* ---- what there is ---- */

static bool
look_at_queues(Health *health, const Session *session, GError **error)
{
	static const char *const open_states[] = { "new", "open", "pending",
		                                   "hold", NULL };

	for (unsigned i = 0; i < session->desk->queues->len; i++) {
		const Queue *queue = session->desk->queues->pdata[i];
		TicketQuery query = { .states = open_states,
			              .queue = queue->name };
		g_autoptr(GPtrArray) tickets =
			store_tickets(session->store, &query, error);

		if (tickets == NULL)
			return false;
		json_object_set_new(health->queues, queue->name,
		                    json_integer(tickets->len));
	}
	return true;
}

static bool
is_unsent(const OutboxRow *row)
{
	return row->state == OUTBOX_QUEUED || row->state == OUTBOX_DEFERRED ||
	       row->state == OUTBOX_SENDING;
}

static bool
look_at_outbox(Health *health, const Session *session, GError **error)
{
	g_autoptr(GPtrArray) rows =
		store_outbox(session->store, 0, NULL, error);

	if (rows == NULL)
		return false;
	for (unsigned i = 0; i < rows->len; i++) {
		const OutboxRow *row = rows->pdata[i];

		health->failed += row->state == OUTBOX_FAILED;
		if (!is_unsent(row))
			continue;
		if (health->unsent++ == 0)
			health->oldest_unsent_at = row->created_at;
	}
	return true;
}

static bool
look_at_quarantine(Health *health, const Session *session, GError **error)
{
	g_autoptr(GPtrArray) held =
		store_quarantine(session->store, "held", error);

	if (held == NULL)
		return false;
	health->held = held->len;
	return true;
}

static void
look_at_serve(Health *health, const Desk *desk)
{
	g_autofree char *answer = status_ask(desk, NULL);

	if (answer != NULL)
		health->serve = json_loads(answer, 0, NULL);
}

/* ---- what is wrong with it ---- */

static void
judge_serve(Health *health)
{
	json_t *process;
	size_t i;

	if (health->serve == NULL) {
		trouble(health, "serve does not run");
		return;
	}
	if (json_is_true(json_object_get(health->serve, "configuration_wrong")))
		trouble(health, "the configuration has faults, and an older "
		                "one is in use (postigo check)");
	json_array_foreach(
		json_object_get(health->serve, "processes"), i,
		process) if (json_is_true(json_object_get(process, "failing")))
		trouble(health, "%s ends again and again",
	                json_string_value(json_object_get(process, "name")));
}

static void
judge(Health *health, const Desk *desk)
{
	int64_t age = clock_now() - health->oldest_unsent_at;

	judge_serve(health);
	if (desk->smtp.url != NULL && health->unsent > 0 &&
	    age > UNSENT_SECONDS_MAX)
		trouble(health,
		        "a mail waits for %" G_GINT64_FORMAT
		        " minutes to be sent",
		        age / 60);
	if (health->free_octets >= 0 &&
	    health->free_octets < desk->limits.free_octets)
		trouble(health, "the disk is full: no mail is taken in");
}

/* ---- telling ---- */

static void
print_json(const Health *health)
{
	json_print_line(
		stdout,
		json_pack("{s:o, s:O, s:{s:I, s:o, s:I}, s:I, s:I, s:o}",
	                  "serve",
	                  health->serve == NULL ? json_null()
	                                        : json_incref(health->serve),
	                  "queues", health->queues, "outbox", "unsent",
	                  (json_int_t)health->unsent, "oldest_unsent",
	                  json_instant(health->oldest_unsent_at), "failed",
	                  (json_int_t)health->failed, "quarantine",
	                  (json_int_t)health->held, "free_octets",
	                  (json_int_t)health->free_octets, "troubles",
	                  json_texts(health->troubles)));
}

static void
print_processes(const Health *health)
{
	json_t *process;
	size_t i;

	json_array_foreach(json_object_get(health->serve, "processes"), i,
	                   process)
		printf("%-12s since %s, started again %lld times\n",
	               json_string_value(json_object_get(process, "name")),
	               json_string_value(json_object_get(process, "since")),
	               (long long)json_integer_value(
			       json_object_get(process, "restarts")));
}

static void
print_text(const Health *health)
{
	const char *queue;
	json_t *count;

	print_processes(health);
	json_object_foreach(health->queues, queue, count)
		printf("queue %s: %lld open\n", queue,
	               (long long)json_integer_value(count));
	printf("outbox: %" G_GINT64_FORMAT " unsent, %" G_GINT64_FORMAT
	       " failed; quarantine: %" G_GINT64_FORMAT
	       "; free: %" G_GINT64_FORMAT " MiB\n",
	       health->unsent, health->failed, health->held,
	       health->free_octets / (1 << 20));
	for (unsigned i = 0; i < health->troubles->len; i++)
		printf("TROUBLE: %s\n", (char *)health->troubles->pdata[i]);
	if (health->troubles->len == 0)
		puts("all is well");
}

static int
run(Context *context, int argc, char **argv)
{
	g_auto(Session) session = { NULL, NULL, NULL };
	g_auto(Health)
		health = { .queues = json_object(),
		           .troubles = g_ptr_array_new_with_free_func(g_free) };
	g_autoptr(GError) error = NULL;

	(void)argv;
	if (argc > 1)
		return session_usage(&cmd_status);
	if (!session_open_store(&session, context, &error) ||
	    !look_at_queues(&health, &session, &error) ||
	    !look_at_outbox(&health, &session, &error) ||
	    !look_at_quarantine(&health, &session, &error))
		return session_fail(error);
	look_at_serve(&health, session.desk);
	health.free_octets = io_free_space(session.desk->database);
	judge(&health, session.desk);
	if (context->json)
		print_json(&health);
	else if (!context->quiet)
		print_text(&health);
	if (health.serve == NULL)
		return EX_UNAVAILABLE;
	return health.troubles->len == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}

const Command cmd_status = { "status", "", run, false };
