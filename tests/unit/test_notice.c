#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/error.h"

#include "desk/notice.h"
#include "desk/shipped.h"

static const char *const names[] = {
	"ack",
	"ack-unproven",
	"new-ticket",
	"answer",
	"assigned",
	"requester-answer",
	"delivery-failed",
	"transcript",
	"closed",
	"held",
};
static const char *const languages[] = { "en", "es" };

static const char *const texts[][2] = {
	{ "ticket.number", "123" },
	{ "ticket.subject", "No signal in <room> 3 & 4" },
	{ "ticket.queue", "network" },
	{ "ticket.priority", "high" },
	{ "ticket.type", "incident" },
	{ "ticket.state", "new" },
	{ "ticket.team", "level1" },
	{ "requester.name", "Luis \"el\" Mora" },
	{ "requester.address", "luis@example.org" },
	{ "person.name", "Ana Díaz" },
	{ "author", "Luis Mora" },
	{ "agent.name", "Luis Mora" },
	{ "desk.name", "Support" },
	{ "desk.address", "support@acme.example" },
	{ "history", "3" },
	{ "evidence", "E1 (dmarc=pass)" },
	{ "marker", "p.123.4.abcdefghij" },
	{ "failure.address", "luis@example.org" },
	{ "failure.reason", "user-unknown" },
	{ "failure.diagnostic", "550 5.1.1 <luis@example.org>: no such user" },
	{ "detail", "stranger@example.net" },
	{ "mailto.take", "mailto:support%2Btoken@acme.example?body=%2Ftake" },
	{ "mailto.note", "mailto:support%2Btoken@acme.example?body=%2Fnote" },
	{ "mailto.close", "mailto:support%2Btoken@acme.example?body=%2Fclose" },
};

#define WORDS                                                            \
	"Hello,\n\nsince this morning there is no signal <b>here</b>.\n" \
	"See https://status.example/?a=1&b=2.\n\nLuis"

static TemplateValue *
sample(void)
{
	TemplateValue *values = template_value_object();
	g_autofree char *html = notice_html_text(WORDS);

	for (unsigned i = 0; i < G_N_ELEMENTS(texts); i++)
		template_set(values, texts[i][0], texts[i][1]);
	template_set(values, "text", WORDS);
	template_set(values, "html_text", html);
	TemplateValue *item = template_append(values, "attachments");
	template_set(item, "name", "photo <1>.png");
	template_set(item, "size", "12.0 kB");
	item = template_append(values, "orders");
	template_set(item, "order", "/take");
	template_set(item, "effect", "owner is ana");
	template_set(item, "ok", "yes");
	item = template_append(values, "orders");
	template_set(item, "order", "/priorty high");
	template_set(item, "effect", "no such order");
	return values;
}

static const TemplateLoader shipped = { NULL, NULL, NULL };

/* For looking at them: $POSTIGO_TEST_NOTICES/en-ack.html. */
static void
keep_for_the_eye(const char *language, const char *name, const Notice *notice)
{
	const char *folder = g_getenv("POSTIGO_TEST_NOTICES");

	if (folder == NULL)
		return;
	g_autofree char *html =
		g_strdup_printf("%s/%s-%s.html", folder, language, name);
	g_autofree char *text =
		g_strdup_printf("%s/%s-%s.txt", folder, language, name);
	g_file_set_contents(html, notice->html, -1, NULL);
	g_file_set_contents(text, notice->text, -1, NULL);
}

static void
test_every_template_in_every_language(void **state)
{
	(void)state;
	for (unsigned i = 0; i < G_N_ELEMENTS(names); i++)
		for (unsigned j = 0; j < G_N_ELEMENTS(languages); j++) {
			g_autoptr(TemplateValue) values = sample();
			g_autoptr(GError) error = NULL;
			g_auto(Notice) notice = { NULL, NULL, NULL };
			assert_true(notice_render(&shipped, names[i],
			                          languages[j], values, &notice,
			                          &error));
			assert_non_null(strstr(notice.subject, "[#123]"));
			g_autofree char *first =
				g_strndup(notice.text,
			                  strcspn(notice.text, "\n"));
			assert_non_null(strstr(first, "p.123.4.abcdefghij]"));
			assert_null(strstr(notice.text, "{{"));
			assert_null(strstr(notice.text, "&lt;"));
			assert_non_null(notice.html);
			assert_null(strstr(notice.html, "{{"));
			assert_non_null(strstr(notice.html, "[p.123.4.abc"));
			assert_non_null(strstr(notice.html, "</html>"));
			keep_for_the_eye(languages[j], names[i], &notice);
		}
}

/* X-06: nothing from outside, and nothing that a value brings. */
static void
test_html_holds_nothing_active(void **state)
{
	static const char *const forbidden[] = {
		"<room>",  "<b>here", "<1>",    "src=",    "url(",
		"<script", "<form",   "<svg",   "<img",    "<base",
		"@import", "<link",   "el\" M", "onclick",
	};

	(void)state;
	for (unsigned i = 0; i < G_N_ELEMENTS(names); i++) {
		g_autoptr(TemplateValue) values = sample();
		g_auto(Notice) notice = { NULL, NULL, NULL };
		assert_true(notice_render(&shipped, names[i], "en", values,
		                          &notice, NULL));
		for (unsigned j = 0; j < G_N_ELEMENTS(forbidden); j++)
			if (strstr(notice.html, forbidden[j]) != NULL)
				fail_msg("%s holds %s", names[i], forbidden[j]);
	}
}

static void
test_unproven_acknowledgement_echoes_nothing(void **state)
{
	static const char *const words[] = { "signal", "Luis", "luis@", "photo",
		                             "status.example" };

	(void)state;
	for (unsigned i = 0; i < G_N_ELEMENTS(languages); i++) {
		g_autoptr(TemplateValue) values = sample();
		g_auto(Notice) notice = { NULL, NULL, NULL };
		assert_true(notice_render(&shipped, "ack-unproven",
		                          languages[i], values, &notice, NULL));
		for (unsigned j = 0; j < G_N_ELEMENTS(words); j++) {
			if (strstr(notice.subject, words[j]) != NULL ||
			    strstr(notice.text, words[j]) != NULL ||
			    strstr(notice.html, words[j]) != NULL)
				fail_msg("L-12 %s: %s", languages[i], words[j]);
		}
	}
}

/* An answer is the marker and the agent's words, with nothing of the desk. */
static void
test_answer_is_only_the_words(void **state)
{
	g_autoptr(TemplateValue) values = sample();
	g_auto(Notice) notice = { NULL, NULL, NULL };

	(void)state;
	assert_true(
		notice_render(&shipped, "answer", "en", values, &notice, NULL));
	assert_string_equal(notice.text, "Please reply above this line "
	                                 "[p.123.4.abcdefghij]\n\n" WORDS "\n");
}

/* ---- languages and own files ---- */

typedef struct OwnFile {
	const char *path;
	const char *text;
} OwnFile;

static const char *
own_text(const char *path, void *data)
{
	for (const OwnFile *file = data; file->path != NULL; file++)
		if (strcmp(file->path, path) == 0)
			return file->text;
	return NULL;
}

static void
test_languages_fall_back(void **state)
{
	static const struct {
		const char *wanted;
		const char *desk;
		const char *begins;
	} cases[] = {
		{ "es", "en", "Responda" },
		{ "en", "es", "Please" },
		{ "es-CO", "en", "Responda" },
		{ "es_CO", NULL, "Responda" },
		{ "fr", "es", "Responda" },
		{ "fr", NULL, "Please" },
		{ NULL, "es", "Responda" },
		{ NULL, NULL, "Please" },
		{ "fr", "pt", "Please" },
		{ "../en", NULL, "Please" },
		{ "", NULL, "Please" },
		{ "pt-BR", NULL, "Responda acima" },
	};

	static const OwnFile files[] = {
		{ "pt/ack.txt", "Responda acima desta linha [{{marker}}]\n" },
		{ NULL, NULL },
	};

	(void)state;
	for (unsigned i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autoptr(TemplateValue) values = sample();
		g_auto(Notice) notice = { NULL, NULL, NULL };
		TemplateLoader loader = { own_text, (void *)(uintptr_t)files,
			                  cases[i].desk };
		if (g_strcmp0(cases[i].wanted, "pt-BR") != 0)
			loader.own_text = NULL;
		assert_true(notice_render(&loader, "ack", cases[i].wanted,
		                          values, &notice, NULL));
		if (!g_str_has_prefix(notice.text, cases[i].begins))
			fail_msg("%s: %s", cases[i].wanted, notice.text);
	}
}

static void
test_own_files(void **state)
{
	static const struct {
		const char *sentence;
		OwnFile files[3];
		const char *text; /* begins with; NULL: as shipped */
	} cases[] = {
		{ "an own file replaces the shipped one",
		  { { "en/ack.txt", "Mine, {{ticket.number}}" } },
		  "Mine, 123" },
		{ "an own part replaces the shipped one",
		  { { "en/marker.txt", "Above! [{{marker}}]\n" } },
		  "Above! [p.123" },
		{ "a part of one's own",
		  { { "en/ack.txt", "{{>hello}}!" },
		    { "hello.txt", "Hello {{requester.name}}" } },
		  "Hello Luis \"el\" Mora!" },
		{ "G-06 a broken own file",
		  { { "en/ack.txt", "{{#open}}" } },
		  NULL },
		{ "G-06 an own file that is not UTF-8",
		  { { "en/ack.txt", "\xf1" } },
		  NULL },
		{ "G-06 an own file that calls itself for ever",
		  { { "en/ack.txt", "{{>ack}}" } },
		  NULL },
		{ "G-06 a broken own part is as if it were not there",
		  { { "en/ack.txt", "Mine{{>hello}}" },
		    { "en/hello.txt", "{{" } },
		  "Mine" },
		{ "an unknown name in an own file is empty",
		  { { "en/ack.txt", "Mine{{tikcet.number}}." } },
		  "Mine." },
	};

	(void)state;
	for (unsigned i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autoptr(TemplateValue) values = sample();
		g_auto(Notice) notice = { NULL, NULL, NULL };
		TemplateLoader loader = { own_text,
			                  (void *)(uintptr_t)cases[i].files,
			                  NULL };
		const char *begins = cases[i].text == NULL
		                             ? "Please reply above this line"
		                             : cases[i].text;
		assert_true(notice_render(&loader, "ack", "en", values, &notice,
		                          NULL));
		if (!g_str_has_prefix(notice.text, begins))
			fail_msg("%s: %s", cases[i].sentence, notice.text);
	}
}

static void
test_no_such_template(void **state)
{
	g_autoptr(TemplateValue) values = sample();
	g_autoptr(GError) error = NULL;
	Notice notice = { NULL, NULL, NULL };

	(void)state;
	assert_false(notice_render(&shipped, "nothing", "en", values, &notice,
	                           &error));
	assert_string_equal(error->message, "no template is called nothing");
	assert_null(notice.text);
}

/* The same files in both languages, and every one compiles. */
static void
test_languages_are_complete(void **state)
{
	(void)state;
	for (unsigned i = 0; shipped_path(i) != NULL; i++) {
		const char *path = shipped_path(i);
		g_autoptr(GError) error = NULL;
		g_autoptr(Template) template =
			template_compile(path, shipped_text(path), &error);
		if (template == NULL)
			fail_msg("%s", error->message);
		if (!g_str_has_prefix(path, "en/") &&
		    !g_str_has_prefix(path, "es/"))
			continue;
		g_autofree char *twin =
			g_strdup_printf("%s%s", path[1] == 'n' ? "es" : "en",
		                        path + 2);
		if (shipped_text(twin) == NULL)
			fail_msg("%s has no %s", path, twin);
	}
}

/* ---- text as HTML ---- */

static void
test_text_as_html(void **state)
{
#define P "<p style=\"margin:0 0 12px 0\">"

	static const struct {
		const char *text;
		const char *html;
	} cases[] = {
		{ "", "" },
		{ "a", P "a</p>\n" },
		{ "a\nb\n", P "a<br>\nb</p>\n" },
		{ "\n\na\n\n\n  \nb", P "a</p>\n" P "b</p>\n" },
		{ "  code <x>", P "&nbsp;&nbsp;code &lt;x&gt;</p>\n" },
		{ "see http://a.example/x?y=1&z=\"2\".",
		  P "see <a href=\"http://a.example/x?y=1&amp;z=\">"
		    "http://a.example/x?y=1&amp;z=</a>&quot;2&quot;.</p>\n" },
		{ "(https://a.example), javascript:alert(1) http:// x",
		  P "(<a href=\"https://a.example\">https://a.example</a>), "
		    "javascript:alert(1) http:// x</p>\n" },
		{ "<a href=x>http://a.example'onclick=1</a>",
		  P "&lt;a href=x&gt;<a "
		    "href=\"http://a.example&#39;onclick=1\">"
		    "http://a.example&#39;onclick=1</a>&lt;/a&gt;</p>\n" },
	};

#undef P

	(void)state;
	for (unsigned i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autofree char *html = notice_html_text(cases[i].text);
		assert_string_equal(html, cases[i].html);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_every_template_in_every_language),
		cmocka_unit_test(test_html_holds_nothing_active),
		cmocka_unit_test(test_unproven_acknowledgement_echoes_nothing),
		cmocka_unit_test(test_answer_is_only_the_words),
		cmocka_unit_test(test_languages_fall_back),
		cmocka_unit_test(test_own_files),
		cmocka_unit_test(test_no_such_template),
		cmocka_unit_test(test_languages_are_complete),
		cmocka_unit_test(test_text_as_html),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
