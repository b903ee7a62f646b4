/* The signs by which machines' mail is known, as data.
 *
 * Phrases are lower case (all letters), blanks folded to one.  Each row says
 * where it was seen. */
#pragma once

#include <stddef.h>

#include "desk/mail.h"

typedef enum SignalTest {
	SIGNAL_PRESENT, /* whatever the value */
	SIGNAL_TRUE,    /* neither empty nor no, false, none, 0 */
	SIGNAL_EQUALS,  /* ASCII case does not matter */
	SIGNAL_HOLDS,
} SignalTest;

/* How much a sign says of the class; the strongest one decides. */
typedef enum SignalWeight {
	WEIGHT_NONE, /* of the class nothing: it forbids an answer */
	WEIGHT_WEAK, /* bulk */
	WEIGHT_LIST,
	WEIGHT_STRONG, /* the sender's software says so */
} SignalWeight;

/* A field that forbids an automatic answer. */
typedef struct HeaderSignal {
	const char *field;
	SignalTest test;
	const char *value; /* NULL where the test needs none */
	MailClass class;
	SignalWeight weight;
} HeaderSignal;

extern const HeaderSignal classify_headers[];
extern const size_t classify_headers_count;

/* Where a local part must have its mark. */
typedef enum NamePlace { NAME_WHOLE, NAME_BEGINS, NAME_ENDS } NamePlace;

typedef struct NameSignal {
	const char *name;
	NamePlace place;
} NameSignal;

/* Local parts in From that nobody reads. */
extern const NameSignal classify_names[];
extern const size_t classify_names_count;
/* Local parts in the return path that RFC 3834 section 2 bars. */
extern const NameSignal classify_paths[];
extern const size_t classify_paths_count;

/* What a phrase says.  Away and received are what people write as well: they
 * count where subject and text say the same. */
typedef enum WordSense {
	WORD_ANSWER,   /* I am an automatic answer */
	WORD_AWAY,     /* out of the office */
	WORD_RECEIVED, /* your mail has arrived, a ticket was opened */
	WORD_ROBOT,    /* do not answer me */
} WordSense;

typedef struct WordSignal {
	const char *phrase;
	const char *language;
	WordSense sense;
} WordSignal;

extern const WordSignal classify_subjects[];
extern const size_t classify_subjects_count;
extern const WordSignal classify_texts[];
extern const size_t classify_texts_count;

typedef struct Phrase {
	const char *phrase;
	const char *source;
} Phrase;

/* Beginnings of subjects that monitoring and jobs write. */
extern const Phrase classify_monitors[];
extern const size_t classify_monitors_count;
/* Sentences of systems that ask a sender to prove that he is one. */
extern const Phrase classify_challenges[];
extern const size_t classify_challenges_count;
/* Beginnings of subjects, and sentences, of read receipts sent as text. */
extern const Phrase classify_receipts[];
extern const size_t classify_receipts_count;
extern const Phrase classify_receipt_texts[];
extern const size_t classify_receipt_texts_count;
