/* postigo parse: what we read in each mail. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>
#include <unistd.h>

#include <glib.h>

#include "base/clock.h"
#include "base/error.h"
#include "base/io.h"
#include "base/json.h"
#include "base/text.h"

#include "desk/mail.h"

#include "message/mailread.h"
#include "message/worker.h"

#include "cli/command.h"
#include "cli/mail_json.h"

/* files above this are mapped, not read: they need not fit into memory twice */
#define MAP_OCTETS       (16 << 10)
/* standard input cannot be mapped, so it has a cap */
#define STDIN_OCTETS_MAX ((gsize)256 << 20)
/* a batch that has as much is read before more is added */
#define BATCH_OCTETS     ((gsize)32 << 20)

typedef enum Body { BODY_MAIL, BODY_TEXT, BODY_HTML } Body;

typedef struct Options {
	Body body;
	Context *context;
	char **files; /* NULL-terminated, borrowed */
} Options;

static bool
body_from_name(const char *name, Body *out_body)
{
	if (g_strcmp0(name, "text") == 0)
		*out_body = BODY_TEXT;
	else if (g_strcmp0(name, "html") == 0)
		*out_body = BODY_HTML;
	else
		return false;
	return true;
}

static bool
options_read(Options *options, char **argv, GError **error)
{
	char **arg = argv + 1;

	for (; *arg != NULL && (*arg)[0] == '-' && (*arg)[1] != '\0'; arg++) {
		if (strcmp(*arg, "--") == 0) {
			arg++;
			break;
		}
		if (strcmp(*arg, "--body") != 0)
			return error_set(error, ERROR_USAGE,
			                 "parse: %s: no such option", *arg);
		arg++;
		if (!body_from_name(*arg, &options->body))
			return error_set(error, ERROR_USAGE,
			                 "parse: --body is text or html");
	}
	options->files = arg;
	if (*arg == NULL)
		return error_set(error, ERROR_USAGE, "parse: no file given");
	return true;
}

static GBytes *
read_mail_file(const char *path, GError **error)
{
	if (strcmp(path, "-") == 0)
		return io_read_all(STDIN_FILENO, STDIN_OCTETS_MAX, error);
	g_autoptr(GBytes) bytes = io_read_file(path, MAP_OCTETS, NULL);
	if (bytes != NULL)
		return g_steal_pointer(&bytes);
	g_autoptr(GError) why = NULL;
	g_autoptr(GMappedFile) map = g_mapped_file_new(path, FALSE, &why);
	if (map == NULL) {
		error_set(error, ERROR_NOT_FOUND, "%s", why->message);
		return NULL;
	}
	return g_mapped_file_get_bytes(map);
}

/* ---- for people ------------------------------------------------------------
 */

static void
say(const char *key, const char *value)
{
	if (value != NULL && *value != '\0')
		printf("%-12s %s\n", key, value);
}

static void
say_addresses(const char *key, const GArray *addresses)
{
	for (unsigned i = 0; i < addresses->len; i++) {
		const MailAddress *one =
			&g_array_index(addresses, MailAddress, i);

		if (*one->name == '\0')
			printf("%-12s %s\n", key, one->address);
		else
			printf("%-12s %s <%s>\n", key, one->name, one->address);
	}
}

static void
say_all(const char *key, const GPtrArray *values)
{
	for (unsigned i = 0; i < values->len; i++)
		say(key, g_ptr_array_index(values, i));
}

static void
say_attachments(const Mail *mail)
{
	for (unsigned i = 0; i < mail->attachments->len; i++) {
		const MailAttachment *one =
			&g_array_index(mail->attachments, MailAttachment, i);

		printf("%-12s %s (%s, %" G_GINT64_FORMAT " octets)\n",
		       "attachment", one->name != NULL ? one->name : "-",
		       one->type, one->size);
	}
}

static void
say_report(const MailReport *report)
{
	if (report == NULL)
		return;
	say("bounce", report_action_name(report->action));
	for (unsigned i = 0; i < report->recipients->len; i++) {
		const ReportRecipient *one =
			&g_array_index(report->recipients, ReportRecipient, i);

		printf("%-12s %s %s %s\n", "recipient", one->address,
		       report_action_name(one->action),
		       one->status != NULL ? one->status : "");
	}
	say("original", report->original_message_id);
}

static void
say_block(const char *title, const char *text)
{
	if (text == NULL || *text == '\0')
		return;
	g_autofree char *block = text_wrap(text, 78, "  ");
	printf("\n%s\n%s\n", title, block);
}

static void
print_for_people(const Options *options, const char *file, const Mail *mail)
{
	g_autofree char *date =
		mail->date == 0 ? NULL : instant_to_text(mail->date);

	printf("== %s\n", file);
	say_addresses("from", mail->from);
	say_addresses("to", mail->to);
	say_addresses("cc", mail->cc);
	say("subject", mail->subject);
	say("date", date);
	say("message-id", mail->message_id);
	say("class", mail_class_name(mail->class));
	say("answerable", mail->answerable ? "yes" : "no");
	if (options->context->verbose > 0)
		say_all("because", mail->evidence);
	say_report(mail->report);
	say("signed", mail_crypto_name(mail->is_signed));
	say("encrypted", mail_crypto_name(mail->is_encrypted));
	if (options->context->verbose > 0)
		say("structure", mail->structure);
	say_attachments(mail);
	say_all("warning", mail->warnings);
	say_block("new words:", mail->reply);
	if (mail->forwarded != NULL)
		say_block("forwarded:", mail->forwarded->embedded);
	if (options->context->verbose > 0) {
		say_block("signature:", mail->signature);
		say_block("whole text:", mail->text);
	}
	printf("\n");
}

/* ---- batches ---------------------------------------------------------------
 */

static void
print_mail(const Options *options, const char *file, const Mail *mail)
{
	if (!options->context->json)
		print_for_people(options, file, mail);
	else if (options->body == BODY_MAIL)
		json_print_line(stdout, mail_to_json(file, mail));
	else
		json_print_line(stdout, mail_body_to_json(file, mail));
}

/* Mails that are read together; large ones fill a batch early, since all of it
 * is in memory at once. */
typedef struct Batch {
	const Options *options;
	const char *names[WORKER_BATCH_MAX];
	GBytes *raws[WORKER_BATCH_MAX];
	unsigned count;
	gsize octets;
} Batch;

static void
print_read(void *taker, unsigned index, Mail *mail)
{
	const Batch *batch = taker;

	print_mail(batch->options, batch->names[index], mail);
	mail_free(mail);
}

static int
flush_batch(Batch *batch)
{
	static const WorkerLimits limits = WORKER_LIMITS_DEFAULT;
	static const WorkerReader readers[] = {
		[BODY_MAIL] = mail_read_undigested,
		[BODY_TEXT] = mail_read_text,
		[BODY_HTML] = mail_read_html,
	};
	bool done = worker_read_each(readers[batch->options->body], batch->raws,
	                             batch->count, &limits, print_read, batch);

	for (unsigned i = 0; i < batch->count; i++)
		g_bytes_unref(batch->raws[i]);
	batch->count = 0;
	batch->octets = 0;
	if (done)
		return EXIT_SUCCESS;
	fprintf(stderr, "postigo: parse: no child process: %s\n",
	        g_strerror(errno));
	return EX_TEMPFAIL;
}

/* A file that cannot be read is told of and left out. */
static int
add_file(Batch *batch, const char *file)
{
	g_autoptr(GError) error = NULL;
	GBytes *raw = read_mail_file(file, &error);

	if (raw == NULL) {
		fprintf(stderr, "postigo: parse: %s\n", error->message);
		return EX_NOINPUT;
	}
	batch->names[batch->count] = file;
	batch->raws[batch->count++] = raw;
	batch->octets += g_bytes_get_size(raw);
	if (batch->count < WORKER_BATCH_MAX && batch->octets < BATCH_OCTETS)
		return EXIT_SUCCESS;
	return flush_batch(batch);
}

static int
parse_files(const Options *options)
{
	Batch batch = { .options = options };
	int status = EXIT_SUCCESS;

	for (char **file = options->files; *file != NULL; file++) {
		int one = add_file(&batch, *file);

		status = MAX(status, one);
	}
	int last = flush_batch(&batch);
	return MAX(status, last);
}

static int
run(Context *context, int argc, char **argv)
{
	Options options = { .context = context };
	g_autoptr(GError) error = NULL;

	(void)argc;
	if (!options_read(&options, argv, &error)) {
		fprintf(stderr, "postigo: %s\n", error->message);
		return error_exit_status(error);
	}
	int status = parse_files(&options);
	if (fflush(stdout) != 0 || ferror(stdout)) {
		fprintf(stderr, "postigo: parse: standard output: write\n");
		return EX_IOERR;
	}
	return status;
}

const Command cmd_parse = {
	.name = "parse",
	.usage = "[--body text|html] [-v] FILE...",
	.run = run,
};
