/* All words of the language, as tables: what a word takes, and what it does. */
#include "sieve/words.h"

#include <string.h>

#define ON_MAIL  (1U << SCRIPT_MAIL)
#define ON_EVENT (1U << SCRIPT_EVENT)
#define ON_BOTH  (ON_MAIL | ON_EVENT)
#define OURS     "vnd.postigo"
#define ASK      (TAGS_MATCH | TAGS_COMPARATOR)

#define TEST(word, sig, args)                                                 \
	.name = word, .role = ROLE_TEST, .signature = sig, .arguments = args, \
	.in_scripts = ON_BOTH
#define ACTION(word, sig, args, kind)                          \
	.name = word, .role = ROLE_ACTION, .capability = OURS, \
	.signature = sig, .arguments = args, .ruling = kind

static const Word words[] = {
	/* RFC 5228 */
	{ .name = "require",
	  .role = ROLE_REQUIRE,
	  .signature = "S",
	  .arguments = "the names of extensions",
	  .in_scripts = ON_BOTH },
	{ .name = "if",
	  .role = ROLE_IF,
	  .signature = "",
	  .tests = 1,
	  .in_scripts = ON_BOTH },
	{ .name = "elsif",
	  .role = ROLE_ELSIF,
	  .signature = "",
	  .tests = 1,
	  .in_scripts = ON_BOTH },
	{ .name = "else",
	  .role = ROLE_ELSE,
	  .signature = "",
	  .in_scripts = ON_BOTH },
	{ .name = "stop",
	  .role = ROLE_STOP,
	  .signature = "",
	  .in_scripts = ON_BOTH },
	{ .name = "keep",
	  .role = ROLE_ACTION,
	  .signature = "",
	  .ruling = RULING_KEEP,
	  .in_scripts = ON_BOTH },
	{ TEST("true", "", NULL), .holds = holds_true },
	{ TEST("false", "", NULL), .holds = holds_false },
	{ TEST("not", "", NULL), .tests = 1, .holds = holds_not },
	{ TEST("anyof", "", NULL), .tests = TESTS_MANY, .holds = holds_any },
	{ TEST("allof", "", NULL), .tests = TESTS_MANY, .holds = holds_all },
	{ TEST("header", "SS", "header names and keys"),
	  .tags = ASK | TAGS_MIME, .fetch = fetch_header },
	{ TEST("address", "SS", "header names and keys"),
	  .tags = ASK | TAGS_PART, .fetch = fetch_address },
	{ TEST("exists", "S", "header names"), .tags = TAGS_MIME,
	  .holds = holds_exists },
	{ TEST("size", "n", "a number of octets"), .tags = TAGS_SIZE,
	  .holds = holds_size },
	/* the extensions of other RFCs */
	{ TEST("envelope", "SS", "\"from\" or \"to\", and keys"),
	  .capability = "envelope", .tags = ASK | TAGS_PART,
	  .fetch = fetch_envelope, .vocabulary = "envelope" },
	{ TEST("body", "S", "keys"), .capability = "body",
	  .tags = ASK | TAGS_BODY, .fetch = fetch_body, .has_no_name = true },
	{ TEST("string", "SS", "strings and keys"), .capability = "variables",
	  .tags = ASK, .fetch = fetch_string },
	{ TEST("date", "ssS", "a header name, a part of the date, and keys"),
	  .capability = "date", .tags = ASK | TAGS_ZONE, .fetch = fetch_date,
	  .vocabulary = "date" },
	{ TEST("currentdate", "sS", "a part of the date, and keys"),
	  .capability = "date", .tags = ASK | TAGS_ZONE,
	  .fetch = fetch_current_date, .vocabulary = "date" },
	{ TEST("environment", "sS", "an item's name and keys"),
	  .capability = "environment", .tags = ASK,
	  .fetch = fetch_environment },
	{ .name = "set",
	  .role = ROLE_ACTION,
	  .capability = "variables",
	  .signature = "ss",
	  .arguments = "a variable's name and its value",
	  .tags = TAGS_SET,
	  .act = act_set,
	  .in_scripts = ON_BOTH },
	/* ours */
	{ TEST("ticket", "sS", "a field of the ticket, and keys"),
	  .capability = OURS, .tags = ASK, .fetch = fetch_ticket,
	  .is_loose = true, .comparator = COMPARE_DECIMAL,
	  .vocabulary = "ticket" },
	{ TEST("fact", "sS", "a fact's name and keys"), .capability = OURS,
	  .tags = ASK, .fetch = fetch_fact, .is_loose = true,
	  .comparator = COMPARE_DECIMAL },
	{ TEST("class", "S", "classes of mail"), .capability = OURS,
	  .tags = ASK, .fetch = fetch_class, .is_loose = true,
	  .has_no_name = true, .vocabulary = "class" },
	{ TEST("sender", "sS", "what is asked of the sender, and keys"),
	  .capability = OURS, .tags = ASK, .fetch = fetch_sender,
	  .is_loose = true, .comparator = COMPARE_DECIMAL,
	  .vocabulary = "sender" },
	{ .name = "event",
	  .role = ROLE_TEST,
	  .capability = OURS,
	  .signature = "S",
	  .arguments = "names of events",
	  .tags = ASK,
	  .fetch = fetch_event,
	  .is_loose = true,
	  .has_no_name = true,
	  .in_scripts = ON_EVENT,
	  .vocabulary = "event" },
	{ ACTION("queue", "s", "a queue", RULING_QUEUE), .in_scripts = ON_BOTH,
	  .vocabulary = "queue" },
	{ ACTION("priority", "s", "a priority", RULING_PRIORITY),
	  .in_scripts = ON_BOTH, .vocabulary = "priority" },
	{ ACTION("type", "s", "a type of ticket", RULING_TYPE),
	  .in_scripts = ON_BOTH, .vocabulary = "type" },
	{ ACTION("assign", "s", "an agent", RULING_ASSIGN),
	  .in_scripts = ON_BOTH, .vocabulary = "agent" },
	{ ACTION("team", "s", "a team", RULING_TEAM), .in_scripts = ON_BOTH,
	  .vocabulary = "team" },
	{ ACTION("tag", "S", "tags", RULING_TAG), .in_scripts = ON_BOTH },
	{ ACTION("untag", "S", "tags", RULING_UNTAG), .in_scripts = ON_BOTH },
	{ ACTION("field", "ss", "a field's name and its value", RULING_FIELD),
	  .in_scripts = ON_BOTH },
	{ ACTION("sla", "s", "a service level", RULING_SLA),
	  .in_scripts = ON_BOTH },
	{ ACTION("watch", "S", "addresses", RULING_WATCH),
	  .in_scripts = ON_BOTH, .vocabulary = "address" },
	{ ACTION("note", "s", "a text", RULING_NOTE), .in_scripts = ON_BOTH },
	{ ACTION("answer", "s", "a template's name", RULING_ANSWER),
	  .in_scripts = ON_BOTH },
	{ ACTION("noanswer", "", NULL, RULING_NOANSWER),
	  .in_scripts = ON_MAIL },
	{ ACTION("quarantine", "s", "a reason", RULING_QUARANTINE),
	  .in_scripts = ON_MAIL },
	{ ACTION("ban", "", NULL, RULING_BAN), .in_scripts = ON_MAIL },
	{ ACTION("link", "ss", "the word \"key\" and a key", RULING_LINK),
	  .in_scripts = ON_MAIL, .vocabulary = "link" },
	{ ACTION("resolve", "s", "a reason", RULING_RESOLVE),
	  .in_scripts = ON_BOTH },
};

const Word *
word_find(const char *name, bool is_test)
{
	for (unsigned i = 0; i < G_N_ELEMENTS(words); i++)
		if ((words[i].role == ROLE_TEST) == is_test &&
		    strcmp(words[i].name, name) == 0)
			return &words[i];
	return NULL;
}

const char *const *
word_names(bool is_test)
{
	static const char *lists[2][G_N_ELEMENTS(words) + 1];
	unsigned count = 0;

	for (unsigned i = 0; i < G_N_ELEMENTS(words); i++)
		if ((words[i].role == ROLE_TEST) == is_test)
			lists[is_test][count++] = words[i].name;
	return lists[is_test];
}

/* What people write who come from a mail server's Sieve. */
static const struct {
	const char *name;
	const char *instead;
} elsewhere[] = {
	{ "fileinto", "a desk has no folders: queue \"...\" is the action" },
	{ "discard", "a desk throws no mail away: quarantine \"why\" keeps it "
	             "out of sight" },
	{ "redirect", "rules send no mail on: watch \"address\" lets somebody "
	              "follow the ticket" },
	{ "reject", "rules send no mail back: quarantine \"why\" or answer "
	            "\"template\"" },
	{ "ereject", "rules send no mail back: quarantine \"why\" or answer "
	             "\"template\"" },
	{ "vacation", "answer \"template\" sends an automatic answer" },
	{ "notify", "watch \"address\" lets somebody follow the ticket" },
	{ "addflag", "tickets have tags: tag \"...\" is the action" },
	{ "setflag", "tickets have tags: tag \"...\" is the action" },
	{ "removeflag", "tickets have tags: untag \"...\" is the action" },
	{ "hasflag", "tickets have tags: ticket \"tag\" is the test" },
	{ "addheader", "rules do not change mails: field \"name\" \"value\" "
	               "keeps something with the ticket" },
	{ "deleteheader", "rules do not change mails" },
	{ "include", "one desk has one script of rules" },
	{ "foreverypart", "there are no loops: header :mime :anychild looks "
	                  "at all attachments" },
	{ "virustest", "fact \"virus\" is the test, with a filter that states "
	               "it" },
	{ "spamtest", "fact \"spam.score\" is the test, with a filter that "
	              "states it" },
	{ "execute", "programs are filters, which state facts: "
	             "postigo-filters(7)" },
	{ "pipe", "programs are filters, which state facts: "
	          "postigo-filters(7)" },
	{ "filter", "programs are filters, which state facts: "
	            "postigo-filters(7)" },
};

const char *
word_elsewhere(const char *name)
{
	for (unsigned i = 0; i < G_N_ELEMENTS(elsewhere); i++)
		if (strcmp(elsewhere[i].name, name) == 0)
			return elsewhere[i].instead;
	return NULL;
}

/* ---- tags ---- */

enum {
	CLASH_MATCH = 1,
	CLASH_COMPARATOR,
	CLASH_PART,
	CLASH_SIZE,
	CLASH_MIME,
	CLASH_ZONE,
	CLASH_CASE,
	CLASH_FIRST,
	CLASH_QUOTE,
	CLASH_LENGTH,
	CLASH_CHILD,
	CLASH_OPTION,
	CLASH_BODY
};

static const Tag tags[] = {
	{ "is", TAGS_MATCH, NULL, CLASH_MATCH, 0, MATCH_IS, 0 },
	{ "contains", TAGS_MATCH, NULL, CLASH_MATCH, 0, MATCH_CONTAINS, 0 },
	{ "matches", TAGS_MATCH, NULL, CLASH_MATCH, 0, MATCH_MATCHES, 0 },
	{ "count", TAGS_MATCH, "relational", CLASH_MATCH, 0, MATCH_COUNT, 's' },
	{ "value", TAGS_MATCH, "relational", CLASH_MATCH, 0, MATCH_VALUE, 's' },
	{ "comparator", TAGS_COMPARATOR, NULL, CLASH_COMPARATOR, 0, 0, 's' },
	{ "all", TAGS_PART, NULL, CLASH_PART, 0, PART_ALL, 0 },
	{ "localpart", TAGS_PART, NULL, CLASH_PART, 0, PART_LOCAL, 0 },
	{ "domain", TAGS_PART, NULL, CLASH_PART, 0, PART_DOMAIN, 0 },
	{ "user", TAGS_PART, "subaddress", CLASH_PART, 0, PART_USER, 0 },
	{ "detail", TAGS_PART, "subaddress", CLASH_PART, 0, PART_DETAIL, 0 },
	{ "over", TAGS_SIZE, NULL, CLASH_SIZE, FLAG_OVER, 0, 0 },
	{ "under", TAGS_SIZE, NULL, CLASH_SIZE, FLAG_UNDER, 0, 0 },
	{ "mime", TAGS_MIME, "mime", CLASH_MIME, FLAG_MIME, 0, 0 },
	{ "anychild", TAGS_MIME, "mime", CLASH_CHILD, FLAG_ANYCHILD, 0, 0 },
	{ "type", TAGS_MIME, "mime", CLASH_OPTION, FLAG_TYPE, 0, 0 },
	{ "subtype", TAGS_MIME, "mime", CLASH_OPTION, FLAG_SUBTYPE, 0, 0 },
	{ "contenttype", TAGS_MIME, "mime", CLASH_OPTION, FLAG_CONTENTTYPE, 0,
	  0 },
	{ "param", TAGS_MIME, "mime", CLASH_OPTION, FLAG_PARAM, 0, 'S' },
	{ "zone", TAGS_ZONE, NULL, CLASH_ZONE, FLAG_ZONE, 0, 's' },
	{ "originalzone", TAGS_ZONE, NULL, CLASH_ZONE, FLAG_ORIGINALZONE, 0,
	  0 },
	{ "lower", TAGS_SET, NULL, CLASH_CASE, FLAG_LOWER, 0, 0 },
	{ "upper", TAGS_SET, NULL, CLASH_CASE, FLAG_UPPER, 0, 0 },
	{ "lowerfirst", TAGS_SET, NULL, CLASH_FIRST, FLAG_LOWERFIRST, 0, 0 },
	{ "upperfirst", TAGS_SET, NULL, CLASH_FIRST, FLAG_UPPERFIRST, 0, 0 },
	{ "quotewildcard", TAGS_SET, NULL, CLASH_QUOTE, FLAG_QUOTEWILDCARD, 0,
	  0 },
	{ "length", TAGS_SET, NULL, CLASH_LENGTH, FLAG_LENGTH, 0, 0 },
	{ "text", TAGS_BODY, NULL, CLASH_BODY, FLAG_TEXT, 0, 0 },
};

const Tag *
tag_find(const char *name, unsigned groups)
{
	for (unsigned i = 0; i < G_N_ELEMENTS(tags); i++)
		if ((tags[i].group & groups) != 0 &&
		    strcmp(tags[i].name, name) == 0)
			return &tags[i];
	return NULL;
}

bool
tag_is_known(const char *name)
{
	return tag_find(name, ~0U) != NULL;
}

const char **
tag_names(unsigned groups)
{
	const char **list = g_new0(const char *, G_N_ELEMENTS(tags) + 1);
	unsigned count = 0;

	for (unsigned i = 0; i < G_N_ELEMENTS(tags); i++)
		if ((tags[i].group & groups) != 0)
			list[count++] = tags[i].name;
	return list;
}

/* ---- extensions ---- */

static const Capability capabilities[] = {
	{ "vnd.postigo", NULL },
	{ "body", NULL },
	{ "comparator-i;ascii-casemap", NULL },
	{ "comparator-i;ascii-numeric", NULL },
	{ "comparator-i;octet", NULL },
	{ "comparator-i;unicode-casemap", NULL },
	{ "date", NULL },
	{ "envelope", NULL },
	{ "environment", NULL },
	{ "mime", NULL },
	{ "relational", NULL },
	{ "subaddress", NULL },
	{ "variables", NULL },
	{ "fileinto", "a desk has no folders: queue \"...\" is the action" },
	{ "reject", "rules send no mail back: quarantine \"why\" or answer "
	            "\"template\"" },
	{ "ereject", "rules send no mail back: quarantine \"why\" or answer "
	             "\"template\"" },
	{ "vacation", "answer \"template\" of vnd.postigo sends an automatic "
	              "answer" },
	{ "imap4flags", "tickets have tags: tag and untag of vnd.postigo" },
	{ "editheader", "rules do not change mails" },
	{ "copy", "there are no folders to copy to" },
	{ "mailbox", "there are no folders" },
	{ "include", "one desk has one script of rules" },
	{ "regex", "it could take for ever on a hostile mail: use :matches" },
	{ "foreverypart", "there are no loops: header :mime :anychild looks "
	                  "at all attachments" },
	{ "spamtest", "a filter states it: fact \"spam.score\"" },
	{ "spamtestplus", "a filter states it: fact \"spam.score\"" },
	{ "virustest", "a filter states it: fact \"virus\"" },
	{ "enotify", "watch \"address\" lets somebody follow the ticket" },
	{ "duplicate", "the desk knows doubles by itself" },
	{ "vnd.dovecot.execute", "programs are filters, which state facts: "
	                         "postigo-filters(7)" },
	{ "vnd.dovecot.pipe", "programs are filters, which state facts: "
	                      "postigo-filters(7)" },
	{ "vnd.dovecot.filter", "programs are filters, which state facts: "
	                        "postigo-filters(7)" },
};

const Capability *
capability_find(const char *name)
{
	for (unsigned i = 0; i < G_N_ELEMENTS(capabilities); i++)
		if (strcmp(capabilities[i].name, name) == 0)
			return &capabilities[i];
	return NULL;
}

const char *const *
capability_names(void)
{
	static const char *list[G_N_ELEMENTS(capabilities) + 1];
	unsigned count = 0;

	for (unsigned i = 0; i < G_N_ELEMENTS(capabilities); i++)
		if (capabilities[i].refused == NULL)
			list[count++] = capabilities[i].name;
	return list;
}

static const struct {
	const char *name;
	Comparator comparator;
} comparators[] = {
	{ "i;octet", COMPARE_OCTET },
	{ "i;ascii-casemap", COMPARE_ASCII },
	{ "i;unicode-casemap", COMPARE_UNICODE },
	{ "i;ascii-numeric", COMPARE_NUMERIC },
};

bool
comparator_from_name(const char *name, Comparator *out_comparator)
{
	for (unsigned i = 0; i < G_N_ELEMENTS(comparators); i++)
		if (strcmp(comparators[i].name, name) == 0) {
			*out_comparator = comparators[i].comparator;
			return true;
		}
	return false;
}
