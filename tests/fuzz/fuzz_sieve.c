/* A script, and behind a NUL a mail, for the language of the rules.
 *
 * Whatever they are: no crash; a script is either a program or has faults with
 * places; a ruling stays within its limits. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "message/mailread.h"

#include "sieve/sieve.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define NOW INT64_C(1795600800)

static void
run(const Program *program, const Mail *mail)
{
	static const char *const recipients[] = { "desk+vip@desk.example",
		                                  NULL };
	SieveInput input = { .mail = mail,
		             .envelope_sender = "",
		             .envelope_recipients = recipients,
		             .event = "created",
		             .now = NOW };
	g_autoptr(Ruling) ruling = sieve_run(program, &input);

	if (ruling->entries->len > RULING_ENTRIES_MAX)
		abort();
	for (unsigned i = 0; i < ruling->entries->len; i++) {
		const RulingEntry *entry = ruling_entry(ruling, i);
		g_autofree char *text = ruling_entry_to_text(entry);

		if (entry->line == 0 || !g_utf8_validate(text, -1, NULL))
			abort();
	}
}

static void
load_and_run(const char *text, size_t length, ScriptKind kind, const Mail *mail)
{
	g_autoptr(GPtrArray) faults = g_ptr_array_new_with_free_func(g_free);
	Script script = { "s", text, length, kind, NULL };
	g_autoptr(Program) program = sieve_load(&script, faults);

	if ((program == NULL) != (faults->len > 0))
		abort();
	for (unsigned i = 0; i < faults->len; i++)
		if (!g_str_has_prefix(faults->pdata[i], "s:") ||
		    g_str_has_prefix(faults->pdata[i], "s:0"))
			abort();
	if (program != NULL)
		run(program, mail);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const uint8_t *end = size == 0 ? NULL : memchr(data, '\0', size);
	size_t length = end == NULL ? size : (size_t)(end - data);
	size_t rest = end == NULL ? 0 : size - length - 1;

	if (size > 65536)
		return 0;
	g_autoptr(GBytes) raw =
		g_bytes_new(rest == 0 ? "" : (const char *)end + 1, rest);
	g_autoptr(Mail) mail = mail_read(raw);
	load_and_run((const char *)data, length, SCRIPT_MAIL, mail);
	load_and_run((const char *)data, length, SCRIPT_EVENT, mail);
	return 0;
}
