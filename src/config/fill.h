/* The values of an outline into a Desk: kinds, words, numbers, addresses. */
#pragma once

#include "desk/desk.h"

#include "config/faults.h"
#include "config/outline.h"
#include "config/schema.h"

/* A section that is what the schema says, and the struct it has filled. */
typedef struct FilledSection {
	const OutlineSection *outline;
	const OutlineSection *outer; /* that it stands in, or NULL */
	const SectionSpec *spec;
	void *target; /* Desk, Queue, Team, Agent, Smtp, Trust or Limits */
} FilledSection;

/* GArray of FilledSection, owned by the caller; what does not fit the schema is
 * told and left out. */
GArray *fill_desk(Desk *desk, const Outline *outline, Faults *faults);

/* "user@domain" that mail can be sent to; ASCII, no quoted local part. */
bool fill_is_address(const char *address);
bool fill_is_domain(const char *domain);
