/* Who holds a row: "HOST/BOOT/POSITION:PID", and what can be known of him.
 *
 * POSITION is where his lines in the sent log begin.  BOOT tells one run of the
 * machine's kernel from the next: while it lasts, a killed process has left all
 * its lines; after a power cut the last ones may never have reached the disk.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "outbound/sent_log.h"

/* Of this process; owned by the caller. */
char *holder_name(int64_t position);

/* A process of this machine that runs no more.  A process id that was given to
 * another program keeps the row until its lease ends. */
bool holder_is_dead(const char *owner);

/* 0 where it is not known. */
int64_t holder_position(const char *owner);

/* Whatever he did not begin is surely unsent; true in any doubt. */
bool holder_may_have_begun(const char *owner, const SentLog *log, int64_t id);
