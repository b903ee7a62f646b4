#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>
#include <glib.h>
#include <glib/gstdio.h>

#include "base/clock.h"
#include "base/error.h"
#include "base/token.h"

#define KEY_A \
	"0 000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f"
#define KEY_B \
	"1 ff0102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1eff"
#define NOW  INT64_C(1800000000)
#define WEEK INT64_C(604800)
#define HOME "desk.example"

static char *directory;

static int
make_directory(void **state)
{
	(void)state;
	clock_fix(NOW);
	directory = g_dir_make_tmp("postigo-token-XXXXXX", NULL);
	return directory == NULL;
}

static int
remove_directory(void **state)
{
	(void)state;
	g_rmdir(directory);
	g_free(directory);
	return 0;
}

static KeyRing *
ring_of_mode(const char *text, unsigned mode, GError **error)
{
	g_autofree char *path = g_build_filename(directory, "key", NULL);

	assert_true(g_file_set_contents(path, text, -1, NULL));
	assert_int_equal(g_chmod(path, mode), 0);
	KeyRing *ring = keyring_load(path, error);
	g_unlink(path);
	return ring;
}

static KeyRing *
ring_of(const char *text)
{
	g_autoptr(GError) error = NULL;
	KeyRing *ring = ring_of_mode(text, 0600, &error);

	assert_null(error);
	assert_non_null(ring);
	return ring;
}

static const ReplyToken sample = { 12, 5, TOKEN_COMMENT, NOW + 10 * WEEK };

/* ---- key files ---- */

static const struct {
	const char *sentence;
	const char *text;
	const char *fault; /* NULL: loads */
} key_files[] = {
	{ "one key", KEY_A "\n", NULL },
	{ "comments, blank lines, no line end", "# keys\n\n  # more\n" KEY_A,
	  NULL },
	{ "an old key with its end", KEY_B " 2027-02-01T00:00:00Z\n" KEY_A "\n",
	  NULL },
	{ "Windows line ends", KEY_A "\r\n", NULL },
	{ "G-03 empty", "", "no key without an end to sign with" },
	{ "G-03 only old keys", KEY_A " 2027-02-01T00:00:00Z\n",
	  "no key without an end to sign with" },
	{ "G-03 31 octets",
	  "0 000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e",
	  "key:1: a key has 64 hexadecimal digits" },
	{ "G-03 33 octets, of which one would not count", KEY_A "00",
	  "key:1: a key has 64 hexadecimal digits" },
	{ "G-03 not hexadecimal",
	  "0 zz0102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f",
	  "key:1: a key has 64 hexadecimal digits" },
	{ "G-03 no number", "# x\nfirst 00\n",
	  "key:2: a key line is ID HEX [UNTIL], ID 0 to 31" },
	{ "G-03 a number that a token has no room for", "32 00\n",
	  "key:1: a key line is ID HEX [UNTIL], ID 0 to 31" },
	{ "G-03 a number alone", "0\n",
	  "key:1: a key line is ID HEX [UNTIL], ID 0 to 31" },
	{ "G-03 an end that is no time", KEY_A " soon\n",
	  "key:1: soon is not a time" },
	{ "G-03 two keys of one number: the first would be lost",
	  KEY_A "\n" KEY_A "\n", "key:2: there is a key 0 already" },
};

static void
key_files_load_or_say_why(void **state)
{
	(void)state;
	for (unsigned i = 0; i < G_N_ELEMENTS(key_files); i++) {
		g_autoptr(GError) error = NULL;
		g_autoptr(KeyRing) ring =
			ring_of_mode(key_files[i].text, 0600, &error);

		print_message("# %s\n", key_files[i].sentence);
		assert_int_equal(ring == NULL, key_files[i].fault != NULL);
		if (key_files[i].fault == NULL)
			continue;
		assert_int_equal(error->code, ERROR_CONFIG);
		assert_non_null(strstr(error->message, key_files[i].fault));
	}
}

static void
a_key_that_others_can_read_is_refused(void **state)
{
	static const unsigned modes[] = { 0640, 0604, 0620, 0601 };

	(void)state;
	for (unsigned i = 0; i < G_N_ELEMENTS(modes); i++) {
		g_autoptr(GError) error = NULL;

		assert_null(ring_of_mode(KEY_A, modes[i], &error));
		assert_int_equal(error->code, ERROR_CONFIG);
	}
}

static void
a_key_that_is_not_there_is_refused(void **state)
{
	g_autoptr(GError) missing = NULL;
	g_autoptr(GError) folder = NULL;

	(void)state;
	assert_null(keyring_load("/nonexistent/key", &missing));
	assert_int_equal(missing->code, ERROR_CONFIG);
	assert_null(keyring_load(directory, &folder));
	assert_int_equal(folder->code, ERROR_CONFIG);
}

static void
a_generated_key_loads_and_is_new(void **state)
{
	g_autofree char *text = keyring_generate();
	g_autofree char *other = keyring_generate();
	g_autoptr(KeyRing) ring = ring_of(text);

	(void)state;
	assert_non_null(ring);
	assert_string_not_equal(text, other);
}

/* ---- tokens ---- */

static void
a_token_says_what_was_written(void **state)
{
	static const ReplyToken all[] = {
		{ 0, 0, TOKEN_COMMENT, NOW + WEEK },
		{ 12, 5, TOKEN_AGENT, NOW + WEEK },
		{ G_MAXUINT32, G_MAXUINT32, TOKEN_CONFIRM, NOW + WEEK },
	};
	g_autoptr(KeyRing) ring = ring_of(KEY_A);

	(void)state;
	for (unsigned i = 0; i < G_N_ELEMENTS(all); i++) {
		g_autofree char *text = token_write(ring, &all[i], HOME, 3);
		ReplyToken token;
		ReplyToken peeked;

		assert_int_equal(strlen(text), TOKEN_LENGTH);
		assert_int_equal(token_read(ring, text, HOME, 3, NOW, &token),
		                 TOKEN_GOOD);
		assert_int_equal(token.ticket, all[i].ticket);
		assert_int_equal(token.principal, all[i].principal);
		assert_int_equal(token.scope, all[i].scope);
		assert_true(token.expires_at >= all[i].expires_at);
		assert_true(token.expires_at < all[i].expires_at + WEEK);
		assert_true(token_peek(text, &peeked));
		assert_int_equal(peeked.principal, all[i].principal);
	}
}

/* Once written, a token must be read by every later version (U-06). */
static void
the_format_stays(void **state)
{
	g_autoptr(KeyRing) ring = ring_of(KEY_A);
	g_autofree char *token = token_write(ring, &sample, HOME, 0);
	g_autofree char *name = name_write(ring, NAME_POST, 12, 45, HOME);

	(void)state;
	assert_string_equal(token, "eaaaaaamaaaaabiqxkypjrylt7f3dlwqp4rvpzq");
	assert_string_equal(name, "p.12.45.352wwewmcff5aqmch2xa");
}

static void
case_does_not_matter(void **state)
{
	g_autoptr(KeyRing) ring = ring_of(KEY_A);
	g_autofree char *text = token_write(ring, &sample, HOME, 0);
	g_autofree char *upper = g_ascii_strup(text, -1);
	ReplyToken token;

	(void)state;
	for (const char *p = text; *p != '\0'; p++)
		assert_true(g_ascii_islower(*p) || (*p >= '2' && *p <= '7'));
	assert_int_equal(token_read(ring, upper, "Desk.Example", 0, NOW,
	                            &token),
	                 TOKEN_GOOD);
}

/* A-16: the five bits of each character, each flipped alone */
static void
one_flipped_bit_is_refused(void **state)
{
	static const char letters[] = "abcdefghijklmnopqrstuvwxyz234567";
	g_autoptr(KeyRing) ring = ring_of(KEY_A "\n" KEY_B "\n");
	g_autofree char *text = token_write(ring, &sample, HOME, 0);
	unsigned bad = 0;

	(void)state;
	for (unsigned i = 0; i < TOKEN_LENGTH * 5; i++) {
		g_autofree char *flipped = g_strdup(text);
		char *at = &flipped[i / 5];
		long value = strchr(letters, *at) - letters;
		ReplyToken token;

		*at = letters[value ^ (16 >> i % 5)];
		TokenVerdict verdict =
			token_read(ring, flipped, HOME, 0, NOW, &token);
		assert_true(verdict == TOKEN_BAD || verdict == TOKEN_NONE);
		bad += verdict == TOKEN_BAD;
	}
	/* but for the three bits of the version */
	assert_int_equal(bad, TOKEN_LENGTH * 5 - 3);
}

static void
another_shape_is_no_token(void **state)
{
	g_autoptr(KeyRing) ring = ring_of(KEY_A);
	g_autofree char *text = token_write(ring, &sample, HOME, 0);
	g_autofree char *longer = g_strconcat(text, "a", NULL);
	g_autofree char *many = g_strnfill(400, 'a');
	ReplyToken token;

	(void)state;
	assert_int_equal(token_read(ring, longer, HOME, 0, NOW, &token),
	                 TOKEN_NONE);
	assert_int_equal(token_read(ring, many, HOME, 0, NOW, &token),
	                 TOKEN_NONE);
	for (size_t length = TOKEN_LENGTH; length-- > 0;) {
		text[length] = '\0';
		assert_int_equal(token_read(ring, text, HOME, 0, NOW, &token),
		                 TOKEN_NONE);
		assert_false(token_peek(text, &token));
	}
	assert_int_equal(token_read(ring, "7", HOME, 0, NOW, &token),
	                 TOKEN_NONE);
	assert_int_equal(token_read(ring,
	                            "ea=aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
	                            HOME, 0, NOW, &token),
	                 TOKEN_NONE);
}

static void
tokens_of_others_and_of_before_are_refused(void **state)
{
	g_autoptr(KeyRing) ring = ring_of(KEY_A);
	g_autoptr(KeyRing) other = ring_of(KEY_B);
	g_autofree char *same_number = g_strdelimit(g_strdup(KEY_B), "1", '0');
	g_autofree char *text = token_write(ring, &sample, HOME, 7);
	ReplyToken token;

	(void)state;
	same_number[0] = '0';
	g_autoptr(KeyRing) forger = ring_of(same_number);
	assert_int_equal(token_read(ring, text, HOME, 7, NOW, &token),
	                 TOKEN_GOOD);
	assert_int_equal(token_read(other, text, HOME, 7, NOW, &token),
	                 TOKEN_BAD);
	assert_int_equal(token_read(forger, text, HOME, 7, NOW, &token),
	                 TOKEN_BAD);
	assert_int_equal(token_read(ring, text, "x.example", 7, NOW, &token),
	                 TOKEN_BAD);
	assert_int_equal(token_read(ring, text, HOME, 8, NOW, &token),
	                 TOKEN_BAD);
}

static void
tokens_expire(void **state)
{
	g_autoptr(KeyRing) ring = ring_of(KEY_A);
	g_autofree char *text = token_write(ring, &sample, HOME, 0);
	ReplyToken token;

	(void)state;
	assert_int_equal(token_read(ring, text, HOME, 0, sample.expires_at - 1,
	                            &token),
	                 TOKEN_GOOD);
	assert_int_equal(token_read(ring, text, HOME, 0,
	                            sample.expires_at + WEEK, &token),
	                 TOKEN_EXPIRED);
	assert_int_equal(token.ticket, sample.ticket);
}

static void
an_old_key_verifies_until_its_end(void **state)
{
	g_autoptr(KeyRing) before = ring_of(KEY_A);
	g_autoptr(KeyRing) after =
		ring_of(KEY_A " 2027-02-01T00:00:00Z\n" KEY_B "\n");
	g_autofree char *text = token_write(before, &sample, HOME, 0);
	int64_t end = 0;
	ReplyToken token;

	(void)state;
	assert_true(instant_from_text("2027-02-01T00:00:00Z", &end));
	assert_int_equal(token_read(after, text, HOME, 0, end - 1, &token),
	                 TOKEN_GOOD);
	assert_int_equal(token_read(after, text, HOME, 0, end, &token),
	                 TOKEN_BAD);
	g_autofree char *fresh = token_write(after, &sample, HOME, 0);
	assert_int_equal(token_read(before, fresh, HOME, 0, NOW, &token),
	                 TOKEN_BAD);
}

/* ---- names ---- */

static const struct {
	const char *sentence;
	const char *before;
	const char *after;
	bool is_read;
} spellings[] = {
	{ "alone", "", "", true },
	{ "as a Message-ID", "", "@" HOME, true },
	{ "as a Message-ID in capitals", "", "@DESK.EXAMPLE", true },
	{ "of another domain", "", "@evil.example", false },
	{ "with an empty domain", "", "@", false },
	{ "with something behind it", "", " ", false },
	{ "with more of the same behind it", "", "a", false },
	{ "with something before it", " ", "", false },
};

static void
names_are_read_in_these_spellings(void **state)
{
	g_autoptr(KeyRing) ring = ring_of(KEY_A);
	g_autofree char *name = name_write(ring, NAME_POST, 12, 45, HOME);

	(void)state;
	for (unsigned i = 0; i < G_N_ELEMENTS(spellings); i++) {
		g_autofree char *text = g_strconcat(spellings[i].before, name,
		                                    spellings[i].after, NULL);
		SignedName read;

		print_message("# %s\n", spellings[i].sentence);
		assert_int_equal(name_read(ring, text, HOME, &read),
		                 spellings[i].is_read);
		if (!spellings[i].is_read)
			continue;
		assert_int_equal(read.kind, NAME_POST);
		assert_int_equal(read.ticket, 12);
		assert_int_equal(read.seq, 45);
	}
}

static void
names_are_read_in_any_case(void **state)
{
	g_autoptr(KeyRing) ring = ring_of(KEY_A);
	g_autofree char *name = name_write(ring, NAME_VERP, 1, 2, HOME);
	g_autofree char *upper = g_ascii_strup(name, -1);
	SignedName read;

	(void)state;
	assert_true(name_read(ring, upper, HOME, &read));
	assert_int_equal(read.kind, NAME_VERP);
}

static void
forged_names_are_refused(void **state)
{
	static const char *const forged[] = {
		"",
		"p",
		"p.",
		"p.12",
		"p.12.45",
		"p.12.45.",
		"p.12.45.aaaa",
		"p.12.45.aaaaaaaaaaaaaaaaaaaa",
		"p.012.45.aaaaaaaaaaaaaaaaaaaa",
		"p.-1.45.aaaaaaaaaaaaaaaaaaaa",
		"p.99999999999999999999.1.aaaaaaaaaaaaaaaaaaaa",
	};
	g_autoptr(KeyRing) ring = ring_of(KEY_A);
	g_autofree char *name = name_write(ring, NAME_POST, 12, 45, HOME);
	SignedName read;

	(void)state;
	for (unsigned i = 0; i < G_N_ELEMENTS(forged); i++)
		assert_false(name_read(ring, forged[i], HOME, &read));
	for (size_t i = 0; name[i] != '\0'; i++) {
		g_autofree char *changed = g_strdup(name);

		changed[i] = name[i] == '2' ? '3' : '2';
		assert_false(name_read(ring, changed, HOME, &read));
	}
}

static void
names_are_found_in_quoted_text(void **state)
{
	g_autoptr(KeyRing) ring = ring_of(KEY_A);
	g_autofree char *name = name_write(ring, NAME_POST, 12, 45, HOME);
	g_autofree char *root = name_write(ring, NAME_THREAD, 7, 0, HOME);
	g_autofree char *text = g_strconcat("p.1.1.aaaaaaaaaaaaaaaaaaaa\n> [",
	                                    root, "]\n> (", name, ")\n", NULL);
	g_autofree char *inside = g_strconcat("x", name, NULL);
	SignedName read;

	(void)state;
	assert_true(name_find(ring, NAME_POST, text, HOME, &read));
	assert_int_equal(read.ticket, 12);
	assert_true(name_find(ring, NAME_THREAD, text, HOME, &read));
	assert_int_equal(read.ticket, 7);
	assert_false(name_find(ring, NAME_VERP, text, HOME, &read));
	assert_false(name_find(ring, NAME_POST, inside, HOME, &read));
	assert_false(name_find(ring, NAME_POST, "", HOME, &read));
}

static void
signatures_of_different_uses_differ(void **state)
{
	g_autoptr(KeyRing) ring = ring_of(KEY_A);
	g_autofree char *mac = keyring_sign(ring, "instance", "a");

	(void)state;
	assert_true(keyring_verify(ring, "instance", "a", mac));
	assert_false(keyring_verify(ring, "envid", "a", mac));
	assert_false(keyring_verify(ring, "instance", "b", mac));
	assert_false(keyring_verify(ring, "instancea", "", mac));
	assert_false(keyring_verify(ring, "instance", "a", ""));
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(key_files_load_or_say_why),
		cmocka_unit_test(a_key_that_others_can_read_is_refused),
		cmocka_unit_test(a_key_that_is_not_there_is_refused),
		cmocka_unit_test(a_generated_key_loads_and_is_new),
		cmocka_unit_test(a_token_says_what_was_written),
		cmocka_unit_test(the_format_stays),
		cmocka_unit_test(case_does_not_matter),
		cmocka_unit_test(one_flipped_bit_is_refused),
		cmocka_unit_test(another_shape_is_no_token),
		cmocka_unit_test(tokens_of_others_and_of_before_are_refused),
		cmocka_unit_test(tokens_expire),
		cmocka_unit_test(an_old_key_verifies_until_its_end),
		cmocka_unit_test(names_are_read_in_these_spellings),
		cmocka_unit_test(names_are_read_in_any_case),
		cmocka_unit_test(forged_names_are_refused),
		cmocka_unit_test(names_are_found_in_quoted_text),
		cmocka_unit_test(signatures_of_different_uses_differ),
	};

	return cmocka_run_group_tests_name("token", tests, make_directory,
	                                   remove_directory);
}
