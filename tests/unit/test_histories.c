/* Random histories: mails, answers, robots, reports, orders and time, against
 * the invariants.  Real clerk, real store, real parser child; only the network
 * is left out.  In `make check` a few hundred; POSTIGO_HISTORIES=10000 runs as
 * many.  The seed of a history that fails is printed; POSTIGO_SEED repeats it.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>
#include <glib/gstdio.h>

#include "base/clock.h"
#include "base/io.h"
#include "base/token.h"

#include "desk/desk.h"

#include "store/store.h"

#include "clerk/clerk.h"

#define DOMAIN       "acme.example"
#define DESK_ADDRESS "soporte@acme.example"
#define START        INT64_C(1774000000)
#define STEPS_MAX    14
#define HOUR         3600
/* the same histories each time, unless others are asked for */
#define FIRST_SEED   20261124

/* One desk in a directory of its own, and what was done to it. */
typedef struct World {
	char *directory;
	Desk *desk;
	Clerk *clerk;
	Store *store;
	GRand *random;
	GPtrArray *raws; /* of GBytes: each mail that was accepted */
	GArray *times;   /* of int64_t: when, one for one */
	unsigned mails;  /* numbers Message-IDs */
	int64_t now;
	guint32 seed;
	GString *story; /* told when it goes wrong */
} World;

/* ---- the desk ---- */

static const char *const *
names(Desk *desk, const char *first, const char *second)
{
	const char *const list[] = { first, second, NULL };

	return desk_keep_list(desk, list);
}

static void
add_agent(Desk *desk, const char *id, const char *address)
{
	Agent *agent = g_new0(Agent, 1);

	agent->id = desk_keep(desk, id);
	agent->name = desk_keep(desk, id);
	agent->addresses = names(desk, address, NULL);
	agent->roles = names(desk, NULL, NULL);
	g_ptr_array_add(desk->agents, agent);
}

static Desk *
make_desk(const char *directory)
{
	Desk *desk = desk_new();
	Queue *queue = g_new0(Queue, 1);
	Team *team = g_new0(Team, 1);
	g_autofree char *key = g_build_filename(directory, "key", NULL);
	g_autofree char *database = g_build_filename(directory, "db", NULL);

	desk->name = desk_keep(desk, "Soporte");
	desk->address = desk_keep(desk, DESK_ADDRESS);
	desk->domain = desk_keep(desk, DOMAIN);
	desk->language = desk_keep(desk, "en");
	desk->key = desk_keep(desk, key);
	desk->database = desk_keep(desk, database);
	desk->trust.authserv_ids = names(desk, "mx." DOMAIN, NULL);
	desk->limits.free_octets = 0;
	queue->name = desk_keep(desk, "support");
	queue->addresses = names(desk, DESK_ADDRESS, NULL);
	queue->team = desk_keep(desk, "level1");
	queue->acknowledge = true;
	queue->reopen_days = 14;
	g_ptr_array_add(desk->queues, queue);
	team->name = desk_keep(desk, "level1");
	team->members = names(desk, "ana", "luis");
	team->level = 1;
	g_ptr_array_add(desk->teams, team);
	add_agent(desk, "ana", "ana@acme.example");
	add_agent(desk, "luis", "luis@acme.example");
	return desk;
}

static World *
world_new(guint32 seed)
{
	World *world = g_new0(World, 1);
	g_autofree char *key_text = keyring_generate();

	/* no power is cut here, so memory will do where there is some */
	const char *place =
		g_access("/dev/shm", W_OK) == 0 ? "/dev/shm" : g_get_tmp_dir();
	world->directory = g_mkdtemp(
		g_build_filename(place, "postigo-histories-XXXXXX", NULL));
	assert_non_null(world->directory);
	world->desk = make_desk(world->directory);
	assert_true(io_write_file(world->desk->key, 0600, key_text,
	                          strlen(key_text), NULL));
	assert_true(store_create(world->desk->database, NULL));
	world->clerk = clerk_new(world->desk, NULL);
	world->store = store_open(world->desk->database, STORE_WRITE, NULL);
	assert_non_null(world->clerk);
	assert_non_null(world->store);
	world->seed = seed;
	world->random = g_rand_new_with_seed(seed);
	world->raws =
		g_ptr_array_new_with_free_func((GDestroyNotify)g_bytes_unref);
	world->times = g_array_new(FALSE, FALSE, sizeof(int64_t));
	world->story = g_string_new(NULL);
	world->now = START;
	clock_fix(world->now);
	return world;
}

static void
remove_directory(const char *directory)
{
	static const char *const files[] = { "db", "db-wal", "db-shm",
		                             "db.lock", "key" };

	for (unsigned i = 0; i < G_N_ELEMENTS(files); i++) {
		g_autofree char *path =
			g_build_filename(directory, files[i], NULL);
		g_unlink(path);
	}
	g_rmdir(directory);
}

static void
world_free(World *world)
{
	clerk_free(world->clerk);
	store_close(world->store);
	desk_free(world->desk);
	remove_directory(world->directory);
	g_free(world->directory);
	g_rand_free(world->random);
	g_ptr_array_unref(world->raws);
	g_array_unref(world->times);
	g_string_free(world->story, TRUE);
	g_free(world);
}

static unsigned
pick(World *world, unsigned count)
{
	return (unsigned)g_rand_int_range(world->random, 0, (gint32)count);
}

static bool
chance(World *world, unsigned percent)
{
	return pick(world, 100) < percent;
}

/* ---- mails ---- */

static const char *const requesters[] = { "rosa@customer.example",
	                                  "juan@customer.example",
	                                  "kim@other.example" };
static const char *const agents[] = { "ana@acme.example", "luis@acme.example" };
static const char *const strangers[] = { "eve@evil.example" };
static const char *const words[] = {
	"The printer is on fire.",
	"It still does not work.",
	"Thanks!",
	"Gracias",
	"See the attached log.",
	"When will it be done?",
};
static const char *const orders[] = {
	"/close\n",
	"/note\nIt is the drum.\n",
	"/priority high\n/assign luis\n",
	"/clsoe\n",
	"/resolve\n",
	"/take\n",
	"/reopen\n",
	"/assign nobody\n",
};

#define ANY(world, list) (list)[pick(world, G_N_ELEMENTS(list))]

typedef struct Letter {
	const char *from;
	const char *to;
	const char *subject;
	const char *body;
	const char *fields; /* more of them, each with its line end */
	bool is_proven;
	bool is_machine;
} Letter;

static GBytes *
write_letter(World *world, const Letter *letter)
{
	const char *domain = strchr(letter->from, '@') + 1;
	GString *text = g_string_new(NULL);

	if (letter->is_proven)
		g_string_append_printf(text,
		                       "Authentication-Results: mx." DOMAIN
		                       "; dmarc=pass header.from=%s\n",
		                       domain);
	g_string_append_printf(
		text,
		"Received: from a by b; Tue, 24 Nov 2026 15:00:00"
		" +0000\nFrom: %s\nTo: %s\nSubject: %s\n"
		"Message-ID: <m%u@%s>\n%s%s"
		"Date: Tue, 24 Nov 2026 15:00:00 +0000\n\n%s\n",
		letter->from, letter->to, letter->subject, world->mails++,
		domain, letter->fields,
		letter->is_machine ? "Auto-Submitted: auto-replied\n" : "",
		letter->body);
	return g_string_free_to_bytes(text);
}

static int64_t
count_rows(World *world)
{
	g_autoptr(GPtrArray) rows = store_outbox(world->store, 0, NULL, NULL);

	assert_non_null(rows);
	return rows->len;
}

static void G_GNUC_NORETURN
go_wrong(World *world, const char *why)
{
	fail_msg("seed %u: %s\n%s", world->seed, why, world->story->str);
	abort();
}

/* What any mail may do at most, whatever it is (I4, I6). */
static void
check_effects(World *world, const Letter *letter, const Verdict *verdict,
              int64_t rows_before)
{
	g_autofree char *event = g_strdup_printf("delivery:%" G_GINT64_FORMAT,
	                                         verdict->delivery);
	g_autoptr(GPtrArray) lines =
		store_journal(world->store, 0, event, NULL);
	bool is_agent =
		desk_agent_for_address(world->desk, letter->from) != NULL;

	assert_non_null(lines);
	for (unsigned i = 0; i < lines->len; i++) {
		const char *action =
			((const JournalLine *)lines->pdata[i])->action;
		/* an agent may be somebody else's requester too: what he
		 * says there opens his own ticket again, at E2 */
		bool is_change = (g_str_has_prefix(action, "set ") &&
		                  strstr(action, "the requester") == NULL) ||
		                 strstr(action, "direction=out") != NULL;

		if (is_change && is_agent && !letter->is_proven)
			go_wrong(world, action);
		if (is_change && letter->is_machine)
			go_wrong(world, action);
	}
	if (letter->is_machine)
		assert_int_equal(count_rows(world), rows_before);
}

static void
remember(World *world, GBytes *raw)
{
	g_ptr_array_add(world->raws, g_bytes_ref(raw));
	g_array_append_val(world->times, world->now);
}

static void
deliver(World *world, const Letter *letter)
{
	g_autoptr(GBytes) raw = write_letter(world, letter);
	const char *const recipients[] = { letter->to, NULL };
	int64_t rows_before = count_rows(world);
	Arrival arrival = { .door = "pipe",
		            .sender = letter->is_machine ? "" : letter->from,
		            .recipients = recipients,
		            .raw = raw };
	g_autoptr(GError) error = NULL;
	Verdict verdict;

	g_string_append_printf(world->story, "  %s -> %s%s%s: %.24s\n",
	                       letter->from, letter->to,
	                       letter->is_proven ? ", proven" : "",
	                       letter->is_machine ? ", a machine" : "",
	                       letter->body);
	if (!clerk_receive(world->clerk, &arrival, 1, &verdict, &error))
		fail_msg("%s", error->message);
	check_effects(world, letter, &verdict, rows_before);
	remember(world, raw);
}

static void
step_new(World *world)
{
	Letter letter = { .from = ANY(world, requesters),
		          .to = DESK_ADDRESS,
		          .subject = "printer",
		          .body = ANY(world, words),
		          .fields = "",
		          .is_proven = chance(world, 70) };

	if (chance(world, 10))
		letter.from = ANY(world, agents);
	deliver(world, &letter);
}

/* ---- answers to what was sent ---- */

/* The value of a field of one of our own mails; owned. */
static char *
field_of(GBytes *mail, const char *name)
{
	gsize size;
	const char *data = g_bytes_get_data(mail, &size);
	g_autofree char *text = g_strndup(data, size);
	g_autofree char *key = g_strdup_printf("\r\n%s: ", name);
	g_autofree char *whole = g_strconcat("\r\n", text, NULL);
	const char *at = strstr(whole, key);

	if (at == NULL)
		return g_strdup("");
	at += strlen(key);
	return g_strndup(at, strcspn(at, "\r\n"));
}

static OutboxRow *
any_row(World *world)
{
	g_autoptr(GPtrArray) rows = store_outbox(world->store, 0, NULL, NULL);

	assert_non_null(rows);
	if (rows->len == 0)
		return NULL;
	const OutboxRow *row = rows->pdata[pick(world, rows->len)];
	return store_outbox_get(world->store, row->id, NULL);
}

/* Which witnesses a client or gateway leaves in an answer. */
typedef struct Carried {
	bool token, id, marker, tag;
} Carried;

static char *
answer_body(const char *text, GBytes *original, const Carried *carried)
{
	g_autofree char *id = field_of(original, "Message-ID");
	const char *end = strchr(id, '@');

	if (!carried->marker || end == NULL)
		return g_strdup(text);
	g_autofree char *name = g_strndup(id + 1, (gsize)(end - id - 1));
	return g_strdup_printf("%s\n\nOn Tue, the desk wrote:\n> Please reply"
	                       " above this line [%s]\n> old words\n",
	                       text, name);
}

static void
answer(World *world, const OutboxRow *row, Letter *letter,
       const Carried *carried)
{
	g_autofree char *reply_to = field_of(row->body, "Reply-To");
	g_autofree char *id = field_of(row->body, "Message-ID");
	g_autofree char *body = answer_body(letter->body, row->body, carried);
	g_autofree char *fields =
		carried->id ? g_strdup_printf("In-Reply-To: %s\n", id)
			    : g_strdup("");
	g_autofree char *subject =
		carried->tag
			? g_strdup_printf("Re: [#%" G_GINT64_FORMAT "] printer",
	                                  row->ticket)
			: g_strdup("Re: printer");

	letter->to = carried->token ? reply_to : DESK_ADDRESS;
	letter->body = body;
	letter->fields = fields;
	letter->subject = subject;
	deliver(world, letter);
}

static void
step_answer(World *world)
{
	g_autoptr(OutboxRow) row = any_row(world);

	if (row == NULL)
		return;
	bool is_agent = desk_agent_for_address(world->desk, row->to) != NULL;
	Carried carried = { chance(world, 60), chance(world, 60),
		            chance(world, 60), chance(world, 60) };
	Letter letter = { .from = chance(world, 85) ? row->to
		                                    : ANY(world, strangers),
		          .body = is_agent && chance(world, 50)
		                          ? ANY(world, orders)
		                          : ANY(world, words),
		          .is_proven = chance(world, 80),
		          .is_machine = chance(world, 15) };

	answer(world, row, &letter, &carried);
}

static void
step_report(World *world)
{
	g_autoptr(OutboxRow) row = any_row(world);

	if (row == NULL)
		return;
	bool is_forged = chance(world, 30);
	g_autofree char *fields =
		g_strdup("MIME-Version: 1.0\nContent-Type: multipart/report;"
	                 " report-type=delivery-status; boundary=rr\n");
	g_autofree char *body = g_strdup_printf(
		"--rr\nContent-Type: text/plain\n\nIt did not arrive.\n--rr\n"
		"Content-Type: message/delivery-status\n\n"
		"Reporting-MTA: dns; mx.example\n\n"
		"Final-Recipient: rfc822; %s\nAction: failed\nStatus: 5.1.1\n"
		"--rr\nContent-Type: text/rfc822-headers\n\n"
		"Message-ID: <%s>\nSubject: x\n\n--rr--\n",
		row->to,
		is_forged ? "p.1.1.aaaaaaaaaaaaaaaaaaaa@" DOMAIN
			  : row->message_id);
	Letter letter = { .from = "mailer-daemon@mx.example",
		          .to = !is_forged && *row->envelope != '\0'
		                        ? row->envelope
		                        : DESK_ADDRESS,
		          .subject = "Undelivered",
		          .body = body,
		          .fields = fields };

	deliver(world, &letter);
}

/* ---- doubles, the operator, the sender, time ---- */

static void
offer_again(World *world, GBytes *raw)
{
	const char *const recipients[] = { DESK_ADDRESS, NULL };
	Arrival arrival = { .door = "pipe",
		            .recipients = recipients,
		            .raw = raw };
	int64_t rows_before = count_rows(world);
	Verdict verdict;

	assert_true(clerk_receive(world->clerk, &arrival, 1, &verdict, NULL));
	assert_int_equal(count_rows(world), rows_before);
	assert_true(verdict.state == DELIVERY_DUPLICATE ||
	            verdict.state == DELIVERY_SUPERSEDED);
	remember(world, raw);
}

/* within the days in which the same content is the same mail */
static void
step_again(World *world)
{
	if (world->raws->len == 0)
		return;
	unsigned i = pick(world, world->raws->len);
	if (world->now - g_array_index(world->times, int64_t, i) >
	    7 * 24 * HOUR)
		return;
	g_string_append(world->story, "  offered again\n");
	offer_again(world, world->raws->pdata[i]);
}

static void
step_order(World *world)
{
	g_autoptr(GError) error = NULL;
	int64_t next;

	assert_true(store_ticket_next(world->store, &next, NULL));
	if (next == 1)
		return;
	TicketOrder order = { .ticket = 1 + pick(world, (unsigned)next - 1),
		              .agent = chance(world, 50) ? "ana" : NULL,
		              .actor = "operator:test",
		              .text = chance(world, 50) ? ANY(world, orders)
		                                        : ANY(world, words),
		              .is_note = chance(world, 30) };
	g_autoptr(Decision) decision =
		clerk_order(world->clerk, &order, &error);

	g_string_append_printf(world->story, "  operator: %.16s\n", order.text);
	if (decision == NULL)
		fail_msg("%s", error->message);
}

static void
step_release(World *world)
{
	static const char *const ways[] = { "admit", "open", "drop" };
	g_autoptr(GPtrArray) held =
		store_quarantine(world->store, "held", NULL);

	assert_non_null(held);
	if (held->len == 0)
		return;
	const Quarantined *one = held->pdata[pick(world, held->len)];
	const char *how = one->ticket == 0 ? "open" : ANY(world, ways);
	g_string_append_printf(world->story, "  quarantine: %s\n", how);
	g_autoptr(GError) error = NULL;
	if (!clerk_release(world->clerk, one->id, how, "operator:test", &error))
		go_wrong(world, error->message);
}

static void
step_turn(World *world)
{
	g_autoptr(OutboxRow) row = any_row(world);
	bool is_again = chance(world, 50);

	if (row == NULL)
		return;
	g_string_append(world->story, "  outbox turned\n");
	bool is_turned =
		clerk_turn_mail(world->clerk, row->id,
	                        is_again ? OUTBOX_QUEUED : OUTBOX_CANCELLED,
	                        "operator:test", NULL);
	assert_int_equal(is_turned, row->state != OUTBOX_SENT);
}

static void
settle(World *world, OutboxRow *row)
{
	bool is_sent = chance(world, 85);

	row->state = is_sent ? OUTBOX_SENT : OUTBOX_FAILED;
	row->settled_at = world->now;
	if (!is_sent)
		row->last_error = g_strdup("550 5.1.1 no such user");
	assert_true(store_begin(world->store, NULL));
	assert_true(store_outbox_settle(world->store, row, NULL));
	assert_true(store_commit(world->store, NULL));
	if (!is_sent)
		assert_true(clerk_delivery_failed(world->clerk, row, NULL));
}

static void
step_send(World *world)
{
	OutboxClaim claim = { NULL, "test", world->now, world->now + HOUR, 3 };
	g_autoptr(GPtrArray) rows =
		store_outbox_claim(world->store, &claim, NULL);

	assert_non_null(rows);
	for (unsigned i = 0; i < rows->len; i++)
		settle(world, rows->pdata[i]);
	g_string_append(world->story, "  sent\n");
}

static void
step_wait(World *world)
{
	world->now += 60 + pick(world, 40) * 12 * HOUR;
	clock_fix(world->now);
	g_string_append(world->story, "  time passed\n");
}

static const struct {
	void (*step)(World *);
	unsigned weight;
} steps[] = {
	{ step_new, 25 },  { step_answer, 40 }, { step_report, 8 },
	{ step_again, 7 }, { step_order, 8 },   { step_send, 12 },
	{ step_wait, 10 }, { step_release, 4 }, { step_turn, 4 },
};

static void
take_step(World *world)
{
	unsigned total = 0;

	for (unsigned i = 0; i < G_N_ELEMENTS(steps); i++)
		total += steps[i].weight;
	unsigned at = pick(world, total);
	for (unsigned i = 0; i < G_N_ELEMENTS(steps); i++) {
		if (at < steps[i].weight) {
			steps[i].step(world);
			return;
		}
		at -= steps[i].weight;
	}
}

/* ---- the invariants ---- */

static void
check_invariants(World *world, guint32 seed)
{
	g_autoptr(GPtrArray) findings = g_ptr_array_new_with_free_func(g_free);
	g_autoptr(GPtrArray) deliveries =
		store_deliveries(world->store, NULL, NULL);

	assert_true(store_fsck(world->store, findings, NULL));
	assert_true(clerk_check_journal(world->clerk, findings, NULL));
	if (findings->len > 0)
		fail_msg("seed %u: %s\n%s", seed,
		         (const char *)findings->pdata[0], world->story->str);
	/* I3: each mail that was accepted is accounted for, and no other */
	assert_non_null(deliveries);
	assert_int_equal(deliveries->len, world->raws->len);
}

static void
live(guint32 seed)
{
	World *world = world_new(seed);
	unsigned count = 3 + pick(world, STEPS_MAX - 3);

	for (unsigned i = 0; i < count; i++)
		take_step(world);
	check_invariants(world, seed);
	world_free(world);
}

static guint32
number_from_environment(const char *name, guint32 fallback)
{
	const char *text = g_getenv(name);

	return text == NULL ? fallback
	                    : (guint32)g_ascii_strtoull(text, NULL, 10);
}

static void
histories_keep_the_invariants(void **state)
{
	guint32 count = number_from_environment("POSTIGO_HISTORIES", 100);
	guint32 seed = number_from_environment("POSTIGO_SEED", FIRST_SEED);

	(void)state;
	print_message("# first seed %u, %u histories\n", seed, count);
	for (guint32 i = 0; i < count; i++)
		live(seed + i);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(histories_keep_the_invariants),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
