/* What mailers say in delivery reports, as data.
 *
 * All phrases are lower case ASCII (other letters as they are written), blanks
 * folded to one, and are looked for anywhere in text folded the same way. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "desk/mail.h"

/* Where the addresses stand that a phrase announces. */
typedef enum ProsePlace {
	PROSE_BELOW,  /* each at the head of a line further down */
	PROSE_LOOSE,  /* the same, or anywhere in the next line: "Ana (a@b)" */
	PROSE_NAMES,  /* the same, or bare local parts of the sender's domain */
	PROSE_NEXT,   /* the next word or two after the phrase */
	PROSE_BEFORE, /* in the line of the phrase, before it */
	PROSE_NOWHERE,
} ProsePlace;

typedef struct ProsePhrase {
	const char *phrase;
	ProsePlace place;
	ReportAction action;
	const char *mailer; /* who writes so */
} ProsePhrase;

extern const ProsePhrase report_phrases[];
extern const size_t report_phrases_count;

/* The same, but said by people as well: alone they make no report of a mail
 * that no mailer sent. */
extern const ProsePhrase report_plain_phrases[];
extern const size_t report_plain_phrases_count;

/* Used only where the phrases above found nobody. */
extern const ProsePhrase report_last_phrases[];
extern const size_t report_last_phrases_count;

/* A line that holds one of these begins the returned mail. */
extern const char *const report_stops[];
extern const size_t report_stops_count;

/* What may stand before an address at the head of a line. */
extern const char *const report_labels[];
extern const size_t report_labels_count;

typedef struct ReportSubject {
	const char *phrase;
	ReportAction action;
} ReportSubject;

extern const ReportSubject report_subjects[];
extern const size_t report_subjects_count;

/* Local parts and parts of display names that deliver mail. */
extern const char *const report_daemons[];
extern const size_t report_daemons_count;
extern const char *const report_daemon_names[];
extern const size_t report_daemon_names_count;

typedef struct ReasonPhrase {
	const char *phrase;
	const char *reason;
} ReasonPhrase;

extern const ReasonPhrase report_reasons[];
extern const size_t report_reasons_count;

/* status without its first digit: ".1.1" */
extern const ReasonPhrase report_status_reasons[];
extern const size_t report_status_reasons_count;

/* Words that say "later" whatever the code says. */
extern const char *const report_temporary[];
extern const size_t report_temporary_count;
