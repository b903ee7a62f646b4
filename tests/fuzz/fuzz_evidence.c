/* An Authentication-Results field of ours, with a Received below it: whatever
 * it says, a mail from a domain that it does not name is not proven. */
#include <stdint.h>
#include <string.h>

#include <glib.h>

#include "base/text.h"

#include "desk/evidence.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char *const ids[] = { "mx.acme.example", NULL };
static const char *const none[] = { NULL };

static void
add_field(Mail *mail, const char *name, const char *value)
{
	MailField field = { name, value };

	g_array_append_val(mail->fields, field);
}

static EvidenceLevel
evidence_of(const char *results, const char *received, const char *from,
            bool strips)
{
	Trust trust = { ids, ids, none, strips };
	MailAddress address = { "", from };
	g_autoptr(Mail) mail = mail_new();
	g_autoptr(GPtrArray) why = g_ptr_array_new_with_free_func(g_free);

	add_field(mail, "Authentication-Results", results);
	add_field(mail, "Received", received);
	add_field(mail, "Authentication-Results", results);
	add_field(mail, "From", from);
	g_array_append_val(mail->from, address);
	return evidence_from_results(mail, &trust, why);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char border[] = "from x by mx.acme.example";
	g_autofree char *octets =
		text_from_octets((const char *)data, (gssize)size);
	g_autofree char *line = text_clean_line(octets);
	g_autofree char *ours = g_strconcat("mx.acme.example; ", line, NULL);

	evidence_of(line, border, "ana@acme.example", false);
	evidence_of(ours, border, "ana@acme.example", true);
	evidence_of(ours, line, "ana@acme.example", false);
	if (strstr(line, "never") == NULL)
		g_assert(evidence_of(ours, border, "ana@never.example", true) ==
		         EVIDENCE_E0);
	return 0;
}
