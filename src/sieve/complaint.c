#include "sieve/complaint.h"

typedef struct Complaint {
	ScriptPlace place;
	unsigned order; /* as it was told: for two at one place */
	char *why;
} Complaint;

static void
clear(gpointer complaint)
{
	g_free(((Complaint *)complaint)->why);
}

Complaints *
complaints_new(void)
{
	Complaints *complaints = g_new0(Complaints, 1);

	complaints->list = g_array_new(FALSE, FALSE, sizeof(Complaint));
	g_array_set_clear_func(complaints->list, clear);
	return complaints;
}

void
complaints_free(Complaints *complaints)
{
	if (complaints == NULL)
		return;
	g_array_unref(complaints->list);
	g_free(complaints);
}

void
complain_at(Complaints *complaints, ScriptPlace place, const char *format, ...)
{
	va_list args;

	if (complaints->list->len >= COMPLAINTS_MAX)
		return;
	va_start(args, format);
	Complaint complaint = { place, complaints->list->len,
		                g_strdup_vprintf(format, args) };
	va_end(args);
	g_array_append_val(complaints->list, complaint);
}

static int
compare(gconstpointer a, gconstpointer b)
{
	const Complaint *left = a;
	const Complaint *right = b;

	if (left->place.line != right->place.line)
		return left->place.line < right->place.line ? -1 : 1;
	if (left->place.column != right->place.column)
		return left->place.column < right->place.column ? -1 : 1;
	return left->order < right->order ? -1 : left->order > right->order;
}

void
complaints_tell(const Complaints *complaints, const char *file, GPtrArray *out)
{
	g_array_sort(complaints->list, compare);
	for (unsigned i = 0; i < complaints->list->len; i++) {
		const Complaint *complaint =
			&g_array_index(complaints->list, Complaint, i);

		g_ptr_array_add(out, g_strdup_printf("%s:%u:%u: %s", file,
		                                     complaint->place.line,
		                                     complaint->place.column,
		                                     complaint->why));
	}
}
