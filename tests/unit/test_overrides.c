#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>
#include <sys/stat.h>

#include <cmocka.h>

#include "config/overrides.h"

static char *folder;

static void
write_file(const char *path, const char *text)
{
	g_autofree char *whole = g_build_filename(folder, path, NULL);
	g_autofree char *parent = g_path_get_dirname(whole);

	assert_int_equal(g_mkdir_with_parents(parent, 0700), 0);
	assert_true(g_file_set_contents(whole, text, -1, NULL));
}

static int
make_folder(void **state)
{
	(void)state;
	folder = g_dir_make_tmp("postigo-test-overrides-XXXXXX", NULL);
	write_file("en/ack.txt", "Mine {{>hello}}{{ticket.number}}");
	write_file("en/hello.txt", "Hello {{#attachments}}{{name}}"
	                           "{{/attachments}}");
	write_file("pt/ack.txt", "{{>marker}}Recebido");
	write_file("en/closed.html", "a\n{{#ticket.number}}");
	write_file("en/held.txt", "\n\n{{detial}} {{xyzzy}}\n{{>nothing}}");
	write_file("en/idle.txt", "x");
	write_file("en/assigned.txt", "\xff");
	write_file("notes", "not a template");
	return 0;
}

static int
remove_folder(void **state)
{
	(void)state;
	char rm[] = "rm";
	char all[] = "-r";
	char *command[] = { rm, all, folder, NULL };
	bool is_gone = g_spawn_sync(NULL, command, NULL, G_SPAWN_SEARCH_PATH,
	                            NULL, NULL, NULL, NULL, NULL, NULL);

	g_free(folder);
	return is_gone ? 0 : 1;
}

static void
test_faults(void **state)
{
	static const char *const expected[] = {
		"en/assigned.txt:1: not UTF-8",
		"en/closed.html:2:1: this section is not closed",
		"en/held.txt:3: no value is called detial; did you mean "
		"detail?",
		"en/held.txt:3: no value is called xyzzy",
		"en/held.txt:4: there is no part nothing",
		"pt/ack.txt:1: there is no part marker",
		"en/idle.txt: no template has this name, and none uses it",
	};
	g_autoptr(Overrides) overrides = overrides_load(folder, NULL);
	g_autoptr(GPtrArray) faults = g_ptr_array_new_with_free_func(g_free);

	(void)state;
	overrides_check(overrides, faults);
	for (unsigned i = 0; i < faults->len; i++) {
		const char *fault = faults->pdata[i];
		assert_true(i < G_N_ELEMENTS(expected));
		assert_true(g_str_has_prefix(fault, folder));
		assert_string_equal(fault + strlen(folder) + 1, expected[i]);
	}
	assert_int_equal(faults->len, G_N_ELEMENTS(expected));
}

static void
test_they_replace(void **state)
{
	g_autoptr(Overrides) overrides = overrides_load(folder, NULL);
	TemplateLoader loader = overrides_loader(overrides, "pt");
	g_autoptr(TemplateValue) values = template_value_object();
	g_auto(Notice) notice = { NULL, NULL, NULL };
	g_auto(Notice) other = { NULL, NULL, NULL };

	(void)state;
	template_set(values, "ticket.number", "7");
	assert_true(notice_render(&loader, "ack", "en", values, &notice, NULL));
	assert_string_equal(notice.text, "Mine Hello 7");
	assert_true(notice_render(&loader, "ack", "fr", values, &other, NULL));
	assert_string_equal(other.text, "Recebido");
}

static void
test_a_queue_comes_before_the_desk(void **state)
{
	write_file("network/en/ack.txt", "Network {{>hello}}{{>nowhere}}");
	g_autofree char *inside = g_build_filename(folder, "network", NULL);
	g_autoptr(Overrides) desk = overrides_load(folder, NULL);
	g_autoptr(Overrides) queue = overrides_load(inside, desk);
	TemplateLoader loader = overrides_loader(queue, NULL);
	g_autoptr(TemplateValue) values = template_value_object();
	g_autoptr(GPtrArray) faults = g_ptr_array_new_with_free_func(g_free);
	g_auto(Notice) notice = { NULL, NULL, NULL };

	(void)state;
	assert_true(notice_render(&loader, "ack", "en", values, &notice, NULL));
	assert_string_equal(notice.text, "Network Hello ");
	overrides_check(queue, faults);
	assert_int_equal(faults->len, 1);
	assert_true(g_str_has_suffix(faults->pdata[0],
	                             "network/en/ack.txt:1: there is no part "
	                             "nowhere"));
}

static void
test_no_folder(void **state)
{
	g_autoptr(Overrides) none = overrides_load(NULL, NULL);
	g_autoptr(Overrides) missing = overrides_load("/nowhere/at/all", NULL);
	g_autoptr(GPtrArray) faults = g_ptr_array_new_with_free_func(g_free);

	(void)state;
	overrides_check(none, faults);
	overrides_check(missing, faults);
	assert_int_equal(faults->len, 0);
}

/* templates/README, notice_values and the shipped templates say the same. */
static void
test_the_shipped_ones_are_well(void **state)
{
	const char *srcdir = g_getenv("srcdir");
	g_autofree char *shipped =
		g_build_filename(srcdir == NULL ? "." : srcdir, "templates",
	                         NULL);
	g_autoptr(Overrides) overrides = overrides_load(shipped, NULL);
	g_autoptr(GPtrArray) faults = g_ptr_array_new_with_free_func(g_free);

	(void)state;
	overrides_check(overrides, faults);
	for (unsigned i = 0; i < faults->len; i++)
		fail_msg("%s", (char *)faults->pdata[i]);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_faults),
		cmocka_unit_test(test_they_replace),
		cmocka_unit_test(test_a_queue_comes_before_the_desk),
		cmocka_unit_test(test_no_folder),
		cmocka_unit_test(test_the_shipped_ones_are_well),
	};

	return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
