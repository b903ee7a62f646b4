/* A Mail as the contract's JSON (design section 6, "parse"). */
#pragma once

#include <jansson.h>

#include "desk/mail.h"

/* New references. */
json_t *mail_to_json(const char *file, const Mail *mail);

/* Only what a body without a mail has: file, text, reply, signature,
 * forwarded. */
json_t *mail_body_to_json(const char *file, const Mail *mail);
