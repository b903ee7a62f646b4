#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/error.h"
#include "base/io.h"
#include "base/token.h"

#include "config/config.h"
#include "config/schema.h"

/* ---- a folder with a key ----------------------------------------------------
 */

static char *folder;

static char *
in_folder(const char *name)
{
	return g_build_filename(folder, name, NULL);
}

static void
write_file(const char *name, unsigned mode, const char *text)
{
	g_autofree char *path = in_folder(name);

	assert_true(g_file_set_contents(path, text, -1, NULL));
	assert_int_equal(chmod(path, mode), 0);
}

#define ICS_BODY(summary, start, more)                                     \
	"BEGIN:VEVENT\r\nSUMMARY:" summary "\r\nDTSTART;VALUE=DATE:" start \
	"\r\n" more "END:VEVENT\r\n"
#define ICS_EVENT(summary, start, more)                \
	"BEGIN:VCALENDAR\r\nVERSION:2.0\r\n" ICS_BODY( \
		summary, start, more) "END:VCALENDAR\r\n"

static int
make_folder(void **state)
{
	(void)state;
	folder = g_dir_make_tmp("postigo-test-config-XXXXXX", NULL);
	g_autofree char *key = keyring_generate();
	write_file("postigo.key", 0600, key);
	write_file("open.key", 0644, key);
	write_file("secret", 0600, "hunter2\nsecond line\n");
	write_file("open-secret", 0644, "hunter2\n");
	write_file("empty-secret", 0600, "\n");
	write_file("bad.ics", 0644, "hello\n");
	write_file("spin.ics", 0644,
	           ICS_EVENT("Spin", "20260101", "RRULE:FREQ=SECONDLY\r\n"));
	write_file(
		"co.ics", 0644,
		"BEGIN:VCALENDAR\r\nVERSION:2.0\r\n" ICS_BODY(
			"Labour Day", "20240501",
			"RRULE:FREQ=YEARLY\r\n") ICS_BODY("Bridge", "20261228",
	                                                  "DTEND;VALUE=DATE:20261231\r\n")
			ICS_BODY(
				"Third Monday", "20240115",
				"RRULE:FREQ=MONTHLY;BYDAY=3MO\r\n"
				"EXDATE;VALUE=DATE:20260316\r\n") "END:VCALENDAR\r\n");
	g_setenv("POSTIGO_TEST_NAME", "from the \"environment\"", TRUE);
	g_setenv("POSTIGO_TEST_BAD", "two\nlines", TRUE);
	g_unsetenv("POSTIGO_TEST_UNSET");
	return 0;
}

static int
remove_folder(void **state)
{
	GDir *dir = g_dir_open(folder, 0, NULL);
	const char *name;

	(void)state;
	while ((name = g_dir_read_name(dir)) != NULL) {
		g_autofree char *path = in_folder(name);
		unlink(path);
		rmdir(path);
	}
	g_dir_close(dir);
	rmdir(folder);
	g_free(folder);
	return 0;
}

/* The faults of text, one a line, without the folder; "" if there are none. */
static char *
faults_of(const char *text)
{
	g_autoptr(GPtrArray) faults = g_ptr_array_new_with_free_func(g_free);
	g_autoptr(GString) told = g_string_new(NULL);
	g_autofree char *path = in_folder("postigo.conf");
	g_autofree char *prefix = g_strconcat(folder, "/", NULL);

	write_file("postigo.conf", 0644, text);
	g_autoptr(Desk) desk = config_load(path, faults);
	assert_true((desk != NULL) == (faults->len == 0));
	for (unsigned i = 0; i < faults->len; i++)
		g_string_append_printf(told, "%s\n", (char *)faults->pdata[i]);
	g_string_replace(told, prefix, "", 0);
	return g_string_free(g_steal_pointer(&told), FALSE);
}

static Desk *
load(const char *text)
{
	g_autoptr(GError) error = NULL;
	g_autofree char *path = in_folder("postigo.conf");

	write_file("postigo.conf", 0640, text);
	Desk *desk = config_load_or_error(path, &error);
	if (desk == NULL)
		fail_msg("%s", error->message);
	return desk;
}

/* ---- what is read ---- */

#define DESK  "desk { name = \"Desk\" address = help@acme.example }\n"
#define QUEUE "queue \"q\" { address = {\"q@acme.example\"} team = \"one\" }\n"
#define TEAM  "team \"one\" { members = {\"ana\"} }\n"
#define AGENT \
	"agent \"ana\" { name = \"Ana\" address = {\"ana@acme.example\"} }\n"
#define SMALL DESK QUEUE TEAM AGENT

static void
test_defaults(void **state)
{
	g_autoptr(Desk) desk = load(SMALL);
	const Queue *queue = desk_queue(desk, "q");
	const Team *team = desk_team(desk, "one");
	const Agent *agent = desk_agent(desk, "ana");
	g_autofree char *database = in_folder("postigo.db");
	g_autofree char *key = in_folder("postigo.key");

	(void)state;
	assert_string_equal(desk->domain, "acme.example");
	assert_string_equal(desk->language, "en");
	assert_string_equal(desk->timezone, "UTC");
	assert_string_equal(desk->database, database);
	assert_string_equal(desk->key, key);
	assert_null(desk->templates);
	assert_string_equal(desk->subject_tags[0], "");
	assert_null(desk->subject_tags[1]);
	assert_true(queue->acknowledge);
	assert_int_equal(queue->reply_to, REPLY_TO_AUTO);
	assert_int_equal(queue->lists, LIST_HOLD);
	assert_int_equal(queue->reopen_days, 14);
	assert_string_equal(queue->type, "incident");
	assert_string_equal(queue->priority, "normal");
	assert_null(queue->language);
	assert_int_equal(team->level, 1);
	assert_string_equal(team->assign, "none");
	assert_string_equal(agent->roles[0], "agent");
	assert_null(desk->smtp.url);
	assert_string_equal(desk->smtp.tls, "required");
	assert_int_equal(desk->limits.parse_seconds, 10);
}

static void
test_every_key(void **state)
{
	g_autoptr(Desk) desk = load(
		"/* all of it */\n"
		"desk { # comment\n"
		"  name = \"Mesa \\\"de\\\" ayuda\"  // comment\n"
		"  address = \"Help@ACME.example\" domain = \"Mail.ACME.example\"\n"
		"  language = es timezone = \"America/Bogota\"\n"
		"  database = \"data/desk.db\" key = 'postigo.key'\n"
		"  subject-tags = {\"\", \"acme\"}\n"
		"}\n" TEAM AGENT
		"queue redes { address = {\"redes@acme.example\",\n"
		"    'net@acme.example'} address += {\"wifi@acme.example\"}\n"
		"  team = one language = en type = request priority = high\n"
		"  acknowledge = no reply-to = from lists = ticket\n"
		"  reopen-days = 0 }\n"
		"smtp { url = \"smtp://mail.acme.example:587\" user = desk\n"
		"  password_file = secret auth = login from = noreply@acme.example\n"
		"  envelope = bounces rate = 100 connections = 2 }\n"
		"trust { authserv-id = mx.acme.example strips-forged = yes\n"
		"  received-by = {\"mx1.acme.example\", \"mx2.acme.example\"} }\n"
		"limits { message-octets = 10M free-octets = 1G\n"
		"  acknowledgements-per-sender-day = 2 parse-seconds = 5 }\n");
	const Queue *queue = desk_queue(desk, "redes");
	g_autofree char *database = in_folder("data/desk.db");

	(void)state;
	assert_string_equal(desk->name, "Mesa \"de\" ayuda");
	assert_string_equal(desk->address, "help@acme.example");
	assert_string_equal(desk->domain, "mail.acme.example");
	assert_string_equal(desk->database, database);
	assert_string_equal(desk->subject_tags[1], "acme");
	assert_string_equal(queue->addresses[0], "redes@acme.example");
	assert_string_equal(queue->addresses[1], "net@acme.example");
	assert_string_equal(queue->addresses[2], "wifi@acme.example");
	assert_null(queue->addresses[3]);
	assert_string_equal(queue->type, "request");
	assert_false(queue->acknowledge);
	assert_int_equal(queue->reply_to, REPLY_TO_FROM);
	assert_int_equal(queue->lists, LIST_TICKET);
	assert_int_equal(queue->reopen_days, 0);
	assert_string_equal(desk->smtp.password, "hunter2");
	assert_string_equal(desk->smtp.envelope, "bounces");
	assert_int_equal(desk->smtp.rate, 100);
	assert_string_equal(desk->trust.received_by[1], "mx2.acme.example");
	assert_true(desk->trust.strips_forged);
	assert_int_equal(desk->limits.message_octets, 10 << 20);
	assert_int_equal(desk->limits.free_octets, 1 << 30);
}

static void
test_variables_and_includes(void **state)
{
	(void)state;
	write_file("agents.conf", 0644, AGENT "include(\"more.conf\")\n");
	write_file("more.conf", 0644, TEAM);
	g_autoptr(Desk) desk = load(
		"include(\"agents.conf\")\n" QUEUE
		"desk { name = \"x ${POSTIGO_TEST_NAME} \\${y}\"\n"
		"  address = \"${POSTIGO_TEST_UNSET:-help}@acme.example\" }");

	assert_string_equal(desk->name, "x from the \"environment\" ${y}");
	assert_string_equal(desk->address, "help@acme.example");
	assert_non_null(desk_team(desk, "one"));
}

static void
test_password_command(void **state)
{
	static const struct {
		const char *sentence;
		const char *command;
		const char *password; /* NULL: an error */
	} cases[] = {
		{ "its first line is the password",
		  "{\"printf\", \"s3cret\\\\nmore\\\\n\"}", "s3cret" },
		{ "no shell sees it", "{\"printf\", \"a;b\\$c|d\"}",
		  "a;b$c|d" },
		{ "a failure is no password",
		  "{\"sh\", \"-c\", \"echo x; exit 1\"}", NULL },
		{ "nothing is no password", "{\"true\"}", NULL },
		{ "a command that is not there", "{\"/nowhere/command\"}",
		  NULL },
		{ "too much is no password",
		  "{\"head\", \"-c\", \"100000\", \"/dev/zero\"}", NULL },
	};

	(void)state;
	for (unsigned i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autoptr(GError) error = NULL;
		g_autofree char *text = g_strdup_printf(
			SMALL "smtp { url = 'smtp://127.0.0.1:25' user = u\n"
			      "tls = never password_command = %s }",
			cases[i].command);
		g_autoptr(Desk) desk = load(text);
		bool is_taken = config_take_password(desk, &error);
		if (g_strcmp0(desk->smtp.password, cases[i].password) != 0)
			fail_msg("%s: \"%s\"", cases[i].sentence,
			         desk->smtp.password);
		assert_true(is_taken == (cases[i].password != NULL));
		assert_true(is_taken == (error == NULL));
	}
}

/* Opening hours, promises and ladders, and free days out of a file. */
static void
test_clock_sections(void **state)
{
	static const struct {
		int year, month, day;
		bool is_free;
	} days[] = {
		{ 2026, 5, 1, true },    { 2026, 12, 28, true },
		{ 2026, 12, 30, true },  { 2026, 12, 31, false },
		{ 2026, 2, 16, true },   { 2026, 3, 16, false },
		{ 2026, 12, 24, false }, { 2027, 1, 1, true },
	};

	g_autoptr(Desk) desk = load(
		SMALL
		"calendar \"office\" { timezone = \"America/Bogota\"\n"
		"hours = {\"Mon-Fri 08:00-12:00\", \"Mon-Fri 13:00-17:00\"}\n"
		"holidays = {\"co.ics\", \"01-01\",\n"
		"\"2026-12-24 08:00-12:00 Christmas Eve\"} }\n"
		"sla \"s\" { calendar = office first-response = 4h\n"
		"resolution = \"3d\" warn = {50,75,90}\n"
		"priority \"urgent\" { resolution = 4h } }\n"
		"ladder \"l\" { step \"l2\" { at = \"75%\" team = one\n"
		"notify = {ana} repeat = 1h } }");
	const Calendar *calendar = desk_calendar(desk, "office");
	const Sla *sla = desk_sla(desk, "s");
	const Ladder *ladder = desk_ladder(desk, "l");

	(void)state;
	for (unsigned i = 0; i < G_N_ELEMENTS(days); i++) {
		int64_t day;
		assert_true(calendar_day_from_date(days[i].year, days[i].month,
		                                   days[i].day, &day));
		CalendarDay look = calendar_look_at(calendar, day);
		if ((look.seconds == 0) != days[i].is_free)
			fail_msg("%04d-%02d-%02d", days[i].year, days[i].month,
			         days[i].day);
	}
	assert_int_equal(sla_target(sla, calendar, CLOCK_RESOLUTION, "normal",
	                            "incident"),
	                 3 * 8 * 3600);
	assert_int_equal(sla_target(sla, calendar, CLOCK_RESOLUTION, "urgent",
	                            "incident"),
	                 4 * 3600);
	assert_int_equal(sla_target(sla, calendar, CLOCK_NEXT_RESPONSE,
	                            "urgent", "incident"),
	                 0);
	assert_int_equal(ladder->steps->len, 1);
}

/* ---- what is refused ---- */

static void
test_faults(void **state)
{
	static const struct {
		const char *sentence;
		const char *text;
		const char *faults;
	} cases[] = {
		{ "nothing at all", "",
		  "postigo.conf: there is no desk section\n"
		  "postigo.conf: there is no queue section\n" },
		{ "G-01 an unclosed section", SMALL "trust {\n",
		  "postigo.conf:5: this trust section is not closed\n" },
		{ "G-01 an unclosed section in the middle",
		  "queue \"q\" {\naddress = {\"q@a.example\"}\n" TEAM,
		  "postigo.conf:1: this queue section is not closed\n"
		  "postigo.conf:1: queue q needs the key team\n"
		  "postigo.conf:3: a team section stands in a queue section; "
		  "is a \"}\" missing before it?\n" },
		{ "a string over the end of its line",
		  SMALL "trust { authserv-id = \"mx\n}\n",
		  "postigo.conf:5: this string is not closed on its line\n" },
		{ "a comment that is not closed", SMALL "/* \n\n",
		  "postigo.conf:5: this comment is not closed\n" },
		{ "an escape that is none",
		  SMALL "trust { authserv-id = \"a\\n\" }",
		  "postigo.conf:5: a backslash stands only before \", \\ and "
		  "$\n" },
		{ "a list without commas",
		  SMALL "trust {\nauthserv-id = {\"a\" \"b\"}\n}",
		  "postigo.conf:6: \"\"b\"\" stands where a value, \",\" or "
		  "the \"}\" of this list should\n" },
		{ "a key without a value", SMALL "smtp {\nurl =\nuser = }",
		  "postigo.conf:6: url has no value\n"
		  "postigo.conf:7: user has no value\n" },
		{ "a key outside of a section", SMALL "name = \"x\"\n",
		  "postigo.conf:5: name stands outside of a section\n" },
		{ "a variable that is not set",
		  "desk { name = \"${POSTIGO_TEST_UNSET}\"\naddress = a@b }" QUEUE
		          TEAM AGENT,
		  "postigo.conf:1: the environment has no POSTIGO_TEST_UNSET\n"
		  "" },
		{ "a variable that is not closed",
		  SMALL "trust { authserv-id = \"${A\" }",
		  "postigo.conf:5: a variable is written ${NAME} or "
		  "${NAME:-default}; write \\$ for a plain dollar sign\n" },
		{ "a variable that brings a line break",
		  SMALL "trust { authserv-id = \"${POSTIGO_TEST_BAD}\" }",
		  "postigo.conf:5: authserv-id = \"...\": holds a control "
		  "character\n" },
		{ "a section with an unknown name, and a key",
		  SMALL "quue \"x\" { }\ntrust { autserv-id = \"x\" zzz = 1 }",
		  "postigo.conf:5: no section is called quue; did you mean "
		  "queue?\n"
		  "postigo.conf:6: no key of trust is called autserv-id; did "
		  "you mean authserv-id?\n"
		  "postigo.conf:6: no key of trust is called zzz\n" },
		{ "sections that this version does not have",
		  SMALL "filter \"s\" { inner \"x\" { } }\n",
		  "postigo.conf:5: filter sections need filter programs, "
		  "which this version does not run\n" },
		{ "a calendar with hours and days that cannot be",
		  SMALL
		  "calendar \"c\" { timezone = Mars hours = {\"24x7\"} }\n"
		  "calendar \"d\" { hours = {\"Mon 08:00-12:00\",\n"
		  "\"Mon-Fri 10:00-13:00\", \"Monday\", \"8-12\"}\n"
		  "holidays = {\"2026-02-29\", \"2026-12-24 noon\", "
		  "\"none.ics\"} }\n"
		  "calendar \"e\" { }",
		  "postigo.conf:5: timezone \"Mars\": no time zone (write one as "
		  "America/Bogota)\n"
		  "postigo.conf:6: hours \"Mon-Fri 10:00-13:00\": these hours "
		  "overlap others of that day\n"
		  "postigo.conf:6: hours \"Monday\": hours are written \"Mon-Fri "
		  "08:00-12:00\" or \"24x7\"\n"
		  "postigo.conf:6: hours \"8-12\": hours are written \"Mon-Fri "
		  "08:00-12:00\" or \"24x7\"\n"
		  "postigo.conf:8: holidays \"2026-02-29\": a day is written "
		  "2026-12-24, or 12-24 for every year\n"
		  "postigo.conf:8: holidays \"none.ics\": none.ics: No such file "
		  "or directory\n"
		  "postigo.conf:9: calendar e needs the key hours\n" },
		{ "a calendar file that repeats by the second, and one that is "
		  "none",
		  SMALL "calendar \"c\" { hours = {\"24x7\"}\n"
		        "holidays = {\"spin.ics\",\n\"bad.ics\"} }",
		  "postigo.conf:6: holidays \"spin.ics\": Spin: a holiday repeats "
		  "yearly, monthly, weekly or daily\n"
		  "postigo.conf:6: holidays \"bad.ics\": no calendar file\n" },
		{ "promises and ladders that cannot be",
		  SMALL
		  "sla \"s\" { calendar = \"none\" resolution = \"3w\"\n"
		  "warn = {50,100} pause = {closed}\n"
		  "priority \"urgent\" { resolution = 4h warn = {50} }\n"
		  "priority \"urgent\" { } step \"x\" { } }\n"
		  "ladder \"l\" { step \"one\" { at = \"later\"\n"
		  "team = \"none\" owner = \"none\" notify = {\"owner\",\n"
		  "\"nobody at all\", \"boss@acme.example\"} } }\n"
		  "ladder \"m\" { }",
		  "postigo.conf:5: resolution = \"3w\": must be a time such as "
		  "30m, 4h or 3d\n"
		  "postigo.conf:5: no calendar is called none\n"
		  "postigo.conf:6: pause = \"closed\": must be one of new, open, "
		  "pending, hold\n"
		  "postigo.conf:6: warn \"100\": a warning is a percentage from 1 "
		  "to 99\n"
		  "postigo.conf:7: no key of priority is called warn\n"
		  "postigo.conf:8: priority urgent stands already at "
		  "postigo.conf:7\n"
		  "postigo.conf:8: a step section stands in a sla section; is a "
		  "\"}\" missing before it?\n"
		  "postigo.conf:9: at \"later\": a step stands at 75%, at breach, "
		  "at +2h behind it or at -1h before it\n"
		  "postigo.conf:10: no team is called none\n"
		  "postigo.conf:10: no agent is called none\n"
		  "postigo.conf:10: notify \"nobody at all\": neither owner nor "
		  "team, nor an agent, a team or an address\n"
		  "postigo.conf:12: a ladder has 1 to 9 steps\n" },
		{ "keys that this version does not have",
		  SMALL "trust { arc = {\"x\"} }",
		  "postigo.conf:5: arc needs the verification of ARC seals, "
		  "which this version does not have\n" },
		{ "places where the LMTP door cannot be",
		  SMALL "lmtp { listen = {\"mail.example:24\", \"::1\", "
		        "\"[::1]:24\",\n\"127.0.0.1:25\", \"sock\"} }",
		  "postigo.conf:5: mail.example:24: whoever reaches it may "
		  "deliver; only this machine should (127.0.0.1, ::1)\n"
		  "postigo.conf:5: ::1: must be a path or HOST:PORT\n"
		  "postigo.conf:5: 127.0.0.1:25: port 25 is for SMTP, never "
		  "for LMTP\n" },
		{ "a mailbox without what it needs",
		  SMALL "mailbox \"a\" { user = \"u\" }",
		  "postigo.conf:5: mailbox a needs the key url\n"
		  "postigo.conf:5: a user without a password (password_file, "
		  "password_command or password)\n" },
		{ "mailboxes that cannot be",
		  SMALL
		  "mailbox \"a\" { url = \"http://x\" "
		  "password_command = \"p\" user = \"u\" }\n"
		  "mailbox \"b\" { url = \"pop3s://x\" "
		  "password_command = \"p\" user = \"u\" "
		  "after = \"flag\" interval = \"5\" queue = \"spport\" }\n"
		  "mailbox \"c\" { url = \"imap://x\" tls = \"never\" "
		  "password_command = \"p\" user = \"u\" "
		  "after = \"move:\" }\n"
		  "mailbox \"d\" { url = \"imaps://u@127.0.0.1\" "
		  "password_command = \"p\" user = \"u\" "
		  "tls = \"never\" }",
		  "postigo.conf:5: http://x: must be imaps://HOST/FOLDER, "
		  "imap://, pop3s:// or pop3://\n"
		  "postigo.conf:6: interval = \"5\": must be a time such as "
		  "30s, 5m or 2h, from 10s to 24h\n"
		  "postigo.conf:6: flag: with POP3 must be keep or delete\n"
		  "postigo.conf:6: no queue is called spport\n"
		  "postigo.conf:7: move:: must be flag, keep, delete or "
		  "move:FOLDER\n"
		  "postigo.conf:7: mail may not come from x without TLS; "
		  "\"never\" is for this machine only\n"
		  "postigo.conf:8: the user's name goes into the key user, "
		  "not the URL\n"
		  "postigo.conf:8: imaps://u@127.0.0.1 is TLS from the "
		  "beginning\n" },
		{ "M-21 a folder with a line break",
		  SMALL "mailbox \"a\" { url = \"imaps://x\" "
		        "password_command = \"p\" user = \"u\" "
		        "after = \"move:a${POSTIGO_TEST_BAD}\" }",
		  "postigo.conf:5: after = \"...\": holds a control "
		  "character\n" },
		{ "a title that is missing, and one too many",
		  SMALL "team { }\ntrust \"x\" { }",
		  "postigo.conf:5: a team section needs a title: team \"name\" "
		  "{ ... }\n"
		  "postigo.conf:6: the trust section has no title\n" },
		{ "a title that no order could name",
		  SMALL "team \"a b\" { members = ana }",
		  "postigo.conf:5: a title is made of letters, digits, \"-\", "
		  "\"_\" and \".\"\n" },
		{ "a title that is not closed",
		  SMALL "team 'it\n{ members = ana }",
		  "postigo.conf:5: this string is not closed on its line\n" },
		{ "a title with a quote in it",
		  SMALL "team \"a'b\" { members = ana }",
		  "postigo.conf:5: a title is made of letters, digits, \"-\", "
		  "\"_\" and \".\"\n" },
		{ "two sections of one name, a key twice",
		  SMALL "trust { }\nteam \"one\" { }\n"
		        "limits { parse-seconds = 1\nparse-seconds = 2 }\n"
		        "trust { }\n",
		  "postigo.conf:6: team one stands already at postigo.conf:3\n"
		  "postigo.conf:8: parse-seconds stands already in line 7\n"
		  "postigo.conf:9: trust stands already at postigo.conf:5\n" },
		{ "keys that are missing", "desk {\n}\nqueue \"q\" { }\n",
		  "postigo.conf:1: desk needs the key name\n"
		  "postigo.conf:1: desk needs the key address\n"
		  "postigo.conf:3: queue q needs the key address\n"
		  "postigo.conf:3: queue q needs the key team\n" },
		{ "names that point nowhere",
		  DESK
		  "queue \"q\" { address = {\"q@a.example\"}\nteam = on }\n"
		  "team \"one\" { members = {\"anna\", \"zoe\"}\n}\n" AGENT,
		  "postigo.conf:3: no team is called on; did you mean one?\n"
		  "postigo.conf:4: no agent is called anna; did you mean ana?\n"
		  "postigo.conf:4: no agent is called zoe\n" },
		{ "a language without templates",
		  SMALL "queue \"r\" { address = r@a.example team = one\n"
		        "language = tlh }",
		  "postigo.conf:6: there are no templates in language tlh "
		  "(only en and es, and the folders of desk's templates)\n" },
		{ "values of the wrong kind",
		  DESK QUEUE TEAM
		  "agent \"ana\" { name = {\"Ana\"}\n"
		  "address = {\"ana\", \"a@b..c\", \"ana@acme.example\"} }\n"
		  "limits { parse-seconds = 0\nmessage-octets = 5X\n"
		  "free-octets = 1K }\n"
		  "queue \"r\" { address = r@a.example team = one\n"
		  "acknowledge = maybe\npriority = urgnt\n"
		  "reopen-days = many }\n",
		  "postigo.conf:4: name takes one value\n"
		  "postigo.conf:5: address = \"ana\": not an address "
		  "(user@domain)\n"
		  "postigo.conf:5: address = \"a@b..c\": not an address "
		  "(user@domain)\n"
		  "postigo.conf:6: parse-seconds = \"0\": must be a number from "
		  "1 to 600\n"
		  "postigo.conf:7: message-octets = \"5X\": must be a size such "
		  "as 500K, 50M or 1G\n"
		  "postigo.conf:10: acknowledge = \"maybe\": must be yes or no\n"
		  "postigo.conf:11: priority = \"urgnt\": must be one of low, "
		  "normal, high, urgent\n"
		  "postigo.conf:12: reopen-days = \"many\": must be a number "
		  "from 0 to 3650\n" },
		{ "lists that are empty or say a thing twice",
		  DESK QUEUE AGENT
		  "team \"one\" { members = {} }\n"
		  "team \"two\" { members = {\"ana\", \"ana\"} }\n",
		  "postigo.conf:4: members needs at least one value\n"
		  "postigo.conf:5: members = \"ana\": stands twice in this "
		  "list\n" },
		{ "G-02 two queues with one address, case aside",
		  SMALL
		  "queue \"r\" {\naddress = {\"Q@ACME.example\"} team = one }",
		  "postigo.conf:6: q@acme.example is an address of queue q "
		  "too\n" },
		{ "G-02 L-06 an agent with an address of the desk",
		  SMALL "agent \"luis\" { name = \"Luis\"\n"
		        "address = {\"q+x@acme.example\"} }\n"
		        "agent \"eva\" { name = Eva\n"
		        "address = {\"help@acme.example\"} }\n",
		  "postigo.conf:6: q+x@acme.example is an address of the desk: "
		  "what it sends to luis would come back as a new mail\n"
		  "postigo.conf:8: help@acme.example is an address of the desk: "
		  "what it sends to eva would come back as a new mail\n" },
		{ "G-02 an outgoing From that is an agent's",
		  SMALL "smtp { url = \"smtp://127.0.0.1\" tls = never\n"
		        "from = ana@acme.example }\n",
		  "postigo.conf:6: ana@acme.example is an agent's address: "
		  "answers would go to him and not to the desk\n" },
		{ "two agents with one address",
		  SMALL "agent \"eva\" { name = Eva\n"
		        "address = {\"ana@acme.example\"} }\n",
		  "postigo.conf:6: ana@acme.example is an address of agent ana "
		  "too\n" },
		{ "addresses with no room for a token",
		  SMALL "queue \"r\" { team = one\n"
		        "address = {\"a+b@a.example\",\n"
		        "\"a123456789012345678901234@a.example\"} }\n",
		  "postigo.conf:6: a+b@a.example: an address of the desk has "
		  "no \"+\", which begins the reply token\n"
		  "postigo.conf:6: a123456789012345678901234@a.example: more "
		  "than 24 characters before the \"@\" leave no room for the "
		  "reply token\n" },
		{ "a desk that cannot be",
		  "desk { name = x address = a@b.example\ntimezone = Mars\n"
		  "database = \"postgresql://db/desk\"\n"
		  "key = \"missing.key\"\ntemplates = \"nowhere\"\n"
		  "domain = \"not a domain\"\nsubject-tags = {\"[x]\"}\n"
		  "rules = \"rules.sieve\" }\n" QUEUE TEAM AGENT,
		  "postigo.conf:2: Mars is no time zone (write one as "
		  "America/Bogota)\n"
		  "postigo.conf:3: this version keeps a desk in one SQLite "
		  "file: give a path, not an address of PostgreSQL\n"
		  "postigo.conf:4: key missing.key: No such file or directory\n"
		  "postigo.conf:5: nowhere is not a directory\n"
		  "postigo.conf:6: not a domain is no domain\n"
		  "postigo.conf:7: a subject tag is at most 30 characters "
		  "without brackets, \"#\" and quotes\n"
		  "postigo.conf:8: rules.sieve is not there\n" },
		{ "G-03 a key that others may read",
		  "desk { name = x address = a@b.example\nkey = \"open.key\" }" QUEUE
		          TEAM AGENT,
		  "postigo.conf:2: key open.key: others than its owner may read "
		  "it (chmod 600)\n" },
		{ "SMTP servers that cannot be",
		  SMALL "smtp { url = \"http://x\"\nuser = x }\n",
		  "postigo.conf:5: http://x: must be smtp://HOST:PORT or "
		  "smtps://HOST:PORT\n"
		  "postigo.conf:6: a user without a password (password_file, "
		  "password_command or password)\n" },
		{ "no TLS, but to this machine",
		  SMALL "smtp { url = \"smtp://mail.example\"\ntls = never }\n",
		  "postigo.conf:6: mail to mail.example may not go without TLS; "
		  "\"never\" is for this machine only\n" },
		{ "passwords that all can read, or that are none",
		  SMALL "smtp { url = \"smtps://mail.example\" user = u\n"
		        "password_file = \"open-secret\"\n"
		        "password = \"literal\" }\n",
		  "postigo.conf:6: password_file = \"open-secret\": everybody "
		  "may read it (chmod 600)\n"
		  "postigo.conf:6: the password is given by password already\n"
		  "postigo.conf:7: everybody may read this file: use "
		  "password_file, or chmod 640 postigo.conf\n" },
		{ "an empty password file",
		  SMALL "smtp { url = \"smtps://mail.example\"\n"
		        "password_file = \"empty-secret\" }\n",
		  "postigo.conf:6: password_file = \"empty-secret\": its first "
		  "line is empty\n"
		  "postigo.conf:6: a password without a user\n" },
		{ "trust and limits that make no sense",
		  SMALL "trust { strips-forged = yes }\n"
		        "limits { message-octets = 10K\nparse-seconds = 60 }\n",
		  "postigo.conf:5: strips-forged needs received-by: the names "
		  "that the border writes in Received\n"
		  "postigo.conf:6: fewer than 64K would turn ordinary mail "
		  "away\n"
		  "postigo.conf:7: parse-seconds is more than deliver-seconds "
		  "(30)\n" },
		{ "an include that is not there, and one that is itself",
		  SMALL
		  "include(\"nowhere.conf\")\ninclude(\"postigo.conf\")\n",
		  "postigo.conf:5: nowhere.conf: No such file or directory\n"
		  "postigo.conf:6: postigo.conf is included already\n" },
	};

	(void)state;
	for (unsigned i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autofree char *faults = faults_of(cases[i].text);
		if (strcmp(faults, cases[i].faults) != 0)
			fail_msg("%s:\n%s", cases[i].sentence, faults);
	}
}

static void
test_files_that_are_no_configuration(void **state)
{
	g_autoptr(GPtrArray) faults = g_ptr_array_new_with_free_func(g_free);
	g_autofree char *missing = in_folder("missing.conf");

	(void)state;
	assert_null(config_load(missing, faults));
	assert_int_equal(faults->len, 1);
	assert_true(
		g_str_has_suffix(faults->pdata[0],
	                         "missing.conf: No such file or directory"));

	g_autofree char *binary = faults_of("desk {\n\xff\xfe\n}");
	assert_true(g_str_has_prefix(binary, "postigo.conf:2: "));
	g_autoptr(GString) many = g_string_new(NULL);
	for (int i = 0; i < 1000; i++)
		g_string_append(many, "}\n");
	g_autofree char *told = faults_of(many->str);
	assert_non_null(strstr(told, "... and 800 more faults\n"));
}

/* Cut anywhere, a whole configuration is never a smaller one in silence, but
 * between two sections. */
static void
test_half_written_file(void **state)
{
	static const char whole[] = AGENT TEAM QUEUE DESK;

	(void)state;
	for (size_t length = 0; length + 2 < sizeof(whole); length++) {
		g_autofree char *half = g_strndup(whole, length);
		g_autofree char *faults = faults_of(half);
		if (*faults == '\0' && length < sizeof(whole) - 2)
			fail_msg("G-01 cut at %zu: accepted", length);
	}
}

/* postigo.conf(5) tells of every section and key that there is. */
static void
test_the_manual_is_complete(void **state)
{
	const char *srcdir = g_getenv("srcdir");
	g_autofree char *path = g_build_filename(srcdir == NULL ? "." : srcdir,
	                                         "doc", "postigo.conf.5", NULL);
	g_autofree char *manual = NULL;

	(void)state;
	assert_true(g_file_get_contents(path, &manual, NULL, NULL));
	for (unsigned i = 0; schema_section_at(i) != NULL; i++) {
		const SectionSpec *section = schema_section_at(i);
		g_autofree char *heading =
			g_strdup_printf(section->refused == NULL ? "\n.Ss %s"
		                                                 : "%s",
		                        section->name);
		if (strstr(manual, heading) == NULL)
			fail_msg("no section %s", section->name);
		for (const KeySpec *key = section->keys;
		     key != NULL && key->name != NULL; key++) {
			g_autofree char *item =
				g_strdup_printf(key->kind == KEY_REFUSED
			                                ? "%s"
			                                : "\n.It Ic %s\n",
			                        key->name);
			if (strstr(manual, item) == NULL)
				fail_msg("no key %s of %s", key->name,
				         section->name);
		}
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_defaults),
		cmocka_unit_test(test_every_key),
		cmocka_unit_test(test_variables_and_includes),
		cmocka_unit_test(test_password_command),
		cmocka_unit_test(test_clock_sections),
		cmocka_unit_test(test_faults),
		cmocka_unit_test(test_files_that_are_no_configuration),
		cmocka_unit_test(test_half_written_file),
		cmocka_unit_test(test_the_manual_is_complete),
	};

	return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
