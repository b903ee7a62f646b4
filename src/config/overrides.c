#include "config/overrides.h"

#include <string.h>

#include "base/error.h"
#include "base/io.h"
#include "base/nearest.h"

#include "desk/shipped.h"

#include "config/faults.h"

struct Overrides {
	char *folder;
	GHashTable *texts; /* path in the folder to text, both char * */
	Overrides *outer;  /* or NULL */
};

/* ---- reading ---- */

static bool
is_template_name(const char *name)
{
	return g_str_has_suffix(name, ".txt") ||
	       g_str_has_suffix(name, ".html") ||
	       g_str_has_suffix(name, ".subject");
}

/* A NUL in it ends it, which then is told as what is missing. */
static void
read_file(Overrides *overrides, const char *path)
{
	g_autofree char *whole =
		g_build_filename(overrides->folder, path, NULL);
	g_autoptr(GBytes) bytes = io_read_file(whole, OVERRIDES_FILE_MAX, NULL);
	gsize size;

	if (bytes == NULL ||
	    g_hash_table_size(overrides->texts) == OVERRIDES_FILES_MAX)
		return;
	const char *data = g_bytes_get_data(bytes, &size);
	g_hash_table_insert(overrides->texts, g_strdup(path),
	                    g_strndup(data, size));
}

/* The templates in it, and with is_top those of the folders in it. */
static void
read_folder(Overrides *overrides, const char *inside, bool is_top)
{
	g_autofree char *whole =
		g_build_filename(overrides->folder, inside, NULL);
	g_autoptr(GDir) dir = g_dir_open(whole, 0, NULL);
	const char *name;

	while (dir != NULL && (name = g_dir_read_name(dir)) != NULL) {
		g_autofree char *path =
			is_top ? g_strdup(name)
			       : g_strdup_printf("%s/%s", inside, name);
		if (*name == '.')
			continue;
		if (is_template_name(name))
			read_file(overrides, path);
		else if (is_top)
			read_folder(overrides, path, false);
	}
}

Overrides *
overrides_load(const char *folder, Overrides *outer)
{
	Overrides *overrides = g_new0(Overrides, 1);

	overrides->folder = g_strdup(folder);
	overrides->outer = outer;
	overrides->texts =
		g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
	if (folder != NULL)
		read_folder(overrides, "", true);
	return overrides;
}

void
overrides_free(Overrides *overrides)
{
	if (overrides == NULL)
		return;
	g_hash_table_unref(overrides->texts);
	g_free(overrides->folder);
	g_free(overrides);
}

static const char *
own_text(const char *path, void *data)
{
	const char *text = NULL;

	for (const Overrides *one = data; one != NULL && text == NULL;
	     one = one->outer)
		text = g_hash_table_lookup(one->texts, path);
	return text;
}

TemplateLoader
overrides_loader(Overrides *overrides, const char *language)
{
	return (TemplateLoader){ own_text, overrides, language };
}

/* ---- checking ---- */

typedef struct Checker {
	Overrides *overrides;
	GPtrArray *faults;
	GHashTable *parts; /* names that a template includes */
	const char *path;  /* of the one being looked at */
} Checker;

static void
complain(const Checker *checker, unsigned line, const char *why)
{
	g_ptr_array_add(checker->faults,
	                line == 0 ? g_strdup_printf("%s/%s: %s",
	                                            checker->overrides->folder,
	                                            checker->path, why)
	                          : g_strdup_printf("%s/%s:%u: %s",
	                                            checker->overrides->folder,
	                                            checker->path, line, why));
}

static bool
has_part(const Checker *checker, const char *name)
{
	const char *ending = strrchr(checker->path, '.');
	g_autofree char *common = g_strconcat(name, ending, NULL);
	const char *slash = strchr(checker->path, '/');
	g_autofree char *path =
		slash == NULL ? NULL
			      : g_strdup_printf("%.*s/%s",
	                                        (int)(slash - checker->path),
	                                        checker->path, common);

	for (unsigned i = 0; i < 2; i++) {
		const char *one = i == 0 ? common : path;
		if (one != NULL && (own_text(one, checker->overrides) != NULL ||
		                    shipped_text(one) != NULL))
			return true;
	}
	/* a part for all languages may use one that each language has */
	g_autofree char *english = g_strconcat("en/", common, NULL);
	return slash == NULL && shipped_text(english) != NULL;
}

/* Inside of a list an item's value is written without the list's name. */
static bool
is_value(const char *name)
{
	if (strcmp(name, ".") == 0)
		return true;
	for (const char *const *value = notice_values; *value != NULL;
	     value++) {
		const char *dot = strrchr(*value, '.');
		if (strcmp(*value, name) == 0 ||
		    (dot != NULL && strcmp(dot + 1, name) == 0))
			return true;
	}
	return false;
}

static void
check_name(const TemplateName *name, void *data)
{
	const Checker *checker = data;
	g_autofree char *why = NULL;

	if (name->is_partial) {
		g_hash_table_add(checker->parts, g_strdup(name->name));
		if (!has_part(checker, name->name))
			why = g_strdup_printf("there is no part %s",
			                      name->name);
	} else if (!is_value(name->name)) {
		const char *near = nearest_word(name->name, notice_values);
		why = near == NULL
		              ? g_strdup_printf("no value is called %s",
		                                name->name)
		              : g_strdup_printf("no value is called %s; did "
		                                "you mean %s?",
		                                name->name, near);
	}
	if (why != NULL)
		complain(checker, name->line, why);
}

static void
check_text(Checker *checker, const char *text)
{
	g_autofree char *whole =
		g_strdup_printf("%s/%s", checker->overrides->folder,
	                        checker->path);
	g_autoptr(GError) error = NULL;
	g_autoptr(Template) template = template_compile(whole, text, &error);

	if (template == NULL)
		g_ptr_array_add(checker->faults, g_strdup(error->message));
	else
		template_each_name(template, check_name, checker);
}

/* Neither a shipped template in any language nor a part of one. */
static bool
is_idle(const Checker *checker)
{
	g_autofree char *base = g_path_get_basename(checker->path);
	g_autofree char *english = g_strconcat("en/", base, NULL);
	char *dot = strrchr(base, '.');

	if (shipped_text(english) != NULL || shipped_text(base) != NULL)
		return false;
	*dot = '\0';
	return !g_hash_table_contains(checker->parts, base);
}

static int
compare_names(gconstpointer a, gconstpointer b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

void
overrides_check(Overrides *overrides, GPtrArray *out_faults)
{
	g_autoptr(GHashTable) parts =
		g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	Checker checker = { overrides, out_faults, parts, NULL };
	g_autoptr(GPtrArray) paths = g_ptr_array_new();
	GHashTableIter iter;
	gpointer path;

	g_hash_table_iter_init(&iter, overrides->texts);
	while (g_hash_table_iter_next(&iter, &path, NULL))
		g_ptr_array_add(paths, path);
	g_ptr_array_sort(paths, compare_names);
	for (unsigned i = 0; i < paths->len; i++) {
		checker.path = paths->pdata[i];
		check_text(&checker,
		           g_hash_table_lookup(overrides->texts, checker.path));
	}
	for (unsigned i = 0; i < paths->len; i++) {
		checker.path = paths->pdata[i];
		if (is_idle(&checker))
			complain(&checker, 0,
			         "no template has this name, and none uses it");
	}
}
