#include "config/ical_lazy.h"

#include "base/lazy.h"

#define FUNCTION(function, field)                                      \
	{                                                              \
		.name = function, .offset = offsetof(IcalTable, field) \
	}

static const char *const sonames[] = { "libical.so.3", NULL };

static const LazyFunction functions[] = {
	FUNCTION("icalparser_parse_string", parse),
	FUNCTION("icalcomponent_free", component_free),
	FUNCTION("icalcomponent_get_first_component", first_component),
	FUNCTION("icalcomponent_get_next_component", next_component),
	FUNCTION("icalcomponent_get_first_property", first_property),
	FUNCTION("icalcomponent_get_next_property", next_property),
	FUNCTION("icalcomponent_get_dtstart", get_start),
	FUNCTION("icalcomponent_get_dtend", get_end),
	FUNCTION("icalcomponent_get_summary", get_summary),
	FUNCTION("icalcomponent_get_status", get_status),
	FUNCTION("icalproperty_get_rrule", get_rrule),
	FUNCTION("icalproperty_get_rdate", get_rdate),
	FUNCTION("icalrecur_iterator_new", iterator_new),
	FUNCTION("icalrecur_iterator_next", iterator_next),
	FUNCTION("icalrecur_iterator_free", iterator_free),
	FUNCTION("icaltime_is_null_time", is_null_time),
	FUNCTION("icalproperty_recurrence_is_excluded", is_excluded),
	{ NULL, 0 },
};

const IcalTable *
ical_lazy(GError **error)
{
	static IcalTable table;
	static bool is_filled;

	if (!is_filled && !lazy_load(sonames, functions, &table, error))
		return NULL;
	is_filled = true;
	return &table;
}
