/* format=flowed (RFC 3676): soft line ends closed, stuffing taken out. */
#pragma once

#include <stdbool.h>

/* text is clean; delsp drops the blank of each soft line end.  Quoted lines
 * keep their ">" and are joined within one depth.  Owned by the caller. */
char *flowed_to_text(const char *text, bool delsp);
