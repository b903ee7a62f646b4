#include "desk/evidence.h"

#include <string.h>

#include "base/text.h"

static const char *const level_names[] = { "E0", "E1", "E2", "E3", "E4", "E5" };

const char *
evidence_name(EvidenceLevel level)
{
	return level_names[level];
}

EvidenceLevel
evidence_with_token(EvidenceLevel proven, bool has_token)
{
	if (!has_token)
		return proven;
	return proven >= EVIDENCE_E1 ? EVIDENCE_E3 : EVIDENCE_E2;
}

/* ---- words of a field value (RFC 8601 section 2.2) ---- */

/* authres = authserv-id [version] *(";" method "=" result [reason] *propspec)
 * Comments are skipped and quoted strings are one word, so that a verdict
 * inside either is never read as one.  What is not closed is broken. */

/* at stands on "("; behind its ")", or NULL if it has none */
static const char *
skip_comment(const char *at)
{
	unsigned depth = 0;

	for (; *at != '\0'; at++) {
		if (*at == '\\' && at[1] != '\0')
			at++;
		else if (*at == '(')
			depth++;
		else if (*at == ')' && --depth == 0)
			return at + 1;
	}
	return NULL;
}

/* stops at a comment that is not closed, as at any other word */
static const char *
skip_blanks(const char *at)
{
	for (;;) {
		const char *behind = NULL;

		if (*at == ' ' || *at == '\t')
			behind = at + 1;
		else if (*at == '(')
			behind = skip_comment(at);
		if (behind == NULL)
			return at;
		at = behind;
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

/* What is said of the From address by one method. */
typedef struct Claim {
	bool is_made;
	bool is_pass;
	bool is_contradicted;
} Claim;

typedef struct Verdict {
	Claim dmarc; /* of the From domain */
	Claim dkim;  /* of a signature aligned with it */
	Claim auth;  /* submitted by the From address itself */
} Verdict;

/* Two results that differ prove nothing (faults.md 4.3). */
static void
agree(Claim *claim, const Claim *other)
{
	claim->is_contradicted |=
		other->is_contradicted || (claim->is_made && other->is_made &&
	                                   claim->is_pass != other->is_pass);
	claim->is_made |= other->is_made;
	claim->is_pass |= other->is_pass;
}

static void
add_claim(Claim *claim, bool is_pass)
{
	Claim other = { .is_made = true, .is_pass = is_pass };

	agree(claim, &other);
}

/* One good signature of several is enough within a field. */
static void
add_signature(Claim *claim, bool is_pass)
{
	claim->is_made = true;
	claim->is_pass |= is_pass;
}

/* Lower case, A-labels (RFC 5890), without the dot of the root; "" if it is no
 * domain.  Owned by the caller. */
static char *
domain_canonical(const char *domain)
{
	size_t length = strlen(domain);

	if (length > 1 && domain[length - 1] == '.')
		length--;
	g_autofree char *bare = g_strndup(domain, length);
	char *ascii = g_hostname_to_ascii(bare);

	return ascii == NULL ? g_strdup("") : ascii;
}

static char *
domain_of(const char *address)
{
	const char *at = strrchr(address, '@');

	return domain_canonical(at == NULL ? "" : at + 1);
}

static bool
domain_equal(const char *canonical, const char *domain)
{
	g_autofree char *other = domain_canonical(domain);

	return *other != '\0' && strcmp(canonical, other) == 0;
}

/* whole labels: example.com covers mail.example.com and itself */
static bool
domain_covers(const char *parent, const char *domain)
{
	g_autofree char *above = domain_canonical(parent);
	size_t length = strlen(above);
	size_t whole = strlen(domain);

	if (strchr(above, '.') == NULL || length > whole)
		return false;
	const char *tail = domain + (whole - length);
	return strcmp(tail, above) == 0 && (tail == domain || tail[-1] == '.');
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
	if (g_ascii_strcasecmp(word->str, "none") == 0)
		return *skip_blanks(*at) == '\0'; /* stands alone */
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

/* "dkim/1": the version of the method says nothing here */
static bool
is_method(const Result *result, const char *name)
{
	size_t length = strcspn(result->method, "/");

	return strlen(name) == length &&
	       strncmp(result->method, name, length) == 0;
}

static void
weigh_result(const Result *result, const char *from, Verdict *verdict)
{
	if (result->method == NULL)
		return;
	g_autofree char *domain = domain_of(from);
	bool is_pass = g_ascii_strcasecmp(result->value, "pass") == 0;
	if (is_method(result, "dmarc")) {
		add_claim(&verdict->dmarc,
		          is_pass && domain_equal(domain,
		                                  property(result,
		                                           "header.from")));
	} else if (is_method(result, "dkim") &&
	           domain_covers(property(result, "header.d"), domain)) {
		add_signature(&verdict->dkim, is_pass);
	} else if (is_method(result, "auth") &&
	           text_equal_ascii(property(result, "smtp.auth"), from)) {
		add_claim(&verdict->auth, is_pass);
	}
}

static bool
has_name(const char *const *names, const char *name)
{
	for (; *names != NULL; names++)
		if (g_ascii_strcasecmp(*names, name) == 0)
			return true;
	return false;
}

/* true: the field is of one of our ids; *out_ok false if it does not parse */
static bool
read_field(const char *value, const Trust *trust, const char *from,
           Verdict *verdict, bool *out_ok)
{
	g_autoptr(GString) word = g_string_new(NULL);
	const char *at = value;

	*out_ok = true;
	if (!take_word(&at, word))
		return false;
	if (!has_name(trust->authserv_ids, word->str))
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

/* ---- where a field may stand ---- */

/* the name in "from HELO by NAME" of a Received field (RFC 5321 section 4.4);
 * who calls himself "by" does not fool it */
static bool
is_received_by_us(const char *received, const Trust *trust)
{
	g_autoptr(GString) word = g_string_new(NULL);
	const char *at = received;

	while (take_word(&at, word)) {
		if (g_ascii_strcasecmp(word->str, "by") == 0)
			return take_word(&at, word) &&
			       has_name(trust->received_by, word->str);
		if (g_ascii_strcasecmp(word->str, "from") == 0 &&
		    !take_word(&at, word))
			return false;
	}
	return false;
}

/* Index of the first field that a stranger can have written.
 *
 * Everything below the Received of the border came from outside, a Received
 * that names the border again and results between the two included.  So only
 * what stands above the topmost Received counts, and that must be ours.  A
 * border that strips forged results may write its own below its Received, as
 * milters do, and hand on to hosts inside: there the first Received of somebody
 * else ends it. */
static unsigned
trusted_fields(const Mail *mail, const Trust *trust)
{
	for (unsigned i = 0; i < mail->fields->len; i++) {
		const MailField *field =
			&g_array_index(mail->fields, MailField, i);

		if (g_ascii_strcasecmp(field->name, "Received") != 0)
			continue;
		bool is_ours = *trust->received_by == NULL ||
		               is_received_by_us(field->value, trust);
		if (!trust->strips_forged)
			return is_ours ? i : 0;
		if (!is_ours)
			return i;
	}
	return trust->strips_forged ? mail->fields->len : 0;
}

static void
say(GPtrArray *why, const char *reason)
{
	g_ptr_array_add(why, g_strdup(reason));
}

static bool
is_contradicted(const Verdict *sum)
{
	return sum->dmarc.is_contradicted || sum->dkim.is_contradicted ||
	       sum->auth.is_contradicted;
}

/* Adds up the trusted fields; false if E0 is certain. */
static bool
read_fields(const Mail *mail, const Trust *trust, Verdict *sum, GPtrArray *why)
{
	const char *from = mail_from_address(mail);
	unsigned end = trusted_fields(mail, trust);
	bool has_any = false;

	for (unsigned i = 0; i < end; i++) {
		const MailField *field =
			&g_array_index(mail->fields, MailField, i);
		Verdict one = { 0 };
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
		agree(&sum->dmarc, &one.dmarc);
		agree(&sum->dkim, &one.dkim);
		agree(&sum->auth, &one.auth);
		has_any = true;
	}
	if (!has_any)
		say(why, "no Authentication-Results of ours");
	else if (is_contradicted(sum))
		say(why, "two verdicts of ours differ");
	return has_any && !is_contradicted(sum);
}

EvidenceLevel
evidence_from_results(const Mail *mail, const Trust *trust, GPtrArray *why)
{
	Verdict sum = { 0 };

	if (mail_field_count(mail, "From") != 1 || mail->from->len != 1) {
		say(why, "not exactly one From address");
		return EVIDENCE_E0;
	}
	if (!read_fields(mail, trust, &sum, why))
		return EVIDENCE_E0;
	if (sum.auth.is_pass) {
		say(why, "auth=pass for the From address");
		return EVIDENCE_E1;
	}
	if (sum.dmarc.is_made) {
		say(why, sum.dmarc.is_pass
		                 ? "dmarc=pass for the From domain"
		                 : "dmarc is not pass for the From domain");
		return sum.dmarc.is_pass ? EVIDENCE_E1 : EVIDENCE_E0;
	}
	say(why, sum.dkim.is_pass ? "dkim=pass aligned with the From domain"
	                          : "no dmarc and no aligned dkim pass");
	return sum.dkim.is_pass ? EVIDENCE_E1 : EVIDENCE_E0;
}
