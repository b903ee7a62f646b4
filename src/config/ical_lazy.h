/* libical, loaded for the first calendar file: a desk without one does not pay
 * for it at each delivery. */
#pragma once

#include <libical/ical.h>

#include <glib.h>

typedef struct IcalTable {
	icalcomponent *(*parse)(const char *text);
	void (*component_free)(icalcomponent *component);
	icalcomponent *(*first_component)(icalcomponent *component,
	                                  icalcomponent_kind kind);
	icalcomponent *(*next_component)(icalcomponent *component,
	                                 icalcomponent_kind kind);
	icalproperty *(*first_property)(icalcomponent *component,
	                                icalproperty_kind kind);
	icalproperty *(*next_property)(icalcomponent *component,
	                               icalproperty_kind kind);
	struct icaltimetype (*get_start)(icalcomponent *component);
	struct icaltimetype (*get_end)(icalcomponent *component);
	const char *(*get_summary)(icalcomponent *component);
	enum icalproperty_status (*get_status)(icalcomponent *component);
	struct icalrecurrencetype (*get_rrule)(const icalproperty *property);
	struct icaldatetimeperiodtype (*get_rdate)(
		const icalproperty *property);
	icalrecur_iterator *(*iterator_new)(struct icalrecurrencetype rule,
	                                    struct icaltimetype start);
	struct icaltimetype (*iterator_next)(icalrecur_iterator *iterator);
	void (*iterator_free)(icalrecur_iterator *iterator);
	int (*is_null_time)(const struct icaltimetype time);
	int (*is_excluded)(icalcomponent *component, struct icaltimetype *start,
	                   struct icaltimetype *date);
} IcalTable;

/* The same table each time, never freed; NULL: not on this machine. */
const IcalTable *ical_lazy(GError **error);
