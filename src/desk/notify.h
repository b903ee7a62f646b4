/* Who hears of what, by which template: adds the send actions to a plan.
 *
 * The actor is never told of his own act, and who was in To or Cc of the mail
 * already gets no second copy (design section 17). */
#pragma once

#include <stdint.h>

#include <glib.h>

#include "desk/desk.h"
#include "desk/facts.h"
#include "desk/plan.h"

/* The ticket that a mail is about, as it will be after the plan. */
typedef struct About {
	int64_t ticket;
	const char *subject;
	const char *queue;
	const char *team;
	const char *owner;    /* agent id, NULL or "": nobody */
	const char *language; /* of the requester */
} About;

/* As the ticket is now; borrows from it. */
About about_of(const Ticket *ticket);

/* What is sent, and why. */
typedef struct Cause {
	const char *purpose;  /* "notify", "reply" ... (design section 6) */
	const char *template; /* file of templates/LANGUAGE */
	const char *actor;    /* address that needs not be told; NULL: none */
	const char *in_reply_to; /* Message-ID that it answers, or NULL */
	const char *detail; /* for the template's "evidence" or "failure" */
	const char *why;
} Cause;

/* The owner, or the members of the team while nobody owns it. */
void notify_agents(Plan *plan, const Desk *desk, const About *about,
                   const Cause *cause);
void notify_agent(Plan *plan, const Desk *desk, const About *about,
                  const Agent *agent, const Cause *cause);

/* Requester and watchers, but for those that told (may be NULL) has been
 * addressed to, and those whose address is one of ours. */
void notify_participants(Plan *plan, const Desk *desk, const About *about,
                         const GPtrArray *participants, const Mail *told,
                         const Cause *cause);

/* Somebody who need not take part in the ticket. */
typedef struct Receiver {
	const char *address;
	const char *name;
	const char *language; /* NULL: the ticket's, the queue's, the desk's */
	const char *scope;    /* of his reply token: "agent", "comment" */
} Receiver;

void notify_receiver(Plan *plan, const Desk *desk, const About *about,
                     const Receiver *receiver, const Cause *cause);
