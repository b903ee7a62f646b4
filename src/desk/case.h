/* One mail on the desk, while it is decided on: shared by the decide_*.c files
 * and by nobody else.
 *
 * Each function adds actions to the plan of the case.  Whatever is decided,
 * the plan ends with one settle action: those that add it say so. */
#pragma once

#include "desk/decide.h"

typedef struct Case {
	const Facts *facts;
	Decision *decision;
	Plan *plan;
} Case;

/* A null sender or a machine's mark: no automatic mail goes back (I4). */
bool facts_may_answer(const Facts *facts);

/* Not a person and not a list: it moves nothing. */
bool mail_is_machine(const Mail *mail);

/* ---- ends: each adds the settle action ---- */

void case_settle(Case *c, DeliveryState state, int64_t ticket, int64_t other,
                 const char *why);

/* Into the quarantine, for the eye of an agent; ticket 0: it named none. */
void case_quarantine(Case *c, int64_t ticket, const char *reason);

/* A machine's mail, or one of an archive: filed, and nothing else moves. */
void case_file_quietly(Case *c, int64_t ticket, const char *why);

/* A new ticket; follows: the one that it continues, or 0. */
void case_open_ticket(Case *c, int64_t follows, const char *why);

/* A participant wrote on his ticket. */
void case_comment(Case *c, const Candidate *candidate);

/* Did the requester order something of his ticket with one word ("solved")?
 * Then the case is decided. */
bool case_is_service(Case *c, const Candidate *candidate);

/* An agent wrote: his orders, his answer. */
void case_agent_wrote(Case *c, const Candidate *candidate);

/* An agent's address, but not enough proof: held, and told at the address on
 * record once a day. */
void case_refuse_agent(Case *c, const Candidate *candidate);

/* Somebody wrote who has no part in the ticket: not shown to the requester,
 * sent to nobody outside, until an agent admits it. */
void case_hold_stranger(Case *c);

/* A report on a mail that this desk did not send: counted, no more (L-13). */
void case_foreign_bounce(Case *c);

/* Is the mail a report on one of ours?  Then the case is decided. */
bool case_is_report(Case *c);

/* ---- the rules ---- */

/* Is the sender banned by an earlier ruling?  Then the mail is held. */
bool case_is_banned(Case *c);

/* Do the rules hold it, or ban its sender?  Then the case is decided. */
bool case_is_held_by_rule(Case *c);

/* Do the rules link it to a thing (link "key" ...)?  Then it is decided: the
 * thing's ticket is opened, updated or resolved. */
bool case_is_thing(Case *c);

/* The attributes that the rules give to the ticket; known is NULL while the
 * mail opens it. */
void case_obey(Case *c, int64_t ticket, const Ticket *known);

/* What the rules say of that kind, or fallback. */
const char *case_ruled(Case *c, RulingKind kind, const char *fallback);

/* ---- parts of a plan ---- */

/* The quarantine row alone, where another action settles. */
void case_hold(Case *c, int64_t ticket, const char *reason);

void case_set(Case *c, int64_t ticket, const char *field, const char *value,
              const char *why);

/* A requester's word opens what was pending or done. */
void case_move_on(Case *c, const Ticket *ticket);

typedef struct MessageForm {
	const char *direction;  /* "in", "out", "note" */
	const char *visibility; /* "public", "internal" */
	const char *proof;      /* "proven", "unproven" */
	const char *why;
} MessageForm;

/* The mail at hand as a message of the ticket; who wrote it is made known, and
 * what had come before its parent joins it. */
void case_add_message(Case *c, int64_t ticket, const MessageForm *form);
