/* The contract's JSON: one object a line, absent values null, times RFC 3339.
 * jansson does the work; these are the habits that it leaves to its users. */
#pragma once

#include <jansson.h>
#include <stdint.h>
#include <stdio.h>

#include <glib.h>

/* New reference; NULL becomes null. */
json_t *json_text(const char *text);

/* New reference; an array of the strings. */
json_t *json_texts(const GPtrArray *strings);

/* New reference; 0 becomes null. */
json_t *json_instant(int64_t at);

/* Prints object in one line, keys in the order they were set, and drops the
 * caller's reference. */
void json_print_line(FILE *out, json_t *object);
