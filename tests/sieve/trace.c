/* What a script says of mails: trace SCRIPT MAIL...
 *
 * Prints "MAIL: " and the entries of the ruling, in order, a line for each
 * mail; with a script that is wrong, its faults, and ends with 1.  -e: a script
 * for events.  The envelope is fixed, so that an oracle can be told the same.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/io.h"

#include "message/mailread.h"

#include "sieve/sieve.h"

#define FILE_OCTETS_MAX ((size_t)64 << 20)
#define NOW             INT64_C(1795600800) /* 2026-11-25 10:00:00 UTC */

static GBytes *
read_file(const char *path)
{
	g_autoptr(GError) error = NULL;
	GBytes *bytes = io_read_file(path, FILE_OCTETS_MAX, &error);

	if (bytes == NULL) {
		fprintf(stderr, "trace: %s\n", error->message);
		exit(2);
	}
	return bytes;
}

static Program *
load(const char *path, ScriptKind kind)
{
	g_autoptr(GBytes) bytes = read_file(path);
	g_autoptr(GPtrArray) faults = g_ptr_array_new_with_free_func(g_free);
	g_autofree char *file = g_path_get_basename(path);
	gsize size;
	const char *text = g_bytes_get_data(bytes, &size);
	Script script = { file, text, size, kind, NULL };
	Program *program = sieve_load(&script, faults);

	for (unsigned i = 0; i < faults->len; i++)
		puts(faults->pdata[i]);
	return program;
}

static void
trace(const Program *program, const char *path)
{
	static const char *const recipients[] = { "soporte+vip@acme.example",
		                                  NULL };
	g_autoptr(GBytes) raw = read_file(path);
	g_autoptr(Mail) mail = mail_read(raw);
	SieveInput input = { .mail = mail,
		             .envelope_sender = "ana.bounce@example.org",
		             .envelope_recipients = recipients,
		             .now = NOW };
	g_autoptr(Ruling) ruling = sieve_run(program, &input);
	g_autofree char *name = g_path_get_basename(path);

	printf("%s:", name);
	for (unsigned i = 0; i < ruling->entries->len; i++) {
		const RulingEntry *entry = ruling_entry(ruling, i);
		g_autofree char *text = ruling_entry_to_text(entry);

		printf(" %s", text);
	}
	putchar('\n');
}

int
main(int argc, char **argv)
{
	bool is_event = argc > 1 && strcmp(argv[1], "-e") == 0;
	int first = is_event ? 2 : 1;

	if (argc <= first) {
		fputs("usage: trace [-e] SCRIPT MAIL...\n", stderr);
		return 2;
	}
	g_autoptr(Program) program =
		load(argv[first], is_event ? SCRIPT_EVENT : SCRIPT_MAIL);
	if (program == NULL)
		return 1;
	for (int i = first + 1; i < argc; i++)
		trace(program, argv[i]);
	return 0;
}
