#include "intake/poll.h"

#include <errno.h>
#include <poll.h>
#include <string.h>

#include "base/clock.h"
#include "base/error.h"
#include "base/log.h"

#include "intake/poll_private.h"

#include "config/config.h"

#define NUMBER "%" G_GINT64_FORMAT

/* ---- the mailbox of the configuration ---- */

static const struct {
	const char *scheme;
	int port;
	bool is_pop3;
	bool is_tls;
} schemes[] = {
	{ "imaps", 993, false, true },
	{ "imap", 143, false, false },
	{ "pop3s", 995, true, true },
	{ "pop3", 110, true, false },
};

/* What a URL's path names: a folder, or INBOX. */
static char *
folder_of(GUri *uri)
{
	const char *path = g_uri_get_path(uri);

	while (*path == '/')
		path++;
	return g_strdup(*path == '\0' ? "INBOX" : path);
}

static const struct {
	const char *word;
	PollAfter after;
} afters[] = {
	{ "flag", POLL_FLAG },
	{ "keep", POLL_KEEP },
	{ "delete", POLL_DELETE },
};

static void
set_after(Poller *poller)
{
	const char *word = poller->mailbox->after;

	poller->after = poller->is_pop3 ? POLL_KEEP : POLL_FLAG;
	if (word == NULL)
		return;
	if (g_str_has_prefix(word, "move:")) {
		poller->after = POLL_MOVE;
		poller->after_folder = word + strlen("move:");
	}
	for (unsigned i = 0; i < G_N_ELEMENTS(afters); i++)
		if (strcmp(afters[i].word, word) == 0)
			poller->after = afters[i].after;
}

static bool
set_place(Poller *poller, GError **error)
{
	poller->uri = g_uri_parse(poller->mailbox->url,
	                          G_URI_FLAGS_PARSE_RELAXED, error);
	if (poller->uri == NULL)
		return false;
	for (unsigned i = 0; i < G_N_ELEMENTS(schemes); i++) {
		int port = g_uri_get_port(poller->uri);

		if (strcmp(g_uri_get_scheme(poller->uri), schemes[i].scheme) !=
		    0)
			continue;
		poller->is_pop3 = schemes[i].is_pop3;
		poller->is_tls = schemes[i].is_tls;
		poller->peer = (WirePeer){
			.host = g_uri_get_host(poller->uri),
			.port = port < 0 ? schemes[i].port : port,
			.ca_file = poller->mailbox->ca_file,
			.stop_fd = poller->options->stop_fd,
		};
	}
	poller->folder = folder_of(poller->uri);
	poller->door =
		g_strdup_printf("%s:%s", poller->is_pop3 ? "pop3" : "imap",
	                        poller->mailbox->name);
	set_after(poller);
	return true;
}

Wire *
poll_connect(Poller *poller, GError **error)
{
	g_autoptr(Wire) wire = wire_connect(&poller->peer, error);

	if (wire == NULL || (poller->is_tls && !wire_secure(wire, error)))
		return NULL;
	return g_steal_pointer(&wire);
}

/* A token is made anew for each login: it lives for an hour or so. */
char *
poll_secret(const Poller *poller, GError **error)
{
	const Inbox *mailbox = poller->mailbox;

	if (*mailbox->password_command != NULL)
		return config_run_password_command(mailbox->password_command,
		                                   error);
	return g_strdup(mailbox->password == NULL ? "" : mailbox->password);
}

/* ---- how it goes ---- */

bool
poll_is_stopping(const Poller *poller)
{
	struct pollfd stop = { .fd = poller->options->stop_fd,
		               .events = POLLIN };

	return poll(&stop, 1, 0) > 0;
}

void
poll_call_off(Poller *poller, int64_t *alarm)
{
	g_autoptr(GError) error = NULL;
	TicketOrder order = { .ticket = *alarm,
		              .actor = "system:poll",
		              .text = "It works again.\n",
		              .is_note = true };

	if (*alarm == 0)
		return;
	*alarm = 0;
	g_autoptr(Decision) decision =
		clerk_order(poller->clerk, &order, &error);

	if (decision == NULL)
		log_event(LOG_LEVEL_ERROR, "alarm-stands", "why",
		          error->message, NULL);
}

bool
poll_looked(Poller *poller, GError **error)
{
	InboxState *state = &poller->state;

	poll_call_off(poller, &state->alarm);
	state->failures = 0;
	state->failing_since = 0;
	state->polled_at = clock_now();
	return ledger_save(poller->ledger, state, error);
}

static void
tell_failures(Poller *poller, const GError *why)
{
	InboxState *state = &poller->state;
	g_autofree char *since = instant_to_text(state->failing_since);
	g_autofree char *subject = g_strdup_printf("Mailbox %s cannot be read",
	                                           poller->mailbox->name);
	g_autofree char *text = g_strdup_printf(
		"Since %s no mail could be fetched from %s (%s), in %d "
		"tries:\n\n    %s\n\nIt is tried again and again; nothing in "
		"it is lost.\n",
		since, poller->mailbox->name, poller->mailbox->url,
		state->failures, why->message);

	state->alarm = poll_alarm(poller, subject, text);
}

static void
failed_look(Poller *poller, const GError *why)
{
	InboxState *state = &poller->state;
	g_autoptr(GError) error = NULL;

	log_event(LOG_LEVEL_ERROR, "not-polled", "mailbox",
	          poller->mailbox->name, "why", why->message, NULL);
	if (state->failures++ == 0)
		state->failing_since = clock_now();
	if (state->failures >= POLL_ALARM_FAILURES && state->alarm == 0)
		tell_failures(poller, why);
	if (!ledger_save(poller->ledger, state, &error))
		log_event(LOG_LEVEL_ERROR, "not-noted", "why", error->message,
		          NULL);
}

/* ---- again and again ---- */

/* Seconds to wait after that many failures in a row. */
static const int patience[] = { 0, 30, 60, 300, 900, 1800, 3600 };

static void
wait_before_next(const Poller *poller)
{
	int failures =
		MIN(poller->state.failures, (int)G_N_ELEMENTS(patience) - 1);
	int seconds =
		failures == 0 ? poller->mailbox->interval : patience[failures];
	struct pollfd stop = { .fd = poller->options->stop_fd,
		               .events = POLLIN };

	while (poll(&stop, 1, seconds * 1000) < 0 && errno == EINTR)
		continue;
}

static bool
look(Poller *poller, GError **error)
{
	GError *why = NULL;
	bool is_done = poller->is_pop3 ? poll_pop3(poller, &why)
	                               : poll_imap(poller, &why);

	if (is_done || poll_is_stopping(poller)) {
		g_clear_error(&why);
		return true;
	}
	failed_look(poller, why);
	g_propagate_error(error, why);
	return false;
}

static bool
keep_looking(Poller *poller)
{
	while (!poll_is_stopping(poller)) {
		look(poller, NULL);
		if (!poll_is_stopping(poller))
			wait_before_next(poller);
	}
	return true;
}

static bool
open_poller(Poller *poller, GError **error)
{
	if (!set_place(poller, error))
		return false;
	poller->clerk = clerk_new(poller->desk, error);
	poller->ledger = ledger_new(poller->desk, poller->mailbox);
	return poller->clerk != NULL &&
	       ledger_load(poller->ledger, &poller->state, error);
}

static void
poller_release(Poller *poller)
{
	clerk_free(poller->clerk);
	ledger_free(poller->ledger);
	g_clear_pointer(&poller->uri, g_uri_unref);
	g_free(poller->folder);
	g_free(poller->door);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Poller, poller_release)

bool
poll_run(const Desk *desk, const Inbox *mailbox, const PollOptions *options,
         PollTally *out_tally, GError **error)
{
	g_auto(Poller) poller = { .desk = desk,
		                  .mailbox = mailbox,
		                  .options = options };

	if (!open_poller(&poller, error))
		return false;
	bool is_done =
		options->once ? look(&poller, error) : keep_looking(&poller);
	*out_tally = poller.tally;
	return is_done;
}
