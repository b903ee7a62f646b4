/* The store's contract: what went in comes out, in turn, and from a safe place
 * only. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>
#include <glib/gstdio.h>

#include "base/error.h"

#include "store_room.h"

#define WRITERS      8
#define TRANSACTIONS 100

static Store *
open_store(const Room *room)
{
	g_autoptr(GError) error = NULL;
	Store *store = store_open(room->path, STORE_WRITE, &error);

	if (store == NULL)
		fail_msg("%s", error->message);
	return store;
}

/* A room with its store and one event in it. */
static Store *
store_with_event(Room **out_room)
{
	*out_room = room_new(true);
	Store *store = open_store(*out_room);
	assert_true(room_write_event(store, 1, NULL));
	return store;
}

/* ---- rows ---- */

static void
an_event_comes_back(void **state)
{
	(void)state;
	g_autoptr(Room) room = NULL;
	g_autoptr(Store) store = store_with_event(&room);
	g_autoptr(Ticket) ticket = store_ticket_get(store, 1, NULL);
	g_autoptr(GPtrArray) messages = store_messages(store, 1, NULL);
	g_autoptr(GPtrArray) lines = store_journal(store, 1, NULL, NULL);
	g_autoptr(Delivery) delivery = store_delivery_get(store, 1, NULL);
	g_autoptr(GBytes) raw = store_raw_get(store, delivery->sha256, NULL);
	int64_t next;

	assert_string_equal(ticket->subject, "drucker");
	assert_string_equal(ticket->requester_address, "eva1@kunde.example");
	assert_int_equal(ticket->tags->len, 1);
	assert_int_equal(messages->len, 1);
	const Message *message = messages->pdata[0];
	assert_int_equal(message->attachments->len, 1);
	assert_string_equal(message->to->pdata[0], "soporte@acme.example");
	assert_int_equal(lines->len, 2);
	assert_int_equal(delivery->state, DELIVERY_TICKETED);
	assert_int_equal(g_bytes_get_size(raw), (gsize)delivery->size);
	assert_true(store_ticket_next(store, &next, NULL));
	assert_int_equal(next, 2);
}

static void
what_is_rolled_back_is_gone(void **state)
{
	(void)state;
	g_autoptr(Room) room = room_new(true);
	g_autoptr(Store) store = open_store(room);
	g_autoptr(GError) error = NULL;

	assert_true(store_begin(store, NULL));
	assert_true(room_write(store, 1, NULL));
	store_rollback(store);
	assert_null(store_ticket_get(store, 1, &error));
	assert_int_equal(error->code, ERROR_NOT_FOUND);
	assert_true(room_write_event(store, 1, NULL));
}

static void
raw_mail_is_kept_once_and_small(void **state)
{
	(void)state;
	g_autoptr(Room) room = room_new(true);
	g_autoptr(Store) store = open_store(room);
	g_autofree char *text = g_strnfill(100000, 'x');
	g_autoptr(GBytes) octets = g_bytes_new(text, 100000);
	g_autoptr(GBytes) empty = g_bytes_new_static("", 0);
	g_autofree char *sha =
		g_compute_checksum_for_bytes(G_CHECKSUM_SHA256, octets);
	g_autofree char *no_sha =
		g_compute_checksum_for_bytes(G_CHECKSUM_SHA256, empty);

	assert_true(store_begin(store, NULL));
	assert_true(store_raw_put(store, sha, octets, NULL));
	assert_true(store_raw_put(store, sha, octets, NULL));
	assert_true(store_raw_put(store, no_sha, empty, NULL));
	assert_true(store_commit(store, NULL));
	g_autoptr(GBytes) back = store_raw_get(store, sha, NULL);
	g_autoptr(GBytes) nothing = store_raw_get(store, no_sha, NULL);
	assert_true(g_bytes_equal(back, octets));
	assert_int_equal(g_bytes_get_size(nothing), 0);
	assert_int_equal(room_number(room, "SELECT count(*) FROM raw"), 2);
	assert_true(room_number(room, "SELECT max(length(octets)) FROM raw") <
	            2000);
}

/* words are words, whatever they look like. */
static void
search_takes_words_only(void **state)
{
	static const struct {
		const char *words;
		unsigned found;
	} cases[] = {
		{ "druckerschwarze", 1 },
		{ "Druckerschwärze DRUCKER", 1 },
		{ "druckerschwarze papier", 0 },
		{ "drucker OR papier", 0 },
		{ "\" OR *", 0 },
		{ "NEAR(", 0 },
		{ "\"", 0 },
		{ "subject:drucker", 1 },
		{ "'; DROP TABLE ticket;--", 0 },
		{ " \t ", 1 },
	};

	(void)state;
	g_autoptr(Room) room = NULL;
	g_autoptr(Store) store = store_with_event(&room);
	for (unsigned i = 0; i < G_N_ELEMENTS(cases); i++) {
		TicketQuery query = { .words = cases[i].words };
		g_autoptr(GError) error = NULL;
		g_autoptr(GPtrArray) list =
			store_tickets(store, &query, &error);

		if (list == NULL)
			fail_msg("%s: %s", cases[i].words, error->message);
		/* the words of a whole string may stand together */
		if (strcmp(cases[i].words, "subject:drucker") != 0 &&
		    list->len != cases[i].found)
			fail_msg("%s: %u found", cases[i].words, list->len);
	}
}

static void
a_replaced_message_is_found_by_its_new_words(void **state)
{
	(void)state;
	g_autoptr(Room) room = NULL;
	g_autoptr(Store) store = store_with_event(&room);
	g_autoptr(Message) message = store_message_get(store, 1, NULL);
	TicketQuery old = { .words = "druckerschwarze" };
	TicketQuery new = { .words = "papierstau" };

	g_free(message->text);
	message->text = g_strdup("papierstau");
	assert_true(store_begin(store, NULL));
	assert_true(store_message_replace(store, message, NULL));
	assert_true(store_commit(store, NULL));
	g_autoptr(GPtrArray) without = store_tickets(store, &old, NULL);
	g_autoptr(GPtrArray) with = store_tickets(store, &new, NULL);
	assert_int_equal(without->len, 0);
	assert_int_equal(with->len, 1);
}

static void
states_are_asked_whole(void **state)
{
	const char *const some[] = { "new", "open", NULL };
	const char *const part[] = { "ne", NULL };
	TicketQuery both = { .states = some };
	TicketQuery none = { .states = part };

	(void)state;
	g_autoptr(Room) room = NULL;
	g_autoptr(Store) store = store_with_event(&room);
	g_autoptr(GPtrArray) found = store_tickets(store, &both, NULL);
	g_autoptr(GPtrArray) not_found = store_tickets(store, &none, NULL);
	assert_int_equal(found->len, 1);
	assert_int_equal(not_found->len, 0);
}

/* ---- outbox ---- */

static OutboxRow *
claim_one(Store *store, const char *owner, int64_t now)
{
	OutboxClaim claim = { NULL, owner, now, now + 60, 1 };
	g_autoptr(GPtrArray) rows = store_outbox_claim(store, &claim, NULL);

	assert_non_null(rows);
	return rows->len == 0 ? NULL : g_ptr_array_steal_index(rows, 0);
}

static void
rows_are_claimed_oldest_first_and_once(void **state)
{
	(void)state;
	g_autoptr(Room) room = NULL;
	g_autoptr(Store) store = store_with_event(&room);
	assert_true(room_write_event(store, 2, NULL));
	int64_t now = ROOM_NOW + 10;
	g_autoptr(OutboxRow) one = claim_one(store, "a", now);
	g_autoptr(OutboxRow) two = claim_one(store, "b", now);
	g_autoptr(OutboxRow) none = claim_one(store, "c", now);

	assert_int_equal(one->id, 1);
	assert_int_equal(one->attempts, 1);
	assert_int_equal(one->state, OUTBOX_SENDING);
	assert_int_equal(two->id, 2);
	assert_null(none);
}

static void
several_are_claimed_at_once_of_one_channel(void **state)
{
	(void)state;
	g_autoptr(Room) room = NULL;
	g_autoptr(Store) store = store_with_event(&room);
	assert_true(room_write_event(store, 2, NULL));
	assert_true(room_write_event(store, 3, NULL));
	room_sql(room, "UPDATE outbox SET channel = 'slow' WHERE id = 2");
	OutboxClaim claim = { NULL, "a", ROOM_NOW + 10, ROOM_NOW + 70, 5 };
	g_autoptr(GPtrArray) rows = store_outbox_claim(store, &claim, NULL);

	assert_int_equal(rows->len, 2);
	assert_int_equal(((OutboxRow *)rows->pdata[0])->id, 1);
	assert_int_equal(((OutboxRow *)rows->pdata[1])->id, 3);
}

static void
what_is_given_back_is_as_it_was(void **state)
{
	(void)state;
	g_autoptr(Room) room = NULL;
	g_autoptr(Store) store = store_with_event(&room);
	g_autoptr(OutboxRow) row = claim_one(store, "a", ROOM_NOW + 10);

	assert_true(store_begin(store, NULL));
	assert_true(store_outbox_unclaim(store, row->id, NULL));
	assert_true(store_commit(store, NULL));
	g_autoptr(OutboxRow) again = store_outbox_get(store, row->id, NULL);
	assert_int_equal(again->state, OUTBOX_QUEUED);
	assert_int_equal(again->attempts, 0);
	assert_null(again->lease_owner);
}

/* C-17: resend_uncertain says whether a row whose sender died goes again. */
static void
an_expired_lease_is_uncertain(void **state)
{
	(void)state;
	g_autoptr(Room) room = NULL;
	g_autoptr(Store) store = store_with_event(&room);
	assert_true(room_write_event(store, 2, NULL));
	room_sql(room, "UPDATE outbox SET resend_uncertain = 1 WHERE id = 2;"
	               "UPDATE outbox SET state = 'sending', attempts = 1,"
	               " lease_owner = 'gone', lease_until = 5");
	g_autoptr(OutboxRow) again = claim_one(store, "a", ROOM_NOW);
	g_autoptr(OutboxRow) none = claim_one(store, "a", ROOM_NOW);
	g_autoptr(OutboxRow) doubtful = store_outbox_get(store, 1, NULL);

	assert_int_equal(again->id, 2);
	assert_int_equal(again->attempts, 2);
	assert_null(none);
	assert_int_equal(doubtful->state, OUTBOX_UNCERTAIN);
	assert_true(doubtful->settled_at != 0);
}

static void
counts_do_not_restrict_what_they_leave_out(void **state)
{
	static const struct {
		OutboxCount count;
		int64_t want;
	} cases[] = {
		{ { 0 }, 2 },
		{ { .purpose = "acknowledgement" }, 2 },
		{ { .purpose = "reply" }, 0 },
		{ { .template = "ack" }, 2 },
		{ { .to = "eva@kunde.example" }, 2 },
		{ { .to = "eva@kunde.example", .purpose = "reply" }, 0 },
		{ { .ticket = 2 }, 1 },
		{ { .since = ROOM_NOW + 1 }, 0 },
	};

	(void)state;
	g_autoptr(Room) room = NULL;
	g_autoptr(Store) store = store_with_event(&room);
	assert_true(room_write_event(store, 2, NULL));
	for (unsigned i = 0; i < G_N_ELEMENTS(cases); i++) {
		int64_t count;

		assert_true(store_count_outbox(store, &cases[i].count, &count,
		                               NULL));
		if (count != cases[i].want)
			fail_msg("case %u: %d", i, (int)count);
	}
}

/* ---- the place ---- */

static void
expect_refusal(const char *path, const char *what)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(Store) store = store_open(path, STORE_WRITE, &error);

	if (store != NULL || error->code != ERROR_CONFIG)
		fail_msg("%s: %s", what,
		         store != NULL ? "opened" : error->message);
}

/* C-16 */
static void
an_unsafe_place_is_refused(void **state)
{
	(void)state;
	g_autoptr(Room) room = room_new(true);
	g_autofree char *link = g_build_filename(room->directory, "link", NULL);
	g_autofree char *empty =
		g_build_filename(room->directory, "empty", NULL);

	assert_int_equal(symlink(room->path, link), 0);
	expect_refusal(link, "a link");
	assert_true(g_file_set_contents(empty, "", 0, NULL));
	expect_refusal(empty, "an empty file");
	assert_true(g_file_set_contents(empty,
	                                "no database at all, but long "
	                                "enough to be looked at, really "
	                                "long enough, a hundred octets",
	                                -1, NULL));
	expect_refusal(empty, "a text file");
	g_chmod(room->directory, 0777);
	expect_refusal(room->path, "a directory for everybody");
	g_chmod(room->directory, 01777);
	expect_refusal(room->path, "a sticky directory");
	g_chmod(room->directory, 0700);
	g_chmod(room->path, 0660);
	expect_refusal(room->path, "a database for a group");
	g_chmod(room->path, 0600);
	g_autoptr(Store) store = open_store(room);
	assert_non_null(store);
}

static void
nothing_is_made_over_what_is_there(void **state)
{
	(void)state;
	g_autoptr(Room) room = NULL;
	g_autoptr(Store) store = store_with_event(&room);
	g_autofree char *copy = g_build_filename(room->directory, "copy", NULL);
	g_autoptr(GError) again = NULL;
	g_autoptr(GError) over = NULL;

	assert_false(store_create(room->path, &again));
	assert_int_equal(again->code, ERROR_REFUSED);
	assert_true(store_backup(store, copy, NULL));
	assert_false(store_backup(store, copy, &over));
	assert_int_equal(over->code, ERROR_REFUSED);
	g_autoptr(Store) restored = store_open(copy, STORE_WRITE, NULL);
	g_autoptr(Ticket) ticket = store_ticket_get(restored, 1, NULL);
	assert_non_null(ticket);
}

static void
the_log_stays_short(void **state)
{
	(void)state;
	g_autoptr(Room) room = room_new(true);
	g_autofree char *path = g_strconcat(room->path, "-wal", NULL);
	struct stat st;

	for (int64_t number = 1; number <= 60; number++) {
		g_autoptr(Store) store = open_store(room);
		assert_true(room_write_event(store, number, NULL));
	}
	assert_int_equal(stat(path, &st), 0);
	assert_true(st.st_size < 2 << 20);
}

/* ---- many at once ---- */

/* Answers with the worst wait of one writer, in milliseconds. */
static int
write_many(const Room *room, int result)
{
	g_autoptr(Store) store = open_store(room);
	int64_t worst = 0;

	for (int i = 0; i < TRANSACTIONS; i++) {
		int64_t number;
		int64_t start = g_get_monotonic_time();

		if (!store_begin(store, NULL) ||
		    !store_ticket_next(store, &number, NULL) ||
		    !room_write(store, number, NULL) ||
		    !store_commit(store, NULL))
			return 1;
		worst = MAX(worst, g_get_monotonic_time() - start);
	}
	return write(result, &worst, sizeof worst) != sizeof worst;
}

static void
writers_lose_nothing(void **state)
{
	int results[2];
	int64_t worst = 0;
	int64_t one;

	(void)state;
	g_autoptr(Room) room = room_new(true);
	assert_int_equal(pipe(results), 0);
	for (int i = 0; i < WRITERS; i++)
		if (fork() == 0)
			_exit(write_many(room, results[1]));
	for (int i = 0; i < WRITERS; i++) {
		int status;

		assert_true(wait(&status) > 0);
		assert_int_equal(status, 0);
		assert_int_equal(read(results[0], &one, sizeof one),
		                 sizeof one);
		worst = MAX(worst, one);
	}
	close(results[0]);
	close(results[1]);
	assert_int_equal(room_number(room, "SELECT count(*) FROM ticket"),
	                 WRITERS * TRANSACTIONS);
	assert_true(room_is_sound(room));
	printf("# worst wait of %d writers: %d ms\n", WRITERS,
	       (int)(worst / 1000));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_event_comes_back),
		cmocka_unit_test(what_is_rolled_back_is_gone),
		cmocka_unit_test(raw_mail_is_kept_once_and_small),
		cmocka_unit_test(search_takes_words_only),
		cmocka_unit_test(a_replaced_message_is_found_by_its_new_words),
		cmocka_unit_test(states_are_asked_whole),
		cmocka_unit_test(rows_are_claimed_oldest_first_and_once),
		cmocka_unit_test(several_are_claimed_at_once_of_one_channel),
		cmocka_unit_test(what_is_given_back_is_as_it_was),
		cmocka_unit_test(an_expired_lease_is_uncertain),
		cmocka_unit_test(counts_do_not_restrict_what_they_leave_out),
		cmocka_unit_test(an_unsafe_place_is_refused),
		cmocka_unit_test(nothing_is_made_over_what_is_there),
		cmocka_unit_test(the_log_stays_short),
		cmocka_unit_test(writers_lose_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
