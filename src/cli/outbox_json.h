/* A row of the outbox as the contract's JSON (design section 6). */
#pragma once

#include <jansson.h>

#include "desk/record.h"

/* The keys of `outbox`; new reference. */
json_t *outbox_json(const OutboxRow *row);
