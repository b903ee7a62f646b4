#include <getopt.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>

#include <glib.h>

#include "base/log.h"
#include "base/text.h"

#include "intake/deliver.h"

#include "cli/command.h"
#include "config/config.h"

/* Where the MTA says whom the mail is for, when the command line does not
 * (Postfix local(8), procmail, maildrop, OpenSMTPD). */
static const char *const recipient_variables[] = {
	"ORIGINAL_RECIPIENT",
	"RECIPIENT",
};

static void
take_recipient_from_environment(GPtrArray *recipients)
{
	for (unsigned i = 0; i < G_N_ELEMENTS(recipient_variables); i++) {
		const char *address = g_getenv(recipient_variables[i]);

		if (address != NULL && *address != '\0') {
			g_ptr_array_add(recipients,
			                (gpointer)(uintptr_t)address);
			return;
		}
	}
}

/* Postfix writes MAILER-DAEMON for the null sender, others "<>". */
static const char *
null_sender_as_empty(const char *sender)
{
	if (sender != NULL && (strcmp(sender, "<>") == 0 ||
	                       text_equal_ascii(sender, "MAILER-DAEMON")))
		return "";
	return sender;
}

/* An option that is wrong is trouble of ours too: the mail must come again. */
static int
run(Context *context, int argc, char **argv)
{
	g_autoptr(GPtrArray) recipients = g_ptr_array_new();
	DeliverOptions options = { .load = config_load_or_error,
		                   .config_path = context->config_path,
		                   .sender = g_getenv("SENDER") };
	int option;

	if (context->verbose == 0)
		log_to_syslog();
	opterr = 0;
	while ((option = getopt(argc, argv, "+c:f:r:")) != -1) {
		if (option == 'c') {
			options.config_path = optarg;
		} else if (option == 'f') {
			options.sender = optarg;
		} else if (option == 'r') {
			g_ptr_array_add(recipients, optarg);
		} else {
			log_event(LOG_LEVEL_ERROR, "deferred", "why",
			          "deliver: unknown option", NULL);
			return EX_TEMPFAIL;
		}
	}
	for (; optind < argc; optind++)
		g_ptr_array_add(recipients, argv[optind]);
	if (recipients->len == 0)
		take_recipient_from_environment(recipients);
	g_ptr_array_add(recipients, NULL);
	options.sender = null_sender_as_empty(options.sender);
	options.recipients = (const char *const *)recipients->pdata;
	return deliver_standard_input(&options);
}

const Command cmd_deliver = { "deliver", "[-f SENDER] [-r RECIPIENT]...", run,
	                      true };
