/* The new words of whole mails: one case a client, a language, a trap. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "desk/mail.h"

#include "message/html.h"
#include "message/quote.h"

typedef struct Case {
	const char *name;
	const char *text;
	const char *reply;
	const char *signature; /* NULL: none */
} Case;

static Mail *
read_mail(const char *subject, const char *marked)
{
	Mail *mail = mail_new();

	mail->subject = mail_keep(mail, subject);
	quote_find_new_words(mail, marked);
	return mail;
}

static void
check_mail(const Case *one, const char *marked)
{
	g_autoptr(Mail) mail = read_mail("Re: x", marked);

	if (strcmp(mail->reply, one->reply) != 0)
		print_error("%s:\n%s\nwanted\n%s\n", one->name, mail->reply,
		            one->reply);
	assert_string_equal(mail->reply, one->reply);
	if (g_strcmp0(mail->signature, one->signature) != 0)
		print_error("%s: signature %s\n", one->name, mail->signature);
	assert_int_equal(g_strcmp0(mail->signature, one->signature), 0);
}

static void
check(const Case *cases, size_t count)
{
	for (size_t i = 0; i < count; i++)
		check_mail(&cases[i], cases[i].text);
}

static void
check_html(const Case *cases, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		g_autofree char *marked =
			html_to_text(cases[i].text, strlen(cases[i].text));

		check_mail(&cases[i], marked);
	}
}

#define ON "On Mon, 2 Mar 2026 at 09:15, Desk <desk@example.com> wrote:\n"

static const Case layouts[] = {
	{ "only words", "hola\n\nadiós\n", "hola\n\nadiós", NULL },
	{ "nothing", "", "", NULL },
	{ "only white space", "\n \n\t\n", "", NULL },
	{ "words above a quote", "yes\n\n" ON "> old\n> older\n", "yes", NULL },
	{ "words below a quote", ON "> old\n\nyes\n", "yes", NULL },
	{ "words around a quote", "hello\n" ON "> old\n\nyes\n", "hello\n\nyes",
	  NULL },
	{ "answers between quotes keep their context",
	  "hello\n\n" ON "> one?\n\nyes\n\n> two?\n\nno\n\n> end\n",
	  "hello\n\n> one?\n\nyes\n\n> two?\n\nno", NULL },
	{ "answers without blank lines", ON "> one?\nyes\n> two?\nno\n",
	  "> one?\nyes\n> two?\nno", NULL },
	{ "a quote without an author is context", "> old\n\nyes\n",
	  "> old\n\nyes", NULL },
	{ "a quote at the end is not", "yes\n\n> old\n", "yes", NULL },
	{ "history that is not marked", "yes\n\n" ON "\nold words\nmore\n",
	  "yes", NULL },
	{ "an attribution above all, with nothing new", ON "\nold words\n",
	  "old words", NULL },
	{ "only a quote with its author: nothing is new", ON "> old\n", "",
	  NULL },
	{ "only a quote: in doubt it stays", "> old\n", "> old", NULL },
	{ "a wrapped attribution",
	  "yes\n\nOn Mon, 2 Mar 2026 at 09:15, Support Desk <\ndesk@example.com> wrote:\n\n> old\n",
	  "yes", NULL },
	{ "an attribution in three lines",
	  "yes\n\nOn Mon, 2 Mar 2026 at 09:15, Support\n<desk@example.com>\nwrote:\n\nold\n",
	  "yes", NULL },
	{ "an attribution of two parts",
	  "yes\n\nOn Mar 2, 2026,\nat 09:15,\nDesk <desk@example.com> wrote:\n> old\n",
	  "yes", NULL },
	{ "the end of the attribution looks like a quote",
	  "yes\n\nDen 2. mars 2026 kl. 09:15 skrev Desk <desk@example.com\n>:\n\n> old\n",
	  "yes", NULL },
	{ "words and attribution in one line",
	  "yes On Mon, 2 Mar 2026 at 9:15 AM, a@example.com wrote:\n> old\n",
	  "yes", NULL },
	{ "quotes with bars",
	  "yes\n\n2026/3/2 Desk <desk@example.com>\n\n| old\n| older\n", "yes",
	  NULL },
	{ "quotes with initials", "DK> what\nDK> else?\nnothing\n",
	  "DK> what\nDK> else?\nnothing", NULL },
	{ "a quote torn by a gateway",
	  "yes\n\n" ON
	  "> a long line that was written on a very wide screen and does not fit\nhere at all\n> end\n",
	  "yes", NULL },
	{ "a link torn out of a quote",
	  "yes\n\n" ON "> see\nhttps://example.com/a/b/c\n> end\n", "yes",
	  NULL },
	{ "nested attributions are old",
	  "yes\n\n" ON
	  "> old\n>\n> On Sun, 1 Mar 2026, Ana <a@x.org> wrote:\n>> older\n",
	  "yes", NULL },
	{ "Spanish, by hand", "Sí.\n\nAna escribió:\n> ¿vale?\n", "Sí.", NULL },
};

static const Case markers[] = {
	{ "our own marker: below it is history",
	  "gracias\n\n--- [p.12.45.abcdefghijklmnopqrst] ---\nold words\n",
	  "gracias", NULL },
	{ "our marker in capitals, language does not matter",
	  "danke\n\nBitte oberhalb antworten [P.12.45.ABCDEFGHIJKLMNOPQRST]\nold\n",
	  "danke", NULL },
	{ "our marker in a quote: words below stay",
	  ON "> above [p.12.45.abcdefghijklmnopqrst]\n> old\n\ngracias\n",
	  "gracias", NULL },
	{ "our marker and nothing above: words stay",
	  "[p.12.45.abcdefghijklmnopqrst]\nwords\n", "words", NULL },
	{ "no marker: wrong length", "a\n[p.12.45.abcdefghijklmnopqrs]\nb\n",
	  "a\n[p.12.45.abcdefghijklmnopqrs]\nb", NULL },
	{ "no marker: wrong letter", "a\n[p.12.45.abcdefghijklmnopqrs1]\nb\n",
	  "a\n[p.12.45.abcdefghijklmnopqrs1]\nb", NULL },
	{ "another desk's line",
	  "ok\n\n##- Please type your reply above this line -##\n\nold\n", "ok",
	  NULL },
};

static const Case blocks[] = {
	{ "Outlook, English",
	  "yes\n\nFrom: Desk <desk@example.com>\nSent: Monday, 2 March 2026 09:15\nTo: Ana\nSubject: x\n\nold\n",
	  "yes", NULL },
	{ "Outlook, Spanish",
	  "sí\n\nDe: Desk <desk@example.com>\nEnviado el: lunes, 2 de marzo de 2026 9:15\nPara: Ana\nAsunto: x\n\nold\n",
	  "sí", NULL },
	{ "Outlook, Portuguese",
	  "sim\n\nDe: Desk <desk@example.com>\nEnviada em: segunda-feira, 2 de março de 2026 09:15\nPara: Ana\nAssunto: x\n\nold\n",
	  "sim", NULL },
	{ "Outlook, French, with blanks before the colons",
	  "oui\n\nDe : Desk <desk@example.com>\nEnvoyé : lundi 2 mars 2026 09:15\nÀ : Ana\nObjet : x\n\nold\n",
	  "oui", NULL },
	{ "Outlook, German, below a separator",
	  "ja\n\n-----Ursprüngliche Nachricht-----\nVon: Desk\nGesendet: Montag\nAn: Ana\nBetreff: x\n\nold\n",
	  "ja", NULL },
	{ "Outlook, Italian",
	  "sì\n\nDa: Desk <desk@example.com>\nInviato: lunedì 2 marzo 2026 09:15\nA: Ana\nOggetto: x\n\nold\n",
	  "sì", NULL },
	{ "Outlook, Dutch",
	  "ja\n\nVan: Desk <desk@example.com>\nVerzonden: maandag 2 maart 2026 09:15\nAan: Ana\nOnderwerp: x\n\nold\n",
	  "ja", NULL },
	{ "Outlook, Swedish",
	  "ja\n\nFrån: Desk <desk@example.com>\nSkickat: den 2 mars 2026 09:15\nTill: Ana\nÄmne: x\n\nold\n",
	  "ja", NULL },
	{ "Outlook, Danish",
	  "ja\n\nFra: Desk <desk@example.com>\nSendt: 2. marts 2026 09:15\nTil: Ana\nEmne: x\n\nold\n",
	  "ja", NULL },
	{ "Outlook, Finnish",
	  "joo\n\nLähettäjä: Desk <desk@example.com>\nLähetetty: maanantai 2. maaliskuuta 2026 9.15\nVastaanottaja: Ana\nAihe: x\n\nold\n",
	  "joo", NULL },
	{ "Outlook, Polish",
	  "tak\n\nOd: Desk <desk@example.com>\nWysłano: poniedziałek, 2 marca 2026 09:15\nDo: Ana\nTemat: x\n\nold\n",
	  "tak", NULL },
	{ "Outlook, Czech",
	  "ano\n\nOd: Desk <desk@example.com>\nOdesláno: pondělí 2. března 2026 9:15\nKomu: Ana\nPředmět: x\n\nold\n",
	  "ano", NULL },
	{ "Outlook, Hungarian",
	  "igen\n\nFeladó: Desk <desk@example.com>\nElküldve: 2026. március 2., hétfő 9:15\nCímzett: Ana\nTárgy: x\n\nold\n",
	  "igen", NULL },
	{ "Outlook, Russian",
	  "да\n\nОт: Desk <desk@example.com>\nОтправлено: 2 марта 2026 г. 9:15\nКому: Ana\nТема: x\n\nold\n",
	  "да", NULL },
	{ "Outlook, Greek",
	  "ναι\n\nΑπό: Desk <desk@example.com>\nΕστάλη: Δευτέρα, 2 Μαρτίου 2026 9:15\nΠρος: Ana\nΘέμα: x\n\nold\n",
	  "ναι", NULL },
	{ "Outlook, Turkish",
	  "evet\n\nKimden: Desk <desk@example.com>\nGönderildi: 2 Mart 2026 Pazartesi 09:15\nKime: Ana\nKonu: x\n\nold\n",
	  "evet", NULL },
	{ "Outlook, Hebrew",
	  "כן\n\nמאת: Desk <desk@example.com>\nנשלח: 2 מרץ 2026\nאל: Ana\nנושא: x\n\nold\n",
	  "כן", NULL },
	{ "Outlook, Arabic",
	  "نعم\n\nمن: Desk <desk@example.com>\nتم الإرسال: 2 مارس 2026\nإلى: Ana\nالموضوع: x\n\nold\n",
	  "نعم", NULL },
	{ "Outlook, Chinese",
	  "好\n\n发件人: Desk <desk@example.com>\n发送时间: 2026年3月2日 9:15\n收件人: Ana\n主题: x\n\nold\n",
	  "好", NULL },
	{ "Outlook, Japanese",
	  "はい\n\n差出人: Desk <desk@example.com>\n送信日時: 2026年3月2日 9:15\n宛先: Ana\n件名: x\n\nold\n",
	  "はい", NULL },
	{ "Outlook, Korean",
	  "네\n\n보낸 사람: Desk <desk@example.com>\n보낸 날짜: 2026년 3월 2일\n받는 사람: Ana\n제목: x\n\nold\n",
	  "네", NULL },
	{ "Outlook, Vietnamese",
	  "vâng\n\nTừ: Desk <desk@example.com>\nĐã gửi: 2 Tháng Ba 2026\nĐến: Ana\nChủ đề: x\n\nold\n",
	  "vâng", NULL },
	{ "bold names",
	  "yes\n\n*From:* Desk\n*Sent:* Monday\n*To:* Ana\n*Subject:* x\n\nold\n",
	  "yes", NULL },
	{ "a line of underlines above",
	  "yes\n________________________________\nFrom: Desk\nSent: Monday\nTo: Ana\nSubject: x\n\nold\n",
	  "yes", NULL },
	{ "a recipient list of several lines",
	  "yes\n\nFrom: Desk <d@x.org>\nSent: Monday\nTo: Ana <a@x.org>;\n Luis <l@x.org>;\n Eva <e@x.org>\nSubject: x\n\nold\n",
	  "yes", NULL },
	{ "a contact form is not a header block",
	  "New contact\n\nFrom: Ana <ana@example.com>\nSubject: Help\n\nMy words\n",
	  "New contact\n\nFrom: Ana <ana@example.com>\nSubject: Help\n\nMy words",
	  NULL },
	{ "an appointment is not a header block",
	  "Visit:\n\nDate: 2 March 2026\nTime: 9:15\nAddress: Main St\n",
	  "Visit:\n\nDate: 2 March 2026\nTime: 9:15\nAddress: Main St", NULL },
};

static const Case signatures[] = {
	{ "RFC 3676: the standard delimiter", "hi\n\n-- \nAna\nExample Ltd\n",
	  "hi", "-- \nAna\nExample Ltd" },
	{ "the delimiter without its blank", "hi\n--\nAna\n", "hi", "--\nAna" },
	{ "dashes in a sentence", "a -- b\n-- c\n", "a -- b\n-- c", NULL },
	{ "a signature above the quote", "hi\n-- \nAna\n\n" ON "> old\n", "hi",
	  "-- \nAna" },
	{ "dashes that divide a long text are no signature",
	  "a\n--\n1\n2\n3\n4\n5\n6\n7\n8\n9\n10\n11\n12\n13\n14\n15\n16\n",
	  "a\n--\n1\n2\n3\n4\n5\n6\n7\n8\n9\n10\n11\n12\n13\n14\n15\n16",
	  NULL },
	{ "a mail that begins with dashes keeps its words", "-- \nhi\n",
	  "-- \nhi", NULL },
	{ "a telephone", "hi\n\nSent from my iPhone\n", "hi",
	  "Sent from my iPhone" },
	{ "a telephone above words", "hi\n\nSent from my iPhone\n\nmore\n",
	  "hi\n\nmore", "Sent from my iPhone" },
	{ "words that go on below are no tagline",
	  "Sent from my iPhone\nI get an error\n",
	  "Sent from my iPhone\nI get an error", NULL },
	{ "a mail that is only a tagline", "Sent from my iPhone\n",
	  "Sent from my iPhone", "Sent from my iPhone" },
	{ "a legal footer",
	  "hola\n\nAVISO LEGAL: Este mensaje es confidencial.\nNo lo lea.\n",
	  "hola", "AVISO LEGAL: Este mensaje es confidencial.\nNo lo lea." },
	{ "a legal footer of one very long line",
	  "hi\n\nThis email and any attachments are xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx for you.\n",
	  "hi",
	  "This email and any attachments are xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx for you." },
	{ "the same words at the top are words",
	  "This email and any attachments bounced. Why?\n",
	  "This email and any attachments bounced. Why?", NULL },
	{ "a mailing list's footer",
	  "hi\n\n_______________\nusers mailing list\nusers@example.org\n",
	  "hi", "_______________\nusers mailing list\nusers@example.org" },
	{ "dashes as a heading", "Report\n------\nall is well\n",
	  "Report\n------\nall is well", NULL },
	{ "dashes at the end", "hi\n\n-----\n", "hi", "-----" },
	{ "code between fences stays",
	  "see\n```\n-- \nSent from my iPhone\n> x\n```\n",
	  "see\n```\n-- \nSent from my iPhone\n> x\n```", NULL },
};

static const Case html[] = {
	{ "Gmail",
	  "hi<div class=\"gmail_quote\"><div class=\"gmail_attr\">In unknown tongue Ana:<br></div><blockquote class=\"gmail_quote\">old</blockquote></div>",
	  "hi", NULL },
	{ "Gmail, answers between",
	  "<div class=\"gmail_quote\"><div class=\"gmail_attr\">X:</div><blockquote class=\"gmail_quote\">one</blockquote><div>yes</div><blockquote class=\"gmail_quote\">two</blockquote><div>no</div></div>",
	  "> one\n\nyes\n\n> two\n\nno", NULL },
	{ "Gmail, words below the quote",
	  "<div class=\"gmail_quote\"><div class=\"gmail_attr\">X:</div><blockquote class=\"gmail_quote\">old</blockquote></div><div>yes</div>",
	  "yes", NULL },
	{ "Gmail, signature",
	  "hi<div class=\"gmail_signature\">Ana<br>Example</div>", "hi",
	  "Ana\nExample" },
	{ "Outlook for Windows",
	  "<p class=MsoNormal>hi</p><div style='border:none;border-top:solid #E1E1E1 1.0pt'><p class=MsoNormal><b>From:</b> Ana &lt;a@x.org&gt;<br><b>Sent:</b> Monday<br><b>To:</b> b<br><b>Subject:</b> x</p></div><p>old</p>",
	  "hi", NULL },
	{ "Outlook on the web, unknown language",
	  "hi<div id=\"appendonsend\"></div><hr><div id=\"divRplyFwdMsg\"><b>Qq:</b> Ana &lt;a@x.org&gt;<br><b>Ww:</b> Monday<br><b>Ee:</b> b<br><b>Rr:</b> x</div><div>old</div>",
	  "hi", NULL },
	{ "a border line of the sender's own stays",
	  "<p>a</p><div style='border-top:solid black 1pt'><p>b</p></div>",
	  "a\n\nb", NULL },
	{ "Yahoo",
	  "hi<div class=\"ydpx1yahoo_quoted\"><div>En fecha Ana:</div><div>old</div></div>",
	  "hi", NULL },
	{ "Thunderbird",
	  "<p>hi</p><div class=\"moz-cite-prefix\">X:</div><blockquote type=cite>old</blockquote>",
	  "hi", NULL },
	{ "Proton Mail",
	  "hi<div class=\"protonmail_quote\">------- Original Message -------<br>X:<blockquote class=\"protonmail_quote\">old</blockquote></div>",
	  "hi", NULL },
	{ "an indented block of one's own stays",
	  "hi<blockquote>mine</blockquote>", "hi\n\n> mine", NULL },
	{ "an indented block below an attribution goes",
	  "hi<div>On Mon, 2 Mar 2026 at 9:15, Ana &lt;a@x.org&gt; wrote:</div><blockquote>old</blockquote>",
	  "hi", NULL },
	{ "words written into the signature's box stay",
	  "<div id=\"Signature\">all my words</div>", "all my words",
	  "all my words" },
};

/* ---- what the header fields tell ---- */

static Mail *
read_with_fields(const char *subject, const char *parent, const char *text)
{
	Mail *mail = mail_new();
	MailField field = { "From", "Ana Ruiz <ana@example.com>" };
	MailAddress sender = { "Ana Ruiz", "ana@example.com" };

	g_array_append_val(mail->fields, field);
	g_array_append_val(mail->from, sender);
	if (parent != NULL)
		g_ptr_array_add(mail->in_reply_to, g_strdup(parent));
	mail->subject = mail_keep(mail, subject);
	quote_find_new_words(mail, text);
	if (parent != NULL)
		g_free(g_ptr_array_index(mail->in_reply_to, 0));
	return mail;
}

#define BLOCK \
	"From: Luis <l@x.org>\nSent: Monday, 2 March 2026 9:15\nTo: Ana\nSubject: y\n\nbounced\n"

static void
a_first_mail_has_no_history(void **state G_GNUC_UNUSED)
{
	g_autoptr(Mail) first = read_with_fields("Strange mail", NULL,
	                                         "What is this?\n\n" BLOCK);
	g_autoptr(Mail) answer = read_with_fields("Strange mail", "1@x.org",
	                                          "What is this?\n\n" BLOCK);
	g_autoptr(Mail) prefixed = read_with_fields("RE: Strange mail", NULL,
	                                            "What is this?\n\n" BLOCK);
	g_autoptr(Mail) quoting =
		read_with_fields("Strange mail", NULL,
	                         "Look:\n\n" ON "> bounced\n\nWhy?\n");

	assert_non_null(strstr(first->reply, "bounced"));
	assert_non_null(first->forwarded);
	assert_string_equal(first->forwarded->before, "What is this?");
	assert_string_equal(answer->reply, "What is this?");
	assert_string_equal(prefixed->reply, "What is this?");
	assert_non_null(strstr(quoting->reply, "> bounced"));
}

static void
a_report_of_what_a_machine_wrote_stays(void **state G_GNUC_UNUSED)
{
	g_autoptr(Mail) mail = read_with_fields(
		"Re: x", "1@x.org",
		"Hello,\nOn 2 March 2026 at 9:15 the server wrote:\nerror 5\n");

	assert_non_null(strstr(mail->reply, "error 5"));
}

static void
the_card_of_the_sender_is_a_signature(void **state G_GNUC_UNUSED)
{
	g_autoptr(Mail) own = read_with_fields(
		"Re: x", "1@x.org",
		"It works.\n\nAna Ruiz\nExample Ltd\n+34 600 000 000\nwww.example.com\n");
	g_autoptr(Mail) other = read_with_fields(
		"Re: x", "1@x.org",
		"Please add:\n\nLuis Gil\n+34 600 000 000\nluis@example.com\n");

	assert_string_equal(own->reply, "It works.");
	assert_string_equal(
		own->signature,
		"Ana Ruiz\nExample Ltd\n+34 600 000 000\nwww.example.com");
	assert_non_null(strstr(other->reply, "luis@example.com"));
	assert_null(other->signature);
}

static void
layouts_of_words_and_quotes(void **state G_GNUC_UNUSED)
{
	check(layouts, G_N_ELEMENTS(layouts));
}

static void
our_own_marker_first_of_all(void **state G_GNUC_UNUSED)
{
	check(markers, G_N_ELEMENTS(markers));
}

static void
header_blocks_in_20_languages(void **state G_GNUC_UNUSED)
{
	check(blocks, G_N_ELEMENTS(blocks));
}

static void
signatures_taglines_and_lawyers(void **state G_GNUC_UNUSED)
{
	check(signatures, G_N_ELEMENTS(signatures));
}

static void
html_of_the_usual_clients(void **state G_GNUC_UNUSED)
{
	check_html(html, G_N_ELEMENTS(html));
}

/* ---- limits ---- */

static char *
repeated(const char *piece, gsize size)
{
	GString *all = g_string_sized_new(size + 128);

	while (all->len < size)
		g_string_append(all, piece);
	return g_string_free(all, FALSE);
}

static void
text_is_cut_at_its_limit_with_a_warning(void **state G_GNUC_UNUSED)
{
	g_autofree char *text =
		repeated("\xe2\x82\xac", MAIL_TEXT_OCTETS_MAX + 9);
	g_autoptr(Mail) mail = read_mail("", text);

	assert_true(strlen(mail->text) <= MAIL_TEXT_OCTETS_MAX);
	assert_true(strlen(mail->text) > MAIL_TEXT_OCTETS_MAX - 4);
	assert_true(g_utf8_validate(mail->text, -1, NULL));
	assert_int_equal(mail->warnings->len, 1);
}

static void
text_is_whole_below_the_limit(void **state G_GNUC_UNUSED)
{
	g_autoptr(Mail) mail = read_mail("", "yes\n\n" ON "> old\n");

	assert_string_equal(mail->text, "yes\n\n" ON "> old\n");
	assert_int_equal(mail->warnings->len, 0);
}

static const char *const bombs[] = {
	">\n",
	"> > > > > > > > > >\n",
	">",
	":\n",
	"wrote:\n",
	"On ",
	"\n",
	"> On Mon, 2 Mar 2026, Ana <a@x.org> wrote:\n",
	"From: a@x.org\n",
	"To: a\n\n",
	"-- \n",
	"--\n",
	"___\n",
	"[p.1.1.",
	"```\n",
	"A> x\n",
	"On 2 Mar 2026 On 3 Mar 2026 wrote:\n",
	"Sent from my\n",
	"|\n",
	"---- Original Message ----\n",
	"> x\ny\n",
	"\xf4\x8f\xbc\x80",
	"\xf4\x8f\xbc\x81\n",
	"disclaimer\n\n",
	"1.1.1 wrote\n",
};

static void
bombs_take_linear_time(void **state G_GNUC_UNUSED)
{
	for (size_t i = 0; i < G_N_ELEMENTS(bombs); i++) {
		g_autofree char *text = repeated(bombs[i], 10 << 20);
		gint64 start = g_get_monotonic_time();
		g_autoptr(Mail) mail = read_mail("", text);
		gint64 spent = g_get_monotonic_time() - start;

		assert_true(g_utf8_validate(mail->reply, -1, NULL));
		/* a square takes minutes; sanitizers and neighbours ten times
		 */
		if (spent > 20 * G_USEC_PER_SEC)
			print_error("X-14 %s\n", bombs[i]);
		assert_true(spent <= 20 * G_USEC_PER_SEC);
	}
}

static void
marks_never_reach_the_mail(void **state G_GNUC_UNUSED)
{
	g_autoptr(Mail) mail = read_mail("", "a\xf4\x8f\xbc\x81"
	                                     "b\n\xf4\x8f\xbc\x82"
	                                     "c");

	assert_string_equal(mail->text, "ab\nc");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(layouts_of_words_and_quotes),
		cmocka_unit_test(our_own_marker_first_of_all),
		cmocka_unit_test(header_blocks_in_20_languages),
		cmocka_unit_test(signatures_taglines_and_lawyers),
		cmocka_unit_test(html_of_the_usual_clients),
		cmocka_unit_test(a_first_mail_has_no_history),
		cmocka_unit_test(a_report_of_what_a_machine_wrote_stays),
		cmocka_unit_test(the_card_of_the_sender_is_a_signature),
		cmocka_unit_test(text_is_cut_at_its_limit_with_a_warning),
		cmocka_unit_test(text_is_whole_below_the_limit),
		cmocka_unit_test(bombs_take_linear_time),
		cmocka_unit_test(marks_never_reach_the_mail),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
