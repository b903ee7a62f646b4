/* A ticket and its messages as the contract's JSON (design section 6). */
#pragma once

#include <jansson.h>
#include <stdbool.h>

#include "desk/record.h"
#include "desk/ticket.h"

#include "store/store.h"

/* The keys of `list`; new reference. */
json_t *ticket_json(const Ticket *ticket);

/* Puts due and breached into it as they are now. */
bool ticket_json_set_clocks(json_t *json, Store *store, const Ticket *ticket,
                            GError **error);

/* The keys of `show`: the same and messages, links, watchers, timers, events,
 * merged_into; NULL on error. */
json_t *ticket_json_whole(Store *store, const Ticket *ticket, GError **error);
