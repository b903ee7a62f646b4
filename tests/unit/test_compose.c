#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/error.h"
#include "base/text.h"

#include "message/compose.h"
#include "message/mailread.h"

#define AT INT64_C(1764000000) /* 2025-11-24T16:00:00Z, a Monday */

static const Outgoing plain = {
	.from_name = "Ana via Soporte",
	.from_address = "desk@acme.example",
	.to_name = "Luis",
	.to_address = "luis@example.org",
	.message_id = "p.1.2.mac@acme.example",
	.date = AT,
	.subject = "Hello",
	.text = "One line.\n",
};

/* ---- a strict reader ---- */

typedef struct Field {
	char *name;
	char *value; /* unfolded, not decoded */
} Field;

static void
clear_field(gpointer data)
{
	Field *field = data;

	g_free(field->name);
	g_free(field->value);
}

static char *
text_of(GBytes *mail)
{
	gsize size;
	const char *data = g_bytes_get_data(mail, &size);

	assert_int_equal(strnlen(data, size), size); /* no NUL */
	return g_strndup(data, size);
}

/* Every line ends in CR LF, holds neither alone, is short and of seven bits. */
static void
check_lines(const char *text)
{
	while (*text != '\0') {
		size_t length = strcspn(text, "\r\n");
		if (strncmp(text + length, "\r\n", 2) != 0)
			fail_msg("a line without CR LF: %.*s", (int)length,
			         text);
		assert_true(length <= 998);
		for (size_t i = 0; i < length; i++)
			assert_true((unsigned char)text[i] < 0x7f &&
			            (text[i] >= ' ' || text[i] == '\t'));
		text += length + 2;
	}
}

/* The fields of a header block; *at moves behind the empty line. */
static GArray *
read_header(const char **at)
{
	GArray *fields = g_array_new(FALSE, FALSE, sizeof(Field));

	g_array_set_clear_func(fields, clear_field);
	while (strncmp(*at, "\r\n", 2) != 0) {
		const char *end = strstr(*at, "\r\n");
		assert_non_null(end);
		if (**at == ' ' || **at == '\t') {
			assert_true(fields->len > 0);
			Field *last =
				&g_array_index(fields, Field, fields->len - 1);
			char *longer = g_strdup_printf("%s%.*s", last->value,
			                               (int)(end - *at), *at);
			g_free(last->value);
			last->value = longer;
			/* RFC 5322 section 3.2.2: not blanks alone */
			assert_true(strspn(*at, " \t") < (size_t)(end - *at));
		} else {
			const char *colon = strchr(*at, ':');
			assert_true(colon != NULL && colon < end);
			Field field = { g_strndup(*at, (gsize)(colon - *at)),
				        g_strndup(colon + 1,
				                  (gsize)(end - colon - 1)) };
			for (const char *c = field.name; *c != '\0'; c++)
				assert_true(g_ascii_isalnum(*c) || *c == '-');
			g_strstrip(field.value);
			g_array_append_val(fields, field);
		}
		*at = end + 2;
	}
	*at += 2;
	return fields;
}

static const char *
value_of(const GArray *fields, const char *name)
{
	const char *value = NULL;

	for (unsigned i = 0; i < fields->len; i++) {
		const Field *field = &g_array_index(fields, Field, i);
		if (strcmp(field->name, name) != 0)
			continue;
		assert_null(value); /* one of each */
		value = field->value;
	}
	return value;
}

static GBytes *
compose(const Outgoing *mail)
{
	g_autoptr(GError) error = NULL;
	GBytes *bytes = compose_mail(mail, &error);

	if (bytes == NULL)
		fail_msg("%s", error->message);
	g_autofree char *text = text_of(bytes);
	check_lines(text);
	return bytes;
}

/* ---- the shape ---- */

static void
test_a_plain_mail(void **state)
{
	g_autoptr(GBytes) bytes = compose(&plain);
	g_autoptr(GBytes) again = compose(&plain);
	g_autofree char *text = text_of(bytes);

	(void)state;
	assert_string_equal(text,
	                    "From: Ana via Soporte <desk@acme.example>\r\n"
	                    "To: Luis <luis@example.org>\r\n"
	                    "Date: Mon, 24 Nov 2025 16:00:00 +0000\r\n"
	                    "Subject: Hello\r\n"
	                    "Message-ID: <p.1.2.mac@acme.example>\r\n"
	                    "MIME-Version: 1.0\r\n"
	                    "Content-Type: text/plain; charset=us-ascii\r\n"
	                    "Content-Transfer-Encoding: 7bit\r\n"
	                    "\r\n"
	                    "One line.\r\n");
	assert_true(g_bytes_equal(bytes, again));
}

static void
test_all_there_is(void **state)
{
	const char *const references[] = { "t.1.mac@acme.example", "a b <c>",
		                           "x@y", NULL };
	const OutgoingField fields[] = {
		{ "X-Postigo-Ticket", "1" },
		{ "Auto-Submitted", "auto-replied" },
		{ "List-Id", NULL },
		{ NULL, NULL },
	};
	g_autoptr(GBytes) octets = g_bytes_new_static("\0\1\2\377", 4);
	const OutgoingFile files[] = {
		{ "informe año 2026.pdf", "application/pdf", octets },
		{ NULL, "message/rfc822", octets },
		{ NULL, NULL, NULL },
	};
	Outgoing mail = plain;

	(void)state;
	mail.from_name = "Soporte \"Señal\"";
	mail.reply_to = "desk+token@acme.example";
	mail.in_reply_to = "x@y";
	mail.references = references;
	mail.subject = "Sin señal en la sala 3, otra vez";
	mail.fields = fields;
	mail.text = "Hola Ñandú:\n\n-- \nAna";
	mail.html = "<p>Hola Ñandú</p>";
	mail.files = files;
	g_autoptr(GBytes) bytes = compose(&mail);
	g_autofree char *text = text_of(bytes);
	const char *at = text;
	g_autoptr(GArray) header = read_header(&at);

	assert_string_equal(value_of(header, "Reply-To"),
	                    "desk+token@acme.example");
	assert_string_equal(value_of(header, "References"),
	                    "<t.1.mac@acme.example> <x@y>");
	assert_string_equal(value_of(header, "In-Reply-To"), "<x@y>");
	assert_string_equal(value_of(header, "X-Postigo-Ticket"), "1");
	assert_null(value_of(header, "List-Id"));
	assert_int_equal(header->len, 12);

	g_autoptr(Mail) read = mail_read(bytes);
	assert_string_equal(read->subject, mail.subject);
	assert_string_equal(mail_address(read->from, 0)->name, mail.from_name);
	assert_true(g_str_has_prefix(read->text, "Hola Ñandú:\n\n"));
	assert_string_equal(read->structure,
	                    "[\"multipart/mixed\",[\"multipart/alternative\","
	                    "[\"text/plain\"],[\"text/html\"]],"
	                    "[\"application/pdf\"],"
	                    "[\"application/octet-stream\"]]");
	assert_int_equal(read->attachments->len, 2);
	const MailAttachment *file =
		&g_array_index(read->attachments, MailAttachment, 0);
	assert_string_equal(file->name, "informe año 2026.pdf");
	assert_int_equal(file->size, 4);
	assert_int_equal(read->date, AT);
}

static void
test_references_are_the_first_and_the_last(void **state)
{
	static const struct {
		const char *ids;
		const char *kept;
	} cases[] = {
		{ "", "" },
		{ "a", "a" },
		{ "a b c d e f g h i j", "a b c d e f g h i j" },
		{ "a b c d e f g h i j k", "a b c d f g h i j k" },
		{ "a b c d e f g h i j k l m n", "a b c d i j k l m n" },
		{ "a b a b", "a b" },
	};

	(void)state;
	for (unsigned i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_auto(GStrv) ids = g_strsplit(cases[i].ids, " ", -1);
		g_autofree const char **kept =
			compose_references((const char *const *)ids);
		g_auto(GStrv) copy = g_strdupv((char **)(uintptr_t)kept);
		g_autofree char *joined = g_strjoinv(" ", copy);
		assert_string_equal(joined, cases[i].kept);
	}
}

/* ---- what is refused ---- */

static void
test_what_cannot_be_written(void **state)
{
	static const struct {
		const char *sentence;
		const char *from;
		const char *to;
		const char *message_id;
		const char *field;
	} cases[] = {
		{ "an address with a line break", "a@b", "c@d\r\nBcc: x@y",
		  "m@d", "X-A" },
		{ "an address with a bare LF", "a\n@b", "c@d", "m@d", "X-A" },
		{ "an address with U+2028", "a@b", "c\u2028@d", "m@d", "X-A" },
		{ "a domain that closes the bracket", "a@b", "c@d>", "m@d",
		  "X-A" },
		{ "an address without a domain", "a@b", "c", "m@d", "X-A" },
		{ "no address", "a@b", "", "m@d", "X-A" },
		{ "a Message-ID with a line break", "a@b", "c@d", "m@d\r\nX: y",
		  "X-A" },
		{ "an empty Message-ID", "a@b", "c@d", "", "X-A" },
		{ "a field name with a colon", "a@b", "c@d", "m@d", "X:A" },
		{ "a field name with a line break", "a@b", "c@d", "m@d",
		  "X\r\nA" },
		{ "a second To", "a@b", "c@d", "m@d", "TO" },
		{ "a Bcc", "a@b", "c@d", "m@d", "bcc" },
		{ "a second Content-Type", "a@b", "c@d", "m@d",
		  "content-type" },
		{ "a field without a name", "a@b", "c@d", "m@d", "" },
	};

	(void)state;
	for (unsigned i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autoptr(GError) error = NULL;
		const OutgoingField fields[] = { { cases[i].field, "v" },
			                         { NULL, NULL } };
		Outgoing mail = plain;
		mail.from_address = cases[i].from;
		mail.to_address = cases[i].to;
		mail.message_id = cases[i].message_id;
		mail.fields = fields;
		if (compose_mail(&mail, &error) != NULL)
			fail_msg("%s: composed", cases[i].sentence);
		assert_true(
			g_error_matches(error, POSTIGO_ERROR, ERROR_MALFORMED));
	}
}

static void
test_odd_addresses_are_written(void **state)
{
	static const struct {
		const char *address;
		const char *written;
	} cases[] = {
		{ "a b@c.example", "\"a b\"@c.example" },
		{ "\"a b\"@c.example", "\"a b\"@c.example" },
		{ "a..b@c.example", "\"a..b\"@c.example" },
		{ "a,b@c.example", "\"a,b\"@c.example" },
		{ "c@d, e@f", "\"c@d, e\"@f" },
		{ "\"a\" <x@y>, \"b\"@c.example",
		  "\"a\\\" <x@y>, \\\"b\"@c.example" },
		{ "a@[192.0.2.1]", "a@[192.0.2.1]" },
		{ "a@señal.example", "a@xn--seal-hqa.example" },
	};

	(void)state;
	for (unsigned i = 0; i < G_N_ELEMENTS(cases); i++) {
		Outgoing mail = plain;
		mail.to_name = NULL;
		mail.to_address = cases[i].address;
		g_autoptr(GBytes) bytes = compose(&mail);
		g_autofree char *text = text_of(bytes);
		const char *at = text;
		g_autoptr(GArray) header = read_header(&at);
		assert_string_equal(value_of(header, "To"), cases[i].written);
	}
}

/* ---- whatever a value holds ---- */

static const char *const pieces[] = {
	"\r\nBcc: x@y.example\r\n",
	"\n\n",
	"\r",
	"=?utf-8?q?=0D=0ABcc:_x@y?=",
	"=?",
	"?=",
	"\xc2\x85",
	"\u2028",
	"\u2029",
	"\x7f",
	"\t",
	" ",
	"   ",
	"ñ",
	"señal",
	"日本語",
	"😀",
	"\"",
	"\\",
	"<x@y.example>",
	",",
	";",
	"(",
	"word",
	"a-very-long-word-a-very-long-word-a-very-long-word-a-very-long-word-"
	"a-very-long-word-a-very-long-word-a-very-long-word-a-very-long-word-"
	"a-very-long-word-a-very-long-word-a-very-long-word-a-very-long-word",
	"--=_",
	"From ",
	".",
	"'",
	"%0d%0a",
};

static char *
random_text(GRand *random, unsigned most)
{
	g_autoptr(GString) text = g_string_new(NULL);
	unsigned count = (unsigned)g_rand_int_range(random, 0, (gint32)most);

	for (unsigned i = 0; i < count; i++)
		g_string_append(text,
		                pieces[g_rand_int_range(random, 0,
		                                        G_N_ELEMENTS(pieces))]);
	return g_string_free(g_steal_pointer(&text), FALSE);
}

/* The reader takes quotes off a name that is all in quotes. */
static char *
without_quotes(const char *text)
{
	g_auto(GStrv) words = g_strsplit_set(text, "\"' \\", -1);

	return g_strjoinv("", words);
}

static void
check_hostile(GRand *random)
{
	g_autofree char *subject = random_text(random, 12);
	g_autofree char *from_name = random_text(random, 6);
	g_autofree char *to_name = random_text(random, 6);
	g_autofree char *field = random_text(random, 8);
	g_autofree char *text = random_text(random, 60);
	g_autofree char *file_name = random_text(random, 8);
	g_autoptr(GBytes) octets = g_bytes_new_static("x", 1);
	const OutgoingField fields[] = { { "X-Field", field }, { NULL, NULL } };
	const OutgoingFile files[] = { { file_name, "text/plain", octets },
		                       { NULL, NULL, NULL } };
	Outgoing mail = plain;

	mail.subject = subject;
	mail.from_name = from_name;
	mail.to_name = to_name;
	mail.fields = fields;
	mail.text = text;
	mail.html = g_rand_boolean(random) ? text : NULL;
	mail.files = g_rand_boolean(random) ? files : NULL;
	g_autoptr(GBytes) bytes = compose(&mail);
	g_autofree char *written = text_of(bytes);
	const char *at = written;
	g_autoptr(GArray) header = read_header(&at);
	static const char *const names[] = {
		"From",         "To",           "Date",
		"Subject",      "Message-ID",   "X-Field",
		"MIME-Version", "Content-Type", "Content-Transfer-Encoding",
	};
	bool is_multipart = mail.html != NULL || mail.files != NULL;

	for (unsigned i = 0; i < header->len; i++)
		assert_string_equal(g_array_index(header, Field, i).name,
		                    names[i]);
	assert_int_equal(header->len,
	                 G_N_ELEMENTS(names) - (is_multipart ? 1 : 0));

	/* and it says what was meant */
	g_autoptr(Mail) read = mail_read(bytes);
	g_autofree char *clean_subject = text_clean_line(subject);
	g_autofree char *clean_name = text_clean_line(from_name);
	g_autofree char *clean_text = text_clean_block(text);
	assert_string_equal(read->subject, clean_subject);
	assert_int_equal(read->from->len, 1);
	assert_string_equal(mail_from_address(read), "desk@acme.example");
	g_autofree char *name = without_quotes(clean_name);
	g_autofree char *read_name =
		without_quotes(mail_address(read->from, 0)->name);
	assert_string_equal(read_name, name);
	g_autofree char *read_text = g_strdup(read->text);
	assert_string_equal(g_strstrip(read_text), g_strstrip(clean_text));
}

static void
test_hostile_values(void **state)
{
	guint32 seed = 20261124;
	GRand *random = g_rand_new_with_seed(seed);

	(void)state;
	print_message("# X-01 seed %u\n", seed);
	for (int i = 0; i < 5000; i++)
		check_hostile(random);
	g_rand_free(random);
}

/* ---- S-09, S-10: the body ---- */

static void
test_bodies(void **state)
{
	static const struct {
		const char *sentence;
		const char *text;
		const char *encoding;
	} cases[] = {
		{ "S-10 LF . LF", "a\n.\nb\n", "quoted-printable" },
		{ "S-10 CR . CR LF", "a\r.\r\nb\r\n", "quoted-printable" },
		{ "a line that begins with a dot", ".a\n..b\n", "7bit" },
		{ "a line that mbox writers change", "From here\n",
		  "quoted-printable" },
		{ "a line like a boundary", "--=_0123\n", "quoted-printable" },
		{ "a signature's separator", "-- \nAna\n", "quoted-printable" },
		{ "Spanish", "Sin señal en la sala\n", "quoted-printable" },
		{ "Japanese", "日本語の件名です\n", "base64" },
		{ "nothing", "", "7bit" },
		{ "no end of line", "x", "7bit" },
	};

	(void)state;
	for (unsigned i = 0; i < G_N_ELEMENTS(cases); i++) {
		Outgoing mail = plain;
		mail.text = cases[i].text;
		g_autoptr(GBytes) bytes = compose(&mail);
		g_autofree char *text = text_of(bytes);
		const char *at = text;
		g_autoptr(GArray) header = read_header(&at);
		const char *encoding =
			value_of(header, "Content-Transfer-Encoding");
		if (strcmp(encoding, cases[i].encoding) != 0)
			fail_msg("%s: %s", cases[i].sentence, encoding);
		if (strstr(text, "\r\n.\r\n") != NULL)
			fail_msg("%s: the end of a mail", cases[i].sentence);
		g_autoptr(Mail) read = mail_read(bytes);
		g_autofree char *clean = text_clean_block(cases[i].text);
		g_autofree char *got = g_strdup(read->text);
		if (strcmp(g_strstrip(got), g_strstrip(clean)) != 0)
			fail_msg("%s: \"%s\"", cases[i].sentence, got);
	}
}

static void
test_long_lines(void **state)
{
	static const int lengths[] = { 0,  1,   74,  75,  76,   77,
		                       78, 150, 997, 998, 1000, 70000 };

	(void)state;
	for (unsigned i = 0; i < G_N_ELEMENTS(lengths); i++) {
		g_autofree char *line = g_strnfill((gsize)lengths[i], '.');
		g_autofree char *words = g_strdup_printf("a %s b", line);
		Outgoing mail = plain;
		mail.text = line;
		mail.subject = words;
		g_autoptr(GBytes) bytes = compose(&mail);
		g_autoptr(Mail) read = mail_read(bytes);
		g_autofree char *got = g_strdup(read->text);
		assert_string_equal(g_strchomp(got), line);
	}
}

static void
test_limits(void **state)
{
	g_autoptr(GError) error = NULL;
	g_autofree char *big = g_strnfill(COMPOSE_TEXT_MAX + 1, 'x');
	Outgoing mail = plain;

	(void)state;
	mail.text = big;
	assert_null(compose_mail(&mail, &error));
	assert_true(g_error_matches(error, POSTIGO_ERROR, ERROR_TOO_BIG));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_plain_mail),
		cmocka_unit_test(test_all_there_is),
		cmocka_unit_test(test_references_are_the_first_and_the_last),
		cmocka_unit_test(test_what_cannot_be_written),
		cmocka_unit_test(test_odd_addresses_are_written),
		cmocka_unit_test(test_hostile_values),
		cmocka_unit_test(test_bodies),
		cmocka_unit_test(test_long_lines),
		cmocka_unit_test(test_limits),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
