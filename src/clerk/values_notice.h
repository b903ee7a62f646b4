/* Promises in danger, as the templates escalation and escalations get them. */
#pragma once

#include "clerk/values.h"

/* Sets items and more, where the letter is of that purpose. */
bool values_set_notices(TemplateValue *values, const ValuesSource *source,
                        GError **error);
