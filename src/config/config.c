#include "config/config.h"

#include <string.h>

#include "base/error.h"

#include "config/check.h"
#include "config/check_clock.h"
#include "config/fill.h"
#include "config/hours.h"

static const char *
beside(Desk *desk, const char *config_path, const char *name)
{
	g_autofree char *folder = g_path_get_dirname(config_path);
	g_autofree char *path = strcmp(folder, ".") == 0
	                                ? g_strdup(name)
	                                : g_build_filename(folder, name, NULL);

	return desk_keep(desk, path);
}

static Desk *
desk_with_defaults(const char *path)
{
	static const char *const plain_tag[] = { "", NULL };
	Desk *desk = desk_new();

	desk->language = "en";
	desk->timezone = "UTC";
	desk->database = beside(desk, path, "postigo.db");
	desk->key = beside(desk, path, "postigo.key");
	desk->subject_tags = desk_keep_list(desk, plain_tag);
	desk->smtp.tls = "required";
	return desk;
}

/* Message-IDs are of the domain that the desk's address is of. */
static void
default_domain(Desk *desk)
{
	const char *domain = desk->domain;

	if (domain == NULL && desk->address != NULL)
		domain = strrchr(desk->address, '@') + 1;
	if (domain == NULL)
		return;
	g_autofree char *lower = g_ascii_strdown(domain, -1);
	desk->domain = desk_keep(desk, lower);
}

Desk *
config_load(const char *path, GPtrArray *out_faults)
{
	g_autoptr(Faults) faults = faults_new();
	g_autoptr(Desk) desk = desk_with_defaults(path);
	g_autoptr(Outline) outline = outline_read(path, faults);

	bool is_whole = faults_count(faults) == 0;
	g_autoptr(GArray) filled = fill_desk(desk, outline, faults);
	default_domain(desk);
	if (is_whole)
		check_desk(desk, filled, faults);
	hours_compile(desk, filled, faults);
	if (is_whole)
		check_clock(filled, faults);
	faults_tell(faults, out_faults);
	return faults_count(faults) == 0 ? g_steal_pointer(&desk) : NULL;
}

Desk *
config_load_or_error(const char *path, GError **error)
{
	g_autoptr(GPtrArray) faults = g_ptr_array_new_with_free_func(g_free);
	Desk *desk = config_load(path, faults);

	if (desk != NULL)
		return desk;
	g_ptr_array_add(faults, NULL);
	g_autofree char *all = g_strjoinv("\n", (char **)faults->pdata);
	error_set(error, ERROR_CONFIG, "%s", all);
	return NULL;
}
