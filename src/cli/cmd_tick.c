#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>

#include "base/clock.h"
#include "base/json.h"

#include "cli/session.h"

/* The longest sleep: another process may start an earlier timer meanwhile. */
#define SLEEP_SECONDS_MAX 30

static volatile sig_atomic_t is_stopping;

static void
on_stop(int signal_number)
{
	(void)signal_number;
	is_stopping = 1;
}

static void
set_signals(void)
{
	struct sigaction stop = { .sa_handler = on_stop };

	sigaction(SIGTERM, &stop, NULL);
	sigaction(SIGINT, &stop, NULL);
}

static void
print_result(const Context *context, const TickResult *result)
{
	if (context->json) {
		json_t *json =
			json_pack("{s:b, s:i, s:i, s:i}", "held",
		                  result->is_held, "fired", (int)result->fired,
		                  "mails", (int)result->mails, "recomputed",
		                  (int)result->again);
		json_object_set_new(json, "next",
		                    json_instant(result->next_at));
		json_print_line(stdout, json);
		return;
	}
	if (result->is_held)
		fprintf(stderr, "postigo: the clock has jumped; timers wait "
		                "(tick --once --confirm if it is right)\n");
	else if (!context->quiet && result->fired + result->mails > 0)
		printf("%u fired, %u told\n", result->fired, result->mails);
	fflush(stdout);
}

static bool
tick(const Context *context, Clerk *clerk, bool is_confirmed,
     TickResult *result, GError **error)
{
	/* a rehearsal's clock jumps by design */
	TickOptions options = { clock_is_fixed() ? -1 : clock_boot(),
		                is_confirmed };

	if (!clerk_tick(clerk, &options, result, error))
		return false;
	print_result(context, result);
	return true;
}

static bool
keep_ticking(const Context *context, Clerk *clerk, GError **error)
{
	TickResult result;

	while (!is_stopping) {
		if (!tick(context, clerk, false, &result, error))
			return false;
		int64_t wait = result.next_at == 0
		                       ? SLEEP_SECONDS_MAX
		                       : result.next_at - clock_now();
		wait = CLAMP(wait, 1, SLEEP_SECONDS_MAX);
		if (!is_stopping)
			poll(NULL, 0, (int)wait * 1000);
	}
	return true;
}

static int
run(Context *context, int argc, char **argv)
{
	g_auto(Session) session = { NULL, NULL, NULL };
	g_autoptr(GError) error = NULL;
	bool is_once = false;
	bool is_confirmed = false;
	TickResult result;

	for (int i = 1; i < argc; i++) {
		if (strcmp(argv[i], "--once") == 0)
			is_once = true;
		else if (strcmp(argv[i], "--confirm") == 0)
			is_confirmed = true;
		else
			return session_usage(&cmd_tick);
	}
	set_signals();
	if (!session_open_clerk(&session, context, &error))
		return session_fail(error);
	bool is_good = is_once ? tick(context, session.clerk, is_confirmed,
	                              &result, &error)
	                       : keep_ticking(context, session.clerk, &error);
	return is_good ? EXIT_SUCCESS : session_fail(error);
}

const Command cmd_tick = { "tick", "[--once [--confirm]]", run, false };
