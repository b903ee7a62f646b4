#include "config/hours.h"

#include <string.h>

#include "config/fill.h"
#include "config/holidays.h"

typedef struct Compiler {
	const FilledSection *section;
	OpeningHours *hours;
	Faults *faults;
} Compiler;

static void
complain(const Compiler *compiler, const char *key, const char *value,
         const char *why)
{
	faults_add(compiler->faults,
	           outline_place(compiler->section->outline, key),
	           "%s \"%s\": %s", key, value, why);
}

static char *
beside_file(const Compiler *compiler, const char *path)
{
	Place place = outline_place(compiler->section->outline, "holidays");
	g_autofree char *folder = g_path_get_dirname(place.file);

	return g_path_is_absolute(path) || strcmp(folder, ".") == 0
	               ? g_strdup(path)
	               : g_build_filename(folder, path, NULL);
}

static void
add_file(const Compiler *compiler, const char *name)
{
	g_autofree char *path = beside_file(compiler, name);
	g_autoptr(GError) error = NULL;

	if (!holidays_read(path, compiler->hours->calendar, &error))
		complain(compiler, "holidays", name, error->message);
}

static void
add_holiday(const Compiler *compiler, const char *text)
{
	const char *why = NULL;

	if (g_str_has_suffix(text, ".ics"))
		add_file(compiler, text);
	else if (!calendar_add_holiday(compiler->hours->calendar, text, &why))
		complain(compiler, "holidays", text, why);
}

static bool
is_file(const char *text)
{
	return g_str_has_suffix(text, ".ics");
}

/* The dates that stand in the section come before those of files, so that they
 * hold where both tell of a day. */
static void
add_holidays(const Compiler *compiler)
{
	const char *const *all = compiler->hours->holidays;

	for (const char *const *text = all; *text != NULL; text++)
		if (!is_file(*text))
			add_holiday(compiler, *text);
	for (const char *const *text = all; *text != NULL; text++)
		if (is_file(*text))
			add_holiday(compiler, *text);
}

static void
compile(const Compiler *compiler, const char *timezone)
{
	OpeningHours *hours = compiler->hours;
	const char *why = NULL;

	hours->calendar = calendar_new(timezone);
	if (hours->calendar == NULL) {
		/* the desk's own time zone has been looked at already */
		if (hours->timezone != NULL)
			complain(compiler, "timezone", timezone,
			         "no time zone (write one as America/Bogota)");
		return;
	}
	for (const char *const *text = hours->hours; *text != NULL; text++)
		if (!calendar_add_hours(hours->calendar, *text, &why))
			complain(compiler, "hours", *text, why);
	add_holidays(compiler);
}

void
hours_compile(const Desk *desk, const GArray *filled, Faults *faults)
{
	for (unsigned i = 0; i < filled->len; i++) {
		const FilledSection *section =
			&g_array_index(filled, FilledSection, i);
		if (strcmp(section->spec->name, "calendar") != 0)
			continue;
		Compiler compiler = { section, section->target, faults };
		const char *timezone = compiler.hours->timezone;
		compile(&compiler,
		        timezone == NULL ? desk->timezone : timezone);
	}
}
