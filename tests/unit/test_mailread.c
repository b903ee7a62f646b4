#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>
#include <glib.h>

#include "message/mailread.h"

static Mail *
read_text(const char *text)
{
	g_autoptr(GBytes) raw = g_bytes_new_static(text, strlen(text));

	return mail_read(raw);
}

/* One mail, and what must be read in it; NULL or -1: not looked at. */
typedef struct ReadCase {
	const char *sentence;
	const char *mail;
	const char *text; /* blanks at the ends do not count */
	const char *structure;
	const char *files; /* names with "|" between, "" none */
} ReadCase;

#define HEAD         "From: a@b.example\nSubject: s\n"
#define MIXED(parts) HEAD "Content-Type: multipart/mixed; boundary=m\n\n" parts
#define FILE_PART                                          \
	"--m\nContent-Type: application/pdf; name=a.pdf\n" \
	"Content-Transfer-Encoding: base64\n\nAAEC\n"

static const ReadCase cases[] = {
	{ "a plain mail", HEAD "\nwords\n", "words", "[\"text/plain\"]", "" },
	{ "P-16 words without a header", "words\nmore\n", "words\nmore", NULL,
	  "" },
	{ "P-14 only HTML", HEAD "Content-Type: text/html\n\n<p>words</p>",
	  "words", "[\"text/html\"]", "" },
	{ "P-14 nothing but blanks", HEAD "\n   \n\n", "", NULL, "" },
	{ "text and a file", MIXED("--m\n\nwords\n" FILE_PART "--m--\n"),
	  "words",
	  "[\"multipart/mixed\",[\"text/plain\"],[\"application/pdf\"]]",
	  "a.pdf" },
	{ "P-14 only a file", MIXED(FILE_PART "--m--\n"), "", NULL, "a.pdf" },
	{ "texts around a file are one text",
	  MIXED("--m\n\none\n" FILE_PART "--m\n\ntwo\n--m--\n"), "one\n\ntwo",
	  NULL, "a.pdf" },
	{ "P-08 the last boundary is missing",
	  MIXED("--m\n\nwords\n" FILE_PART), "words", NULL, "a.pdf" },
	{ "P-08 the boundary is not said",
	  HEAD "Content-Type: multipart/mixed\n\n"
	       "--x\nContent-Type: text/plain\n\nwords\n--x--\n",
	  "words", "[\"multipart/mixed\",[\"text/plain\"]]", "" },
	{ "P-08 a multipart without parts is text, and kept as a file",
	  HEAD "Content-Type: multipart/mixed; boundary=m\n\nwords\n", "words",
	  "[\"multipart/mixed\"]", "-" },
	{ "a boundary that another begins with",
	  MIXED("--m\nContent-Type: multipart/mixed; boundary=mm\n\n"
	        "--mm\n\none\n--mm--\n--m\n\ntwo\n--m--\n"),
	  "one\n\ntwo", NULL, "" },
	{ "junk behind a boundary and a blank",
	  MIXED("--m \tjunk\n\nwords\n--m-- junk\n"), "words", NULL, "" },
	{ "of alternatives the plain text",
	  HEAD "Content-Type: multipart/alternative; boundary=m\n\n"
	       "--m\n\nplain\n--m\nContent-Type: text/html\n\n<b>rich</b>\n"
	       "--m--\n",
	  "plain", NULL, "" },
	{ "of alternatives the HTML where the text is empty",
	  HEAD
	  "Content-Type: multipart/alternative; boundary=m\n\n"
	  "--m\n\n  \n--m\nContent-Type: text/html\n\n<b>rich</b>\n--m--\n",
	  "rich", NULL, "" },
	{ "a named text is a file",
	  MIXED("--m\n\nwords\n--m\nContent-Type: text/plain; name=log.txt\n\n"
	        "log\n--m--\n"),
	  "words", NULL, "log.txt" },
	{ "a named text is shown if there is no other",
	  MIXED("--m\nContent-Type: text/plain; name=a.txt\n\nwords\n--m--\n"),
	  "words", NULL, "a.txt" },
	{ "an attached mail is one file, called by its subject",
	  MIXED("--m\n\nwords\n--m\nContent-Type: message/rfc822\n\n"
	        "Subject: inner\n\ninside\n--m--\n"),
	  "words", NULL, "inner.eml" },
	{ "an attached mail in base64",
	  MIXED("--m\n\nwords\n--m\nContent-Type: message/rfc822\n"
	        "Content-Transfer-Encoding: base64\n\nU3ViamVjdDogeAoKeQo=\n"
	        "--m--\n"),
	  "words", NULL, "x.eml" },
	{ "P-13 the same name twice", MIXED(FILE_PART FILE_PART "--m--\n"),
	  NULL, NULL, "a.pdf|a (2).pdf" },
	{ "a picture without a name gets one",
	  MIXED("--m\nContent-Type: image/png\n\nx\n--m--\n"), NULL, NULL,
	  "image.png" },
	{ "uuencode inside of text",
	  HEAD "\none\nbegin 644 a.txt\n#86)C\n`\nend\ntwo\n", "one\ntwo", NULL,
	  "a.txt" },
	{ "a word that begins is no file", HEAD "\nbegin 644 things\nwords\n",
	  "begin 644 things\nwords", NULL, "" },
	{ "yEnc inside of text",
	  HEAD "\none\n=ybegin line=128 size=3 name=a.bin\n\x8b\x8c\x8d\n"
	       "=yend size=3\ntwo\n",
	  "one\ntwo", NULL, "a.bin" },
	{ "format=flowed",
	  HEAD "Content-Type: text/plain; format=flowed\n\none \ntwo\n"
	       "> a \n> b\n-- \nAna\n",
	  "one two\n> a b\n-- \nAna", NULL, "" },
	{ "format=flowed with DelSp",
	  HEAD
	  "Content-Type: text/plain; format=flowed; delsp=yes\n\none \ntwo\n",
	  "onetwo", NULL, "" },
	{ "an unknown encoding is none",
	  HEAD "Content-Transfer-Encoding: 16-bit\n\nwords\n", "words", NULL,
	  "" },
	{ "P-04 a NUL in the text", HEAD "\nwords\n", "words", NULL, "" },
};

static char *
files_of(const Mail *mail)
{
	GString *all = g_string_new(NULL);

	for (unsigned i = 0; i < mail->attachments->len; i++) {
		const MailAttachment *one =
			&g_array_index(mail->attachments, MailAttachment, i);

		g_string_append_printf(all, "%s%s", i > 0 ? "|" : "",
		                       one->name == NULL ? "-" : one->name);
	}
	return g_string_free(all, FALSE);
}

static bool
is_read_so(const ReadCase *wanted, const Mail *mail)
{
	g_autofree char *text = g_strstrip(g_strdup(mail->text));
	g_autofree char *files = files_of(mail);

	if (wanted->text != NULL && strcmp(text, wanted->text) != 0)
		print_error("text: %s\n", text);
	else if (wanted->structure != NULL &&
	         strcmp(mail->structure, wanted->structure) != 0)
		print_error("structure: %s\n", mail->structure);
	else if (wanted->files != NULL && strcmp(files, wanted->files) != 0)
		print_error("files: %s\n", files);
	else
		return true;
	return false;
}

static void
reads_text_and_files(void **state)
{
	(void)state;
	for (unsigned i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autoptr(Mail) mail = read_text(cases[i].mail);

		if (!is_read_so(&cases[i], mail))
			fail_msg("%s", cases[i].sentence);
	}
}

typedef struct FromCase {
	const char *sentence;
	const char *header;
	const char *from; /* NULL: nobody */
} FromCase;

static const FromCase from_cases[] = {
	{ "P-03 no From", "To: x@y.example\n\n", NULL },
	{ "P-03 an empty From", "From:\nSubject: s\n\n", NULL },
	{ "P-03 two From fields: the first",
	  "From: a@b.example\nFrom: c@d.example\n\n", "a@b.example" },
	{ "P-03 a From without address, then one with",
	  "From: [?]\nFrom: c@d.example\n\n", "c@d.example" },
	{ "P-03 two mailboxes: the first", "From: a@b.example, c@d.example\n\n",
	  "a@b.example" },
	{ "P-03 no From, but a Sender", "Sender: a@b.example\n\n",
	  "a@b.example" },
	{ "P-03 no From, but a return path", "Return-Path: <a@b.example>\n\n",
	  "a@b.example" },
};

static void
finds_the_sender(void **state)
{
	(void)state;
	for (unsigned i = 0; i < G_N_ELEMENTS(from_cases); i++) {
		g_autoptr(Mail) mail = read_text(from_cases[i].header);

		if (g_strcmp0(mail_from_address(mail), from_cases[i].from) != 0)
			fail_msg("%s: %s", from_cases[i].sentence,
			         mail_from_address(mail));
	}
}

typedef struct CryptoCase {
	const char *sentence;
	const char *mail;
	MailCrypto is_signed;
	MailCrypto is_encrypted;
} CryptoCase;

static const CryptoCase crypto_cases[] = {
	{ "an open mail", HEAD "\nwords", CRYPTO_NONE, CRYPTO_NONE },
	{ "PGP/MIME, signed",
	  HEAD "Content-Type: multipart/signed; boundary=m;"
	       " protocol=\"application/pgp-signature\"\n\n--m\n\nx\n--m\n"
	       "Content-Type: application/pgp-signature\n\ny\n--m--\n",
	  CRYPTO_PGP, CRYPTO_NONE },
	{ "PGP/MIME, encrypted",
	  HEAD "Content-Type: multipart/encrypted; boundary=m;"
	       " protocol=\"application/pgp-encrypted\"\n\n--m\n"
	       "Content-Type: application/pgp-encrypted\n\nVersion: 1\n--m\n"
	       "Content-Type: application/octet-stream\n\ny\n--m--\n",
	  CRYPTO_NONE, CRYPTO_PGP },
	{ "S/MIME, detached",
	  HEAD "Content-Type: multipart/signed; boundary=m;"
	       " protocol=\"application/pkcs7-signature\"\n\n--m\n\nx\n--m--\n",
	  CRYPTO_SMIME, CRYPTO_NONE },
	{ "P-17 S/MIME of a kind that is not said and cannot be read",
	  HEAD "Content-Type: application/pkcs7-mime; name=smime.p7m\n"
	       "Content-Transfer-Encoding: base64\n\nAAAA\n",
	  CRYPTO_NONE, CRYPTO_SMIME },
	{ "PGP inline, signed",
	  HEAD "\n-----BEGIN PGP SIGNED MESSAGE-----\nHash: x\n\nwords\n"
	       "-----BEGIN PGP SIGNATURE-----\n\nx\n"
	       "-----END PGP SIGNATURE-----\n",
	  CRYPTO_PGP, CRYPTO_NONE },
	{ "PGP inline, encrypted",
	  HEAD
	  "\n-----BEGIN PGP MESSAGE-----\n\nx\n-----END PGP MESSAGE-----\n",
	  CRYPTO_NONE, CRYPTO_PGP },
	{ "a signed mail that is attached",
	  MIXED("--m\n\nx\n--m\nContent-Type: message/rfc822\n\n"
	        "Content-Type: application/pgp-signature\n\nx\n--m--\n"),
	  CRYPTO_NONE, CRYPTO_NONE },
};

static void
tells_signed_and_encrypted(void **state)
{
	(void)state;
	for (unsigned i = 0; i < G_N_ELEMENTS(crypto_cases); i++) {
		g_autoptr(Mail) mail = read_text(crypto_cases[i].mail);

		if (mail->is_signed != crypto_cases[i].is_signed ||
		    mail->is_encrypted != crypto_cases[i].is_encrypted)
			fail_msg("%s: %d %d", crypto_cases[i].sentence,
			         mail->is_signed, mail->is_encrypted);
	}
}

static Mail *
read_repeated(const char *before, const char *piece, int count)
{
	GString *bomb = g_string_new(before);

	for (int i = 0; i < count; i++)
		g_string_append(bomb, piece);
	g_autoptr(GBytes) raw = g_string_free_to_bytes(bomb);
	return mail_read(raw);
}

static void
keeps_the_limits_while_it_reads(void **state)
{
	(void)state;
	/* P-08 10^5 parts */
	g_autoptr(Mail) parts = read_repeated(MIXED(""), "--m\n\nx\n", 100000);
	assert_true(parts->warnings->len > 0);
	/* P-08 levels without end, both ways */
	g_autoptr(Mail) mails =
		read_repeated(HEAD, "Content-Type: message/rfc822\n\n", 2000);
	assert_true(mails->warnings->len > 0);
	g_autoptr(Mail) levels = read_repeated(
		"", "Content-Type: multipart/mixed; boundary=m\n\n--m\n", 2000);
	assert_true(levels->warnings->len > 0);
	/* P-09 10^5 fields */
	g_autoptr(Mail) fields = read_repeated(HEAD, "X-A: b\n", 100000);
	assert_int_equal(fields->fields->len, MAIL_FIELDS_MAX);
	/* P-09 addresses */
	g_autoptr(Mail) many =
		read_repeated("To: x@y.example", ",a@b.example", 5000);
	assert_int_equal(many->to->len, MAIL_ADDRESSES_MAX);
}

static void
keeps_an_attached_mail_octet_by_octet(void **state)
{
	g_autoptr(Mail) mail =
		read_text(MIXED("--m\nContent-Type: message/rfc822\n\n"
	                        "Subject:  x\n\ny\r\n\nz\n--m--\n"));
	const MailAttachment *one =
		&g_array_index(mail->attachments, MailAttachment, 0);
	g_autofree char *digest =
		g_compute_checksum_for_string(G_CHECKSUM_SHA256,
	                                      "Subject:  x\n\ny\r\n\nz", -1);

	(void)state;
	assert_string_equal(one->sha256, digest);
	assert_int_equal(one->size, 18);
}

static void
reads_a_bare_mail_without_its_body(void **state)
{
	static const char text[] = HEAD "To: c@d.example\n\nwords\n";
	g_autoptr(GBytes) raw = g_bytes_new_static(text, strlen(text));
	g_autoptr(Mail) bare = mail_read_bare(raw, "it must be");
	g_autoptr(Mail) whole = mail_read(raw);

	(void)state;
	assert_true(bare->is_bare);
	assert_false(whole->is_bare);
	assert_string_equal(bare->text, "");
	assert_string_equal(bare->subject, "s");
	assert_string_equal(mail_from_address(bare), "a@b.example");
	assert_string_equal(g_ptr_array_index(bare->warnings, 0), "it must be");
	assert_string_equal(bare->content_hash, whole->content_hash);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_text_and_files),
		cmocka_unit_test(finds_the_sender),
		cmocka_unit_test(tells_signed_and_encrypted),
		cmocka_unit_test(keeps_the_limits_while_it_reads),
		cmocka_unit_test(keeps_an_attached_mail_octet_by_octet),
		cmocka_unit_test(reads_a_bare_mail_without_its_body),
	};

	return cmocka_run_group_tests_name("mailread", tests, NULL, NULL);
}
