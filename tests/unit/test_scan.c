#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>
#include <glib.h>

#include "desk/mail.h"

#include "message/scan.h"

typedef struct ScanCase {
	const char *sentence;
	const char *octets;
	const char *fields; /* "Name=value|..." */
	const char *body;
} ScanCase;

static const ScanCase cases[] = {
	{ "an ordinary mail", "From: a\nTo: b\n\ntext\n", "From=a|To=b",
	  "text\n" },
	{ "CR LF ends lines", "From: a\r\nTo: b\r\n\r\ntext", "From=a|To=b",
	  "text" },
	{ "P-04 CR alone ends lines where there is no LF",
	  "From: a\rTo: b\r\rtext", "From=a|To=b", "text" },
	{ "folds stay in the value", "Subject: a\n\tb\n c\n\nx",
	  "Subject=a\n\tb\n c", "x" },
	{ "a blank before the colon is forgiven", "Subject : a\n\nx",
	  "Subject=a", "x" },
	{ "P-16 an mbox line, blank lines and a mark may lead",
	  "\xef\xbb\xbf"
	  "From x Mon\n\nFrom: a\n\nx",
	  "From=a", "x" },
	{ "P-16 a text without header is all body", "Hello: all\nwords\n", "",
	  "Hello: all\nwords\n" },
	{ "a broken fold between fields is kept",
	  "Subject: a\nb c\nFrom: d\n\nx", "Subject=a\nb c|From=d", "x" },
	{ "a missing blank line ends the header at the text",
	  "From: a\nSubject: b\njust words\nmore", "From=a|Subject=b",
	  "just words\nmore" },
	{ "a line of blanks is the end", "From: a\n  \ntext: x\n", "From=a",
	  "text: x\n" },
	{ "a delimiter ends the header of a multipart",
	  "Content-Type: multipart/mixed; boundary=b\nFor old programs.\n"
	  "--b\nContent-Type: text/plain\n\nx",
	  "Content-Type=multipart/mixed; boundary=b",
	  "For old programs.\n--b\nContent-Type: text/plain\n\nx" },
	{ "a NUL in a value stays", "Subject: a\n\nx", "Subject=a", "x" },
	{ "nothing at all", "", "", "" },
	{ "only a header", "From: a\n", "From=a", "" },
};

static char *
fields_of(const ScanHeader *header)
{
	GString *all = g_string_new(NULL);

	for (unsigned i = 0; i < header->fields->len; i++) {
		const ScanField *field =
			&g_array_index(header->fields, ScanField, i);

		if (i > 0)
			g_string_append_c(all, '|');
		g_string_append_printf(all, "%.*s=%.*s",
		                       (int)field->name.length, field->name.at,
		                       (int)field->value.length,
		                       field->value.at);
	}
	return g_string_free(all, FALSE);
}

static void
finds_fields_and_body(void **state)
{
	(void)state;
	for (unsigned i = 0; i < G_N_ELEMENTS(cases); i++) {
		ScanHeader header;

		scan_header(cases[i].octets, strlen(cases[i].octets), SCAN_MAIL,
		            &header);
		g_autofree char *fields = fields_of(&header);
		if (strcmp(fields, cases[i].fields) != 0 ||
		    strcmp(cases[i].octets + header.body, cases[i].body) != 0)
			fail_msg("%s: %s, body %s", cases[i].sentence, fields,
			         cases[i].octets + header.body);
		scan_header_release(&header);
	}
}

static void
stops_at_the_limits(void **state)
{
	GString *many = g_string_new(NULL);
	ScanHeader header;

	(void)state;
	for (int i = 0; i < 100000; i++)
		g_string_append(many, "From: a\n");
	g_string_append(many, "\nbody");
	scan_header(many->str, many->len, SCAN_MAIL, &header);
	assert_int_equal(header.fields->len, MAIL_FIELDS_MAX);
	assert_true(header.is_cut);
	assert_string_equal(many->str + header.body, "body");
	scan_header_release(&header);
	g_string_free(many, TRUE);
}

static char *
content_hash(const char *mail)
{
	ScanHeader header;

	scan_header(mail, strlen(mail), SCAN_MAIL, &header);
	char *digest = scan_content_hash(mail, strlen(mail), &header);
	scan_header_release(&header);
	return digest;
}

typedef struct HashCase {
	const char *sentence;
	const char *a;
	const char *b;
	bool same;
} HashCase;

static const HashCase hash_cases[] = {
	{ "trace fields do not count",
	  "Received: x\nFrom: a\nSubject: s\n\ntext\n",
	  "Delivered-To: y\nFrom: a\nSubject: s\n\ntext\n", true },
	{ "line ends and folds do not count",
	  "From: a\nSubject: s\n t\n\none\ntwo\n",
	  "From: a\r\nSubject: s t\r\n\r\none\r\ntwo\r\n", true },
	{ "blank lines at the end do not count", "From: a\n\ntext\n",
	  "From: a\n\ntext\n\n\n", true },
	{ "P-07 other words are another mail", "From: a\n\ntext\n",
	  "From: a\n\ntexts\n", false },
	{ "P-06 another date is another mail", "Date: 1\n\ntext\n",
	  "Date: 2\n\ntext\n", false },
	{ "a value does not run into the next", "From: ab\nDate: c\n\n",
	  "From: a\nDate: bc\n\n", false },
};

static void
tells_the_same_mail(void **state)
{
	(void)state;
	for (unsigned i = 0; i < G_N_ELEMENTS(hash_cases); i++) {
		g_autofree char *a = content_hash(hash_cases[i].a);
		g_autofree char *b = content_hash(hash_cases[i].b);

		if ((strcmp(a, b) == 0) != hash_cases[i].same)
			fail_msg("%s", hash_cases[i].sentence);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(finds_fields_and_body),
		cmocka_unit_test(stops_at_the_limits),
		cmocka_unit_test(tells_the_same_mail),
	};

	return cmocka_run_group_tests_name("scan", tests, NULL, NULL);
}
