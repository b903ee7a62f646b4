/* What the templates get: templates/README lists it. */
#pragma once

#include "desk/template.h"

#include "clerk/apply.h"

typedef struct ValuesSource {
	const Desk *desk;
	Store *store;
	const Action *action;
	const ApplyEvent *event;
	const Queue *queue;
	const Ticket *ticket;
	const Message *message; /* or NULL */
	const Person *person;   /* the receiver */
	unsigned messages;      /* on the ticket */
	const char *marker;
	int64_t now;
	const char *reply_to; /* with his token: for one-click orders */
} ValuesSource;

/* Owned by the caller; NULL on error. */
TemplateValue *values_for_letter(const ValuesSource *source, GError **error);
