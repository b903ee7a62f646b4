#include "config/check.h"

#include <string.h>
#include <sys/stat.h>

#include "base/nearest.h"
#include "base/place.h"
#include "base/token.h"

#include "config/fill.h"

/* RFC 5321 section 4.5.3.1.1: 64 octets, of which a reply token and its plus
 * take 40 */
#define OWN_LOCAL_PART_MAX (64 - TOKEN_LENGTH - 1)

#define SMTP_PORT 25

typedef struct Checker {
	const Desk *desk;
	Faults *faults;
	const GArray *filled;
	const FilledSection *section; /* the one being looked at */
} Checker;

static void complain(const Checker *checker, const char *key,
                     const char *format, ...) G_GNUC_PRINTF(3, 4);

static void
complain(const Checker *checker, const char *key, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	g_autofree char *why = g_strdup_vprintf(format, args);
	va_end(args);
	faults_add(checker->faults,
	           outline_place(checker->section->outline, key), "%s", why);
}

static const char *
title(const Checker *checker)
{
	return checker->section->outline->title;
}

/* name is a title of a section of that kind. */
static void
check_name(const Checker *checker, const char *key, const char *kind,
           const char *name)
{
	g_autoptr(GArray) titles =
		g_array_new(TRUE, FALSE, sizeof(const char *));

	for (unsigned i = 0; i < checker->filled->len; i++) {
		const FilledSection *filled =
			&g_array_index(checker->filled, FilledSection, i);
		if (strcmp(filled->spec->name, kind) != 0)
			continue;
		if (strcmp(filled->outline->title, name) == 0)
			return;
		g_array_append_val(titles, filled->outline->title);
	}
	const char *near =
		nearest_word(name, (const char *const *)(void *)titles->data);
	if (near == NULL)
		complain(checker, key, "no %s is called %s", kind, name);
	else
		complain(checker, key, "no %s is called %s; did you mean %s?",
		         kind, name, near);
}

/* The languages that the templates are written in; others come as a folder of
 * that name in the desk's own templates. */
static void
check_language(const Checker *checker, const char *language)
{
	static const char *const shipped[] = { "en", "es", NULL };
	const char *own = checker->desk->templates;

	if (language == NULL || g_strv_contains(shipped, language))
		return;
	g_autofree char *folder =
		own == NULL ? NULL : g_build_filename(own, language, NULL);
	if (strchr(language, '/') == NULL && folder != NULL &&
	    g_file_test(folder, G_FILE_TEST_IS_DIR))
		return;
	complain(checker, "language",
	         "there are no templates in language %s (only en and es, and "
	         "the folders of desk's templates)",
	         language);
}

/* ---- addresses ---- */

/* An address that mail comes in by: it must have room for a reply token. */
static void
check_own_address(const Checker *checker, const char *address)
{
	const char *at = address == NULL ? NULL : strrchr(address, '@');

	if (at == NULL)
		return;
	if (memchr(address, '+', (size_t)(at - address)) != NULL)
		complain(
			checker, "address",
			"%s: an address of the desk has no \"+\", which begins "
			"the reply token",
			address);
	else if (at - address > OWN_LOCAL_PART_MAX)
		complain(
			checker, "address",
			"%s: more than %d characters before the \"@\" leave no "
			"room for the reply token",
			address, OWN_LOCAL_PART_MAX);
}

/* The section before this one, of the same kind, that has the address too. */
static const OutlineSection *
section_with_address(const Checker *checker, const char *address)
{
	for (unsigned i = 0; i < checker->filled->len; i++) {
		const FilledSection *filled =
			&g_array_index(checker->filled, FilledSection, i);
		if (filled == checker->section)
			return NULL;
		if (filled->spec != checker->section->spec)
			continue;
		const char *const *list =
			strcmp(filled->spec->name, "queue") == 0
				? ((const Queue *)filled->target)->addresses
				: ((const Agent *)filled->target)->addresses;
		if (g_strv_contains(list, address))
			return filled->outline;
	}
	return NULL;
}

static void
check_unshared(const Checker *checker, const char *address)
{
	const OutlineSection *other = section_with_address(checker, address);

	if (other != NULL)
		complain(checker, "address", "%s is an address of %s %s too",
		         address, other->kind, other->title);
}

/* ---- sections ---- */

static void
check_timezone(const Checker *checker, const char *timezone)
{
	GTimeZone *zone = g_time_zone_new_identifier(timezone);

	if (zone == NULL)
		complain(checker, "timezone",
		         "%s is no time zone (write one as America/Bogota)",
		         timezone);
	else
		g_time_zone_unref(zone);
}

static void
check_database(const Checker *checker, const char *database)
{
	/* KEY_PATH has put a folder before it */
	if (strstr(database, "postgresql:/") || strstr(database, "postgres:/"))
		complain(checker, "database",
		         "this version keeps a desk in one SQLite file: give a "
		         "path, not an address of PostgreSQL");
	else if (g_file_test(database, G_FILE_TEST_IS_DIR))
		complain(checker, "database", "%s is a directory", database);
}

static void
check_key(const Checker *checker, const char *path)
{
	g_autoptr(GError) error = NULL;
	KeyRing *ring = keyring_load(path, &error);

	if (ring == NULL)
		complain(checker, "key", "%s", error->message);
	keyring_free(ring);
}

#define SUBJECT_TAG_MAX 30

static void
check_subject_tags(const Checker *checker, const char *const *tags)
{
	if (*tags == NULL)
		complain(
			checker, "subject-tags",
			"subject-tags needs at least one value (\"\" for [#12])");
	for (; *tags != NULL; tags++)
		if (strlen(*tags) > SUBJECT_TAG_MAX ||
		    strpbrk(*tags, "[]#\"\\") != NULL)
			complain(
				checker, "subject-tags",
				"a subject tag is at most %d characters without "
				"brackets, \"#\" and quotes",
				SUBJECT_TAG_MAX);
}

static void
check_desk_section(const Checker *checker, const void *target)
{
	const Desk *desk = target;

	check_own_address(checker, desk->address);
	check_language(checker, desk->language);
	check_timezone(checker, desk->timezone);
	check_database(checker, desk->database);
	check_key(checker, desk->key);
	check_subject_tags(checker, desk->subject_tags);
	if (desk->domain != NULL && !fill_is_domain(desk->domain))
		complain(checker, "domain", "%s is no domain", desk->domain);
	if (desk->templates != NULL &&
	    !g_file_test(desk->templates, G_FILE_TEST_IS_DIR))
		complain(checker, "templates", "%s is not a directory",
		         desk->templates);
	if (desk->rules != NULL &&
	    !g_file_test(desk->rules, G_FILE_TEST_IS_REGULAR))
		complain(checker, "rules", "%s is not there", desk->rules);
}

static void
check_queue(const Checker *checker, const void *target)
{
	const Queue *queue = target;

	for (const char *const *a = queue->addresses; *a != NULL; a++) {
		check_own_address(checker, *a);
		check_unshared(checker, *a);
	}
	if (queue->team != NULL)
		check_name(checker, "team", "team", queue->team);
	check_language(checker, queue->language);
}

static void
check_team(const Checker *checker, const void *target)
{
	const Team *team = target;

	for (const char *const *name = team->members; *name != NULL; name++)
		check_name(checker, "members", "agent", *name);
}

static void
check_agent(const Checker *checker, const void *target)
{
	const Agent *agent = target;

	for (const char *const *a = agent->addresses; *a != NULL; a++) {
		if (desk_owns_address(checker->desk, *a))
			complain(checker, "address",
			         "%s is an address of the desk: what it sends "
			         "to %s would come back as a new mail",
			         *a, title(checker));
		check_unshared(checker, *a);
	}
	check_language(checker, agent->language);
	if (agent->substitute != NULL)
		check_name(checker, "substitute", "agent", agent->substitute);
}

static void
check_smtp_url(const Checker *checker, const Smtp *smtp)
{
	g_autofree char *scheme = NULL;
	g_autofree char *host = NULL;
	int port = -1;

	if (!g_uri_split_network(smtp->url, G_URI_FLAGS_NONE, &scheme, &host,
	                         &port, NULL) ||
	    host == NULL || *host == '\0' ||
	    (strcmp(scheme, "smtp") != 0 && strcmp(scheme, "smtps") != 0)) {
		complain(checker, "url",
		         "%s: must be smtp://HOST:PORT or smtps://HOST:PORT",
		         smtp->url);
		return;
	}
	if (strchr(smtp->url, '@') != NULL)
		complain(checker, "url",
		         "the user's name goes into the key user, not the URL");
	if (g_strcmp0(smtp->tls, "never") != 0)
		return;
	if (strcmp(scheme, "smtps") == 0)
		complain(checker, "tls", "smtps:// is TLS from the beginning");
	else if (!place_is_loopback(host))
		complain(checker, "tls",
		         "mail to %s may not go without TLS; \"never\" is for "
		         "this machine only",
		         host);
}

/* The file that the password stands in may be read by everybody. */
static bool
stands_open(const OutlineKey *key)
{
	struct stat st;

	return strstr(key->values->pdata[0], "${") == NULL &&
	       stat(key->place.file, &st) == 0 && (st.st_mode & S_IRWXO) != 0;
}

static void
check_password(const Checker *checker, const char *user, const char *password)
{
	static const char *const ways[] = { "password", "password_file",
		                            "password_command" };
	const OutlineSection *outline = checker->section->outline;
	const char *given = NULL;

	for (unsigned i = 0; i < G_N_ELEMENTS(ways); i++) {
		if (outline_key(outline, ways[i]) == NULL)
			continue;
		if (given != NULL)
			complain(checker, ways[i],
			         "the password is given by %s already", given);
		given = ways[i];
	}
	if (given != NULL && user == NULL)
		complain(checker, given, "a password without a user");
	if (given == NULL && user != NULL)
		complain(checker, "user",
		         "a user without a password (password_file, "
		         "password_command or password)");
	const OutlineKey *key = outline_key(outline, "password");
	if (key != NULL && password != NULL && stands_open(key))
		complain(checker, "password",
		         "everybody may read this file: use password_file, or "
		         "chmod 640 %s",
		         key->place.file);
}

static void
check_smtp(const Checker *checker, const void *target)
{
	const Smtp *smtp = target;

	if (smtp->url != NULL)
		check_smtp_url(checker, smtp);
	check_password(checker, smtp->user, smtp->password);
	if (smtp->ca_file != NULL &&
	    !g_file_test(smtp->ca_file, G_FILE_TEST_IS_REGULAR))
		complain(checker, "ca-file", "%s is not there", smtp->ca_file);
	if (smtp->from != NULL &&
	    desk_agent_for_address(checker->desk, smtp->from) != NULL)
		complain(checker, "from",
		         "%s is an agent's address: answers would go to him "
		         "and not to the desk",
		         smtp->from);
	g_autofree char *envelope =
		smtp->envelope == NULL
			? NULL
			: g_strconcat(smtp->envelope, "@example.org", NULL);
	if (envelope != NULL && (!fill_is_address(envelope) ||
	                         strchr(smtp->envelope, '+') != NULL ||
	                         strlen(smtp->envelope) > OWN_LOCAL_PART_MAX))
		complain(checker, "envelope",
		         "must be what stands before the \"@\" of an address, "
		         "at most %d characters without \"+\"",
		         OWN_LOCAL_PART_MAX);
}

/* LMTP knows no passwords; and where mail servers expect SMTP it must not be
 * (RFC 2033 section 5). */
static void
check_lmtp(const Checker *checker, const void *target)
{
	const Lmtp *lmtp = target;

	for (const char *const *place = lmtp->listen; *place != NULL; place++) {
		g_autofree char *host = NULL;
		unsigned port;

		if (place_is_path(*place))
			continue;
		if (!place_split(*place, &host, &port))
			complain(checker, "listen",
			         "%s: must be a path or HOST:PORT", *place);
		else if (!place_is_loopback(host))
			complain(checker, "listen",
			         "%s: whoever reaches it may deliver; only "
			         "this machine should (127.0.0.1, ::1)",
			         *place);
		else if (port == SMTP_PORT)
			complain(checker, "listen",
			         "%s: port 25 is for SMTP, never for LMTP",
			         *place);
	}
}

/* What a mailbox can be, and what can become of what was fetched. */
static const struct {
	const char *scheme;
	bool is_tls; /* from the beginning */
	bool has_folders;
} mailbox_schemes[] = {
	{ "imaps", true, true },
	{ "imap", false, true },
	{ "pop3s", true, false },
	{ "pop3", false, false },
};

static void
check_after(const Checker *checker, const char *after, bool has_folders)
{
	bool is_move = g_str_has_prefix(after, "move:") && after[5] != '\0';

	if (strcmp(after, "keep") == 0 || strcmp(after, "delete") == 0 ||
	    (has_folders && (is_move || strcmp(after, "flag") == 0)))
		return;
	complain(checker, "after",
	         has_folders ? "%s: must be flag, keep, delete or move:FOLDER"
	                     : "%s: with POP3 must be keep or delete",
	         after);
}

static void
check_mailbox_tls(const Checker *checker, const Inbox *mailbox, bool is_tls,
                  const char *host)
{
	if (g_strcmp0(mailbox->tls, "never") != 0)
		return;
	if (is_tls)
		complain(checker, "tls", "%s is TLS from the beginning",
		         mailbox->url);
	else if (!place_is_loopback(host))
		complain(checker, "tls",
		         "mail may not come from %s without TLS; \"never\" is "
		         "for this machine only",
		         host);
}

static void
check_mailbox_url(const Checker *checker, const Inbox *mailbox)
{
	g_autoptr(GUri) uri =
		g_uri_parse(mailbox->url, G_URI_FLAGS_PARSE_RELAXED, NULL);
	const char *host = uri == NULL ? NULL : g_uri_get_host(uri);

	for (unsigned i = 0;
	     host != NULL && *host != '\0' && i < G_N_ELEMENTS(mailbox_schemes);
	     i++) {
		if (strcmp(mailbox_schemes[i].scheme, g_uri_get_scheme(uri)))
			continue;
		if (g_uri_get_userinfo(uri) != NULL)
			complain(checker, "url",
			         "the user's name goes into the key user, not "
			         "the URL");
		if (mailbox->after != NULL)
			check_after(checker, mailbox->after,
			            mailbox_schemes[i].has_folders);
		check_mailbox_tls(checker, mailbox, mailbox_schemes[i].is_tls,
		                  host);
		return;
	}
	complain(checker, "url",
	         "%s: must be imaps://HOST/FOLDER, imap://, pop3s:// or "
	         "pop3://",
	         mailbox->url);
}

static void
check_mailbox(const Checker *checker, const void *target)
{
	const Inbox *mailbox = target;

	if (mailbox->url != NULL)
		check_mailbox_url(checker, mailbox);
	check_password(checker, mailbox->user, mailbox->password);
	if (mailbox->queue != NULL)
		check_name(checker, "queue", "queue", mailbox->queue);
	if (mailbox->ca_file != NULL &&
	    !g_file_test(mailbox->ca_file, G_FILE_TEST_IS_REGULAR))
		complain(checker, "ca-file", "%s is not there",
		         mailbox->ca_file);
}

static void
check_trust(const Checker *checker, const void *target)
{
	const Trust *trust = target;

	if (trust->strips_forged && *trust->received_by == NULL)
		complain(checker, "strips-forged",
		         "strips-forged needs received-by: the names that the "
		         "border writes in Received");
}

#define MESSAGE_OCTETS_MIN 65536

static void
check_limits(const Checker *checker, const void *target)
{
	const Limits *limits = target;

	if (limits->message_octets < MESSAGE_OCTETS_MIN)
		complain(checker, "message-octets",
		         "fewer than 64K would turn ordinary mail away");
	if (limits->parse_seconds > limits->deliver_seconds)
		complain(checker, "parse-seconds",
		         "parse-seconds is more than deliver-seconds (%d)",
		         limits->deliver_seconds);
}

static const struct {
	const char *section;
	void (*check)(const Checker *checker, const void *target);
} checks[] = {
	{ "desk", check_desk_section }, { "queue", check_queue },
	{ "team", check_team },         { "agent", check_agent },
	{ "smtp", check_smtp },         { "trust", check_trust },
	{ "limits", check_limits },     { "lmtp", check_lmtp },
	{ "mailbox", check_mailbox },
};

void
check_desk(const Desk *desk, const GArray *filled, Faults *faults)
{
	Checker checker = { .desk = desk, .faults = faults, .filled = filled };

	for (unsigned i = 0; i < filled->len; i++) {
		checker.section = &g_array_index(filled, FilledSection, i);
		for (unsigned j = 0; j < G_N_ELEMENTS(checks); j++)
			if (strcmp(checks[j].section,
			           checker.section->spec->name) == 0)
				checks[j].check(&checker,
				                checker.section->target);
	}
}
