#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/json.h"

#include "intake/archive.h"

#include "cli/session.h"

/* mails a transaction: one child reads them, one fsync keeps them */
#define BATCH_MAX 64

typedef struct Import {
	Clerk *clerk;
	const char *const *recipients;
	GPtrArray *batch; /* of GBytes */
	int64_t taken;
	int64_t duplicates;
	bool shows_progress;
} Import;

static void
show_progress(const Import *import, bool is_last)
{
	if (!import->shows_progress)
		return;
	fprintf(stderr, "\r%" G_GINT64_FORMAT " mails%s", import->taken,
	        is_last ? "\n" : "");
}

static bool
flush(Import *import, GError **error)
{
	unsigned count = import->batch->len;
	g_autofree Arrival *arrivals = g_new0(Arrival, count + 1);
	g_autofree Verdict *verdicts = g_new0(Verdict, count + 1);

	if (count == 0)
		return true;
	for (unsigned i = 0; i < count; i++)
		arrivals[i] = (Arrival){ .door = "import",
			                 .recipients = import->recipients,
			                 .raw = import->batch->pdata[i],
			                 .is_import = true };
	if (!clerk_receive(import->clerk, arrivals, count, verdicts, error))
		return false;
	for (unsigned i = 0; i < count; i++)
		if (verdicts[i].state == DELIVERY_DUPLICATE)
			import->duplicates++;
	import->taken += count;
	g_ptr_array_set_size(import->batch, 0);
	show_progress(import, false);
	return true;
}

static bool
take(GBytes *mail, void *data, GError **error)
{
	Import *import = data;

	g_ptr_array_add(import->batch, g_bytes_ref(mail));
	return import->batch->len < BATCH_MAX || flush(import, error);
}

static bool
import_all(Import *import, char *const *paths, GError **error)
{
	for (; *paths != NULL; paths++)
		if (!archive_read(*paths, take, import, error))
			return false;
	return flush(import, error);
}

static void
tell(const Context *context, const Import *import)
{
	if (context->json)
		json_print_line(stdout,
		                json_pack("{s:I, s:I}", "mails",
		                          (json_int_t)import->taken,
		                          "duplicates",
		                          (json_int_t)import->duplicates));
	else if (!context->quiet)
		printf("%" G_GINT64_FORMAT " mails, %" G_GINT64_FORMAT
		       " of them known before\n",
		       import->taken, import->duplicates);
}

static int
import(Context *context, const char *queue_name, char *const *paths)
{
	g_auto(Session) session = { NULL, NULL, NULL };
	g_autoptr(GError) error = NULL;
	g_autoptr(GPtrArray) batch =
		g_ptr_array_new_with_free_func((GDestroyNotify)g_bytes_unref);
	const char *recipients[] = { NULL, NULL };

	if (!session_open_clerk(&session, context, &error))
		return session_fail(error);
	const Queue *queue = desk_queue(session.desk, queue_name);
	if (queue_name != NULL && queue == NULL) {
		fprintf(stderr, "postigo: %s: no such queue\n", queue_name);
		return EXIT_FAILURE;
	}
	if (queue != NULL)
		recipients[0] = queue->addresses[0];
	Import import = { .clerk = session.clerk,
		          .recipients = recipients,
		          .batch = batch,
		          .shows_progress = !context->quiet && !context->json &&
		                            isatty(STDERR_FILENO) };
	bool is_done = import_all(&import, paths, &error);
	show_progress(&import, true);
	tell(context, &import);
	return is_done ? EXIT_SUCCESS : session_fail(error);
}

static int
run(Context *context, int argc, char **argv)
{
	static const struct option options[] = {
		{ "queue", required_argument, NULL, 'q' },
		{ "quiet", no_argument, NULL, 's' },
		{ NULL, 0, NULL, 0 },
	};
	const char *queue = NULL;
	int option;

	while ((option = getopt_long(argc, argv, "+", options, NULL)) != -1) {
		if (option == 'q')
			queue = optarg;
		else if (option == 's')
			context->quiet = true;
		else
			return session_usage(&cmd_import);
	}
	if (optind == argc)
		return session_usage(&cmd_import);
	return import(context, queue, argv + optind);
}

const Command cmd_import = { "import", "[--queue Q] PATH...", run, false };
