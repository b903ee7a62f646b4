#include "desk/evidence.h"

#include <string.h>

static const char *const names[] = { "E0", "E1", "E2", "E3", "E4", "E5" };

const char *
evidence_name(EvidenceLevel level)
{
	return names[level];
}

EvidenceLevel
evidence_with_token(EvidenceLevel proven, bool has_token)
{
	if (!has_token)
		return proven;
	return proven >= EVIDENCE_E1 ? EVIDENCE_E3 : EVIDENCE_E2;
}

/* ---- words of a field value: RFC 8601 section 2.2
 * ------------------------------- authres = authserv-id [version] *(";" method
 * "=" result [reason] *propspec) Comments are skipped and quoted strings are
 * one word, so that a verdict inside either is never read as one. */

/* a comment or quoted string of ours is never longer; nesting is counted only
 * to find the end */
static const char *
skip_comment(const char *at)
{
	unsigned depth = 0;

	do {
		if (*at == '\\' && at[1] != '\0')
			at++;
		else if (*at == '(')
			depth++;
		else if (*at == ')')
			depth--;
		if (*at == '\0')
			return at;
		at++;
	} while (depth > 0);
	return at;
}

static const char *
skip_blanks(const char *at)
{
	for (;;) {
		if (*at == ' ' || *at == '\t')
			at++;
		else if (*at == '(')
			at = skip_comment(at);
		else
			return at;
	}
}

static const char *
take_quoted(const char *at, GString *word)
{
	for (at++; *at != '"'; at++) {
		if (*at == '\\' && at[1] != '\0')
			at++;
		if (*at == '\0')
			return NULL;
		g_string_append_c(word, *at);
	}
	return at + 1;
}

/* *at to the next ';', '=' or word; false at the end or at broken quoting */
static bool
take_word(const char **at, GString *word)
{
	const char *p = skip_blanks(*at);

	g_string_truncate(word, 0);
	if (*p == ';' || *p == '=') {
		g_string_append_c(word, *p++);
	} else if (*p == '"') {
		p = take_quoted(p, word);
		if (p == NULL)
			return false;
	} else {
		while (*p != '\0' && strchr(" \t;=(\"", *p) == NULL)
			g_string_append_c(word, *p++);
	}
	if (p == *at || (word->len == 0 && *p == '\0'))
		return false;
	*at = p;
	return true;
}

/* What one trusted field says, as far as it matters here. */
typedef struct Verdict {
	bool has_dmarc;
	bool dmarc_pass; /* for the From domain */
	bool dkim_aligned;
	bool auth_pass; /* submitted by the From address itself */
} Verdict;

static const char *
domain_of(const char *address)
{
	const char *at = strrchr(address, '@');

	return at == NULL ? "" : at + 1;
}

/* whole labels: example.com covers mail.example.com and itself */
static bool
domain_covers(const char *parent, const char *domain)
{
	size_t parent_length = strlen(parent);
	size_t length = strlen(domain);

	if (parent_length == 0 || parent_length > length ||
	    strchr(parent, '.') == NULL)
		return false;
	const char *tail = domain + (length - parent_length);
	if (g_ascii_strcasecmp(tail, parent) != 0)
		return false;
	return tail == domain || tail[-1] == '.';
}

/* one method=result with its properties up to the next ';' */
typedef struct Result {
	char *method;
	char *value;
	GHashTable *properties; /* name to value, names lower case */
} Result;

static void
result_release(Result *result)
{
	g_free(result->method);
	g_free(result->value);
	g_clear_pointer(&result->properties, g_hash_table_unref);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Result, result_release)

static bool
take_equation(const char **at, GString *word, char **out_name, char **out_value)
{
	g_autofree char *name = g_ascii_strdown(word->str, -1);

	if (!take_word(at, word) || strcmp(word->str, "=") != 0)
		return false;
	if (!take_word(at, word))
		return false;
	*out_name = g_steal_pointer(&name);
	*out_value = g_strdup(word->str);
	return true;
}

/* false: the field does not parse */
static bool
take_result(const char **at, Result *result)
{
	g_autoptr(GString) word = g_string_new(NULL);

	result->properties =
		g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
	if (!take_word(at, word))
		return *skip_blanks(*at) == '\0'; /* a ';' at the end */
	if (strcmp(word->str, "none") == 0)
		return true;
	if (!take_equation(at, word, &result->method, &result->value))
		return false;
	for (;;) {
		const char *before = *at;
		char *name;
		char *value;

		if (!take_word(at, word))
			return *skip_blanks(*at) == '\0';
		if (strcmp(word->str, ";") == 0) {
			*at = before;
			return true;
		}
		if (!take_equation(at, word, &name, &value))
			return false;
		if (!g_hash_table_insert(result->properties, name, value))
			return false; /* said twice: which is true? */
	}
}

static const char *
property(const Result *result, const char *name)
{
	const char *value = g_hash_table_lookup(result->properties, name);

	return value == NULL ? "" : value;
}

static void
weigh_result(const Result *result, const char *from, Verdict *verdict)
{
	if (result->method == NULL)
		return;
	bool is_pass = g_ascii_strcasecmp(result->value, "pass") == 0;
	if (strcmp(result->method, "dmarc") == 0) {
		verdict->has_dmarc = true;
		verdict->dmarc_pass =
			is_pass &&
			g_ascii_strcasecmp(property(result, "header.from"),
		                           domain_of(from)) == 0;
	} else if (strcmp(result->method, "dkim") == 0) {
		verdict->dkim_aligned |=
			is_pass && domain_covers(property(result, "header.d"),
		                                 domain_of(from));
	} else if (strcmp(result->method, "auth") == 0) {
		verdict->auth_pass |=
			is_pass &&
			g_ascii_strcasecmp(property(result, "smtp.auth"),
		                           from) == 0;
	}
}

/* true: the field is of one of our ids; *out_ok false if it does not parse */
static bool
read_field(const char *value, const Trust *trust, const char *from,
           Verdict *verdict, bool *out_ok)
{
	g_autoptr(GString) word = g_string_new(NULL);
	const char *at = value;
	bool is_ours = false;

	*out_ok = true;
	if (!take_word(&at, word))
		return false;
	for (const char *const *id = trust->authserv_ids; *id != NULL; id++)
		is_ours |= g_ascii_strcasecmp(*id, word->str) == 0;
	if (!is_ours)
		return false;
	at = skip_blanks(at);
	if (g_ascii_isdigit(*at)) /* the version */
		take_word(&at, word);
	while (take_word(&at, word)) {
		g_auto(Result) result = { NULL, NULL, NULL };

		if (strcmp(word->str, ";") != 0 || !take_result(&at, &result)) {
			*out_ok = false;
			return true;
		}
		weigh_result(&result, from, verdict);
	}
	*out_ok = *skip_blanks(at) == '\0';
	return true;
}

/* ---- where a field may stand
 * -------------------------------------------------- */

/* the name in "by NAME" of a Received field (RFC 5321 section 4.4) */
static bool
is_received_by_us(const char *received, const Trust *trust)
{
	g_autoptr(GString) word = g_string_new(NULL);
	const char *at = received;
	bool is_next = false;

	while (take_word(&at, word)) {
		if (is_next) {
			for (const char *const *name = trust->received_by;
			     *name != NULL; name++)
				if (g_ascii_strcasecmp(*name, word->str) == 0)
					return true;
			return false;
		}
		is_next = g_ascii_strcasecmp(word->str, "by") == 0;
	}
	return false;
}

/* Index of the first field that a stranger can have written.  The mail as it
 * came to our border begins below the last Received that our own hosts wrote in
 * one run from the top; a border that strips forged results may write its own
 * below that Received, as milters do, so there the next Received ends it. */
static unsigned
trusted_fields(const Mail *mail, const Trust *trust)
{
	unsigned end = 0;
	bool was_ours = false;

	for (unsigned i = 0; i < mail->fields->len; i++) {
		const MailField *field =
			&g_array_index(mail->fields, MailField, i);

		if (g_ascii_strcasecmp(field->name, "Received") != 0)
			continue;
		if (!is_received_by_us(field->value, trust))
			return trust->strips_forged || !was_ours ? i : end;
		was_ours = true;
		end = i;
	}
	if (!was_ours || trust->strips_forged)
		return mail->fields->len;
	return end;
}

static void
say(GPtrArray *why, const char *reason)
{
	g_ptr_array_add(why, g_strdup(reason));
}

/* Adds up the trusted fields; false if E0 is certain. */
static bool
read_fields(const Mail *mail, const Trust *trust, Verdict *sum, GPtrArray *why)
{
	const char *from = mail_from_address(mail);
	unsigned end = trusted_fields(mail, trust);
	bool has_any = false;
	bool dmarc_differs = false;

	for (unsigned i = 0; i < end; i++) {
		const MailField *field =
			&g_array_index(mail->fields, MailField, i);
		Verdict one = { false, false, false, false };
		bool is_good;

		if (g_ascii_strcasecmp(field->name, "Authentication-Results") !=
		            0 ||
		    !read_field(field->value, trust, from, &one, &is_good))
			continue;
		if (!is_good) {
			say(why,
			    "Authentication-Results of ours does not parse");
			return false;
		}
		dmarc_differs |= sum->has_dmarc && one.has_dmarc &&
		                 sum->dmarc_pass != one.dmarc_pass;
		sum->has_dmarc |= one.has_dmarc;
		sum->dmarc_pass |= one.dmarc_pass;
		sum->dkim_aligned |= one.dkim_aligned;
		sum->auth_pass |= one.auth_pass;
		has_any = true;
	}
	if (!has_any)
		say(why, "no Authentication-Results of ours");
	else if (dmarc_differs)
		say(why, "two verdicts of ours differ");
	return has_any && !dmarc_differs;
}

EvidenceLevel
evidence_from_results(const Mail *mail, const Trust *trust, GPtrArray *why)
{
	Verdict sum = { false, false, false, false };

	if (mail_field_count(mail, "From") != 1 || mail->from->len != 1) {
		say(why, "not exactly one From address");
		return EVIDENCE_E0;
	}
	if (!read_fields(mail, trust, &sum, why))
		return EVIDENCE_E0;
	if (sum.auth_pass) {
		say(why, "auth=pass for the From address");
		return EVIDENCE_E1;
	}
	if (sum.has_dmarc) {
		say(why, sum.dmarc_pass
		                 ? "dmarc=pass for the From domain"
		                 : "dmarc is not pass for the From domain");
		return sum.dmarc_pass ? EVIDENCE_E1 : EVIDENCE_E0;
	}
	say(why, sum.dkim_aligned ? "dkim=pass aligned with the From domain"
	                          : "no dmarc and no aligned dkim pass");
	return sum.dkim_aligned ? EVIDENCE_E1 : EVIDENCE_E0;
}
