/* The language of the rules: Sieve (RFC 5228) with the tests and actions of a
 * desk (postigo-sieve(7)).
 *
 * A Program is made once of a script and does not change; with any fault there
 * is no Program, and all faults are told.  Running it looks at values and gives
 * a Ruling: no file, no clock, no loop, time linear in the mail. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <glib.h>

#include "desk/desk.h"
#include "desk/facts.h"
#include "desk/mail.h"
#include "desk/ruling.h"
#include "desk/ticket.h"

#define SCRIPT_OCTETS_MAX   (1 << 20)
/* of one value of a variable; more is cut (RFC 5229 section 6 asks 4000) */
#define VARIABLE_OCTETS_MAX 4096
/* of the argument of an action after its variables are filled in */
#define RULING_OCTETS_MAX   65536
/* entries of one ruling; what comes behind is not done */
#define RULING_ENTRIES_MAX  500

typedef enum ScriptKind {
	SCRIPT_MAIL,  /* rules.sieve */
	SCRIPT_EVENT, /* events.sieve */
} ScriptKind;

typedef struct Program Program;

/* A script as it was read. */
typedef struct Script {
	const char *file; /* for complaints and rulings */
	const char *text;
	size_t length;
	ScriptKind kind;
	const Desk *desk; /* its names are checked; NULL: any name will do */
} Script;

/* NULL with faults, of which one char * each, "file:line:column: why", is
 * appended to out_faults.  script->file must outlive nothing. */
Program *sieve_load(const Script *script, GPtrArray *out_faults);
void program_free(Program *program);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Program, program_free)

/* What a program looks at; all but now may be NULL. */
typedef struct SieveInput {
	const Facts *facts; /* for mails */
	const Mail *mail;
	const char *envelope_sender;
	const char *const *envelope_recipients;
	const char *queue; /* its name, as long as no rule says another */
	const Ticket *ticket;
	const char *event; /* for events: "created" ... */
	int64_t now;
} SieveInput;

/* Never NULL; owned by the caller. */
Ruling *sieve_run(const Program *program, const SieveInput *input);

/* Lines of the branches (if, elsif, else) and of the actions outside of any,
 * ascending; of unsigned.  For telling which never fire; borrowed. */
const GArray *program_lines(const Program *program);
