/* Subjects: the tag that names a ticket, the prefixes that say "answer". */
#pragma once

#include <stdbool.h>
#include <stdint.h>

/* The ticket of the first "[TAG#123]" with one of the tags ("" gives "[#123]");
 * blanks around the parts allowed, ASCII case ignored.  0: none. */
int64_t subject_ticket(const char *subject, const char *const *tags);

/* Without reply and forward prefixes of many tongues ("Re:", "RE[2]:", "AW:",
 * "RV:", "回复：") and without tags of ours; owned by the caller. */
char *subject_bare(const char *subject, const char *const *tags);

/* Has it a reply prefix? */
bool subject_is_reply(const char *subject);

/* "Re: [#12] printer": the subject of a mail about that ticket; owned by the
 * caller.  tag is the current one, "" for the plain form. */
char *subject_tagged(const char *subject, const char *const *tags,
                     int64_t ticket, bool is_answer);
