#include "config/faults.h"

#include <string.h>

typedef struct Fault {
	Place place;
	unsigned order; /* of the file: as it was first seen */
	char *why;
} Fault;

struct Faults {
	GArray *list;  /* of Fault */
	GArray *files; /* of const char *, in the order they came up */
	unsigned count;
};

static void
clear_fault(gpointer fault)
{
	g_free(((Fault *)fault)->why);
}

Faults *
faults_new(void)
{
	Faults *faults = g_new0(Faults, 1);

	faults->list = g_array_new(FALSE, FALSE, sizeof(Fault));
	g_array_set_clear_func(faults->list, clear_fault);
	faults->files = g_array_new(FALSE, FALSE, sizeof(const char *));
	return faults;
}

void
faults_free(Faults *faults)
{
	if (faults == NULL)
		return;
	g_array_unref(faults->list);
	g_array_unref(faults->files);
	g_free(faults);
}

static unsigned
order_of(Faults *faults, const char *file)
{
	for (unsigned i = 0; i < faults->files->len; i++)
		if (strcmp(g_array_index(faults->files, const char *, i),
		           file) == 0)
			return i;
	g_array_append_val(faults->files, file);
	return faults->files->len - 1;
}

void
faults_add(Faults *faults, Place place, const char *format, ...)
{
	va_list args;

	if (++faults->count > FAULTS_MAX)
		return;
	va_start(args, format);
	Fault fault = { .place = place,
		        .order = order_of(faults, place.file),
		        .why = g_strdup_vprintf(format, args) };
	va_end(args);
	g_array_append_val(faults->list, fault);
}

unsigned
faults_count(const Faults *faults)
{
	return faults->count;
}

static int
compare(gconstpointer a, gconstpointer b)
{
	const Fault *left = a;
	const Fault *right = b;

	if (left->order != right->order)
		return left->order < right->order ? -1 : 1;
	if (left->place.line != right->place.line)
		return left->place.line < right->place.line ? -1 : 1;
	return 0;
}

void
faults_tell(Faults *faults, GPtrArray *out)
{
	g_array_sort(faults->list, compare);
	for (unsigned i = 0; i < faults->list->len; i++) {
		const Fault *fault = &g_array_index(faults->list, Fault, i);
		g_ptr_array_add(out,
		                fault->place.line == 0
		                        ? g_strdup_printf("%s: %s",
		                                          fault->place.file,
		                                          fault->why)
		                        : g_strdup_printf("%s:%u: %s",
		                                          fault->place.file,
		                                          fault->place.line,
		                                          fault->why));
	}
	if (faults->count > FAULTS_MAX)
		g_ptr_array_add(out,
		                g_strdup_printf("... and %u more faults",
		                                faults->count - FAULTS_MAX));
}
