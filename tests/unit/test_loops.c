/* Loops and storms (faults.md 2.6): real clerk, real store, real parser child;
 * the network is a function that carries mails from one desk to another.
 *
 * `make check` runs a part; POSTIGO_LOOPS=1 the numbers of the catalogue. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>
#include <glib.h>
#include <glib/gstdio.h>

#include "base/clock.h"
#include "base/io.h"
#include "base/token.h"

#include "store/store.h"

#include "clerk/clerk.h"

#include "config/config.h"

#define START INT64_C(1774000000)

/* One desk in a directory of its own. */
typedef struct Place {
	char *directory;
	char *address;
	Desk *desk;
	Clerk *clerk;
	Store *store;
	int64_t seen; /* outbox rows up to this one were taken */
} Place;

static bool
is_whole(void)
{
	return g_getenv("POSTIGO_LOOPS") != NULL;
}

static const char config[] =
	"desk { name = \"Desk\" address = desk@%s }\n"
	"queue \"q\" { address = {\"desk@%s\"} team = \"one\" }\n"
	"team \"one\" { members = {\"ana\"} }\n"
	"agent \"ana\" { name = \"Ana\" address = {\"ana@%s\"}"
	" roles = {\"agent\", \"admin\"} }\n"
	"trust { authserv-id = {\"mx.%s\"} received-by = {\"mx.%s\"} }\n"
	"limits { free-octets = 0 }\n";

static void
write_desk(const Place *place, const char *domain, const char *path)
{
	g_autofree char *text =
		g_strdup_printf(config, domain, domain, domain, domain, domain);
	g_autofree char *key =
		g_build_filename(place->directory, "postigo.key", NULL);
	g_autofree char *key_text = keyring_generate();

	assert_true(io_write_file(path, 0600, text, strlen(text), NULL));
	assert_true(io_write_file(key, 0600, key_text, strlen(key_text), NULL));
}

static Place *
place_new(const char *domain)
{
	Place *place = g_new0(Place, 1);
	GError *error = NULL;
	const char *top =
		g_access("/dev/shm", W_OK) == 0 ? "/dev/shm" : g_get_tmp_dir();

	place->directory =
		g_mkdtemp(g_build_filename(top, "postigo-loops-XXXXXX", NULL));
	assert_non_null(place->directory);
	g_autofree char *path =
		g_build_filename(place->directory, "postigo.conf", NULL);
	write_desk(place, domain, path);
	place->desk = config_load_or_error(path, &error);
	if (place->desk == NULL)
		fail_msg("%s", error->message);
	assert_true(store_create(place->desk->database, NULL));
	place->clerk = clerk_new(place->desk, NULL);
	place->store = store_open(place->desk->database, STORE_WRITE, NULL);
	assert_non_null(place->clerk);
	assert_non_null(place->store);
	place->address = g_strdup_printf("desk@%s", domain);
	clock_fix(START);
	return place;
}

static void
place_free(Place *place)
{
	static const char *const files[] = {
		"postigo.db",   "postigo.db-wal",  "postigo.db-shm",
		"postigo.lock", "postigo.db.lock", "postigo.key",
		"postigo.conf"
	};

	if (place == NULL)
		return;
	clerk_free(place->clerk);
	store_close(place->store);
	desk_free(place->desk);
	for (unsigned i = 0; i < G_N_ELEMENTS(files); i++) {
		g_autofree char *path =
			g_build_filename(place->directory, files[i], NULL);

		g_unlink(path);
	}
	g_rmdir(place->directory);
	g_free(place->directory);
	g_free(place->address);
	g_free(place);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Place, place_free)

static void
bring(Place *place, const char *sender, const char *to, const char *mail)
{
	const char *const recipients[] = { to, NULL };
	g_autoptr(GBytes) raw = g_bytes_new(mail, strlen(mail));
	Arrival arrival = { .door = "pipe",
		            .sender = sender,
		            .recipients = recipients,
		            .raw = raw };
	Verdict verdict;
	GError *error = NULL;

	if (!clerk_receive(place->clerk, &arrival, 1, &verdict, &error))
		fail_msg("%s", error->message);
}

/* Outgoing mails since the last look, with their bodies, of OutboxRow. */
static GPtrArray *
take_mails(Place *place)
{
	GPtrArray *out =
		g_ptr_array_new_with_free_func((GDestroyNotify)outbox_row_free);
	g_autoptr(GPtrArray) rows = store_outbox(place->store, 0, NULL, NULL);

	assert_non_null(rows);
	for (unsigned i = 0; i < rows->len; i++) {
		const OutboxRow *row = rows->pdata[i];

		if (row->id <= place->seen)
			continue;
		place->seen = row->id;
		g_ptr_array_add(out,
		                store_outbox_get(place->store, row->id, NULL));
	}
	return out;
}

static unsigned
count_to(Place *place, const char *to, const char *purpose)
{
	g_autoptr(GPtrArray) rows = store_outbox(place->store, 0, NULL, NULL);
	unsigned count = 0;

	for (unsigned i = 0; i < rows->len; i++) {
		const OutboxRow *row = rows->pdata[i];

		if ((to == NULL || g_str_equal(row->to, to)) &&
		    (purpose == NULL || g_str_equal(row->purpose, purpose)))
			count++;
	}
	return count;
}

static unsigned
count_tickets(Place *place)
{
	const TicketQuery all = { 0 };
	g_autoptr(GPtrArray) tickets = store_tickets(place->store, &all, NULL);

	return tickets->len;
}

/* ---- responders ---- */

/* Subjects of automatic answers, as they come in the wild; %s is ours. */
static const char *const personas[] = {
	"Automatic reply: %s",
	"Out of office: %s",
	"Out of Office AutoReply: %s",
	"Auto: %s",
	"Autoreply: %s",
	"Respuesta automática: %s",
	"Fuera de la oficina: %s",
	"Ausente: %s",
	"Resposta automática: %s",
	"Fora do escritório: %s",
	"Réponse automatique : %s",
	"Absence du bureau : %s",
	"Automatische Antwort: %s",
	"Abwesenheitsnotiz: %s",
	"Risposta automatica: %s",
	"Fuori sede: %s",
	"Automatisch antwoord: %s",
	"Afwezig: %s",
	"Autosvar: %s",
	"Automaattinen vastaus: %s",
	"Automatyczna odpowiedź: %s",
	"Automatická odpověď: %s",
	"Automatikus válasz: %s",
	"Автоответ: %s",
	"Автоматична відповідь: %s",
	"自動応答: %s",
	"自动回复: %s",
	"자동 회신: %s",
	"Otomatik Yanıt: %s",
	"Răspuns automat: %s",
	"Vacation: %s",
	"I am away until Monday",
	"Thank you for your message",
	"We received your request [T-%s]",
	"Re: %s",
	"Ticket created: %s",
	"Your request has been logged",
	"RE: [Case 00012] %s",
	"%s",
	"Recibimos su mensaje",
};

typedef enum Marking { MARKED_WELL, MARKED_BARELY, UNMARKED } Marking;

/* The field of our mail, unfolded as far as it matters here. */
static char *
field_of(const OutboxRow *row, const char *name)
{
	g_autofree char *text = g_strndup(g_bytes_get_data(row->body, NULL),
	                                  g_bytes_get_size(row->body));
	g_autofree char *begin = g_strdup_printf("\n%s: ", name);
	const char *at = strstr(text, begin);

	return at == NULL ? g_strdup("")
	                  : g_strndup(at + strlen(begin),
	                              strcspn(at + strlen(begin), "\r\n"));
}

/* A program's answer to one of our mails. */
static char *
response(const OutboxRow *row, unsigned persona, Marking marking,
         unsigned number)
{
	g_autofree char *id = field_of(row, "Message-ID");
	g_auto(GStrv) parts = g_strsplit(personas[persona], "%s", 2);
	g_autofree char *subject = g_strjoinv(row->subject, parts);
	g_autofree char *thread =
		marking == UNMARKED ? g_strdup("")
				    : g_strdup_printf("In-Reply-To: %s\n", id);

	return g_strdup_printf(
		"From: Bot <bot%u@bots.example>\nTo: desk@one.example\n"
		"Subject: %s\nMessage-ID: <r%u.%u@bots.example>\n"
		"Date: Fri, 20 Mar 2026 10:00:00 +0000\n%s%s\n"
		"I am away; this is number %u.\n",
		persona, subject, persona, number, thread,
		marking == MARKED_WELL ? "Auto-Submitted: auto-replied\n" : "",
		number);
}

/* It answers each mail it gets, for an hour, at the address it was told. */
static unsigned
converse(Place *place, unsigned persona, Marking marking)
{
	g_autofree char *bot = g_strdup_printf("bot%u@bots.example", persona);
	g_autofree char *first = g_strdup_printf(
		"From: Bot <%s>\nTo: desk@one.example\nSubject: disk %u full\n"
		"Message-ID: <first%u@bots.example>\n"
		"Date: Fri, 20 Mar 2026 10:00:00 +0000\n\nThe disk is full.\n",
		bot, persona, persona);
	unsigned mails = 0;

	bring(place, bot, "desk@one.example", first);
	for (unsigned round = 1; round < 12; round++) {
		g_autoptr(GPtrArray) rows = take_mails(place);

		clock_fix(clock_now() + 60);
		for (unsigned i = 0; i < rows->len; i++) {
			const OutboxRow *row = rows->pdata[i];
			if (!g_str_equal(row->to, bot))
				continue;
			g_autofree char *mail =
				response(row, persona, marking, round);

			mails++;
			bring(place, marking == MARKED_WELL ? "" : bot,
			      "desk@one.example", mail);
		}
	}
	return mails;
}

static void
no_responder_gets_a_needless_second_mail(void **state)
{
	unsigned step = is_whole() ? 1 : 8;

	(void)state;
	for (int marking = MARKED_WELL; marking <= UNMARKED; marking++) {
		g_autoptr(Place) place = place_new("one.example");

		for (unsigned i = (unsigned)marking; i < G_N_ELEMENTS(personas);
		     i += step) {
			unsigned mails = converse(place, i, (Marking)marking);

			/* the acknowledgement it asked for, and one more */
			if (mails > 2)
				fail_msg("L-01 L-02 '%s' at level %d: %u mails",
				         personas[i], marking, mails);
		}
	}
}

/* ---- two desks ---- */

/* A gateway that takes away every mark and id, and writes another subject. */
static char *
stripped(const OutboxRow *row, const char *from, unsigned number)
{
	return g_strdup_printf("From: <%s>\nTo: <%s>\nSubject: message %u\n"
	                       "Message-ID: <gw%u@gateway.example>\n"
	                       "Date: Fri, 20 Mar 2026 10:00:00 +0000\n\n"
	                       "A message of the other side, number %u.\n",
	                       from, row->to, number, number, number);
}

static unsigned
carry(Place *from, Place *to, unsigned *number)
{
	g_autoptr(GPtrArray) rows = take_mails(from);
	unsigned carried = 0;

	for (unsigned i = 0; i < rows->len; i++) {
		const OutboxRow *row = rows->pdata[i];

		if (!g_str_equal(row->to, to->address))
			continue;
		g_autofree char *mail = stripped(row, from->address, ++*number);
		bring(to, from->address, to->address, mail);
		carried++;
	}
	return carried;
}

static void
two_desks_fall_silent(void **state)
{
	g_autoptr(Place) one = place_new("one.example");
	g_autoptr(Place) two = place_new("two.example");
	unsigned mails = 0;
	unsigned number = 0;

	(void)state;
	/* a mail of the second desk reaches the first: how, is no matter */
	bring(one, two->address, one->address,
	      "From: <desk@two.example>\nTo: desk@one.example\n"
	      "Subject: hello\nMessage-ID: <start@two.example>\n"
	      "Date: Fri, 20 Mar 2026 10:00:00 +0000\n\nHello.\n");
	for (unsigned hour = 0; hour < 20; hour++) {
		mails += carry(one, two, &number);
		mails += carry(two, one, &number);
		clock_fix(clock_now() + 600);
	}
	if (mails > 10)
		fail_msg("L-05 two desks: %u mails", mails);
	assert_true(mails >= 1);
}

/* ---- storms ---- */

static void
forged_senders_bomb_nobody(void **state)
{
	unsigned count = is_whole() ? 5000 : 90;
	g_autoptr(Place) place = place_new("one.example");

	(void)state;
	for (unsigned i = 0; i < count; i++) {
		g_autofree char *from =
			g_strdup_printf("victim%u@d%u.example", i, i % 37);
		g_autofree char *mail = g_strdup_printf(
			"From: BUY PILLS <%s>\nTo: desk@one.example\n"
			"Subject: BUY PILLS at http://pills.example\n"
			"Message-ID: <f%u@pills.example>\n"
			"Date: Fri, 20 Mar 2026 10:00:00 +0000\n\n"
			"BUY PILLS number %u\n",
			from, i, i);

		bring(place, from, "desk@one.example", mail);
	}
	g_autoptr(GPtrArray) rows = take_mails(place);
	unsigned sent = 0;
	for (unsigned i = 0; i < rows->len; i++) {
		const OutboxRow *row = rows->pdata[i];
		if (!g_str_equal(row->purpose, "acknowledgement"))
			continue;
		g_autofree char *text =
			g_strndup(g_bytes_get_data(row->body, NULL),
		                  g_bytes_get_size(row->body));
		sent++;
		if (strstr(text, "PILLS") != NULL)
			fail_msg("L-12 an attacker's words went out: %s", text);
	}
	assert_in_range(sent, 1, 60);
	/* L-12: none of them is lost */
	assert_int_equal(count_tickets(place), count);
	/* and the agent's mailbox is not flooded either */
	assert_in_range(count_to(place, "ana@one.example", "notify"), 1,
	                BUDGET_AGENT_HOUR);
}

static void
one_sender_is_acknowledged_once(void **state)
{
	unsigned count = is_whole() ? 5000 : 20;
	g_autoptr(Place) place = place_new("one.example");

	(void)state;
	for (unsigned i = 0; i < count; i++) {
		g_autofree char *mail = g_strdup_printf(
			"From: Eve <eve@x.example>\nTo: desk@one.example\n"
			"Subject: mail %u\nMessage-ID: <e%u@x.example>\n"
			"Date: Fri, 20 Mar 2026 10:00:00 +0000\n\nNumber %u\n",
			i, i, i);

		bring(place, "eve@x.example", "desk@one.example", mail);
	}
	assert_int_equal(count_to(place, "eve@x.example", NULL), 1);
	assert_int_equal(count_tickets(place), count);
}

static void
foreign_reports_open_no_ticket(void **state)
{
	unsigned count = is_whole() ? 10000 : 40;
	g_autoptr(Place) place = place_new("one.example");

	(void)state;
	for (unsigned i = 0; i < count; i++) {
		g_autofree char *mail = g_strdup_printf(
			"From: MAILER-DAEMON@mx%u.example\n"
			"To: desk+v.1.%u.aaaaaaaaaaaaaaaa@one.example\n"
			"Subject: Undelivered Mail Returned to Sender\n"
			"Message-ID: <b%u@mx.example>\n"
			"Date: Fri, 20 Mar 2026 10:00:00 +0000\n"
			"MIME-Version: 1.0\n"
			"Content-Type: multipart/report; boundary=b;"
			" report-type=delivery-status\n\n"
			"--b\n\nIt could not be delivered (%u).\n--b\n"
			"Content-Type: message/delivery-status\n\n"
			"Reporting-MTA: dns; mx.example\n\n"
			"Final-Recipient: rfc822; v%u@x.example\n"
			"Action: failed\nStatus: 5.1.1\n\n--b--\n",
			i % 50, i, i, i, i);

		bring(place, "", "desk@one.example", mail);
	}
	assert_int_equal(count_tickets(place), 0);
	assert_int_equal(count_to(place, NULL, NULL), 0);
	int64_t counted;
	assert_true(store_begin(place->store, NULL));
	assert_true(store_counter_add(place->store, "foreign-bounces", 0,
	                              &counted, NULL));
	store_rollback(place->store);
	assert_int_equal(counted, count);
}

/* ---- administrators ---- */

static void
the_ceiling_is_told_once(void **state)
{
	g_autoptr(Place) place = place_new("one.example");

	(void)state;
	place->desk->limits.mails_hour = 6;
	for (unsigned i = 0; i < 20; i++) {
		g_autofree char *mail = g_strdup_printf(
			"From: P <p%u@x%u.example>\nTo: desk@one.example\n"
			"Subject: mail %u\nMessage-ID: <c%u@x.example>\n"
			"Date: Fri, 20 Mar 2026 10:00:00 +0000\n\nNumber %u\n",
			i, i, i, i, i);

		bring(place, "p@x.example", "desk@one.example", mail);
	}
	assert_int_equal(count_to(place, "ana@one.example", "escalation"), 1);
	assert_int_equal(count_to(place, NULL, NULL), 7);
	assert_int_equal(count_tickets(place), 20);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(no_responder_gets_a_needless_second_mail),
		cmocka_unit_test(two_desks_fall_silent),
		cmocka_unit_test(forged_senders_bomb_nobody),
		cmocka_unit_test(one_sender_is_acknowledged_once),
		cmocka_unit_test(foreign_reports_open_no_ticket),
		cmocka_unit_test(the_ceiling_is_told_once),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
