/* The tables: taglines, separators, header names, and what is none of them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "message/quote_tables.h"

typedef struct Case {
	const char *text;
	int wanted;
} Case;

static const Case taglines[] = {
	{ "Sent from my iPhone", 1 },
	{ "sent from my iPad.", 1 },
	{ "<Sent from my Samsung Galaxy smartphone.>", 1 },
	{ "Sent from my phone, please excuse any typos.", 1 },
	{ "Sent from Mail for Windows 10", 1 },
	{ "Sent with Proton Mail secure email.", 1 },
	{ "Get Outlook for Android<https://aka.ms/AAb9ysg>", 1 },
	{ "Enviado desde mi iPhone", 1 },
	{ "Enviado desde mi Huawei de Claro.", 1 },
	{ "Enviado desde Yahoo Mail para Android", 1 },
	{ "Obtener Outlook para iOS", 1 },
	{ "Enviado do meu iPhone", 1 },
	{ "Enviado do Email para Windows", 1 },
	{ "Enviat des del meu iPhone", 1 },
	{ "Envoyé de mon iPhone", 1 },
	{ "Envoyé à partir d’Outlook pour Android", 1 },
	{ "Inviato da iPhone", 1 },
	{ "Von meinem iPhone gesendet", 1 },
	{ "Gesendet von Outlook für iOS", 1 },
	{ "Verstuurd vanaf mijn iPhone", 1 },
	{ "Skickat från min iPhone", 1 },
	{ "Sendt fra min iPhone", 1 },
	{ "Lähetetty iPhonesta", 1 },
	{ "Wysłane z iPhone'a", 1 },
	{ "Odesláno z iPhonu", 1 },
	{ "Отправлено с iPhone", 1 },
	{ "Надіслано з iPhone", 1 },
	{ "Στάλθηκε από το iPhone μου", 1 },
	{ "iPhone'umdan gönderildi", 1 },
	{ "نُشر", 0 },
	{ "发自我的iPhone", 1 },
	{ "從我的 iPhone 傳送", 1 },
	{ "iPhoneから送信", 1 },
	{ "나의 iPhone에서 보냄", 1 },
	{ "Sent from my desk, is much easier than my phone.", 0 },
	{ "Sent from our automated system", 0 },
	{ "From my mobile I cannot open it", 0 },
	{ "Von meinem Telefon kann ich nicht drucken", 0 },
	{ "Enviado por Ana a contabilidad", 0 },
	{ "The message was sent from my iPhone", 0 },
	{ "Sent yesterday", 0 },
	{ "", 0 },
};

static const Case separators[] = {
	{ "-----Original Message-----", SEPARATOR_REPLY },
	{ "------- Original Message -------", SEPARATOR_REPLY },
	{ "‐‐‐‐‐‐‐ Original Message ‐‐‐‐‐‐‐", SEPARATOR_REPLY },
	{ "*-------- Original Message --------*", SEPARATOR_REPLY },
	{ "________________ Original Message", SEPARATOR_REPLY },
	{ "-------- Mensaje original --------", SEPARATOR_REPLY },
	{ "-------- Mensagem original --------", SEPARATOR_REPLY },
	{ "-------- Message d'origine --------", SEPARATOR_REPLY },
	{ "-----Ursprüngliche Nachricht-----", SEPARATOR_REPLY },
	{ "-----Messaggio originale-----", SEPARATOR_REPLY },
	{ "-----Oorspronkelijk bericht-----", SEPARATOR_REPLY },
	{ "-----Ursprungligt meddelande-----", SEPARATOR_REPLY },
	{ "-----Opprinnelig melding-----", SEPARATOR_REPLY },
	{ "-------- Oprindelig besked --------", SEPARATOR_REPLY },
	{ "-----Alkuperäinen viesti-----", SEPARATOR_REPLY },
	{ "-----Wiadomość oryginalna-----", SEPARATOR_REPLY },
	{ "---------- Původní zpráva ----------", SEPARATOR_REPLY },
	{ "-----Eredeti üzenet-----", SEPARATOR_REPLY },
	{ "-------- Исходное сообщение --------", SEPARATOR_REPLY },
	{ "-----Αρχικό μήνυμα-----", SEPARATOR_REPLY },
	{ "-----Orijinal Mesaj-----", SEPARATOR_REPLY },
	{ "-----הודעה מקורית-----", SEPARATOR_REPLY },
	{ "-----الرسالة الأصلية-----", SEPARATOR_REPLY },
	{ "------------------ 原始邮件 ------------------", SEPARATOR_REPLY },
	{ "-----原始郵件-----", SEPARATOR_REPLY },
	{ "---------- Forwarded message ---------", SEPARATOR_FORWARD },
	{ "-------- Mensaje reenviado --------", SEPARATOR_FORWARD },
	{ "---------- Mensagem encaminhada ---------", SEPARATOR_FORWARD },
	{ "-------- Weitergeleitete Nachricht --------", SEPARATOR_FORWARD },
	{ "Begin forwarded message:", SEPARATOR_FORWARD },
	{ "Inicio del mensaje reenviado:", SEPARATOR_FORWARD },
	{ "Anfang der weitergeleiteten Nachricht:", SEPARATOR_FORWARD },
	{ "Начало переадресованного сообщения:", SEPARATOR_FORWARD },
	{ "転送されたメッセージ:", SEPARATOR_FORWARD },
	{ "开始转发的邮件：", SEPARATOR_FORWARD },
	{ "##- Please type your reply above this line -##", SEPARATOR_ABOVE },
	{ "--- Escriba su respuesta encima de esta línea ---",
	  SEPARATOR_ABOVE },
	{ "The original message", SEPARATOR_NONE },
	{ "Original message", SEPARATOR_NONE },
	{ "Forwarded message", SEPARATOR_NONE },
	{ "------ Enter feedback below ------", SEPARATOR_NONE },
	{ "----------", SEPARATOR_NONE },
	{ "", SEPARATOR_NONE },
};

static const Case headers[] = {
	{ "From: Ana <ana@example.com>", HEADER_FROM },
	{ "*From:* Ana", HEADER_FROM },
	{ "De : Ana", HEADER_FROM },
	{ "Von: Ana", HEADER_FROM },
	{ "От: Ana", HEADER_FROM },
	{ "发件人： Ana", HEADER_FROM },
	{ "Enviado el: lunes", HEADER_DATE },
	{ "Enviada em: segunda", HEADER_DATE },
	{ "Envoyé : lundi", HEADER_DATE },
	{ "Gesendet: Montag", HEADER_DATE },
	{ "送信日時: 2026", HEADER_DATE },
	{ "Para: Luis", HEADER_TO },
	{ "À : Luis", HEADER_TO },
	{ "받는 사람: Luis", HEADER_TO },
	{ "Asunto: x", HEADER_SUBJECT },
	{ "Betreff: x", HEADER_SUBJECT },
	{ "Θέμα: x", HEADER_SUBJECT },
	{ "CC: x", HEADER_CC },
	{ "Importance: High", HEADER_OTHER },
	{ "Please: x", HEADER_NONE },
	{ "From Ana", HEADER_NONE },
	{ "", HEADER_NONE },
};

static const Case subjects[] = {
	{ "Fwd: x", 1 },     { "FW: x", 1 },        { "RV: x", 1 },
	{ "ENC: x", 1 },     { "TR: x", 1 },        { "WG: x", 1 },
	{ "Doorst: x", 1 },  { "转发：x", 1 },      { "İLT: x", 1 },
	{ "Re: x", 0 },      { "Forward this", 0 }, { "", 0 },
	{ "Re: Fwd: x", 0 },
};

typedef int (*Question)(const char *folded);

static int
ask_tagline(const char *folded)
{
	return quote_is_tagline(folded);
}

static int
ask_separator(const char *folded)
{
	return (int)quote_separator(folded);
}

static int
ask_header(const char *folded)
{
	return (int)quote_header(folded, NULL);
}

static int
ask_subject(const char *folded)
{
	return quote_is_forward_prefix(folded);
}

static void
check(const Case *cases, size_t count, Question question)
{
	for (size_t i = 0; i < count; i++) {
		g_autofree char *folded =
			quote_fold(cases[i].text, strlen(cases[i].text));
		int answer = question(folded);

		if (answer != cases[i].wanted)
			print_error("%s: %d\n", cases[i].text, answer);
		assert_int_equal(answer, cases[i].wanted);
	}
}

static void
taglines_of_telephones(void **state G_GNUC_UNUSED)
{
	check(taglines, G_N_ELEMENTS(taglines), ask_tagline);
}

static void
separators_in_25_languages(void **state G_GNUC_UNUSED)
{
	check(separators, G_N_ELEMENTS(separators), ask_separator);
}

static void
header_names(void **state G_GNUC_UNUSED)
{
	check(headers, G_N_ELEMENTS(headers), ask_header);
}

static void
subjects_of_forwarded_mails(void **state G_GNUC_UNUSED)
{
	check(subjects, G_N_ELEMENTS(subjects), ask_subject);
}

static void
value_behind_the_header_name(void **state G_GNUC_UNUSED)
{
	const char *value = NULL;

	assert_int_equal(quote_header("*subject:* a: b", &value),
	                 HEADER_SUBJECT);
	assert_string_equal(value, "a: b");
}

static void
a_long_line_is_folded_to_its_beginning(void **state G_GNUC_UNUSED)
{
	g_autofree char *line = g_strnfill(5000, 'X');
	g_autofree char *folded = quote_fold(line, 5000);

	assert_true(strlen(folded) < 700);
	assert_true(g_str_has_prefix(folded, "xxxx"));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(taglines_of_telephones),
		cmocka_unit_test(separators_in_25_languages),
		cmocka_unit_test(header_names),
		cmocka_unit_test(subjects_of_forwarded_mails),
		cmocka_unit_test(value_behind_the_header_name),
		cmocka_unit_test(a_long_line_is_folded_to_its_beginning),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
