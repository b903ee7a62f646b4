/* The functions behind the tables of words.c. */
#pragma once

#include "sieve/program.h"

/* values.c: what a mail, a ticket, a sender has under a name */
void fetch_header(Run *run, const Node *node, const char *name, GPtrArray *out);
void fetch_address(Run *run, const Node *node, const char *name,
                   GPtrArray *out);
void fetch_envelope(Run *run, const Node *node, const char *name,
                    GPtrArray *out);
void fetch_body(Run *run, const Node *node, const char *name, GPtrArray *out);
void fetch_string(Run *run, const Node *node, const char *name, GPtrArray *out);
void fetch_date(Run *run, const Node *node, const char *name, GPtrArray *out);
void fetch_current_date(Run *run, const Node *node, const char *name,
                        GPtrArray *out);
void fetch_environment(Run *run, const Node *node, const char *name,
                       GPtrArray *out);

/* desk_values.c */
void fetch_ticket(Run *run, const Node *node, const char *name, GPtrArray *out);
void fetch_fact(Run *run, const Node *node, const char *name, GPtrArray *out);
void fetch_class(Run *run, const Node *node, const char *name, GPtrArray *out);
void fetch_sender(Run *run, const Node *node, const char *name, GPtrArray *out);
void fetch_event(Run *run, const Node *node, const char *name, GPtrArray *out);

/* tests.c */
bool holds_true(Run *run, const Node *node);
bool holds_false(Run *run, const Node *node);
bool holds_not(Run *run, const Node *node);
bool holds_any(Run *run, const Node *node);
bool holds_all(Run *run, const Node *node);
bool holds_exists(Run *run, const Node *node);
bool holds_size(Run *run, const Node *node);

/* run.c */
void act_set(Run *run, const Node *node);
