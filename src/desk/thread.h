/* Which ticket does a mail belong to?  The witnesses are heard in the order of
 * design section 9; the first that holds decides, each says why, and one that
 * points elsewhere is flagged. */
#pragma once

#include <stdbool.h>

#include "desk/facts.h"

typedef enum ThreadOutcome {
	THREAD_NEW,      /* no witness holds */
	THREAD_TICKET,   /* it belongs to that ticket */
	THREAD_STRANGER, /* it names that ticket, but its writer has no part in
	                    it */
} ThreadOutcome;

typedef struct Thread {
	ThreadOutcome outcome;
	const Witness *by;          /* that decided; NULL for THREAD_NEW */
	const Candidate *candidate; /* NULL for THREAD_NEW */
	bool has_token;       /* a carrier given to the sender himself (E2) */
	bool is_contradicted; /* another witness names another ticket */
	GPtrArray *heard;     /* of char *: each witness and what came of it */
} Thread;

Thread *thread_find(const Facts *facts);
void thread_free(Thread *thread);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Thread, thread_free)

/* What a Thread-Index (Outlook) says of the conversation, in hexadecimal; owned
 * by the caller, NULL if the mail has none. */
char *thread_conversation(const Mail *mail);
