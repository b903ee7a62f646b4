/* Short thanks, which never reopen a ticket (design section 9). */
#pragma once

#include <stdbool.h>

/* Nothing but a few words of thanks, in the usual languages, or a thumb; a
 * question mark or any word of another kind makes it not thanks. */
bool thanks_only(const char *reply);
