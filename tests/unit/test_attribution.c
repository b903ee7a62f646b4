/* "On ... wrote:" as each client writes it in each language. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "message/attribution.h"
#include "message/quote_tables.h"

typedef struct Case {
	const char *name;
	const char *text;
	AttributionShape shape;
} Case;

#define STRONG ATTRIBUTION_STRONG
#define NAMED  ATTRIBUTION_NAMED
#define WEAK   ATTRIBUTION_WEAK
#define NONE   ATTRIBUTION_NONE

static const Case gmail[] = {
	{ "English",
	  "On Mon, Mar 2, 2026 at 9:15 AM Ana Ruiz <ana@example.com> wrote:",
	  STRONG },
	{ "Spanish",
	  "El lun, 2 mar 2026 a las 9:15, Ana Ruiz (<ana@example.com>) escribió:",
	  STRONG },
	{ "Portuguese of Brazil",
	  "Em seg., 2 de mar. de 2026 às 09:15, Ana Ruiz <ana@example.com> escreveu:",
	  STRONG },
	{ "Portuguese of Portugal",
	  "Ana Ruiz <ana@example.com> escreveu no dia segunda, 2/03/2026 à(s) 09:15:",
	  NAMED },
	{ "Catalan",
	  "Missatge de Ana Ruiz <ana@example.com> del dia dl., 2 de març 2026 a les 9:15:",
	  STRONG },
	{ "Galician",
	  "O luns, 2 de mar. de 2026 ás 9:15, Ana Ruiz (<ana@example.com>) escribiu:",
	  STRONG },
	{ "Basque",
	  "Ana Ruiz <ana@example.com> erabiltzaileak hau idatzi du (2026 mar. 2, al. (9:15)):",
	  NAMED },
	{ "French",
	  "Le lun. 2 mars 2026 à 09:15, Ana Ruiz <ana@example.com> a écrit :",
	  STRONG },
	{ "Italian",
	  "Il giorno lun 2 mar 2026 alle ore 09:15 Ana Ruiz <ana@example.com> ha scritto:",
	  STRONG },
	{ "Romanian",
	  "În lun., 2 mar. 2026 la 09:15, Ana Ruiz <ana@example.com> a scris:",
	  STRONG },
	{ "German",
	  "Am Mo., 2. März 2026 um 09:15 Uhr schrieb Ana Ruiz <ana@example.com>:",
	  STRONG },
	{ "Dutch",
	  "Op ma 2 mrt 2026 om 09:15 schreef Ana Ruiz <ana@example.com>:",
	  STRONG },
	{ "Afrikaans",
	  "Op Ma. 02 Mrt. 2026 om 09:15 het Ana Ruiz <ana@example.com> geskryf:",
	  STRONG },
	{ "Swedish",
	  "Den mån 2 mars 2026 kl 09:15 skrev Ana Ruiz <ana@example.com>:",
	  STRONG },
	{ "Danish",
	  "Den man. 2. mar. 2026 kl. 09.15 skrev Ana Ruiz <ana@example.com>:",
	  STRONG },
	{ "Norwegian",
	  "man. 2. mars 2026 kl. 09:15 skrev Ana Ruiz <ana@example.com>:",
	  STRONG },
	{ "Icelandic",
	  "mán., 2. mar. 2026 kl. 09:15 skrifaði Ana Ruiz <ana@example.com>:",
	  STRONG },
	{ "Finnish",
	  "ma 2. maalisk. 2026 klo 9.15 Ana Ruiz (ana@example.com) kirjoitti:",
	  STRONG },
	{ "Estonian",
	  "Ana Ruiz <ana@example.com> kirjutas kuupäeval E, 2. märts 2026 kell 09:15:",
	  NAMED },
	{ "Latvian",
	  "Pirmd., 2026. g. 2. marts, plkst. 09:15 — lietotājs Ana Ruiz (<ana@example.com>) rakstīja:",
	  STRONG },
	{ "Lithuanian",
	  "2026-03-02, pr, 09:15 Ana Ruiz <ana@example.com> rašė:", STRONG },
	{ "Polish",
	  "pon., 2 mar 2026 o 09:15 Ana Ruiz <ana@example.com> napisał(a):",
	  STRONG },
	{ "Czech",
	  "po 2. 3. 2026 v 9:15 odesílatel Ana Ruiz <ana@example.com> napsal:",
	  STRONG },
	{ "Slovak",
	  "po 2. 3. 2026 o 9:15 Ana Ruiz <ana@example.com> napísal(a):",
	  STRONG },
	{ "Hungarian",
	  "Ana Ruiz <ana@example.com> ezt írta (időpont: 2026. márc. 2., H, 9:15):",
	  NAMED },
	{ "Slovene",
	  "V V pon., 2. mar. 2026 ob 09:15 je oseba Ana Ruiz <ana@example.com> napisala:",
	  STRONG },
	{ "Croatian",
	  "pon, 2. ožu 2026. u 09:15 Ana Ruiz <ana@example.com> napisao je:",
	  STRONG },
	{ "Serbian",
	  "пон, 2. мар 2026. у 09:15 Ana Ruiz <ana@example.com> је написао/ла:",
	  STRONG },
	{ "Russian",
	  "пн, 2 мар. 2026 г. в 09:15, Ana Ruiz <ana@example.com>:", STRONG },
	{ "Ukrainian",
	  "пн, 2 бер. 2026 р. о 09:15 Ana Ruiz <ana@example.com> пише:",
	  STRONG },
	{ "Bulgarian",
	  "На пн, 2.03.2026 г. в 9:15 Ana Ruiz <ana@example.com> написа:",
	  STRONG },
	{ "Greek",
	  "Στις Δευ 2 Μαρ 2026 στις 9:15 π.μ., ο/η Ana Ruiz <ana@example.com> έγραψε:",
	  STRONG },
	{ "Turkish",
	  "Ana Ruiz <ana@example.com>, 2 Mar 2026 Pzt, 09:15 tarihinde şunu yazdı:",
	  NAMED },
	{ "Hebrew",
	  "בתאריך יום ב׳, 2 במרץ 2026 ב-9:15 מאת Ana Ruiz <ana@example.com>:",
	  STRONG },
	{ "Arabic, with its own digits",
	  "في الاثنين، ٢ مارس ٢٠٢٦ في ٩:١٥ ص تمت كتابة ما يلي بواسطة Ana Ruiz <ana@example.com>:",
	  STRONG },
	{ "Persian",
	  "در تاریخ دوشنبه ۲ مارس ۲۰۲۶ ساعت ۹:۱۵ Ana Ruiz <ana@example.com> نوشت:",
	  STRONG },
	{ "Hindi",
	  "सोम, 2 मार्च 2026 को 9:15 am बजे को Ana Ruiz <ana@example.com> ने लिखा:",
	  STRONG },
	{ "Chinese",
	  "Ana Ruiz <ana@example.com> 于2026年3月2日周一 09:15写道：", NAMED },
	{ "Chinese, traditional",
	  "Ana Ruiz <ana@example.com> 於 2026年3月2日 週一 上午9:15寫道：",
	  NAMED },
	{ "Japanese",
	  "2026年3月2日(月) 9:15 Ana Ruiz <ana@example.com>:", STRONG },
	{ "Korean",
	  "2026년 3월 2일 (월) 오전 9:15, Ana Ruiz <ana@example.com>님이 작성:",
	  STRONG },
	{ "Vietnamese",
	  "Vào Th 2, 2 thg 3, 2026 vào lúc 09:15 Ana Ruiz <ana@example.com> đã viết:",
	  STRONG },
	{ "Indonesian",
	  "Pada Sen, 2 Mar 2026 pukul 09.15 Ana Ruiz <ana@example.com> menulis:",
	  STRONG },
	{ "Thai",
	  "เมื่อ จ. 2 มี.ค. 2026 เวลา 09:15 Ana Ruiz <ana@example.com> เขียนว่า:",
	  STRONG },
	{ "Filipino",
	  "Noong Lun, Mar 2, 2026 nang 9:15 AM, sinulat ni Ana Ruiz <ana@example.com>:",
	  STRONG },
};

static const Case apple[] = {
	{ "English",
	  "On 2 Mar 2026, at 09:15, Ana Ruiz <ana@example.com> wrote:",
	  STRONG },
	{ "Spanish",
	  "El 2 mar 2026, a las 9:15, Ana Ruiz <ana@example.com> escribió:",
	  STRONG },
	{ "Portuguese",
	  "Em 2 de mar. de 2026, à(s) 09:15, Ana Ruiz <ana@example.com> escreveu:",
	  STRONG },
	{ "French",
	  "Le 2 mars 2026 à 09:15, Ana Ruiz <ana@example.com> a écrit :",
	  STRONG },
	{ "German",
	  "Am 02.03.2026 um 09:15 schrieb Ana Ruiz <ana@example.com>:",
	  STRONG },
	{ "Italian",
	  "Il giorno 2 mar 2026, alle ore 09:15, Ana Ruiz <ana@example.com> ha scritto:",
	  STRONG },
	{ "Dutch",
	  "Op 2 mrt. 2026, om 09:15 heeft Ana Ruiz <ana@example.com> het volgende geschreven:",
	  STRONG },
	{ "Swedish",
	  "2 mars 2026 kl. 09:15 skrev Ana Ruiz <ana@example.com>:", STRONG },
	{ "Finnish",
	  "Ana Ruiz <ana@example.com> kirjoitti 2.3.2026 kello 9.15:", NAMED },
	{ "Polish",
	  "Wiadomość napisana przez Ana Ruiz <ana@example.com> w dniu 2 mar 2026, o godz. 09:15:",
	  STRONG },
	{ "Czech", "2. 3. 2026 v 9:15, Ana Ruiz <ana@example.com>:", STRONG },
	{ "Russian",
	  "2 мар. 2026 г., в 09:15, Ana Ruiz <ana@example.com> написал(а):",
	  STRONG },
	{ "Ukrainian",
	  "2 бер. 2026 р. о 09:15 Ana Ruiz <ana@example.com> написав(-ла):",
	  STRONG },
	{ "Turkish",
	  "Ana Ruiz <ana@example.com> şunları yazdı (2 Mar 2026 09:15):",
	  NAMED },
	{ "Hungarian",
	  "2026. márc. 2. dátummal, 9:15 időpontban Ana Ruiz <ana@example.com> írta:",
	  STRONG },
	{ "Croatian",
	  "Ana Ruiz <ana@example.com> je 2. ožu 2026. u 09:15 napisao:",
	  NAMED },
	{ "Japanese",
	  "2026/03/02 9:15、Ana Ruiz <ana@example.com>のメール:", STRONG },
	{ "Korean",
	  "2026. 3. 2. 오전 9:15, Ana Ruiz <ana@example.com> 작성:", STRONG },
	{ "Chinese",
	  "在 2026年3月2日，09:15，Ana Ruiz <ana@example.com> 写道：", STRONG },
	{ "Hebrew",
	  "ב-2 במרץ 2026, בשעה 9:15, Ana Ruiz <ana@example.com> כתב/ה:",
	  STRONG },
	{ "Catalan",
	  "El 2 març 2026, a les 9:15, Ana Ruiz <ana@example.com> va escriure:",
	  STRONG },
};

static const Case others[] = {
	{ "Thunderbird, Spanish",
	  "El 2/3/26 a las 9:15, Ana Ruiz escribió:", STRONG },
	{ "Thunderbird, German",
	  "Am 02.03.26 um 09:15 schrieb Ana Ruiz:", STRONG },
	{ "Thunderbird, Polish",
	  "W dniu 2.03.2026 o 09:15, Ana Ruiz pisze:", STRONG },
	{ "Thunderbird, Russian", "02.03.2026 09:15, Ana Ruiz пишет:", STRONG },
	{ "Thunderbird, Czech",
	  "Dne 02. 03. 26 v 9:15 Ana Ruiz napsal(a):", STRONG },
	{ "Thunderbird, Slovak",
	  "Dňa 2. 3. 2026 o 9:15 Ana Ruiz napísal(a):", STRONG },
	{ "Thunderbird, Bulgarian",
	  "На 2.3.2026 г. в 9:15 ч., Ana Ruiz написа:", STRONG },
	{ "Thunderbird, Hungarian",
	  "2026. 03. 02. 9:15 keltezéssel, Ana Ruiz írta:", STRONG },
	{ "Yahoo, Spanish",
	  "El lunes, 2 de marzo de 2026, 09:15:00 CET, Ana Ruiz <ana@example.com> escribió:",
	  STRONG },
	{ "Yahoo, German",
	  "Am Montag, 2. März 2026 um 09:15:00 MEZ hat Ana Ruiz <ana@example.com> Folgendes geschrieben:",
	  STRONG },
	{ "Yandex",
	  "02.03.2026, 09:15, \"Ana Ruiz\" <ana@example.com>:", STRONG },
	{ "mail.ru",
	  "Понедельник, 2 марта 2026, 9:15 +03:00 от Ana Ruiz <ana@example.com>:",
	  STRONG },
	{ "Zoho",
	  "---- On Mon, 02 Mar 2026 09:15:00 +0100 Ana Ruiz <ana@example.com> wrote ----",
	  STRONG },
	{ "Zoho, Spanish",
	  "---- El lun, 02 mar 2026 09:15:00 +0100 Ana Ruiz <ana@example.com> escribió ----",
	  STRONG },
	{ "Notes", "-----Ana Ruiz <ana@example.com> wrote: -----", NAMED },
	{ "Evolution",
	  "On Mon, 2026-03-02 at 09:15 +0100, Ana Ruiz wrote:", STRONG },
	{ "KMail",
	  "On Monday, 2 March 2026 09:15:00 CET Ana Ruiz wrote:", STRONG },
	{ "mutt",
	  "On Mon, Mar 02, 2026 at 09:15:00AM +0100, Ana Ruiz wrote:", STRONG },
	{ "Horde, English", "Quoting Ana Ruiz <ana@example.com>:", STRONG },
	{ "Horde, German", "Zitat von Ana Ruiz <ana@example.com>:", STRONG },
	{ "Roundcube", "On 2026-03-02 09:15, Ana Ruiz wrote:", STRONG },
	{ "Samsung, Italian",
	  "In data 2 marzo 2026 09:15:00 Ana Ruiz <ana@example.com> ha scritto:",
	  STRONG },
	{ "K-9, German, without a date",
	  "Ana Ruiz <ana@example.com> schrieb:", NAMED },
	{ "Gmail of 2014, no colon", "2026-03-02 9:15 GMT+01:00 Ana Ruiz",
	  STRONG },
	{ "Gmail of 2013, needs a quote", "2026/3/2 Ana Ruiz <ana@example.com>",
	  WEAK },
	{ "Android, needs a quote", "---- Ana Ruiz wrote ----", WEAK },
	{ "by hand, needs a quote", "Ana wrote:", WEAK },
};

static const Case words[] = {
	{ "a sentence that begins with On", "On Monday we could not print.",
	  NONE },
	{ "a heading", "On Thursday:", NONE },
	{ "a list", "We need the following:", NONE },
	{ "a date and a colon", "From 2 March 2026 on this happens:", NONE },
	{ "an address and a colon", "Please write to ana@example.com:", NONE },
	{ "a sentence with a verb",
	  "I wrote to ana@example.com yesterday and again today", NONE },
	{ "time stamps of a log", "2026-03-02 09:15:01 error: disk full",
	  NONE },
	{ "Spanish prose", "El lunes pasado Ana me escribió un correo", NONE },
	{ "the other half", "2026-03-02 9:15 GMT+01:00 Ana Ruiz <", NONE },
	{ "half of a wrapped one", "ana@example.com> wrote:", NONE },
	{ "nothing", "", NONE },
	{ "only dashes", "----------", NONE },
	{ "only a colon", ":", NONE },
};

static void
check(const Case *cases, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		char *folded = quote_fold(cases[i].text, strlen(cases[i].text));
		AttributionShape shape = attribution_shape(folded);

		if (shape != cases[i].shape)
			print_error("%s: %u, wanted %u\n", cases[i].name, shape,
			            cases[i].shape);
		assert_int_equal(shape, cases[i].shape);
		if (cases[i].shape != NONE)
			assert_true(attribution_may_end(folded));
		g_free(folded);
	}
}

#define CHECK(table) check(table, G_N_ELEMENTS(table))

static void
gmail_in_45_languages(void **state G_GNUC_UNUSED)
{
	CHECK(gmail);
}

static void
apple_mail_in_21_languages(void **state G_GNUC_UNUSED)
{
	CHECK(apple);
}

static void
other_clients(void **state G_GNUC_UNUSED)
{
	CHECK(others);
}

static void
words_that_are_no_attribution(void **state G_GNUC_UNUSED)
{
	CHECK(words);
}

static gsize
inside(const char *line)
{
	return attribution_inside(line, strlen(line));
}

static void
attribution_behind_words_of_the_same_line(void **state G_GNUC_UNUSED)
{
	assert_int_equal(
		inside("yes On Mon, 2 Mar 2026 at 9:15 AM, a@example.com wrote:"),
		4);
	assert_int_equal(
		inside("yes-- On Mon, 2 Mar 2026 at 9:15 AM, a@example.com wrote:"),
		6);
	assert_int_equal(
		inside("On Mon, 2 Mar 2026 at 9:15 AM, a@example.com wrote:"),
		0);
	assert_int_equal(inside("yes On Monday I wrote:"), 0);
	assert_int_equal(inside("yes"), 0);
	assert_int_equal(inside(""), 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(gmail_in_45_languages),
		cmocka_unit_test(apple_mail_in_21_languages),
		cmocka_unit_test(other_clients),
		cmocka_unit_test(words_that_are_no_attribution),
		cmocka_unit_test(attribution_behind_words_of_the_same_line),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
