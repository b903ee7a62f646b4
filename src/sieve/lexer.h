/* A script as words, strings, numbers and marks, each with its place
 * (RFC 5228 section 8.1). */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <glib.h>

#include "sieve/complaint.h"

typedef enum LexemeKind {
	LEXEME_END,
	LEXEME_WORD,   /* if, header ...: in lower case */
	LEXEME_TAG,    /* :contains: in lower case, without the colon */
	LEXEME_NUMBER, /* 100K: as octets */
	LEXEME_STRING, /* quoted or text: ... */
	LEXEME_MARK,   /* one of ; , ( ) [ ] { } */
} LexemeKind;

typedef struct Lexeme {
	LexemeKind kind;
	ScriptPlace place;
	char mark;        /* of LEXEME_MARK */
	const char *text; /* of words, tags and strings; lives as the lexer */
	uint64_t number;  /* of LEXEME_NUMBER */
} Lexeme;

typedef struct Lexer {
	const char *at;
	const char *end;
	ScriptPlace place;
	GStringChunk *strings; /* borrowed */
	Complaints *complaints;
} Lexer;

/* text is valid UTF-8 without NUL; all borrowed. */
Lexer lexer_new(const char *text, size_t length, GStringChunk *strings,
                Complaints *complaints);

/* The next one; what is none is told and passed over. */
Lexeme lexer_next(Lexer *lexer);

/* "the end of the file", "\"{\"" ...: for complaints; owned by the caller. */
char *lexeme_name(const Lexeme *lexeme);
