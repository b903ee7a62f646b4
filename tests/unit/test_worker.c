#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>
#include <glib.h>

#include "base/io.h"

#include "message/mailread.h"
#include "message/record.h"
#include "message/worker.h"

#define BATCH 10

/* Readers that go wrong at mails with a certain word in them. */
static bool
has(GBytes *raw, const char *word)
{
	gsize length;
	const char *octets = g_bytes_get_data(raw, &length);

	return g_strstr_len(octets, (gssize)length, word) != NULL;
}

static Mail *
read_or_die(GBytes *raw)
{
	if (has(raw, "deadly"))
		raise(SIGKILL);
	if (has(raw, "endless"))
		for (;;)
			pause();
	if (has(raw, "nonsense"))
		io_write_all(3, "\xff\xff\xff\xff", 4, NULL);
	return mail_read_undigested(raw);
}

typedef struct Taken {
	Mail *mails[BATCH];
	unsigned count;
} Taken;

static void
take(void *taker, unsigned index, Mail *mail)
{
	Taken *taken = taker;

	assert_int_equal(index, taken->count);
	taken->mails[taken->count++] = mail;
}

static GBytes *
mail_with(const char *word, unsigned number)
{
	char *text = g_strdup_printf("From: a@b.example\nSubject: %u\n\n%s\n",
	                             number, word);

	return g_bytes_new_take(text, strlen(text));
}

static void
check_batch(const char *words[BATCH])
{
	WorkerLimits limits = WORKER_LIMITS_DEFAULT;
	GBytes *raws[BATCH];
	Taken taken = { .count = 0 };

	limits.wall_seconds = 1;
	for (unsigned i = 0; i < BATCH; i++)
		raws[i] = mail_with(words[i] == NULL ? "words" : words[i], i);
	assert_true(worker_read_each(read_or_die, raws, BATCH, &limits, take,
	                             &taken));
	assert_int_equal(taken.count, BATCH);
	for (unsigned i = 0; i < BATCH; i++) {
		g_autofree char *subject = g_strdup_printf("%u", i);

		assert_int_equal(taken.mails[i]->is_bare, words[i] != NULL);
		assert_string_equal(taken.mails[i]->subject, subject);
		assert_int_equal(strlen(taken.mails[i]->sha256), 64);
		mail_free(taken.mails[i]);
		g_bytes_unref(raws[i]);
	}
}

static void
reads_a_batch_in_order(void **state)
{
	const char *words[BATCH] = { NULL };

	(void)state;
	check_batch(words);
}

static void
answers_for_mails_that_kill(void **state)
{
	const char *words[BATCH] = {
		[0] = "deadly", [4] = "deadly", [5] = "deadly", [9] = "deadly"
	};

	(void)state;
	check_batch(words);
}

static void
answers_for_mails_without_end_and_for_nonsense(void **state)
{
	const char *words[BATCH] = { [2] = "endless", [7] = "nonsense" };

	(void)state;
	check_batch(words);
}

static void
keeps_the_digests_to_the_parent(void **state)
{
	static const WorkerLimits limits = WORKER_LIMITS_DEFAULT;
	g_autoptr(GBytes) raw = mail_with("words", 1);
	g_autoptr(Mail) direct = mail_read(raw);
	g_autoptr(GBytes) record = record_pack(direct);
	g_autoptr(Mail) unpacked = record_unpack(record, NULL);
	Mail *mail;

	(void)state;
	assert_string_equal(unpacked->sha256, "");
	assert_true(worker_read(&raw, 1, &limits, &mail));
	assert_string_equal(mail->sha256, direct->sha256);
	assert_string_equal(mail->content_hash, direct->content_hash);
	assert_int_equal(mail->size, g_bytes_get_size(raw));
	mail_free(mail);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_a_batch_in_order),
		cmocka_unit_test(answers_for_mails_that_kill),
		cmocka_unit_test(
			answers_for_mails_without_end_and_for_nonsense),
		cmocka_unit_test(keeps_the_digests_to_the_parent),
	};

	return cmocka_run_group_tests_name("worker", tests, NULL, NULL);
}
