/* What the desk does with a mail: decide_mail.plans holds the stories and the
 * plans, and is meant to be read. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <glib.h>

#include "scene.h"

/* "== SENTENCE", a story (scene.h), "--", the plan, a blank line */
typedef struct Case {
	char *sentence;
	char *story;
	char *plan;
} Case;

static void
decides_as_told(void **state)
{
	const Case *c = *state;
	g_autoptr(Scene) scene = scene_new();

	scene_tell_all(scene, c->story);
	g_autoptr(Decision) decision = decide_on_mail(&scene->facts);
	g_autofree char *plan = plan_to_text(decision->plan);
	if (strcmp(plan, c->plan) != 0)
		fail_msg("%s\nwanted:\n%s\ngot:\n%s", c->sentence, c->plan,
		         plan);
}

static bool
read_case(const char *stanza, Case *c)
{
	const char *story = strchr(stanza, '\n');
	const char *line = strstr(stanza, "\n--\n");

	if (story == NULL || line == NULL)
		return false;
	c->sentence = g_strndup(stanza, (gsize)(story - stanza));
	c->story = g_strndup(story, (gsize)(line - story));
	c->plan = g_strdup(line + strlen("\n--\n"));
	g_strchomp(c->plan);
	char *ended = g_strconcat(c->plan, *c->plan == '\0' ? "" : "\n", NULL);
	g_free(c->plan);
	c->plan = ended;
	return true;
}

static void
case_release(gpointer data)
{
	Case *c = data;

	g_free(c->sentence);
	g_free(c->story);
	g_free(c->plan);
}

static GArray *
read_cases(void)
{
	GArray *cases = g_array_new(FALSE, FALSE, sizeof(Case));
	g_autofree char *path =
		g_build_filename(g_getenv("srcdir"), "tests", "unit",
	                         "decide_mail.plans", NULL);
	g_autofree char *text = NULL;

	g_array_set_clear_func(cases, case_release);
	if (!g_file_get_contents(path, &text, NULL, NULL))
		g_error("no %s", path);
	g_auto(GStrv) stanzas = g_strsplit(text, "\n== ", -1);
	for (unsigned i = 1; stanzas[i] != NULL; i++) {
		Case c;

		if (!read_case(stanzas[i], &c))
			g_error("%s: stanza %u", path, i);
		g_array_append_val(cases, c);
	}
	return cases;
}

int
main(void)
{
	g_autoptr(GArray) cases = read_cases();
	g_autofree struct CMUnitTest *tests =
		g_new0(struct CMUnitTest, cases->len);

	for (unsigned i = 0; i < cases->len; i++) {
		Case *c = &g_array_index(cases, Case, i);

		tests[i] = (struct CMUnitTest){ .name = c->sentence,
			                        .test_func = decides_as_told,
			                        .initial_state = c };
	}
	return _cmocka_run_group_tests("decide_mail", tests, cases->len, NULL,
	                               NULL);
}
